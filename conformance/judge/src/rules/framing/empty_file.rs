//! S001 `empty-file`.

use crate::rules::prelude::*;

/// 空のファイル: an empty file.
pub(crate) static EMPTY_FILE: Rule = Rule {
    code: "S001",
    name: "empty-file",
    title: Text::new("空のファイル", "an empty file"),
    explanation: Text::new(
        "仕様は空のファイルに触れていません。送る内容がない種別は、ファイルごと作らないのが無難です。",
        "The standard is silent about empty files. It is safer not to write a file that holds nothing.",
    ),
    message: Text::new("レコードがひとつもありません。", "The file holds no record."),
    fix: Text::new(
        "該当する利用者がいなければ、そのファイル（送信単位）を作らないでください。",
        "Do not write the file, or its send unit, when there is nobody to report.",
    ),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F05"],
    check: Check::Reader,
    examples: Examples {
        fails: &["empty-file"],
        passes: &["S1", "record-one-byte-over-one-megabyte"],
    },
};
