//! L009 `duplicate-parent-key`.

use crate::rules::prelude::*;

/// 同じ利用者・同じ日付のレコードが2件ある: two records for one person and date.
pub(crate) static DUPLICATE_PARENT_KEY: Rule = Rule {
    code: "L009",
    name: "duplicate-parent-key",
    title: Text::new(
        "同じ利用者・同じ日付のレコードが2件ある",
        "two records for one person and date",
    ),
    explanation: Text::new(
        "親になるレコードは、利用者と計画作成日（相談日）の組で1件です。2件あると、どちらが残るかは相手次第です。",
        "A parent record is unique by person and date. With two, the receiver decides which one stays.",
    ),
    message: Text::new(
        "同じ利用者・同じ日付（{0}）のレコードが{1}件あります。",
        "There are {1} records for one person and date ({0}).",
    ),
    fix: Text::new(
        "重複を除くか、日付を確認してください。",
        "Remove the duplicate or check the date.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["K12"],
    check: Check::File(
        &[
            FileKind::Up1kyo,
            FileKind::Upkihon,
            FileKind::Upyobo,
            FileKind::Uphosoku,
            FileKind::Dlt1kyo,
            FileKind::Dltplan,
            FileKind::Dltkihon,
            FileKind::Dltyobo,
        ],
        check,
    ),
    examples: Examples {
        fails: &["duplicate-table-1", "duplicate-plan-of-a-person", "plan-deleted-three-times"],
        passes: &["K1", "duplicate-plans-with-a-broken-date"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    for key in &cx.facts.keys {
        if let Some(second) = key.second
            && key.sound
        {
            cx.report_at(&DUPLICATE_PARENT_KEY, second, None)
                .arg(i64::from(key.link))
                .arg(i64::from(key.count));
        }
    }
}
