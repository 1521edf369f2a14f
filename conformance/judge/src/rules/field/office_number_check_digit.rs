//! F011 `office-number-check-digit`.

use crate::rules::prelude::*;

/// 事業所番号の検証番号が合わない: the check digit of an office number does not fit.
pub(crate) static OFFICE_NUMBER_CHECK_DIGIT: Rule = Rule {
    code: "F011",
    name: "office-number-check-digit",
    title: Text::new(
        "事業所番号の検証番号が合わない",
        "the check digit of an office number does not fit",
    ),
    explanation: Text::new(
        "末尾の検証番号が計算と合わない番号は、打ち間違いの可能性が高いものです。仕様に定めはなく、まれに例外があります。",
        "A last digit that does not follow from the others is most likely a typing error. The standard does not ask for it, and there are rare exceptions.",
    ),
    message: Text::new(
        "{field}の値「{found}」は末尾の検証番号が計算と合いません。",
        "{field}: the last digit of {found} does not follow from the others.",
    ),
    fix: Text::new(
        "番号の打ち間違いがないか確認してください。",
        "Check the number for a typing error.",
    ),
    source: Source::Fixed("資料13", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["F14"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["office-number-check-digit"],
        passes: &["official-office-number", "office-number-of-no-prefecture"],
    },
};

fn applies(field: &Field) -> bool {
    matches!(field.format, Format::OfficeNumber | Format::OfficeNumberOrNines)
}

fn holds(_: &Field, value: &[u8]) -> bool {
    !matches!(office_number::doubt(value), Some(office_number::Doubt::CheckDigit { .. }))
}

fn report(cx: &mut FieldCx<'_>) {
    if let Some(office_number::Doubt::CheckDigit { expected }) = office_number::doubt(cx.value) {
        cx.draft.expected(Text::made(
            format!("末尾が{expected}"),
            format!("{expected} as the last digit"),
        ));
    }
}
