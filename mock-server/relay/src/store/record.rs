//! The rows the state is made of, and how each column is kept: numbers, texts, nothing else.
//!
//! Times are milliseconds since 1970, dates `YYYY-MM-DD`, flags 0 and 1, bytes live in a table of
//! their own under their SHA-256. A saved state holds the same rows as JSON.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::secret::Secret;

/// What a column holds; nothing stands for NULL.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cell {
    /// A number, a time or a flag.
    Number(Option<i64>),
    /// A text or a date.
    Text(Option<String>),
}

/// Whether a column holds numbers or texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// [`Cell::Number`].
    Number,
    /// [`Cell::Text`].
    Text,
}

/// A type that fits a column.
pub trait Column: Sized {
    /// What the column holds.
    const KIND: CellKind;
    /// The value as it is kept.
    fn cell(&self) -> Cell;
    /// The value that was kept; `None` where it cannot be.
    fn from_cell(cell: Cell) -> Option<Self>;
}

/// A row of a table.
pub trait TableRow: Serialize + DeserializeOwned + Send + Sync + Unpin + Sized + 'static {
    /// The table.
    const TABLE: &'static str;
    /// Its columns, in the order of the cells, the key first.
    const COLUMNS: &'static [(&'static str, CellKind)];
    /// How many of them are the key.
    const KEY: usize;
    /// The row as cells.
    fn cells(&self) -> Vec<Cell>;
    /// The row of these cells.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    fn from_cells(cells: Vec<Cell>) -> Result<Self, StoreError>;
}

macro_rules! column {
    ($type:ty, $kind:ident, $to:expr, $from:expr) => {
        impl Column for $type {
            const KIND: CellKind = CellKind::$kind;

            fn cell(&self) -> Cell {
                let to: fn(&$type) -> _ = $to;
                Cell::$kind(Some(to(self)))
            }

            fn from_cell(cell: Cell) -> Option<Self> {
                let Cell::$kind(Some(value)) = cell else { return None };
                let from: fn(_) -> Option<$type> = $from;
                from(value)
            }
        }

        impl Column for Option<$type> {
            const KIND: CellKind = CellKind::$kind;

            fn cell(&self) -> Cell {
                match self {
                    Some(value) => value.cell(),
                    None => Cell::$kind(None),
                }
            }

            fn from_cell(cell: Cell) -> Option<Self> {
                match cell {
                    Cell::$kind(None) => Some(None),
                    some => <$type>::from_cell(some).map(Some),
                }
            }
        }
    };
}

column!(String, Text, |text| text.clone(), Some);
column!(Secret, Text, |secret| secret.reveal().to_owned(), |text: String| Some(text.into()));
column!(Date, Text, |date| date.to_string(), |text: String| text.parse().ok());
column!(Timestamp, Number, |at| at.as_millisecond(), |ms| Timestamp::from_millisecond(ms).ok());
column!(bool, Number, |flag| i64::from(*flag), |number| Some(number != 0));
column!(u32, Number, |number| i64::from(*number), |number: i64| number.try_into().ok());
column!(u64, Number, |number| i64::try_from(*number).unwrap_or(i64::MAX), |number: i64| {
    number.try_into().ok()
});

macro_rules! key_columns {
    () => {
        1
    };
    ($count:literal) => {
        $count
    };
}

macro_rules! records {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident $table:literal $(by $key:literal)? {
            $($(#[doc = $field_doc:literal])* $field:ident: $type:ty,)*
        }
    )*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[doc = $field_doc])* pub $field: $type,)*
        }

        impl TableRow for $name {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [(&'static str, CellKind)] =
                &[$((stringify!($field), <$type as Column>::KIND),)*];
            const KEY: usize = key_columns!($($key)?);

            fn cells(&self) -> Vec<Cell> {
                vec![$(self.$field.cell(),)*]
            }

            fn from_cells(cells: Vec<Cell>) -> Result<Self, StoreError> {
                let mut cells = cells.into_iter();
                Ok(Self {
                    $($field: cells.next().and_then(<$type as Column>::from_cell).ok_or(
                        StoreError::Corrupt { table: $table, column: stringify!($field) },
                    )?,)*
                })
            }
        }
    )*};
}

