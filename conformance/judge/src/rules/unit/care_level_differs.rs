//! X013 `care-level-differs`.

use crate::rules::prelude::*;

/// 要介護状態区分が第1表と補足情報で違う: care levels of table 1 and the supplement differ.
pub(crate) static CARE_LEVEL_DIFFERS: Rule = Rule {
    code: "X013",
    name: "care-level-differs",
    title: Text::new(
        "要介護状態区分が第1表と補足情報で違う",
        "care levels of table 1 and the supplement differ",
    ),
    explanation: Text::new(
        "同じ人の同じ計画で要介護度が違います。区分変更の直後には起こり得ます。",
        "One plan of one person has two levels; right after a change this may happen.",
    ),
    message: Text::new(
        "要介護状態区分が、第1表では{0}、利用者補足情報では{1}です。",
        "The care level is {0} in table 1 and {1} in the supplement.",
    ),
    fix: Text::new(
        "認定の内容を確認し、そろえてください。",
        "Check the certification and make them agree.",
    ),
    source: Source::Fixed("返戻10QJ", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["RW 25"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["care-level-of-last-month"],
        passes: &["K1", "care-levels-of-another-plan", "care-level-without-zero"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let (Some(plan), Some(supplement)) =
        (cx.unit.file(FileKind::Up1kyo), cx.unit.file(FileKind::Uphosoku))
    else {
        return;
    };
    for key in &plan.facts.keys {
        let Some(other) = supplement.facts.key(key.person, key.link) else { continue };
        let known = key.care_level[0] != 0 && other.care_level[0] != 0;
        if known && key.care_level != other.care_level {
            let text = |level: [u8; 2]| String::from_utf8_lossy(&level).into_owned();
            cx.report_at(&CARE_LEVEL_DIFFERS, plan, key.first, Some(up1kyo::CARE_LEVEL))
                .arg(text(key.care_level))
                .arg(text(other.care_level));
        }
    }
}
