//! B004 `user-defined-character`.

use crate::rules::prelude::*;

/// 外字が使われている: a user-defined character (gaiji).
pub(crate) static USER_DEFINED_CHARACTER: Rule = Rule {
    code: "B004",
    name: "user-defined-character",
    title: Text::new("外字が使われている", "a user-defined character (gaiji)"),
    explanation: Text::new(
        "外字（F040〜F9FC）は作ったパソコンにしか字形がありません。相手には別の字か空白に見えます。仕様は外字を禁じ、出力する側で使える文字に直すよう求めています。",
        "User-defined characters (F040 to F9FC) have a shape on one computer only. The standard forbids them and asks the sender to convert.",
    ),
    message: Text::new(
        "{field}に外字（{0}）があります（先頭から{1}文字目）。",
        "{field} holds a user-defined character ({0}), character {1}.",
    ),
    fix: Text::new(
        "外字を、MS932にある文字（常用の字体やかな）に置き換えてください。",
        "Replace it with a character that MS932 has, or with kana.",
    ),
    source: Source::Fixed("S 4.3", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F01", "RW 10"],
    check: Check::Reader,
    examples: Examples {
        fails: &["user-defined-character", "last-user-defined-character"],
        passes: &["ibm-extensions", "first-character-after-the-user-defined"],
    },
};
