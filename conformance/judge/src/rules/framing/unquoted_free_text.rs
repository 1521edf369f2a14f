//! S003 `unquoted-free-text`.

use crate::rules::prelude::*;

/// 自由記述が引用符で囲まれていない: free text without quotes.
pub(crate) static UNQUOTED_FREE_TEXT: Rule = Rule {
    code: "S003",
    name: "unquoted-free-text",
    title: Text::new("自由記述が引用符で囲まれていない", "free text without quotes"),
    explanation: Text::new(
        "自由記述の項目は全体を半角の二重引用符で囲むと決められています。囲まなくても読めることはありますが、改行やカンマが入った日に壊れます。",
        "Free text is enclosed in double quotes. Without them the record breaks on the day somebody types a comma or a line break.",
    ),
    message: Text::new(
        "{field}が二重引用符（\"）で囲まれていません。",
        "{field} is not in double quotes.",
    ),
    fix: Text::new(
        "自由記述の項目は、空でないかぎり \" で囲んで出力してください。",
        "Enclose free text in double quotes unless it is empty.",
    ),
    source: Source::Fixed("L 各表の注記", Basis::Stated),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F04", "OQ E"],
    check: Check::Reader,
    examples: Examples { fails: &["free-text-without-quotes"], passes: &["K1"] },
};
