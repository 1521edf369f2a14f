//! Logging in: c-ID, then KJ ID with a certificate, then tokens (relay.md §2, §8).

use careplan_spec::office_number::OfficeNumber;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::account::OfficeRef;
use crate::secret::Secret;

/// Who asks on the relay: an office that logged in with both IDs and a good certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The office.
    pub office: OfficeNumber,
    /// Its KJ ID.
    pub kj_id: String,
    /// SHA-256 of the certificate of the login.
    pub fingerprint: [u8; 32],
}

/// The first stage of the login is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TerminalLogin {
    /// To be sent as bearer token in the second stage.
    #[schema(value_type = String)]
    pub terminal_token: Secret,
    /// When the second stage must be done.
    pub expires_at: Timestamp,
}

/// What both stages of the login give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tokens {
    /// Opens everything, with the certificate of the login.
    #[schema(value_type = String)]
    pub access_token: Secret,
    /// Gets a new pair; once.
    #[schema(value_type = String)]
    pub refresh_token: Secret,
    /// When the access token ends.
    pub expires_at: Timestamp,
    /// When the refresh token ends.
    pub refresh_expires_at: Timestamp,
    /// The office.
    pub office: OfficeRef,
}
