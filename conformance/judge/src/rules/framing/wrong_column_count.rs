//! S007 `wrong-column-count`.

use crate::rules::prelude::*;

/// 項目数が違う: the number of columns is wrong.
pub(crate) static WRONG_COLUMN_COUNT: Rule = Rule {
    code: "S007",
    name: "wrong-column-count",
    title: Text::new("項目数が違う", "the number of columns is wrong"),
    explanation: Text::new(
        "どのファイルも1レコードの項目数が決まっています。ずれたレコードでは、どの値がどの項目か分からないため、それ以上検査できません。",
        "Every kind of file has a fixed number of columns. In other records nobody can tell which value is which, so nothing more is judged.",
    ),
    message: Text::new(
        "項目数が{0}です（正しくは{1}）。",
        "The record has {0} columns instead of {1}.",
    ),
    fix: Text::new(
        "レイアウト定義書の項目を、空のものも含めて順番どおりすべて出力してください。",
        "Write every item of the layout table in its order, empty ones too.",
    ),
    source: Source::Fixed("L ファイルレイアウト", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F10", "RW 3"],
    check: Check::Reader,
    examples: Examples {
        fails: &[
            "one-comma-too-many",
            "column-missing",
            "comma-too-many-after-long-text",
            "column-missing-after-long-text",
            "unquoted-comma",
            "line-break-in-a-number",
            "columns-of-another-layout",
        ],
        passes: &["K4"],
    },
};
