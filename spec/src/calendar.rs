//! Dates, months and times as the standard writes them: digits only, Gregorian calendar.
//!
//! Pure arithmetic; nothing here knows what day it is today.

use std::fmt;

/// A date of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year, 1800 to 2199.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to 31.
    pub day: u8,
}

/// A month of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Year, 1800 to 2199.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
}

impl Date {
    /// The month the date lies in.
    pub const fn month_of(self) -> Month {
        Month { year: self.year, month: self.month }
    }

    /// The date as a number, YYYYMMDD.
    pub const fn number(self) -> u32 {
        self.month_of().number() * 100 + self.day as u32
    }

    /// Day of the week, Monday is 1, Sunday is 7, as 曜日 in table 3.
    pub const fn weekday(self) -> u8 {
        // Zeller's congruence, shifted to Monday = 1.
        let (y, m) = if self.month < 3 {
            (self.year as u32 - 1, self.month as u32 + 12)
        } else {
            (self.year as u32, self.month as u32)
        };
        let h = (self.day as u32 + 13 * (m + 1) / 5 + y + y / 4 - y / 100 + y / 400) % 7;
        ((h + 5) % 7 + 1) as u8
    }
}

impl Month {
    /// The month as a number, YYYYMM.
    pub const fn number(self) -> u32 {
        self.year as u32 * 100 + self.month as u32
    }

    /// The month of a number YYYYMM.
    pub const fn from_number(number: u32) -> Option<Self> {
        let (year, month) = (number / 100, number % 100);
        if year < 1800 || year > 2199 || month == 0 || month > 12 {
            return None;
        }
        Some(Self { year: year as u16, month: month as u8 })
    }

    /// Number of days.
    pub const fn days(self) -> u8 {
        days_in_month(self.year, self.month)
    }

    /// The following month.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year + 1, month: 1 }
        } else {
            Self { year: self.year, month: self.month + 1 }
        }
    }

    /// The month before.
    #[must_use]
    pub const fn previous(self) -> Self {
        if self.month == 1 {
            Self { year: self.year - 1, month: 12 }
        } else {
            Self { year: self.year, month: self.month - 1 }
        }
    }

    /// A date in this month; `None` where the day does not exist.
    pub const fn day(self, day: u8) -> Option<Date> {
        if day == 0 || day > self.days() {
            return None;
        }
        Some(Date { year: self.year, month: self.month, day })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:02}{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:02}", self.year, self.month)
    }
}

/// Number of days of a month; 0 for a month that does not exist.
pub const fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 0,
    }
}

/// Reads a date, exactly eight digits YYYYMMDD.
#[inline]
pub const fn parse_date(bytes: &[u8]) -> Option<Date> {
    let [y1, y2, y3, y4, m1, m2, d1, d2] = *bytes else { return None };
    let Some(month) = parse_month(&[y1, y2, y3, y4, m1, m2]) else { return None };
    let Some(day) = two(d1, d2) else { return None };
    month.day(day)
}

/// Reads a month, exactly six digits YYYYMM.
#[inline]
pub const fn parse_month(bytes: &[u8]) -> Option<Month> {
    let [y1, y2, y3, y4, m1, m2] = *bytes else { return None };
    let (Some(century), Some(year), Some(month)) = (two(y1, y2), two(y3, y4), two(m1, m2)) else {
        return None;
    };
    Month::from_number((century as u32 * 100 + year as u32) * 100 + month as u32)
}

/// Reads a time, exactly four digits HHMM, as minutes since midnight; `2400` is 1440.
#[inline]
pub const fn parse_time(bytes: &[u8]) -> Option<u16> {
    let [h1, h2, m1, m2] = *bytes else { return None };
    let (Some(hour), Some(minute)) = (two(h1, h2), two(m1, m2)) else { return None };
    if minute > 59 || hour > 24 || (hour == 24 && minute > 0) {
        return None;
    }
    Some(hour as u16 * 60 + minute as u16)
}

