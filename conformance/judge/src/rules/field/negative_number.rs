//! F022 `negative-number`.

use crate::context::whole_number;
use crate::rules::prelude::*;

/// 負の数: a negative number.
pub(crate) static NEGATIVE_NUMBER: Rule = Rule {
    code: "F022",
    name: "negative-number",
    title: Text::new("負の数", "a negative number"),
    explanation: Text::new(
        "仕様は負の数の書き方を定めていません。減算の単位数以外では、読めないソフトがあるかもしれません。",
        "The standard does not say how negative numbers are written. Outside units of reductions some software may not read them.",
    ),
    message: Text::new("{field}が負の数です。", "{field} is negative."),
    fix: Text::new("意図した値か確認してください。", "Check that it is meant."),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["OQ C15"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["negative-count"],
        passes: &["reduction-with-negative-units", "count-of-a-sign-alone"],
    },
};

fn applies(field: &Field) -> bool {
    let amount = ["UNITS", "AMOUNT", "COST", "COPAY", "PRICE"];
    field.format == Format::Integer && !amount.iter().any(|word| field.constant.contains(word))
}

fn holds(_: &Field, value: &[u8]) -> bool {
    // A sign alone is no number: `malformed-number`.
    whole_number(value).is_none_or(|number| number >= 0)
}

fn report(cx: &mut FieldCx<'_>) {
    cx.draft.expected(Text::new("0以上の整数", "a whole number, 0 or more"));
}
