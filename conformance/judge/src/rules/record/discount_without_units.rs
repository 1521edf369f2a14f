//! R052 `discount-without-units`.

use crate::rules::prelude::*;

/// 割引後率があるのに、割引後単位数が空: a rate after discount without units after it.
pub(crate) static DISCOUNT_WITHOUT_UNITS: Rule = Rule {
    code: "R052",
    name: "discount-without-units",
    title: Text::new(
        "割引後率があるのに、割引後単位数が空",
        "a rate after discount without units after it",
    ),
    explanation: Text::new(
        "第7表では、割引のあるサービスに割引後率と割引後単位数を並べて書きます。率だけでは、受け取った側で割引後の単位数を計算し直すことになります。どちらの項目も必須ではないので、お知らせだけです。100（割引なし）は指摘しません。",
        "Table 7 has the rate after discount and the units after it side by side. With the rate alone the receiver has to compute them. Neither item is required, so this is only for information. 100, no discount, is not reported.",
    ),
    message: Text::new(
        "割引後率が{found}ですが、割引後単位数が空です。",
        "The rate after discount is {found}, but the units after it are empty.",
    ),
    fix: Text::new(
        "割引後単位数も出力してください。割引がなければ、率も空にしてください。",
        "Write the units after discount too, or leave the rate empty where there is none.",
    ),
    source: Source::Fixed("L UPSIKYU 14, 15", Basis::Assumed),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Record(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &["rate-of-discount-alone"],
        passes: &[
            "K2",
            "detail-row-with-a-discount",
            "rate-of-no-discount-alone",
            "rate-of-discount-of-zero-alone",
            "units-after-discount-unchanged",
            "total-with-a-discount-rate",
        ],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let Some(rate) = cx.number(upsikyu::DISCOUNT_RATE) else { return };
    let service =
        service_code::classify(cx.get(upsikyu::SERVICE_CODE)) == service_code::CodeClass::Service;
    let is_discount = !matches!(rate, 0 | 100 | 1000);
    if service && is_discount && cx.get(upsikyu::DISCOUNTED_UNITS).is_empty() {
        cx.report(&DISCOUNT_WITHOUT_UNITS, upsikyu::DISCOUNT_RATE);
    }
}
