//! Dates, months and times as the standard writes them: digits only, Gregorian calendar.
//!
//! Pure arithmetic; nothing here knows what day it is today.

use std::fmt;

/// A date of the Gregorian calendar that exists, of the years 1800 to 2199.
///
/// ```
/// use careplan_spec::calendar::Date;
///
/// let leap_day = Date::new(2024, 2, 29).expect("it exists");
/// assert_eq!(leap_day.to_string(), "20240229");
/// assert_eq!(Date::new(2026, 2, 29), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    month: Month,
    day: u8,
}

/// A month of the Gregorian calendar, of the years 1800 to 2199.
///
/// ```
/// use careplan_spec::calendar::Month;
///
/// let december = Month::new(2026, 12).expect("it exists");
/// assert_eq!(december.next().to_string(), "202701");
/// assert_eq!(Month::new(2026, 13), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: u16,
    month: u8,
}

impl Date {
    /// The date; `None` where there is none, or its year is not one of 1800 to 2199.
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        match Month::new(year, month) {
            Some(month) => month.day(day),
            None => None,
        }
    }

    /// Year, 1800 to 2199.
    pub const fn year(self) -> u16 {
        self.month.year
    }

    /// Month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month.month
    }

    /// Day, 1 to 31.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The month the date lies in.
    pub const fn month_of(self) -> Month {
        self.month
    }

    /// The date as a number, YYYYMMDD.
    pub const fn number(self) -> u32 {
        self.month_of().number() * 100 + self.day as u32
    }

    /// A number that grows by one a day, to count the days between two dates.
    pub const fn day_count(self) -> u32 {
        // Years begin in March, so that the leap day is the last of its year.
        let Month { year, month } = self.month;
        let (y, m) = if month < 3 {
            (year as u32 - 1, month as u32 + 9)
        } else {
            (year as u32, month as u32 - 3)
        };
        y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + self.day as u32
    }

    /// Day of the week, Monday is 1, Sunday is 7, as 曜日 in table 3.
    pub const fn weekday(self) -> u8 {
        // Zeller's congruence, shifted to Monday = 1.
        let Month { year, month } = self.month;
        let (y, m) = if month < 3 {
            (year as u32 - 1, month as u32 + 12)
        } else {
            (year as u32, month as u32)
        };
        let h = (self.day as u32 + 13 * (m + 1) / 5 + y + y / 4 - y / 100 + y / 400) % 7;
        ((h + 5) % 7 + 1) as u8
    }
}

impl Month {
    /// The first month there is here.
    pub const FIRST: Self = Self { year: 1800, month: 1 };

    /// The last one.
    pub const LAST: Self = Self { year: 2199, month: 12 };

    /// The month; `None` where there is none, or its year is not one of 1800 to 2199.
    pub const fn new(year: u16, month: u8) -> Option<Self> {
        if year < Self::FIRST.year || year > Self::LAST.year || month == 0 || month > 12 {
            return None;
        }
        Some(Self { year, month })
    }

    /// The month that a day of another calendar lies in; `None` outside the years of this one.
    pub fn of(day: jiff::civil::Date) -> Option<Self> {
        Self::new(u16::try_from(day.year()).ok()?, u8::try_from(day.month()).ok()?)
    }

    /// Year, 1800 to 2199.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// Month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The month as a number, YYYYMM.
    pub const fn number(self) -> u32 {
        self.year as u32 * 100 + self.month as u32
    }

    /// The month of a number YYYYMM.
    pub const fn from_number(number: u32) -> Option<Self> {
        if number > Self::LAST.number() {
            return None;
        }
        Self::new((number / 100) as u16, (number % 100) as u8)
    }

    /// Number of days.
    pub const fn days(self) -> u8 {
        days_in_month(self.year, self.month)
    }

    /// The following month; after the last one there is, that one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self { year, month } if month < 12 => Self { year, month: month + 1 },
            Self { year, .. } if year < Self::LAST.year => Self { year: year + 1, month: 1 },
            last => last,
        }
    }

    /// The month before; before the first one there is, that one.
    #[must_use]
    pub const fn previous(self) -> Self {
        match self {
            Self { year, month } if month > 1 => Self { year, month: month - 1 },
            Self { year, .. } if year > Self::FIRST.year => Self { year: year - 1, month: 12 },
            first => first,
        }
    }

    /// A date in this month; `None` where the day does not exist.
    pub const fn day(self, day: u8) -> Option<Date> {
        if day == 0 || day > self.days() {
            return None;
        }
        Some(Date { month: self, day })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:02}", self.month, self.day)
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
        assert_eq!(parse_date(b"20240229"), Date::new(2024, 2, 29));
        for wrong in ["20260229", "20260431", "2026041", "202604011", "2026/4/1", "00000000"] {
            assert_eq!(parse_date(wrong.as_bytes()), None, "{wrong}");
        }
        assert!(!is_date("２０２６".as_bytes()));
    }

    /// Another calendar, day by day, over every year there is here.
    #[test]
    fn every_day_is_the_one_of_another_calendar() {
        let mut day = jiff::civil::date(1800, 1, 1);
        let mut month = Month::FIRST;
        let mut yesterday = month.day(1).map(|first| first.day_count() - 1);
        assert_eq!(month.previous(), month);
        while day.year() < 2200 {
            let digits = day.strftime("%Y%m%d").to_string();
            let date = parse_date(digits.as_bytes()).expect("it exists");
            if day.day() == 1 {
                assert_eq!((date.month_of(), Month::of(day)), (month, Some(month)));
                assert_eq!(parse_month(&digits.as_bytes()[..6]), Some(month));
                assert_eq!(Month::from_number(month.number()), Some(month));
                assert_eq!(i16::from(month.days()), i16::from(day.days_in_month()));
                assert_eq!(month.day(0), None);
                assert_eq!(month.day(month.days() + 1), None);
                if month < Month::LAST {
                    assert_eq!(month.next().previous(), month);
                }
                month = month.next();
            }
            assert_eq!(yesterday.map(|count| count + 1), Some(date.day_count()), "{digits}");
            yesterday = Some(date.day_count());
            assert_eq!(date.to_string(), digits);
            assert_eq!(date.number().to_string(), digits);
            assert_eq!(date.weekday(), day.weekday().to_monday_one_offset() as u8, "{digits}");
            day = day.tomorrow().expect("not the last day");
        }
        assert_eq!((month, Month::of(day)), (Month::LAST, None));
        for wrong in ["17991231", "22000101", "20260001", "20261301", "20260100"] {
            assert_eq!(parse_date(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(days_in_month(2026, 13), 0);
        for (year, month) in [(1799, 12), (1800, 0), (2026, 13), (2199, 13), (2200, 1)] {
            assert_eq!(Month::new(year, month), None, "{year} {month}");
            assert_eq!(Date::new(year, month, 1), None, "{year} {month}");
        }
        assert_eq!(Month::from_number(6_553_600 + 202_606), None);
        assert_eq!((Date::new(2026, 4, 31), Date::new(2026, 4, 0)), (None, None));
        let date = Date::new(2026, 4, 30).expect("it exists");
        assert_eq!((date.year(), date.month(), date.day()), (2026, 4, 30));
        assert_eq!((date.month_of().year(), date.month_of().month()), (2026, 4));
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
        let december = Month::new(2025, 12).expect("a month");
        assert_eq!(december.next().number(), 202_601);
        assert_eq!(december.next().previous(), december);
        assert_eq!(december.to_string(), "202512");
    }
}
