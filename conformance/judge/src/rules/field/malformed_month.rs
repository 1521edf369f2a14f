//! F005 `malformed-month`.

use crate::rules::prelude::*;

/// 年月の形式が正しくない: a malformed month.
pub(crate) static MALFORMED_MONTH: Rule = Rule {
    code: "F005",
    name: "malformed-month",
    title: Text::new("年月の形式が正しくない", "a malformed month"),
    explanation: Text::new("年月は西暦6桁の数字です。", "Months are six digits."),
    message: Text::new(
        "{field}の値「{found}」は年月として読めません。",
        "{field}: {found} is not a month.",
    ),
    fix: Text::new("西暦6桁（YYYYMM、例 202604）で出力してください。", "Write six digits, YYYYMM."),
    source: Source::Row,
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F21"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "month-thirteen",
            "month-zero",
            "number-in-quotes-with-comma",
            "month-with-a-hyphen",
        ],
        passes: &["K4", "month-twelve", "deletion-month-of-zeros"],
    },
};

fn applies(field: &Field) -> bool {
    matches!(field.format, Format::Month | Format::MonthOrZeros)
}

fn holds(_: &Field, value: &[u8]) -> bool {
    calendar::is_month(value) || value == b"000000"
}

fn report(cx: &mut FieldCx<'_>) {
    if let Some(hint) = crate::rules::field::cause::of_digits(cx.value) {
        cx.draft.hint(hint);
    }
}
