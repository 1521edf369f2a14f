//! R002 `one-sided-untimed`.

use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// 開始と終了の片方だけが9999: only one of start and end is 9999.
pub(crate) static ONE_SIDED_UNTIMED: Rule = Rule {
    code: "R002",
    name: "one-sided-untimed",
    title: Text::new("開始と終了の片方だけが9999", "only one of start and end is 9999"),
    explanation: Text::new(
        "時刻のないサービスは、開始と終了の両方を9999にします。",
        "A service without a time has 9999 in both items.",
    ),
    message: Text::new(
        "{field}の片方だけが9999です。",
        "Only one of start and end is 9999 ({field}).",
    ),
    fix: Text::new(
        "両方を9999にするか、両方に時刻を入れてください。",
        "Write 9999 twice or two times.",
    ),
    source: Source::Fixed("L UPPLAN 12", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R02", "RW 14"],
    check: Check::Record(crate::rules::record::use_slip::KINDS, check),
    examples: Examples {
        fails: &["end-without-time", "addition-of-a-visit-untimed"],
        passes: &["K2", "actuals-without-times"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let fields = UseSlip::of(cx);
    let (Some(start), Some(end)) = (cx.sound(fields.start), cx.sound(fields.end)) else { return };
    if (start == b"9999") != (end == b"9999") {
        let field = if start == b"9999" { fields.start } else { fields.end };
        cx.report(&ONE_SIDED_UNTIMED, field);
    }
}
