//! Pages of lists in memory: a list that nothing was added to is not read twice.
//!
//! It is worth its lines: a page of rows and its JSON cost the store several times the processor time
//! that 10,000 lists a second leave for one list, TLS and all, on two cores. What the server does is
//! told by `cargo run --release -p careplan-tests --bin careplan-load`.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::listing::{InboxPage, OutboxPage};
use super::outcome::Failure;
use crate::store::{self, ListQuery};

/// Rows kept in memory, all offices together.
const MAX_ROWS: usize = 20_000;

#[derive(Default)]
struct OfficePages {
    /// Counts changes, so that a page read before a change is not kept after it.
    generation: u64,
    inbox: HashMap<ListQuery, Arc<InboxPage>>,
    outbox: HashMap<ListQuery, Arc<OutboxPage>>,
}

/// Pages by office.
#[derive(Default)]
pub(crate) struct Pages {
    offices: Mutex<(BTreeMap<String, OfficePages>, usize)>,
    shares: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// Whether a page of this is kept: what is typed is seldom asked for twice, and may be long.
fn is_kept(query: &ListQuery) -> bool {
    let is_number = |office: &String| office.len() <= 10;
    query.text.is_none() && query.after.is_none() && query.office.as_ref().is_none_or(is_number)
}

impl Pages {
    fn guard(&self) -> MutexGuard<'_, (BTreeMap<String, OfficePages>, usize)> {
        self.offices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An office's share of reading lists: one at a time, so that none of them keeps the others
    /// waiting. The rest of an office wait for each other.
    ///
    /// # Errors
    /// None while there is a relay.
    pub(crate) async fn share(&self, office: &str) -> Result<OwnedSemaphorePermit, Failure> {
        let share = {
            let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
            let share = shares.entry(office.to_owned());
            Arc::clone(share.or_insert_with(|| Arc::new(Semaphore::new(1))))
        };
        share.acquire_owned().await.map_err(|error| Failure::Task(error.to_string()))
    }

    /// The page, or the generation under which to keep it once it is read.
    pub(crate) fn inbox(&self, office: &str, query: &ListQuery) -> Result<Arc<InboxPage>, u64> {
        let guard = self.guard();
        let Some(pages) = guard.0.get(office) else { return Err(0) };
        pages.inbox.get(query).cloned().ok_or(pages.generation)
    }

    /// The page, or the generation under which to keep it once it is read.
    pub(crate) fn outbox(&self, office: &str, query: &ListQuery) -> Result<Arc<OutboxPage>, u64> {
        let guard = self.guard();
        let Some(pages) = guard.0.get(office) else { return Err(0) };
        pages.outbox.get(query).cloned().ok_or(pages.generation)
    }

    /// Keeps a page read under a generation.
    pub(crate) fn keep_inbox(
        &self,
        office: &str,
        query: &ListQuery,
        page: &Arc<InboxPage>,
        of: u64,
    ) {
        if !is_kept(query) {
            return;
        }
        if let Some(pages) = self.guard_for(office, of, page.items.len()).0.get_mut(office)
            && pages.generation == of
        {
            pages.inbox.insert(query.clone(), page.clone());
        }
    }

    /// Keeps a page read under a generation.
    pub(crate) fn keep_outbox(
        &self,
        office: &str,
        query: &ListQuery,
        page: &Arc<OutboxPage>,
        of: u64,
    ) {
        if !is_kept(query) {
            return;
        }
        if let Some(pages) = self.guard_for(office, of, page.items.len()).0.get_mut(office)
            && pages.generation == of
        {
            pages.outbox.insert(query.clone(), page.clone());
        }
    }

    /// Makes room, and an entry where there was none when the page was read.
    fn guard_for(
        &self,
        office: &str,
        of: u64,
        rows: usize,
    ) -> MutexGuard<'_, (BTreeMap<String, OfficePages>, usize)> {
        let mut guard = self.guard();
        // A page without rows takes room too.
        guard.1 += rows + 1;
        if guard.1 > MAX_ROWS {
            guard.1 = rows + 1;
            for pages in guard.0.values_mut() {
                pages.inbox.clear();
                pages.outbox.clear();
            }
        }
        if of == 0 && !guard.0.contains_key(office) {
            guard.0.insert(office.to_owned(), OfficePages::default());
        }
        guard
    }

    /// Forgets the pages of offices whose lists have changed.
    pub(crate) fn forget(&self, offices: &[&str]) {
        let mut guard = self.guard();
        for office in offices {
            let pages = guard.0.entry((*office).to_owned()).or_default();
            pages.generation += 1;
            pages.inbox.clear();
            pages.outbox.clear();
        }
    }

    /// What came of a write to messages. Where it failed, nobody knows for certain whether it was
    /// kept, and everything is forgotten.
    pub(crate) fn behind<T>(&self, write: store::Result<T>) -> store::Result<T> {
        if write.is_err() {
            self.forget_all();
        }
        write
    }

