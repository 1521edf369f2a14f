//! R048 `weekly-service-times`.

use crate::rules::prelude::*;

/// 第3表のサービスの時間がありそうにない: unlikely times of a weekly service.
pub(crate) static WEEKLY_SERVICE_TIMES: Rule = Rule {
    code: "R048",
    name: "weekly-service-times",
    title: Text::new("第3表のサービスの時間がありそうにない", "unlikely times of a weekly service"),
    explanation: Text::new(
        "週間サービスの終了時間が開始時間より前で、夜をまたぐとしても12時間を超えます。開始と終了が逆になっていないか確認してください。宿泊や短期入所など泊まりのサービスは指摘しません。開始と終了が同じ（長さのない）サービスは情報としてお知らせします。",
        "The end of a weekly service is before its start, and over midnight it would last more than twelve hours: start and end may be swapped. Stays over night are not reported. A service of no length is mentioned.",
    ),
    message: Text::new(
        "サービスの時間{0}〜{1}は、{2}。",
        "The service lasts from {0} to {1}, {2}.",
    ),
    fix: Text::new("開始時間と終了時間を確認してください。", "Check start and end."),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Record(&[FileKind::Up3kyo], check),
    examples: Examples {
        fails: &["weekly-service-reversed", "weekly-service-of-no-length"],
        passes: &["K1", "weekly-service-over-midnight", "weekly-stay-over-night"],
    },
};

/// Words of services that last a night and more.
pub const STAYS: [&str; 5] = ["泊", "短期", "ショート", "夜", "宿"];

fn check(cx: &mut RecordCx<'_>) {
    let (start, end) = (up3kyo::SERVICE_START_TIME, up3kyo::SERVICE_END_TIME);
    let (Some(from), Some(to)) = (cx.sound(start), cx.sound(end)) else { return };
    let (Some(first), Some(last)) = (calendar::parse_time(from), calendar::parse_time(to)) else {
        return;
    };
    if last > first || last + 12 * 60 <= first {
        return;
    }
    let content = ms932::decode_lossy(cx.get(up3kyo::CARE_SERVICE_CONTENT));
    if STAYS.iter().any(|word| content.contains(word)) {
        return;
    }
    let (why, severity) = if last == first {
        (Text::new("長さがありません", "which is no time at all"), Severity::Info)
    } else {
        let why = Text::new("夜をまたぐと12時間を超えます", "more than twelve hours over midnight");
        (why, Severity::Warning)
    };
    let (from, to) = (ms932::decode_lossy(from), ms932::decode_lossy(to));
    cx.report(&WEEKLY_SERVICE_TIMES, end).arg(from).arg(to).arg(why).at_most(severity);
}
