//! The ready-made states that the controls offer. Whoever starts the server brings them.

use careplan_spec::Text;

use careplan_relay::beginning::Beginning;

/// A scenario.
#[derive(Debug, Clone, Copy)]
pub struct ScenarioInfo {
    /// Name.
    pub name: &'static str,
    /// What it is for.
    pub title: Text,
}

/// The scenarios there are.
pub trait Scenarios: Send + Sync {
    /// Those that are offered; the first is what an empty state begins with.
    fn offered(&self) -> &'static [ScenarioInfo];

    /// The beginning of a name; none where there is no such scenario.
    fn beginning(&self, name: &str, seed: u64) -> Option<Beginning>;
}
