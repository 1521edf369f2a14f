//! R003 `end-before-start`.

use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// 終了時刻が開始時刻より前、または2400: the end is before the start, or 2400.
pub(crate) static END_BEFORE_START: Rule = Rule {
    code: "R003",
    name: "end-before-start",
    title: Text::new(
        "終了時刻が開始時刻より前、または2400",
        "the end is before the start, or 2400",
    ),
    explanation: Text::new(
        "日をまたぐサービスや24時の書き方を、仕様は定めていません。読み方が分かれます。",
        "The standard does not say how services over midnight or 24:00 are written; readers differ.",
    ),
    message: Text::new(
        "{field}「{found}」は、開始時刻より前か2400です。",
        "{field}: {found} is before the start, or 2400.",
    ),
    fix: Text::new(
        "日をまたぐサービスは、相手がどう読むか確認してください。",
        "Check how the partner reads services over midnight.",
    ),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R03"],
    check: Check::Record(crate::rules::record::use_slip::KINDS, check),
    examples: Examples {
        fails: &[
            "end-before-start",
            "end-at-2400",
            "visit-over-midnight",
            "night-visit-of-twelve-hours",
            "night-visit-of-more-than-twelve-hours",
        ],
        passes: &["S1", "visit-of-no-minutes", "end-without-time"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let fields = UseSlip::of(cx);
    let (Some(start), Some(end)) = (cx.sound(fields.start), cx.sound(fields.end)) else { return };
    if start == b"9999" || end == b"9999" {
        return;
    }
    // Both are sound times of four digits, so bytes compare as times do.
    if end < start || end == b"2400" {
        let minutes = |time| calendar::parse_time(time).unwrap_or(0);
        let night = minutes(end) + 24 * 60 <= minutes(start) + 12 * 60;
        let draft = cx.report(&END_BEFORE_START, fields.end);
        if night {
            // An ordinary night visit; only the writing is undefined.
            draft.at_most(Severity::Info);
        }
    }
}
