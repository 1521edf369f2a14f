//! Two programs on one terminal folder, killed and started again at any moment, and a line that loses
//! requests and answers: every accepted message once, every fetched message in one place.
//!
//! One run is a small one; `.ci/run kills` makes larger ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use careplan_tests::bed::Bed;
use careplan_tests::unit::{File, files, office_of};
use reqwest::Method;
use serde_json::{Value, json};

use super::together::{held, random_below};
use crate::client::Terminal;

/// What a run does; numbers in the environment ask for more.
struct Size {
    kills: u64,
    drafts: usize,
    bulks: usize,
    arriving: usize,
}

impl Size {
    fn asked_for() -> Self {
        let kills = std::env::var("CAREPLAN_TEST_TERMINAL_KILLS");
        let kills = kills.map_or(10, |text| text.parse().expect("a number"));
        let share = usize::try_from(kills).expect("a small number") / 2;
        Self { kills, drafts: share, bulks: share / 3, arriving: share }
    }
}

/// What the two programs share, beside the folder.
struct Desk {
    terminal: Terminal,
    received: PathBuf,
    drafts: Vec<String>,
    bulks: Vec<String>,
    kills_left: AtomicU64,
    /// Endings that nobody killed.
    endings: Mutex<BTreeMap<i32, u64>>,
}

impl Desk {
    /// What somebody clicks next.
    fn click(&self) -> Vec<&str> {
        let any = |all: &'_ [String]| random_below(all.len() as u64) as usize;
        match random_below(10) {
            0..4 => vec!["drafts", "send", &self.drafts[any(&self.drafts)]],
            4..6 => vec!["bulk", "send", "--retry-failed", &self.bulks[any(&self.bulks)]],
            6..9 => vec!["download", "--all"],
            _ => vec!["outbox"],
        }
    }

    /// Runs one program after the other, and kills most of them.
    fn go_on(&self) {
        while self.kills_left.load(Ordering::SeqCst) > 0 {
            let clicked = self.click();
            let mut command = self.terminal.command(&clicked);
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
            let mut child = command.spawn().unwrap();
            if random_below(4) > 0 {
                std::thread::sleep(Duration::from_millis(random_below(500)));
                if child.try_wait().unwrap().is_none() {
                    child.kill().unwrap();
                    let _ =
                        self.kills_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                            left.checked_sub(1)
                        });
                }
            }
            let output = child.wait_with_output().unwrap();
            if let Some(exit) = output.status.code() {
                // Never "not logged in", a fault of the program, or a refusal.
                let says = |code| String::from_utf8_lossy(&output.stdout).contains(code);
                let expected = match (clicked[0], exit) {
                    (_, 0 | 3) => true,
                    // The other program had sent it.
                    ("drafts", 2) => says("not-found"),
                    // On a slow machine a renewed token ends before it is used. The login does not.
                    (_, 4) => says("token-expired"),
                    // A row whose answer was lost three times.
                    ("bulk", 1) => true,
                    _ => false,
                };
                assert!(expected, "{clicked:?}: {output:?}");
                *held(&self.endings).entry(exit).or_default() += 1;
            }
        }
    }

    /// The texts of what was laid down, each with how often it is there.
    fn laid_down(&self) -> BTreeMap<String, u64> {
        let mut texts = BTreeMap::new();
        for entry in std::fs::read_dir(&self.received).into_iter().flatten() {
            let entry = entry.unwrap();
            // What a killed program had begun is cleared away by who saves the message again.
            assert!(!entry.file_name().to_string_lossy().starts_with('.'), "{entry:?}");
            let manifest = std::fs::read(entry.path().join(MANIFEST)).unwrap();
            *texts.entry(text_of(&manifest)).or_default() += 1;
        }
        texts
    }
}

const MANIFEST: &str = "relay/manifest.json";

fn text_of(manifest: &[u8]) -> String {
    let manifest: Value = serde_json::from_slice(manifest).unwrap();
    manifest["text"].as_str().unwrap_or_default().to_owned()
}

fn write(folder: &Path, files: &[File]) -> PathBuf {
    std::fs::create_dir_all(folder).unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    folder.to_owned()
}

/// The texts of what waits for an office from another, each with how often: fetched over the wire.
async fn arrived(bed: &Bed, at: &str, from: &str) -> BTreeMap<String, u64> {
    let office = bed.office(at).await;
    let mut texts = BTreeMap::new();
    loop {
        let path = format!("/v1/inbox?state=unfetched&from={from}");
        let rows = office.read(bed, &path).await.is(200);
        if rows.items().is_empty() {
            return texts;
        }
        for row in rows.items() {
            let claim = office.claim(bed, row["id"].as_str().unwrap()).await.is(200);
            let path = format!("/v1/downloads/{}", claim.text("download_token"));
            let archive = office.read(bed, &path).await.is(200).bytes;
            let mut zip = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
            let mut manifest = Vec::new();
            std::io::copy(&mut zip.by_name(MANIFEST).unwrap(), &mut manifest).unwrap();
            *texts.entry(text_of(&manifest)).or_default() += 1;
        }
    }
}

