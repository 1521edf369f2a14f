//! F032 `unusual-phone-number`.

use crate::rules::prelude::*;

/// 電話番号に見慣れない文字がある: unusual characters in a phone number.
pub(crate) static UNUSUAL_PHONE_NUMBER: Rule = Rule {
    code: "F032",
    name: "unusual-phone-number",
    title: Text::new("電話番号に見慣れない文字がある", "unusual characters in a phone number"),
    explanation: Text::new(
        "電話番号の書式は定められていません。数字とハイフン以外は表示や発信で困ることがあります。",
        "The standard gives no form. Other characters than digits and hyphens may be a nuisance.",
    ),
    message: Text::new(
        "{field}に、半角の数字・ハイフン・かっこ以外の文字があります。",
        "{field} holds other characters than half-width digits, hyphens and parentheses.",
    ),
    fix: Text::new(
        "半角の数字とハイフンで出力してください。",
        "Write half-width digits and hyphens.",
    ),
    source: Source::Fixed("—", Basis::Assumed),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["F21"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["phone-in-full-width", "phone-with-a-word"],
        passes: &["K1", "phone-with-parentheses"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::Phone
}

fn holds(_: &Field, value: &[u8]) -> bool {
    value
        .iter()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'(' | b')' | b'+' | b' '))
}

fn report(_: &mut FieldCx<'_>) {}
