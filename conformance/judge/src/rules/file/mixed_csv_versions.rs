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
    examples: Examples {
        fails: &["two-csv-versions"],
        passes: &["K4", "version-of-publication-in-one-record"],
    },
};

fn check(cx: &mut FileCx<'_>) {
    // A value outside the history is one finding of its own: `unknown-csv-version`.
    let known =
        cx.facts.csv_versions.iter().filter(|(value, _)| csv_version::find(value).is_some());
    let (values, places): (Vec<String>, Vec<RecordRef>) =
        known.map(|(value, at)| (ms932::decode_lossy(value), *at)).unzip();
    if let [_, at, ..] = places[..] {
        cx.report_at(&MIXED_CSV_VERSIONS, at, None).arg(values.join("、"));
    }
}
