//! Top page: notices, state of the system, licence and certificate (relay.md §2).

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::account::OfficeRef;
use super::certificate::CertificateKind;
use super::licence::LicencePanel;
use super::notice::NoticeRow;

/// システム稼働, システム更新.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = System)]
pub struct SystemPanel {
    /// Whether it runs.
    pub running: bool,
    /// As the screen says it.
    pub text: String,
    /// English.
    pub text_en: String,
    /// システム更新.
    pub updated_on: Date,
}

/// The certificate of the login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CertificatePanel {
    /// Serial number, decimal.
    pub serial: String,
    /// Kind.
    pub kind: CertificateKind,
    /// Start of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
    /// First day on which it can be renewed.
    pub renewable_from: Date,
}

/// Top page of the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopPage {
    /// The system.
    pub system: SystemPanel,
    /// The office.
    pub office: OfficeRef,
    /// Its licence.
    pub licence: LicencePanel,
    /// The certificate in use.
    pub certificate: CertificatePanel,
    /// When the password of 事業所ユーザID expires, which is refused from then on; null where it does
    /// not (switch `password-days`).
    pub password_expires_at: Option<Timestamp>,
    /// Messages nobody has fetched yet.
    pub unfetched: u64,
    /// Notices, the newest first.
    pub notices: Vec<NoticeRow>,
}
