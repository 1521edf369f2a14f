//! L041 `actual-after-file`.

use crate::rules::prelude::*;

/// まだ来ていない日の実績がある: actuals of days to come.
pub(crate) static ACTUAL_AFTER_FILE: Rule = Rule {
    code: "L041",
    name: "actual-after-file",
    title: Text::new("まだ来ていない日の実績がある", "actuals of days to come"),
    explanation: Text::new(
        "実績のサービス利用日が、ファイル名の日時（連番の先頭8桁）より後です。月の途中で予定を実績として出力したときに見られます。同じファイルでは1回だけお知らせします。",
        "Actual use is dated after the day in the file name: planned use exported as actual before the end of the month. Said once a file.",
    ),
    message: Text::new(
        "ファイル名の日付{0}より後の利用日（{1}など）の実績が{2}件あります。",
        "There are {2} actuals after {0}, the day in the file name (such as {1}).",
    ),
    fix: Text::new(
        "サービスが終わってから実績を出力してください。",
        "Export actuals when the services are over.",
    ),
    source: Source::Fixed("S 2.4", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F17"],
    check: Check::File(&[FileKind::Upjsk], check),
    examples: Examples {
        fails: &["actual-of-tomorrow", "actuals-of-days-to-come"],
        passes: &["S1", "actual-of-today"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let Some(made) = made_on(cx.file) else { return };
    let mut late = cx.facts.uses.iter().filter(|row| row.date > made.number());
    let Some(first) = late.next() else { return };
    let count = 1 + late.count() as i64;
    cx.report_at(&ACTUAL_AFTER_FILE, first.at, Some(upjsk::SERVICE_DATE))
        .arg(made.to_string())
        .arg(first.date.to_string())
        .arg(count);
}
