//! What a saved state may hold, and what becomes of one that holds something else.

use std::io::{Cursor, Read, Write};

use careplan_relay::Settings;
use careplan_relay::clock::Clock;
use careplan_relay::outcome::{Error, Failure};
use careplan_relay::saved_state::SavedState;
use careplan_relay::store::{ListQuery, StoreLocation};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::beginnings::{newcomers, ready};
use super::support::{NOW, Region, at, helper, planner, presented, sha256};

/// The parts of an archive, with their names.
pub(crate) type Parts = Vec<(String, Vec<u8>)>;

async fn parts(saved: &SavedState) -> Parts {
    let bytes = saved.bytes().await.expect("it is read");
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("a ZIP");
    let mut parts = Parts::new();
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).expect("a part");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("it is unpacked");
        parts.push((part.name().expect("a name").into_owned(), bytes));
    }
    parts
}

pub(crate) async fn saved(parts: &Parts) -> SavedState {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).expect("a part");
        zip.write_all(bytes).expect("written");
    }
    let bytes = zip.finish().expect("a ZIP").into_inner();
    SavedState::of(&bytes).await.expect("there is room")
}

/// Changes the rows of a table.
pub(crate) fn edit(parts: &mut Parts, table: &str, change: impl FnOnce(&mut Vec<Value>)) {
    let name = format!("tables/{table}.json");
    let (_, bytes) = parts.iter_mut().find(|(part, _)| *part == name).expect("it is there");
    let mut rows: Vec<Value> = serde_json::from_slice(bytes).expect("JSON");
    change(&mut rows);
    *bytes = serde_json::to_vec(&rows).expect("JSON");
}

/// A region in which something was sent, and what it saves.
pub(crate) async fn busy() -> (Region, Parts) {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    office.send("one", "K2", helper()).await.expect("taken");
    let state = region.relay.save_state().await.expect("saved");
    let parts = parts(&state).await;
    (region, parts)
}