    /// Forgets everything. Generations go on, so that a page on its way is not kept.
    pub(crate) fn forget_all(&self) {
        let mut guard = self.guard();
        guard.1 = 0;
        for pages in guard.0.values_mut() {
            pages.generation += 1;
            pages.inbox.clear();
            pages.outbox.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures_util::FutureExt;

    use super::*;
    use crate::store::StoreError;

    fn page(total: u64) -> Arc<InboxPage> {
        Arc::new(InboxPage { items: Vec::new(), page: 1, per_page: 20, total, next: None })
    }

    fn sent(total: u64) -> Arc<OutboxPage> {
        Arc::new(OutboxPage { items: Vec::new(), page: 1, per_page: 20, total, next: None })
    }

    #[test]
    fn a_page_read_before_a_change_is_not_kept_after_it() {
        let pages = Pages::default();
        let query = ListQuery::default();
        let before = pages.inbox("a", &query).expect_err("nothing is kept yet");
        pages.forget(&["a"]);
        pages.keep_inbox("a", &query, &page(1), before);
        let now = pages.inbox("a", &query).expect_err("the old page was dropped");
        pages.keep_inbox("a", &query, &page(2), now);
        assert_eq!(pages.inbox("a", &query).expect("kept").total, 2);
        pages.forget(&["a"]);
        assert!(pages.inbox("a", &query).is_err());
    }

    #[test]
    fn forgetting_everything_reaches_a_page_that_is_still_being_read() {
        let pages = Pages::default();
        let query = ListQuery::default();
        pages.keep_inbox("a", &query, &page(1), 0);
        let before = pages.outbox("a", &query).expect_err("nothing is kept yet");
        pages.forget_all();
        assert!(pages.inbox("a", &query).is_err());
        pages.keep_outbox("a", &query, &sent(1), before);
        let now = pages.outbox("a", &query).expect_err("the old page was dropped");
        pages.keep_outbox("a", &query, &sent(2), now);
        assert_eq!(pages.outbox("a", &query).expect("kept").total, 2);
    }

    #[test]
    fn a_write_that_failed_may_have_been_kept() {
        let pages = Pages::default();
        let query = ListQuery::default();
        pages.keep_inbox("a", &query, &page(1), 0);
        pages.keep_outbox("b", &query, &sent(1), 0);
        assert_eq!(pages.behind(Ok(1)).expect("it is told"), 1);
        assert!(pages.inbox("a", &query).is_ok() && pages.outbox("b", &query).is_ok());
        let failed = pages.behind::<()>(Err(StoreError::Full("no room".to_owned())));
        assert_eq!(failed.expect_err("it is told").to_string(), "the disk is full: no room");
        assert!(pages.inbox("a", &query).is_err() && pages.outbox("b", &query).is_err());
    }

    #[tokio::test]
    async fn an_office_that_reads_a_list_delays_nobody_but_itself() {
        let pages = Pages::default();
        let held = pages.share("a").await.expect("nobody has it");
        let others: Vec<_> =
            ["b", "c", "d"].into_iter().map(|office| pages.share(office).now_or_never()).collect();
        assert!(others.iter().all(Option::is_some), "nobody waits for another office");
        let mut own = Box::pin(pages.share("a"));
        assert!((&mut own).now_or_never().is_none(), "one list at a time");
        drop(held);
        assert!(own.now_or_never().is_some());
    }

    #[test]
    fn what_is_typed_is_not_kept() {
        let pages = Pages::default();
        let office =
            |office: &str| ListQuery { office: Some(office.to_owned()), ..ListQuery::default() };
        let kept = |query: &ListQuery| {
            pages.keep_inbox("a", query, &page(1), 0);
            pages.keep_outbox("a", query, &sent(1), 0);
            (pages.inbox("a", query).is_ok(), pages.outbox("a", query).is_ok())
        };
        assert_eq!(kept(&office("4779000118")), (true, true));
        assert_eq!(kept(&office(&"4".repeat(50_000))), (false, false));
        assert_eq!(
            kept(&ListQuery { text: Some("a".to_owned()), ..ListQuery::default() }),
            (false, false)
        );
        assert_eq!(
            kept(&ListQuery { after: Some("a".to_owned()), ..ListQuery::default() }),
            (false, false)
        );
    }

    #[test]
    fn when_there_is_no_room_everything_goes() {
        let pages = Pages::default();
        let of = |page: usize| ListQuery { page: page as u32, ..ListQuery::default() };
        for number in 1..=MAX_ROWS {
            pages.keep_inbox("a", &of(number), &page(0), 0);
        }
        assert!(pages.inbox("a", &of(1)).is_ok(), "an empty page takes the room of a row");
        pages.keep_inbox("b", &of(1), &page(0), 0);
        assert!(pages.inbox("a", &of(1)).is_err() && pages.inbox("a", &of(MAX_ROWS)).is_err());
        assert!(pages.inbox("b", &of(1)).is_ok());
    }
}
