//! Logins in memory: asked on every request.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use jiff::Timestamp;

use crate::store::record::SessionRecord;

#[derive(Default)]
struct Sessions {
    by_id: HashMap<String, Arc<SessionRecord>>,
    by_refresh: HashMap<String, Arc<SessionRecord>>,
}

impl Sessions {
    fn add(&mut self, session: SessionRecord) {
        let session = Arc::new(session);
        if let Some(refresh) = &session.refresh_id {
            self.by_refresh.insert(refresh.clone(), Arc::clone(&session));
        }
        self.by_id.insert(session.id.clone(), session);
    }

    fn remove(&mut self, id: &str) {
        if let Some(session) = self.by_id.remove(id)
            && let Some(refresh) = &session.refresh_id
        {
            self.by_refresh.remove(refresh);
        }
    }
}

/// Every login.
#[derive(Default)]
pub(super) struct SessionTable {
    sessions: RwLock<Sessions>,
}

impl SessionTable {
    fn write(&self) -> RwLockWriteGuard<'_, Sessions> {
        self.sessions.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces all by these.
    pub(super) fn fill(&self, all: Vec<SessionRecord>) {
        let mut fresh = Sessions::default();
        for session in all {
            fresh.add(session);
        }
        *self.write() = fresh;
    }

    pub(super) fn find(&self, id: &str) -> Option<Arc<SessionRecord>> {
        self.sessions.read().unwrap_or_else(PoisonError::into_inner).by_id.get(id).cloned()
    }

    pub(super) fn find_refresh(&self, id: &str) -> Option<Arc<SessionRecord>> {
        self.sessions.read().unwrap_or_else(PoisonError::into_inner).by_refresh.get(id).cloned()
    }

    /// Adds a login; those that ended before `now` go.
    pub(super) fn open(&self, session: SessionRecord, now: Timestamp) {
        let mut sessions = self.write();
        sessions.by_id.retain(|_, session| session.ends_at >= now);
        sessions.by_refresh.retain(|_, session| session.ends_at >= now);
        sessions.add(session);
    }

    /// Replaces a login by the next one.
    pub(super) fn rotate(&self, old: &str, next: SessionRecord) {
        let mut sessions = self.write();
        sessions.remove(old);
        sessions.add(next);
    }

    pub(super) fn close(&self, id: &str) {
        self.write().remove(id);
    }
}
