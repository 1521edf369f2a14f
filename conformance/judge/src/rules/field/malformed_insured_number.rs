//! F014 `malformed-insured-number`.

use crate::rules::prelude::*;

/// 被保険者番号の形式が正しくない: a malformed insured number.
pub(crate) static MALFORMED_INSURED_NUMBER: Rule = Rule {
    code: "F014",
    name: "malformed-insured-number",
    title: Text::new("被保険者番号の形式が正しくない", "a malformed insured number"),
    explanation: Text::new(
        "受け取ったソフトは被保険者番号で利用者を探します。桁が違うと別人になるか、新しい利用者が作られます。",
        "The receiver finds the person by this number. A wrong length makes another person, or a new one.",
    ),
    message: Text::new(
        "{field}の値「{found}」は被保険者番号の形ではありません。",
        "{field}: {found} is not an insured number.",
    ),
    fix: Text::new(
        "先頭の0も含めて半角数字10桁、生活保護単独の方はHと半角数字9桁で出力してください。",
        "Write ten digits, leading zeros included, or H and nine digits.",
    ),
    source: Source::Row,
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["P06", "F21", "RW 5"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "insured-number-of-nine-digits",
            "insured-number-of-eleven-digits",
            "public-assistance-number-in-lower-case",
            "public-assistance-number-of-eight-digits",
            "space-behind-the-insured-number",
            "leading-zero-lost",
        ],
        passes: &["public-assistance-number"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::InsuredNumber
}

fn holds(_: &Field, value: &[u8]) -> bool {
    insured_number::shape_is_valid(value)
}

fn report(cx: &mut FieldCx<'_>) {
    let value = cx.value;
    if value.len() < 10 && value.iter().all(u8::is_ascii_digit) {
        cx.draft.hint(Text::new("先頭の0が落ちているようです。", "Leading zeros seem to be lost."));
    } else if value.first() == Some(&b'H') && value[1..].iter().all(u8::is_ascii_digit) {
        cx.draft.hint(Text::new("Hの後は半角数字9桁です。", "Nine digits follow the H."));
    } else if value.first() == Some(&b'h') {
        cx.draft.hint(Text::new("Hは大文字です。", "Write a capital H."));
    } else if let Some(hint) = crate::rules::field::cause::of_digits(value) {
        cx.draft.hint(hint);
    }
}
