//! The state as a whole: beginning, saving, loading, and how its time runs.

use std::sync::Arc;
use std::time::Duration;

use careplan_spec::Text;
use jiff::Timestamp;

use super::{CLOCK, Relay, SWITCHES, find_setting, fresh_state, origin_of, setting, settings};
use crate::background::in_background;
use crate::beginning::{Beginning, Ground};
use crate::clock::{self, Clock, ClockMode};
use crate::outcome::{Failure, Refusal, Result};
use crate::refusal;
use crate::saved_state::SavedState;
use crate::store::{Prepared, State, StoreError};
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
        shared.followed(shared.store.replace(&state).await)?;
        shared.set_origin(beginning.origin.clone());
        Ok(shared.read_everything().await?)
    }

    /// Changes the state at once, while nobody else does anything: all but the messages, and the
    /// blobs, of which `change` sees none and to which it may add some. It says whether it changed
    /// anything.
    ///
    /// # Errors
    /// The store fails; what `change` runs into.
    pub async fn rework(
        &self,
        change: impl FnOnce(&mut State, &Ground) -> std::result::Result<bool, Failure> + Send + 'static,
    ) -> Result<()> {
        let shared = &self.shared;
        let _alone = shared.whole.write().await;
        let before = shared.store.desks().await?;
        let mut state = before.clone();
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
        shared.followed(shared.store.rewrite(&before, &state).await)?;
        Ok(shared.read_everything().await?)
    }

    /// The whole state as one archive (ZIP), keys included: that of one moment. Nobody waits for it.
    ///
    /// # Errors
    /// [`Failure::StateTooLarge`]; the store fails.
    pub async fn save_state(&self) -> Result<SavedState> {
        let shared = &self.shared;
        let stays = Arc::clone(&shared.saving).read_owned().await;
        let turn = self.turn().await?;
        let snapshot = shared.store.snapshot(stays).await?;
        let authority = Arc::clone(&shared.trust.load().authority);
        let switches = shared.switches.load_full();
        let settings = settings(&authority, &self.origin(), &switches, &shared.clock)?;
        drop(turn);
        snapshot.write(settings).await.map_err(|failure| match failure {
            Failure::Store(StoreError::Unsound(what)) => {
                tracing::error!(what = what.en, "the state is damaged: it cannot be saved");
                let Text { ja, en } = *what;
                let refusal = Refusal::new(&refusal::STATE_DAMAGED);
                refusal.because(format!("状態は{ja}"), format!("As the state stands, {en}")).into()
            }
            failure => failure.into(),
        })
    }

    /// Replaces everything by a saved state of this version or an older one: accounts, messages,
    /// authority, clock and switches. Says what was not taken over. Others wait only while one
    /// takes the place of the other.
    ///
    /// # Errors
    /// [`Failure::SavedState`] where the archive cannot be read or contradicts itself; nothing
    /// changes then.
    pub async fn load_state(&self, saved: SavedState) -> Result<Vec<String>> {
        let prepared = self.shared.store.prepare(saved).await?;
        let relay = self.clone();
        // Whoever asked may go away: this is done to its end.
        let swapped = tokio::spawn(async move { relay.take_over(prepared).await });
        swapped.await.map_err(|error| Failure::Task(error.to_string()))?
    }

    async fn take_over(&self, mut prepared: Prepared) -> Result<Vec<String>> {
        let shared = &self.shared;
        let mut warnings = std::mem::take(&mut prepared.warnings);
        let kept = std::mem::take(&mut prepared.settings);
        let wrong = |name: &str, why: &dyn std::fmt::Display| {
            Failure::SavedState(format!("tables/setting.json, the row “{name}”: {why}"))
        };
        let find =
            |name: &str| find_setting(&kept, name).ok_or_else(|| wrong(name, &"it is missing"));
        let authority = trust::from_setting(find(trust::AUTHORITY)?, &prepared.certificates)
            .map_err(|error| wrong(trust::AUTHORITY, &error))?;
        let (switches, strange) = Switches::from_kept(find(SWITCHES)?.value.reveal())
            .map_err(|error| wrong(SWITCHES, &error))?;
        warnings.extend(strange);
        let mode: ClockMode = serde_json::from_str(find(CLOCK)?.value.reveal())
            .map_err(|error| wrong(CLOCK, &error))?;
        if !clock::is_in_calendar(Clock::with_mode(mode).now()) {
            return Err(wrong(CLOCK, &"its time is not between 1970 and 2099").into());
        }
        let trust = Trust::new(Arc::new(authority), &prepared.certificates, shared.clock.now())
            .map_err(|error| wrong(trust::AUTHORITY, &error))?;
        // Who saves has the file open, and it stays until then.
        let _saved = shared.saving.write().await;
        let _alone = shared.whole.write().await;
        warnings.extend(shared.store.swap(prepared).await?);
        // From here on it is the state there is.
        shared.clock.restore(mode);
        shared.switches.store(Arc::new(switches));
        shared.set_origin(origin_of(&kept));
        shared.trust.store(Arc::new(trust));
        if let Err(failure) = shared.read_everything().await {
            tracing::error!(%failure, "a state that was loaded is read again by the next operation");
        }
        for warning in &warnings {
            tracing::warn!(warning, "a saved state was not taken over as it is");
        }
        Ok(warnings)
    }
}
