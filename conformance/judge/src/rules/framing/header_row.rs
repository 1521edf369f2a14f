//! S008 `header-row`.

use crate::rules::prelude::*;

/// 見出し行がある: there is a header row.
pub(crate) static HEADER_ROW: Rule = Rule {
    code: "S008",
    name: "header-row",
    title: Text::new("見出し行がある", "there is a header row"),
    explanation: Text::new(
        "仕様は見出し行を定めていません。最初の行もデータとして読むソフトでは取込エラーになります。",
        "The standard knows no header. Software that reads the first line as data fails.",
    ),
    message: Text::new("1行目が見出しになっています。", "The first line is a header."),
    fix: Text::new("見出し行を出力しないでください。", "Do not write a header row."),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F05", "RW 22"],
    check: Check::Reader,
    examples: Examples { fails: &["header-row", "saved-by-a-spreadsheet"], passes: &["K4"] },
};
