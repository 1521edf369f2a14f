//! L063 `claim-not-by-rate`.

use crate::facts::{Amount, BenefitRow};
use crate::rules::file::table7::{self, Wrong};
use crate::rules::prelude::*;

/// 保険請求額が、費用総額×給付率と違う: the claim is not cost times benefit rate.
pub(crate) static CLAIM_NOT_BY_RATE: Rule = Rule {
    code: "L063",
    name: "claim-not-by-rate",
    title: Text::new(
        "保険請求額が、費用総額×給付率と違う",
        "the claim is not cost times benefit rate",
    ),
    explanation: Text::new(
        "請求額は、費用総額に給付率を掛けて1円未満を切り捨てたものです。端数処理は仕様にないため、1円（小計では明細1行につき1円）の差までは指摘しません。給付率と金額が同じ行にあるときだけ計算し、定額の利用者負担の行は計算しません。",
        "The claim is cost times rate, cut to whole yen. Rounding is not specified: a yen of difference (in a subtotal one a row) is tolerated. It is computed only where rate and money stand in one row, and not for fixed copayments.",
    ),
    message: Text::new(
        "{field}が{found}ですが、{0}は{expected}です。",
        "{field} is {found}, but {0} is {expected}.",
    ),
    fix: Text::new(
        "請求額と利用者負担が入れ替わっていないか、給付率が正しいか確認してください。",
        "Check whether claim and copayment are swapped, and the rate.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R27", "RW 18"],
    check: Check::File(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &["claim-and-copayment-swapped", "claim-two-yen-more"],
        passes: &[
            "K2",
            "K2/rich",
            "claim-one-yen-more",
            "money-on-the-subtotal-row",
            "fixed-copayment",
            "public-assistance-pays-all",
        ],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let mut wrong = Vec::new();
    for rows in cx.facts.benefits_by_key() {
        for row in rows {
            let (Some(cost), Some(rate), Some(found)) =
                (row.amount(Amount::Cost), row.amount(Amount::Rate), row.amount(Amount::Claim))
            else {
                continue;
            };
            // Per cent by convention; F027 says what else stands there.
            if !matches!(rate, 0 | 11..=100) {
                continue;
            }
            let may_differ = if row.is_detail() {
                1
            } else {
                let of_kind = |other: &&BenefitRow| {
                    other.is_detail()
                        && (row.is_total() || other.service_kind() == row.service_kind())
                };
                rows.iter().filter(of_kind).count().max(1) as i64
            };
            let expected = (cost * rate).div_euclid(100);
            let is_fixed = row.amount(Amount::FixedCopay).unwrap_or(0) != 0;
            // That claim and copayment do not make up the cost is said of the record (R021).
            let copay = row.amount(Amount::Copay).unwrap_or(cost - found);
            let adds_up = (cost - found - copay).abs() <= 1;
            if !is_fixed && adds_up && (found - expected).abs() > may_differ {
                let how = format!("{cost}×{rate}/100");
                wrong.push(Wrong {
                    row: *row,
                    amount: Amount::Claim,
                    expected,
                    how: Text::made(how.clone(), how),
                });
            }
        }
    }
    table7::report(cx, &CLAIM_NOT_BY_RATE, wrong);
}
