-- The state of the relay. Columns hold BIGINT, TEXT or BLOB only; see src/store/record.rs.
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE office (
    number TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    service_kinds TEXT NOT NULL
);
CREATE TABLE account (
    kj_id TEXT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL UNIQUE REFERENCES office (number),
    password_hash TEXT,
    known_password TEXT,
    password_since BIGINT NOT NULL,
    password_expires_at BIGINT,
    failures BIGINT NOT NULL,
    locked_until BIGINT,
    c_id TEXT NOT NULL UNIQUE,
    c_password TEXT NOT NULL,
    c_failures BIGINT NOT NULL,
    c_locked_until BIGINT,
    certificate_password TEXT NOT NULL,
    mail_notice TEXT,
    mail_security TEXT
);
CREATE TABLE mail_code (
    kj_id TEXT NOT NULL REFERENCES account (kj_id),
    purpose TEXT NOT NULL,
    address TEXT NOT NULL,
    code TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (kj_id, purpose)
);
CREATE TABLE mail (
    id TEXT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL REFERENCES office (number),
    address TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    sent_at BIGINT NOT NULL
);
CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    office TEXT NOT NULL REFERENCES office (number),
    user_id TEXT NOT NULL,
    fingerprint TEXT,
    expires_at BIGINT NOT NULL,
    refresh_id TEXT UNIQUE,
    ends_at BIGINT NOT NULL
);
CREATE INDEX session_user ON session (user_id);
CREATE TABLE certificate (
    id TEXT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL REFERENCES office (number),
    kj_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    applied_at BIGINT NOT NULL,
    starts_at BIGINT,
    issued_at BIGINT,
    serial TEXT UNIQUE,
    fingerprint TEXT,
    not_before BIGINT,
    not_after BIGINT,
    file_name TEXT,
    p12_sha256 TEXT,
    withdrawn_at BIGINT,
    revoked_at BIGINT,
    wrong TEXT
);
CREATE INDEX certificate_office ON certificate (office, applied_at);
-- One application of an office at a time.
CREATE UNIQUE INDEX certificate_pending ON certificate (office) WHERE issued_at IS NULL;
CREATE TABLE licence (
    id TEXT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL REFERENCES office (number),
    kj_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    applied_at BIGINT NOT NULL,
    auto_renewal BIGINT,
    form TEXT NOT NULL
);
CREATE TABLE term (
    id TEXT NOT NULL PRIMARY KEY,
    licence TEXT NOT NULL REFERENCES licence (id),
    office TEXT NOT NULL REFERENCES office (number),
    kind TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    fee_yen BIGINT NOT NULL,
    charged_on TEXT,
    UNIQUE (office, first_day)
);
CREATE TABLE notice (
    id TEXT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL REFERENCES office (number),
    category TEXT NOT NULL,
    title TEXT NOT NULL,
    title_en TEXT NOT NULL,
    body TEXT NOT NULL,
    body_en TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE INDEX notice_office ON notice (office, published_at);
CREATE TABLE blob (
    sha256 TEXT NOT NULL PRIMARY KEY,
    bytes BLOB NOT NULL
);
CREATE TABLE message (
    id TEXT NOT NULL PRIMARY KEY,
    sender TEXT NOT NULL REFERENCES office (number),
    sender_name TEXT NOT NULL,
    sender_kind TEXT,
    receiver TEXT NOT NULL REFERENCES office (number),
    receiver_name TEXT NOT NULL,
    receiver_kinds TEXT NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    units TEXT NOT NULL,
    files TEXT NOT NULL,
    file_count BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    has_text BIGINT NOT NULL,
    archive_sha256 TEXT NOT NULL REFERENCES blob (sha256),
    archive_bytes BIGINT NOT NULL,
    search TEXT NOT NULL,
    claimed_at BIGINT,
    download_id TEXT UNIQUE,
    download_until BIGINT,
    confirmed_at BIGINT,
    UNIQUE (sender, key)
);
CREATE INDEX message_inbox ON message (receiver, sent_at, id);
CREATE INDEX message_outbox ON message (sender, sent_at, id);
CREATE TABLE due (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL
);
CREATE INDEX due_at ON due (at, id);
