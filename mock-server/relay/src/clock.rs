//! The one clock: Asia/Tokyo rules, real or virtual.
//!
//! Everything that asks for the time asks a [`Clock`]: passwords, licences, certificates, tokens,
//! and the certificate check of the TLS layer. Tests set it, let it jump or stop it. What falls
//! due in a jump happens in order, each at its own time; see [`crate::due`].
//!
//! Times are [`jiff::Timestamp`]s cut to milliseconds, because that is what the store keeps.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use careplan_spec::tokyo;
pub use careplan_spec::tokyo::{date_of, moment, time_of};
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// Whether waiting times of the real procedure apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timing {
    /// Everything that is applied for is there at once.
    #[default]
    Instant,
    /// Certificates take minutes and are not issued 01:30 – 06:30 (relay.md §5, Stated); the
    /// first charge of a licence and held mail wait for their hour.
    Real,
}

/// The last year the clock goes to. Beyond it, months would no longer be those of file names, and
/// a jump would renew licences for minutes.
pub const LAST_YEAR: i16 = 2_099;

/// Whether the clock can show this time.
pub fn is_in_calendar(at: Timestamp) -> bool {
    (1_970..=LAST_YEAR).contains(&date_of(at).year())
}

/// How the time of a [`Clock`] runs: what a saved state keeps of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "mode")]
pub enum ClockMode {
    /// It runs, this many milliseconds ahead of (or behind) the machine's clock.
    Running {
        /// Milliseconds added to the machine's time; 0 is real time.
        offset_ms: i64,
    },
    /// It stands still.
    Frozen {
        /// At this time.
        at: Timestamp,
    },
}

/// The clock. Clones show the same time.
#[derive(Debug, Clone)]
pub struct Clock {
    mode: Arc<Mutex<ClockMode>>,
}

impl Default for Clock {
    fn default() -> Self {
        Self::real()
    }
}

impl Clock {
    /// A clock that shows the machine's time.
    pub fn real() -> Self {
        Self::with_mode(ClockMode::Running { offset_ms: 0 })
    }

    /// A clock that stands at `at`.
    pub fn frozen_at(at: Timestamp) -> Self {
        Self::with_mode(ClockMode::Frozen { at: whole_ms(at) })
    }

    /// A clock that runs as `mode` says.
    pub fn with_mode(mode: ClockMode) -> Self {
        Self { mode: Arc::new(Mutex::new(mode)) }
    }

    /// The time, in whole milliseconds.
    pub fn now(&self) -> Timestamp {
        match *self.mode_guard() {
            ClockMode::Running { offset_ms } => machine_time(offset_ms),
            ClockMode::Frozen { at } => at,
        }
    }

    /// Today's date in Japan.
    pub fn today(&self) -> Date {
        date_of(self.now())
    }

    /// How the time runs now; what a saved state keeps.
    pub fn mode(&self) -> ClockMode {
        *self.mode_guard()
    }

    /// Makes the time run as a saved state says.
    pub fn restore(&self, mode: ClockMode) {
        *self.mode_guard() = mode;
    }

    /// Sets the time. A running clock runs on from there, a frozen one stays frozen. Setting it
    /// back is allowed; what has happened stays happened.
    pub fn set(&self, to: Timestamp) {
        let to = whole_ms(to);
        {
            let mut mode = self.mode_guard();
            *mode = match *mode {
                ClockMode::Running { .. } => {
                    let real = machine_time(0);
                    ClockMode::Running { offset_ms: to.as_millisecond() - real.as_millisecond() }
                }
                ClockMode::Frozen { .. } => ClockMode::Frozen { at: to },
            };
        }
    }

    /// Lets the time jump ahead.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        {
            let mut mode = self.mode_guard();
            *mode = match *mode {
                ClockMode::Running { offset_ms } => {
                    ClockMode::Running { offset_ms: offset_ms.saturating_add(by) }
                }
                ClockMode::Frozen { at } => ClockMode::Frozen { at: plus_ms(at, by) },
            };
        }
    }

    /// Stops the clock where it is.
    pub fn freeze(&self) {
        let at = self.now();
        *self.mode_guard() = ClockMode::Frozen { at };
    }

    /// Lets a frozen clock run on from where it stands.
    pub fn unfreeze(&self) {
        {
            let mut mode = self.mode_guard();
            if let ClockMode::Frozen { at } = *mode {
                let real = machine_time(0);
                let offset_ms = at.as_millisecond() - real.as_millisecond();
                *mode = ClockMode::Running { offset_ms };
            }
        }
    }

    fn mode_guard(&self) -> MutexGuard<'_, ClockMode> {
        // A ClockMode is replaced whole, so a panic elsewhere cannot leave half of one.
        self.mode.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The start of a day in Japan.
