//! F013 `insurer-number-check-digit`.

use crate::rules::prelude::*;

/// 保険者番号の検証番号が合わない: the check digit of an insurer number does not fit.
pub(crate) static INSURER_NUMBER_CHECK_DIGIT: Rule = Rule {
    code: "F013",
    name: "insurer-number-check-digit",
    title: Text::new(
        "保険者番号の検証番号が合わない",
        "the check digit of an insurer number does not fit",
    ),
    explanation: Text::new(
        "市町村の「全国地方公共団体コード」を保険者番号の代わりに入れると、末尾の1桁だけが違う番号になります。受け取る側では別の保険者か、該当なしになります。",
        "Entering the municipality's 団体コード gives a number that differs in the last digit only; the receiver finds another insurer or none.",
    ),
    message: Text::new(
        "{field}の値「{found}」は末尾の検証番号が計算と合いません。",
        "{field}: the last digit of {found} does not follow from the others.",
    ),
    fix: Text::new(
        "被保険者証の保険者番号を確認してください。",
        "Check the number on the insurance card.",
    ),
    source: Source::Fixed("保険者番号設定要領", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["P08"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "insurer-number-check-digit",
            "municipality-code-as-insurer-number",
            "insurer-number-of-no-prefecture",
        ],
        passes: &["K3"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::InsurerNumber
}

fn holds(_: &Field, value: &[u8]) -> bool {
    insurer_number::doubt(value).is_none()
}

fn report(cx: &mut FieldCx<'_>) {
    use insurer_number::Doubt;
    let digit = |expected: u8| {
        Text::made(format!("末尾が{expected}"), format!("{expected} as the last digit"))
    };
    match insurer_number::doubt(cx.value) {
        Some(Doubt::MunicipalityCode { expected }) => {
            cx.draft.expected(digit(expected)).hint(Text::new(
                "全国地方公共団体コードと一致します。保険者番号は末尾の1桁が異なります。",
                "It is the 団体コード of the municipality; the insurer number ends differently.",
            ));
        }
        Some(Doubt::CheckDigit { expected }) => {
            cx.draft.expected(digit(expected));
        }
        Some(Doubt::Prefecture) => {
            cx.draft
                .expected(Text::new("先頭2桁が01〜47", "01 to 47 as the first two digits"))
                .hint(Text::new(
                    "先頭2桁が都道府県番号ではありません。",
                    "The first two digits are no prefecture.",
                ));
        }
        None => {}
    }
}