pub(crate) async fn why_not(region: &Region, parts: &Parts) -> String {
    match region.relay.load_state(saved(parts).await).await {
        Err(Error::Failed(Failure::SavedState(why))) => why,
        other => panic!("it is refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_state_that_contradicts_itself_is_refused_with_file_and_row() {
    let (_, good) = busy().await;
    let other = Region::new(&newcomers(1), NOW, Default::default()).await;
    let damaged = |table: &'static str, change: fn(&mut Vec<Value>)| {
        let mut parts = good.clone();
        edit(&mut parts, table, change);
        parts
    };
    for (parts, wanted) in [
        (
            damaged("licence", |rows| rows[0]["kj_id"] = json!("KJ470000000000")),
            "its kj_id “KJ470000000000” is not in account",
        ),
        (
            damaged("account", |rows| rows[0]["office"] = json!("4700000000")),
            "its office “4700000000” is not in office",
        ),
        (
            damaged("message", |rows| rows[0]["archive_sha256"] = json!("00")),
            "its archive_sha256 “00” is not in blob",
        ),
        (
            damaged("due", |rows| rows[0]["subject"] = json!("nothing")),
            "its subject “nothing” is not in ",
        ),
        (
            damaged("term", |rows| rows[0]["first_day"] = json!("soon")),
            "first_day is not a day from 1970 to 2199",
        ),
        (
            damaged("message", |rows| rows[1]["sent_at"] = json!("soon")),
            "tables/message.json, row 2: sent_at cannot be read",
        ),
        (
            damaged("office", |rows| {
                rows[0].as_object_mut().expect("a row").remove("name");
            }),
            "tables/office.json, row 1: ",
        ),
        (
            damaged("setting", |rows| rows.retain(|row| row["name"] != "clock")),
            "tables/setting.json, the row “clock”: it is missing",
        ),
        (
            damaged("setting", |rows| {
                for row in rows.iter_mut().filter(|row| row["name"] == "clock") {
                    row["value"] = json!(r#"{"mode":"frozen","at":"2100-01-01T00:00:00Z"}"#);
                }
            }),
            "its time is not between 1970 and 2099",
        ),
        (damaged("session", |rows| rows.push(json!(1))), "tables/session.json: invalid type"),
    ] {
        let why = why_not(&other, &parts).await;
        assert!(why.contains(wanted) && why.contains("tables/"), "{wanted}: {why}");
    }
    let mut without = good.clone();
    without.retain(|(name, _)| name != "tables/notice.json");
    assert_eq!(why_not(&other, &without).await, "tables/notice.json is missing");
    let mut newer = good.clone();
    newer[0].1 = br#"{"format":"careplan-testbed state","version":4000}"#.to_vec();
    let why = why_not(&other, &newer).await;
    assert!(why.starts_with("it was written by a newer version of the program (4000;"), "{why}");
    assert_eq!(other.relay.origin().name, "newcomers", "nothing has changed");
    other.relay.load_state(saved(&good).await).await.expect("the good one is taken");
    assert_eq!(other.relay.origin().name, "ready");
}

#[tokio::test]
async fn what_is_unknown_is_left_out_and_told() {
    let (region, mut parts) = busy().await;
    edit(&mut parts, "office", |rows| {
        for row in rows {
            row["colour"] = json!("blue");
        }
    });
    edit(&mut parts, "setting", |rows| {
        for row in rows.iter_mut().filter(|row| row["name"] == "switches") {
            row["value"] = json!(r#"{"fly": true, "certificate-years": 7975, "max-files": 17}"#);
        }
    });
    edit(&mut parts, "due", |rows| {
        rows.push(json!({"id": "x", "at": NOW, "kind": "eclipse", "subject": "sun"}));
    });
    parts.push(("tables/planet.json".to_owned(), b"[{}]".to_vec()));
    let strange = region.relay.load_state(saved(&parts).await).await.expect("loaded");
    assert_eq!(
        strange,
        [
            "tables/due.json: 1 steps of an unknown kind were left out",
            "tables/office.json: colour is unknown and was left out",
            "tables/planet.json is unknown and was left out",
            "certificate-years is a number from 1 to 30, not 7975: it is 30 now",
            "there is no switch fly: it was left out",
        ]
    );
    assert_eq!(region.relay.switches().certificate_years, 30);
    assert_eq!(region.relay.switches().max_files, 17);
    let again = region.relay.save_state().await.expect("saved");
    let again = region.relay.load_state(again).await.expect("loaded");
    assert_eq!(again, [] as [String; 0], "once is enough");
}

#[tokio::test]
async fn blobs_of_the_first_version_are_read() {
    let (region, mut parts) = busy().await;
    let at_blobs = parts.iter().position(|(name, _)| name == "blobs").expect("they are there");
    let (_, all) = parts.remove(at_blobs);
    let mut rest = all.as_slice();
    while let Some((name, after)) = rest.split_at_checked(64) {
        let (length, after) = after.split_at(8);
        let length = u64::from_le_bytes(length.try_into().expect("eight bytes"));
        let (bytes, after) = after.split_at(usize::try_from(length).expect("it fits"));
        let name = String::from_utf8(name.to_vec()).expect("hex");
        assert_eq!(name, sha256(bytes));
        parts.push((format!("blobs/{name}"), bytes.to_vec()));
        rest = after;
    }
    region.relay.load_state(saved(&parts).await).await.expect("loaded");
    let office = region.office(helper()).await;
    let exchange = region.turn().await.exchange();
    let inbox = exchange.inbox(&office.caller, &ListQuery::default()).await.expect("it");
    let exchange = region.turn().await.exchange();
    let claim = exchange.claim(&office.caller, &inbox.items[0].id, None).await.expect("the first");
    let exchange = region.turn().await.exchange();
    exchange.download(&office.caller, &claim.download_token).await.expect("its bytes are there");
    let (name, bytes) = parts.last_mut().expect("a blob");
    bytes.push(b'x');
    let wanted = format!("the blob {} is damaged", &name["blobs/".len()..]);
    assert_eq!(why_not(&region, &parts).await, wanted);
}

#[tokio::test]
async fn a_folder_holds_one_state_whole_whatever_happens() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = StoreLocation::Directory { path: folder.path().to_owned(), full_sync: false };
    let settings = || Settings { clock: Clock::frozen_at(at(NOW)), ..Settings::default() };
    let files = || {
        let mut names: Vec<String> = std::fs::read_dir(folder.path())
            .expect("the folder")
            .map(|entry| entry.expect("a file").file_name().into_string().expect("a name"))
            .filter(|name| name.starts_with("state."))
            .collect();
        names.sort();
        names
    };
    let (from, good) = busy().await;
    let office = from.office(planner()).await;
    let state = from.relay.save_state().await.expect("saved");
    {
        let region = Region::on(&place, settings(), &newcomers(1)).await;
        let mut bad = good.clone();
        edit(&mut bad, "licence", |rows| rows[0]["kj_id"] = json!("KJ470000000000"));
        why_not(&region, &bad).await;
        assert!(files().iter().all(|name| !name.starts_with("state.next")), "{:?}", files());
        region.relay.load_state(state.clone()).await.expect("loaded");
        assert!(files().iter().all(|name| !name.starts_with("state.next")), "{:?}", files());
        // Others go on in the new one: what they write is kept.
        let card = presented(&office.own);
        let caller = region.relay.caller(&office.login.access_token, Some(&card)).expect("known");
        let page = region.turn().await.exchange().outbox(&caller, &ListQuery::default()).await;
        assert_eq!(page.expect("listed").total, 3);
        region.relay.load_state(state).await.expect("and once more");
        region.switch(|switches| switches.max_files = 23).await;
    }
    // What a crash left behind on the way to another state does not count.
    std::fs::write(folder.path().join("state.next.db"), b"half of it").expect("written");
    let region = Region::on(&place, settings(), &ready(9)).await;
    assert!(files().iter().all(|name| !name.starts_with("state.next")), "{:?}", files());
    assert_eq!(region.relay.origin().name, "ready");
    assert_eq!(region.relay.origin().seed, 1, "it was not begun again");
    assert_eq!(region.relay.switches().max_files, 23);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saving_and_loading_stand_in_nobodys_way() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let mut state = region.relay.save_state().await.expect("saved");
    let mut sent = 2;
    for round in 0..3 {
        let (saving, sending) = tokio::join!(region.relay.save_state(), async {
            for number in 0..3 {
                let key = format!("{round}.{number}");
                office.send(&key, "K2", helper()).await.expect("taken meanwhile");
            }
        });
        let () = sending;
        sent += 3;
        state = saving.expect("saved");
        let exchange = region.turn().await.exchange();
        let total = exchange.outbox(&office.caller, &ListQuery::default()).await.expect("it").total;
        assert_eq!(total, sent);
    }
    let (one, two) = tokio::join!(
        region.relay.load_state(state.clone()),
        region.relay.load_state(state.clone()),
    );
    one.expect("loaded");
    two.expect("one after the other");
    let other = region.relay.save_state().await.expect("saved");
    assert_eq!(other.bytes().await.expect("read"), state.bytes().await.expect("read"));
}
