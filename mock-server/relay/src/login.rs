//! Logging in: c-ID, then KJ ID with a certificate, then tokens (relay.md §2, §8).

use careplan_spec::office_number::OfficeNumber;
use jiff::Timestamp;
use serde::Serialize;

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

/// The first stage is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TerminalLogin {
    /// To be shown in the second stage.
    pub terminal_token: Secret,
    /// When the second stage must be done.
    pub expires_at: Timestamp,
}

/// Both stages are done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfficeLogin {
    /// Opens everything.
    pub access_token: Secret,
    /// Gets a new pair; once.
    pub refresh_token: Secret,
    /// When the access token ends.
    pub expires_at: Timestamp,
    /// When the refresh token ends.
    pub refresh_expires_at: Timestamp,
    /// The office.
    pub office: OfficeRef,
}
