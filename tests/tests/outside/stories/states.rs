//! Saved states on their way in: whatever fails, the state of before is whole.

use std::fs;
use std::io::{Cursor, Read, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use careplan_tests::bed::{Answer, Bed};
use careplan_tests::office::Office;
use careplan_tests::program::Program;
use careplan_tests::unit::office_of;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::disk::{EIO, ENOSPC, KILL, Plan, built};

async fn save(bed: &Bed) -> Vec<u8> {
    bed.ask(bed.plain.get(bed.controls("/v1/controls/state"))).await.is(200).bytes
}

async fn load(bed: &Bed, state: &[u8]) -> Answer {
    let put = bed.plain.put(bed.controls("/v1/controls/state")).body(state.to_vec());
    bed.ask(put.header("content-type", "application/zip")).await
}

async fn sent(bed: &Bed, office: &Office) -> u64 {
    office.read(bed, "/v1/outbox").await.is(200).json["total"].as_u64().unwrap()
}

/// What is in a folder that is on its way into the place of the state.
fn leftovers(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    names.filter(|name| name.starts_with("state.next") || name.starts_with(".tmp")).collect()
}

/// The archive with these bytes behind a part of it, which may be a new one.
fn with_more(archive: &[u8], part: &str, more: &[u8], method: CompressionMethod) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut one = from.by_index(index).unwrap();
        let name = one.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        one.read_to_end(&mut bytes).unwrap();
        if name == part {
            bytes.extend_from_slice(more);
        }
        to.start_file(name, SimpleFileOptions::default().compression_method(method)).unwrap();
        to.write_all(&bytes).unwrap();
    }
    if !from.file_names().any(|name| name.unwrap() == part) {
        to.start_file(part, SimpleFileOptions::default()).unwrap();
        to.write_all(more).unwrap();
    }
    to.finish().unwrap().into_inner()
}

/// A blob as an archive holds it.
fn blob(bytes: &[u8]) -> Vec<u8> {
    let mut all = careplan_tests::office::sha256_hex(bytes).into_bytes();
    all.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    all.extend_from_slice(bytes);
    all
}

#[tokio::test]
async fn who_loads_a_state_is_told_what_was_left_out() {
    let bed = Bed::start(&[]);
    let state = save(&bed).await;
    let strange = with_more(&state, "tables/planet.json", b"[{}]", CompressionMethod::Deflated);
    let answer = load(&bed, &strange).await.is(200);
    assert_eq!(
        answer.json,
        serde_json::json!({
            "not_taken_over": ["tables/planet.json is unknown and was left out"]
        })
    );
    let answer = load(&bed, &state).await.is(204);
    assert!(answer.bytes.is_empty(), "{answer:?}");
}

#[tokio::test]
async fn a_state_for_which_there_is_no_room_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = ["--data", folder.path().to_str().unwrap()];
    // No file of it grows beyond this.
    let room = 4 << 20;
    let bed = Bed::of(Program::start_with_small_disk(&data, room));
    let planner = bed.office(office_of("43")).await;
    let state = save(&bed).await;
    let _ = planner.send(&bed, "after", "K2", office_of("11")).await.is(201);
    let before = sent(&bed, &planner).await;
    let large = blob(&vec![0; 4 << 20]);
    for (what, method, detail) in [
        // It comes in whole, and does not fit where it is unpacked to.
        ("unpacked", CompressionMethod::Deflated, "The disk cannot be written."),
        // It does not even come in.
        ("packed", CompressionMethod::Stored, "The disk is full."),
    ] {
        let answer = load(&bed, &with_more(&state, "blobs", &large, method)).await;
        let answer = answer.is(507).refused("not-kept");
        assert_eq!(answer.text("detail_en"), detail, "{what}");
        assert!(answer.text("hint").contains("空き"), "{what}: {answer:?}");
        assert_eq!(sent(&bed, &planner).await, before, "{what}");
        assert_eq!(leftovers(folder.path()), [] as [String; 0], "{what}");
        let _ = bed.ask(bed.plain.get(bed.controls("/readyz"))).await.is(200);
    }
    // On the other side of the bound it is taken in.
    let small = blob(&vec![0; 1 << 20]);
    let fits = with_more(&state, "blobs", &small, CompressionMethod::Stored);
    let _ = load(&bed, &fits).await.is(204);
    assert_eq!(sent(&bed, &planner).await, before - 1);
}

