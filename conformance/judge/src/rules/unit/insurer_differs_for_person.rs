//! X009 `insurer-differs-for-person`.

use std::collections::HashMap;

use crate::rules::prelude::*;

/// 同じ被保険者番号に保険者番号が2つある: one insured number under two insurers.
pub(crate) static INSURER_DIFFERS_FOR_PERSON: Rule = Rule {
    code: "X009",
    name: "insurer-differs-for-person",
    title: Text::new(
        "同じ被保険者番号に保険者番号が2つある",
        "one insured number under two insurers",
    ),
    explanation: Text::new(
        "同じ送信単位の中で、同じ被保険者番号の保険者番号が違うと、別の人として扱われます。転居のときは正しいこともあります。",
        "Inside a unit one insured number under two insurers is taken for two people. After a move it may be right.",
    ),
    message: Text::new(
        "同じ被保険者番号が、{0}では別の保険者番号になっています。",
        "The same insured number has another insurer number in {0}.",
    ),
    fix: Text::new("保険者番号をそろえてください。", "Write the same insurer number."),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["RW 5"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["insurer-differs-in-the-supplement"],
        passes: &["K2", "supplement-with-a-broken-insurer"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let mut first: HashMap<u64, (u64, FileKind)> = HashMap::new();
    let mut wrong = Vec::new();
    for file in &cx.unit.files {
        for key in file.facts.keys.iter().filter(|key| key.sound) {
            let known = *first.entry(key.insured).or_insert((key.insurer, file.header.kind));
            if known.0 != key.insurer {
                wrong.push((*file, key.first, known.1));
            }
        }
    }
    for (file, at, other) in wrong {
        cx.report_at(&INSURER_DIFFERS_FOR_PERSON, file, at, None).arg(other.prefix());
    }
}
