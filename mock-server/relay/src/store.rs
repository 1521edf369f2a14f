//! Keeping the state: a few atomic verbs for each aggregate.
//!
//! Callers never read, decide, then write: whoever may lose a race asks for the winner with one
//! verb ([`Messages::claim`], [`Accounts::count_failure`]). Times are passed in. One suite of
//! tests, `tests/store_contract.rs`, holds for every engine.

mod list_query;
mod place;
pub mod record;
mod sql;
pub mod state;

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;

pub use list_query::{ListQuery, Sort};
pub use place::Place;
use record::{
    AccountRecord, CertificateRecord, DueRecord, LicenceRecord, MailCodeRecord, MailRecord,
    MessageRecord, NoticeRecord, OfficeRecord, SessionRecord, SettingRecord, TermRecord,
};
pub use sql::{Durability, SqlStore};
pub use state::State;

/// What can go wrong in a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine said so.
    #[error("{0}")]
    Engine(String),
    /// A row does not hold what it should.
    #[error("{table}.{column} cannot be read")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
    },
    /// A row that must be there is not.
    #[error("{0} is missing")]
    Missing(&'static str),
}

/// What stores return.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Which of the two IDs of an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdKind {
    /// KJ ID.
    Kj,
    /// c-ID.
    Terminal,
}

/// When an ID is locked.
#[derive(Debug, Clone, Copy)]
pub struct LockRule {
    /// After so many failures in a row; 0 never locks.
    pub after: u32,
    /// Until then, if this failure locks it.
    pub until: Timestamp,
}

/// Offices and settings: what changes rarely and is read whole.
#[async_trait]
pub trait Directory {
    /// Every office.
    async fn offices(&self) -> Result<Vec<OfficeRecord>>;
    /// Every setting.
    async fn settings(&self) -> Result<Vec<SettingRecord>>;
    /// Keeps a setting, replacing the one of the same name.
    async fn keep_setting(&self, setting: &SettingRecord) -> Result<()>;
}

/// KJ IDs and c-IDs.
#[async_trait]
pub trait Accounts {
    /// Every account.
    async fn accounts(&self) -> Result<Vec<AccountRecord>>;
    /// The account with this ID.
    async fn find_account(&self, kind: IdKind, id: &str) -> Result<Option<AccountRecord>>;
    /// Counts a failed login, and locks the ID where the rule says so. Returns until when it is
    /// locked. A lock that has ended starts the count over.
    async fn count_failure(
        &self,
        kind: IdKind,
        id: &str,
        now: Timestamp,
        rule: LockRule,
    ) -> Result<Option<Timestamp>>;
    /// Forgets failed logins.
    async fn forget_failures(&self, kind: IdKind, id: &str) -> Result<()>;
    /// Keeps the password a user chose.
    async fn change_password(
        &self,
        kj_id: &str,
        hash: &str,
        now: Timestamp,
        expires_at: Option<Timestamp>,
    ) -> Result<()>;
    /// Replaces 証明書発行用パスワード, and withdraws what was issued before in the same step.
    async fn replace_certificate_password(
        &self,
        kj_id: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<()>;
    /// Keeps a mail address as confirmed, and forgets its code; false where somebody else was
    /// faster.
    async fn confirm_mail(&self, code: &MailCodeRecord) -> Result<bool>;
}

/// Codes that wait to be typed in.
#[async_trait]
pub trait MailCodes {
    /// Keeps a code, replacing an earlier one for the same purpose, and its mail.
    async fn keep_code(&self, code: &MailCodeRecord, mail: &MailRecord) -> Result<()>;
    /// Counts a try and returns the code, with the tries so far.
    async fn try_code(&self, kj_id: &str, purpose: &str) -> Result<Option<MailCodeRecord>>;
}

/// Logins.
#[async_trait]
pub trait Sessions {
    /// Every login that has not ended.
    async fn sessions(&self) -> Result<Vec<SessionRecord>>;
    /// Keeps a login, and forgets those that ended before `now`.
    async fn open_session(&self, session: &SessionRecord, now: Timestamp) -> Result<()>;
    /// Replaces the login with this refresh token; false where it is gone.
    async fn rotate_session(&self, refresh_id: &str, next: &SessionRecord) -> Result<bool>;
    /// Ends a login.
    async fn close_session(&self, id: &str) -> Result<()>;
}

/// A certificate has been made.
#[derive(Debug, Clone)]
pub struct Issue {
    /// Serial number, in decimal.
    pub serial: String,
    /// SHA-256 of the certificate, lower-case hex.
    pub fingerprint: String,
    /// Start of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
    /// Name of the .p12.
    pub file_name: String,
    /// The .p12.
    pub p12: Bytes,
    /// When.
    pub at: Timestamp,
}

/// A notice, and the mail that tells of it where the office has an address.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// The notice.
    pub notice: NoticeRecord,
    /// The mail.
    pub mail: Option<MailRecord>,
}