/// Whether the bytes are a date.
#[inline]
pub const fn is_date(bytes: &[u8]) -> bool {
    parse_date(bytes).is_some()
}

/// Whether the bytes are a month.
#[inline]
pub const fn is_month(bytes: &[u8]) -> bool {
    parse_month(bytes).is_some()
}

/// Whether the bytes are a time.
#[inline]
pub const fn is_time(bytes: &[u8]) -> bool {
    parse_time(bytes).is_some()
}

#[inline]
const fn two(tens: u8, ones: u8) -> Option<u8> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    if tens > 9 || ones > 9 { None } else { Some(tens * 10 + ones) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_dates_are_read() {
        assert_eq!(parse_date(b"20240229"), Some(Date { year: 2024, month: 2, day: 29 }));
        for wrong in ["20260229", "20260431", "2026041", "202604011", "2026/4/1", "00000000"] {
            assert_eq!(parse_date(wrong.as_bytes()), None, "{wrong}");
        }
        assert!(!is_date("２０２６".as_bytes()));
    }

    /// Another calendar, day by day, over every year there is here.
    #[test]
    fn every_day_is_the_one_of_another_calendar() {
        let mut day = jiff::civil::date(1800, 1, 1);
        let mut month = Month { year: 1800, month: 1 };
        while day.year() < 2200 {
            let digits = day.strftime("%Y%m%d").to_string();
            let date = parse_date(digits.as_bytes()).expect("it exists");
            if day.day() == 1 {
                assert_eq!(date.month_of(), month);
                assert_eq!(parse_month(&digits.as_bytes()[..6]), Some(month));
                assert_eq!(Month::from_number(month.number()), Some(month));
                assert_eq!(i16::from(month.days()), i16::from(day.days_in_month()));
                assert_eq!(month.day(0), None);
                assert_eq!(month.day(month.days() + 1), None);
                assert_eq!(month.next().previous(), month);
                month = month.next();
            }
            assert_eq!(date.to_string(), digits);
            assert_eq!(date.number().to_string(), digits);
            assert_eq!(date.weekday(), day.weekday().to_monday_one_offset() as u8, "{digits}");
            day = day.tomorrow().expect("not the last day");
        }
        for wrong in ["17991231", "22000101", "20260001", "20261301", "20260100"] {
            assert_eq!(parse_date(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(days_in_month(2026, 13), 0);
        assert!(is_month(b"202612") && !is_month(b"202613") && !is_month(b"2026-1"));
    }

    #[test]
    fn times_end_at_2400() {
        assert_eq!(parse_time(b"0000"), Some(0));
        assert_eq!(parse_time(b"2359"), Some(1439));
        assert_eq!(parse_time(b"2400"), Some(1440));
        for wrong in ["2401", "2500", "0960", "0A00", "9:00", "/000", "900", "9999"] {
            assert_eq!(parse_time(wrong.as_bytes()), None, "{wrong}");
            assert!(!is_time(wrong.as_bytes()), "{wrong}");
        }
        assert_eq!(parse_time(b"1059"), Some(659));
        assert!(is_time(b"2400"));
    }

    #[test]
    fn weekdays_follow_table_3() {
        // 2026-11-21 is a Saturday, 2024-02-29 a Thursday.
        assert_eq!(parse_date(b"20261121").map(Date::weekday), Some(6));
        assert_eq!(parse_date(b"20240229").map(Date::weekday), Some(4));
        assert_eq!(parse_date(b"20240301").map(Date::weekday), Some(5));
        assert_eq!(parse_date(b"20240303").map(Date::weekday), Some(7));
    }

    #[test]
    fn months_step_over_the_year() {
        let december = Month { year: 2025, month: 12 };
        assert_eq!(december.next().number(), 202_601);
        assert_eq!(december.next().previous(), december);
        assert_eq!(december.to_string(), "202512");
    }
}
