//! L013 `totals-differ`.

use crate::facts::{BenefitRow, SUMMED};
use crate::rules::prelude::*;

/// 第7表の合計が明細の和と違う: totals of table 7 differ from the sum of the rows.
pub(crate) static TOTALS_DIFFER: Rule = Rule {
    code: "L013",
    name: "totals-differ",
    title: Text::new(
        "第7表の合計が明細の和と違う",
        "totals of table 7 differ from the sum of the rows",
    ),
    explanation: Text::new(
        "全合計は明細の和になるはずですが、端数処理や限度超の配分は仕様に書かれていないため警告です。明細1行につき1の差までは指摘しません。",
        "The total should be the sum of the rows. Rounding and the split of units over the limit are not specified, so this is a warning; a difference of 1 a row is tolerated.",
    ),
    message: Text::new(
        "全合計の{field}が{found}ですが、明細の和は{0}です。",
        "{field} of the total row is {found}, but the rows add up to {0}.",
    ),
    fix: Text::new(
        "合計の計算と、明細の出力漏れを確認してください。",
        "Check the sum and whether a row is missing.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R27", "RW 18"],
    check: Check::File(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &[
            "total-of-units-wrong",
            "total-of-units-four-more",
            "total-of-units-four-less",
            "total-of-units-over-the-limit",
            "total-of-cost-wrong",
            "claims-do-not-add-up",
        ],
        passes: &[
            "K2",
            "total-of-units-three-more",
            "total-wrong-beside-a-broken-value",
            "total-row-alone",
        ],
    },
};

fn check(cx: &mut FileCx<'_>) {
    if !cx.facts.is_whole() {
        return;
    }
    let mut sums = vec![([0i64; SUMMED.len()], 0i64); cx.facts.keys.len()];
    for row in cx.facts.benefits.iter().filter(|row| !row.is_total() && !row.is_subtotal()) {
        let (sum, rows) = &mut sums[row.key as usize];
        *rows += 1;
        for (sum, amount) in sum.iter_mut().zip(row.amounts) {
            *sum += i64::from(amount.unwrap_or(0));
        }
    }
    let mut wrong = Vec::new();
    let whole = |row: &&BenefitRow| cx.facts.keys[row.key as usize].whole;
    for total in cx.facts.benefits.iter().filter(|row| row.is_total()).filter(whole) {
        let (sum, rows) = &sums[total.key as usize];
        for (at, field) in SUMMED.into_iter().enumerate() {
            if let Some(found) = total.amounts[at]
                && *rows > 0
                && (i64::from(found) - sum[at]).abs() > *rows
            {
                wrong.push((total.at, field, found, sum[at]));
            }
        }
    }
    for (at, field, found, sum) in wrong {
        cx.report_at(&TOTALS_DIFFER, at, Some(field)).found(found.to_string()).arg(sum);
    }
}
