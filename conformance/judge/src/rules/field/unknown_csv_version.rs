//! F028 `unknown-csv-version`.

use crate::rules::prelude::*;

/// CSVバージョンが仕様の履歴にない: a CSVバージョン that never existed.
pub(crate) static UNKNOWN_CSV_VERSION: Rule = Rule {
    code: "F028",
    name: "unknown-csv-version",
    title: Text::new("CSVバージョンが仕様の履歴にない", "a CSVバージョン that never existed"),
    explanation: Text::new(
        "CSVバージョンは仕様の履歴にある値だけが使われます。4.1は202407です（公表月の202410ではありません）。",
        "Only the values of the official history are used; 4.1 is 202407, not the month it was published (202410).",
    ),
    message: Text::new(
        "{field}の値「{found}」は仕様の履歴にありません。",
        "{field}: {found} is not in the history of the standard.",
    ),
    fix: Text::new(
        "標準仕様4.1のファイルでは、すべてのレコードに202407を出力してください。",
        "Write 202407 in every record of a 4.1 file.",
    ),
    source: Source::Fixed("L CSVバージョン履歴", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F07", "F08", "RW 8"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "csv-version-of-publication",
            "csv-version-of-the-printed-example",
            "csv-version-as-a-date",
        ],
        passes: &["K4"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::CsvVersion
}

fn holds(_: &Field, value: &[u8]) -> bool {
    value == b"202407" || csv_version::find(value).is_some()
}

fn report(cx: &mut FieldCx<'_>) {
    let known = csv_version::MISTAKES.iter().find(|(value, _)| value.as_bytes() == cx.value);
    if let Some((_, why)) = known {
        cx.draft.hint(*why);
    } else if let Some(hint) = crate::rules::field::cause::of_digits(cx.value) {
        cx.draft.hint(hint);
    }
}
