//! The authority, for transports.

use std::net::IpAddr;
use std::sync::Arc;

use careplan_certs::Issued;
use jiff::{SignedDuration, Timestamp};

use super::Relay;
use crate::control::AuthorityView;
use crate::outcome::Failure;

/// How far apart two clocks may be for a server certificate of 820 days to suit both.
const SERVER_REACH: SignedDuration = SignedDuration::from_hours(24 * 800);

impl Relay {
    /// The authority and its current revocation list, from memory.
    pub fn authority(&self) -> Arc<AuthorityView> {
        Arc::clone(&self.shared.trust.load().view)
    }

    /// Issues a certificate for a TLS server of the mock. Most who connect go by the machine's
    /// clock, so it is valid by that one, and by ours as well where the two are near each other.
    ///
    /// # Errors
    /// A name is no host name.
    pub fn issue_server(&self, names: &[&str], addresses: &[IpAddr]) -> Result<Issued, Failure> {
        let trust = self.shared.trust.load();
        let (real, ours) = (Timestamp::now(), self.shared.clock.now());
        let apart = ours.duration_since(real).abs();
        let now = if apart < SERVER_REACH { real.min(ours) } else { real };
        trust
            .authority
            .issue_server(names, addresses, now)
            .map_err(|error| Failure::Issue(error.to_string()))
    }
}
