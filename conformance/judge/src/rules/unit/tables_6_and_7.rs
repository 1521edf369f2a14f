//! Tables 6 and 7 of one person and month, side by side, for rules that compare them.

use std::collections::HashMap;

use crate::facts::{BenefitRow, SupplementRow, UseRow};
use crate::rules::prelude::*;

/// What tables 6 and 7 say about one person and month.
pub(crate) struct Month<'a> {
    /// Index of the key in table 6.
    pub(crate) key: u32,
    /// Table 6.
    pub(crate) plan: UnitFile<'a>,
    /// Table 7.
    pub(crate) benefits: UnitFile<'a>,
    /// The rows of table 6.
    pub(crate) uses: &'a [UseRow],
    /// The rows of table 7.
    pub(crate) rows: &'a [BenefitRow],
}

impl Month<'_> {
    /// The services of table 7.
    pub(crate) fn details(&self) -> impl Iterator<Item = &BenefitRow> {
        self.rows.iter().filter(|row| row.is_detail())
    }
}

/// Every person and month that both tables have, of whom no row broke a field rule.
pub(crate) fn months<'a>(unit: &UnitView<'a>) -> Vec<Month<'a>> {
    let (Some(plan), Some(benefits)) = (unit.file(FileKind::Upplan), unit.file(FileKind::Upsikyu))
    else {
        return Vec::new();
    };
    if !plan.facts.is_whole() || !benefits.facts.is_whole() {
        return Vec::new();
    }
    let of_key: HashMap<u32, &'a [BenefitRow]> =
        benefits.facts.benefits_by_key().map(|rows| (rows[0].key, rows)).collect();
    // What is not exchanged at all, or has a doubtful code, is said of the row (R009, R010, F016).
    let known = |row: &UseRow| {
        let scope = service_kind::find(&row.service_kind()).map(|kind| kind.scope);
        scope == Some(service_kind::Scope::Covered)
            && service_code::has_usual_characters(&row.code)
            && row.office[0] != 0
            && row.date != 0
    };
    let known_row = |row: &BenefitRow| {
        let scope = service_kind::find(&row.service_kind()).map(|kind| kind.scope);
        !row.is_detail()
            || scope == Some(service_kind::Scope::Covered)
                && service_code::has_usual_characters(&row.code)
    };
    plan.facts
        .uses_by_key()
        .filter(|uses| uses.iter().all(known))
        .filter_map(|uses| {
            let key = &plan.facts.keys[uses[0].key as usize];
            let other = benefits.facts.index.get(&(key.person, key.link))?;
            let rows = of_key.get(other).copied().filter(|rows| rows.iter().all(known_row))?;
            key.whole.then_some(Month { key: uses[0].key, plan, benefits, uses, rows })
        })
        .collect()
}

/// The supplement of a person and month, if it has one that broke no field rule.
pub(crate) fn supplement_of<'a>(
    supplements: UnitFile<'a>,
    of: UnitFile<'_>,
    key: u32,
) -> Option<(&'a SupplementRow, [u8; 2])> {
    let key = &of.facts.keys[key as usize];
    let other = *supplements.facts.index.get(&(key.person, key.link))?;
    let level = &supplements.facts.keys[other as usize];
    let rows = &supplements.facts.supplements;
    let row = &rows[rows.binary_search_by_key(&other, |row| row.key).ok()?];
    (level.whole && level.count == 1).then_some((row, level.care_level))
}

/// A code or number as text.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned()
}
