//! Opening SQLite.

use std::fmt::Write as _;
use std::path::Path;
use std::str::FromStr;
use std::sync::Once;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Connection, Executor};

use super::sound::{self, Extent};
use super::writer::Writer;
use super::{Result, StoreError, folder};

/// Every migration, the oldest first; the count is kept as `user_version`.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_state.sql"),
    include_str!("../../migrations/sqlite/0002_claims_and_lists.sql"),
    include_str!("../../migrations/sqlite/0003_sessions.sql"),
    include_str!("../../migrations/sqlite/0004_due.sql"),
    include_str!("../../migrations/sqlite/0005_turned.sql"),
    include_str!("../../migrations/sqlite/0006_night.sql"),
];

/// When an acknowledged write is safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Durability {
    /// Never: the file goes away at the end.
    Scratch,
    /// When the process ends, however it ends.
    Process,
    /// When the machine loses power.
    Power,
}

const SQLITE_BUSY: u32 = 5;
const SQLITE_READONLY: u32 = 8;
const SQLITE_IOERR: u32 = 10;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;
const SQLITE_CONSTRAINT: u32 = 19;
/// The particulars of an error of reading: nothing was to be written.
const SQLITE_IOERR_READ: u32 = SQLITE_IOERR | 1 << 8;
const SQLITE_IOERR_SHORT_READ: u32 = SQLITE_IOERR | 2 << 8;

/// A state up to this size is looked through at the start; a larger one would take too long.
const LOOKED_THROUGH: u64 = 16 << 20;

/// What a connection that reads begins with; none of it looks at the file.
const READER_SETUP: &str = "PRAGMA busy_timeout=10000; PRAGMA query_only=ON;";
/// How much of the file it remembers; the engine looks at the file for that.
const READER_CACHE: &str = "PRAGMA cache_size=-8000;";

static DRIVERS: Once = Once::new();

/// What a connection that writes begins with, for a durability.
macro_rules! writer_setup {
    ($synchronous:literal) => {
        concat!(
            "PRAGMA busy_timeout=10000; PRAGMA foreign_keys=ON; PRAGMA journal_mode=WAL; ",
            "PRAGMA synchronous=",
            $synchronous,
            "; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-8000;"
        )
    };
}

/// Makes a state without a row in a file that nobody else sees yet. It has no log: a state that is
/// begun stands in one file.
pub(super) async fn begin(path: &Path) -> Result<()> {
    DRIVERS.call_once(sqlx::any::install_default_drivers);
    let setup = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;";
    let writer = Writer::new(options(&format!("{}?mode=rw", url(path)?))?, setup);
    migrate(&writer).await?;
    writer.close().await
}

/// Fails where a state is damaged, as far as a look of a moment tells, or of a newer version. Looking
/// changes nothing: what is damaged stays as it is, log and all.
async fn look_through(url: &str, path: &Path) -> Result<()> {
    let engine = |error: sqlx::Error| damage(path, explained(&error));
    let mut connection = options(&format!("{url}?mode=ro"))?.connect().await.map_err(engine)?;
    let bytes = std::fs::metadata(path)?.len();
    if bytes <= LOOKED_THROUGH {
        let said: String = sqlx::query_scalar("PRAGMA quick_check(1)")
            .fetch_one(&mut connection)
            .await
            .map_err(engine)?;
        if said != "ok" {
            return Err(folder::unreadable(path, said.lines().last().unwrap_or_default()));
        }
    }
    let version: i64 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(&mut connection)
        .await
        .map_err(engine)?;
    match usize::try_from(version) {
        Ok(0) => {
            return Err(folder::unreadable(path, "no tables; its state.db-wal may be missing"));
        }
        Ok(version) if version <= MIGRATIONS.len() => {}
        _ => return Err(folder::newer(path, version, MIGRATIONS.len())),
    }
    let unsound = first_unsound(&mut connection, u32::try_from(version).unwrap_or(u32::MAX));
    let unsound = unsound.await.map_err(|error| damage(path, error))?;
    connection.close().await.map_err(engine)?;
    unsound.map_or(Ok(()), |unsound| Err(folder::unsound(path, unsound.in_folder())))
}

/// What is wrong in a state of a version: with its schema, else with its newest rows.
async fn first_unsound(
    connection: &mut AnyConnection,
    version: u32,
) -> Result<Option<sound::Unsound>> {
    let mut wanted = options("sqlite::memory:")?.connect().await?;
    migrate_to(&mut wanted, version).await?;
    let (wanted, found) = (sound::schema(&mut wanted).await?, sound::schema(connection).await?);
    match sound::difference(&wanted, &found) {
        Some(unsound) => Ok(Some(unsound)),
        None => sound::look(connection, Extent::Newest).await,
    }
}

