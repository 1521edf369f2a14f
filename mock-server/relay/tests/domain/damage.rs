//! What is damaged is named before anything is done with it: a saved state, a folder, a message.

use careplan_relay::Settings;
use careplan_relay::clock::Clock;
use careplan_relay::outcome::{Error, Failure};
use careplan_relay::store::{ListQuery, Store, StoreError, StoreLocation};
use careplan_relay::{ClockMove, Relay};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor};

use super::beginnings::ready;
use super::loading::{Parts, busy, edit, saved, why_not};
use super::support::{NOW, OfficeAtWork, Region, at, helper, kj, planner, refused};

/// A region in a folder, in which a message waits for the helper.
struct Kept {
    folder: tempfile::TempDir,
}

impl Kept {
    async fn new() -> Self {
        let kept = Self { folder: tempfile::tempdir().expect("a folder") };
        let region = Region { relay: kept.open().await.expect("it opens") };
        let office = region.office(planner()).await;
        office.send("one", "K2", helper()).await.expect("taken");
        kept
    }

    fn settings() -> Settings {
        Settings { clock: Clock::frozen_at(at(NOW)), ..Settings::default() }
    }

    async fn open(&self) -> Result<Relay, Failure> {
        let path = self.folder.path().to_owned();
        let place = StoreLocation::Directory { path, full_sync: false };
        Relay::open(Store::open(&place).await?, Self::settings(), &ready(1)).await
    }

    async fn try_edit(&self, sql: &str) -> Result<(), sqlx::Error> {
        let path = self.folder.path().join("state.db");
        let url = format!("sqlite:{}?mode=rw", path.display());
        sqlx::any::install_default_drivers();
        let mut connection = sqlx::AnyConnection::connect(&url).await.expect("it opens");
        connection.execute("PRAGMA foreign_keys=OFF; PRAGMA busy_timeout=9000").await.expect("off");
        let edited = connection.execute(AssertSqlSafe(sql.to_owned())).await;
        connection.close().await.expect("closed");
        edited.map(|_| ())
    }

