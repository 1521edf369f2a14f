//! R049 `weekly-service-incomplete`.

use crate::rules::prelude::*;

/// 第3表の行に内容か曜日がない: a row of table 3 without its content or weekday.
pub(crate) static WEEKLY_SERVICE_INCOMPLETE: Rule = Rule {
    code: "R049",
    name: "weekly-service-incomplete",
    title: Text::new(
        "第3表の行に内容か曜日がない",
        "a row of table 3 without its content or weekday",
    ),
    explanation: Text::new(
        "第3表の介護サービスの行には、サービス内容と曜日がそろって入ります。曜日がないと週間表のどこにも置けず、内容がないと空の枠になります。活動の行も、時間だけで内容がないと空の枠です。",
        "A weekly service has a content and a weekday: without a weekday it has no place in the week, without a content it is an empty box. So is an activity of times alone.",
    ),
    message: Text::new(
        "{field}が空ですが、{0}が入っています。",
        "{field} is empty, but {0} is filled.",
    ),
    fix: Text::new("足りない項目を出力してください。", "Write what is missing."),
    source: Source::Fixed("L UP3KYO 7", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R33"],
    check: Check::Record(&[FileKind::Up3kyo], check),
    examples: Examples {
        fails: &[
            "weekly-service-without-weekday",
            "weekly-service-without-content",
            "activity-without-content",
        ],
        passes: &["K1", "weekly-record-of-keys-only"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let filled = |field: FieldId| !cx.get(field).is_empty();
    let service = filled(up3kyo::CARE_SERVICE_CONTENT);
    let weekday = filled(up3kyo::WEEKDAY);
    let times = filled(up3kyo::SERVICE_START_TIME) || filled(up3kyo::SERVICE_END_TIME);
    let activity = filled(up3kyo::DAILY_ACTIVITY);
    let activity_times = filled(up3kyo::ACTIVITY_START_TIME) || filled(up3kyo::ACTIVITY_END_TIME);
    let content = Text::new("介護サービス内容", "the content of a service");
    let (missing, given) = if service && !weekday {
        (up3kyo::WEEKDAY, content)
    } else if !service && weekday {
        (up3kyo::CARE_SERVICE_CONTENT, Text::new("曜日", "a weekday"))
    } else if !service && times {
        (up3kyo::CARE_SERVICE_CONTENT, Text::new("時間", "a time"))
    } else if !activity && activity_times {
        (up3kyo::DAILY_ACTIVITY, Text::new("時間", "a time"))
    } else {
        return;
    };
    cx.report(&WEEKLY_SERVICE_INCOMPLETE, missing).arg(given);
}
