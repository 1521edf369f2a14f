//! R041 `first-plan-after-plan`.

use crate::rules::prelude::*;

/// 初回の計画作成日が計画作成日より後: the first plan is later than the plan.
pub(crate) static FIRST_PLAN_AFTER_PLAN: Rule = Rule {
    code: "R041",
    name: "first-plan-after-plan",
    title: Text::new("初回の計画作成日が計画作成日より後", "the first plan is later than the plan"),
    explanation: Text::new(
        "初回の計画作成日は、今回の計画作成（変更）日と同じか、それより前です。2つの項目が入れ替わっていることがあります。",
        "The first plan was made on the day of this plan or before; the two items may be swapped.",
    ),
    message: Text::new(
        "{field}「{found}」が、計画作成（変更）日{0}より後です。",
        "{field}: {found} is after the plan date {0}.",
    ),
    fix: Text::new("2つの日付を確認してください。", "Check the two dates."),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Record(&[FileKind::Up1kyo, FileKind::Upyobo], check),
    examples: Examples {
        fails: &["first-plan-after-the-plan", "first-plan-after-the-prevention-plan"],
        passes: &["K1", "first-plan-on-the-day-of-the-plan"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let (plan, first) = match cx.file.kind {
        FileKind::Up1kyo => (up1kyo::PLAN_DATE, up1kyo::FIRST_PLAN_DATE),
        _ => (upyobo::PLAN_DATE, upyobo::FIRST_PLAN_DATE),
    };
    if let (Some(plan), Some(day)) = (cx.date(plan), cx.date(first))
        && day > plan
    {
        cx.report(&FIRST_PLAN_AFTER_PLAN, first).arg(plan.to_string());
    }
}
