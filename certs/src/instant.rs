//! The edge between the project's time and the time of the certificate libraries.

use std::time::Duration;

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use rustls_pki_types::UnixTime;
use time::OffsetDateTime;

/// Asia/Tokyo: no summer time since 1951, so a fixed offset says the same without a database.
pub(crate) fn tokyo() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(9))
}

/// The calendar day in Tokyo.
pub(crate) fn tokyo_date(at: Timestamp) -> Date {
    at.to_zoned(tokyo()).date()
}

/// A moment of a day in Tokyo.
pub(crate) fn in_tokyo(date: Date, time: Time) -> Timestamp {
    tokyo().to_timestamp(date.to_datetime(time)).unwrap_or(Timestamp::MAX)
}

/// Certificates know whole seconds, and years 1 to 9999.
pub(crate) fn to_offset(at: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.as_second())
        .expect("both types end with the year 9999, and begin where certificates never do")
}

/// Seconds since 1970; certificates in question are younger.
pub(crate) fn to_unix_duration(at: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(at.as_second()).unwrap_or(0))
}

/// As webpki wants it.
pub(crate) fn to_unix(at: Timestamp) -> UnixTime {
    UnixTime::since_unix_epoch(to_unix_duration(at))
}
