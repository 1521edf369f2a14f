//! Whether what is stored is sound: what every column holds and what it names, said once. A saved
//! state is looked through by it before it takes the place of the current one, a folder before it
//! is opened, the state of one moment before it is saved.
//!
//! Type, range and reference are looked at in SQL; what only this program can read (JSON, hashes) is
//! read. Of a folder the newest rows of a table are looked at, [`Extent::Newest`], so that a large
//! one starts as fast as a small one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use careplan_spec::Text;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::Result;
use crate::licence::{LicenceForm, LicenceKind};
use crate::message::{ManifestFile, UnitView};
use crate::password;

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Every row.
    All,
    /// The newest rows of every table.
    Newest,
}

/// Rows of a table of a folder that are looked at in SQL, at most: a start is to be over within a
/// tenth of a second.
const NEWEST: i64 = 1_000;
/// Rows of a table of a folder whose JSON is read, at most.
const NEWEST_READ: i64 = 100;

/// 2200-01-01: every time the clock may come to, and whatever follows from it.
const LATEST: i64 = 7_258_118_400_000;
/// More than anybody ever counts; one more is still a number.
const MOST: i64 = 1_000_000;
/// Bytes of a message, at most, and more.
const MOST_BYTES: i64 = 1 << 40;

/// What a column holds, where it holds anything.
#[derive(Debug, Clone, Copy)]
enum Holds {
    /// Any text.
    Text,
    /// Milliseconds since 1970.
    Time,
    /// 0 or 1.
    Flag,
    /// A number from 0 to this.
    Upto(i64),
    /// A number that only grows.
    Number,
    /// `YYYY-MM-DD`.
    Day,
    /// Ten digits or letters.
    Office,
    /// SHA-256 in hex.
    Sha256,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// What this reads: what it is, in Japanese and English.
    Read(fn(&str) -> bool, &'static str, &'static str),
}

use Holds::{Day, Flag, Number, Office, OneOf, Read, Sha256, Time, Upto};

const UNITS: Holds = Read(
    |text| serde_json::from_str::<Vec<UnitView>>(text).is_ok(),
    "送信単位のJSON",
    "the JSON of send units",
);
const FILES: Holds = Read(
    |text| serde_json::from_str::<Vec<ManifestFile>>(text).is_ok(),
    "ファイルの一覧のJSON",
    "the JSON of the files of a manifest",
);
const FORM: Holds = Read(
    |text| serde_json::from_str::<LicenceForm>(text).is_ok(),
    "申請書のJSON",
    "the JSON of a form",
);
const PASSWORD_HASH: Holds = Read(
    password::is_bounded_hash,
    "ここで使う大きさのargon2idのハッシュ",
    "an argon2id hash of the size that is used here",
);
const LICENCE_KINDS: Holds = OneOf(&[LicenceKind::Licence.id(), LicenceKind::FreePass.id()]);
const SESSION_KINDS: Holds = OneOf(&["terminal", "office", "portal", super::ROTATED]);

