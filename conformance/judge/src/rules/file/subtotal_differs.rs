//! L060 `subtotal-differs`.

use crate::facts::Amount;
use crate::rules::file::table7::{self, Wrong};
use crate::rules::prelude::*;

/// 第7表の種類別小計が明細の和と違う: a subtotal of table 7 differs from its rows.
pub(crate) static SUBTOTAL_DIFFERS: Rule = Rule {
    code: "L060",
    name: "subtotal-differs",
    title: Text::new(
        "第7表の種類別小計が明細の和と違う",
        "a subtotal of table 7 differs from its rows",
    ),
    explanation: Text::new(
        "種類別小計（AAAA・EEEE・ZZZZ）は、その事業所と種類の明細の和です。明細のどれかが空のときは比べません。金額は明細1行につき1円の差まで指摘しません。合計の決まりは仕様に書かれていないため警告で、利用者と年月ごとに1件です。",
        "A subtotal (AAAA, EEEE, ZZZZ) is the sum of the rows of its office and kind. It is not compared where one of them is empty; of yen, a difference of 1 a row is tolerated. Sums are not specified, so this is a warning, one a person and month.",
    ),
    message: Text::new(
        "小計の{field}が{found}ですが、{0}は{expected}です。",
        "{field} of the subtotal is {found}, but {0} is {expected}.",
    ),
    fix: Text::new(
        "小計の計算と、明細の出力漏れを確認してください。",
        "Check the subtotal and whether a row is missing.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R27", "RW 18"],
    check: Check::File(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &[
            "subtotal-of-units-wrong",
            "subtotal-of-cost-three-more",
            "units-inside-the-limit-of-a-subtotal-wrong",
        ],
        passes: &[
            "K2",
            "K2/rich",
            "subtotal-of-cost-two-more",
            "money-on-the-subtotal-row",
            "subtotal-beside-a-broken-value",
        ],
    },
};

fn check(cx: &mut FileCx<'_>) {
    if !cx.facts.is_whole() {
        return;
    }
    let mut wrong = Vec::new();
    for rows in cx.facts.benefits_by_key() {
        for subtotal in rows.iter().filter(|row| row.is_subtotal()) {
            for amount in std::iter::once(Amount::ServiceUnits).chain(table7::SUMMED) {
                let Some(found) = subtotal.amount(amount) else { continue };
                let answers = table7::subtotals_of(rows, subtotal, amount);
                // A row whose units are not units times count is one finding (L061), not two.
                if amount == Amount::ServiceUnits
                    && table7::product_of(rows, subtotal) == Some(found)
                {
                    continue;
                }
                let fits = |(sum, rows): &(i64, i64)| {
                    (found - sum).abs() <= if amount.is_yen() { *rows } else { 0 }
                };
                if let Some((expected, _)) = answers.first()
                    && !answers.iter().any(fits)
                {
                    let kind = String::from_utf8_lossy(&subtotal.service_kind()).into_owned();
                    wrong.push(Wrong {
                        row: *subtotal,
                        amount,
                        expected: *expected,
                        how: Text::made(
                            format!("種類{kind}の明細の和"),
                            format!("the sum of the rows of kind {kind}"),
                        ),
                    });
                }
            }
        }
    }
    table7::report(cx, &SUBTOTAL_DIFFERS, wrong);
}