    async fn edit(&self, sql: &str) {
        self.try_edit(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// A copy, edited.
    async fn with(&self, sql: &str) -> Self {
        let copy = self.copy();
        copy.edit(sql).await;
        copy
    }

    fn copy(&self) -> Self {
        let copy = Self { folder: tempfile::tempdir().expect("a folder") };
        for name in ["state.db", "state.db-wal"] {
            let from = self.folder.path().join(name);
            if from.exists() {
                std::fs::copy(from, copy.folder.path().join(name)).expect("copied");
            }
        }
        copy
    }
}

async fn claim(office: &OfficeAtWork, id: &str) -> Result<(), Error> {
    let turn = office.relay.turn().await.expect("a turn");
    let claim = turn.exchange().claim(&office.caller, id, None).await?;
    let turn = office.relay.turn().await.expect("a turn");
    turn.exchange().download(&office.caller, &claim.download_token).await.map(|_| ())
}

async fn inbox(office: &OfficeAtWork) -> Vec<(String, &'static str)> {
    let turn = office.relay.turn().await.expect("a turn");
    let page = turn.exchange().inbox(&office.caller, &ListQuery::default()).await.expect("listed");
    page.items.iter().map(|item| (item.id.clone(), item.state_shown)).collect()
}

/// Before, such a folder was opened, was ready, and a claim used the message up.
#[tokio::test]
async fn a_folder_that_is_damaged_is_refused_with_table_row_and_what() {
    let good = Kept::new().await;
    drop(good.open().await.expect("as it is, it opens"));
    for (sql, wanted, ja) in [
        (
            "DELETE FROM blob WHERE sha256 IN (SELECT archive_sha256 FROM message)",
            "or that is missing",
            "blob にある長さと違うか、blob にありません",
        ),
        (
            "UPDATE blob SET bytes = x'00' WHERE sha256 IN (SELECT archive_sha256 FROM message)",
            "is not the length of its archive",
            "blob にある長さと違うか",
        ),
        ("DROP TABLE message", "table message is missing", "がありません"),
        ("DROP TABLE notice", "table notice is missing", "がありません"),
        ("DROP INDEX message_inbox", "index message_inbox is missing", "がありません"),
        ("DROP TRIGGER message_comes", "trigger message_comes is missing", "がありません"),
        ("ALTER TABLE mail DROP COLUMN body", "table mail is not that of", "違います"),
        ("UPDATE message SET units = 'x'", "units is not the JSON of send units", "送信単位のJSON"),
        ("UPDATE message SET units = '[1]'", "units is not the JSON of send units", "送信単位"),
        ("UPDATE message SET files = '{}'", "files is not the JSON of the files", "ファイルの一覧"),
        ("UPDATE message SET claimed_at = 'abc'", "claimed_at is not a time", "claimed_at"),
        ("UPDATE message SET sent_at = 9223372036854775807", "sent_at is not a time", "sent_at"),
        ("UPDATE account SET password_hash = 'x'", "password_hash is not an argon2id", "argon2id"),
        ("UPDATE account SET failures = 4294967295", "failures is not a number from 0", "failures"),
        ("UPDATE term SET first_day = '2026-02-30'", "first_day is not a day", "first_day"),
        ("DELETE FROM tally", "the counts in table tally", "tally の件数"),
        ("UPDATE setting SET value = 'x' WHERE name = 'clock'", "setting.clock cannot be read", ""),
        (
            "UPDATE setting SET value = '{' WHERE name = 'switches'",
            "setting.switches cannot be read",
            "",
        ),
        (
            "UPDATE setting SET value = '{}' WHERE name = 'authority'",
            "setting.authority cannot be read",
            "",
        ),
    ] {
        let damaged = good.with(sql).await;
        let begun = std::time::Instant::now();
        let error = damaged.open().await.err().unwrap_or_else(|| panic!("{sql}: it opens"));
        assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{sql}");
        let Failure::Store(StoreError::Folder(fault)) = error else { panic!("{sql}: {error}") };
        assert_eq!(fault.path, damaged.folder.path().join("state.db"), "{sql}");
        assert!(fault.what.en.contains(wanted), "{sql}: {fault}");
        assert!(fault.what.ja.contains(ja), "{sql}: {}", fault.ja());
        assert!(fault.advice.en.contains("Restore the folder from a backup"), "{sql}: {fault}");
    }
}

#[tokio::test]
async fn a_damaged_row_is_named_by_its_key_and_in_an_archive_by_its_number_too() {
    let id = kj(planner());
    let sql = format!("UPDATE account SET password_hash = 'x' WHERE kj_id = '{id}'");
    let error = Kept::new().await.with(&sql).await.open().await.expect_err("it is damaged");
    let wanted = format!("it is damaged (table account, row “{id}”: its password_hash is not");
    assert!(error.to_string().contains(&wanted), "{error}");

    let (region, mut parts) = busy().await;
    let mut wanted = String::new();
    edit(&mut parts, "licence", |rows| {
        let key = rows[2]["id"].as_str().expect("a key");
        wanted =
            format!("tables/licence.json, row 3 (“{key}”): its kj_id “KJ00” is not in account");
        rows[2]["kj_id"] = json!("KJ00");
    });
    assert_eq!(why_not(&region, &parts).await, wanted);
}

#[tokio::test]
async fn a_message_whose_archive_is_another_is_not_claimed() {
    let kept = Kept::new().await;
    kept.edit("UPDATE blob SET bytes = zeroblob(length(bytes))").await;
    let region = Region { relay: kept.open().await.expect("its lengths are right") };
    let office = region.office(helper()).await;
    let before = inbox(&office).await;
    let id = before[0].0.clone();
    let refusal = refused(claim(&office, &id).await, "state-damaged");
    let said = refusal.detail.expect("which").en;
    assert!(said.contains("are not those that were sent. This did not fetch it."), "{said}");
    assert_eq!(inbox(&office).await, before, "it stays unfetched");
    // Nor is such a state saved.
    let refusal = refused(region.relay.save_state().await.map(|_| ()), "state-damaged");
    assert!(refusal.detail.expect("where").en.contains("table blob, row “"));
}

/// What is written is read back, as often as anybody asks; a store that keeps something else says so.
#[tokio::test]
async fn a_store_that_keeps_something_else_than_was_written_is_not_ready() {
    let kept = Kept::new().await;
    let relay = kept.open().await.expect("it opens");
    for _ in 0..2 {
        relay.check().await.expect("it is read back");
    }
    let spoil = "UPDATE setting SET value = '0' WHERE name = 'readiness'";
    let trigger = "CREATE TRIGGER spoils AFTER UPDATE ON setting";
    kept.edit(&format!("{trigger} WHEN NEW.value != '0' BEGIN {spoil}; END")).await;
    match relay.check().await {
        Err(Error::Failed(Failure::Store(StoreError::NotReadBack))) => {}
        other => panic!("it was not kept: {other:?}"),
    }
    kept.edit("DROP TRIGGER spoils").await;
    relay.check().await.expect("it is read back");
}

/// A folder that goes while it is used is about the disk, not about the server.
#[tokio::test]
async fn a_file_that_cannot_be_opened_is_the_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("here");
    let place = StoreLocation::Directory { path: path.clone(), full_sync: false };
    let store = Store::open(&place).await.expect("it opens");
    std::fs::rename(&path, folder.path().join("elsewhere")).expect("moved");
    match store.offices().await {
        Err(StoreError::Disk(why)) => assert!(why.contains("unable to open"), "{why}"),
        other => panic!("there is no file: {other:?}"),
    }
    std::fs::rename(folder.path().join("elsewhere"), &path).expect("moved back");
    assert_eq!(store.offices().await.expect("it is there again"), []);
}

#[tokio::test]
async fn a_row_that_is_damaged_later_takes_no_list_down() {
    let kept = Kept::new().await;
    let region = Region { relay: kept.open().await.expect("it opens") };
    let office = region.office(planner()).await;
    let list = async |per_page| {
        let turn = region.turn().await;
        let query = ListQuery { per_page, ..ListQuery::default() };
        turn.exchange().outbox(&office.caller, &query).await.expect("listed")
    };
    let all = list(0).await;
    assert_eq!(all.items.len(), 3);
    for (column, value) in
        [("units", "'x'"), ("sent_at", "9223372036854775807"), ("claimed_at", "'abc'")]
    {
        let id = &all.items[0].id;
        kept.edit(&format!("UPDATE message SET {column} = {value} WHERE id = '{id}'")).await;
        region.relay.move_clock(ClockMove::Set(at(NOW))).await.expect("it moves");
        // Another message comes, so that no page is remembered.
        office.send(column, "K2", helper()).await.expect("taken");
        let page = list(0).await;
        let ids: Vec<_> = page.items.iter().map(|item| &item.id).collect();
        assert!(!ids.contains(&id) && ids.contains(&&all.items[1].id), "{column}: {ids:?}");
        assert_eq!(page.items.len() as u64 + 1, page.total, "{column}");
        let first = list(1).await;
        assert!(first.next.is_some(), "{column}: the pages go on");
        kept.edit(&format!(
            "UPDATE message SET units = '[]', claimed_at = NULL, sent_at = {} WHERE id = '{id}'",
            all.items[0].sent_at.as_millisecond()
        ))
        .await;
    }
}

#[tokio::test]
async fn a_saved_state_that_is_damaged_is_refused_with_table_and_row() {
    let (region, good) = busy().await;
    let damaged = |table: &str, change: &dyn Fn(&mut Vec<Value>)| {
        let mut parts: Parts = good.clone();
        edit(&mut parts, table, change);
        parts
    };
    let hash = |head: &str| {
        format!(
            "$argon2id$v=19${head}$GWx/k2Buwlyvgjbb82ZkLg$B6jWgLbjyqkIrtL1AgZLogsQdTRnT+bhYt6UngiUmCc"
        )
    };
    let (large, long) = (hash("m=4000000,t=2,p=1"), hash("m=19456,t=1000000,p=1"));
    type Case<'c> = (&'c str, Box<dyn Fn(&mut Vec<Value>) + 'c>, &'c str);
    let mut cases: Vec<Case<'_>> = Vec::new();
    for table in [
        "setting",
        "office",
        "account",
        "session",
        "certificate",
        "licence",
        "term",
        "notice",
        "message",
        "due",
    ] {
        cases.push((
            table,
            Box::new(|rows| rows.iter_mut().for_each(|row| *row = json!({}))),
            "row 1: ",
        ));
        cases.push((table, Box::new(|rows| rows.insert(0, json!({}))), "row 1: "));
        cases.push((table, Box::new(|rows| rows.push(json!({}))), "is missing"));
    }
    for (table, column, value, wanted) in [
        ("message", "units", json!("x"), "units is not the JSON of send units"),
        ("message", "units", json!("[{}]"), "units is not the JSON of send units"),
        ("message", "files", json!("x"), "files is not the JSON of the files"),
        ("message", "archive_bytes", json!(7), "is not the length of its archive"),
        ("message", "sender", Value::Null, "row 1: sender is missing"),
        ("account", "password_hash", json!(""), "password_hash is not an argon2id hash"),
        ("account", "password_hash", json!("x"), "password_hash is not an argon2id hash"),
        ("account", "password_hash", json!(large), "password_hash is not an argon2id hash"),
        ("account", "password_hash", json!(long), "password_hash is not an argon2id hash"),
        ("account", "failures", json!(4_294_967_295_u64), "failures is not a number from 0 to"),
        ("licence", "form", json!("x"), "form is not the JSON of a form"),
        ("licence", "kind", json!("x"), "kind is not one of licence, free-pass"),
        ("session", "kind", json!("x"), "kind is not one of terminal, office"),
        ("notice", "published_at", json!("9999-12-31T00:00:00Z"), "published_at"),
    ] {
        cases.push((table, Box::new(move |rows| rows[0][column] = value.clone()), wanted));
    }
    let of_session = "is not that of a certificate of its office";
    cases.push(("certificate", Box::new(Vec::clear), of_session));
    for column in ["fingerprint", "not_before", "not_after"] {
        let clear = move |rows: &mut Vec<Value>| {
            rows.iter_mut().for_each(|row| row[column] = Value::Null);
        };
        cases.push(("certificate", Box::new(clear), of_session));
    }
    let before = region.relay.save_state().await.expect("saved").bytes().await.expect("read");
    for (table, change, wanted) in &cases {
        let why = why_not(&region, &damaged(table, change)).await;
        assert!(why.contains(wanted) && why.contains("tables/"), "{table}, {wanted}: {why}");
        assert!(why.contains(", row "), "{table}, {wanted}: {why}");
    }
    let after = region.relay.save_state().await.expect("saved").bytes().await.expect("read");
    assert!(before == after, "nothing has changed");
    region.relay.load_state(saved(&good).await).await.expect("the good one is taken");
}

