//! X041 `support-level-differs`.

use std::collections::HashSet;

use crate::rules::prelude::*;

/// 要支援状態区分が基本情報と支援計画書で違う: levels of basic information and plan differ.
pub(crate) static SUPPORT_LEVEL_DIFFERS: Rule = Rule {
    code: "X041",
    name: "support-level-differs",
    title: Text::new(
        "要支援状態区分が基本情報と支援計画書で違う",
        "levels of basic information and plan differ",
    ),
    explanation: Text::new(
        "同じ人の要介護（要支援）状態区分が、利用者基本情報と支援計画書で合いません。支援計画書の1は要支援１（12）、2は要支援２（13）です。3（地域支援事業）は要介護の区分とだけ合いません。基本情報が複数あるときは、どれか1つと合えば指摘しません。",
        "Basic information and plan give one person different levels: 1 in the plan is 要支援１ (12), 2 is 要支援２ (13); 3 goes with everything but 要介護. Of several records of basic information one that agrees is enough.",
    ),
    message: Text::new(
        "要支援状態区分が、支援計画書では{0}、利用者基本情報では{1}です。",
        "The level is {0} in the plan and {1} in basic information.",
    ),
    fix: Text::new(
        "被保険者証の区分を確認し、そろえてください。",
        "Check the certification and make them agree.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["RW 25"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["support-level-of-another-certification", "support-programme-for-care-level-1"],
        passes: &[
            "Y2",
            "support-level-of-the-certification",
            "support-programme-for-support-level",
        ],
    },
};

/// Whether a level of UPYOBO 14 goes with one of UPKIHON 23.
fn agree(plan: [u8; 2], basic: [u8; 2]) -> bool {
    match plan[0] {
        b'1' => &basic == b"12",
        b'2' => &basic == b"13",
        b'3' => basic[0] != b'2',
        _ => true,
    }
}

fn check(cx: &mut UnitCx<'_>) {
    let (Some(plan), Some(basic)) =
        (cx.unit.file(FileKind::Upyobo), cx.unit.file(FileKind::Upkihon))
    else {
        return;
    };
    let mut said = HashSet::new();
    for key in &plan.facts.keys {
        let known = basic.facts.keys.iter();
        let mut levels = known
            .filter(|other| other.person == key.person && other.care_level[0] != 0)
            .map(|other| other.care_level);
        let Some(first) = levels.next() else { continue };
        let differs = !agree(key.care_level, first) && !levels.any(|it| agree(key.care_level, it));
        if differs && said.insert(key.person) {
            cx.report_at(&SUPPORT_LEVEL_DIFFERS, plan, key.first, Some(upyobo::SUPPORT_LEVEL))
                .arg(ms932::decode_lossy(&key.care_level[..1]))
                .arg(ms932::decode_lossy(&first));
        }
    }
}