/// What an error of reading at the start says about the file.
pub(super) fn damage(path: &Path, error: StoreError) -> StoreError {
    match error {
        StoreError::Engine(why) => folder::unreadable(path, &why),
        error @ StoreError::Corrupt { .. } => folder::unreadable(path, &error.to_string()),
        error => error,
    }
}

/// The writer, and twice several readers that cannot write.
pub(super) async fn open(path: &Path, durability: Durability) -> Result<(Writer, [AnyPool; 2])> {
    DRIVERS.call_once(sqlx::any::install_default_drivers);
    let url = url(path)?;
    let setup = match durability {
        Durability::Scratch => writer_setup!("OFF"),
        Durability::Process => writer_setup!("NORMAL"),
        Durability::Power => writer_setup!("FULL"),
    };
    if durability != Durability::Scratch {
        look_through(&url, path).await?;
    }
    let writer = Writer::new(options(&format!("{url}?mode=rwc"))?, setup);
    migrate(&writer).await.map_err(|error| damage(path, error))?;
    let url = format!("{url}?mode=rw");
    Ok((writer, [readers(&url)?, readers(&url)?]))
}

/// Several readers that cannot write.
fn readers(url: &str) -> Result<AnyPool> {
    let readers = AnyPoolOptions::new()
        .max_connections(4)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(60))
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute(READER_SETUP).await?;
                // A disk that fails is told by what is read first, at once. The pool would try
                // again and again for a minute, and everybody would wait.
                let _ = connection.execute(READER_CACHE).await;
                Ok(())
            })
        })
        .connect_lazy_with(options(url)?);
    Ok(readers)
}

/// What an error of the engine means; SQLite's result codes.
pub(super) fn explained(error: &sqlx::Error) -> StoreError {
    let text = error.to_string();
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    // The low byte is the kind, the rest the particulars.
    if matches!(code, Some(SQLITE_IOERR_READ | SQLITE_IOERR_SHORT_READ)) {
        return StoreError::Engine(text);
    }
    match code.map(|code| code & 0xff) {
        Some(SQLITE_FULL) => StoreError::Full(text),
        Some(SQLITE_BUSY | SQLITE_READONLY | SQLITE_IOERR | SQLITE_CANTOPEN) => {
            StoreError::Disk(text)
        }
        Some(SQLITE_CONSTRAINT) => StoreError::Contradiction(text),
        _ => StoreError::Engine(text),
    }
}

fn options(url: &str) -> Result<AnyConnectOptions> {
    Ok(AnyConnectOptions::from_str(url)?.disable_statement_logging())
}

/// `sqlite:` and the path, percent-encoded so that no character of a folder name has a meaning.
fn url(path: &Path) -> Result<String> {
    let path = path
        .to_str()
        .ok_or_else(|| StoreError::Engine(format!("{} is not Unicode", path.display())))?;
    let mut url = "sqlite:".to_owned();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                url.push(char::from(byte));
            }
            other => {
                let _ = write!(url, "%{other:02X}");
            }
        }
    }
    Ok(url)
}

/// The version of the schema there is: the number of migrations.
pub(super) fn newest() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Brings a database to a version of the schema, within what its connection has begun.
pub(super) async fn migrate_to(connection: &mut AnyConnection, wanted: u32) -> Result<()> {
    let version: i64 =
        sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *connection).await?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    let steps = MIGRATIONS.iter().zip(1..=wanted).skip(done);
    for (migration, number) in steps {
        let step = format!("{migration} PRAGMA user_version={number};");
        connection.execute(sqlx::AssertSqlSafe(step)).await?;
    }
    Ok(())
}

async fn migrate(writer: &Writer) -> Result<()> {
    let mut write = writer.begin().await?;
    migrate_to(&mut write, newest()).await?;
    // All or none: a folder is never between two versions.
    write.commit().await
}

/// A connection to a database that is being made, and that nobody else knows: without a journal,
/// for what fails is thrown away.
pub(super) async fn connect_next(path: &Path) -> Result<AnyConnection> {
    let mut connection = options(&format!("{}?mode=rw", url(path)?))?.connect().await?;
    connection
        .execute(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; \
             PRAGMA cache_size=-8000;",
        )
        .await?;
    Ok(connection)
}

/// A connection of its own that cannot write.
pub(super) async fn connect_reader(path: &Path) -> Result<AnyConnection> {
    let mut connection = options(&format!("{}?mode=rw", url(path)?))?.connect().await?;
    connection.execute(READER_SETUP).await?;
    connection.execute(READER_CACHE).await?;
    Ok(connection)
}
