//! A vendor rehearses sending and receiving: the folder, the server, the client, the verdict.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use careplan_fixtures::region::Party;
use careplan_tests::bed::Bed;
use careplan_tests::program::{Program, find_beside};
use careplan_tests::unit::{File, files_between, office_of};
use serde_json::Value;

use crate::client::Terminal;

const PLANNER: &str = "4779900010";
const HELPER: &str = "4779900036";

/// A rehearsal folder for two offices, made by the program.
fn init(folder: &Path) {
    let made = conformance(&[
        "rehearse",
        "init",
        folder.to_str().unwrap(),
        "--office",
        &format!("{PLANNER}/43"),
        "--office",
        &format!("{HELPER}/11"),
        "--pattern",
        "D2",
        "--pattern",
        "D3",
        "--month",
        "2026-12",
    ]);
    assert_eq!(made.0, Some(0), "{}", made.1);
}

fn conformance(arguments: &[&str]) -> (Option<i32>, String) {
    let program = find_beside("careplan-conformance").unwrap();
    let output = Command::new(program).args(arguments).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

fn serve(folder: &Path, more: &[&str]) -> Bed {
    let folder = folder.to_str().unwrap();
    Bed::of(Program::start_command("rehearse", &[&[folder], more].concat()))
}

fn party(number: &str, kind: &str) -> Party {
    Party::parse(&format!("{number}/{kind}")).unwrap()
}

/// The vendor's terminal of an office, from what the folder and the text give.
async fn terminal(bed: &Bed, folder: &Path, desk: &Path, number: &str) -> Terminal {
    let certificates = std::fs::read_dir(folder.join("relay/certificates")).unwrap();
    let mut certificates = certificates.map(|entry| entry.unwrap().path());
    let p12 = certificates.find(|path| path.to_str().unwrap().contains(&format!("{number}-")));
    Terminal::log_in(bed, &desk.join(number), number, &p12.unwrap()).await
}

fn evidence(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("relay/evidence.jsonl")).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Waits until this holds; a minute is far more than it takes.
fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..600 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{what} does not come");
}

fn put(folder: &Path, item: &str, files: &[File]) {
    let exports: PathBuf = folder.join("exports").join(item);
    std::fs::create_dir_all(&exports).unwrap();
    for (name, bytes) in files {
        std::fs::write(exports.join(name), bytes).unwrap();
    }
}

