//! Records to rows and back.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyExecutor, AssertSqlSafe, Row};

use super::record::{Cell, CellKind, TableRow};
use super::{Result, StoreError};

/// A statement whose text was put together here, from names in this program only.
type Statement = Arc<str>;
/// A query with its arguments.
pub(super) type Bound<'q> = Query<'q, Any, AnyArguments>;

/// Verb, table, ending.
type Key = (&'static str, &'static str, &'static str);

/// Texts of statements that are the same every time, by table and ending.
static STATEMENTS: LazyLock<RwLock<BTreeMap<Key, Statement>>> = LazyLock::new(RwLock::default);

fn statement(
    verb: &'static str,
    table: &'static str,
    ending: &'static str,
    compose: impl FnOnce() -> String,
) -> Statement {
    let key = (verb, table, ending);
    let known = STATEMENTS.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    known.unwrap_or_else(|| {
        let text: Statement = compose().into();
        let mut all = STATEMENTS.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(key).or_insert(text))
    })
}

/// The columns of a record, as a list.
pub(super) fn columns<R: TableRow>() -> String {
    let names: Vec<_> = R::COLUMNS.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}

fn insert_text<R: TableRow>(ending: &str) -> String {
    let mut text = format!("INSERT INTO {} ({}) VALUES (", R::TABLE, columns::<R>());
    for index in 1..=R::COLUMNS.len() {
        let _ = write!(text, "{}${index}", if index == 1 { "" } else { ", " });
    }
    text.push(')');
    text.push_str(ending);
    text
}

fn bind_all<'q, R: TableRow>(query: Bound<'q>, row: &R) -> Bound<'q> {
    bind_cells(query, row.cells())
}

fn bind_cells(mut query: Bound<'_>, cells: Vec<Cell>) -> Bound<'_> {
    for cell in cells {
        query = match cell {
            Cell::Number(number) => query.bind(number),
            Cell::Text(text) => query.bind(text),
        };
    }
    query
}

/// Adds a row; `ending` follows the values. Returns how many rows were added.
pub(super) async fn insert<'e, R: TableRow>(
    executor: impl AnyExecutor<'e>,
    row: &R,
    ending: &'static str,
) -> Result<u64> {
    let text = statement("insert", R::TABLE, ending, || insert_text::<R>(ending));
    let done = bind_all(sqlx::query(AssertSqlSafe(text)), row).execute(executor).await?;
    Ok(done.rows_affected())
}

/// Adds a row, or replaces the one with the same key columns.
pub(super) async fn upsert<'e, R: TableRow>(executor: impl AnyExecutor<'e>, row: &R) -> Result<()> {
    let text = statement("upsert", R::TABLE, "", || {
        let mut text = insert_text::<R>("");
        let key: Vec<_> = R::COLUMNS[..R::KEY].iter().map(|(name, _)| *name).collect();
        let key = key.join(", ");
        let _ = write!(text, " ON CONFLICT ({key}) DO UPDATE SET ");
        let mut first = true;
        for (name, _) in R::COLUMNS {
            let _ = write!(text, "{}{name} = excluded.{name}", if first { "" } else { ", " });
            first = false;
        }
        text
    });
    bind_all(sqlx::query(AssertSqlSafe(text)), row).execute(executor).await?;
    Ok(())
}

/// The statement that reads rows of a table; `ending` follows its name.
pub(super) fn select_text<R: TableRow>(ending: &str) -> String {
    format!("SELECT {} FROM {}{ending}", columns::<R>(), R::TABLE)
}

/// Rows of a table; `ending` follows its name and holds no arguments.
pub(super) async fn all<'e, R: TableRow>(
    executor: impl AnyExecutor<'e>,
    ending: &'static str,
) -> Result<Vec<R>> {
    read_all(executor, ending, |query| query).await
}

/// Rows of a table; `ending` follows its name, `bind` gives its arguments.
pub(super) async fn read_all<'e, R: TableRow>(
    executor: impl AnyExecutor<'e>,
    ending: &'static str,
    bind: impl for<'q> FnOnce(Bound<'q>) -> Bound<'q>,
) -> Result<Vec<R>> {
    let text = statement("select", R::TABLE, ending, || select_text::<R>(ending));
    let rows = bind(sqlx::query(AssertSqlSafe(text))).fetch_all(executor).await?;
    rows.iter().map(decode).collect()
}

