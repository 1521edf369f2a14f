//! L065 `limit-split-differs`.

use crate::facts::{Amount, BenefitRow};
use crate::rules::file::table7::{self, Wrong};
use crate::rules::prelude::*;

/// 限度額の内と外の単位数が、全体と合わない: units within and over a limit do not make up the whole.
pub(crate) static LIMIT_SPLIT_DIFFERS: Rule = Rule {
    code: "L065",
    name: "limit-split-differs",
    title: Text::new(
        "限度額の内と外の単位数が、全体と合わない",
        "units within and over a limit do not make up the whole",
    ),
    explanation: Text::new(
        "区分支給限度基準の超と内を足すと、給付管理単位数かサービス単位（大規模型の通所ではその間）になります。種類支給限度基準の超があれば、その内の単位数と比べます。どちらも0、または空の行は比べません。配分の決まりは仕様にないため警告です。",
        "Units over and within the monthly limit make up units of benefit management or of service (for large day-care offices something between), or what is within a kind's limit. Rows where both are 0 or empty are not compared. The split is not specified, so this is a warning.",
    ),
    message: Text::new(
        "{field}が{found}ですが、{0}は{expected}です。",
        "{field} is {found}, but {0} is {expected}.",
    ),
    fix: Text::new(
        "限度額の内と外の単位数を確認してください。",
        "Check the units within and over the limit.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R27"],
    check: Check::File(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &[
            "units-within-the-limit-wrong",
            "units-over-and-within-too-many",
            "units-within-a-kind-limit-wrong",
        ],
        passes: &[
            "K2",
            "K2/rich",
            "units-inside-the-limit-alone",
            "units-split-at-the-limit",
            "units-split-at-a-kind-limit",
            "large-day-care",
        ],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let mut wrong = Vec::new();
    let details = |row: &&BenefitRow| row.is_detail() && !row.over_30_days;
    for row in cx.facts.benefits_by_key().flatten().filter(details) {
        let wholes = [Amount::ServiceUnits, Amount::Managed].map(|whole| row.amount(whole));
        let (Some(least), Some(most)) =
            (wholes.into_iter().flatten().min(), wholes.into_iter().flatten().max())
        else {
            continue;
        };
        let over_kind = row.amount(Amount::OverKindLimit).unwrap_or(0);
        let within_kind = row.amount(Amount::WithinKindLimit).unwrap_or(0);
        for (over, within) in [
            (Amount::OverKindLimit, Amount::WithinKindLimit),
            (Amount::OverLimit, Amount::WithinLimit),
        ] {
            let Some(inside) = row.amount(within) else { continue };
            let outside = row.amount(over).unwrap_or(0);
            let sum = outside + inside;
            let after_kind = within == Amount::WithinLimit && over_kind > 0 && sum == within_kind;
            if sum == 0 || (least..=most).contains(&sum) || after_kind {
                continue;
            }
            wrong.push(Wrong {
                row: *row,
                amount: within,
                expected: most - outside,
                how: Text::made(
                    format!("{most}から超の{outside}を引いた残り"),
                    format!("what is left of {most} after {outside} over the limit"),
                ),
            });
        }
    }
    table7::report(cx, &LIMIT_SPLIT_DIFFERS, wrong);
}
