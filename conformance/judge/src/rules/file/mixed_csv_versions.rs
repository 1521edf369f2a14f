//! L007 `mixed-csv-versions`.

use crate::rules::prelude::*;

/// 1つのファイルに複数のCSVバージョンがある: several values of CSVバージョン in one file.
pub(crate) static MIXED_CSV_VERSIONS: Rule = Rule {
    code: "L007",
    name: "mixed-csv-versions",
    title: Text::new(
        "1つのファイルに複数のCSVバージョンがある",
        "several values of CSVバージョン in one file",
    ),
    explanation: Text::new(
        "1ファイルの中でCSVバージョンを混ぜることはできません。",
        "One file holds one CSVバージョン.",
    ),
    message: Text::new(
        "CSVバージョンが混ざっています（{0}）。",
        "CSVバージョン differs inside the file ({0}).",
    ),
    fix: Text::new(
        "版ごとにファイルを分けて出力してください。",
        "Write one file for each version.",
    ),
    source: Source::Fixed("L 項目1", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F06", "RW 8"],
    check: Check::File(&[], check),
    examples: &[
        Example::ng("202407と202208", "202407 and 202208", || {
            SampleSet::actual_use().with(FileKind::Upjsk, 1, upjsk::CSV_VERSION, "202208")
        }),
        Example::ok("1種類", "one value", SampleSet::actual_use),
    ],
};

fn check(cx: &mut FileCx<'_>) {
    if cx.facts.csv_versions.len() < 2 {
        return;
    }
    let values: Vec<String> =
        cx.facts.csv_versions.iter().map(|(value, _)| ms932::decode_lossy(value)).collect();
    let at = cx.facts.csv_versions[1].1;
    cx.report_at(&MIXED_CSV_VERSIONS, at, None).arg(values.join("、"));
}