/// A number that follows from another, and looks like any.
fn next(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).expect("31 bits")
}

/// Whatever one thing is edited: it is refused and named, or everything works.
#[tokio::test]
async fn any_single_edit_is_refused_or_everything_works() {
    let (region, good) = busy().await;
    let values = [
        Value::Null,
        json!(-1),
        json!(0),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1.5),
        json!(true),
        json!(""),
        json!("x"),
        json!("a\u{0}b"),
        json!("[]"),
        json!("{}"),
        json!("0000-01-01T00:00:00Z"),
        json!("9999-12-31T23:59:59Z"),
        json!("x".repeat(70_000)),
        json!([]),
        json!({}),
    ];
    let tables: Vec<String> = good
        .iter()
        .filter_map(|(name, _)| {
            Some(name.strip_prefix("tables/")?.strip_suffix(".json")?.to_owned())
        })
        .collect();
    let (mut seed, mut taken, mut turned_down) = (20_261_127_u64, 0, 0);
    for _ in 0..60 {
        let mut parts = good.clone();
        let table = tables[next(&mut seed) % tables.len()].clone();
        let mut what = String::new();
        edit(&mut parts, &table, |rows| {
            if rows.is_empty() {
                return;
            }
            let at = next(&mut seed) % rows.len();
            match next(&mut seed) % 6 {
                0 => drop(rows.remove(at)),
                1 => rows[at] = json!({}),
                _ => {
                    let row = rows[at].as_object_mut().expect("a row");
                    let column = row.keys().nth(next(&mut seed) % row.len()).expect("it").clone();
                    let value = values[next(&mut seed) % values.len()].clone();
                    what = format!("{table}, {at}: {column} = {:.40}", value.to_string());
                    row.insert(column, value);
                }
            }
        });
        match region.relay.load_state(saved(&parts).await).await {
            Err(Error::Failed(Failure::SavedState(why))) => {
                turned_down += 1;
                assert!(
                    why.contains(&format!("tables/{table}.json")) || why.contains("tables/"),
                    "{what}: {why}"
                );
            }
            Err(other) => panic!("{what}: {other}"),
            Ok(_) => {
                taken += 1;
                works(&region, &what).await;
            }
        }
    }
    assert!(taken > 5 && turned_down > 5, "{taken} {turned_down}");
    region.relay.load_state(saved(&good).await).await.expect("the good one is taken");
}

