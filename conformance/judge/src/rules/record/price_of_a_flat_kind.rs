//! R051 `price-of-a-flat-kind`.

use crate::rules::prelude::*;

/// 単価が一律10円の種類に、地域の単価がある: an area's price for a kind that costs ten yen everywhere.
pub(crate) static PRICE_OF_A_FLAT_KIND: Rule = Rule {
    code: "R051",
    name: "price-of-a-flat-kind",
    title: Text::new(
        "単価が一律10円の種類に、地域の単価がある",
        "an area's price for a kind that costs ten yen everywhere",
    ),
    explanation: Text::new(
        "福祉用具貸与（17・67）と居宅療養管理指導（31・34）の1単位の単価は、どの地域でも10円です。10.21円などの地域の単価は、ほかの種類のものです。",
        "A unit of rented equipment (17, 67) and of medical advice at home (31, 34) costs 10 yen in every area; 10.21 and the like belong to other kinds.",
    ),
    message: Text::new(
        "種類{0}の単価が{found}です（どの地域でも{expected}）。",
        "The price of kind {0} is {found}; it is {expected} in every area.",
    ),
    fix: Text::new(
        "この種類の単価を10.00にし、費用総額を計算し直してください。",
        "Write 10.00 for this kind and compute the cost again.",
    ),
    source: Source::Fixed("単位数単価告示", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["RW 18"],
    check: Check::Record(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &["rent-at-the-price-of-an-area", "price-of-another-region"],
        passes: &["K2", "unit-price-of-no-region", "visit-at-ten-yen"],
    },
};

const TEN_YEN: u16 = 1000;

fn check(cx: &mut RecordCx<'_>) {
    let [a, b, ..] = cx.get(upsikyu::SERVICE_CODE) else { return };
    let kind = [*a, *b];
    if !matches!(&kind, b"17" | b"67" | b"31" | b"34") {
        return;
    }
    let Some(price) = cx.sound(upsikyu::UNIT_PRICE).and_then(price::parse_unit_price) else {
        return;
    };
    // What is no area's price at all is F026.
    if price != TEN_YEN && price::UNIT_PRICES.contains(&price) {
        let kind = String::from_utf8_lossy(&kind).into_owned();
        cx.report(&PRICE_OF_A_FLAT_KIND, upsikyu::UNIT_PRICE).expected("10.00").arg(kind);
    }
}
