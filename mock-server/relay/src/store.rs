//! Keeping the state: a few atomic verbs for each aggregate, in SQL through sqlx's `any` driver.
//! SQLite now; nothing here but the opening of the pools (`sqlite.rs`) is its own.
//!
//! Callers never read, decide, then write: whoever may lose a race asks for the winner with one
//! verb ([`Store::claim`], [`Store::reserve_attempt`]). Times are passed in. One suite of tests,
//! `tests/store_contract.rs`, holds for every engine.
//!
//! Writers queue for one connection (`writer.rs`), so that none of them waits in a busy handler;
//! readers have their own connections, which cannot write. No type of sqlx leaves this module.

mod accounts;
mod certificates;
mod due;
mod folder;
mod licences;
mod list_query;
mod lists;
mod loading;
mod location;
mod messages;
mod notices;
pub mod record;
mod rows;
mod saving;
mod sessions;
mod sound;
mod sqlite;
pub mod state;
mod texts;
mod whole;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;

use careplan_spec::Text;
use jiff::Timestamp;
use sqlx::{AnyPool, Row as _};
use tempfile::TempDir;
use tokio::sync::Mutex;

pub use accounts::{Attempt, IdKind, LockRule};
pub use certificates::Issue;
pub use due::SetAside;
use folder::Folder;
pub use folder::FolderFault;
pub use list_query::{ListQuery, Sort};
pub use lists::Listed;
pub(crate) use loading::Prepared;
pub use location::StoreLocation;
pub(crate) use messages::Unclaimed;
pub use messages::{Accepted, Claimed, DownloadRight, Side};
pub use notices::Announcement;
use record::{DueRecord, OfficeRecord, SettingRecord};
use rows::{all, insert, upsert};
pub use sessions::{Opened, REMEMBERED, ROTATED, Rotation};
use sqlite::Durability;
pub use state::State;
use texts::Texts;
use writer::{Write, Writer};

/// What can go wrong in a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine said so.
    #[error("{0}")]
    Engine(String),
    /// There is no room left on the disk.
    #[error("the disk is full: {0}")]
    Full(String),
    /// The disk, or the folder on it, cannot be read or written.
    #[error("the disk cannot be read or written: {0}")]
    Disk(String),
    /// The folder of the state cannot be used.
    #[error("{0}")]
    Folder(Box<FolderFault>),
    /// What was written is not there when it is read.
    #[error("what was written is not read back")]
    NotReadBack,
    /// A row does not hold what it should.
    #[error("{table}.{column} cannot be read")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
    },
    /// Something in the state is not as it should be; it is said where, and what.
    #[error("{}", .0.en)]
    Unsound(Box<Text<String>>),
    /// A row that must be there is not.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// What shall be kept contradicts what is there.
    #[error("it contradicts what is there: {0}")]
    Contradiction(String),
}

impl StoreError {
    /// Whether it is about what stands in the store, and not about writing it: trying again does
    /// not help.
    pub const fn is_about_content(&self) -> bool {
        matches!(
            self,
            Self::Corrupt { .. } | Self::Unsound(_) | Self::Missing(_) | Self::Contradiction(_)
        )
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        sqlite::explained(&error)
    }
}

impl From<std::io::Error> for StoreError {
    /// What the system says is about the disk; anything else is our own fault.
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        match error.kind() {
            StorageFull | QuotaExceeded | FileTooLarge => Self::Full(error.to_string()),
            _ if error.raw_os_error().is_some() => Self::Disk(error.to_string()),
            _ => Self::Engine(error.to_string()),
        }
    }
}

/// What stores return.
pub type Result<T> = std::result::Result<T, StoreError>;

/// The store. Clones are the same store. Its verbs stand in the file of their aggregate.
#[derive(Debug, Clone)]
pub struct Store {
    writer: Writer,
    readers: AnyPool,
    /// For lists alone, so that nothing else waits for one.
    lists: AnyPool,
    texts: Arc<Texts>,
    /// The file.
    path: PathBuf,
    /// The folder, held until the last clone goes; none where it is a temporary one.
    folder: Option<Arc<Folder>>,
    /// One saved state at a time is taken in.
    loading: Arc<Mutex<()>>,
    /// Keeps a temporary folder until the last clone goes.
    _temporary: Option<Arc<TempDir>>,
}

