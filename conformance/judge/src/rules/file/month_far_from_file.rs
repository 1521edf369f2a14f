//! L042 `month-far-from-file`.

use crate::rules::prelude::*;

/// 対象年月がファイルの日時から離れている: a month far from the file's own day.
pub(crate) static MONTH_FAR_FROM_FILE: Rule = Rule {
    code: "L042",
    name: "month-far-from-file",
    title: Text::new(
        "対象年月がファイルの日時から離れている",
        "a month far from the file's own day",
    ),
    explanation: Text::new(
        "対象年月が、ファイル名の日時から見て1年より先か、2年（請求の時効）より前です。年の打ち間違いでないか確認してください。訂正や長期の予定では正しいこともあります。",
        "Seen from the day in the file name the service month is more than a year ahead or two years back, when claims lapse. The year may be mistyped; corrections and long plans may be right.",
    ),
    message: Text::new(
        "対象年月{0}が、ファイル名の日付{1}から離れています。",
        "The month {0} is far from {1}, the day in the file name.",
    ),
    fix: Text::new("対象年月を確認してください。", "Check the month."),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::File(
        &[FileKind::Upplan, FileKind::Upjsk, FileKind::Dltplan, FileKind::Dltjsk],
        check,
    ),
    examples: Examples {
        fails: &["deletion-13-months-ahead", "deletion-25-months-back"],
        passes: &["deletion-twelve-months-ahead", "deletion-24-months-back"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let Some(made) = made_on(cx.file) else { return };
    let count = |month: u32| month / 100 * 12 + month % 100;
    let now = count(made.month_of().number());
    let far = |month: u32| month > 0 && (count(month) > now + 12 || count(month) + 24 < now);
    if let Some(&(month, at, _)) = cx.facts.months.iter().find(|(month, ..)| far(*month)) {
        cx.report_at(&MONTH_FAR_FROM_FILE, at, None).arg(month.to_string()).arg(made.to_string());
    }
}
