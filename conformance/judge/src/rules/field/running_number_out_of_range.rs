//! F019 `running-number-out-of-range`.

use crate::rules::field::value_too_long;
use crate::rules::prelude::*;

/// 番号が1〜99ではない: a running number outside 1 to 99.
pub(crate) static RUNNING_NUMBER_OUT_OF_RANGE: Rule = Rule {
    code: "F019",
    name: "running-number-out-of-range",
    title: Text::new("番号が1〜99ではない", "a running number outside 1 to 99"),
    explanation: Text::new(
        "課題NOなどの番号は1から99までで、並び順と親子関係を決めます。",
        "These numbers run from 1 to 99 and decide order and hierarchy.",
    ),
    message: Text::new(
        "{field}の値「{found}」は1〜99の数字ではありません。",
        "{field}: {found} is not a number from 1 to 99.",
    ),
    fix: Text::new(
        "1から始まる半角の番号を出力してください。",
        "Write a half-width number from 1.",
    ),
    source: Source::Fixed("L UP2KYO 6", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R30", "OQ C2", "OQ C11"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "need-number-of-zero",
            "need-number-that-is-no-number",
            "detail-number-of-three-digits",
            "detail-number-of-a-letter",
        ],
        passes: &["need-number-of-99", "need-number-with-zeros-before"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::SequenceNumber
}

fn holds(field: &Field, value: &[u8]) -> bool {
    if value_too_long::exceeds(field, value) {
        return true;
    }
    // Three digits are tolerated where the length is unknown; zero is no number.
    value.len() <= 3
        && value.iter().all(u8::is_ascii_digit)
        && value.iter().any(|byte| *byte != b'0')
        && (value.len() < 3 || value[0] == b'0')
}

fn report(cx: &mut FieldCx<'_>) {
    // The length of 明細判別コード could not be read: three digits may be legal (OQ C2).
    if cx.field.length == Length::Unknown && cx.value.iter().all(u8::is_ascii_digit) {
        cx.draft.at_most(Severity::Info);
    }
}
