//! Examples of rules: small sets of files, made from valid samples by naming what is changed.
//! They run as tests and stand in the documentation.

use std::fmt;

use crate::sample::SampleSet;

/// One example of a rule.
pub struct Example {
    /// Whether the rule must find something.
    pub fails: bool,
    /// What is shown, in a few words.
    pub what: careplan_spec::Text,
    /// Makes the files.
    pub build: fn() -> SampleSet,
}

impl Example {
    /// An example in which the rule must raise a finding.
    pub const fn ng(ja: &'static str, en: &'static str, build: fn() -> SampleSet) -> Self {
        Self { fails: true, what: careplan_spec::Text::new(ja, en), build }
    }

    /// An example in which the rule must stay silent.
    pub const fn ok(ja: &'static str, en: &'static str, build: fn() -> SampleSet) -> Self {
        Self { fails: false, what: careplan_spec::Text::new(ja, en), build }
    }
}

impl fmt::Debug for Example {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Example").field("fails", &self.fails).field("what", &self.what.en).finish()
    }
}
