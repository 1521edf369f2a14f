//! R021 `amount-differs`.

use crate::rules::prelude::*;

/// 第7表の金額が計算と合わない: an amount of table 7 does not add up.
pub(crate) static AMOUNT_DIFFERS: Rule = Rule {
    code: "R021",
    name: "amount-differs",
    title: Text::new("第7表の金額が計算と合わない", "an amount of table 7 does not add up"),
    explanation: Text::new(
        "費用総額は請求額と利用者負担の合計です。端数処理は仕様にないため、1円の差までは指摘しません。",
        "Total cost is claim plus copayment. Rounding is not specified; one yen of difference is tolerated.",
    ),
    message: Text::new(
        "{field}「{found}」が計算と合いません（{0}）。",
        "{field}: {found} does not add up ({0}).",
    ),
    fix: Text::new(
        "費用総額・請求額・利用者負担の計算を確認してください。",
        "Check cost, claim and copayment.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R27", "RW 18"],
    check: Check::Record(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &[
            "claim-and-copay-exceed-cost",
            "cost-two-yen-more",
            "cost-two-yen-less",
            "price-of-another-region",
            "fixed-copayment-of-zero",
        ],
        passes: &[
            "K2",
            "copay-one-yen-more",
            "cost-one-yen-more",
            "service-without-cost",
            "units-inside-the-limit-alone",
            "fixed-copayment",
            "public-assistance-pays-all",
            "price-without-units",
            "total-with-a-price",
        ],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let (Some(cost), Some(claim), Some(copay)) = (
        cx.number(upsikyu::TOTAL_COST_INSURED),
        cx.number(upsikyu::INSURANCE_CLAIM_AMOUNT),
        cx.number(upsikyu::USER_COPAY_INSURED),
    ) else {
        return;
    };
    // Total cost follows from units and price, cut to whole yen. Which of the units counts after
    // a split at the limit is not said, so any of them will do.
    let price = cx.sound(upsikyu::UNIT_PRICE).and_then(price::parse_unit_price);
    let service =
        service_code::classify(cx.get(upsikyu::SERVICE_CODE)) == service_code::CodeClass::Service;
    if let (Some(price), true) = (price, service) {
        let units = [
            upsikyu::SERVICE_UNITS_OR_AMOUNT,
            upsikyu::BENEFIT_MANAGEMENT_UNITS,
            upsikyu::KIND_LIMIT_WITHIN_UNITS,
            upsikyu::CATEGORY_LIMIT_WITHIN_UNITS,
        ];
        let mut known = units.iter().filter_map(|field| cx.number(*field)).peekable();
        let fits = |units: i64| (units * i64::from(price) / 100 - cost).abs() <= 1;
        if known.peek().is_some() && !known.any(fits) && cost != 0 {
            let yen = f64::from(price) / 100.0;
            cx.report(&AMOUNT_DIFFERS, upsikyu::TOTAL_COST_INSURED)
                .arg(Text::made(format!("単位数×単価{yen:.2}円"), format!("units × {yen:.2} yen")));
        }
    }
    // Public assistance may pay the whole cost outside these two items.
    let public =
        cx.sound(upsikyu::INSURED_NUMBER).is_some_and(insured_number::is_public_assistance);
    let fixed = cx.number(upsikyu::FIXED_COPAY_UNIT_AMOUNT).unwrap_or(0) != 0;
    if !public && !fixed && (cost - claim - copay).abs() > 1 {
        cx.report(&AMOUNT_DIFFERS, upsikyu::TOTAL_COST_INSURED)
            .arg(format!("{claim}+{copay}={}", claim + copay));
    }
}
