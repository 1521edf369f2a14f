//! Service codes that exist: what is known of 介護給付費単位数等サービスコード表 and of the tables
//! of 総合事業, as facts (code, name, units) with the months they hold for.
//!
//! [`BASIS`]: the official lists were not read. The codes are those of excerpts and of public data
//! made from the lists of June 2024 (令和6年6月) and June 2026 (令和8年6月), and of one city's
//! table for A2 and A6. What is not here is not wrong: it is unknown. Other kinds, care levels, time
//! bands and months are left out, and so are units that no source gave.

mod table;

use crate::basis::Basis;
use crate::calendar::Month;

/// What a statement about one of these codes rests on.
pub const BASIS: Basis = Basis::Inferred;

/// What a code is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// Units for each use, day or month.
    Units(u16),
    /// Units that are billed, and the greater ones that count towards the monthly limit: large day
    /// care (大規模型通所), items 13 and 18 of UPSIKYU.
    UnitsAndLimit(u16, u16),
    /// A rate of the other units of the month, per mille.
    PerMille(u16),
    /// The price paid by the unit price (現に要した額÷単価): rented equipment.
    Price,
    /// The code exists; its units were not found.
    Unknown,
}

impl Worth {
    /// Units billed for each use, where they are known and the same for everybody.
    pub const fn units(self) -> Option<u16> {
        match self {
            Self::Units(units) | Self::UnitsAndLimit(units, _) => Some(units),
            Self::PerMille(_) | Self::Price | Self::Unknown => None,
        }
    }

    /// Units for each use that count towards the monthly limit.
    pub const fn limit_units(self) -> Option<u16> {
        match self {
            Self::UnitsAndLimit(_, limit) => Some(limit),
            other => other.units(),
        }
    }
}

/// For what the units are given (算定単位).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// 1回につき.
    Use,
    /// 1日につき.
    Day,
    /// 1月につき.
    Month,
}

/// Which edition of the lists a code was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// June 2024.
    R6,
    /// June 2024, and another worth is known from June 2026.
    R6Alone,
    /// June 2026.
    R8,
    /// June 2024 and June 2026, with the same worth.
    Both,
    /// One city's table of June 2026.
    City,
}

impl Evidence {
    /// The first month the code is known to hold for.
    pub const fn first_month(self) -> Month {
        match self {
            Self::R6 | Self::R6Alone | Self::Both => JUNE_2024,
            Self::R8 | Self::City => JUNE_2026,
        }
    }

    /// The last month, where a later edition says otherwise.
    pub const fn last_month(self) -> Option<Month> {
        match self {
            Self::R6Alone => Some(JUNE_2026.previous()),
            Self::R6 | Self::R8 | Self::Both | Self::City => None,
        }
    }
}

const JUNE_2024: Month = Month::new(2024, 6).expect("a month");
const JUNE_2026: Month = Month::new(2026, 6).expect("a month");

/// A service code that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownCode {
    /// Kind and item, six characters.
    pub code: &'static str,
    /// サービスコード名称, as the source writes it.
    pub name: &'static str,
    /// What it is worth.
    pub worth: Worth,
    /// For what.
    pub per: Per,
    /// Where it was found.
    pub evidence: Evidence,
}

impl KnownCode {
    /// Service kind, two characters.
    pub fn kind(&self) -> &'static str {
        &self.code[..2]
    }

    /// Item (サービス項目), four characters.
    pub fn item(&self) -> &'static str {
        &self.code[2..]
    }

    /// Whether the code is known to hold in a month.
    pub fn holds_in(&self, month: Month) -> bool {
        self.evidence.first_month() <= month
            && self.evidence.last_month().is_none_or(|last| month <= last)
    }

    /// Whether it is left out of the monthly limit beside services that count towards it:
    /// 処遇改善加算 and サービス提供体制強化加算.
    pub fn is_outside_limit(&self) -> bool {
        self.name.contains("処遇改善") || self.name.contains("サービス提供体制")
    }
}

const fn code(
    code: &'static str,
    name: &'static str,
    worth: Worth,
    per: Per,
    evidence: Evidence,
) -> KnownCode {
    KnownCode { code, name, worth, per, evidence }
}

/// Every known code, by code.
pub fn all() -> &'static [KnownCode] {
    &table::CODES
}

