//! F024 `fixed-value-missing`.

use crate::rules::field::value_too_long;
use crate::rules::prelude::*;

/// 固定値9999999999になっていない: the fixed value 9999999999 is missing.
pub(crate) static FIXED_VALUE_MISSING: Rule = Rule {
    code: "F024",
    name: "fixed-value-missing",
    title: Text::new("固定値9999999999になっていない", "the fixed value 9999999999 is missing"),
    explanation: Text::new(
        "第7表の「事業所コード」（項目34）は固定値9999999999と注記されています。必須の○はないため警告です。",
        "Item 34 of table 7 has the fixed value 9999999999; it carries no ○, so this is a warning.",
    ),
    message: Text::new(
        "{field}が「{found}」です（固定値は9999999999）。",
        "{field} is {found} instead of 9999999999.",
    ),
    fix: Text::new("9999999999を出力してください。", "Write 9999999999."),
    source: Source::Fixed("L UPSIKYU 34", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R25", "OQ B4"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["fixed-value-replaced"],
        passes: &["K2", "fixed-value-of-eleven-digits"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::Nines
}

fn holds(field: &Field, value: &[u8]) -> bool {
    value == b"9999999999" || value_too_long::exceeds(field, value)
}

fn report(_: &mut FieldCx<'_>) {}
