//! S011 `final-line-end-missing`.

use crate::rules::prelude::*;

/// 最後の行に改行がない: no line end after the last record.
pub(crate) static FINAL_LINE_END_MISSING: Rule = Rule {
    code: "S011",
    name: "final-line-end-missing",
    title: Text::new("最後の行に改行がない", "no line end after the last record"),
    explanation: Text::new(
        "仕様は最後の改行を定めていません。読めないソフトがあるため、付けておくのが無難です。",
        "The standard does not say. It is safer to write one.",
    ),
    message: Text::new(
        "最後のレコードの後に改行がありません。",
        "There is no line end after the last record.",
    ),
    fix: Text::new(
        "最後のレコードの後にもCRLFを付けてください。",
        "Write CRLF after the last record too.",
    ),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["F05"],
    check: Check::Reader,
    examples: Examples { fails: &["no-final-line-end"], passes: &["S1", "end-of-file-mark"] },
};
