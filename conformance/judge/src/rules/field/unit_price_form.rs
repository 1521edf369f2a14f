//! F025 `unit-price-form`.

use crate::rules::prelude::*;

/// 単位数単価の形が違う: an unusual form of the unit price.
pub(crate) static UNIT_PRICE_FORM: Rule = Rule {
    code: "F025",
    name: "unit-price-form",
    title: Text::new("単位数単価の形が違う", "an unusual form of the unit price"),
    explanation: Text::new(
        "単位数単価は小数点以下2桁（99.99）と注記されています。",
        "The unit price is noted as 99.99.",
    ),
    message: Text::new(
        "{field}の値「{found}」は99.99の形ではありません。",
        "{field}: {found} does not have the form 99.99.",
    ),
    fix: Text::new("小数点以下2桁（例 10.00）で出力してください。", "Write two decimals, 10.00."),
    source: Source::Fixed("L UPSIKYU 23", Basis::Stated),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R24"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["unit-price-with-one-decimal", "unit-price-without-decimals"],
        passes: &["K2"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::Decimal
}

fn holds(_: &Field, value: &[u8]) -> bool {
    price::parse_unit_price(value).is_some()
}

fn report(_: &mut FieldCx<'_>) {}
