//! S004 `text-after-closing-quote`.

use crate::rules::prelude::*;

/// 閉じ引用符の後に文字がある: text after a closing quote.
pub(crate) static TEXT_AFTER_CLOSING_QUOTE: Rule = Rule {
    code: "S004",
    name: "text-after-closing-quote",
    title: Text::new("閉じ引用符の後に文字がある", "text after a closing quote"),
    explanation: Text::new(
        "二重引用符の中の \" は2つ重ねます（\"\"）。重ねないと、そこで項目が終わったと読まれます。",
        "A quote inside quoted text is doubled (\"\"). Otherwise the item seems to end there.",
    ),
    message: Text::new(
        "{field}で、閉じる引用符の後に文字が続いています。",
        "{field}: text follows the closing quote.",
    ),
    fix: Text::new(
        "文中の \" は \"\" と2つ重ねて出力してください。",
        "Double every quote inside the text.",
    ),
    source: Source::Fixed("L 各表の注記", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F04", "RW 22"],
    check: Check::Reader,
    examples: Examples { fails: &["inner-quote-not-doubled"], passes: &["inner-quote-doubled"] },
};