/// The same of a folder, whose tables are edited by hand.
#[tokio::test]
async fn any_single_edit_of_a_folder_is_refused_or_everything_works() {
    let good = Kept::new().await;
    let values = [
        "NULL",
        "-1",
        "0",
        "9223372036854775807",
        "-9223372036854775808",
        "1.5",
        "1e308",
        "''",
        "'x'",
        "'[]'",
        "'{}'",
        "x'ff00'",
        "'9999-12-31'",
        "CAST(x'ff' AS TEXT)",
    ];
    let (mut seed, mut taken, mut turned_down) = (7_u64, 0, 0);
    let tables = careplan_relay::store::State::tables();
    for _ in 0..60 {
        let (table, columns) = tables[next(&mut seed) % tables.len()];
        let (column, _) = columns[next(&mut seed) % columns.len()];
        let value = values[next(&mut seed) % values.len()];
        let sql = match next(&mut seed) % 6 {
            0 => format!("DELETE FROM {table} WHERE rowid = (SELECT MAX(rowid) FROM {table})"),
            1 => format!("UPDATE {table} SET {column} = {value}"),
            _ => format!(
                "UPDATE {table} SET {column} = {value} \
                 WHERE rowid = (SELECT MIN(rowid) FROM {table})"
            ),
        };
        let edited = good.copy();
        if edited.try_edit(&sql).await.is_err() {
            continue;
        }
        match edited.open().await {
            Ok(relay) => {
                taken += 1;
                works(&Region { relay }, &sql).await;
            }
            Err(Failure::Store(StoreError::Folder(fault))) => {
                turned_down += 1;
                assert!(fault.path.ends_with("state.db"), "{sql}: {fault}");
            }
            // The keys of the authority.
            Err(failure) if table == "setting" => {
                turned_down += 1;
                assert!(!failure.to_string().is_empty(), "{sql}");
            }
            Err(other) => panic!("{sql}: {other}"),
        }
    }
    assert!(taken > 5 && turned_down > 5, "{taken} {turned_down}");
}