fn once_each(name: &str, count: usize) -> BTreeMap<String, u64> {
    (0..count).map(|number| (format!("{name} {number}"), 1)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_programs_on_one_folder_do_everything_once() {
    let size = Size::asked_for();
    let bed = Bed::start(&[]);
    let (own, helper, day_care) = (office_of("43"), office_of("11"), office_of("15"));
    // What was claimed is held for as long as it takes.
    bed.switch(&json!({
        "access-token-minutes": 6, "refresh-token-minutes": 525_600, "download-minutes": 10_080,
    }))
    .await;
    let (_, issued) = bed.issue(own, None).await;
    let work = tempfile::tempdir().unwrap();
    let p12 = work.path().join("office.p12");
    let bytes = base64::prelude::BASE64_STANDARD.decode(issued["p12_base64"].as_str().unwrap());
    std::fs::write(&p12, bytes.unwrap()).unwrap();
    let place = work.path().join("desk");
    let terminal = Terminal::log_in(&bed, &place, own, &p12).await;
    // What the scenario begins with is fetched in peace, by everybody.
    terminal.fetch_all();
    let received = place.join("received");
    if received.exists() {
        std::fs::remove_dir_all(&received).unwrap();
    }
    for office in [helper, day_care] {
        arrived(&bed, office, own).await;
    }

    let export = write(&work.path().join("export"), &files("K2", own, helper));
    let mut drafts = Vec::new();
    for number in 0..size.drafts {
        let text = format!("draft {number}");
        let kept = terminal.run(&["send", export.to_str().unwrap(), "--text", &text, "--draft"]);
        drafts.push(kept["id"].as_str().unwrap_or_else(|| panic!("{kept}")).to_owned());
    }
    // One row goes to each of two offices.
    write(&export, &files("K2", own, day_care));
    let mut bulks = Vec::new();
    for number in 0..size.bulks {
        let text = format!("bulk {number}");
        let kept = terminal.run(&["bulk", "new", export.to_str().unwrap(), "--text", &text]);
        bulks.push(kept["id"].as_str().unwrap_or_else(|| panic!("{kept}")).to_owned());
    }
    let sender = bed.office(helper).await;
    let unit = files("S1", helper, own);
    for number in 0..size.arriving {
        let text = format!("arriving {number}");
        let manifest = careplan_tests::office::manifest(helper, own, Some(&text), &unit);
        let form = sender.message_as(&manifest, &unit);
        let _ = sender.post_form(&bed, &text.replace(' ', "-"), form).await.is(201);
    }

    // Before and after what was asked is done, and in the middle of an archive.
    // Who is killed while an answer is lost must know what was asked.
    for (endpoint, before, after) in [
        ("POST /v1/messages", 0.1, 0.4),
        ("POST /v1/inbox/{id}/claim", 0.1, 0.5),
        ("POST /v1/downloads/{download_token}/confirm", 0.1, 0.2),
        ("POST /v1/token/refresh", 0.1, 0.3),
    ] {
        for (when, rate) in [("before", before), ("after", after)] {
            let order = json!({ "endpoint": endpoint, "kind": "drop", "when": when, "rate": rate });
            let _ = bed.control(Method::POST, "/v1/controls/faults", &order).await.is(201);
        }
    }
    let cut = json!({
        "endpoint": "GET /v1/downloads/{download_token}", "kind": "truncate", "after_bytes": 2000,
        "rate": 0.3,
    });
    let _ = bed.control(Method::POST, "/v1/controls/faults", &cut).await.is(201);

    let desk = Arc::new(Desk {
        terminal,
        received,
        drafts,
        bulks,
        kills_left: AtomicU64::new(size.kills),
        endings: Mutex::default(),
    });
    let programs = [(); 2].map(|()| {
        let desk = Arc::clone(&desk);
        tokio::task::spawn_blocking(move || desk.go_on())
    });
    // A token lives for five seconds, for many programs or for one that asks again and again.
    while programs.iter().any(|program| !program.is_finished()) {
        tokio::time::sleep(Duration::from_secs(1)).await;
        bed.advance_minutes(1).await;
    }
    for program in programs {
        program.await.unwrap();
    }

    // The line is whole again, and nobody is killed: everything comes to its end, in the same login.
    let _ = bed.control(Method::DELETE, "/v1/controls/faults", &json!({})).await.is(204);
    let terminal = &desk.terminal;
    let listed = |command: &[&str]| terminal.run(command)["items"].as_array().unwrap().clone();
    for draft in listed(&["drafts", "list"]) {
        terminal.run(&["drafts", "send", draft["id"].as_str().unwrap()]);
    }
    for bulk in &desk.bulks {
        terminal.run(&["bulk", "send", "--retry-failed", bulk]);
    }
    terminal.fetch_all();
    assert_eq!(listed(&["drafts", "list"]), [] as [Value; 0]);
    assert_eq!(listed(&["download", "--pending"]), [] as [Value; 0]);
    println!("endings {:?}", held(&desk.endings));

    assert_eq!(desk.laid_down(), once_each("arriving", size.arriving));
    let waiting = terminal.run(&["inbox", "--state", "unfetched"]);
    assert_eq!(waiting["total"], 0, "{waiting}");
    let mut expected = once_each("draft", size.drafts);
    expected.append(&mut once_each("bulk", size.bulks));
    assert_eq!(arrived(&bed, helper, own).await, expected);
    assert_eq!(arrived(&bed, day_care, own).await, once_each("bulk", size.bulks));
}
