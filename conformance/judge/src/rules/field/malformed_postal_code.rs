//! F008 `malformed-postal-code`.

use crate::rules::prelude::*;

/// 郵便番号の形式が正しくない: a malformed postal code.
pub(crate) static MALFORMED_POSTAL_CODE: Rule = Rule {
    code: "F008",
    name: "malformed-postal-code",
    title: Text::new("郵便番号の形式が正しくない", "a malformed postal code"),
    explanation: Text::new(
        "郵便番号はハイフンを入れた8文字です。",
        "Postal codes have eight characters with a hyphen.",
    ),
    message: Text::new(
        "{field}の値「{found}」は郵便番号の形（XXX-XXXX）ではありません。",
        "{field}: {found} does not have the form XXX-XXXX.",
    ),
    fix: Text::new(
        "半角数字3桁、半角ハイフン、半角数字4桁で出力してください。",
        "Write three digits, a hyphen and four digits.",
    ),
    source: Source::Row,
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F21"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "postal-code-without-hyphen",
            "postal-code-of-nine-characters",
            "postal-code-with-a-letter",
            "postal-code-of-eight-digits",
        ],
        passes: &["K1"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::PostalCode
}

fn holds(_: &Field, value: &[u8]) -> bool {
    let [a, b, c, b'-', rest @ ..] = value else { return false };
    rest.len() == 4 && [a, b, c].into_iter().chain(rest).all(u8::is_ascii_digit)
}

fn report(cx: &mut FieldCx<'_>) {
    if cx.value.len() == 7 && cx.value.iter().all(u8::is_ascii_digit) {
        cx.draft.hint(Text::new("ハイフンがありません。", "The hyphen is missing."));
    } else if let Some(hint) = crate::rules::field::cause::of_digits(cx.value)
        && !cx.value.contains(&b'-')
    {
        cx.draft.hint(hint);
    }
}
