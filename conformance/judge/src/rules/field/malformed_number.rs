//! F007 `malformed-number`.

use crate::rules::prelude::*;

/// 数値の形式が正しくない: a malformed number.
pub(crate) static MALFORMED_NUMBER: Rule = Rule {
    code: "F007",
    name: "malformed-number",
    title: Text::new("数値の形式が正しくない", "a malformed number"),
    explanation: Text::new(
        "数値は半角数字だけで書きます。桁区切りのカンマ、全角数字、単位の文字は読めません。",
        "Numbers are half-width digits only, without separators or units.",
    ),
    message: Text::new(
        "{field}の値「{found}」は数値として読めません。",
        "{field}: {found} is not a number.",
    ),
    fix: Text::new("半角数字だけ（例 1234）で出力してください。", "Write half-width digits only."),
    source: Source::Row,
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F21"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "number-with-thousands-comma",
            "full-width-digits",
            "count-with-decimals",
            "count-of-a-sign-alone",
            "room-floor-below-ground",
        ],
        passes: &["reduction-with-negative-units"],
    },
};

fn applies(field: &Field) -> bool {
    // The unit price has a form of its own: `unit-price-form`.
    field.format == Format::Integer
}

fn holds(_: &Field, value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

fn report(cx: &mut FieldCx<'_>) {
    if cx.field.note.starts_with("書式の説明なし") {
        cx.draft.at_most(Severity::Warning);
    }
    if cx.value.contains(&b',') {
        cx.draft.hint(Text::new("桁区切りのカンマは入れません。", "Leave out the comma."));
    } else if cx.value.contains(&b'.') {
        cx.draft.hint(Text::new("整数で出力します。", "Write a whole number."));
    } else if let Some(hint) = crate::rules::field::cause::of_digits(cx.value) {
        cx.draft.hint(hint);
    }
}
