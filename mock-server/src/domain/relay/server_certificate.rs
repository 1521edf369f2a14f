//! The certificate of the transport itself.

use std::net::IpAddr;

use careplan_certs::Issued;
use jiff::Timestamp;

use super::Relay;
use crate::refusal::Failure;

impl Relay {
    /// Has the test authority issue a certificate for a server of these names and addresses,
    /// beside `localhost` and the loopback addresses.
    ///
    /// It is dated by the machine's clock, not by ours: whoever connects goes by their own, and
    /// must be able to also while ours stands in another year.
    ///
    /// # Errors
    /// A name is no host name.
    pub fn server_certificate(
        &self,
        names: &[String],
        addresses: &[IpAddr],
    ) -> Result<Issued, Failure> {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let authority = &self.shared.trust.load().authority;
        authority
            .issue_server(&names, addresses, Timestamp::now())
            .map_err(|error| Failure::Issue(error.to_string()))
    }
}
