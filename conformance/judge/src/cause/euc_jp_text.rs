//! C001 `euc-jp-text`.

use crate::rules::prelude::*;

/// ファイルがEUC-JPで保存されている: the file is saved as EUC-JP.
pub(crate) static EUC_JP_TEXT: Rule = Rule {
    code: "C001",
    name: "euc-jp-text",
    title: Text::new("ファイルがEUC-JPで保存されている", "the file is saved as EUC-JP"),
    explanation: Text::new(
        "UNIX系のシステムやデータベースから出力するとEUC-JPになることがあります。仕様の文字コードはShift_JIS（MS932）です。中身は変換して検査しています。",
        "Exports of UNIX systems and data bases may be EUC-JP. The standard asks for Shift_JIS (MS932). The content was converted and judged.",
    ),
    message: Text::new("文字コードがEUC-JPです。", "The file is EUC-JP."),
    fix: Text::new(
        "Shift_JIS（MS932）で出力してください。careplan-conformance fix で変換できます。",
        "Export as Shift_JIS (MS932). careplan-conformance fix converts it.",
    ),
    source: Source::Fixed("S 4.3", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F01"],
    check: Check::Reader,
    examples: Examples { fails: &["file-in-euc-jp"], passes: &["S1", "file-in-utf-16"] },
};
