//! C026 `same-finding-repeated`.

use crate::cause::{CauseCx, Told, is};
use crate::finding::Finding;
use crate::rule::Stage;
use crate::rules::prelude::*;

/// 同じ指摘が繰り返されている: the same finding again and again.
pub(crate) static SAME_FINDING_REPEATED: Rule = Rule {
    code: "C026",
    name: "same-finding-repeated",
    title: Text::new("同じ指摘が繰り返されている", "the same finding again and again"),
    explanation: Text::new(
        "同じ指摘がほとんどすべてのレコードにあるか、同じ値で何度も繰り返されています。入力の誤りではなく、出力の設定やプログラムの1か所が原因です。",
        "The same is found in nearly every record, or with the same value again and again: not a mistake of somebody who typed, but one place of the export or its settings.",
    ),
    message: Text::new(
        "{0}（{1}）が、同じように{2}件あります{3}。",
        "{0} ({1}) is found {2} times in the same way{3}.",
    ),
    fix: Text::new(
        "最初の指摘を見て、出力の設定かプログラムを直してください。",
        "Look at the first one, and mend the export or its settings.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(tell),
    examples: Examples { fails: &["same-finding-repeated"], passes: &["S1"] },
};

/// From how many findings of one value on it need not be nearly every record.
const MANY: u32 = 8;

fn tell(cx: &CauseCx<'_>) -> Vec<Told> {
    let evidence = cx.evidence;
    let of_records =
        |stage| matches!(stage, Stage::Bytes | Stage::Framing | Stage::Field | Stage::Record);
    let systematic = evidence.rules().into_iter().filter(|tally| {
        let everywhere = evidence.is_everywhere(tally)
            || tally.count >= MANY && tally.equal == tally.count && tally.first.at.record > 0;
        everywhere && of_records(tally.first.rule.stage())
    });
    systematic.map(|tally| told(cx, &tally.first, tally.count)).collect()
}

fn told(cx: &CauseCx<'_>, first: &Finding, count: u32) -> Told {
    let rule = first.rule;
    let fields = cx.evidence.fields(rule);
    let list = |separator: &str| -> String {
        let numbers: Vec<String> = fields.iter().take(5).map(u8::to_string).collect();
        numbers.join(separator)
    };
    let items = match fields.len() {
        0 => Text::made("", ""),
        1..=5 => Text::made(format!("（項目{}）", list("・")), format!(", items {}", list(", "))),
        _ => Text::made(
            format!("（項目{}など{}項目）", list("・"), fields.len()),
            format!(", {} items such as {}", fields.len(), list(", ")),
        ),
    };
    let of_rule = move |finding: &Finding| is(finding, rule) && finding.at.record > 0;
    Told::new(&SAME_FINDING_REPEATED, of_rule).say(|draft| {
        draft.finding.at = first.at;
        draft.finding.field = first.field;
        draft.finding.span = first.span;
        draft.finding.region = first.region;
        draft.finding.person = first.person;
        draft.finding.found.clone_from(&first.found);
        draft.finding.expected.clone_from(&first.expected);
        draft.finding.hint.clone_from(&first.hint);
        draft.arg(rule.code).arg(rule.title).arg(i64::from(count)).arg(items);
    })
}