impl Store {
    /// Opens the store at a location. A folder is held by one store at a time.
    ///
    /// # Errors
    /// [`StoreError::Folder`]: the folder is held by another process, cannot be used, or holds a
    /// state that is damaged or of a newer version.
    pub async fn open(location: &StoreLocation) -> Result<Self> {
        let (temporary, folder, path, durability) = match location {
            StoreLocation::Memory => {
                let folder = tempfile::Builder::new().prefix("careplan-relay-").tempdir()?;
                let path = folder.path().to_owned();
                (Some(Arc::new(folder)), None, path, Durability::Scratch)
            }
            StoreLocation::Directory { path, full_sync } => {
                let folder = Folder::hold(path)?;
                if !folder.has_state()? {
                    let fresh = folder.fresh_path()?;
                    sqlite::begin(&fresh).await?;
                    folder.adopt(&fresh)?;
                }
                let durability = if *full_sync { Durability::Power } else { Durability::Process };
                (None, Some(Arc::new(folder)), path.clone(), durability)
            }
        };
        let path = path.join("state.db");
        folder::remove_leftover(&loading::next_of(&path))?;
        let (writer, [readers, lists]) = sqlite::open(&path, durability).await?;
        let (texts, loading) = (Arc::default(), Arc::default());
        Ok(Self { writer, readers, lists, texts, path, folder, loading, _temporary: temporary })
    }

    /// Says where the server of this state is, for whoever finds its folder held.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn serving_at(&self, address: &str) -> Result<()> {
        self.folder.as_ref().map_or(Ok(()), |folder| folder.tell(Some(address)))
    }

    /// Fails where there is something in a state that has no authority: it is no state to begin
    /// anew, but one that has lost a part.
    pub(crate) async fn must_be_blank(&self) -> Result<()> {
        let offices = self.offices().await.map_err(|error| sqlite::damage(&self.path, error))?;
        let settings = self.settings().await.map_err(|error| sqlite::damage(&self.path, error))?;
        if offices.is_empty() && settings.is_empty() {
            return Ok(());
        }
        Err(folder::unreadable(&self.path, "the keys of the authority are missing"))
    }

    /// Lets a state that was just begun stand in its file, whatever becomes of the log.
    pub(crate) async fn stand_alone(&self) {
        if self.folder.is_some() {
            self.writer.checkpoint().await;
        }
    }

    /// What an error says about the file, at the start.
    pub(crate) fn damage(&self, error: StoreError) -> StoreError {
        sqlite::damage(&self.path, error)
    }

    /// Writes through the writer, and reads it back through a reader.
    ///
    /// # Errors
    /// One of them fails, or what is read is not what was written.
    pub async fn check(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        let rows = sqlx::query(
            "INSERT INTO setting (name, value) VALUES ('readiness', '1') ON CONFLICT (name) \
             DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) RETURNING value",
        )
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        let read = sqlx::query("SELECT value FROM setting WHERE name = 'readiness'")
            .fetch_all(&self.readers)
            .await?;
        let number = |rows: &[sqlx::any::AnyRow]| {
            rows.first()?.try_get::<String, _>(0).ok()?.parse::<u64>().ok()
        };
        // Somebody else may have asked since.
        match (number(&rows), number(&read)) {
            (Some(written), Some(read)) if read >= written => Ok(()),
            _ => Err(StoreError::NotReadBack),
        }
    }

    /// Every office.
    pub async fn offices(&self) -> Result<Vec<OfficeRecord>> {
        all(&self.readers, " ORDER BY number").await
    }

    /// Every setting.
    pub async fn settings(&self) -> Result<Vec<SettingRecord>> {
        all(&self.readers, " ORDER BY name").await
    }

    /// Keeps a setting, replacing the one of the same name.
    pub async fn keep_setting(&self, setting: &SettingRecord) -> Result<()> {
        let mut tx = self.begin().await?;
        upsert(&mut *tx, setting).await?;
        tx.commit().await
    }

    /// The only way to write.
    async fn begin(&self) -> Result<Write> {
        self.writer.begin().await
    }
}

/// Milliseconds, as they are kept.
fn ms(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// Adds what falls due; the same identifier again changes nothing.
async fn schedule(tx: &mut Write, due: &[DueRecord]) -> Result<()> {
    for row in due {
        insert(&mut **tx, row, " ON CONFLICT DO NOTHING").await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::*;

    #[test]
    fn what_the_system_says_is_about_the_disk() {
        for kind in [ErrorKind::StorageFull, ErrorKind::QuotaExceeded, ErrorKind::FileTooLarge] {
            assert!(matches!(Error::from(kind).into(), StoreError::Full(_)), "{kind}");
        }
        let by_the_system = std::fs::File::open(std::env::temp_dir().join("nobody/has/this"));
        let error = by_the_system.expect_err("it is not there");
        assert!(matches!(error.into(), StoreError::Disk(_)));
        let ours = Error::from(serde_json::from_str::<u8>("x").expect_err("no number"));
        assert!(matches!(ours.into(), StoreError::Engine(_)));
    }
}
