//! R011 `version-does-not-fit-month`.

use crate::rules::prelude::*;

/// CSVバージョンとサービス提供年月が合わない: CSVバージョン does not fit the service month.
pub(crate) static VERSION_DOES_NOT_FIT_MONTH: Rule = Rule {
    code: "R011",
    name: "version-does-not-fit-month",
    title: Text::new(
        "CSVバージョンとサービス提供年月が合わない",
        "CSVバージョン does not fit the service month",
    ),
    explanation: Text::new(
        "版はサービス提供年月で決まります。2025年4月以降の月は202407（4.1）、それより前は202208（3.x）です。",
        "The edition follows the service month: 202407 from April 2025 on, 202208 before.",
    ),
    message: Text::new(
        "対象年月{0}にはCSVバージョン{1}が適用されますが、{field}は「{found}」です。",
        "The month {0} calls for {1}, but {field} is {found}.",
    ),
    fix: Text::new("出力の設定で版を切り替えてください。", "Switch the edition in the export."),
    source: Source::Fixed("L CSVバージョン履歴", Basis::Stated),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F09", "RW 8"],
    check: Check::Record(
        &[
            FileKind::Upplan,
            FileKind::Upjsk,
            FileKind::Upsikyu,
            FileKind::Dltplan,
            FileKind::Dltjsk,
            FileKind::Uphosoku,
        ],
        check,
    ),
    examples: Examples {
        fails: &[
            "new-version-for-march-2025",
            "new-month-in-an-old-version",
            "old-version-for-april-2025",
            "old-version-for-a-new-month",
            "plan-of-march-2025-in-4-1",
            "actual-of-march-2025-in-4-1",
            "deletion-of-actuals-of-march-2025-in-4-1",
        ],
        passes: &[
            "new-version-for-april-2025",
            "old-version-for-march-2025",
            "csv-version-superseded",
        ],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let (version, month) = match cx.file.kind {
        FileKind::Upplan => (upplan::CSV_VERSION, upplan::TARGET_MONTH),
        FileKind::Upjsk => (upjsk::CSV_VERSION, upjsk::TARGET_MONTH),
        FileKind::Upsikyu => (upsikyu::CSV_VERSION, upsikyu::TARGET_MONTH),
        FileKind::Dltplan => (dltplan::CSV_VERSION, dltplan::DELETE_TARGET_MONTH),
        FileKind::Dltjsk => (dltjsk::CSV_VERSION, dltjsk::DELETE_TARGET_MONTH),
        _ => (uphosoku::CSV_VERSION, uphosoku::TARGET_MONTH),
    };
    let (Some(value), Some(raw)) = (cx.sound(version), cx.sound(month)) else { return };
    // Values outside the history and superseded editions have rules of their own.
    let Some(standard) = csv_version::find(value).and_then(|known| known.standard) else { return };
    let Some(number) = calendar::parse_month(raw).map(calendar::Month::number) else { return };
    let expected = csv_version::standard_for_month(number);
    if standard != expected {
        cx.report(&VERSION_DOES_NOT_FIT_MONTH, version)
            .arg(i64::from(number))
            .arg(expected.csv_version())
            .expected(expected.csv_version());
    }
}
