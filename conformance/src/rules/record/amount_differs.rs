//! R021 `amount-differs`.

use careplan_spec::Basis;
use careplan_spec::FileKind;
use careplan_spec::Text;
use careplan_spec::insured_number;
use careplan_spec::layout::v4_1::upsikyu;

use crate::context::RecordCx;
use crate::example::Example;
use crate::rule::Check;
use crate::rule::Rule;
use crate::rule::Source;
use crate::sample::SampleSet;
use crate::severity::Severity;

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
    covers: &["R27", "RW 18"],
    check: Check::Record(&[FileKind::Upsikyu], check),
    examples: &[
        Example::ng("合計が違う", "a wrong sum", || {
            SampleSet::planned_use().with(FileKind::Upsikyu, 0, upsikyu::USER_COPAY_INSURED, "700")
        }),
        Example::ok("6600＝5940＋660", "6600 = 5940 + 660", SampleSet::planned_use),
    ],
};

fn check(cx: &mut RecordCx<'_>) {
    let (Some(cost), Some(claim), Some(copay)) = (
        cx.number(upsikyu::TOTAL_COST_INSURED),
        cx.number(upsikyu::INSURANCE_CLAIM_AMOUNT),
        cx.number(upsikyu::USER_COPAY_INSURED),
    ) else {
        return;
    };
    // Public assistance may pay the whole cost outside these two items.
    let public =
        cx.sound(upsikyu::INSURED_NUMBER).is_some_and(insured_number::is_public_assistance);
    let fixed = cx.number(upsikyu::FIXED_COPAY_UNIT_AMOUNT).unwrap_or(0) != 0;
    if !public && !fixed && (cost - claim - copay).abs() > 1 {
        cx.report(&AMOUNT_DIFFERS, upsikyu::TOTAL_COST_INSURED)
            .arg(format!("{claim}+{copay}={}", claim + copay));
    }
}
