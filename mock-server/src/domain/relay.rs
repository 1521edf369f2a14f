//! The central system, as one value that transports share.

mod certificates;
pub mod control;
mod exchange;
pub(crate) mod fall_due;
mod licences;
mod login;
mod send;
mod sessions;
mod site;

use std::path::PathBuf;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use careplan_certs::Authority;
use tokio::sync::{RwLock, RwLockReadGuard, Semaphore, watch};

use super::directory::Directory;
use super::pages::Pages;
use super::password::Hashing;
use super::trust::{self, Trust};
use crate::clock::{Clock, Timing};
use crate::refusal::{Failure, Result};
use crate::scenario;
use crate::store::record::SettingRecord;
use crate::store::{Durability, SharedStore, SqlStore, State};
use crate::switches::Switches;
use sessions::SessionTable;

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
    /// The clock; also to be given to the TLS layer. A directory with a state sets it as it was.
    pub clock: Clock,
    /// Whether waiting times apply.
    pub timing: Timing,
    /// Switches; they replace those a directory has.
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

/// Which scenario the state began with.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Course {
    /// Its name.
    pub scenario: String,
    /// Its seed.
    pub seed: u64,
}

/// The central system. Clones are the same system.
#[derive(Clone)]
pub struct Relay {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Clock,
    timing: Timing,
    store: SharedStore,
    switches: ArcSwap<Switches>,
    trust: ArcSwap<Trust>,
    authority_changes: watch::Sender<u64>,
    directory: ArcSwap<Directory>,
    sessions: SessionTable,
    pages: Pages,
    course: Mutex<Course>,
    /// When the next thing falls due, in milliseconds; never later than it really is.
    next_due: AtomicI64,
    /// One at a time does what has fallen due.
    settling: tokio::sync::Mutex<()>,
    /// Replacing the whole state waits for operations under way, and they for it.
    whole: RwLock<()>,
    hashing: Hashing,
    /// As many messages are verified at once as there are processors.
    checking: Semaphore,
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relay").finish_non_exhaustive()
    }
}

/// Name of the setting that holds the switches, JSON.
const SWITCHES: &str = "switches";
/// Name of the setting that holds how the time runs, JSON.
const CLOCK: &str = "clock";
/// Name of the setting that holds the name of the scenario.
const SCENARIO: &str = "scenario";
/// Name of the setting that holds the seed.
const SEED: &str = "seed";

fn setting(name: &str, value: impl Into<String>) -> SettingRecord {
    SettingRecord { name: name.to_owned(), value: value.into().into() }
}

fn find_setting<'s>(settings: &'s [SettingRecord], name: &str) -> Option<&'s SettingRecord> {
    settings.iter().find(|setting| setting.name == name)
}

impl Relay {
    /// Opens the place, and fills it with the scenario where it is empty.
    ///
    /// # Errors
    /// The store, or the authority, does not come up; there is no such scenario.
    pub async fn open(settings: Settings) -> std::result::Result<Self, Failure> {
        let store: SharedStore = match &settings.place {
            StorePlace::Memory => Arc::new(SqlStore::scratch().await?),
            StorePlace::Directory { path, full_sync } => {
                let durability = if *full_sync { Durability::Power } else { Durability::Process };
                Arc::new(SqlStore::in_folder(path, durability).await?)
            }
        };
        Self::with_store(store, settings).await
    }

    /// The same with a store that is open already; `settings.place` does not matter.
    ///
    /// # Errors
    /// As for [`Relay::open`].
    pub async fn with_store(
        store: SharedStore,
        settings: Settings,
    ) -> std::result::Result<Self, Failure> {
        let Settings { clock, timing, mut switches, seed, scenario: name, place: _ } = settings;
        let kept = store.settings().await?;
        let (authority, course) = match find_setting(&kept, trust::AUTHORITY) {
            Some(authority) => {
                let certificates = store.certificates().await?;
                let authority = trust::from_setting(authority, &certificates)?;
                if let Some(course) = find_setting(&kept, CLOCK)
                    && let Ok(course) = serde_json::from_str(course.value.reveal())
                {
                    clock.restore(course);
                }
                if let Some(record) = find_setting(&kept, SWITCHES) {
                    let read = serde_json::from_str(record.value.reveal())
                        .map_err(|error| Failure::SavedState(format!("its switches: {error}")))?;
                    switches = switches.over(read);
                    let json = serde_json::to_string(&switches)
                        .map_err(|error| Failure::Task(error.to_string()))?;
                    store.keep_setting(&setting(SWITCHES, json)).await?;
                }
                (Arc::new(authority), course_of(&kept))
            }
            None => {
                let made = Authority::generate(clock.now())
                    .map_err(|error| Failure::Issue(error.to_string()))?;
                let authority = Arc::new(made);
                let course = Course { scenario: name, seed };
                let state = fresh_state(&authority, &course, &switches, &clock).await?;
                store.replace(&state).await?;
                (authority, course)
            }
        };
        let trust = Trust::new(authority, &[], clock.now())?;
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let relay = Self {
            shared: Arc::new(Shared {
                clock,
                timing,
                store,
                switches: ArcSwap::from_pointee(switches),
                trust: ArcSwap::from_pointee(trust),
                authority_changes: watch::Sender::new(0),
                directory: ArcSwap::default(),
                sessions: SessionTable::default(),
                pages: Pages::default(),
                course: Mutex::new(course),
                next_due: AtomicI64::new(i64::MIN),
                settling: tokio::sync::Mutex::default(),
                whole: RwLock::default(),
                hashing: Hashing::default(),
                checking: Semaphore::new(cores),
            }),
        };
        relay.read_everything().await?;
        Ok(relay)
    }

