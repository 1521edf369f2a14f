//! L013 `totals-differ`.

use crate::rules::file::table7::{self, Wrong};
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
        "全合計は明細の和になるはずですが、端数処理や限度超の配分は仕様に書かれていないため警告です。明細1行につき1の差までは指摘しません。明細が空で、種類別小計にだけ金額がある書き方では、小計を足します。指摘は利用者と年月ごとに1件です。",
        "The total should be the sum of the rows. Rounding and the split of units over the limit are not specified, so this is a warning; a difference of 1 a row is tolerated. Where the rows are empty and only subtotals hold the money, subtotals are added up. One finding a person and month.",
    ),
    message: Text::new(
        "全合計の{field}が{found}ですが、{0}は{expected}です。",
        "{field} of the total row is {found}, but {0} is {expected}.",
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
            "total-differs-from-subtotals",
        ],
        passes: &[
            "K2",
            "total-of-units-three-more",
            "total-wrong-beside-a-broken-value",
            "total-row-alone",
            "money-on-the-subtotal-row",
        ],
    },
};

fn check(cx: &mut FileCx<'_>) {
    if !cx.facts.is_whole() {
        return;
    }
    let mut wrong = Vec::new();
    for rows in cx.facts.benefits_by_key() {
        let details = rows.iter().filter(|row| row.is_detail()).count();
        if details == 0 {
            continue;
        }
        for total in rows.iter().filter(|row| row.is_total()) {
            for amount in table7::SUMMED {
                let Some(found) = total.amount(amount) else { continue };
                let services = rows.iter().filter(|row| row.is_detail());
                let plain: i64 = services.filter_map(|row| row.amount(amount)).sum();
                if (found - plain).abs() <= details as i64 && plain != 0 {
                    continue;
                }
                let Some(sums) = table7::totals_of(rows, amount) else { continue };
                if sums.iter().all(|sum| (found - sum).abs() > details as i64) {
                    wrong.push(Wrong {
                        row: *total,
                        amount,
                        expected: sums[0],
                        how: Text::new("明細の和", "the sum of the rows").into(),
                    });
                }
            }
        }
    }
    table7::report(cx, &TOTALS_DIFFER, wrong);
}
