//! R013 `subtotal-row-filled`.

use crate::rules::prelude::*;

/// 小計・合計の行に余分な値がある: a subtotal or total row holds more than it should.
pub(crate) static SUBTOTAL_ROW_FILLED: Rule = Rule {
    code: "R013",
    name: "subtotal-row-filled",
    title: Text::new(
        "小計・合計の行に余分な値がある",
        "a subtotal or total row holds more than it should",
    ),
    explanation: Text::new(
        "小計と全合計の行では、単位数は0、割引後率と割引後単位数は空にします。",
        "In subtotal and total rows units are 0, discount rate and discounted units are empty.",
    ),
    message: Text::new(
        "小計・合計の行の{field}が「{found}」です（{expected}）。",
        "{field} of a subtotal or total row is {found} ({expected}).",
    ),
    fix: Text::new(
        "単位数は0、割引後率・割引後単位数は空で出力してください。",
        "Write 0 units and leave the discount items empty.",
    ),
    source: Source::Fixed("L UPSIKYU 13", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R22"],
    check: Check::Record(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &[
            "subtotal-with-units",
            "total-with-a-discount-rate",
            "subtotal-with-discounted-units",
        ],
        passes: &["K2", "detail-row-with-a-discount"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let Some(code) = cx.sound(upsikyu::SERVICE_CODE) else { return };
    if service_code::classify(code) == service_code::CodeClass::Service {
        return;
    }
    if cx.number(upsikyu::UNITS).is_some_and(|units| units != 0) {
        cx.report(&SUBTOTAL_ROW_FILLED, upsikyu::UNITS).expected("0");
    }
    for field in [upsikyu::DISCOUNT_RATE, upsikyu::DISCOUNTED_UNITS] {
        if !cx.get(field).is_empty() {
            cx.report(&SUBTOTAL_ROW_FILLED, field).expected(Text::new("空", "empty"));
        }
    }
}
