//! F018 `equipment-code-form`.

use crate::rules::field::value_too_long;
use crate::rules::prelude::*;

/// TAISコード・届出コードの形が違う: an unusual form of an equipment code.
pub(crate) static EQUIPMENT_CODE_FORM: Rule = Rule {
    code: "F018",
    name: "equipment-code-form",
    title: Text::new("TAISコード・届出コードの形が違う", "an unusual form of an equipment code"),
    explanation: Text::new(
        "コードは半角の「00001-000010」の形です。仕様書の例は全角ハイフンで印刷されていますが、12文字に収まるのは半角です。",
        "Codes look like 00001-000010, half width; the standard prints a full-width hyphen, but only half width fits twelve characters.",
    ),
    message: Text::new(
        "{field}の値「{found}」は「00001-000010」の形ではありません。",
        "{field}: {found} does not look like 00001-000010.",
    ),
    fix: Text::new(
        "半角の数字とハイフン（-）で出力してください。",
        "Write half-width digits and a hyphen.",
    ),
    source: Source::Fixed("L UPPLAN 16", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R09", "OQ C13", "RW 13"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["equipment-code-with-full-width-hyphen", "equipment-code-without-zeros"],
        passes: &["K2", "equipment-code-of-thirteen-characters"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::EquipmentCode
}

fn holds(field: &Field, value: &[u8]) -> bool {
    equipment_code::shape_is_valid(value) || value_too_long::exceeds(field, value)
}

fn report(cx: &mut FieldCx<'_>) {
    if let Some(half) = equipment_code::normalise(&ms932::decode_lossy(cx.value)) {
        cx.draft.expected(half);
    }
}
