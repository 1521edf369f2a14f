//! The store on SQL, through sqlx's `any` driver: SQLite now, and nothing here but the opening of
//! the pools is its own.
//!
//! Writers queue for one connection, so that none of them waits in a busy handler; readers have
//! their own connections, which cannot write.

mod accounts;
mod certificates;
mod licences;
mod messages;
mod notices;
mod rows;
mod sessions;
mod sqlite;
mod whole;

use std::path::Path;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Any, AnyPool, Transaction};
use tempfile::TempDir;

use super::record::{DueRecord, OfficeRecord, SettingRecord};
use super::{Directory, Result, Schedule, StoreError};
use rows::{all, delete_by_key, insert, read_one, upsert};

/// When an acknowledged write is safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Never: the file goes away at the end.
    Scratch,
    /// When the process ends, however it ends.
    Process,
    /// When the machine loses power.
    Power,
}

/// The store on SQL.
#[derive(Debug)]
pub struct SqlStore {
    writer: AnyPool,
    readers: AnyPool,
    /// Keeps a scratch directory until the end.
    _scratch: Option<TempDir>,
}

impl SqlStore {
    /// Opens a private store that goes away with the value.
    ///
    /// # Errors
    /// The file cannot be made.
    pub async fn scratch() -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("careplan-relay-")
            .tempdir()
            .map_err(|error| StoreError::Engine(error.to_string()))?;
        let path = folder.path().join("state.db");
        let (writer, readers) = sqlite::open(&path, Durability::Scratch).await?;
        Ok(Self { writer, readers, _scratch: Some(folder) })
    }

    /// Opens the store in a folder, which is made where it is missing.
    ///
    /// # Errors
    /// The folder or the file cannot be made or read.
    pub async fn in_folder(folder: &Path, durability: Durability) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|error| StoreError::Engine(error.to_string()))?;
        let (writer, readers) = sqlite::open(&folder.join("state.db"), durability).await?;
        Ok(Self { writer, readers, _scratch: None })
    }

    /// Waits for the last write and closes the files.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    async fn begin(&self) -> Result<Transaction<'static, Any>> {
        Ok(self.writer.begin().await?)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Engine(error.to_string())
    }
}

/// Milliseconds, as they are kept.
fn ms(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// Adds what falls due; the same identifier again changes nothing.
async fn schedule(tx: &mut Transaction<'static, Any>, due: &[DueRecord]) -> Result<()> {
    for row in due {
        insert(&mut **tx, row, " ON CONFLICT DO NOTHING").await?;
    }
    Ok(())
}

#[async_trait]
impl Directory for SqlStore {
    async fn offices(&self) -> Result<Vec<OfficeRecord>> {
        all(&self.readers, " ORDER BY number").await
    }

    async fn settings(&self) -> Result<Vec<SettingRecord>> {
        all(&self.readers, " ORDER BY name").await
    }

    async fn keep_setting(&self, setting: &SettingRecord) -> Result<()> {
        upsert(&self.writer, setting, "name").await
    }
}

#[async_trait]
impl Schedule for SqlStore {
    async fn next_due(&self) -> Result<Option<DueRecord>> {
        // The writer sees its own last commit for certain; a reader's snapshot may be older.
        read_one(&self.writer, " ORDER BY at, id LIMIT 1", |query| query).await
    }

    async fn due_done(&self, id: &str) -> Result<()> {
        delete_by_key::<DueRecord, _>(&self.writer, id).await
    }
}
