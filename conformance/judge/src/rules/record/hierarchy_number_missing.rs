//! R025 `hierarchy-number-missing`.

use crate::rules::prelude::*;

/// 課題NO・援助目標NO・援助内容NOが空: a hierarchy number is empty.
pub(crate) static HIERARCHY_NUMBER_MISSING: Rule = Rule {
    code: "R025",
    name: "hierarchy-number-missing",
    title: Text::new("課題NO・援助目標NO・援助内容NOが空", "a hierarchy number is empty"),
    explanation: Text::new(
        "○は付いていませんが、この3つの番号で並び順と親子関係が決まります。空だと取込時に一意制約エラーになる製品が知られています。",
        "They carry no ○, but decide order and hierarchy; one product is known to fail with a unique-key error.",
    ),
    message: Text::new("{field}が空です。", "{field} is empty."),
    fix: Text::new(
        "1から始まる番号をすべての行に出力してください。",
        "Write a number from 1 in every row.",
    ),
    source: Source::Fixed("L UP2KYO 6", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R32", "OQ B3", "RW 19"],
    check: Check::Record(&[FileKind::Up2kyo], check),
    examples: Examples {
        fails: &["need-number-empty", "goal-number-empty", "support-number-empty"],
        passes: &["K1"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    for field in [up2kyo::NEED_NO, up2kyo::GOAL_NO, up2kyo::SUPPORT_NO] {
        if cx.get(field).is_empty() {
            cx.report(&HIERARCHY_NUMBER_MISSING, field).expected_by_row();
        }
    }
}
