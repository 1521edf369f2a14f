//! F012 `malformed-insurer-number`.

use crate::rules::prelude::*;

/// 保険者番号の形式が正しくない: a malformed insurer number.
pub(crate) static MALFORMED_INSURER_NUMBER: Rule = Rule {
    code: "F012",
    name: "malformed-insurer-number",
    title: Text::new("保険者番号の形式が正しくない", "a malformed insurer number"),
    explanation: Text::new("保険者番号は6桁の数字です。", "Insurer numbers are six digits."),
    message: Text::new(
        "{field}の値「{found}」は保険者番号（6桁の数字）ではありません。",
        "{field}: {found} is not six digits.",
    ),
    fix: Text::new(
        "先頭の0も含めて半角数字6桁で出力してください。",
        "Write six half-width digits, leading zeros included.",
    ),
    source: Source::Row,
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["P08", "F21"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "insurer-number-of-five-digits",
            "insurer-number-of-seven-digits",
            "insurer-number-in-full-width",
        ],
        passes: &["K3"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::InsurerNumber
}

fn holds(_: &Field, value: &[u8]) -> bool {
    insurer_number::shape_is_valid(value)
}

fn report(cx: &mut FieldCx<'_>) {
    if cx.value.len() == 5 && cx.value.iter().all(u8::is_ascii_digit) {
        cx.draft.hint(Text::new(
            "先頭の0が落ちているか、検証番号が抜けています。",
            "A leading zero or the check digit is missing.",
        ));
    } else if let Some(hint) = crate::rules::field::cause::of_digits(cx.value) {
        cx.draft.hint(hint);
    }
}