/// What every column of every table holds; one that is not named here holds any text.
const COLUMNS: &[(&str, &[(&str, Holds)])] = &[
    ("setting", &[]),
    ("office", &[("number", Office)]),
    (
        "account",
        &[
            ("office", Office),
            ("password_hash", PASSWORD_HASH),
            ("password_since", Time),
            ("password_expires_at", Time),
            ("failures", Upto(MOST)),
            ("locked_until", Time),
            ("c_failures", Upto(MOST)),
            ("c_locked_until", Time),
            ("night_hold", Flag),
        ],
    ),
    (
        "mail_code",
        &[("purpose", OneOf(&["notice", "security"])), ("expires_at", Time), ("tries", Upto(MOST))],
    ),
    ("mail", &[("sent_at", Time)]),
    (
        "session",
        &[
            ("kind", SESSION_KINDS),
            ("fingerprint", Sha256),
            ("expires_at", Time),
            ("ends_at", Time),
            ("generation", Upto(MOST)),
        ],
    ),
    (
        "certificate",
        &[
            ("applied_at", Time),
            ("starts_at", Time),
            ("issued_at", Time),
            ("not_before", Time),
            ("not_after", Time),
            ("fingerprint", Sha256),
            ("withdrawn_at", Time),
            ("revoked_at", Time),
        ],
    ),
    (
        "licence",
        &[("kind", LICENCE_KINDS), ("applied_at", Time), ("auto_renewal", Flag), ("form", FORM)],
    ),
    (
        "term",
        &[
            ("kind", LICENCE_KINDS),
            ("first_day", Day),
            ("last_day", Day),
            ("fee_yen", Upto(MOST)),
            ("charged_on", Day),
        ],
    ),
    ("notice", &[("published_at", Time), ("read_at", Time)]),
    (
        "message",
        &[
            ("sent_at", Time),
            ("units", UNITS),
            ("files", FILES),
            ("file_count", Upto(MOST)),
            ("bytes", Upto(MOST_BYTES)),
            ("has_text", Flag),
            ("archive_bytes", Upto(MOST_BYTES)),
            ("claimed_at", Time),
            ("download_until", Time),
            ("confirmed_at", Time),
            ("turned", Number),
        ],
    ),
    ("due", &[("at", Time)]),
];

/// What must be there: table, column, of which rows this holds, what is there then, and how that is
/// said.
const NAMED: &[(&str, &str, &str, &str, &str, &str)] = &[
    (
        "licence",
        "kj_id",
        "TRUE",
        "SELECT 1 FROM account WHERE account.kj_id = own.kj_id",
        "account にありません",
        "is not in account",
    ),
    (
        "certificate",
        "kj_id",
        "wrong IS NULL",
        "SELECT 1 FROM account WHERE account.kj_id = own.kj_id",
        "account にありません",
        "is not in account",
    ),
    (
        "certificate",
        "p12_sha256",
        "p12_sha256 IS NOT NULL",
        "SELECT 1 FROM blob WHERE blob.sha256 = own.p12_sha256",
        "blob にありません",
        "is not in blob",
    ),
    (
        "session",
        "fingerprint",
        "kind = 'office'",
        "SELECT 1 FROM certificate WHERE certificate.office = own.office \
         AND certificate.fingerprint = own.fingerprint \
         AND certificate.not_before IS NOT NULL AND certificate.not_after IS NOT NULL",
        "有効期間のある certificate にありません",
        "is not that of a certificate of its office with its validity",
    ),
    (
        "message",
        "sender",
        "TRUE",
        "SELECT 1 FROM office WHERE office.number = own.sender",
        "office にありません",
        "is not in office",
    ),
    (
        "message",
        "receiver",
        "TRUE",
        "SELECT 1 FROM office WHERE office.number = own.receiver",
        "office にありません",
        "is not in office",
    ),
    (
        "message",
        "archive_bytes",
        "TRUE",
        "SELECT 1 FROM blob WHERE blob.sha256 = own.archive_sha256 \
         AND length(blob.bytes) = own.archive_bytes",
        "blob にある長さと違うか、blob にありません",
        "is not the length of its archive in blob, or that is missing",
    ),
    (
        "due",
        "subject",
        "kind LIKE 'certificate-%'",
        "SELECT 1 FROM certificate WHERE certificate.id = own.subject",
        "certificate にありません",
        "is not in certificate",
    ),
    (
        "due",
        "subject",
        "kind LIKE 'licence-%'",
        "SELECT 1 FROM term WHERE term.id = own.subject",
        "term にありません",
        "is not in term",
    ),
];

/// What is not as it should be, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unsound {
    /// The table; nothing where it is about the schema.
    table: &'static str,
    /// The number of the row, from 1, and its key.
    row: Option<(i64, String)>,
    /// What is wrong.
    what: Text<String>,
}

