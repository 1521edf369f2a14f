//! The two stages of the login, and tokens.

use super::{Relay, pending};
use crate::domain::certificate::Presented;
use crate::domain::login::{Caller, OfficeLogin, TerminalLogin};
use crate::domain::secret::Secret;
use crate::refusal::Result;

impl Relay {
    /// Stage 1: c-ID and password (relay.md §2). No certificate is needed.
    ///
    /// # Errors
    /// `user-id-malformed`, `user-or-password-wrong`, `user-locked`.
    pub async fn login_terminal(&self, user_id: &str, password: &Secret) -> Result<TerminalLogin> {
        let _ = (user_id, password);
        Err(pending().into())
    }

    /// Stage 2: KJ ID, password and certificate (relay.md §2, §3 E4 and E5).
    ///
    /// # Errors
    /// `first-stage-missing`, `user-id-malformed`, `agent-id-refused`, `user-or-password-wrong`,
    /// `user-locked`, `password-temporary`, `password-expired`, `ids-of-different-offices`, every
    /// `certificate-…` about a presented one, `licence-needed`.
    pub async fn login_office(
        &self,
        terminal_token: &Secret,
        user_id: &str,
        password: &Secret,
        presented: Option<&Presented>,
    ) -> Result<OfficeLogin> {
        let _ = (terminal_token, user_id, password, presented);
        Err(pending().into())
    }

    /// New tokens for an old refresh token, which ends (relay.md §8).
    ///
    /// # Errors
    /// `token-unknown`, `token-expired`, `token-of-other-certificate`, `certificate-…`.
    pub async fn refresh(
        &self,
        refresh_token: &Secret,
        presented: Option<&Presented>,
    ) -> Result<OfficeLogin> {
        let _ = (refresh_token, presented);
        Err(pending().into())
    }

    /// Ends a login; an unknown token is no error.
    ///
    /// # Errors
    /// The store fails.
    pub async fn logout(&self, access_token: &Secret) -> Result<()> {
        let _ = access_token;
        Err(pending().into())
    }

    /// Who asks, from memory: token, certificate of the login, its time and revocation. Call it on
    /// every request of the relay API.
    ///
    /// # Errors
    /// `token-unknown`, `token-expired`, `token-of-other-certificate`, `certificate-…`.
    pub fn caller(&self, access_token: &Secret, presented: Option<&Presented>) -> Result<Caller> {
        let _ = (access_token, presented);
        Err(pending().into())
    }
}
