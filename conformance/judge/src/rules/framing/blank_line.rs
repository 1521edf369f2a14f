//! S012 `blank-line`.

use crate::rules::prelude::*;

/// 空行がある: a blank line.
pub(crate) static BLANK_LINE: Rule = Rule {
    code: "S012",
    name: "blank-line",
    title: Text::new("空行がある", "a blank line"),
    explanation: Text::new(
        "空行は項目数の違うレコードとして扱うソフトがあります。",
        "Some software takes a blank line for a record with the wrong number of columns.",
    ),
    message: Text::new("空行があります。", "There is a blank line."),
    fix: Text::new("空行を出力しないでください。", "Do not write blank lines."),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F05"],
    check: Check::Reader,
    examples: Examples { fails: &["blank-line", "saved-by-a-spreadsheet"], passes: &["S1"] },
};
