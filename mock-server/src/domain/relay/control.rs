//! What the operator of the mock does.

use std::sync::Arc;

use bytes::Bytes;

use super::{Relay, pending};
use crate::clock::Timing;
use crate::domain::control::{AccountView, AuthorityView, IssuedForTest};
use crate::domain::notice::MailView;
use crate::domain::secret::Secret;
use crate::refusal::{Failure, Result};
use crate::switches::Switches;

impl Relay {
    /// The authority and its current revocation list, from memory.
    pub fn authority(&self) -> Arc<AuthorityView> {
        Arc::new(AuthorityView {
            ca_pem: String::new(),
            ca_der: Vec::new(),
            crl_der: Vec::new(),
            issuer: String::new(),
        })
    }

    /// Replaces the switches.
    ///
    /// # Errors
    /// The store fails.
    pub async fn set_switches(&self, switches: Switches) -> Result<()> {
        self.shared.switches.store(Arc::new(switches));
        Ok(())
    }

    /// Whether waiting times apply.
    pub fn timing(&self) -> Timing {
        Timing::Instant
    }

    /// Does everything that has fallen due, in order. Call it after moving the clock; operations
    /// do it by themselves too.
    ///
    /// # Errors
    /// The store fails.
    pub async fn settle(&self) -> Result<()> {
        Err(pending().into())
    }

    /// Every office with its account.
    ///
    /// # Errors
    /// The store fails.
    pub async fn accounts(&self) -> Result<Vec<AccountView>> {
        Err(pending().into())
    }

    /// Replaces everything by a scenario (see [`crate::scenario::SCENARIOS`]); the authority stays.
    ///
    /// # Errors
    /// [`Failure::Scenario`] where there is no such scenario.
    pub async fn load_scenario(&self, name: &str, seed: Option<u64>) -> Result<()> {
        let _ = (name, seed);
        Err(pending().into())
    }

    /// Starts the current scenario over.
    ///
    /// # Errors
    /// The store fails.
    pub async fn reset(&self) -> Result<()> {
        Err(pending().into())
    }

    /// The name of the current scenario and its seed.
    pub fn scenario(&self) -> (String, u64) {
        (String::new(), 0)
    }

    /// The whole state as one archive.
    ///
    /// # Errors
    /// The store fails.
    pub async fn save_state(&self) -> Result<Bytes> {
        Err(pending().into())
    }

    /// Replaces everything by a saved state.
    ///
    /// # Errors
    /// [`Failure::SavedState`] where the archive cannot be read; nothing changes then.
    pub async fn load_state(&self, archive: Bytes) -> Result<()> {
        let _ = archive;
        let _: fn(String) -> Failure = Failure::SavedState;
        Err(pending().into())
    }

    /// The mails of one office, or of all, the newest first.
    ///
    /// # Errors
    /// The store fails.
    pub async fn mailbox(&self, office: Option<&str>) -> Result<Vec<MailView>> {
        let _ = office;
        Err(pending().into())
    }

    /// Issues a certificate to an office at once, without an application: a good one, or one that
    /// is wrong on purpose (an identifier of the catalogue of wrong certificates).
    ///
    /// # Errors
    /// `office-unknown`; [`Failure::UnknownWrong`].
    pub async fn issue_for_test(
        &self,
        office: &str,
        wrong: Option<&str>,
        password: Option<&Secret>,
    ) -> Result<IssuedForTest> {
        let _ = (office, wrong, password);
        Err(pending().into())
    }

    /// Revokes a certificate by its serial number in hex.
    ///
    /// # Errors
    /// `certificate-unknown`.
    pub async fn revoke(&self, serial: &str) -> Result<()> {
        let _ = serial;
        Err(pending().into())
    }
}
