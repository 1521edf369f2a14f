//! Taking in a saved state of any version: into a database of that version beside the current one,
//! which is then brought up to date, checked, and put in its place. Until then nothing has changed,
//! and a crash leaves one of the two whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use serde_json::{Map, Value};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};
use tokio::runtime::Handle;
use tokio::sync::OwnedMutexGuard;

use super::record::{Cell, CertificateRecord, SettingRecord, TableRow};
use super::rows::{all, decode, select_text};
use super::sound::{self, Extent};
use super::state::RowVisitor;
use super::{Result, State, Store, StoreError, sqlite};
use crate::background::in_background;
use crate::due::DueKind;
use crate::outcome::Failure;
use crate::private;
use crate::saved_state::{Reading, SavedState};

/// The database that is being made.
const NEXT: &str = "state.next.db";
/// What an engine leaves beside a database.
const BESIDE: [&str; 3] = ["", "-wal", "-shm"];
/// How long connections may take to close.
const LONGEST_CLOSE: Duration = Duration::from_secs(5);
/// What is not certain where the folder cannot be flushed.
const UNFLUSHED: &str = "the folder could not be flushed to the disk: \
                         after a loss of power the state of before may be there again";
/// Unknown things that are told by name, at most.
const MOST_NAMED: usize = 10;

/// Rows of a saved state, at most, of all tables together.
const MOST_ROWS: u64 = 2_000_000;

/// A column of a table as its version keeps it.
struct Kept {
    is_number: bool,
    is_needed: bool,
}

/// A database that is complete and checked, but not in its place yet. It goes with this value.
pub(crate) struct Prepared {
    path: PathBuf,
    pub(crate) settings: Vec<SettingRecord>,
    pub(crate) certificates: Vec<CertificateRecord>,
    /// What was not taken over.
    pub(crate) warnings: Vec<String>,
    /// One at a time.
    _alone: OwnedMutexGuard<()>,
}

impl Drop for Prepared {
    fn drop(&mut self) {
        if let Err(error) = remove(&self.path) {
            tracing::error!(%error, "a database that was not taken over could not be removed");
        }
    }
}

/// Where the database is made that is to come into the place of this one.
pub(super) fn next_of(current: &Path) -> [PathBuf; 3] {
    let path = current.with_file_name(NEXT);
    BESIDE.map(|suffix| beside(&path, suffix))
}

