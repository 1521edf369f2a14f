//! The session of a terminal: the tokens of the two-stage login.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::terminal::{self, StoreError, Terminal};
use crate::wire::{Office, Tokens};

const FILE: &str = "session.json";

/// A session, kept in the terminal folder until the logout.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) version: u32,
    pub(crate) relay: String,
    pub(crate) office: Office,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) refresh_expires_at: Timestamp,
    /// SHA-256 of the certificate the login was made with; releases before 0.2 did not note it.
    #[serde(default)]
    pub(crate) certificate: Option<String>,
    /// The key of a renewal that was asked for and not answered.
    #[serde(default)]
    pub(crate) renewal: Option<String>,
}

impl Session {
    pub(crate) fn new(relay: &str, tokens: Tokens, certificate: Option<String>) -> Self {
        Self {
            version: 1,
            relay: relay.to_owned(),
            office: tokens.office,
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            expires_at: tokens.expires_at,
            refresh_expires_at: tokens.refresh_expires_at,
            certificate,
            renewal: None,
        }
    }
}

/// What may be shown of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SessionInfo {
    /// The relay's address.
    pub relay: String,
    /// The office that is logged in.
    pub office: Office,
    /// When the access token ends; it is renewed without asking.
    pub expires_at: Timestamp,
    /// When it can no longer be renewed.
    pub refresh_expires_at: Timestamp,
}

impl From<&Session> for SessionInfo {
    fn from(session: &Session) -> Self {
        Self {
            relay: session.relay.clone(),
            office: session.office.clone(),
            expires_at: session.expires_at,
            refresh_expires_at: session.refresh_expires_at,
        }
    }
}

impl Terminal {
    /// What may be shown of the session; `None` where nobody is logged in.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub fn session_info(&self) -> Result<Option<SessionInfo>, Error> {
        let session = self.told(self.session())?;
        Ok(session.as_ref().map(SessionInfo::from))
    }

    pub(crate) fn session(&self) -> Result<Option<Session>, StoreError> {
        terminal::read_json(&self.path(FILE))
    }

    pub(crate) fn keep_session(&self, session: &Session) -> Result<(), StoreError> {
        terminal::write_json(&self.path(FILE), session)
    }

    pub(crate) fn forget_session(&self) -> Result<(), StoreError> {
        terminal::remove_file(&self.path(FILE))
    }
}
