//! R042 `plan-outside-certification`.

use careplan_spec::calendar::Date;

use crate::rules::prelude::*;

/// 計画や提供月が有効期間の外にある: a plan or month outside its period.
pub(crate) static PLAN_OUTSIDE_CERTIFICATION: Rule = Rule {
    code: "R042",
    name: "plan-outside-certification",
    title: Text::new("計画や提供月が有効期間の外にある", "a plan or month outside its period"),
    explanation: Text::new(
        "計画作成（変更）日が認定有効期間の外、または提供月が限度額適用期間の外にあります。更新前の古い認定のままになっていないか確認してください。\n\n更新の計画は期間の始まる前に作られるので、始まりの60日前（更新申請ができる日）からの計画は指摘しません。認定状況区分が申請中（1）のときも指摘しません。",
        "The plan date lies outside the certification, or the service month outside the period of the limit: often the certification before the renewal.\n\nPlans for a renewal are made before it begins, so the 60 days before the start are accepted; so is everything while an application is pending (認定状況区分 1).",
    ),
    message: Text::new(
        "{field}「{found}」が、期間（{0}〜{1}）の外です。",
        "{field}: {found} is outside the period {0} to {1}.",
    ),
    fix: Text::new(
        "被保険者証で期間を確認し、認定の情報を更新してください。",
        "Check the period on the insurance card and update the certification.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["RW 25"],
    check: Check::Record(&[FileKind::Up1kyo, FileKind::Uphosoku, FileKind::Upyobo], check),
    examples: Examples {
        fails: &[
            "plan-after-the-certification",
            "plan-61-days-before-the-certification",
            "prevention-plan-after-the-certification",
            "month-after-the-period-of-the-limit",
            "month-before-the-period-of-the-limit",
            "plan-after-the-period-of-the-limit",
        ],
        passes: &[
            "K1",
            "plan-60-days-before-the-certification",
            "plan-on-the-last-day-of-the-certification",
            "plan-while-an-application-is-pending",
            "month-of-the-last-day-of-the-limit",
        ],
    },
};

/// A renewal may be applied for from 60 days before the end (介護保険法施行規則 39).
const DAYS_BEFORE: u32 = 60;

fn check(cx: &mut RecordCx<'_>) {
    let (plan, status, start, end) = match cx.file.kind {
        FileKind::Up1kyo => (
            up1kyo::PLAN_DATE,
            up1kyo::CERTIFICATION_STATUS,
            up1kyo::CERTIFICATION_START_DATE,
            up1kyo::CERTIFICATION_END_DATE,
        ),
        FileKind::Upyobo => (
            upyobo::PLAN_DATE,
            upyobo::CERTIFICATION_STATUS,
            upyobo::CERTIFICATION_START_DATE,
            upyobo::CERTIFICATION_END_DATE,
        ),
        _ => (
            uphosoku::PLAN_DATE,
            uphosoku::CERTIFICATION_STATUS,
            uphosoku::LIMIT_START_DATE,
            uphosoku::LIMIT_END_DATE,
        ),
    };
    let (start, end) = (cx.date(start), cx.date(end));
    let is_reversed = start.zip(end).is_some_and(|(start, end)| end < start);
    if cx.get(status) == b"1" || is_reversed {
        return;
    }
    let month = match cx.file.kind {
        FileKind::Uphosoku => cx.sound(uphosoku::TARGET_MONTH).and_then(calendar::parse_month),
        _ => None,
    };
    let (field, first, last) = match (month, cx.date(plan)) {
        (Some(month), _) => {
            let (Some(first), Some(last)) = (month.day(1), month.day(month.days())) else { return };
            (uphosoku::TARGET_MONTH, first.day_count(), last.day_count())
        }
        (None, Some(day)) => (plan, day.day_count(), day.day_count() + DAYS_BEFORE),
        (None, None) => return,
    };
    let is_late = end.is_some_and(|end| end.day_count() < first);
    let is_early = start.is_some_and(|start| start.day_count() > last);
    if is_late || is_early {
        let text = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        cx.report(&PLAN_OUTSIDE_CERTIFICATION, field).arg(text(start)).arg(text(end));
    }
}
