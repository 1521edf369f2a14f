//! Opening SQLite.

use std::fmt::Write as _;
use std::path::Path;
use std::str::FromStr;
use std::sync::Once;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, ConnectOptions, Executor};

use super::{Result, StoreError};

/// Every migration, the oldest first; the count is kept as `user_version`.
const MIGRATIONS: &[&str] = &[include_str!("../../migrations/sqlite/0001_state.sql")];

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

static DRIVERS: Once = Once::new();

/// The pools: one writer, several readers that cannot write.
pub(super) async fn open(path: &Path, durability: Durability) -> Result<(AnyPool, AnyPool)> {
    DRIVERS.call_once(sqlx::any::install_default_drivers);
    let url = url(path)?;
    let writer_setup = match durability {
        Durability::Scratch => "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
        Durability::Process => "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        Durability::Power => "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    };
    let writer = AnyPoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(60))
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection.execute("PRAGMA busy_timeout=10000; PRAGMA foreign_keys=ON;").await?;
                connection.execute(writer_setup).await?;
                connection
                    .execute("PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-8000;")
                    .await?;
                Ok(())
            })
        })
        .connect_with(options(&format!("{url}?mode=rwc"))?)
        .await?;
    migrate(&writer).await?;
    let readers = AnyPoolOptions::new()
        .max_connections(4)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(60))
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection
                    .execute(
                        "PRAGMA busy_timeout=10000; PRAGMA query_only=ON; PRAGMA cache_size=-8000;",
                    )
                    .await?;
                Ok(())
            })
        })
        .connect_lazy_with(options(&format!("{url}?mode=rw"))?);
    Ok((writer, readers))
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

async fn migrate(writer: &AnyPool) -> Result<()> {
    let version: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(writer).await?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    if done > MIGRATIONS.len() {
        return Err(StoreError::Engine(format!(
            "the state was written by a newer version (schema {version}, known {})",
            MIGRATIONS.len()
        )));
    }
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(done) {
        let step = format!("BEGIN; {migration} PRAGMA user_version={}; COMMIT;", index + 1);
        writer.execute(sqlx::AssertSqlSafe(step)).await?;
    }
    Ok(())
}
