//! S010 `mixed-line-ends`.

use crate::rules::prelude::*;

/// 改行の形が混ざっている: mixed line ends.
pub(crate) static MIXED_LINE_ENDS: Rule = Rule {
    code: "S010",
    name: "mixed-line-ends",
    title: Text::new("改行の形が混ざっている", "mixed line ends"),
    explanation: Text::new(
        "ファイルをつなげたり、途中で編集したりした跡です。",
        "A sign of joined or edited files.",
    ),
    message: Text::new(
        "CRLFの行が{0}、それ以外の行が{1}あります。",
        "{0} lines end with CRLF and {1} with something else.",
    ),
    fix: Text::new("すべての行をCRLFで終えてください。", "End every line with CRLF."),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["F05"],
    check: Check::Reader,
    examples: Examples { fails: &["one-line-feed"], passes: &["S1", "line-feeds-alone"] },
};