    /// The clock everything here goes by. What has fallen due after moving it happens before the
    /// next operation; see also [`Relay::move_clock`].
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// The switches as they stand.
    pub fn switches(&self) -> Arc<Switches> {
        self.shared.switches.load_full()
    }

    /// Whether waiting times apply.
    pub fn timing(&self) -> Timing {
        self.shared.timing
    }

    /// The scenario the state began with.
    fn course(&self) -> Course {
        self.shared.course.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Wakes when the authority or its revocation list changes: on revocation, reset and loading.
    /// A transport that refuses in the handshake builds its configuration anew.
    pub fn authority_changes(&self) -> watch::Receiver<u64> {
        self.shared.authority_changes.subscribe()
    }

    /// The turn of an operation: what has fallen due is done, and the state is not replaced while
    /// the guard lives. An operation takes one turn and calls no other that takes one.
    async fn turn(&self) -> Result<RwLockReadGuard<'_, ()>> {
        self.settle_now().await?;
        Ok(self.shared.whole.read().await)
    }

    /// Fills every memory from the store.
    async fn read_everything(&self) -> std::result::Result<(), Failure> {
        let shared = &self.shared;
        let now = shared.clock.now();
        let certificates = shared.store.certificates().await?;
        let trust = shared.trust.load();
        let trust = Trust::new(Arc::clone(&trust.authority), &certificates, now)?;
        shared.trust.store(Arc::new(trust));
        shared.sessions.fill(shared.store.sessions().await?);
        shared.pages.forget_all();
        self.read_directory().await?;
        shared.next_due.store(i64::MIN, std::sync::atomic::Ordering::SeqCst);
        shared.authority_changes.send_modify(|count| *count += 1);
        Ok(())
    }

    /// Fills the memory of offices and licences.
    async fn read_directory(&self) -> std::result::Result<(), Failure> {
        let store = &self.shared.store;
        let accounts = store.accounts().await?;
        let directory = Directory::new(
            store.offices().await?,
            &accounts,
            store.licences().await?,
            store.terms().await?,
        );
        self.shared.directory.store(Arc::new(directory));
        Ok(())
    }

    fn set_course(&self, course: Course) {
        *self.shared.course.lock().unwrap_or_else(PoisonError::into_inner) = course;
    }

    fn seed(&self) -> u64 {
        self.shared.course.lock().unwrap_or_else(PoisonError::into_inner).seed
    }
}

fn course_of(settings: &[SettingRecord]) -> Course {
    let text = |name| find_setting(settings, name).map(|setting| setting.value.reveal());
    Course {
        scenario: text(SCENARIO).unwrap_or_default().to_owned(),
        seed: text(SEED).and_then(|seed| seed.parse().ok()).unwrap_or_default(),
    }
}

/// The state with which a scenario begins, settings included.
async fn fresh_state(
    authority: &Arc<Authority>,
    course: &Course,
    switches: &Switches,
    clock: &Clock,
) -> std::result::Result<State, Failure> {
    let task = {
        let (authority, course) = (Arc::clone(authority), course.clone());
        let (switches, now) = (switches.clone(), clock.now());
        move || scenario::build(&course.scenario, course.seed, &authority, &switches, now)
    };
    let mut state = tokio::task::spawn_blocking(task)
        .await
        .map_err(|error| Failure::Task(error.to_string()))??;
    state.settings = settings(authority, course, switches, clock)?;
    Ok(state)
}

fn settings(
    authority: &Authority,
    course: &Course,
    switches: &Switches,
    clock: &Clock,
) -> std::result::Result<Vec<SettingRecord>, Failure> {
    let json = |error: serde_json::Error| Failure::Task(error.to_string());
    Ok(vec![
        trust::to_setting(authority)?,
        setting(SWITCHES, serde_json::to_string(switches).map_err(json)?),
        setting(CLOCK, serde_json::to_string(&clock.course()).map_err(json)?),
        setting(SCENARIO, course.scenario.clone()),
        setting(SEED, course.seed.to_string()),
    ])
}
