//! F009 `malformed-office-number`.

use crate::rules::field::value_too_long;
use crate::rules::prelude::*;

/// 事業所番号の形式が正しくない: a malformed office number.
pub(crate) static MALFORMED_OFFICE_NUMBER: Rule = Rule {
    code: "F009",
    name: "malformed-office-number",
    title: Text::new("事業所番号の形式が正しくない", "a malformed office number"),
    explanation: Text::new(
        "事業所番号は10桁です。3文字目だけが英大文字になることがあります（総合事業など）。",
        "Office numbers have ten characters; only the third may be a letter.",
    ),
    message: Text::new(
        "{field}の値「{found}」は事業所番号の形ではありません。",
        "{field}: {found} is not an office number.",
    ),
    fix: Text::new(
        "先頭の0も含めて半角10桁で出力してください。",
        "Write all ten characters, half width, leading zeros included.",
    ),
    source: Source::Row,
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F14", "F21"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "office-number-of-nine-digits",
            "office-number-of-eleven-digits",
            "provider-number-of-seven-digits",
            "office-number-in-scientific-notation",
        ],
        passes: &["office-number-with-a-letter", "provider-number-of-eleven-digits"],
    },
};

fn applies(field: &Field) -> bool {
    matches!(field.format, Format::OfficeNumber | Format::OfficeNumberOrNines)
}

fn holds(field: &Field, value: &[u8]) -> bool {
    office_number::shape_is_valid(value) || value_too_long::exceeds(field, value)
}

fn report(cx: &mut FieldCx<'_>) {
    if cx.field.note.starts_with("書式の説明なし") {
        cx.draft.at_most(Severity::Warning);
    }
    if matches!(cx.value.len(), 8 | 9) && cx.value.iter().all(u8::is_ascii_digit) {
        cx.draft
            .hint(Text::new("先頭の0が落ちているようです。", "A leading zero seems to be lost."));
    } else if let Some(hint) = crate::rules::field::cause::of_digits(cx.value) {
        cx.draft.hint(hint);
    }
}
