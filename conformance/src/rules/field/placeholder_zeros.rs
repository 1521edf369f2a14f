//! F020 `placeholder-zeros`.

use careplan_spec::Basis;
use careplan_spec::Field;
use careplan_spec::FileKind;
use careplan_spec::Text;
use careplan_spec::layout::Format;
use careplan_spec::layout::v4_1::uphosoku;

use crate::context::FieldCx;
use crate::example::Example;
use crate::rule::Check;
use crate::rule::Rule;
use crate::rule::Source;
use crate::sample::SampleSet;
use crate::severity::Severity;

/// ゼロだけの日付・年月: a date or month of zeros.
pub(crate) static PLACEHOLDER_ZEROS: Rule = Rule {
    code: "F020",
    name: "placeholder-zeros",
    title: Text::new("ゼロだけの日付・年月", "a date or month of zeros"),
    explanation: Text::new(
        "00000000や000000は、利用者補足情報の決まった項目でだけ「使わない」の意味になります。ほかの項目は、値がなければ空にします。",
        "Zeros mean \"not used\" in two items of the user supplement only. Everywhere else an item without a value is empty.",
    ),
    message: Text::new("{field}が「{found}」になっています。", "{field} is {found}."),
    fix: Text::new(
        "値がなければ空で出力してください。",
        "Leave the item empty when there is no value.",
    ),
    source: Source::Fixed("L UPHOSOKU 4, 63", Basis::Inferred),
    severity: Severity::Warning,
    covers: &["§7"],
    check: Check::Field { applies, on_empty: false, holds, report },
    examples: &[
        Example::ng("認定日がゼロ", "a certification date of zeros", || {
            SampleSet::home_plan().with(
                FileKind::Uphosoku,
                0,
                uphosoku::CERTIFICATION_DATE,
                "00000000",
            )
        }),
        Example::ok(
            "6・7表の補足情報の00000000",
            "zeros in a supplement of tables 6 and 7",
            SampleSet::planned_use,
        ),
    ],
};

fn applies(field: &Field) -> bool {
    matches!(field.format, Format::Date | Format::Month)
}

fn holds(_: &Field, value: &[u8]) -> bool {
    value != b"00000000" && value != b"000000"
}

fn report(_: &mut FieldCx<'_>) {}
