//! F006 `malformed-time`.

use crate::rules::prelude::*;

/// 時刻の形式が正しくない: a malformed time.
pub(crate) static MALFORMED_TIME: Rule = Rule {
    code: "F006",
    name: "malformed-time",
    title: Text::new("時刻の形式が正しくない", "a malformed time"),
    explanation: Text::new(
        "時刻は4桁の数字（HHMM）です。時刻のないサービスは利用票では9999とします。",
        "Times are four digits, HHMM; a service without a time has 9999 in table 6.",
    ),
    message: Text::new(
        "{field}の値「{found}」は時刻として読めません。",
        "{field}: {found} is not a time.",
    ),
    fix: Text::new(
        "半角数字4桁（例 0900）で出力してください。",
        "Write four digits, 0900 for nine o'clock.",
    ),
    source: Source::Row,
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F21", "R02", "R34"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "time-with-colon",
            "time-without-zero",
            "time-of-2401",
            "time-of-sixty-minutes",
            "time-with-a-space",
        ],
        passes: &["time-of-2359", "end-at-2400", "actuals-without-times"],
    },
};

fn applies(field: &Field) -> bool {
    matches!(field.format, Format::Time | Format::TimeOrNines)
}

fn holds(_: &Field, value: &[u8]) -> bool {
    // 9999 in other tables is judged by `placeholder-zeros`.
    calendar::is_time(value) || value == b"9999"
}

fn report(cx: &mut FieldCx<'_>) {
    if cx.value.contains(&b':') {
        cx.draft.hint(Text::new("コロンは入れません。", "Leave out the colon."));
    } else if cx.value.len() == 3 && cx.value.iter().all(u8::is_ascii_digit) {
        cx.draft.hint(Text::new("先頭の0が落ちています。", "The leading zero was lost."));
    } else if let Some(hint) = crate::rules::field::cause::of_digits(cx.value) {
        cx.draft.hint(hint);
    }
}
