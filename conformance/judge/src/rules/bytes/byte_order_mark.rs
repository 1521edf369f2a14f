//! B002 `byte-order-mark`.

use crate::rules::prelude::*;

/// 先頭にBOMがある: the file starts with a byte order mark.
pub(crate) static BYTE_ORDER_MARK: Rule = Rule {
    code: "B002",
    name: "byte-order-mark",
    title: Text::new("先頭にBOMがある", "the file starts with a byte order mark"),
    explanation: Text::new(
        "BOM（EF BB BF）はUTF-8の目印で、MS932のファイルには付きません。先頭の項目CSVバージョンの一部として読まれ、取込に失敗します。",
        "A byte order mark belongs to UTF-8. It is read as part of the first item, CSVバージョン, and the import fails.",
    ),
    message: Text::new(
        "先頭に目印（BOM、EF BB BF）が付いています。",
        "The file starts with a byte order mark (EF BB BF).",
    ),
    fix: Text::new(
        "BOMを付けずにMS932で出力してください。",
        "Export as MS932 without a byte order mark.",
    ),
    source: Source::Fixed("S 4.3", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F02"],
    check: Check::Reader,
    examples: Examples { fails: &["byte-order-mark"], passes: &["K1"] },
};
