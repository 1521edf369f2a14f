//! R045 `per-diem-of-no-day`.

use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// 日割対象日に1が1つもない: 日割対象日 marks no day.
pub(crate) static PER_DIEM_OF_NO_DAY: Rule = Rule {
    code: "R045",
    name: "per-diem-of-no-day",
    title: Text::new("日割対象日に1が1つもない", "日割対象日 marks no day"),
    explanation: Text::new(
        "日割対象日は、請求できる日を1にした31桁です。日割りでないときは、0を並べるのではなく空にします。",
        "日割対象日 has 1 for each day of the claim. Where nothing is claimed by the day it is empty, not zeros.",
    ),
    message: Text::new("{field}が31桁とも0です。", "{field} is all zeros."),
    fix: Text::new(
        "日割りでなければ空に、日割りなら対象の日を1にしてください。",
        "Leave it empty, or mark the days of the claim.",
    ),
    source: Source::Fixed("L UPPLAN 11", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R05"],
    check: Check::Record(crate::rules::record::use_slip::KINDS, check),
    examples: Examples {
        fails: &["per-diem-of-zeros"],
        passes: &["per-diem-to-the-last-day", "K2"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let per_diem = UseSlip::of(cx).per_diem;
    if cx.sound(per_diem).is_some_and(|bits| !bits.contains(&b'1')) {
        cx.report(&PER_DIEM_OF_NO_DAY, per_diem);
    }
}
