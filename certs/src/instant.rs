//! The edge between the project's time and the time of the certificate libraries.

use std::time::Duration;

use jiff::Timestamp;
use rustls_pki_types::UnixTime;

/// Seconds since 1970; certificates in question are younger.
pub(crate) fn to_unix_duration(at: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(at.as_second()).unwrap_or(0))
}

/// As webpki wants it.
pub(crate) fn to_unix(at: Timestamp) -> UnixTime {
    UnixTime::since_unix_epoch(to_unix_duration(at))
}
