//! Japanese time: the real system states no time zone; everything printed about it is in the time
//! of Tokyo (Inferred).

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

/// Nine hours ahead of UTC. There has been no summer time since 1951, so the fixed offset says the
/// same as Asia/Tokyo and needs no database.
pub static TOKYO: TimeZone = TimeZone::fixed(jiff::tz::offset(9));

/// The date and time of day in Japan.
pub fn zoned(at: Timestamp) -> ZonedDateTime {
    at.to_zoned_datetime(TOKYO.clone())
}

/// The date in Japan.
pub fn date_of(at: Timestamp) -> Date {
    zoned(at).date()
}

/// The time of day in Japan.
pub fn time_of(at: Timestamp) -> Time {
    zoned(at).time()
}

/// A time of a day in Japan; after the last moment there is, that moment.
pub fn moment(date: Date, time: Time) -> Timestamp {
    TOKYO.to_timestamp(date.to_datetime(time)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil;

    use super::*;

    #[test]
    fn the_day_begins_nine_hours_before_that_of_utc() {
        let before: Timestamp = "2026-06-30T14:59:59Z".parse().expect("a time");
        let after: Timestamp = "2026-06-30T15:00:00Z".parse().expect("a time");
        assert_eq!(date_of(before), civil::date(2026, 6, 30));
        assert_eq!(time_of(before), civil::time(23, 59, 59, 0));
        assert_eq!(date_of(after), civil::date(2026, 7, 1));
        assert_eq!(time_of(after), Time::midnight());
        assert_eq!(moment(date_of(after), time_of(after)), after);
        assert_eq!(
            zoned(after).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            "2026-07-01T00:00:00+09:00"
        );
    }

    #[test]
    fn the_calendar_ends() {
        assert_eq!(moment(Date::MAX, Time::MAX), Timestamp::MAX);
    }
}