/// More calls than loading a small state makes.
const MANY: i32 = 1 << 20;

/// A server that goes on in a folder until a plan says otherwise.
fn start_with_plan(work: &Path, folder: &Path, library: &Path) -> Bed {
    let (plan, scratch) = (work.join("plan"), work.join("scratch"));
    fs::create_dir_all(&scratch).unwrap();
    let data = ["--data", folder.to_str().unwrap(), "--full-sync"];
    let variables =
        [("FAULT_FOLDER", work), ("FAULT_PLAN", plan.as_path()), ("TMPDIR", scratch.as_path())];
    Bed::of(Program::start_with_library(&data, library, &variables))
}

/// How many calls go well first: fewer and fewer of the many that fill the new state, and each of
/// those at the end, where one takes the place of the other.
fn moments(calls: i32) -> Vec<i32> {
    let each_from = (calls - 40).max(0);
    let mut moments: Vec<i32> = (each_from..calls).collect();
    let mut well = 0;
    while well < each_from {
        moments.push(well);
        well += 1 + well / 8;
    }
    moments
}

#[tokio::test]
#[ignore = "needs cc"]
async fn whichever_call_fails_a_state_is_loaded_whole_or_not_at_all() {
    let work = tempfile::tempdir().unwrap();
    let library = built(work.path());
    let plan = Plan::new(&work.path().join("plan"));
    let folder = work.path().join("data");
    let bed = start_with_plan(work.path(), &folder, &library);
    let planner = bed.office(office_of("43")).await;
    let state = save(&bed).await;
    let without = sent(&bed, &planner).await;
    let mut there = without;
    plan.arm(MANY, 1, EIO);
    let _ = load(&bed, &state).await.is(204);
    let calls = MANY - plan.left();
    let (mut refused, mut uncertain, mut looked) = (0, 0, 0);
    for (number, well) in moments(calls).into_iter().enumerate() {
        if there == without {
            let key = format!("after-{number}");
            let _ = planner.send(&bed, &key, "K2", office_of("11")).await.is(201);
            there += 1;
        }
        // A disk fails for a moment; one that is full stays so.
        let (error, times) = if number % 2 == 0 { (EIO, 1) } else { (ENOSPC, MANY) };
        let failed = plan.failed();
        plan.arm(well, times, error);
        let begun = Instant::now();
        let answer = load(&bed, &state).await;
        plan.disarm();
        // Nobody waits for a disk that does not get better.
        assert!(begun.elapsed() < Duration::from_secs(20), "call {well}: {:?}", begun.elapsed());
        let failed = u32::from(plan.failed() > failed);
        match answer.status {
            // It is in its place; what failed was a look at it, and the next one is as good.
            204 => {
                looked += failed;
                there = without;
            }
            // It is in its place, but a loss of power might undo that.
            200 => {
                let told = answer.json["not_taken_over"][0].as_str().unwrap();
                assert!(told.contains("could not be flushed to the disk"), "{told}");
                uncertain += 1;
                there = without;
            }
            _ => {
                let answer = answer.is(507).refused("not-kept");
                let detail = answer.text("detail_en");
                let is_full = error == ENOSPC && detail == "The disk is full.";
                assert!(is_full || detail == "The disk cannot be written.", "{well}: {detail}");
                refused += 1;
            }
        }
        assert_eq!(sent(&bed, &planner).await, there, "call {well}");
        assert_eq!(leftovers(&folder), [] as [String; 0], "call {well}");
        assert_eq!(fs::read_dir(work.path().join("scratch")).unwrap().count(), 0, "call {well}");
        let _ = bed.ask(bed.plain.get(bed.controls("/readyz"))).await.is(200);
    }
    println!(
        "calls {calls}, loads refused {refused}, with a warning {uncertain}, after it {looked}"
    );
    assert!(refused > 20 && uncertain > 0, "{refused} {uncertain}");
}

