//! C003 `workbook-for-csv`.

use crate::rules::prelude::*;

/// CSVではなく表計算ソフトのブック: a workbook of a spreadsheet instead of CSV.
pub(crate) static WORKBOOK_FOR_CSV: Rule = Rule {
    code: "C003",
    name: "workbook-for-csv",
    title: Text::new(
        "CSVではなく表計算ソフトのブック",
        "a workbook of a spreadsheet instead of CSV",
    ),
    explanation: Text::new(
        "Excelのブック（.xlsx、.xls）の拡張子を.CSVに変えても、CSVにはなりません。",
        "An Excel workbook (.xlsx, .xls) that is renamed to .CSV does not become CSV.",
    ),
    message: Text::new(
        "中身は{0}です。CSVではないため、検査していません。",
        "The content is {0}. It is no CSV and was not judged.",
    ),
    fix: Text::new(
        "ブックの名前を変えるのではなく、ケアプランソフトからCSVを出力してください。",
        "Export CSV from the care-plan software instead of renaming a workbook.",
    ),
    source: Source::Fixed("S 4.2", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F03"],
    check: Check::Reader,
    examples: Examples { fails: &["workbook-named-csv"], passes: &["S1", "web-page-named-csv"] },
};
