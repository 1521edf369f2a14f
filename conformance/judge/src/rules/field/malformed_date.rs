//! F004 `malformed-date`.

use crate::rules::prelude::*;

/// 日付の形式が正しくない: a malformed date.
pub(crate) static MALFORMED_DATE: Rule = Rule {
    code: "F004",
    name: "malformed-date",
    title: Text::new("日付の形式が正しくない", "a malformed date"),
    explanation: Text::new(
        "日付は西暦8桁の数字です。表計算ソフトで開いて保存すると「2026/6/1」などに変わります。",
        "Dates are eight digits. Spreadsheets turn them into 2026/6/1.",
    ),
    message: Text::new(
        "{field}の値「{found}」は日付として読めません。",
        "{field}: {found} is not a date.",
    ),
    fix: Text::new(
        "実在する日付を西暦8桁（YYYYMMDD、例 20260401）で出力してください。",
        "Write a real date as eight digits, YYYYMMDD.",
    ),
    source: Source::Row,
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F21"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "date-with-slashes",
            "date-that-does-not-exist",
            "leap-day-of-a-common-year",
            "date-of-an-era",
            "old-version-date-with-hyphens",
            "date-with-a-letter",
        ],
        passes: &["S1", "leap-day", "date-of-zeros"],
    },
};

fn applies(field: &Field) -> bool {
    matches!(field.format, Format::Date | Format::DateOrZeros)
}

fn holds(_: &Field, value: &[u8]) -> bool {
    // Zeros are judged by `placeholder-zeros`.
    calendar::is_date(value) || value == b"00000000"
}

fn report(cx: &mut FieldCx<'_>) {
    if let Some(hint) = crate::rules::field::cause::of_digits(cx.value) {
        cx.draft.hint(hint);
    } else if cx.value.len() == 8 && cx.value.iter().all(u8::is_ascii_digit) {
        cx.draft.hint(Text::new("実在しない日付です。", "There is no such day."));
    }
}