#[tokio::test]
#[ignore = "needs cc"]
async fn a_server_killed_before_any_call_of_a_load_has_one_of_the_two_states() {
    let work = tempfile::tempdir().unwrap();
    let library = built(work.path());
    let plan = Plan::new(&work.path().join("plan"));
    // The one that comes: another authority, other accounts, other switches.
    let new = {
        let bed = Bed::start(&["--scenario", "missed-download"]);
        bed.switch(&serde_json::json!({ "lock-minutes": 7 })).await;
        freeze(&bed).await;
        save(&bed).await
    };
    // The one that is there, as a killed server has left it.
    let template = work.path().join("template");
    let old = {
        let bed = Bed::start(&["--data", template.to_str().unwrap()]);
        let planner = bed.office(office_of("43")).await;
        let _ = planner.send(&bed, "before", "K2", office_of("11")).await.is(201);
        freeze(&bed).await;
        save(&bed).await
    };
    assert_ne!(old, new);
    let mut calls = None;
    let (mut kept, mut taken) = (0, 0);
    let mut todo = vec![MANY];
    while let Some(well) = todo.pop() {
        let folder = work.path().join(format!("data-{well}"));
        fs::create_dir(&folder).unwrap();
        for entry in fs::read_dir(&template).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
        }
        let mut bed = start_with_plan(work.path(), &folder, &library);
        plan.arm(well, 1, KILL);
        let put = bed.plain.put(bed.controls("/v1/controls/state")).body(new.clone());
        let answer = put.header("content-type", "application/zip").send().await;
        let killed = plan.failed() > 0;
        plan.disarm();
        let acknowledged = answer.is_ok_and(|answer| answer.status() == 204);
        assert!(killed || acknowledged, "call {well}");
        if calls.is_none() {
            let all = MANY - plan.left();
            calls = Some(all);
            todo.extend(moments(all));
        }
        bed.program.kill();
        let again = Bed::start(&["--data", folder.to_str().unwrap()]);
        let _ = again.ask(again.plain.get(again.controls("/readyz"))).await.is(200);
        assert_eq!(leftovers(&folder), [] as [String; 0], "call {well}");
        let there = save(&again).await;
        assert!(there == old || there == new, "call {well}: it is neither of the two");
        assert!(!acknowledged || there == new, "call {well}: what was acknowledged is lost");
        if there == new {
            taken += 1;
        } else {
            kept += 1;
        }
        fs::remove_dir_all(&folder).unwrap();
        plan.reset();
    }
    println!("calls {calls:?}: the old state {kept} times, the new one {taken} times");
    assert!(kept > 20 && taken > 1, "{kept} {taken}");
}

async fn freeze(bed: &Bed) {
    let order = serde_json::json!({ "frozen": true });
    let _ = bed.control(reqwest::Method::POST, "/v1/controls/clock", &order).await.is(200);
}

#[tokio::test]
#[ignore = "needs cc"]
async fn a_clock_whose_move_is_not_kept_is_where_it_was() {
    let work = tempfile::tempdir().unwrap();
    let library = built(work.path());
    let plan = Plan::new(&work.path().join("plan"));
    let folder = work.path().join("data");
    let bed = start_with_plan(work.path(), &folder, &library);
    freeze(&bed).await;
    let clock = async |bed: &Bed| {
        let clock = bed.ask(bed.plain.get(bed.controls("/v1/controls/clock"))).await.is(200);
        (clock.json["now"].clone(), clock.json["frozen"].clone())
    };
    let before = clock(&bed).await;
    // A minute, in which nothing falls due, and years, in which licences do.
    for seconds in [60, 3 * 366 * 86_400] {
        let order = serde_json::json!({ "advance_seconds": seconds });
        plan.arm(0, MANY, ENOSPC);
        let moved = bed.control(reqwest::Method::POST, "/v1/controls/clock", &order).await;
        plan.disarm();
        let _ = moved.is(507).refused("not-kept");
        assert_eq!(clock(&bed).await, before, "{seconds}");
    }
    drop(bed);
    let bed = Bed::start(&["--data", folder.to_str().unwrap()]);
    assert_eq!(clock(&bed).await, before);
    let order = serde_json::json!({ "advance_seconds": 60 });
    let moved = bed.control(reqwest::Method::POST, "/v1/controls/clock", &order).await.is(200);
    assert_ne!(moved.json["now"], before.0);
    assert_eq!(clock(&bed).await.0, moved.json["now"]);
}