pub fn start_of(date: Date) -> Timestamp {
    moment(date, Time::midnight())
}

/// When a mail of `at` leaves that may wait for the morning: at once by day, from 22:00 to 7:00 at
/// 7:00 (introduction guide 2025-12, Stated).
pub fn after_night(at: Timestamp) -> Timestamp {
    let (date, hour) = (date_of(at), time_of(at).hour());
    let morning = Time::constant(7, 0, 0, 0);
    match hour {
        22.. => moment(date.saturating_add(1.day()), morning),
        ..7 => moment(date, morning),
        _ => at,
    }
}

/// `at` and so many milliseconds, at most the last time there is.
pub fn plus_ms(at: Timestamp, ms: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_millis(ms)).map_or(Timestamp::MAX, whole_ms)
}

/// `at` and so many minutes.
pub fn plus_minutes(at: Timestamp, minutes: u32) -> Timestamp {
    plus_ms(at, i64::from(minutes) * 60_000)
}

/// The time, cut to milliseconds.
pub fn whole_ms(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// How the official screens write a time: `yyyy/mm/dd hh:mm:ss`, Japanese time.
pub fn shown(at: Timestamp) -> String {
    tokyo::zoned(at).strftime("%Y/%m/%d %H:%M:%S").to_string()
}

/// How the official screens write a date: `yyyy/mm/dd` (relay.md §6).
pub fn shown_date(date: Date) -> String {
    date.strftime("%Y/%m/%d").to_string()
}

fn machine_time(offset_ms: i64) -> Timestamp {
    let now = Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH);
    plus_ms(whole_ms(now), offset_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn the_night_ends_at_seven() {
        for (at, leaves) in [
            ("2026-11-27T21:59:59+09:00", "2026-11-27T21:59:59+09:00"),
            ("2026-11-27T22:00:00+09:00", "2026-11-28T07:00:00+09:00"),
            ("2026-11-28T00:00:00+09:00", "2026-11-28T07:00:00+09:00"),
            ("2026-11-28T06:59:59+09:00", "2026-11-28T07:00:00+09:00"),
            ("2026-11-28T07:00:00+09:00", "2026-11-28T07:00:00+09:00"),
            ("2026-12-31T23:00:00+09:00", "2027-01-01T07:00:00+09:00"),
        ] {
            let at: Timestamp = at.parse().unwrap();
            assert_eq!(after_night(at), leaves.parse().unwrap(), "{at}");
        }
    }

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let clock = Clock::frozen_at(at("2026-11-21T00:00:00Z"));
        let other = clock.clone();
        assert_eq!(clock.now(), other.now());
        other.advance(Duration::from_secs(3_600));
        assert_eq!(clock.now(), at("2026-11-21T01:00:00Z"));
        clock.set(at("2030-01-01T00:00:00Z"));
        assert_eq!(other.now(), at("2030-01-01T00:00:00Z"));
        assert!(matches!(clock.mode(), ClockMode::Frozen { .. }));
    }

    #[test]
    fn an_offset_survives_freezing_and_thawing() {
        let clock = Clock::real();
        clock.set(at("2031-05-05T00:00:00Z"));
        clock.freeze();
        let frozen = clock.now();
        assert_eq!(clock.mode(), ClockMode::Frozen { at: frozen });
        assert!(frozen >= at("2031-05-05T00:00:00Z"));
        clock.unfreeze();
        assert!(clock.now() >= frozen);
        assert!(matches!(clock.mode(), ClockMode::Running { offset_ms } if offset_ms > 0));
    }

    #[test]
    fn the_calendar_has_its_years() {
        for (time, inside) in [
            ("1969-12-31T14:59:59Z", false),
            ("1969-12-31T15:00:00Z", true),
            ("2099-12-31T14:59:59Z", true),
            ("2099-12-31T15:00:00Z", false),
        ] {
            assert_eq!(is_in_calendar(at(time)), inside, "{time}");
        }
    }

    #[test]
    fn days_are_those_of_japan() {
        let late = at("2026-11-20T15:00:00Z");
        assert_eq!(date_of(late).to_string(), "2026-11-21");
        assert_eq!(start_of(date_of(late)), late);
        assert_eq!(shown(late), "2026/11/21 00:00:00");
    }
}
