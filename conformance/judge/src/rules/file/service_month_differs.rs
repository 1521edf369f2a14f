//! L008 `service-month-differs`.

use crate::rules::prelude::*;

/// サービス提供年月がファイルの中で違う: service months differ.
pub(crate) static SERVICE_MONTH_DIFFERS: Rule = Rule {
    code: "L008",
    name: "service-month-differs",
    title: Text::new("サービス提供年月がファイルの中で違う", "service months differ"),
    explanation: Text::new(
        "月単位のファイルは1つの年月だけを入れ、ファイル名の年月と一致させます。翌月分と当月の変更分は別のファイルです。",
        "A monthly file holds one month, which is that of its name. Next month's plan and this month's change are two files.",
    ),
    message: Text::new(
        "{0}の年月がファイル名の{1}と違います（{2}件）。",
        "The month {0} is not that of the name, {1} ({2} records).",
    ),
    fix: Text::new(
        "年月ごとにファイルを分け、名前の年月を合わせてください。",
        "Write one file a month and name it accordingly.",
    ),
    source: Source::Fixed("L ファイル作成単位", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F11", "B08", "RW 9"],
    check: Check::File(&[], check),
    examples: Examples {
        fails: &["month-of-another-name", "two-months-in-one-file", "two-records-of-another-month"],
        passes: &["S1", "target-month-of-zeros"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let Some(named) = cx.file.name_month() else { return };
    for &(month, at, count) in &cx.facts.months {
        // Zeros in a UPHOSOKU are judged by `supplement-link-mismatch`.
        if month != 0 && month != named {
            cx.report_at(&SERVICE_MONTH_DIFFERS, at, None)
                .found(month.to_string())
                .expected(named.to_string())
                .arg(i64::from(month))
                .arg(i64::from(named))
                .arg(count as i64);
        }
    }
}
