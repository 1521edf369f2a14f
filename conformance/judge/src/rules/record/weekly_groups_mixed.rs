//! R014 `weekly-groups-mixed`.

use crate::rules::prelude::*;

/// 第3表の1行に複数の種類の内容がある: a record of table 3 mixes its three kinds.
pub(crate) static WEEKLY_GROUPS_MIXED: Rule = Rule {
    code: "R014",
    name: "weekly-groups-mixed",
    title: Text::new(
        "第3表の1行に複数の種類の内容がある",
        "a record of table 3 mixes its three kinds",
    ),
    explanation: Text::new(
        "第3表のレコードは「介護サービス」「主な日常生活上の活動」「週単位以外のサービス」のどれか1つで、ほかの項目は空にします。",
        "A record of table 3 is a weekly service, a daily activity or a service outside the week; the other items stay empty.",
    ),
    message: Text::new(
        "第3表の1レコードに、{0}種類の内容が入っています。",
        "The record holds {0} of the three kinds.",
    ),
    fix: Text::new("種類ごとにレコードを分けて出力してください。", "Write one record for each."),
    source: Source::Fixed("L UP3KYO", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R33"],
    check: Check::Record(&[FileKind::Up3kyo], check),
    examples: Examples {
        fails: &["two-groups-in-a-weekly-record", "three-groups-in-a-weekly-record"],
        passes: &["K1"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let groups: [&[FieldId]; 3] = [
        &[
            up3kyo::CARE_SERVICE_CONTENT,
            up3kyo::WEEKDAY,
            up3kyo::SERVICE_START_TIME,
            up3kyo::SERVICE_END_TIME,
        ],
        &[up3kyo::DAILY_ACTIVITY, up3kyo::ACTIVITY_START_TIME, up3kyo::ACTIVITY_END_TIME],
        &[up3kyo::NON_WEEKLY_SERVICE],
    ];
    let filled =
        groups.iter().filter(|group| group.iter().any(|field| !cx.get(*field).is_empty())).count();
    if filled > 1 {
        cx.report_record(&WEEKLY_GROUPS_MIXED).arg(filled as i64);
    }
}