fn remove(path: &Path) -> Result<()> {
    for suffix in BESIDE {
        let path = beside(path, suffix);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(at(&path, error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What the system says of a file, which is named.
fn at(path: &Path, error: std::io::Error) -> StoreError {
    let named = |why: String| format!("{}: {why}", path.display());
    match StoreError::from(error) {
        StoreError::Full(why) => StoreError::Full(named(why)),
        StoreError::Disk(why) => StoreError::Disk(named(why)),
        other => other,
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn broken(why: impl std::fmt::Display) -> Failure {
    Failure::SavedState(why.to_string())
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// Reads a saved state into a database of its own. Nobody has to wait for that.
    pub(crate) async fn prepare(
        &self,
        saved: SavedState,
    ) -> std::result::Result<Prepared, Failure> {
        let alone = Arc::clone(&self.loading).lock_owned().await;
        let path = self.path.with_file_name(NEXT);
        remove(&path)?;
        let mut prepared = Prepared {
            path: path.clone(),
            settings: Vec::new(),
            certificates: Vec::new(),
            warnings: Vec::new(),
            _alone: alone,
        };
        private::options().create_new(true).open(&path).map_err(|error| at(&path, error))?;
        let connection = sqlite::connect_next(&path).await?;
        let handle = Handle::current();
        in_background(move || {
            let reading = Reading::open(&saved, sqlite::newest())?;
            let warnings = BTreeSet::new();
            let mut filling = Filling { handle, connection, reading, warnings, left: MOST_ROWS };
            let filled = filling.fill(&mut prepared);
            let Filling { handle, connection, reading, warnings, .. } = filling;
            // Whatever has come of it: what is still open cannot be removed everywhere.
            let closed = handle.block_on(connection.close());
            filled.map_err(|failure| reading.blamed(failure))?;
            closed?;
            prepared.warnings.extend(warnings);
            // Windows flushes only a file that is open for writing.
            private::options()
                .open(&prepared.path)
                .and_then(|file| file.sync_all())
                .map_err(|error| at(&prepared.path, error))?;
            Ok(prepared)
        })
        .await?
    }

    /// Puts a database in the place of the current one. Nobody else may do anything meanwhile; a
    /// crash leaves one of the two, and so does an error: the current one. Says what is not certain
    /// yet.
    pub(crate) async fn swap(&self, next: Prepared) -> Result<Option<String>> {
        let current = &self.path;
        let mut writer = self.writer.hold().await?;
        tokio::time::timeout(LONGEST_CLOSE, async {
            // A connection that just went back may not be idle yet.
            for readers in [&self.readers, &self.lists] {
                while readers.size() > 0 {
                    while let Some(reader) = readers.try_acquire() {
                        reader.close().await?;
                    }
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            }
            // The last one takes in what was not in the file yet. A disk that does not let it says
            // so here; closing would pass over that, and leave the log.
            if let Some(mut writer) = writer.take() {
                writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").await?;
                writer.close().await?;
            }
            while beside(current, "-wal").exists() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .map_err(|_| StoreError::Engine("the current state is still in use".to_owned()))??;
        // A large file takes its time to go: it goes when nobody waits any more.
        let old = if cfg!(unix) {
            Some(std::fs::File::open(current).map_err(|error| at(current, error))?)
        } else {
            None
        };
        std::fs::rename(&next.path, current).map_err(|error| at(current, error))?;
        tokio::task::spawn_blocking(move || drop(old));
        self.texts.clear();
        // The name is kept too; elsewhere a folder cannot be opened as a file. It has its place by
        // now, whatever comes of this.
        let flushed = match current.parent() {
            Some(folder) if cfg!(unix) => std::fs::File::open(folder).and_then(|it| it.sync_all()),
            _ => Ok(()),
        };
        Ok(flushed.err().map(|error| format!("{UNFLUSHED} ({error})")))
    }
}

/// A saved state on its way into a database.
struct Filling {
    handle: Handle,
    connection: AnyConnection,
    reading: Reading,
    warnings: BTreeSet<String>,
    /// Rows that may still come.
    left: u64,
}

impl Filling {
    fn fill(&mut self, prepared: &mut Prepared) -> std::result::Result<(), Failure> {
        let version = self.reading.version();
        let tables: Vec<&'static str> =
            State::tables().into_iter().map(|(table, _)| table).collect();
        let strangers = self.reading.strangers(&tables);
        for name in strangers.iter().take(MOST_NAMED) {
            self.warnings.insert(format!("{name} is unknown and was left out"));
        }
        let handle = self.handle.clone();
        self.run("BEGIN")?;
        handle.block_on(sqlite::migrate_to(&mut self.connection, version))?;
        let (connection, reading) = (&mut self.connection, &mut self.reading);
        reading.blobs(|sha256, bytes| {
            let query = sqlx::query("INSERT INTO blob (sha256, bytes) VALUES ($1, $2)");
            let query = query.bind(sha256.to_owned()).bind(bytes);
            handle.block_on(query.execute(&mut *connection)).map_err(
                |error| match StoreError::from(error) {
                    StoreError::Contradiction(why) => broken(format!("the blob {sha256}: {why}")),
                    error => error.into(),
                },
            )?;
            Ok(())
        })?;
        for table in tables {
            self.table(table)?;
        }
        handle.block_on(sqlite::migrate_to(&mut self.connection, sqlite::newest()))?;
        self.run("COMMIT")?;
        self.check()?;
        prepared.settings = handle.block_on(all(&mut self.connection, " ORDER BY name"))?;
        prepared.certificates = handle.block_on(all(&mut self.connection, " ORDER BY id"))?;
        self.run("PRAGMA journal_mode=WAL")
    }

    fn run(&mut self, statement: &'static str) -> std::result::Result<(), Failure> {
        self.handle.block_on(self.connection.execute(statement))?;
        Ok(())
    }

    /// The rows of a table, with the columns it has in this version.
    fn table(&mut self, table: &'static str) -> std::result::Result<(), Failure> {
        let Self { handle, connection, reading, warnings, left, .. } = self;
        let columns: BTreeMap<String, Kept> = handle
            .block_on(
                sqlx::query("SELECT name, \"type\", \"notnull\" FROM pragma_table_info($1)")
                    .bind(table)
                    .fetch_all(&mut *connection),
            )?
            .iter()
            .map(|row| {
                let kind: String = row.try_get(1)?;
                let needed: i64 = row.try_get(2)?;
                Ok((row.try_get(0)?, Kept { is_number: kind == "BIGINT", is_needed: needed == 1 }))
            })
            .collect::<std::result::Result<_, sqlx::Error>>()?;
        if columns.is_empty() {
            // This version did not have it.
            return Ok(());
        }
        // Rows of a table have the same columns as a rule.
        let mut last: (Vec<String>, String) = Default::default();
        let found = reading.rows(table, |number, row| {
            let place = |why: &dyn std::fmt::Display| {
                broken(format!("tables/{table}.json, row {number}: {why}"))
            };
            if *left == 0 {
                return Err(broken(format!("it has more than {MOST_ROWS} rows")));
            }
            *left -= 1;
            let (names, cells) =
                cells(table, row, &columns, warnings).map_err(|why| place(&why))?;
            if last.0 != names {
                let places: Vec<String> =
                    (1..=names.len()).map(|index| format!("${index}")).collect();
                let (list, places) = (names.join(", "), places.join(", "));
                last = (names, format!("INSERT INTO {table} ({list}) VALUES ({places})"));
            }
            let mut query = sqlx::query(AssertSqlSafe(last.1.clone()));
            for cell in cells {
                query = match cell {
                    Cell::Number(number) => query.bind(number),
                    Cell::Text(text) => query.bind(text),
                };
            }
            match handle.block_on(query.execute(&mut *connection)).map_err(StoreError::from) {
                Ok(_) => Ok(()),
                Err(StoreError::Contradiction(why)) => Err(place(&why)),
                Err(error) => Err(error.into()),
            }
        })?;
        if found { Ok(()) } else { Err(broken(format!("tables/{table}.json is missing"))) }
    }

    /// Whether everything can be read, and whatever is named is there.
    fn check(&mut self) -> std::result::Result<(), Failure> {
        let handle = self.handle.clone();
        let known = DueKind::ALL.map(|kind| format!("'{}'", kind.id())).join(", ");
        let unknown = format!("DELETE FROM due WHERE kind NOT IN ({known})");
        let gone = handle.block_on(self.connection.execute(AssertSqlSafe(unknown)))?;
        if gone.rows_affected() > 0 {
            let count = gone.rows_affected();
            self.warnings
                .insert(format!("tables/due.json: {count} steps of an unknown kind were left out"));
        }
        let unsound = handle.block_on(sound::look(&mut self.connection, Extent::All))?;
        if let Some(unsound) = unsound {
            return Err(broken(unsound.in_archive()));
        }
        State::default().visit(&mut Readable { handle: &handle, connection: &mut self.connection })
    }
}

/// The columns of a row and what they hold. Unknown ones are left out with a warning.
fn cells(
    table: &str,
    row: Map<String, Value>,
    columns: &BTreeMap<String, Kept>,
    warnings: &mut BTreeSet<String>,
) -> std::result::Result<(Vec<String>, Vec<Cell>), String> {
    let (mut names, mut cells) = (Vec::new(), Vec::new());
    let needed = columns.iter().filter(|(_, kept)| kept.is_needed);
    for (name, _) in needed {
        if row.get(name).is_none_or(Value::is_null) {
            return Err(format!("{name} is missing"));
        }
    }
    for (name, value) in row {
        match columns.get(&name) {
            Some(kept) => {
                let cell =
                    cell(kept.is_number, value).ok_or_else(|| format!("{name} cannot be read"))?;
                names.push(name);
                cells.push(cell);
            }
            None if warnings.len() < MOST_NAMED => {
                let name: String = name.escape_debug().take(60).collect();
                warnings.insert(format!("tables/{table}.json: {name} is unknown and was left out"));
            }
            None => {}
        }
    }
    Ok((names, cells))
}

/// A value of a row as it is kept: times are milliseconds, flags 0 and 1.
fn cell(is_number: bool, value: Value) -> Option<Cell> {
    Some(match (is_number, value) {
        (true, Value::Null) => Cell::Number(None),
        (true, Value::Bool(flag)) => Cell::Number(Some(i64::from(flag))),
        (true, Value::Number(number)) => Cell::Number(Some(number.as_i64()?)),
        (true, Value::String(text)) => {
            Cell::Number(Some(text.parse::<jiff::Timestamp>().ok()?.as_millisecond()))
        }
        (false, Value::Null) => Cell::Text(None),
        (false, Value::String(text)) => Cell::Text(Some(text)),
        _ => return None,
    })
}

/// Reads every row as what it stands for.
struct Readable<'c> {
    handle: &'c Handle,
    connection: &'c mut AnyConnection,
}

impl RowVisitor for Readable<'_> {
    type Error = Failure;

    fn rows<R: TableRow>(&mut self, _: &mut Vec<R>) -> std::result::Result<(), Failure> {
        let text = select_text::<R>(" ORDER BY 1");
        self.handle.block_on(async {
            let mut rows = sqlx::query(AssertSqlSafe(text)).fetch(&mut *self.connection);
            while let Some(row) = rows.try_next().await? {
                if let Err(StoreError::Corrupt { table, column }) = decode::<R>(&row) {
                    let key: String = row.try_get(0).unwrap_or_default();
                    return Err(broken(format!(
                        "tables/{table}.json, the row “{key}”: {column} cannot be read"
                    )));
                }
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_removed_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NEXT);
        remove(&path).unwrap();
        std::fs::write(&path, b"x").unwrap();
        std::fs::create_dir(beside(&path, "-wal")).unwrap();
        let error = remove(&path).unwrap_err();
        assert!(error.to_string().contains("state.next.db-wal: "), "{error}");
        assert!(!path.exists());
    }

    #[test]
    fn values_become_what_their_column_holds() {
        let number = |value| cell(true, value);
        assert_eq!(number(json!(5)), Some(Cell::Number(Some(5))));
        assert_eq!(number(json!(true)), Some(Cell::Number(Some(1))));
        assert_eq!(number(json!("1970-01-01T00:00:01.5Z")), Some(Cell::Number(Some(1500))));
        assert_eq!(number(json!(null)), Some(Cell::Number(None)));
        for strange in [json!(1.5), json!(u64::MAX), json!("soon"), json!([]), json!({})] {
            assert_eq!(number(strange.clone()), None, "{strange}");
        }
        let text = |value| cell(false, value);
        assert_eq!(text(json!("a")), Some(Cell::Text(Some("a".to_owned()))));
        assert_eq!(text(json!(null)), Some(Cell::Text(None)));
        for strange in [json!(1), json!(true), json!([])] {
            assert_eq!(text(strange.clone()), None, "{strange}");
        }
    }
}
