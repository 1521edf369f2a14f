//! B006 `character-without-ms932-form`.

use crate::rules::prelude::*;

/// MS932にない文字がある: a character that MS932 does not have.
pub(crate) static CHARACTER_WITHOUT_MS932_FORM: Rule = Rule {
    code: "B006",
    name: "character-without-ms932-form",
    title: Text::new("MS932にない文字がある", "a character that MS932 does not have"),
    explanation: Text::new(
        "UTF-8で書かれたデータに、MS932へ変換できない文字があります。変換ソフトによっては「?」に変わってしまい、元に戻せません。",
        "Text in UTF-8 holds a character that cannot be converted. Many converters silently write \"?\" instead.",
    ),
    message: Text::new(
        "{field}の「{0}」はMS932に変換できません（先頭から{1}文字目）。",
        "{field}: {0} has no MS932 form (character {1}).",
    ),
    fix: Text::new(
        "同じ意味の、MS932にある文字に置き換えてください。",
        "Replace it with a character that MS932 has.",
    ),
    source: Source::Fixed("S 4.3", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F01", "RW 10"],
    check: Check::Reader,
    examples: Examples { fails: &["character-outside-ms932"], passes: &["supplement-in-utf-8"] },
};
