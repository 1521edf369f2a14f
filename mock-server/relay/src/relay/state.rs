//! The state as a whole: beginning, saving, loading, and how its time runs.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use super::{CLOCK, Relay, SWITCHES, find_setting, fresh_state, origin_of, setting, settings};
use crate::background::in_background;
use crate::beginning::{Beginning, Ground};
use crate::clock::ClockMode;
use crate::outcome::{Failure, Result};
use crate::saved_state;
use crate::store::{State, StoreError};
use crate::switches::Switches;
use crate::trust::{self, Trust};

/// A way to move the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockMove {
    /// To a time.
    Set(Timestamp),
    /// Ahead by so much.
    Advance(Duration),
    /// Stop it.
    Freeze,
    /// Let it run.
    Unfreeze,
}

impl Relay {
    /// Moves the clock, and does everything that has fallen due on the way, in order.
    ///
    /// # Errors
    /// The store fails; the clock is where it was then.
    pub async fn move_clock(&self, how: ClockMove) -> Result<()> {
        self.move_clock_by(&[how]).await
    }

    /// Moves the clock several times, or not at all.
    ///
    /// # Errors
    /// The store fails; the clock is where it was then.
    pub async fn move_clock_by(&self, moves: &[ClockMove]) -> Result<()> {
        let clock = &self.shared.clock;
        let _one = self.shared.moving.lock().await;
        let before = clock.mode();
        for how in moves {
            match how {
                ClockMove::Set(to) => clock.set(*to),
                ClockMove::Advance(by) => clock.advance(*by),
                ClockMove::Freeze => clock.freeze(),
                ClockMove::Unfreeze => clock.unfreeze(),
            }
        }
        let kept = self.settle().await;
        if kept.is_err() {
            clock.restore(before);
        }
        kept
    }

    /// Does everything that has fallen due, in order, and keeps how the time runs. Call it after
    /// moving the clock by yourself; operations do the former too.
    ///
    /// # Errors
    /// The store fails.
    pub async fn settle(&self) -> Result<()> {
        let _turn = self.turn().await?;
        let json = serde_json::to_string(&self.shared.clock.mode())
            .map_err(|error| Failure::Task(error.to_string()))?;
        self.shared.store.keep_setting(&setting(CLOCK, json)).await?;
        Ok(())
    }

    /// Begins again: replaces everything; the authority, the clock and the switches stay.
    ///
    /// # Errors
    /// The state cannot be made; the store fails.
    pub async fn begin(&self, beginning: &Beginning) -> Result<()> {
        let shared = &self.shared;
        let _alone = shared.whole.write().await;
        let authority = Arc::clone(&shared.trust.load().authority);
        let switches = shared.switches.load_full();
        let state = fresh_state(&authority, beginning, &switches, &shared.clock).await?;
        shared.store.replace(&state).await?;
        shared.set_origin(beginning.origin.clone());
        Ok(shared.read_everything().await?)
    }

    /// Changes the whole state at once, while nobody else does anything. `change` says whether it
    /// changed anything.
    ///
    /// # Errors
    /// The store fails; what `change` runs into.
    pub async fn rework(
        &self,
        change: impl FnOnce(&mut State, &Ground) -> std::result::Result<bool, Failure> + Send + 'static,
    ) -> Result<()> {
        let shared = &self.shared;
        let _alone = shared.whole.write().await;
        let mut state = shared.store.export().await?;
        let authority = Arc::clone(&shared.trust.load().authority);
        let switches = shared.switches.load_full();
        let origin = self.origin();
        let ground = Ground {
            authority: Arc::clone(&authority),
            switches: Arc::clone(&switches),
            seed: origin.seed,
            now: shared.clock.now(),
        };
        let work = move || change(&mut state, &ground).map(|changed| (state, changed));
        let (mut state, changed) = in_background(work).await??;
        if !changed {
            return Ok(());
        }
        state.settings = settings(&authority, &origin, &switches, &shared.clock)?;
        shared.store.replace(&state).await?;
        Ok(shared.read_everything().await?)
    }

    /// The whole state as one archive (ZIP), keys included.
    ///
    /// # Errors
    /// The store fails.
    pub async fn save_state(&self) -> Result<Bytes> {
        drop(self.turn().await?);
        let shared = &self.shared;
        let _alone = shared.whole.write().await;
        let mut state = shared.store.export().await?;
        let authority = Arc::clone(&shared.trust.load().authority);
        let switches = shared.switches.load_full();
        state.settings = settings(&authority, &self.origin(), &switches, &shared.clock)?;
        Ok(in_background(move || saved_state::write(&mut state)).await??.into())
    }

    /// Replaces everything by a saved state: accounts, messages, authority, clock and switches.
    ///
    /// # Errors
    /// [`Failure::SavedState`] where the archive cannot be read; nothing changes then.
    pub async fn load_state(&self, archive: Bytes) -> Result<()> {
        let shared = &self.shared;
        let state = in_background(move || saved_state::parse(&archive)).await??;
        let missing = |name: &str| Failure::SavedState(format!("the setting {name} is missing"));
        let unreadable = |error: serde_json::Error| Failure::SavedState(error.to_string());
        let find = |name: &str| find_setting(&state.settings, name).ok_or_else(|| missing(name));
        let authority = trust::from_setting(find(trust::AUTHORITY)?, &state.certificates)
            .map_err(|error| Failure::SavedState(error.to_string()))?;
        let switches: Switches =
            serde_json::from_str(find(SWITCHES)?.value.reveal()).map_err(unreadable)?;
        let mode: ClockMode =
            serde_json::from_str(find(CLOCK)?.value.reveal()).map_err(unreadable)?;
        let trust = Trust::new(Arc::new(authority), &state.certificates, shared.clock.now())
            .map_err(|error| Failure::SavedState(error.to_string()))?;
        let _alone = shared.whole.write().await;
        shared.store.replace(&state).await.map_err(|error| match error {
            // That is not the fault of what is loaded.
            StoreError::Full(_) | StoreError::Disk(_) => Failure::Store(error),
            error => Failure::SavedState(error.to_string()),
        })?;
        shared.clock.restore(mode);
        shared.switches.store(Arc::new(switches));
        shared.set_origin(origin_of(&state.settings));
        shared.trust.store(Arc::new(trust));
        Ok(shared.read_everything().await?)
    }
}
