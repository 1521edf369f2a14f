//! C004 `no-csv-at-all`.

use crate::rules::prelude::*;

/// CSVではないファイル: a file that is no CSV at all.
pub(crate) static NO_CSV_AT_ALL: Rule = Rule {
    code: "C004",
    name: "no-csv-at-all",
    title: Text::new("CSVではないファイル", "a file that is no CSV at all"),
    explanation: Text::new(
        "ログイン画面などのウェブページや圧縮ファイルを.CSVの名前で保存したものです。ダウンロードの途中でログインが切れたときなどに起こります。",
        "A web page, such as a login form, or an archive that was saved under the name of a CSV file. It happens when a login ends before a download.",
    ),
    message: Text::new(
        "中身は{0}です。CSVではないため、検査していません。",
        "The content is {0}. It is no CSV and was not judged.",
    ),
    fix: Text::new(
        "もう一度出力またはダウンロードして、CSVの中身を確認してください。",
        "Export or download it again and look at the content.",
    ),
    source: Source::Fixed("S 4.2", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F03"],
    check: Check::Reader,
    examples: Examples { fails: &["web-page-named-csv"], passes: &["S1", "workbook-named-csv"] },
};
