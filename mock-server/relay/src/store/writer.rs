//! The one connection that writes, and a write on it.
//!
//! Every write is a transaction of its own type: what is acknowledged is what a COMMIT said yes to.
//! Whatever else ends a write (a COMMIT that fails on a full disk, a statement that fails, a request
//! that is given up half way) also ends its connection, and the next write gets a fresh one: nobody
//! ever writes inside what somebody else left open.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions, Connection, Executor};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{Result, StoreError};

/// A writer waits no longer for those before it.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The place of the connection that writes. Clones are the same place.
#[derive(Clone)]
pub(super) struct Writer {
    options: AnyConnectOptions,
    setup: &'static str,
    place: Arc<Mutex<Option<AnyConnection>>>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl Writer {
    /// A writer; it connects for its first write. `setup` is what every connection begins with.
    pub(super) fn new(options: AnyConnectOptions, setup: &'static str) -> Self {
        Self { options, setup, place: Arc::default() }
    }

    /// The connection itself; nobody writes while it is held.
    pub(super) async fn hold(&self) -> Result<OwnedMutexGuard<Option<AnyConnection>>> {
        let place = Arc::clone(&self.place);
        let mut place = tokio::time::timeout(LONGEST_WAIT, place.lock_owned())
            .await
            .map_err(|_| StoreError::Disk("the writes before this one do not end".to_owned()))?;
        if place.is_none() {
            *place = Some(self.connect().await?);
        }
        Ok(place)
    }

    /// Begins a write: it has the connection for itself until it ends.
    pub(super) async fn begin(&self) -> Result<Write> {
        let place = self.hold().await?;
        let mut write = Write { place, ended: false };
        // The lock is taken now: nothing that is read in a write is old when it is written.
        write.run("BEGIN IMMEDIATE").await?;
        Ok(write)
    }

    /// Carries what is in the log over into the file. It is there either way: what fails is left to
    /// a later time.
    pub(super) async fn checkpoint(&self) {
        if let Some(connection) = self.place.lock().await.as_mut() {
            let _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").await;
        }
    }

    /// Ends the connection, and waits until it has ended.
    pub(super) async fn close(&self) -> Result<()> {
        let connection = self.place.lock().await.take();
        if let Some(connection) = connection {
            connection.close().await?;
        }
        Ok(())
    }

    async fn connect(&self) -> Result<AnyConnection> {
        let mut connection = self.options.connect().await?;
        connection.execute(self.setup).await?;
        Ok(connection)
    }
}

/// A write that is under way.
#[must_use = "a write is kept by its commit only"]
pub(super) struct Write {
    place: OwnedMutexGuard<Option<AnyConnection>>,
    /// Whether the connection is as it was before the write.
    ended: bool,
}

impl Write {
    /// Keeps what was written. On an error nothing is kept.
    pub(super) async fn commit(self) -> Result<()> {
        self.end("COMMIT").await
    }

    /// Keeps nothing.
    pub(super) async fn rollback(self) -> Result<()> {
        self.end("ROLLBACK").await
    }

    async fn end(mut self, how: &'static str) -> Result<()> {
        let result = self.run(how).await;
        match &result {
            Ok(()) => self.ended = true,
            // The engine rolls back what a connection leaves open.
            Err(_) => {
                if let Some(connection) = self.place.take() {
                    let _ = connection.close().await;
                }
            }
        }
        result
    }

    async fn run(&mut self, statement: &'static str) -> Result<()> {
        sqlx::query(statement).execute(&mut **self).await?;
        Ok(())
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        if !self.ended {
            self.place.take();
        }
    }
}

const HELD: &str = "a write has its connection until it ends";

impl Deref for Write {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        self.place.as_ref().expect(HELD)
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        self.place.as_mut().expect(HELD)
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Row;

    use super::super::record::SettingRecord;
    use super::super::{Store, StoreError, StoreLocation};
    use super::*;

