//! F002 `value-too-long`.

use crate::rules::prelude::*;

/// 項目長を超えている: the value is too long.
pub(crate) static VALUE_TOO_LONG: Rule = Rule {
    code: "F002",
    name: "value-too-long",
    title: Text::new("項目長を超えている", "the value is too long"),
    explanation: Text::new(
        "項目長を超える値は、相手のソフトで切り捨てられるか取込エラーになります。",
        "Longer values are cut off or refused by the receiver.",
    ),
    message: Text::new("{field}の値「{found}」が長すぎます。", "{field}: {found} is too long."),
    fix: Text::new(
        "項目長に収まる値を出力してください。空白やゼロで埋める必要はありません。",
        "Write a value that fits; padding is not needed.",
    ),
    source: Source::Row,
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F19"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "units-of-seven-digits",
            "count-of-three-digits",
            "phone-of-sixteen-characters",
            "unit-price-of-seven-characters",
            "equipment-code-of-thirteen-characters",
            "notification-code-of-thirteen-characters",
            "need-number-of-three-digits",
            "need-number-of-four-digits",
            "need-number-with-zeros-before",
            "unused-item-of-two-characters",
            "fixed-value-of-eleven-digits",
            "provider-number-of-eleven-digits",
        ],
        passes: &[
            "units-of-six-digits",
            "negative-units-of-six-digits",
            "phone-of-fifteen-characters",
            "long-number-with-commas",
            "price-of-words",
            "equipment-code-with-full-width-hyphen",
            "need-number-of-99",
            "unused-item-filled",
            "fixed-value-replaced",
            "provider-number-of-seven-digits",
        ],
    },
};

fn applies(field: &Field) -> bool {
    let has_length = matches!(field.length, Length::Max(_));
    has_length
        && match field.format {
            Format::Integer
            | Format::Decimal
            | Format::Phone
            | Format::Opaque
            | Format::EquipmentCode
            | Format::SequenceNumber
            | Format::Nines
            | Format::Unused => true,
            // Of an office number without a 書式 the length alone is sure.
            Format::OfficeNumber => field.note.starts_with("書式の説明なし"),
            _ => false,
        }
}

fn holds(field: &Field, value: &[u8]) -> bool {
    !exceeds(field, value)
}

/// Whether the length alone is wrong, so that nothing need be said about the form.
pub(crate) fn exceeds(field: &Field, value: &[u8]) -> bool {
    let Length::Max(max) = field.length else { return false };
    value.len() > usize::from(max) && applies(field) && length(field, value) > usize::from(max)
}

/// The length of a value as far as it counts; 0 for what is no number at all where one belongs,
/// which has a rule of its own.
fn length(field: &Field, value: &[u8]) -> usize {
    // Whether a sign counts is not said (open question C15): it does not.
    let number = value.strip_prefix(b"-").unwrap_or(value);
    let is_number = match field.format {
        Format::Integer | Format::SequenceNumber => number.iter().all(u8::is_ascii_digit),
        Format::Decimal => number.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.'),
        Format::Phone | Format::Opaque => return number.len(),
        // Whether bytes or characters count is not said either (C14): a hyphen of full width, as
        // printed in the standard, is one character.
        _ => return ms932::characters(value).count(),
    };
    if is_number { number.len() } else { 0 }
}

fn report(cx: &mut FieldCx<'_>) {
    let found = match cx.field.format {
        Format::Integer | Format::Decimal | Format::Phone | Format::Opaque => cx.value.len(),
        _ => length(cx.field, cx.value),
    };
    cx.draft.hint(Text::made(format!("（{found}桁あります。）"), format!("({found} characters.)")));
}