impl Unsound {
    /// As it is said of a saved state.
    pub(super) fn in_archive(&self) -> String {
        match &self.row {
            Some((number, key)) => {
                let Self { table, what, .. } = self;
                format!("tables/{table}.json, row {number} (“{key}”): its {}", what.en)
            }
            None => self.what.en.clone(),
        }
    }

    /// As it is said of a folder.
    pub(super) fn in_folder(&self) -> Text<String> {
        match &self.row {
            Some((_, key)) => {
                let (table, what) = (self.table, &self.what);
                Text::made(
                    format!("壊れています（表 {table}、行「{key}」：{}）。", what.ja),
                    format!("it is damaged (table {table}, row “{key}”: its {}).", what.en),
                )
            }
            None => Text::made(
                format!("壊れています（{}）。", self.what.ja),
                format!("it is damaged ({}).", self.what.en),
            ),
        }
    }
}

impl Holds {
    /// What holds in SQL of a good value of a column.
    fn sql(self, column: &str) -> String {
        match self {
            Self::Text => format!("typeof({column}) = 'text'"),
            Self::Time => whole(column, LATEST),
            Self::Flag => whole(column, 1),
            Self::Upto(most) => whole(column, most),
            Self::Number => format!("typeof({column}) = 'integer'"),
            Self::Day => format!(
                "typeof({column}) = 'text' AND date({column}) IS {column} \
                 AND {column} BETWEEN '1970-01-01' AND '2199-12-31'"
            ),
            Self::Office => format!(
                "typeof({column}) = 'text' AND length({column}) = 10 \
                 AND {column} NOT GLOB '*[^0-9A-Z]*'"
            ),
            Self::Sha256 => format!(
                "typeof({column}) = 'text' AND length({column}) = 64 \
                 AND {column} NOT GLOB '*[^0-9a-f]*'"
            ),
            Self::OneOf(known) => {
                let known: Vec<_> = known.iter().map(|text| format!("'{text}'")).collect();
                format!("{column} IN ({})", known.join(", "))
            }
            // Most of what is damaged is no JSON any more; the rest is seen where it is read.
            Self::Read(_, _, en) if en.contains("JSON") => {
                format!("typeof({column}) = 'text' AND json_valid({column})")
            }
            Self::Read(..) => format!("typeof({column}) = 'text'"),
        }
    }

    /// What it is not.
    fn said(self) -> Text<String> {
        let (ja, en) = match self {
            Self::Text => ("文字列".to_owned(), "a text".to_owned()),
            Self::Time => ("1970～2199年の時刻".to_owned(), "a time from 1970 to 2199".to_owned()),
            Self::Flag => ("0か1".to_owned(), "0 or 1".to_owned()),
            Self::Upto(most) => (format!("0～{most}の数"), format!("a number from 0 to {most}")),
            Self::Number => ("数".to_owned(), "a number".to_owned()),
            Self::Day => ("1970～2199年の日付".to_owned(), "a day from 1970 to 2199".to_owned()),
            Self::Office => ("事業所番号".to_owned(), "an office number".to_owned()),
            Self::Sha256 => ("SHA-256".to_owned(), "a SHA-256".to_owned()),
            Self::OneOf(known) => {
                (format!("{}のどれか", known.join("、")), format!("one of {}", known.join(", ")))
            }
            Self::Read(_, ja, en) => (ja.to_owned(), en.to_owned()),
        };
        Text::made(ja, en)
    }
}

fn whole(column: &str, most: i64) -> String {
    format!("typeof({column}) = 'integer' AND {column} BETWEEN 0 AND {most}")
}

fn unsound(table: &'static str, row: i64, key: String, what: Text<String>) -> Unsound {
    let key: String = key.escape_debug().take(80).collect();
    Unsound { table, row: Some((row, key)), what }
}

