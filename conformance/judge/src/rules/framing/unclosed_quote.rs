//! S006 `unclosed-quote`.

use crate::rules::prelude::*;

/// 引用符が閉じていない: a quote is not closed.
pub(crate) static UNCLOSED_QUOTE: Rule = Rule {
    code: "S006",
    name: "unclosed-quote",
    title: Text::new("引用符が閉じていない", "a quote is not closed"),
    explanation: Text::new(
        "閉じる引用符がないと、次のレコードまで自由記述として飲み込まれます。読み直せたところから検査を続け、その間の行は検査していません。",
        "Without its closing quote an item swallows the following records. Judging goes on where records can be read again; the lines between were not judged.",
    ),
    message: Text::new(
        "{field}で始まった引用符（\"）が閉じていません。このレコードの後、読み直せたところまで検査していません。",
        "The quote that opens in {field} is not closed. Nothing was judged from there to where records could be read again.",
    ),
    fix: Text::new(
        "自由記述の終わりに \" を付け、文中の \" は2つ重ねて出力してください。",
        "Close free text with a quote and double every quote inside.",
    ),
    source: Source::Fixed("L 各表の注記", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F04", "RW 22"],
    check: Check::Reader,
    examples: Examples {
        fails: &["quote-never-closed", "quote-never-closed-in-the-only-record"],
        passes: &["line-breaks-in-free-text"],
    },
};
