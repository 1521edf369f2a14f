//! The central system, as one value that transports share.

mod account;
mod authority;
mod certificates;
mod doors;
mod exchange;
mod fall_due;
mod help;
mod licences;
mod operator;
mod send;
mod sessions;
mod state;
mod turn;

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use careplan_certs::Authority;
use tokio::sync::{RwLock, Semaphore, watch};

use crate::background::in_background;
use crate::beginning::{Beginning, Ground, Origin};
use crate::clock::{Clock, Timing};
use crate::directory::Directory;
use crate::outcome::Failure;
use crate::pages::Pages;
use crate::password::Hashing;
use crate::store::record::SettingRecord;
use crate::store::{State, Store, StoreError};
use crate::switches::Switches;
use crate::trust::{self, Trust};
use doors::Attempts;
use sessions::SessionTable;

pub use account::Account;
pub use certificates::Certificates;
pub use doors::Doors;
pub use exchange::{Exchange, SEARCH_CHARACTERS};
pub use licences::Licences;
pub use operator::Operator;
pub use state::ClockMove;
pub use turn::Turn;

/// How to start.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The clock; also to be given to the TLS layer. A directory with a state sets it as it was.
    pub clock: Clock,
    /// Whether waiting times apply.
    pub timing: Timing,
    /// Switches; they replace those a directory has.
    pub switches: Switches,
}

impl Default for Settings {
    fn default() -> Self {
        Self { clock: Clock::real(), timing: Timing::Instant, switches: Switches::default() }
    }
}

/// The central system. Clones are the same system.
#[derive(Clone)]
pub struct Relay {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Clock,
    /// Whether waiting times apply: [`Timing::Real`].
    waits: AtomicBool,
    store: Store,
    switches: ArcSwap<Switches>,
    trust: ArcSwap<Trust>,
    authority_changes: watch::Sender<u64>,
    directory: ArcSwap<Directory>,
    sessions: SessionTable,
    pages: Pages,
    origin: Mutex<Origin>,
    /// When the next thing falls due, in milliseconds; never later than it really is.
    next_due: AtomicI64,
    /// One at a time does what has fallen due.
    settling: tokio::sync::Mutex<()>,
    /// Replacing the whole state waits for operations under way, and they for it.
    whole: RwLock<()>,
    /// Whether something was kept that the memories could not be filled with: they are filled anew
    /// before the next operation.
    behind: AtomicBool,
    /// One at a time moves the clock.
    moving: tokio::sync::Mutex<()>,
    /// Whoever saves has the state's file open: it stays in its place until then. Taken before
    /// `whole`.
    saving: Arc<RwLock<()>>,
    hashing: Hashing,
    attempts: Attempts,
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
/// Name of the setting that holds the name of the beginning.
const ORIGIN: &str = "scenario";
/// Name of the setting that holds the seed.
const SEED: &str = "seed";

fn setting(name: &str, value: impl Into<String>) -> SettingRecord {
    SettingRecord { name: name.to_owned(), value: value.into().into() }
}

fn find_setting<'s>(settings: &'s [SettingRecord], name: &str) -> Option<&'s SettingRecord> {
    settings.iter().find(|setting| setting.name == name)
}

