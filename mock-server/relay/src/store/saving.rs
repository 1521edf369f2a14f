//! The state of one moment, written out while others go on.

use careplan_spec::Text;
use futures_util::TryStreamExt;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};
use tokio::runtime::Handle;
use tokio::sync::OwnedRwLockReadGuard;

use super::record::{SettingRecord, TableRow};
use super::rows::{decode, select_text};
use super::sound::{self, Extent};
use super::state::RowVisitor;
use super::{Result, State, Store, StoreError, sqlite};
use crate::background::in_background;
use crate::outcome::Failure;
use crate::random::sha256_hex;
use crate::saved_state::{SavedState, Writing};

/// The state as it was at one moment, on a connection of its own. Writers go on; the file stays
/// where it is until this is over.
pub(crate) struct Snapshot {
    connection: AnyConnection,
    _stays: OwnedRwLockReadGuard<()>,
}

impl Store {
    /// The state as it is now.
    pub(crate) async fn snapshot(&self, stays: OwnedRwLockReadGuard<()>) -> Result<Snapshot> {
        let mut connection = sqlite::connect_reader(&self.path).await?;
        connection.execute("BEGIN").await?;
        // The first thing that is read fixes the moment.
        connection.fetch_optional("SELECT name FROM setting LIMIT 1").await?;
        Ok(Snapshot { connection, _stays: stays })
    }
}

impl Snapshot {
    /// Writes it out, with these settings instead of its own.
    pub(crate) async fn write(
        self,
        settings: Vec<SettingRecord>,
    ) -> std::result::Result<SavedState, Failure> {
        let handle = Handle::current();
        in_background(move || {
            let Self { connection, _stays } = self;
            let writing = Writing::new(sqlite::newest())?;
            let mut walk = Walk { handle, connection, writing };
            let looked = walk.handle.block_on(sound::look(&mut walk.connection, Extent::All))?;
            if let Some(unsound) = looked {
                return Err(StoreError::Unsound(unsound.in_folder().into()).into());
            }
            let mut state = State { settings, ..State::default() };
            state.visit(&mut walk)?;
            walk.blobs()?;
            walk.handle.block_on(walk.connection.close())?;
            walk.writing.finish()
        })
        .await?
    }
}

struct Walk {
    handle: Handle,
    connection: AnyConnection,
    writing: Writing,
}

impl RowVisitor for Walk {
    type Error = Failure;

    /// Rows that are given, else those of the table in the order of their keys.
    fn rows<R: TableRow>(&mut self, given: &mut Vec<R>) -> std::result::Result<(), Failure> {
        let Self { handle, connection, writing } = self;
        writing.table(R::TABLE)?;
        for row in &*given {
            writing.row(row)?;
        }
        if given.is_empty() {
            let text = select_text::<R>(" ORDER BY 1, 2");
            handle.block_on(async {
                let mut rows = sqlx::query(AssertSqlSafe(text)).fetch(&mut *connection);
                while let Some(row) = rows.try_next().await? {
                    writing.row(&decode::<R>(&row)?)?;
                }
                Ok::<_, Failure>(())
            })?;
        }
        writing.end_table()
    }
}

impl Walk {
    fn blobs(&mut self) -> std::result::Result<(), Failure> {
        let Self { handle, connection, writing } = self;
        writing.blobs()?;
        handle.block_on(async {
            let query = sqlx::query("SELECT sha256, bytes FROM blob ORDER BY sha256");
            let mut rows = query.fetch(&mut *connection);
            while let Some(row) = rows.try_next().await? {
                let (sha256, bytes): (String, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
                if sha256_hex(&bytes) != sha256 {
                    let what = Text::made(
                        format!("壊れています（表 blob、行「{sha256}」：SHA-256が名前と違う）。"),
                        format!("it is damaged (table blob, row “{sha256}”: it does not have this SHA-256)."),
                    );
                    return Err(StoreError::Unsound(what.into()).into());
                }
                writing.blob(&sha256, &bytes)?;
            }
            Ok::<_, Failure>(())
        })
    }
}
