//! S005 `quote-inside-unquoted-field`.

use crate::rules::prelude::*;

/// 囲まれていない項目の中に引用符がある: a quote inside an unquoted field.
pub(crate) static QUOTE_INSIDE_UNQUOTED_FIELD: Rule = Rule {
    code: "S005",
    name: "quote-inside-unquoted-field",
    title: Text::new("囲まれていない項目の中に引用符がある", "a quote inside an unquoted field"),
    explanation: Text::new(
        "引用符は項目の最初と最後にだけ書けます。前に空白があっても、囲んだことになりません。",
        "A quote may only open and close an item. A space before the opening quote undoes it.",
    ),
    message: Text::new(
        "{field}の途中に引用符（\"）があります。",
        "{field} has a quote in the middle.",
    ),
    fix: Text::new(
        "項目全体を \" で囲み、中の \" は2つ重ねてください。カンマと \" の間に空白を入れないでください。",
        "Enclose the whole item, double inner quotes, and put no space between comma and quote.",
    ),
    source: Source::Fixed("L 各表の注記", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F04", "RW 22"],
    check: Check::Reader,
    examples: Examples { fails: &["space-before-quote"], passes: &["K1"] },
};