impl Relay {
    /// Goes on with the state of the store; an empty store begins as it is told.
    ///
    /// # Errors
    /// The store, or the authority, does not come up; the beginning cannot be made.
    pub async fn open(
        store: Store,
        settings: Settings,
        beginning: &Beginning,
    ) -> Result<Self, Failure> {
        let Settings { clock, timing, mut switches } = settings;
        let kept = store.settings().await.map_err(|error| store.damage(error))?;
        let (authority, origin) = match find_setting(&kept, trust::AUTHORITY) {
            Some(authority) => {
                let damaged =
                    |column| store.damage(StoreError::Corrupt { table: "setting", column });
                let certificates =
                    store.certificates().await.map_err(|error| store.damage(error))?;
                let authority = trust::from_setting(authority, &certificates)
                    .map_err(|_| damaged(trust::AUTHORITY))?;
                if let Some(record) = find_setting(&kept, CLOCK) {
                    let mode = serde_json::from_str(record.value.reveal());
                    clock.restore(mode.map_err(|_| damaged(CLOCK))?);
                }
                if let Some(record) = find_setting(&kept, SWITCHES) {
                    let (read, strange) = Switches::from_kept(record.value.reveal())
                        .map_err(|_| damaged(SWITCHES))?;
                    for warning in strange {
                        tracing::warn!(warning, "a switch was not taken over as it is");
                    }
                    switches = switches.over(read);
                    let json = serde_json::to_string(&switches)
                        .map_err(|error| Failure::Task(error.to_string()))?;
                    store.keep_setting(&setting(SWITCHES, json)).await?;
                }
                (Arc::new(authority), origin_of(&kept))
            }
            None => {
                store.must_be_blank().await?;
                let made = Authority::generate(clock.now())
                    .map_err(|error| Failure::Issue(error.to_string()))?;
                let authority = Arc::new(made);
                let state = fresh_state(&authority, beginning, &switches, &clock).await?;
                store.replace(&state).await?;
                store.stand_alone().await;
                (authority, beginning.origin.clone())
            }
        };
        let trust = Trust::new(authority, &[], clock.now())?;
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let relay = Self {
            shared: Arc::new(Shared {
                clock,
                waits: AtomicBool::new(timing == Timing::Real),
                store,
                switches: ArcSwap::from_pointee(switches),
                trust: ArcSwap::from_pointee(trust),
                authority_changes: watch::Sender::new(0),
                directory: ArcSwap::default(),
                sessions: SessionTable::default(),
                pages: Pages::default(),
                origin: Mutex::new(origin),
                next_due: AtomicI64::new(i64::MIN),
                settling: tokio::sync::Mutex::default(),
                whole: RwLock::default(),
                behind: AtomicBool::default(),
                moving: tokio::sync::Mutex::default(),
                saving: Arc::default(),
                hashing: Hashing::default(),
                attempts: Attempts::default(),
                checking: Semaphore::new(cores),
            }),
        };
        let filled = relay.shared.read_everything().await;
        filled.map_err(|failure| match failure {
            Failure::Store(error) => relay.shared.store.damage(error).into(),
            failure => failure,
        })?;
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
        self.shared.timing()
    }

    /// Lets waiting times apply from now on, or not. What was applied for before comes when it was
    /// to come.
    pub fn set_timing(&self, timing: Timing) {
        self.shared.waits.store(timing == Timing::Real, Ordering::SeqCst);
    }

    /// What the state began with.
    pub fn origin(&self) -> Origin {
        self.shared.origin.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Wakes when the authority or its revocation list changes: on revocation, reset and loading.
    /// A transport that refuses in the handshake builds its configuration anew.
    pub fn authority_changes(&self) -> watch::Receiver<u64> {
        self.shared.authority_changes.subscribe()
    }
}

impl Relay {
    /// Says where this system is served, for whoever finds the folder of its state held.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn serving_at(&self, address: &str) -> Result<(), Failure> {
        Ok(self.shared.store.serving_at(address)?)
    }

    /// Whether what is written is kept: writes, and reads it back, after everything that has fallen
    /// due.
    ///
    /// # Errors
    /// The store fails.
    pub async fn check(&self) -> crate::outcome::Result<()> {
        let turn = self.turn().await?;
        Ok(turn.shared.store.check().await?)
    }
}

impl Shared {
    fn timing(&self) -> Timing {
        if self.waits.load(Ordering::SeqCst) { Timing::Real } else { Timing::Instant }
    }

    /// Remembers that a memory could not follow the store, if it could not.
    fn followed<T, E>(&self, result: Result<T, E>) -> Result<T, E> {
        if result.is_err() {
            self.behind.store(true, Ordering::SeqCst);
        }
        result
    }

    /// Brings what is remembered to what is kept; nobody else does anything meanwhile.
    async fn catch_up(&self) -> Result<(), Failure> {
        let kept = self.store.settings().await?;
        if let Some(setting) = find_setting(&kept, trust::AUTHORITY) {
            let certificates = self.store.certificates().await?;
            let authority = Arc::new(trust::from_setting(setting, &certificates)?);
            let trust = Trust::new(authority, &certificates, self.clock.now())?;
            self.trust.store(Arc::new(trust));
        }
        if let Some(setting) = find_setting(&kept, SWITCHES)
            && let Ok((switches, _)) = Switches::from_kept(setting.value.reveal())
        {
            self.switches.store(Arc::new(switches));
        }
        self.set_origin(origin_of(&kept));
        self.read_everything().await?;
        self.behind.store(false, Ordering::SeqCst);
        Ok(())
    }

    /// Fills every memory from the store.
    async fn read_everything(&self) -> Result<(), Failure> {
        let filled = self.fill_everything().await;
        self.followed(filled)
    }

    async fn fill_everything(&self) -> Result<(), Failure> {
        let now = self.clock.now();
        let certificates = self.store.certificates().await?;
        let trust = self.trust.load();
        let trust = Trust::new(Arc::clone(&trust.authority), &certificates, now)?;
        self.trust.store(Arc::new(trust));
        {
            let _alone = self.sessions.change().await;
            self.sessions.fill(self.store.sessions().await?);
        }
        self.pages.forget_all();
        self.read_directory().await?;
        self.next_due.store(i64::MIN, Ordering::SeqCst);
        self.authority_changes.send_modify(|count| *count += 1);
        Ok(())
    }

