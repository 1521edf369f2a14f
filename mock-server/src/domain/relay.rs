//! The central system, as one value that transports share.

mod control;
mod exchange;
mod login;
mod site;

use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::watch;

use crate::clock::{Clock, Timing};
use crate::refusal::Failure;
use crate::switches::Switches;

/// Where the state lives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum StorePlace {
    /// In a private temporary file that goes away at the end.
    #[default]
    Memory,
    /// In this directory; survives the end of the process, also a sudden one.
    Directory {
        /// The directory; made where it is missing.
        path: PathBuf,
        /// Wait for the disk on every commit (survives power failures too).
        full_sync: bool,
    },
}

/// How to start.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the state lives.
    pub place: StorePlace,
    /// The clock; also to be given to the TLS layer.
    pub clock: Clock,
    /// Whether waiting times apply.
    pub timing: Timing,
    /// Switches; a directory with a state brings its own and these replace them.
    pub switches: Switches,
    /// Seed of everything random that is readable: passwords, codes.
    pub seed: u64,
    /// Scenario for an empty place; see [`crate::scenario::SCENARIOS`].
    pub scenario: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            place: StorePlace::Memory,
            clock: Clock::real(),
            timing: Timing::Instant,
            switches: Switches::default(),
            seed: 1,
            scenario: "demo".to_owned(),
        }
    }
}

/// The central system. Clones are the same system.
#[derive(Clone)]
pub struct Relay {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Clock,
    switches: ArcSwap<Switches>,
    authority_changes: watch::Sender<u64>,
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relay").finish_non_exhaustive()
    }
}

impl Relay {
    /// Opens the place, and fills it with the scenario where it is empty.
    ///
    /// # Errors
    /// The store, or the authority, does not come up.
    pub async fn open(settings: Settings) -> Result<Self, Failure> {
        Ok(Self {
            shared: Arc::new(Shared {
                clock: settings.clock,
                switches: ArcSwap::from_pointee(settings.switches),
                authority_changes: watch::Sender::new(0),
            }),
        })
    }

    /// The clock everything here goes by.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// The switches as they stand.
    pub fn switches(&self) -> Arc<Switches> {
        self.shared.switches.load_full()
    }

    /// Wakes when the authority or its revocation list changes: on revocation, reset and loading.
    /// A transport that refuses in the handshake builds its configuration anew.
    pub fn authority_changes(&self) -> watch::Receiver<u64> {
        self.shared.authority_changes.subscribe()
    }
}

fn pending() -> Failure {
    Failure::Task("the interface is there, the body follows".to_owned())
}