/// The first row, if there is one.
pub(super) async fn read_one<'e, R: TableRow>(
    executor: impl AnyExecutor<'e>,
    ending: &'static str,
    bind: impl for<'q> FnOnce(Bound<'q>) -> Bound<'q>,
) -> Result<Option<R>> {
    let text = statement("select", R::TABLE, ending, || select_text::<R>(ending));
    let row = bind(sqlx::query(AssertSqlSafe(text))).fetch_optional(executor).await?;
    row.as_ref().map(decode).transpose()
}

/// Changes a row and returns it as it is then: `verb` stands before the columns it returns.
///
/// The statement runs to its end, whose errors count: a row is returned before that.
pub(super) async fn change_one<'e, R: TableRow>(
    executor: impl AnyExecutor<'e>,
    verb: &'static str,
    bind: impl for<'q> FnOnce(Bound<'q>) -> Bound<'q>,
) -> Result<Option<R>> {
    let text =
        statement("change", R::TABLE, verb, || format!("{verb} RETURNING {}", columns::<R>()));
    let rows = bind(sqlx::query(AssertSqlSafe(text))).fetch_all(executor).await?;
    rows.first().map(decode).transpose()
}

/// Deletes the row whose key columns hold this.
pub(super) async fn delete<'e, R: TableRow>(
    executor: impl AnyExecutor<'e>,
    key: &[Cell],
) -> Result<()> {
    let text = statement("delete", R::TABLE, "whole key", || {
        let mut text = format!("DELETE FROM {}", R::TABLE);
        for (index, (name, _)) in R::COLUMNS[..R::KEY].iter().enumerate() {
            let word = if index == 0 { "WHERE" } else { "AND" };
            let _ = write!(text, " {word} {name} = ${}", index + 1);
        }
        text
    });
    bind_cells(sqlx::query(AssertSqlSafe(text)), key.to_vec()).execute(executor).await?;
    Ok(())
}

/// Deletes the row with this key, which is the first column.
pub(super) async fn delete_by_key<'e, R: TableRow, E: AnyExecutor<'e>>(
    executor: E,
    key: &str,
) -> Result<()> {
    let text = statement("delete", R::TABLE, "", || {
        format!("DELETE FROM {} WHERE {} = $1", R::TABLE, R::COLUMNS[0].0)
    });
    sqlx::query(AssertSqlSafe(text)).bind(key.to_owned()).execute(executor).await?;
    Ok(())
}

/// A row as a record.
pub(super) fn decode<R: TableRow>(row: &AnyRow) -> Result<R> {
    let mut cells = Vec::with_capacity(R::COLUMNS.len());
    for (index, (column, kind)) in R::COLUMNS.iter().enumerate() {
        let cell = match kind {
            CellKind::Number => row.try_get(index).map(Cell::Number),
            CellKind::Text => row.try_get(index).map(Cell::Text),
        };
        cells.push(cell.map_err(|_| StoreError::Corrupt { table: R::TABLE, column })?);
    }
    R::from_cells(cells)
}

/// A row of a list as a record, or what can be read of it: what cannot is told in the log, and reads
/// as nothing. One such row takes no list down.
pub(super) fn decode_listed<R: TableRow>(row: &AnyRow) -> Result<(R, bool)> {
    let mut is_whole = true;
    let mut cells = Vec::with_capacity(R::COLUMNS.len());
    let nothing = |kind: &CellKind| match kind {
        CellKind::Number => Cell::Number(Some(0)),
        CellKind::Text => Cell::Text(Some(String::new())),
    };
    for (index, (_, kind)) in R::COLUMNS.iter().enumerate() {
        let cell = match kind {
            CellKind::Number => row.try_get(index).map(Cell::Number),
            CellKind::Text => row.try_get(index).map(Cell::Text),
        };
        is_whole &= cell.is_ok();
        cells.push(cell.unwrap_or_else(|_| nothing(kind)));
    }
    loop {
        match R::from_cells(cells.clone()) {
            Ok(record) => return Ok((record, is_whole)),
            Err(StoreError::Corrupt { column, .. }) => {
                is_whole = false;
                let at = R::COLUMNS.iter().position(|(name, _)| *name == column);
                let wrong = StoreError::Corrupt { table: R::TABLE, column };
                match at {
                    Some(at) if cells[at] != nothing(&R::COLUMNS[at].1) => {
                        cells[at] = nothing(&R::COLUMNS[at].1);
                    }
                    _ => return Err(wrong),
                }
            }
            Err(error) => return Err(error),
        }
    }
}
