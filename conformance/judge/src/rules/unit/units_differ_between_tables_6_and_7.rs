//! X062 `units-differ-between-tables-6-and-7`.

use crate::facts::{Amount, BenefitRow, UseRow};
use crate::rules::file::table7::more_of_person;
use crate::rules::prelude::*;
use crate::rules::unit::tables_6_and_7::{Month, text};

/// 第6表の単位数が、第7表の単位数と違う: units of table 6 are not those of table 7.
pub(crate) static UNITS_DIFFER_BETWEEN_TABLES_6_AND_7: Rule = Rule {
    code: "X062",
    name: "units-differ-between-tables-6-and-7",
    title: Text::new(
        "第6表の単位数が、第7表の単位数と違う",
        "units of table 6 are not those of table 7",
    ),
    explanation: Text::new(
        "第6表の単位数は割引後の1回あたりの単位数で、第7表の同じ事業所・同じコードの行のどれか（割引後、割引前、または給付管理単位数の1回分）と同じはずです。0の行と率の加算は比べません。利用者と年月ごとに1件です。",
        "Units in table 6 are those of one use after discount; some row of table 7 of the office and code has the same (after or before discount, or those of benefit management for one use). Rows of 0 and rates are not compared. One finding a person and month.",
    ),
    message: Text::new(
        "{0}の{field}が{found}ですが、第7表では{expected}です。",
        "{field} of {0} is {found}, but {expected} in table 7.",
    ),
    fix: Text::new(
        "同じ月のサービスコード表の単位数か確認してください。",
        "Check that both come from the table of codes of the month.",
    ),
    source: Source::Fixed("L UPPLAN 8", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R27"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["units-of-table-6-of-another-month"],
        passes: &[
            "K2",
            "K2/rich",
            "units-after-discount-counted",
            "large-day-care",
            "units-of-a-rate-in-table-6",
        ],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    for month in cx.months {
        let wrong = differing(month);
        let Some((row, expected)) = wrong.first() else { continue };
        let draft = cx
            .report_at(
                &UNITS_DIFFER_BETWEEN_TABLES_6_AND_7,
                month.plan,
                row.at,
                Some(upplan::UNITS),
            )
            .found(row.units.get().unwrap_or(0).to_string())
            .expected(expected.to_string())
            .arg(text(&row.code));
        if wrong.len() > 1 {
            draft.hint(more_of_person(wrong.len() - 1));
        }
    }
}

/// The first row of each office, code and units of table 6 that no row of table 7 has.
fn differing<'m>(month: &'m Month<'_>) -> Vec<(&'m UseRow, i64)> {
    let mut wrong: Vec<(&UseRow, i64)> = Vec::new();
    for row in month.uses {
        let Some(units) = row.units.get().map(i64::from).filter(|units| *units != 0) else {
            continue;
        };
        let is_said = |(other, _): &(&UseRow, i64)| {
            (other.office, other.code, other.units) == (row.office, row.code, row.units)
        };
        if wrong.iter().any(is_said) {
            continue;
        }
        let mut first = None;
        let mut fits = false;
        for other in
            month.details().filter(|other| (other.office, other.code) == (row.office, row.code))
        {
            first = first.or(Some(other));
            fits |= fits_row(units, other);
        }
        if let Some(other) = first
            && !fits
        {
            let after = other.amount(Amount::DiscountedUnits).or(other.amount(Amount::Units));
            wrong.push((row, after.unwrap_or(0)));
        }
    }
    wrong
}

fn fits_row(units: i64, row: &BenefitRow) -> bool {
    let count = row.amount(Amount::Count).unwrap_or(0);
    let own = row.amount(Amount::Units);
    // A rate, or a row whose own units say nothing.
    let is_rate = own.unwrap_or(0) == 0 || (count <= 1 && !row.is_managed());
    // 共生型: what is taken off stands in table 6 on the first day.
    let is_taken_off = (units < 0) != (own.unwrap_or(0) < 0);
    is_rate
        || is_taken_off
        || own == Some(units)
        || row.amount(Amount::DiscountedUnits) == Some(units)
        || row.amount(Amount::Managed) == Some(units * count)
}