records! {
    /// A setting of the whole mock.
    SettingRecord "setting" {
        /// Name.
        name: String,
        /// Value; keys of the authority are among them.
        value: Secret,
    }

    /// An office of the directory.
    OfficeRecord "office" {
        /// Office number.
        number: String,
        /// Name.
        name: String,
        /// Service kinds, separated by blanks, the main one first.
        service_kinds: String,
    }

    /// The IDs of an office.
    AccountRecord "account" {
        /// KJ ID.
        kj_id: String,
        /// Office number.
        office: String,
        /// The password a user chose, hashed; none while it is the temporary one.
        password_hash: Option<Secret>,
        /// The temporary password, or the documented one of a demo account.
        known_password: Option<Secret>,
        /// When the password was issued or chosen.
        password_since: Timestamp,
        /// When it expires.
        password_expires_at: Option<Timestamp>,
        /// Failed logins in a row.
        failures: u32,
        /// Until when the KJ ID is locked.
        locked_until: Option<Timestamp>,
        /// c-ID.
        c_id: String,
        /// Its password.
        c_password: Secret,
        /// Failed logins in a row.
        c_failures: u32,
        /// Until when the c-ID is locked.
        c_locked_until: Option<Timestamp>,
        /// 証明書発行用パスワード.
        certificate_password: Secret,
        /// Confirmed address for お知らせ.
        mail_notice: Option<String>,
        /// Confirmed address for セキュリティ.
        mail_security: Option<String>,
        /// Whether mails that may wait are held over night.
        night_hold: Option<bool>,
    }

    /// A code that was mailed.
    MailCodeRecord "mail_code" by 2 {
        /// KJ ID.
        kj_id: String,
        /// `notice` or `security`.
        purpose: String,
        /// The address it went to.
        address: String,
        /// Four digits.
        code: Secret,
        /// When it ends.
        expires_at: Timestamp,
        /// Tries so far.
        tries: u32,
    }

    /// A mail.
    MailRecord "mail" {
        /// Identifier.
        id: String,
        /// Office number.
        office: String,
        /// Address.
        address: String,
        /// Subject.
        subject: String,
        /// Body.
        body: Secret,
        /// When it was sent.
        sent_at: Timestamp,
    }

    /// A login.
    SessionRecord "session" {
        /// SHA-256 of the token, hex.
        id: String,
        /// `terminal`, `office`, `portal`, or `rotated` where the refresh token was used.
        kind: String,
        /// Office number.
        office: String,
        /// KJ ID; c-ID for `terminal`.
        user_id: String,
        /// SHA-256 of the certificate, hex; only for `office`.
        fingerprint: Option<String>,
        /// When the token ends.
        expires_at: Timestamp,
        /// SHA-256 of the refresh token, hex.
        refresh_id: Option<String>,
        /// When the whole login ends.
        ends_at: Timestamp,
        /// The identifier of the first of those that came from one another by refreshing; none
        /// where nothing was refreshed yet.
        family: Option<String>,
        /// How often the family was refreshed until this one.
        generation: Option<u32>,
    }

    /// A certificate, from application to its end.
    CertificateRecord "certificate" {
        /// Identifier.
        id: String,
        /// Office number.
        office: String,
        /// KJ ID that applied.
        kj_id: String,
        /// CN of the subject.
        kind: String,
        /// When it was applied for.
        applied_at: Timestamp,
        /// When its validity shall begin, for a renewal.
        starts_at: Option<Timestamp>,
        /// When it was issued.
        issued_at: Option<Timestamp>,
        /// Serial number, in decimal.
        serial: Option<String>,
        /// SHA-256 of the certificate, hex.
        fingerprint: Option<String>,
        /// Start of validity.
        not_before: Option<Timestamp>,
        /// End of validity.
        not_after: Option<Timestamp>,
        /// Name of the .p12.
        file_name: Option<String>,
        /// SHA-256 of the .p12, hex.
        p12_sha256: Option<String>,
        /// When the .p12 was withdrawn.
        withdrawn_at: Option<Timestamp>,
        /// When it was revoked.
        revoked_at: Option<Timestamp>,
        /// Made by the operator: `none` for a good one, else what is wrong with it on purpose, an
        /// entry of the catalogue.
        wrong: Option<String>,
    }

    /// An application for a licence or a free pass.
    LicenceRecord "licence" {
        /// Identifier.
        id: String,
        /// Office number.
        office: String,
        /// KJ ID that applied.
        kj_id: String,
        /// `licence` or `free-pass`.
        kind: String,
        /// When.
        applied_at: Timestamp,
        /// Whether it renews by itself; none where it is renewed by hand.
        auto_renewal: Option<bool>,
        /// The form, JSON.
        form: String,
    }

    /// A term of a licence.
    TermRecord "term" {
        /// Identifier.
        id: String,
        /// The licence.
        licence: String,
        /// Office number.
        office: String,
        /// `licence` or `free-pass`.
        kind: String,
        /// First day.
        first_day: Date,
        /// Last day.
        last_day: Date,
        /// What it costs.
        fee_yen: u32,
        /// Day of the charge.
        charged_on: Option<Date>,
    }

    /// A notice to an office.
    NoticeRecord "notice" {
        /// Identifier.
        id: String,
        /// Office number.
        office: String,
        /// Category.
        category: String,
        /// 件名.
        title: String,
        /// English.
        title_en: String,
        /// Body.
        body: String,
        /// English.
        body_en: String,
        /// When it was published.
        published_at: Timestamp,
        /// When it was opened.
        read_at: Option<Timestamp>,
    }

    /// A message.
    MessageRecord "message" {
        /// Identifier; later ones sort behind earlier ones.
        id: String,
        /// Office number of the sender.
        sender: String,
        /// Its name at the time.
        sender_name: String,
        /// Its service kind in the file names.
        sender_kind: Option<String>,
        /// Office number of the receiver.
        receiver: String,
        /// Its name at the time.
        receiver_name: String,
        /// Its service kinds in the file names, separated by blanks.
        receiver_kinds: String,
        /// Idempotency key.
        key: String,
        /// SHA-256 of what was sent, hex: the same key must come with the same.
        digest: String,
        /// When it was taken.
        sent_at: Timestamp,
        /// Send units, JSON.
        units: String,
        /// The files of the manifest, JSON.
        files: String,
        /// Number of files.
        file_count: u32,
        /// Bytes of the files together.
        bytes: u64,
        /// Whether there is a text.
        has_text: bool,
        /// SHA-256 of the archive, hex.
        archive_sha256: String,
        /// Bytes of the archive.
        archive_bytes: u64,
        /// What a search looks at, in lower case.
        search: String,
        /// When it was claimed.
        claimed_at: Option<Timestamp>,
        /// SHA-256 of the download token, hex.
        download_id: Option<String>,
        /// Until when the token is good.
        download_until: Option<Timestamp>,
        /// When the client confirmed.
        confirmed_at: Option<Timestamp>,
        /// What goes into the download token of a claim under a key, beside the key: 256 random
        /// bits, hex.
        claim_salt: Option<String>,
    }

    /// Something that falls due.
    DueRecord "due" {
        /// Identifier.
        id: String,
        /// When.
        at: Timestamp,
        /// What.
        kind: String,
        /// About what.
        subject: String,
        /// Why it could not be done, where it was set aside.
        set_aside: Option<String>,
    }
}