/// Nothing breaks: what is asked is done, or refused in words.
async fn works(region: &Region, what: &str) {
    #[track_caller]
    fn fine<T>(what: &str, place: &str, result: Result<T, Error>) -> Option<T> {
        match result {
            Ok(done) => Some(done),
            Err(Error::Refused(_)) => None,
            Err(Error::Failed(failure)) => panic!("{what}: {place}: {failure}"),
        }
    }
    for number in [planner(), helper()] {
        let account = kj(number);
        let password = super::support::secret(super::beginnings::KJ_PASSWORD);
        let login = region.turn().await.doors().portal(&account, &password).await;
        fine(what, "login", login);
    }
    fine(what, "accounts", region.turn().await.operator().accounts().await);
    let password = super::support::secret(super::beginnings::INSTALL_PASSWORD);
    let issued =
        region.turn().await.operator().issue_for_test(helper(), None, Some(&password)).await;
    if let Some(issued) = fine(what, "certificate", issued) {
        let own = careplan_certs::package::open(&issued.p12, super::beginnings::INSTALL_PASSWORD);
        let own = own.expect("it opens");
        if let Some(login) = fine(what, "terminal login", region.login_with(helper(), &own).await) {
            let card = super::support::presented(&own);
            if let Some(caller) =
                fine(what, "caller", region.relay.caller(&login.access_token, Some(&card)))
            {
                let office = OfficeAtWork { relay: region.relay.clone(), own, login, caller };
                fine(what, "top", region.turn().await.exchange().top(&office.caller).await);
                let query = ListQuery::default();
                let turn = region.turn().await;
                fine(what, "outbox", turn.exchange().outbox(&office.caller, &query).await);
                let turn = region.turn().await;
                let page = turn.exchange().inbox(&office.caller, &query).await;
                for item in &fine(what, "inbox", page).expect("it is listed").items {
                    fine(what, "claim", claim(&office, &item.id).await);
                }
            }
        }
    }
    let state = fine(what, "save", region.relay.save_state().await)
        .unwrap_or_else(|| panic!("{what}: not saved"));
    let again = region.relay.load_state(state).await;
    again.unwrap_or_else(|error| panic!("{what}: what is saved is not loaded: {error}"));
}
