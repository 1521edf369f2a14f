//! F021 `unused-field-filled`.

use crate::rules::field::value_too_long;
use crate::rules::prelude::*;

/// 使わない項目に値がある: an unused item is filled.
pub(crate) static UNUSED_FIELD_FILLED: Rule = Rule {
    code: "F021",
    name: "unused-field-filled",
    title: Text::new("使わない項目に値がある", "an unused item is filled"),
    explanation: Text::new(
        "「識別子」は使用しない項目です。読む側は無視します。",
        "識別子 is not used; readers ignore it.",
    ),
    message: Text::new(
        "{field}は使用しない項目ですが、値があります。",
        "{field} is not used, but filled.",
    ),
    fix: Text::new("空で出力してください。", "Leave it empty."),
    source: Source::Fixed("L 識別子", Basis::Stated),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["R17"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &["unused-item-filled"],
        passes: &["S1", "unused-item-of-two-characters"],
    },
};

fn applies(field: &Field) -> bool {
    field.format == Format::Unused
}

fn holds(field: &Field, value: &[u8]) -> bool {
    value_too_long::exceeds(field, value)
}

fn report(_: &mut FieldCx<'_>) {}
