//! F026 `unusual-unit-price`.

use crate::rules::prelude::*;

/// 地域単価にない単価: a unit price of no area.
pub(crate) static UNUSUAL_UNIT_PRICE: Rule = Rule {
    code: "F026",
    name: "unusual-unit-price",
    title: Text::new("地域単価にない単価", "a unit price of no area"),
    explanation: Text::new(
        "介護給付の単価は10.00円から11.40円までの22通りです。総合事業は市町村が決めるため、違っていても誤りとは限りません。",
        "There are 22 prices from 10.00 to 11.40 yen. Municipal services may have their own.",
    ),
    message: Text::new(
        "{field}の「{found}」は地域区分の単価にありません。",
        "{field}: {found} is no area's price.",
    ),
    fix: Text::new(
        "地域区分と人件費割合を確認してください。",
        "Check the area and the wage share.",
    ),
    source: Source::Fixed("単位数単価告示", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["unit-price-of-no-region"],
        passes: &[
            "K2",
            "price-of-another-region",
            "unit-price-without-decimals",
            "price-in-running-text",
        ],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::Decimal
}

fn holds(_: &Field, value: &[u8]) -> bool {
    price::parse_unit_price(value).is_none_or(|price| price::UNIT_PRICES.contains(&price))
}

fn report(cx: &mut FieldCx<'_>) {
    cx.draft.expected(Text::new(
        "地域区分の単価（10.00〜11.40円）",
        "a price of a region, 10.00 to 11.40 yen",
    ));
}
