//! The one list of rules, by stage, in report order. One rule, one file, one name.

use crate::rule::Rule;

pub mod bytes;
pub mod field;
pub mod file;
pub mod framing;
mod prelude;
pub mod record;
pub mod unit;

/// Every rule, in the order of the stages and codes.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [bytes::RULES, framing::RULES, field::RULES, record::RULES, file::RULES, unit::RULES]
        .into_iter()
        .flatten()
        .copied()
}

/// The rule with this code (`F004`) or name (`malformed-date`), in any case.
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    all().find(|rule| {
        rule.code.eq_ignore_ascii_case(code_or_name) || rule.name.eq_ignore_ascii_case(code_or_name)
    })
}
