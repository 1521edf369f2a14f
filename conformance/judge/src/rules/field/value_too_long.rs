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
        ],
        passes: &[
            "units-of-six-digits",
            "negative-units-of-six-digits",
            "phone-of-fifteen-characters",
            "long-number-with-commas",
            "price-of-words",
        ],
    },
};

fn applies(field: &Field) -> bool {
    matches!(field.format, Format::Integer | Format::Decimal | Format::Phone | Format::Opaque)
        && matches!(field.length, Length::Max(_))
}

fn holds(field: &Field, value: &[u8]) -> bool {
    let Length::Max(max) = field.length else { return true };
    // Whether a sign counts is not said (open question C15): it does not.
    let value = value.strip_prefix(b"-").unwrap_or(value);
    // What is no number at all has a rule of its own.
    let counts = match field.format {
        Format::Integer => value.iter().all(u8::is_ascii_digit),
        Format::Decimal => value.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.'),
        _ => true,
    };
    value.len() <= usize::from(max) || !counts
}

fn report(cx: &mut FieldCx<'_>) {
    let found = cx.value.len() as i64;
    cx.draft.hint(Text::made(format!("（{found}桁あります。）"), format!("({found} characters.)")));
}
