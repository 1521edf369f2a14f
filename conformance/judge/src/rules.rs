//! The one list of rules, by stage, in report order. One rule, one file, one name.

use crate::rule::Rule;

pub(crate) mod bytes;
pub(crate) mod field;
pub(crate) mod file;
pub(crate) mod framing;
pub(crate) mod prelude;
pub(crate) mod record;
pub(crate) mod settings;
pub(crate) mod unit;

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