/// How many messages the kit has: a folder with files is one.
fn kit_messages(folder: &Path) -> usize {
    fn count(at: &Path) -> usize {
        let entries: Vec<PathBuf> =
            std::fs::read_dir(at).unwrap().map(|entry| entry.unwrap().path()).collect();
        let own = usize::from(entries.iter().any(|path| path.is_file()));
        own + entries.iter().filter(|path| path.is_dir()).map(|path| count(path)).sum::<usize>()
    }
    let items = std::fs::read_dir(folder.join("kit")).unwrap();
    let csv = items.map(|item| item.unwrap().path().join("csv")).filter(|csv| csv.is_dir());
    csv.map(|csv| count(&csv)).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_kit_is_fetched_the_exports_are_sent_and_the_judge_sees_both() {
    let place = tempfile::tempdir().unwrap();
    let (folder, desk) = (place.path().join("rehearsal"), place.path().join("desk"));
    init(&folder);
    let own = (party(PLANNER, "43"), party(HELPER, "11"));
    let plan = files_between("K2", own.0, party(office_of("11"), "11")).unwrap();
    let actual = files_between("S1", own.1, party(office_of("43"), "43")).unwrap();
    let more = files_between("K1", own.0, party(office_of("11"), "11")).unwrap();
    put(&folder, "D2-W-01", &plan);
    put(&folder, "D3-W-01", &actual);

    let bed = serve(&folder, &[]);
    let planner = terminal(&bed, &folder, &desk, PLANNER).await;
    let helper = terminal(&bed, &folder, &desk, HELPER).await;
    let wanted = kit_messages(&folder);
    assert!(wanted > 10, "{wanted}");
    let arrived = || planner.list("inbox").len() + helper.list("inbox").len();
    until("the kit", || arrived() == wanted);
    planner.fetch_all();
    let sent = planner.send(&plan);
    // Killed at once: what was acknowledged is written down by the next start, once.
    drop(bed);
    assert!(folder.join("relay/.gitignore").is_file());

    let bed = serve(&folder, &[]);
    let planner = terminal(&bed, &folder, &desk, PLANNER).await;
    let helper = terminal(&bed, &folder, &desk, HELPER).await;
    helper.fetch_all();
    let back = helper.send(&actual);
    until("the evidence", || evidence(&folder).len() == wanted + 2);
    until("the partner", || {
        let rows = [planner.list("outbox"), helper.list("outbox")].concat();
        rows.iter().all(|row| row["downloaded_at"].is_string())
    });
    assert_eq!(planner.list("inbox").len() + helper.list("inbox").len(), wanted, "sent twice");
    drop(bed);
    // A start that finds everything done writes down what is new, and nothing again.
    let bed = serve(&folder, &[]);
    terminal(&bed, &folder, &desk, PLANNER).await.send(&more);
    until("the evidence", || evidence(&folder).len() > wanted + 2);
    assert_eq!(evidence(&folder).len(), wanted + 3);
    drop(bed);

    let lines = evidence(&folder);
    let once: BTreeSet<String> =
        lines.iter().map(|line| format!("{} {}", line["direction"], line["message"])).collect();
    assert_eq!(once.len(), lines.len(), "nothing twice");
    let line = |id: &str| lines.iter().find(|line| line["message"] == id).unwrap();
    for (id, item, office) in [(&sent, "D2-W-01", PLANNER), (&back, "D3-W-01", HELPER)] {
        let line = line(id);
        assert_eq!((&line["item"], &line["office"]), (&item.into(), &office.into()), "{line}");
        assert_eq!(line["direction"], "sent");
        assert!(!line["files"].as_array().unwrap().is_empty());
    }
    assert!(lines.iter().any(|line| line["item"] == "D2-R-01" && line["direction"] == "fetched"));

    // The judge.
    let report = place.path().join("report.json");
    let report_option = format!("json={}", report.display());
    let run =
        conformance(&["rehearse", "run", folder.to_str().unwrap(), "--report", &report_option]);
    let report: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    let states: BTreeMap<&str, &str> = report["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["id"].as_str().unwrap(), item["state"].as_str().unwrap()))
        .collect();
    for item in ["D2-W-80", "D2-R-80", "D3-W-80", "D3-R-80"] {
        assert_eq!(states.get(item), Some(&"passed"), "{item}: {}", run.1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_products_exchange_and_are_only_observed() {
    let place = tempfile::tempdir().unwrap();
    let (folder, desk) = (place.path().join("rehearsal"), place.path().join("desk"));
    init(&folder);
    let bed = serve(&folder, &["--partner", "none"]);
    let planner = terminal(&bed, &folder, &desk, PLANNER).await;
    let helper = terminal(&bed, &folder, &desk, HELPER).await;
    let files = files_between("K2", party(PLANNER, "43"), party(HELPER, "11")).unwrap();
    let sent = planner.send(&files);
    until("what was sent", || evidence(&folder).len() == 1);
    helper.fetch_all();
    until("what was fetched", || evidence(&folder).len() == 2);
    // The script sent nothing.
    let inbox = helper.list("inbox");
    assert_eq!(inbox.len(), 1);
    assert_eq!(inbox[0]["id"], sent.as_str());
    assert!(planner.list("inbox").is_empty());
    let lines = evidence(&folder);
    for (line, direction, office, partner) in
        [(&lines[0], "sent", PLANNER, HELPER), (&lines[1], "fetched", HELPER, PLANNER)]
    {
        assert_eq!(line["direction"], direction);
        assert_eq!((&line["office"], &line["partner"]), (&office.into(), &partner.into()));
        assert_eq!(line["message"], sent.as_str());
        assert_eq!(line["files"].as_array().unwrap().len(), files.len());
        let sha256 = careplan_tests::office::sha256_hex(&files[0].1);
        assert!(line["files"].to_string().contains(&sha256));
    }
}

#[test]
fn a_folder_without_a_plan_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let output = Command::new(careplan_tests::program::find().unwrap())
        .args(["rehearse", place.path().to_str().unwrap(), "--port-base", "0"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("careplan-conformance rehearse init"), "{text}");
}
