//! What is said to the person in front of the screen.

use careplan_spec::Text;

/// What happened and what to do, for the person in front of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// What happened.
    pub what: Text<String>,
    /// What to do now.
    pub to_do: Text<String>,
}

impl Explanation {
    /// Both sentences fixed.
    pub(crate) fn fixed(what: Text, to_do: Text) -> Self {
        Self { what: what.into(), to_do: to_do.into() }
    }

    /// What happened made for the occasion, what to do fixed.
    pub(crate) fn new(ja: String, en: String, to_do: Text) -> Self {
        Self { what: Text::made(ja, en), to_do: to_do.into() }
    }
}