/// What is known of an item of a kind in a month.
///
/// ```
/// use careplan_spec::calendar::Month;
/// use careplan_spec::known_code::{self, Worth};
///
/// let june = Month::new(2026, 6).expect("a month");
/// let day_care = known_code::find("15", "3696", june).expect("a known code");
/// assert_eq!((day_care.name, day_care.worth), ("通所介護Ⅲ５１", Worth::UnitsAndLimit(607, 658)));
/// // A month that no source speaks of.
/// assert_eq!(known_code::find("15", "3696", Month::new(2024, 5).expect("a month")), None);
/// ```
pub fn find(kind: &str, item: &str, month: Month) -> Option<&'static KnownCode> {
    let first = all().partition_point(|known| (known.kind(), known.item()) < (kind, item));
    all()[first..]
        .iter()
        .take_while(|known| (known.kind(), known.item()) == (kind, item))
        .find(|known| known.holds_in(month))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service_code;

    const fn month(year: u16, month: u8) -> Month {
        Month::new(year, month).expect("a month")
    }

    #[test]
    fn codes_are_in_order_and_never_known_twice_for_a_month() {
        assert_eq!(all().len(), 263, "the codes, and one that changed its worth");
        for pair in all().windows(2) {
            let [a, b] = pair else { continue };
            let later = a.evidence.last_month().is_some_and(|last| last < b.evidence.first_month());
            assert!(a.code < b.code || a.code == b.code && later, "{} {}", a.code, b.code);
        }
    }

    #[test]
    fn every_code_has_its_shape_a_name_and_units_that_can_be() {
        for known in all() {
            assert!(service_code::has_usual_characters(known.code.as_bytes()), "{}", known.code);
            assert!(!known.name.is_empty() && !known.name.contains(char::is_whitespace));
            match known.worth {
                Worth::Units(units) => assert!(units > 0, "{}", known.code),
                Worth::UnitsAndLimit(billed, limit) => assert!(billed < limit, "{}", known.code),
                Worth::PerMille(rate) => {
                    assert!((1..500).contains(&rate) && known.is_outside_limit(), "{}", known.code);
                }
                Worth::Price => assert!(service_code::is_rental_item(known.code.as_bytes())),
                Worth::Unknown => assert_eq!(known.worth.units(), None),
            }
        }
    }

    #[test]
    fn a_code_is_known_from_its_first_month_to_its_last() {
        let worth = |kind, item, month| find(kind, item, month).map(|known| known.worth);
        // In both editions.
        assert_eq!(worth("11", "1111", month(2024, 5)), None);
        assert_eq!(worth("11", "1111", month(2024, 6)), Some(Worth::Units(244)));
        assert_eq!(worth("11", "1111", Month::LAST), Some(Worth::Units(244)));
        // In the later one alone.
        assert_eq!(worth("78", "1441", month(2026, 5)), None);
        assert_eq!(worth("78", "1441", month(2026, 6)), Some(Worth::Units(753)));
        // A rate that changed, and one of a city.
        assert_eq!(worth("11", "6274", month(2026, 5)), Some(Worth::PerMille(224)));
        assert_eq!(worth("11", "6274", month(2026, 6)), Some(Worth::PerMille(249)));
        assert_eq!(worth("A2", "6269", month(2026, 5)), None);
        assert_eq!(worth("A2", "6269", month(2026, 6)), Some(Worth::PerMille(270)));
        // Neither before the first of the table nor after its last.
        assert_eq!(worth("10", "0000", month(2026, 6)), None);
        assert_eq!(worth("ZZ", "9999", month(2026, 6)), None);
        assert_eq!(worth("11", "2217", month(2026, 6)), None);
    }

    #[test]
    fn large_day_care_has_two_values_and_what_is_at_a_rate_is_outside_the_limit() {
        let find = |kind, item| find(kind, item, month(2026, 6)).expect("a known code");
        let large = find("15", "4815").worth;
        assert_eq!((large.units(), large.limit_units()), (Some(1086), Some(1168)));
        let bath = find("15", "5301");
        assert_eq!((bath.worth.units(), bath.worth.limit_units()), (Some(40), Some(40)));
        assert!(!bath.is_outside_limit());
        assert!(find("15", "6099").is_outside_limit() && find("16", "6107").is_outside_limit());
        for (kind, item) in [("17", "1007"), ("15", "5612"), ("11", "6275")] {
            let worth = find(kind, item).worth;
            assert_eq!((worth.units(), worth.limit_units()), (None, None), "{kind}{item}");
        }
    }
}
