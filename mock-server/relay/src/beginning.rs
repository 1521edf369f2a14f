//! What a state begins with. The relay knows none by itself: it is handed one in.

use std::fmt;
use std::sync::Arc;

use careplan_certs::Authority;
use jiff::Timestamp;

use crate::outcome::Failure;
use crate::store::State;
use crate::switches::Switches;

/// What is there before a state is made.
#[derive(Debug, Clone)]
pub struct Ground {
    /// Who issues certificates.
    pub authority: Arc<Authority>,
    /// How the relay behaves.
    pub switches: Arc<Switches>,
    /// Seed of everything random that is readable: passwords, codes.
    pub seed: u64,
    /// Now.
    pub now: Timestamp,
}

/// Where a state comes from: kept with it, so that it can begin again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Name of the beginning.
    pub name: String,
    /// Seed of everything random that is readable.
    pub seed: u64,
}

type Make = dyn Fn(&Ground) -> Result<State, Failure> + Send + Sync;

/// A state to begin with, made when it is wanted: dates follow from the clock of that moment.
#[derive(Clone)]
pub struct Beginning {
    pub(crate) origin: Origin,
    make: Arc<Make>,
}

impl Beginning {
    /// A beginning of this name; `make` makes the state, but for its settings.
    pub fn new(
        name: impl Into<String>,
        seed: u64,
        make: impl Fn(&Ground) -> Result<State, Failure> + Send + Sync + 'static,
    ) -> Self {
        Self { origin: Origin { name: name.into(), seed }, make: Arc::new(make) }
    }

    /// Makes the state.
    pub(crate) fn make(&self, ground: &Ground) -> Result<State, Failure> {
        (self.make)(ground)
    }
}

impl fmt::Debug for Beginning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Beginning").field(&self.origin).finish()
    }
}
