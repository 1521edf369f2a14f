//! B003 `utf16-text`.

use crate::rules::prelude::*;

/// ファイルがUTF-16で保存されている: the file is saved as UTF-16.
pub(crate) static UTF16_TEXT: Rule = Rule {
    code: "B003",
    name: "utf16-text",
    title: Text::new("ファイルがUTF-16で保存されている", "the file is saved as UTF-16"),
    explanation: Text::new(
        "表計算ソフトの「Unicodeテキスト」などで保存するとUTF-16になります。MS932ではないため、内容は検査できません。",
        "Saving as \"Unicode text\" makes UTF-16. It is not MS932, so the content cannot be judged.",
    ),
    message: Text::new(
        "文字コードがUTF-16のため、内容を検査していません。",
        "The file is UTF-16; its content was not judged.",
    ),
    fix: Text::new(
        "Shift_JIS（MS932）で出力し直してください。",
        "Export again as Shift_JIS (MS932).",
    ),
    source: Source::Fixed("S 4.3", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F01"],
    check: Check::Reader,
    examples: Examples { fails: &["file-in-utf-16"], passes: &["S1"] },
};