/// The first thing that is not sound, of the tables there are.
pub(super) async fn look(
    connection: &mut AnyConnection,
    extent: Extent,
) -> Result<Option<Unsound>> {
    for (table, declared) in COLUMNS {
        let columns = columns_of(connection, table).await?;
        if columns.is_empty() {
            // A version that did not have it.
            continue;
        }
        let found = columns_hold(connection, table, &columns, declared, extent).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    for (table, _) in COLUMNS {
        // The many rows of a folder are looked at below, as far as they are.
        if extent == Extent::All || *table != "message" {
            let found = keys_are_there(connection, table).await?;
            if found.is_some() {
                return Ok(found);
            }
        }
    }
    for (table, column, rows, there, ja, en) in NAMED {
        let columns = columns_of(connection, table).await?;
        if columns.is_empty() {
            continue;
        }
        let query = format!(
            "SELECT own.rowid, CAST(own.{key} AS TEXT), CAST(own.{column} AS TEXT) \
             FROM {table} AS own WHERE own.rowid > {first} AND ({rows}) AND NOT EXISTS ({there}) \
             ORDER BY own.rowid LIMIT 1",
            key = columns[0],
            first = first(table, extent, NEWEST),
        );
        let row = sqlx::query(AssertSqlSafe(query)).fetch_optional(&mut *connection).await?;
        if let Some(row) = row {
            let value: Option<String> = row.try_get(2)?;
            let value: String = value.unwrap_or_default().escape_debug().take(80).collect();
            let what = Text::made(
                format!("{column}「{value}」が{ja}"),
                format!("{column} “{value}” {en}"),
            );
            return Ok(Some(unsound(table, row.try_get(0)?, key_of(&row)?, what)));
        }
    }
    counts_agree(connection).await
}

/// Foreign keys, as the engine knows them.
async fn keys_are_there(
    connection: &mut AnyConnection,
    table: &'static str,
) -> Result<Option<Unsound>> {
    let query = format!(
        "SELECT wrong.\"rowid\", key.\"from\", key.\"table\" \
         FROM pragma_foreign_key_check('{table}') AS wrong \
         JOIN pragma_foreign_key_list('{table}') AS key ON key.id = wrong.fkid LIMIT 1"
    );
    let wrong = sqlx::query(AssertSqlSafe(query)).fetch_optional(&mut *connection).await?;
    let Some(wrong) = wrong else { return Ok(None) };
    let (rowid, column): (i64, String) = (wrong.try_get(0)?, wrong.try_get(1)?);
    let parent: String = wrong.try_get(2)?;
    let key = columns_of(connection, table).await?.swap_remove(0);
    let query =
        format!("SELECT CAST({column} AS TEXT), CAST({key} AS TEXT) FROM {table} WHERE rowid = $1");
    let query = sqlx::query(AssertSqlSafe(query)).bind(rowid);
    let row = query.fetch_one(&mut *connection).await?;
    let value: String = row.try_get(0)?;
    let value: String = value.escape_debug().take(80).collect();
    let what = Text::made(
        format!("{column}「{value}」が{parent} にありません"),
        format!("{column} “{value}” is not in {parent}"),
    );
    Ok(Some(unsound(table, rowid, key_of(&row)?, what)))
}

fn key_of(row: &sqlx::any::AnyRow) -> Result<String> {
    let key: Option<String> = row.try_get(1)?;
    Ok(key.unwrap_or_default())
}

/// The number behind which rows are looked at, in SQL.
fn first(table: &str, extent: Extent, most: i64) -> String {
    match extent {
        Extent::All => "-9223372036854775808".to_owned(),
        Extent::Newest => format!("(SELECT COALESCE(MAX(rowid), 0) - {most} FROM {table})"),
    }
}

async fn columns_of(connection: &mut AnyConnection, table: &str) -> Result<Vec<String>> {
    let rows = sqlx::query("SELECT name FROM pragma_table_info($1) ORDER BY cid")
        .bind(table.to_owned())
        .fetch_all(&mut *connection)
        .await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<std::result::Result<_, _>>()?)
}

