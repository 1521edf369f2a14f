//! S009 `line-end-without-cr`.

use crate::rules::prelude::*;

/// 改行がCRLFではない: line ends are not CRLF.
pub(crate) static LINE_END_WITHOUT_CR: Rule = Rule {
    code: "S009",
    name: "line-end-without-cr",
    title: Text::new("改行がCRLFではない", "line ends are not CRLF"),
    explanation: Text::new(
        "仕様は改行の形を定めていません。実際のソフトの多くはCRLFを出力し、LFだけでは読めないソフトもあります。",
        "The standard does not say. Most software writes CRLF, and some cannot read anything else.",
    ),
    message: Text::new("行の終わりが{0}です。", "Lines end with {0}."),
    fix: Text::new(
        "相手のソフトで読めないときは、CRLFで出力してください。",
        "Write CRLF if a partner cannot read the file.",
    ),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["F05"],
    check: Check::Reader,
    examples: Examples {
        fails: &["line-feeds-alone", "carriage-returns-alone"],
        passes: &["S1", "one-line-feed"],
    },
};
