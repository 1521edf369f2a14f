//! R004 `per-diem-beyond-month-end`.

use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// 日割対象日に、その月にない日がある: 日割対象日 marks a day the month does not have.
pub(crate) static PER_DIEM_BEYOND_MONTH_END: Rule = Rule {
    code: "R004",
    name: "per-diem-beyond-month-end",
    title: Text::new(
        "日割対象日に、その月にない日がある",
        "日割対象日 marks a day the month does not have",
    ),
    explanation: Text::new(
        "31桁のうち、その月にない日（2月30日など）の桁は0です。",
        "The places of days that the month does not have are 0.",
    ),
    message: Text::new(
        "{field}の{0}日目以降に1があります（{1}は{2}日まで）。",
        "{field} marks day {0} ({1} has {2} days).",
    ),
    fix: Text::new(
        "その月にない日の桁は0にしてください。",
        "Write 0 for days the month does not have.",
    ),
    source: Source::Fixed("L UPPLAN 11", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R05"],
    check: Check::Record(crate::rules::record::use_slip::KINDS, check),
    examples: Examples {
        fails: &["per-diem-beyond-month-end", "per-diem-on-the-30th-of-february"],
        passes: &["per-diem-to-the-last-day"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let fields = UseSlip::of(cx);
    let Some(bits) = cx.sound(fields.per_diem) else { return };
    let Some(month) = cx.sound(fields.target_month).and_then(calendar::parse_month) else { return };
    let days = usize::from(month.days());
    if let Some(beyond) = bits.iter().skip(days).position(|bit| *bit == b'1') {
        cx.report(&PER_DIEM_BEYOND_MONTH_END, fields.per_diem)
            .arg((days + beyond + 1) as i64)
            .arg(month.to_string())
            .arg(days as i64);
    }
}
