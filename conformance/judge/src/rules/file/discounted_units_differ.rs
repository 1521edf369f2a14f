//! L062 `discounted-units-differ`.

use crate::facts::Amount;
use crate::rules::file::table7::{self, Wrong};
use crate::rules::prelude::*;

/// 割引後単位数が、単位数と割引後率に合わない: units after discount do not follow from units and rate.
pub(crate) static DISCOUNTED_UNITS_DIFFER: Rule = Rule {
    code: "L062",
    name: "discounted-units-differ",
    title: Text::new(
        "割引後単位数が、単位数と割引後率に合わない",
        "units after discount do not follow from units and rate",
    ),
    explanation: Text::new(
        "割引後単位数は、単位数に割引後率（百分率、または割り引く率）を掛けたものです。端数処理は仕様にないため、1の差までは指摘しません。率が空のときは、割引後が割引前より大きくなければ指摘しません。",
        "Units after discount are units times the rate after discount (per cent; the rate taken off is understood too). Rounding is not specified; a difference of 1 is tolerated. Without a rate only more units after discount than before are reported.",
    ),
    message: Text::new(
        "{field}が{found}ですが、{0}は{expected}です。",
        "{field} is {found}, but {0} is {expected}.",
    ),
    fix: Text::new(
        "割引後率と割引後単位数を確認してください。割引がなければどちらも空で構いません。",
        "Check rate and units after discount; without a discount both may be empty.",
    ),
    source: Source::Fixed("L UPSIKYU 14, 15", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R27"],
    check: Check::File(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &[
            "units-after-discount-wrong",
            "units-after-discount-a-unit-off",
            "more-units-after-discount",
        ],
        passes: &[
            "K2",
            "detail-row-with-a-discount",
            "discount-per-mille",
            "discount-as-the-rate-taken-off",
            "rate-of-discount-alone",
            "units-after-discount-unchanged",
        ],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let mut wrong = Vec::new();
    for row in cx.facts.benefits_by_key().flatten().filter(|row| row.is_detail()) {
        let (Some(units), Some(found)) =
            (row.amount(Amount::Units), row.amount(Amount::DiscountedUnits))
        else {
            continue;
        };
        if units == 0 {
            continue;
        }
        let (expected, how) = match row.amount(Amount::DiscountRate).unwrap_or(0) {
            0 if units < 0 || found <= units => continue,
            0 => {
                (units, Text::made("割引前の単位数".to_owned(), "units before discount".to_owned()))
            }
            rate => {
                // 95 is five per cent less; 950 says the same per mille.
                let whole = if rate > 100 { 1000 } else { 100 };
                let fits = |rate: i64| (found * whole - units * rate).abs() <= whole;
                if fits(rate) || fits(whole - rate) {
                    continue;
                }
                let how = format!("{units}×{rate}/{whole}");
                (units * rate / whole, Text::made(how.clone(), how))
            }
        };
        wrong.push(Wrong { row: *row, amount: Amount::DiscountedUnits, expected, how });
    }
    table7::report(cx, &DISCOUNTED_UNITS_DIFFER, wrong);
}
