//! B005 `byte-outside-ms932`.

use crate::rules::prelude::*;

/// MS932にないバイトがある: bytes that are not MS932.
pub(crate) static BYTE_OUTSIDE_MS932: Rule = Rule {
    code: "B005",
    name: "byte-outside-ms932",
    title: Text::new("MS932にないバイトがある", "bytes that are not MS932"),
    explanation: Text::new(
        "文字の途中で切れたデータや、別の文字コードが混ざったデータです。相手のソフトでは文字化けか取込エラーになります。",
        "Text cut inside a character, or another encoding mixed in. The receiver sees garbage or refuses the file.",
    ),
    message: Text::new(
        "{field}に文字として読めないバイト（{0}）があります（先頭から{1}文字目）。",
        "{field} holds bytes that are no character ({0}), character {1}.",
    ),
    fix: Text::new(
        "出力プログラムの文字コード変換と、桁数で文字列を切る処理を確認してください。",
        "Check the conversion to MS932 and any code that cuts text by bytes.",
    ),
    source: Source::Fixed("S 4.3", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F01"],
    check: Check::Reader,
    examples: Examples {
        fails: &["half-a-character", "byte-of-no-character"],
        passes: &["K1", "user-defined-character"],
    },
};
