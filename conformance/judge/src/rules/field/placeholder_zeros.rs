//! F020 `placeholder-zeros`.

use crate::rules::prelude::*;

/// ゼロや9だけの日付・年月・時刻: a placeholder where none is defined.
pub(crate) static PLACEHOLDER_ZEROS: Rule = Rule {
    code: "F020",
    name: "placeholder-zeros",
    title: Text::new("ゼロや9だけの日付・年月・時刻", "a placeholder where none is defined"),
    explanation: Text::new(
        "00000000や000000は利用者補足情報の決まった項目でだけ、9999は第6表の時刻でだけ意味を持ちます。ほかの項目は、値がなければ空にします。",
        "Zeros have a meaning in two items of the user supplement only, 9999 in the times of table 6. Everywhere else an item without a value is empty.",
    ),
    message: Text::new("{field}が「{found}」になっています。", "{field} is {found}."),
    fix: Text::new(
        "値がなければ空で出力してください。",
        "Leave the item empty when there is no value.",
    ),
    source: Source::Fixed("L UPHOSOKU 4, 63", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["§7"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: Examples {
        fails: &[
            "certification-date-of-zeros",
            "date-of-zeros",
            "deletion-month-of-zeros",
            "time-of-nines-in-table-3",
        ],
        passes: &["K2", "actuals-without-times"],
    },
};

fn applies(field: &Field) -> bool {
    matches!(field.format, Format::Date | Format::Month | Format::Time)
}

fn holds(field: &Field, value: &[u8]) -> bool {
    value != placeholder(field.format)
}

/// The value that stands for "none" in other items of the same form.
pub(crate) const fn placeholder(format: Format) -> &'static [u8] {
    match format {
        Format::Date => b"00000000",
        Format::Month => b"000000",
        _ => b"9999",
    }
}

fn report(_: &mut FieldCx<'_>) {}