    /// Fills the memory of offices and licences.
    async fn read_directory(&self) -> Result<(), Failure> {
        let filled = self.fill_directory().await;
        self.followed(filled)
    }

    async fn fill_directory(&self) -> Result<(), Failure> {
        let store = &self.store;
        let accounts = store.accounts().await?;
        let directory = Directory::new(
            store.offices().await?,
            &accounts,
            store.licences().await?,
            store.terms().await?,
        );
        self.directory.store(Arc::new(directory));
        Ok(())
    }

    fn set_origin(&self, origin: Origin) {
        *self.origin.lock().unwrap_or_else(PoisonError::into_inner) = origin;
    }

    fn seed(&self) -> u64 {
        self.origin.lock().unwrap_or_else(PoisonError::into_inner).seed
    }
}

fn origin_of(settings: &[SettingRecord]) -> Origin {
    let text = |name| find_setting(settings, name).map(|setting| setting.value.reveal());
    Origin {
        name: text(ORIGIN).unwrap_or_default().to_owned(),
        seed: text(SEED).and_then(|seed| seed.parse().ok()).unwrap_or_default(),
    }
}

/// The state that is begun with, settings included.
async fn fresh_state(
    authority: &Arc<Authority>,
    beginning: &Beginning,
    switches: &Switches,
    clock: &Clock,
) -> Result<State, Failure> {
    let beginning = beginning.clone();
    let origin = beginning.origin.clone();
    let ground = Ground {
        authority: Arc::clone(authority),
        switches: Arc::new(switches.clone()),
        seed: origin.seed,
        now: clock.now(),
    };
    let mut state = in_background(move || beginning.make(&ground)).await??;
    state.settings = settings(authority, &origin, switches, clock)?;
    Ok(state)
}

fn settings(
    authority: &Authority,
    origin: &Origin,
    switches: &Switches,
    clock: &Clock,
) -> Result<Vec<SettingRecord>, Failure> {
    let json = |error: serde_json::Error| Failure::Task(error.to_string());
    Ok(vec![
        trust::to_setting(authority)?,
        setting(SWITCHES, serde_json::to_string(switches).map_err(json)?),
        setting(CLOCK, serde_json::to_string(&clock.mode()).map_err(json)?),
        setting(ORIGIN, origin.name.clone()),
        setting(SEED, origin.seed.to_string()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreLocation;

    async fn relay() -> Relay {
        let store = Store::open(&StoreLocation::Memory).await.unwrap();
        let beginning = Beginning::new("nothing", 1, |_| Ok(State::default()));
        Relay::open(store, Settings::default(), &beginning).await.unwrap()
    }

    #[tokio::test]
    async fn a_memory_that_could_not_follow_is_filled_before_the_next_operation() {
        let relay = relay().await;
        let shared = &relay.shared;
        // Kept, and nobody was told: as when a write that is kept ends in an error.
        let switches = Switches { max_files: 17, ..Switches::default() };
        let json = serde_json::to_string(&switches).unwrap();
        shared.store.keep_setting(&setting(SWITCHES, json)).await.unwrap();
        shared.store.keep_setting(&setting(ORIGIN, "another")).await.unwrap();
        drop(relay.turn().await.unwrap());
        assert_ne!(relay.switches().max_files, 17, "nobody looks without a reason");
        shared.followed(Ok::<(), ()>(())).unwrap();
        assert!(!shared.behind.load(Ordering::SeqCst));
        shared.followed(Err::<(), _>(())).unwrap_err();
        drop(relay.turn().await.unwrap());
        assert!(!shared.behind.load(Ordering::SeqCst));
        assert_eq!(relay.switches().max_files, 17);
        assert_eq!(relay.origin().name, "another");
    }

    #[tokio::test]
    async fn what_cannot_be_filled_stays_behind_and_nothing_goes_on_over_it() {
        let relay = relay().await;
        let shared = &relay.shared;
        let good = shared.store.settings().await.unwrap();
        let authority = find_setting(&good, trust::AUTHORITY).unwrap();
        shared.store.keep_setting(&setting(trust::AUTHORITY, "damaged")).await.unwrap();
        shared.behind.store(true, Ordering::SeqCst);
        for _ in 0..2 {
            relay.turn().await.unwrap_err();
            assert!(shared.behind.load(Ordering::SeqCst));
        }
        shared.store.keep_setting(authority).await.unwrap();
        drop(relay.turn().await.unwrap());
        assert!(!shared.behind.load(Ordering::SeqCst));
    }
}
