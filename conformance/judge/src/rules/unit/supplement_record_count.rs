//! X006 `supplement-record-count`.

use crate::rules::prelude::*;

/// 利用者補足情報が1人1件になっていない: not exactly one supplement record a person.
pub(crate) static SUPPLEMENT_RECORD_COUNT: Rule = Rule {
    code: "X006",
    name: "supplement-record-count",
    title: Text::new(
        "利用者補足情報が1人1件になっていない",
        "not exactly one supplement record a person",
    ),
    explanation: Text::new(
        "氏名・性別・生年月日は利用者補足情報だけにあります。1表や6表の利用者ごとに1件ないと、相手は誰の計画か分かりません。",
        "Name, sex and birth date stand in the supplement only. Without one record for each person the receiver cannot tell whose plan it is.",
    ),
    message: Text::new(
        "この利用者の利用者補足情報（UPHOSOKU）が{0}件です。",
        "This person has {0} supplement records (UPHOSOKU).",
    ),
    fix: Text::new("利用者ごとに1件ずつ出力してください。", "Write one for each person."),
    source: Source::Fixed("S 2.3", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["K05"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["person-without-supplement", "supplement-of-a-plan-with-month"],
        passes: &[
            "K2",
            "supplement-with-a-broken-number",
            "person-with-a-broken-number-in-table-1",
        ],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let Some(supplement) = cx.unit.file(FileKind::Uphosoku) else { return };
    let parent = cx.unit.file(FileKind::Up1kyo).or_else(|| cx.unit.file(FileKind::Upplan));
    let Some(parent) = parent else { return };
    if !supplement.facts.is_whole() {
        return;
    }
    for key in parent.facts.keys.iter().filter(|key| key.sound) {
        // Two records of one key are judged in the supplement itself: `duplicate-parent-key`.
        if supplement.facts.key(key.person, key.link).is_none() {
            cx.report_at(&SUPPLEMENT_RECORD_COUNT, parent, key.first, None).arg(0);
        }
    }
}
