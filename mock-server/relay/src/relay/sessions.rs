//! Logins in memory: asked on every request.
//!
//! Memory follows the store: who changes logins holds [`SessionTable::change`] until both have
//! changed, and goes on to the end even when the peer has gone.

mod guesses;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use jiff::Timestamp;
use tokio::sync::MutexGuard;

use crate::store::record::SessionRecord;
use crate::store::{IdKind, REMEMBERED, ROTATED};

use self::guesses::Guesses;

#[derive(Default)]
struct Sessions {
    by_id: HashMap<String, Arc<SessionRecord>>,
    by_refresh: HashMap<String, Arc<SessionRecord>>,
    /// Wrong passwords after a first stage, by its identifier.
    tries: HashMap<String, u32>,
}

impl Sessions {
    fn add(&mut self, session: SessionRecord) {
        let session = Arc::new(session);
        if let Some(refresh) = &session.refresh_id {
            self.by_refresh.insert(refresh.clone(), Arc::clone(&session));
        }
        self.by_id.insert(session.id.clone(), session);
    }

    fn retain(&mut self, keep: impl Fn(&SessionRecord) -> bool) {
        self.by_id.retain(|_, session| keep(session));
        self.by_refresh.retain(|_, session| keep(session));
        let Self { by_id, tries, .. } = self;
        tries.retain(|id, _| by_id.contains_key(id));
    }

    fn remove(&mut self, id: &str) -> Option<Arc<SessionRecord>> {
        let session = self.by_id.remove(id)?;
        if let Some(refresh) = &session.refresh_id {
            self.by_refresh.remove(refresh);
        }
        self.tries.remove(id);
        Some(session)
    }
}

/// Every login.
#[derive(Default)]
pub(super) struct SessionTable {
    sessions: RwLock<Sessions>,
    changing: tokio::sync::Mutex<()>,
    /// At KJ IDs and c-IDs that do not exist: they lock as known ones do, or the lock would tell
    /// them apart.
    at_unknown: [Guesses; 2],
    /// At 証明書発行用パスワード, by KJ ID.
    pub(super) at_certificate_password: Guesses,
}

impl SessionTable {
    fn write(&self) -> RwLockWriteGuard<'_, Sessions> {
        self.sessions.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to change logins, in the store and here.
    pub(super) async fn change(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().await
    }

    /// Replaces all by these.
    pub(super) fn fill(&self, all: Vec<SessionRecord>) {
        let mut fresh = Sessions::default();
        for session in all {
            fresh.add(session);
        }
        *self.write() = fresh;
        self.at_unknown.iter().for_each(Guesses::clear);
        self.at_certificate_password.clear();
    }

    /// Guesses at IDs of a kind that do not exist.
    pub(super) const fn at_unknown(&self, kind: IdKind) -> &Guesses {
        match kind {
            IdKind::Kj => &self.at_unknown[0],
            IdKind::Terminal => &self.at_unknown[1],
        }
    }

    pub(super) fn find(&self, id: &str) -> Option<Arc<SessionRecord>> {
        self.sessions.read().unwrap_or_else(PoisonError::into_inner).by_id.get(id).cloned()
    }

    pub(super) fn find_refresh(&self, id: &str) -> Option<Arc<SessionRecord>> {
        self.sessions.read().unwrap_or_else(PoisonError::into_inner).by_refresh.get(id).cloned()
    }

    /// Counts a try at a password after this first stage; how many there were.
    pub(super) fn count_try(&self, first_stage: &str) -> u32 {
        let mut sessions = self.write();
        // One that has ended meanwhile is found out later, and must not be remembered for ever.
        if !sessions.by_id.contains_key(first_stage) {
            return 0;
        }
        let tries = sessions.tries.entry(first_stage.to_owned()).or_default();
        *tries = tries.saturating_add(1);
        *tries
    }

    /// The password was right: the try does not count.
    pub(super) fn give_back_try(&self, first_stage: &str) {
        if let Some(tries) = self.write().tries.get_mut(first_stage) {
            *tries = tries.saturating_sub(1);
        }
    }

    /// Adds a login, by using a first stage up; those that ended before `now` go.
    pub(super) fn open(&self, session: SessionRecord, first_stage: Option<&str>, now: Timestamp) {
        let mut sessions = self.write();
        if let Some(first_stage) = first_stage {
            sessions.remove(first_stage);
        }
        sessions.retain(|session| session.ends_at >= now);
        sessions.add(session);
    }

    /// Replaces a login by the next of its family, as [`crate::store::Store::rotate_session`] does.
    pub(super) fn rotate(&self, old: &str, next: SessionRecord) {
        let mut sessions = self.write();
        let (family, end) = (next.family.clone(), next.ends_at);
        let oldest = next.generation.unwrap_or_default().saturating_sub(REMEMBERED);
        if let Some(used) = sessions.remove(old) {
            let kind = ROTATED.to_owned();
            sessions.add(SessionRecord { kind, family: family.clone(), ..(*used).clone() });
        }
        let of_family = sessions.by_id.values().filter(|session| session.family == family).cloned();
        for session in of_family.collect::<Vec<_>>() {
            sessions.remove(&session.id);
            if session.generation.unwrap_or_default() >= oldest {
                sessions.add(SessionRecord { ends_at: end, ..(*session).clone() });
            }
        }
        sessions.add(next);
    }

    /// Ends those of a family.
    pub(super) fn close_family(&self, family: &str) {
        self.write()
            .retain(|session| session.id != family && session.family.as_deref() != Some(family));
    }

    /// Ends every login of an ID but one.
    pub(super) fn close_others(&self, user_id: &str, kept: Option<&str>) {
        self.write()
            .retain(|session| session.user_id != user_id || Some(session.id.as_str()) == kept);
    }

    /// Ends a login, and what is remembered of its family.
    pub(super) fn close(&self, id: &str) {
        let mut sessions = self.write();
        if sessions.by_id.get(id).is_none_or(|session| session.kind == ROTATED) {
            return;
        }
        let family = sessions.remove(id).and_then(|session| session.family.clone());
        if let Some(family) = family {
            sessions.retain(|session| session.family.as_deref() != Some(&family));
        }
    }
}
