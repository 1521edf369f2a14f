//! S002 `other-delimiter`.

use crate::rules::prelude::*;

/// 区切りがカンマではない: fields are not separated by commas.
pub(crate) static OTHER_DELIMITER: Rule = Rule {
    code: "S002",
    name: "other-delimiter",
    title: Text::new("区切りがカンマではない", "fields are not separated by commas"),
    explanation: Text::new(
        "項目は半角カンマで区切ります。タブなどで区切ると、1レコードが1項目として読まれます。",
        "Items are separated by half-width commas. With anything else a record reads as one item.",
    ),
    message: Text::new("区切り文字が{0}です。", "The delimiter is {0}."),
    fix: Text::new(
        "半角カンマ（,）で区切って出力してください。",
        "Separate items with half-width commas.",
    ),
    source: Source::Fixed("S 4.2", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F03"],
    check: Check::Reader,
    examples: Examples { fails: &["tabs-for-commas", "semicolons-for-commas"], passes: &["S1"] },
};
