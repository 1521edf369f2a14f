//! C002 `iso-2022-jp-text`.

use crate::rules::prelude::*;

/// ファイルがISO-2022-JP（JISコード）で保存されている: the file is saved as ISO-2022-JP.
pub(crate) static ISO_2022_JP_TEXT: Rule = Rule {
    code: "C002",
    name: "iso-2022-jp-text",
    title: Text::new(
        "ファイルがISO-2022-JP（JISコード）で保存されている",
        "the file is saved as ISO-2022-JP",
    ),
    explanation: Text::new(
        "メールの文字コードであるISO-2022-JP（JISコード）は、仕様の文字コードShift_JIS（MS932）ではありません。多くのソフトでは文字化けします。中身は変換して検査しています。",
        "ISO-2022-JP (\"JIS\") is the encoding of mail, not Shift_JIS (MS932). Most software shows garbage. The content was converted and judged.",
    ),
    message: Text::new("文字コードがISO-2022-JP（JISコード）です。", "The file is ISO-2022-JP."),
    fix: Text::new(
        "Shift_JIS（MS932）で出力してください。careplan-conformance fix で変換できます。",
        "Export as Shift_JIS (MS932). careplan-conformance fix converts it.",
    ),
    source: Source::Fixed("S 4.3", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F01"],
    check: Check::Reader,
    examples: Examples { fails: &["file-in-iso-2022-jp"], passes: &["S1", "file-in-euc-jp"] },
};
