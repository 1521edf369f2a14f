//! R018 `short-stay-days-inconsistent`.

use crate::rules::prelude::*;

/// 短期入所の日数が合わない: short-stay days do not add up.
pub(crate) static SHORT_STAY_DAYS_INCONSISTENT: Rule = Rule {
    code: "R018",
    name: "short-stay-days-inconsistent",
    title: Text::new("短期入所の日数が合わない", "short-stay days do not add up"),
    explanation: Text::new(
        "累積利用日数は、前月までの日数と当月の計画日数の合計です。当月の日数は月の日数を超えません。",
        "The cumulative days are those before plus those of this month, which cannot exceed the month.",
    ),
    message: Text::new(
        "{field}「{found}」が計算と合いません（{0}）。",
        "{field}: {found} does not add up ({0}).",
    ),
    fix: Text::new(
        "前月まで・当月・累積の日数を確認してください。",
        "Check the three numbers of days.",
    ),
    source: Source::Fixed("L UPSIKYU 30", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["OQ C1"],
    check: Check::Record(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &["short-stay-days-do-not-add-up", "stay-longer-than-the-month"],
        passes: &["stay-of-the-whole-month", "days-before-of-two-digits"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let Some(this) = cx.number(upsikyu::PLANNED_DAYS_THIS_MONTH) else { return };
    let month = cx.sound(upsikyu::TARGET_MONTH).and_then(calendar::parse_month);
    if let Some(month) = month
        && this > i64::from(month.days())
    {
        let days = month.days();
        cx.report(&SHORT_STAY_DAYS_INCONSISTENT, upsikyu::PLANNED_DAYS_THIS_MONTH)
            .arg(Text::made(format!("{month}は{days}日まで"), format!("{month} has {days} days")));
    }
    let before = cx.number(upsikyu::DAYS_USED_BEFORE_MONTH);
    let total = cx.number(upsikyu::DAYS_USED_CUMULATIVE);
    if let (Some(before), Some(total)) = (before, total)
        && before + this != total
    {
        cx.report(&SHORT_STAY_DAYS_INCONSISTENT, upsikyu::DAYS_USED_CUMULATIVE)
            .arg(format!("{before}+{this}={}", before + this))
            .expected((before + this).to_string());
    }
}