/// Certificates of offices.
#[async_trait]
pub trait Certificates {
    /// Every certificate.
    async fn certificates(&self) -> Result<Vec<CertificateRecord>>;
    /// Those of an office, the newest first.
    async fn certificates_of(&self, office: &str) -> Result<Vec<CertificateRecord>>;
    /// Keeps an application with what it makes fall due; false where one is under way.
    async fn apply_for_certificate(
        &self,
        certificate: &CertificateRecord,
        due: &[DueRecord],
    ) -> Result<bool>;
    /// Keeps what was issued, with a notice and what falls due; false where it had been issued.
    async fn issue_certificate(
        &self,
        id: &str,
        issue: &Issue,
        announcement: &Announcement,
        due: &[DueRecord],
    ) -> Result<bool>;
    /// Revokes by serial number. Returns the certificate; revoking twice changes nothing.
    async fn revoke_certificate(
        &self,
        serial: &str,
        now: Timestamp,
    ) -> Result<Option<CertificateRecord>>;
    /// Keeps a certificate that nobody applied for.
    async fn add_certificate(&self, certificate: &CertificateRecord) -> Result<()>;
}

/// Licences and their terms.
#[async_trait]
pub trait Licences {
    /// Every licence.
    async fn licences(&self) -> Result<Vec<LicenceRecord>>;
    /// Every term, the oldest first.
    async fn terms(&self) -> Result<Vec<TermRecord>>;
    /// Keeps an application and its first term; false where a term of the office is in force on
    /// its first day or later.
    async fn apply_for_licence(
        &self,
        licence: &LicenceRecord,
        term: &TermRecord,
        due: &[DueRecord],
    ) -> Result<bool>;
    /// Adds the next term; false where it is there.
    async fn add_term(&self, term: &TermRecord, due: &[DueRecord]) -> Result<bool>;
    /// Notes the charge of a term.
    async fn charge_term(&self, id: &str, on: jiff::civil::Date) -> Result<()>;
    /// Stops or resumes the renewal.
    async fn set_renewal(&self, licence: &str, on: bool) -> Result<()>;
}

/// お知らせ and mails.
#[async_trait]
pub trait Notices {
    /// Publishes a notice and its mail; the same identifier again changes nothing.
    async fn publish(&self, announcement: &Announcement) -> Result<()>;
    /// Those of an office, the newest first.
    async fn notices_of(&self, office: &str) -> Result<Vec<NoticeRecord>>;
    /// One notice; it counts as read from now on.
    async fn open_notice(
        &self,
        office: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<NoticeRecord>>;
    /// The mails of an office, or of all, the newest first.
    async fn mails(&self, office: Option<&str>) -> Result<Vec<MailRecord>>;
}

/// What came of handing in a message.
#[derive(Debug, Clone)]
pub enum Accepted {
    /// It is kept.
    New,
    /// The sender has used the key before, for this.
    Before(Box<MessageRecord>),
}

/// What came of a claim.
#[derive(Debug, Clone)]
pub enum Claimed {
    /// This caller won.
    Won(Box<MessageRecord>),
    /// Somebody else had.
    Before(Box<MessageRecord>),
    /// The office has no such message.
    Unknown,
}

/// The right to download a claimed message.
#[derive(Debug, Clone)]
pub struct DownloadRight {
    /// Identifier of its token.
    pub id: String,
    /// Until when.
    pub until: Timestamp,
}

/// Which side of a message an office is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// 受信一覧.
    Receiver,
    /// 送信一覧.
    Sender,
}

/// Messages.
#[async_trait]
pub trait Messages {
    /// Keeps a message and its archive, once for each sender and key.
    async fn accept(&self, message: &MessageRecord, archive: Bytes) -> Result<Accepted>;
    /// The message a sender handed in under this key.
    async fn find_by_key(&self, sender: &str, key: &str) -> Result<Option<MessageRecord>>;
    /// A page of one side's messages, and how many there are on all pages. `query.page` and
    /// `query.per_page` are at least 1.
    async fn list(
        &self,
        office: &str,
        side: Side,
        query: &ListQuery,
    ) -> Result<(Vec<MessageRecord>, u64)>;
    /// One message of a side.
    async fn find_message(
        &self,
        office: &str,
        side: Side,
        id: &str,
    ) -> Result<Option<MessageRecord>>;
    /// Claims a message. Of concurrent callers exactly one wins.
    async fn claim(
        &self,
        receiver: &str,
        id: &str,
        now: Timestamp,
        right: &DownloadRight,
    ) -> Result<Claimed>;
    /// The message a download token opens.
    async fn find_download(&self, right_id: &str) -> Result<Option<MessageRecord>>;
    /// Notes that the client has it.
    async fn confirm_download(&self, right_id: &str, now: Timestamp) -> Result<()>;
    /// Bytes by their SHA-256.
    async fn blob(&self, sha256: &str) -> Result<Option<Bytes>>;
}

/// What falls due.
#[async_trait]
pub trait Schedule {
    /// The earliest that is due.
    async fn next_due(&self) -> Result<Option<DueRecord>>;
    /// It is done.
    async fn due_done(&self, id: &str) -> Result<()>;
}

/// Everything at once.
#[async_trait]
pub trait Whole {
    /// The whole state, as of one moment.
    async fn export(&self) -> Result<State>;
    /// Replaces the whole state, or changes nothing.
    async fn replace(&self, state: &State) -> Result<()>;
}

/// All of it.
pub trait Store:
    Directory
    + Accounts
    + MailCodes
    + Sessions
    + Certificates
    + Licences
    + Notices
    + Messages
    + Schedule
    + Whole
    + Send
    + Sync
{
}

impl<T> Store for T where
    T: Directory
        + Accounts
        + MailCodes
        + Sessions
        + Certificates
        + Licences
        + Notices
        + Messages
        + Schedule
        + Whole
        + Send
        + Sync
{
}

/// A store that is shared.
pub type SharedStore = Arc<dyn Store>;
