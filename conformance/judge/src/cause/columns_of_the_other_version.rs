//! C010 `columns-of-the-other-version`.

use crate::cause::{CauseCx, Told, is_about_columns};
use crate::rules::prelude::*;

/// 列数が別の版のもの: the columns are those of the other version.
pub(crate) static COLUMNS_OF_THE_OTHER_VERSION: Rule = Rule {
    code: "C010",
    name: "columns-of-the-other-version",
    title: Text::new("列数が別の版のもの", "the columns are those of the other version"),
    explanation: Text::new(
        "CSVバージョンと名前はある版なのに、列がもう1つの版（3.xと4.1）のものです。番号と名前だけを新しくした、または古い出力のままです。",
        "CSVバージョン and name belong to one version, the columns to the other of 3.x and 4.1: only number and name were changed.",
    ),
    message: Text::new(
        "どのレコードも{0}列で、標準仕様{1}の列数です（CSVバージョンと名前は{2}、{3}列）。",
        "Every record has {0} columns, those of standard {1} (CSVバージョン and name are of {2}, which has {3}).",
    ),
    fix: Text::new(
        "列、CSVバージョン、名前を同じ版で出力してください。",
        "Export columns, CSVバージョン and name in one version.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Cause(|cx| tell(cx).into_iter().collect()),
    examples: Examples {
        fails: &["columns-of-another-layout"],
        passes: &["S1", "one-comma-too-many"],
    },
};

fn tell(cx: &CauseCx<'_>) -> Option<Told> {
    let layout = cx.file.layout?;
    let found = cx.evidence.wrong_columns()?;
    let other = match layout.version {
        StandardVersion::V4_1 => StandardVersion::V3,
        StandardVersion::V3 => StandardVersion::V4_1,
    };
    layout.kind.layout(other).filter(|other| other.columns() == found)?;
    Some(Told::new(&COLUMNS_OF_THE_OTHER_VERSION, is_about_columns).say(|draft| {
        draft.arg(found as i64).arg(other.label());
        draft.arg(layout.version.label()).arg(layout.columns() as i64);
    }))
}
