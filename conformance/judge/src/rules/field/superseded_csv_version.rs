//! F029 `superseded-csv-version`.

use crate::rules::prelude::*;

/// 古いCSVバージョン: a superseded CSVバージョン.
pub(crate) static SUPERSEDED_CSV_VERSION: Rule = Rule {
    code: "F029",
    name: "superseded-csv-version",
    title: Text::new("古いCSVバージョン", "a superseded CSVバージョン"),
    explanation: Text::new(
        "202504は4.1に置き換えられた4.0の値、201910と202003は2022年以前の版の値です。受け取れないソフトがあります。",
        "202504 belonged to 4.0, which 4.1 replaced; 201910 and 202003 to older editions. Some software refuses them.",
    ),
    message: Text::new(
        "{field}の値「{found}」は、今は使われない版のものです。",
        "{field}: {found} belongs to an edition that is no longer used.",
    ),
    fix: Text::new(
        "標準仕様4.1のファイルでは202407を出力してください。",
        "Write 202407 in files of version 4.1.",
    ),
    source: Source::Fixed("L CSVバージョン履歴", Basis::Stated),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F07", "F08", "RW 8", "OQ C3"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples { fails: &["csv-version-superseded"], passes: &["K4", "V3-4"] },
};

fn applies(field: &Field) -> bool {
    field.format == Format::CsvVersion
}

fn holds(_: &Field, value: &[u8]) -> bool {
    value == b"202407" || csv_version::find(value).is_none_or(|version| version.standard.is_some())
}

fn report(_: &mut FieldCx<'_>) {}