async fn columns_hold(
    connection: &mut AnyConnection,
    table: &'static str,
    columns: &[String],
    declared: &[(&'static str, Holds)],
    extent: Extent,
) -> Result<Option<Unsound>> {
    let holds = |column: &str| {
        let found = declared.iter().find(|(name, _)| *name == column);
        found.map_or(Holds::Text, |(_, holds)| *holds)
    };
    let key = &columns[0];
    let (mut good, mut which) = (String::from("TRUE"), String::from("CASE"));
    for column in columns {
        let sql = format!("({column} IS NULL OR {})", holds(column).sql(column));
        let _ = write!(good, " AND {sql}");
        let _ = write!(which, " WHEN NOT {sql} THEN '{column}'");
    }
    let query = format!(
        "SELECT rowid, CAST({key} AS TEXT), {which} ELSE '' END FROM {table} \
         WHERE rowid > {} AND NOT ({good}) ORDER BY rowid LIMIT 1",
        first(table, extent, NEWEST)
    );
    if let Some(row) = sqlx::query(AssertSqlSafe(query)).fetch_optional(&mut *connection).await? {
        let column: String = row.try_get(2)?;
        let what = holds(&column).said();
        let what = Text::made(
            format!("{column}が{}ではない", what.ja),
            format!("{column} is not {}", what.en),
        );
        return Ok(Some(unsound(table, row.try_get(0)?, key_of(&row)?, what)));
    }
    for (column, holds) in declared {
        let Read(reads, _, _) = holds else { continue };
        if !columns.iter().any(|there| there == column) {
            continue;
        }
        let mut after = match extent {
            Extent::All => i64::MIN,
            Extent::Newest => {
                let newest = format!("SELECT COALESCE(MAX(rowid), 0) - {NEWEST_READ} FROM {table}");
                sqlx::query_scalar(AssertSqlSafe(newest)).fetch_one(&mut *connection).await?
            }
        };
        let query = format!(
            "SELECT rowid, CAST({key} AS TEXT), {column} FROM {table} \
             WHERE rowid > $1 AND {column} IS NOT NULL ORDER BY rowid LIMIT {NEWEST_READ}"
        );
        loop {
            let query = sqlx::query(AssertSqlSafe(query.clone())).bind(after);
            let rows = query.fetch_all(&mut *connection).await?;
            let Some(last) = rows.last() else { break };
            after = last.try_get(0)?;
            for row in &rows {
                if !row.try_get::<String, _>(2).is_ok_and(|text| reads(&text)) {
                    let what = holds.said();
                    let what = Text::made(
                        format!("{column}が{}ではない", what.ja),
                        format!("{column} is not {}", what.en),
                    );
                    return Ok(Some(unsound(table, row.try_get(0)?, key_of(row)?, what)));
                }
            }
        }
    }
    Ok(None)
}

/// The counts of the lists are those of the messages. Counting many takes too long at a start.
async fn counts_agree(connection: &mut AnyConnection) -> Result<Option<Unsound>> {
    if columns_of(connection, "tally").await?.is_empty() {
        return Ok(None);
    }
    let agree: i64 = sqlx::query_scalar(
        "SELECT CASE WHEN (SELECT COALESCE(SUM(messages), 0) FROM tally) > 100000 THEN 1 ELSE \
         (SELECT COALESCE(SUM(messages), 0) FROM tally) = (SELECT COUNT(*) FROM message) AND \
         (SELECT COALESCE(SUM(unclaimed), 0) FROM tally) = \
         (SELECT COUNT(*) FROM message WHERE claimed_at IS NULL) END",
    )
    .fetch_one(&mut *connection)
    .await?;
    Ok((agree == 0).then(|| Unsound {
        table: "tally",
        row: None,
        what: Text::made(
            "表 tally の件数が message と合わない",
            "the counts in table tally are not those of the messages",
        ),
    }))
}

/// Tables with their columns, indexes and triggers, as they are written down.
pub(super) type Schema = BTreeMap<String, String>;

/// The schema of a database.
pub(super) async fn schema(connection: &mut AnyConnection) -> Result<Schema> {
    let mut schema = Schema::new();
    let rows = sqlx::query(
        "SELECT 'table ' || own.name, part.name || ' ' || part.\"type\" || ' ' || \
         part.\"notnull\" || ' ' || part.pk FROM sqlite_master AS own, \
         pragma_table_info(own.name) AS part WHERE own.\"type\" = 'table' \
         AND own.name NOT LIKE 'sqlite_%' ORDER BY own.name, part.cid",
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in rows {
        let (what, column): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let columns = schema.entry(what).or_default();
        columns.push_str(&column);
        columns.push('\n');
    }
    let rows = sqlx::query(
        "SELECT \"type\" || ' ' || name, sql FROM sqlite_master \
         WHERE \"type\" IN ('index', 'trigger') AND sql IS NOT NULL",
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in rows {
        let sql: String = row.try_get(1)?;
        let words: Vec<&str> = sql.split_whitespace().collect();
        schema.insert(row.try_get(0)?, words.join(" "));
    }
    Ok(schema)
}

/// How a schema differs from that of its version: what is missing, other, or acts by itself. Further
/// tables and indexes do no harm.
pub(super) fn difference(wanted: &Schema, found: &Schema) -> Option<Unsound> {
    let names: BTreeSet<(bool, &String)> =
        wanted.keys().chain(found.keys()).map(|name| (!name.starts_with("table "), name)).collect();
    names.into_iter().find_map(|(_, name)| {
        let (ja, en) = match (wanted.get(name), found.get(name)) {
            (Some(_), None) => ("がありません", "is missing"),
            (Some(wanted), Some(found)) if wanted != found => {
                ("がこの版のものと違います", "is not that of its version")
            }
            (None, Some(_)) if name.starts_with("trigger ") => {
                ("はこの版にありません", "does not belong to its version")
            }
            _ => return None,
        };
        let what = Text::made(format!("{name} {ja}"), format!("{name} {en}"));
        Some(Unsound { table: "", row: None, what })
    })
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::super::record::CellKind;
    use super::*;

    #[test]
    fn every_number_of_every_table_is_declared() {
        for (table, columns) in State::tables() {
            let declared = COLUMNS.iter().find(|(name, _)| *name == table);
            let (_, declared) = declared.unwrap_or_else(|| panic!("{table} is declared"));
            for (column, kind) in columns {
                let found = declared.iter().any(|(name, _)| name == column);
                assert!(found || *kind == CellKind::Text, "{table}.{column} is a number");
            }
            for (column, _) in *declared {
                let is_there = columns.iter().any(|(name, _)| name == column);
                assert!(is_there || *column == "turned", "{table}.{column} is no column");
            }
        }
    }

    #[test]
    fn a_schema_differs_by_what_is_missing_other_or_acts_by_itself() {
        let schema = |parts: &[(&str, &str)]| -> Schema {
            parts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
        };
        let good = [("table a", "x TEXT 1 1\n"), ("index i", "CREATE INDEX i ON a (x)")];
        let said = |found: &[(&str, &str)]| {
            difference(&schema(&good), &schema(found)).map(|found| found.in_folder().en)
        };
        assert_eq!(said(&good), None);
        assert_eq!(said(&[good[0], good[1], ("table b", ""), ("index j", "")]), None);
        for (found, wanted) in [
            (vec![good[0]], "it is damaged (index i is missing)."),
            (vec![good[1]], "it is damaged (table a is missing)."),
            (
                vec![good[0], ("index i", "CREATE INDEX i ON a (y)")],
                "it is damaged (index i is not that of its version).",
            ),
            (
                vec![good[0], good[1], ("trigger t", "")],
                "it is damaged (trigger t does not belong to its version).",
            ),
        ] {
            assert_eq!(said(&found).as_deref(), Some(wanted));
        }
    }
}