    async fn store() -> Store {
        Store::open(&StoreLocation::Memory).await.unwrap()
    }

    fn note(name: &str, bytes: usize) -> SettingRecord {
        SettingRecord { name: name.to_owned(), value: "x".repeat(bytes).into() }
    }

    /// What a reader sees: nothing that a writer has only for itself.
    async fn kept(store: &Store) -> Vec<String> {
        store.settings().await.unwrap().into_iter().map(|setting| setting.name).collect()
    }

    /// A write whose COMMIT fails and leaves its transaction open, as on a full disk.
    async fn failing_commit(store: &Store) -> StoreError {
        let mut write = store.begin().await.unwrap();
        write.execute("PRAGMA defer_foreign_keys=ON").await.unwrap();
        let orphan = "INSERT INTO session (id, kind, office, user_id, expires_at, ends_at) \
                      VALUES ('s', 'k', 'nobody', 'u', 0, 0)";
        write.execute(orphan).await.unwrap();
        write.commit().await.unwrap_err()
    }

    #[tokio::test]
    async fn after_a_commit_that_failed_writes_are_kept_again() {
        let store = store().await;
        store.keep_setting(&note("a", 1)).await.unwrap();
        let error = failing_commit(&store).await;
        assert!(error.to_string().contains("FOREIGN KEY"), "{error}");
        store.keep_setting(&note("b", 1)).await.unwrap();
        assert_eq!(kept(&store).await, ["a", "b"]);
        assert!(store.sessions().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_write_that_is_given_up_keeps_nothing_and_holds_nobody_up() {
        let store = store().await;
        for keep in [true, false] {
            let mut write = store.begin().await.unwrap();
            write.execute("INSERT INTO setting VALUES ('given up', '')").await.unwrap();
            if keep {
                write.rollback().await.unwrap();
            } else {
                drop(write);
            }
            assert!(kept(&store).await.is_empty());
        }
        store.keep_setting(&note("a", 1)).await.unwrap();
        assert_eq!(kept(&store).await, ["a"]);
    }

    #[tokio::test]
    async fn a_full_disk_fails_the_write_that_needs_room_and_no_other() {
        let store = store().await;
        let mut write = store.begin().await.unwrap();
        let pages: i64 =
            sqlx::query("PRAGMA page_count").fetch_one(&mut *write).await.unwrap().get(0);
        let limit = format!("PRAGMA max_page_count={}", pages + 1);
        write.execute(sqlx::AssertSqlSafe(limit)).await.unwrap();
        write.commit().await.unwrap();
        let error = store.keep_setting(&note("large", 100_000)).await.unwrap_err();
        assert!(matches!(error, StoreError::Full(_)), "{error}");
        store.keep_setting(&note("small", 1)).await.unwrap();
        assert_eq!(kept(&store).await, ["small"]);
    }

    #[tokio::test]
    async fn a_disk_that_is_full_at_any_moment_costs_nothing_that_was_acknowledged() {
        let store = store().await;
        let (mut acknowledged, mut failed) = (Vec::new(), 0);
        for round in 0..400_usize {
            // Room for so many pages more; a write of this round needs up to twelve.
            let mut write = store.begin().await.unwrap();
            let pages: i64 =
                sqlx::query("PRAGMA page_count").fetch_one(&mut *write).await.unwrap().get(0);
            let room = i64::try_from(round * 7 % 13).unwrap();
            let limit = format!("PRAGMA max_page_count={}", pages + room);
            write.execute(sqlx::AssertSqlSafe(limit)).await.unwrap();
            write.rollback().await.unwrap();
            let name = format!("{round:03}");
            match store.keep_setting(&note(&name, round * 5 % 12 * 4_000)).await {
                Ok(()) => acknowledged.push(name),
                Err(StoreError::Full(_)) => failed += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(kept(&store).await, acknowledged);
        assert!(failed > 50 && acknowledged.len() > 50, "{failed} failed");
    }
}
