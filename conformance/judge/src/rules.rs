//! The one list of rules, by stage, in report order. One rule, one file, one name.

use careplan_spec::Field;

use crate::rule::{Check, Rule};

pub(crate) mod bytes;
pub(crate) mod field;
pub(crate) mod file;
pub(crate) mod framing;
pub(crate) mod prelude;
pub(crate) mod record;
pub(crate) mod settings;
pub(crate) mod unit;

pub use record::weekly_service_times::STAYS;

/// Every rule, in the order of the stages and codes.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let stages = [bytes::RULES, framing::RULES, field::RULES, record::RULES];
    let wider = [file::RULES, unit::RULES, crate::cause::RULES, settings::RULES];
    stages.into_iter().chain(wider).flatten().copied()
}

/// The rule with this code (`F004`) or name (`malformed-date`), in any case.
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    all().find(|rule| {
        rule.code.eq_ignore_ascii_case(code_or_name) || rule.name.eq_ignore_ascii_case(code_or_name)
    })
}

/// The rules about single values that `value`, without its quotes, breaks in `field`.
///
/// ```
/// use careplan_judge::rules;
/// use careplan_spec::layout::v4_1::upkihon;
/// use careplan_spec::{FileKind, StandardVersion};
///
/// let layout = FileKind::Upkihon.layout(StandardVersion::V4_1).expect("a layout");
/// let name = &layout.fields[usize::from(upkihon::USER_NAME.index)];
/// let codes = |value| rules::broken(name, value).map(|rule| rule.code).collect::<Vec<_>>();
/// assert_eq!(codes(b"NULL"), ["B022"]);
/// assert_eq!(codes(b"Smith"), [""; 0]);
/// ```
pub fn broken<'v>(
    field: &'v Field,
    value: &'v [u8],
) -> impl Iterator<Item = &'static Rule> + use<'v> {
    let of_values = bytes::RULES.iter().chain(field::RULES).copied();
    of_values.filter(move |rule| match rule.check {
        Check::Field { applies, on_empty, holds, .. } => {
            on_empty == value.is_empty() && applies(field) && !holds(field, value)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use crate::rule::Check;

    #[test]
    fn what_the_reader_raises_is_about_its_stages_or_a_cause() {
        for rule in super::all().filter(|rule| matches!(rule.check, Check::Reader)) {
            assert!(matches!(rule.code.as_bytes()[0], b'B' | b'S' | b'C'), "{}", rule.code);
        }
    }
}
