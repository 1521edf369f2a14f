//! B001 `utf8-text`.

use crate::rules::prelude::*;

/// ファイルがUTF-8で保存されている: the file is saved as UTF-8.
pub(crate) static UTF8_TEXT: Rule = Rule {
    code: "B001",
    name: "utf8-text",
    title: Text::new("ファイルがUTF-8で保存されている", "the file is saved as UTF-8"),
    explanation: Text::new(
        "文字コードはShift_JIS（MS932）だけと決められています。UTF-8のまま渡すと、受け取ったソフトでは氏名などが読めない文字になります。検査はMS932に変換した内容で続けます。",
        "The only encoding is Shift_JIS (MS932). Software that receives UTF-8 shows unreadable names. The content is judged after conversion.",
    ),
    message: Text::new("文字コードがUTF-8です。", "The file is UTF-8."),
    fix: Text::new(
        "出力の文字コードをShift_JIS（MS932、Windows-31J）にしてください。「fix」コマンドでも変換できます。",
        "Export as Shift_JIS (MS932, Windows-31J). The fix command can convert it.",
    ),
    source: Source::Fixed("S 4.3", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F02", "RW 10"],
    check: Check::Reader,
    examples: Examples {
        fails: &["file-in-utf-8", "supplement-in-utf-8", "utf-8-with-byte-order-mark"],
        passes: &["K1"],
    },
};
