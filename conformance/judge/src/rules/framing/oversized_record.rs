//! S013 `oversized-record`.

use crate::rules::prelude::*;

/// レコードが長すぎて検査できない: a record is too long to judge.
pub(crate) static OVERSIZED_RECORD: Rule = Rule {
    code: "S013",
    name: "oversized-record",
    title: Text::new("レコードが長すぎて検査できない", "a record is too long to judge"),
    explanation: Text::new(
        "これは仕様の制限ではなく、この検査の上限です。引用符の閉じ忘れでファイルの残り全部が1レコードになったときに、際限なく読み込まないためのものです。",
        "This is a limit of the checker, not of the standard: it keeps a forgotten quote from turning the rest of a file into one record.",
    ),
    message: Text::new(
        "レコードが{0}バイトを超えるため、検査していません。",
        "The record is longer than {0} bytes and was not judged.",
    ),
    fix: Text::new(
        "引用符と改行の出力を確認してください。本当に長いときは、設定max_recordで上限を上げられます。",
        "Check quotes and line ends. If the record really is that long, raise max_record in the settings.",
    ),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &[],
    check: Check::Reader,
    examples: Examples {
        fails: &["record-over-one-megabyte", "record-one-byte-over-one-megabyte"],
        passes: &["record-of-one-megabyte"],
    },
};
