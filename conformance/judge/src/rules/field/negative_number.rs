//! F022 `negative-number`.

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
    examples: &[
        Example::ng("回数が負", "a negative count", || {
            SampleSet::actual_use().with(FileKind::Upjsk, 0, upjsk::SERVICE_COUNT, "-1")
        }),
        Example::ok("減算の単位数", "units of a reduction", || {
            SampleSet::actual_use().with(FileKind::Upjsk, 0, upjsk::UNITS, "-12")
        }),
    ],
};

fn applies(field: &Field) -> bool {
    let amount = ["UNITS", "AMOUNT", "COST", "COPAY", "PRICE"];
    field.format == Format::Integer && !amount.iter().any(|word| field.constant.contains(word))
}

fn holds(_: &Field, value: &[u8]) -> bool {
    value[0] != b'-'
}

fn report(_: &mut FieldCx<'_>) {}
