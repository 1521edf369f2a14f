//! What the operator of the mock sees and does.

use std::fmt;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::certificate::{CertificateView, for_older_systems};
use super::licence::LicencePanel;
use crate::outcome::Result;
use crate::secret::Secret;
use crate::store::record::MessageRecord;

/// What everybody may know about the authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityView {
    /// Its certificate, PEM.
    pub ca_pem: String,
    /// Its certificate, DER.
    pub ca_der: Vec<u8>,
    /// The revocation list, DER.
    pub crl_der: Vec<u8>,
    /// CN of the issuer.
    pub issuer: String,
}

/// An account of the mock with everything a trainer needs. Passwords a user chose are shown only
/// where they are the documented ones of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountView {
    /// Office number.
    pub office: String,
    /// Name of the office.
    pub name: String,
    /// Service kinds.
    pub service_kinds: Vec<String>,
    /// KJ ID; null where the office has no account.
    pub kj_id: Option<String>,
    /// 仮パスワード while it is in force, or the documented password of a demo account.
    #[schema(value_type = Option<String>)]
    pub kj_password: Option<Secret>,
    /// Whether the password is the temporary one.
    pub temporary: bool,
    /// Whether the temporary password is another one than that of the first letter.
    pub reissued: bool,
    /// When the password expires.
    pub password_expires_at: Option<Timestamp>,
    /// Until when the ID is locked.
    pub locked_until: Option<Timestamp>,
    /// c-ID.
    pub c_id: Option<String>,
    /// Its password.
    #[schema(value_type = Option<String>)]
    pub c_password: Option<Secret>,
    /// 証明書発行用パスワード.
    #[schema(value_type = Option<String>)]
    pub certificate_password: Option<Secret>,
    /// Licence.
    pub licence: LicencePanel,
    /// Certificates, newest first.
    pub certificates: Vec<CertificateView>,
}

/// A message that was fetched, as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Fetched)]
pub struct FetchedView {
    /// Identifier of the message.
    pub id: String,
    /// Office number of the sender.
    pub from: String,
    /// Its name.
    pub from_name: String,
    /// Office number of the receiver.
    pub to: String,
    /// Its name.
    pub to_name: String,
    /// When it was taken.
    pub sent_at: Timestamp,
    /// When it was fetched.
    pub fetched_at: Timestamp,
    /// When the client said that it has the archive.
    pub confirmed_at: Option<Timestamp>,
    /// Until when the archive can be fetched again.
    pub download_ends: Option<Timestamp>,
}

impl FetchedView {
    pub(crate) fn of(record: MessageRecord) -> Option<Self> {
        Some(Self {
            id: record.id,
            from: record.sender,
            from_name: record.sender_name,
            to: record.receiver,
            to_name: record.receiver_name,
            sent_at: record.sent_at,
            fetched_at: record.claimed_at?,
            confirmed_at: record.confirmed_at,
            download_ends: record.download_until,
        })
    }
}

/// A certificate made on demand, good or wrong on purpose. `Debug` leaves the key out.
#[derive(Clone)]
pub struct IssuedForTest {
    /// File name.
    pub file_name: String,
    /// The .p12.
    pub p12: Bytes,
    /// Its password.
    pub password: Secret,
    /// Serial number, in decimal.
    pub serial: String,
    /// Subject.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// Start of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
    /// Entry of the catalogue; none for a good one.
    pub wrong: Option<String>,
    /// Code of the refusal that presenting it gets; none for a good one.
    pub refusal: Option<&'static str>,
}

impl IssuedForTest {
    /// With a .p12 that older systems open.
    ///
    /// # Errors
    /// It cannot be written anew.
    pub async fn for_older_systems(mut self) -> Result<Self> {
        self.p12 = for_older_systems(self.p12, self.password.clone()).await?;
        Ok(self)
    }
}

impl fmt::Debug for IssuedForTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedForTest")
            .field("file_name", &self.file_name)
            .field("serial", &self.serial)
            .field("wrong", &self.wrong)
            .finish_non_exhaustive()
    }
}
