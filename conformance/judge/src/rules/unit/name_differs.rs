//! X042 `name-differs`.

use std::collections::{HashMap, HashSet};

use crate::rules::prelude::*;

/// 氏名が基本情報と支援計画書で違う: names of basic information and plan differ.
pub(crate) static NAME_DIFFERS: Rule = Rule {
    code: "X042",
    name: "name-differs",
    title: Text::new(
        "氏名が基本情報と支援計画書で違う",
        "names of basic information and plan differ",
    ),
    explanation: Text::new(
        "同じ被保険者番号の人の氏名が、利用者基本情報と支援計画書で違います。別の人の記録が混ざっていないか確認してください。字体（髙と高など）や改姓の違いのこともあります。氏名の空白の違いは指摘しません。",
        "One insured number has two names in basic information and plan: the record of somebody else, another form of a character, or a changed name. Spaces do not matter.",
    ),
    message: Text::new(
        "同じ人の氏名が、支援計画書と利用者基本情報で違います。",
        "The name of one person differs between plan and basic information.",
    ),
    fix: Text::new(
        "被保険者番号と氏名を確認し、そろえてください。",
        "Check number and name, and make them agree.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["RW 5"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["name-of-somebody-else"],
        passes: &["Y2", "name-with-another-space"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let (Some(plan), Some(basic)) =
        (cx.unit.file(FileKind::Upyobo), cx.unit.file(FileKind::Upkihon))
    else {
        return;
    };
    let named = basic.facts.keys.iter().filter(|key| key.sound && key.name != 0);
    let names: HashMap<u64, u64> = named.map(|key| (key.person, key.name)).collect();
    let mut said = HashSet::new();
    for key in plan.facts.keys.iter().filter(|key| key.sound && key.name != 0) {
        let differs = names.get(&key.person).is_some_and(|name| *name != key.name);
        if differs && said.insert(key.person) {
            cx.report_at(&NAME_DIFFERS, plan, key.first, Some(upyobo::USER_NAME));
        }
    }
}
