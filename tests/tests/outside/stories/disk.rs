//! A disk that fails at any moment, and a server that goes on: what it acknowledged is kept, what it
//! did not acknowledge is not, and nobody has to start it again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use careplan_certs::Installed;
use careplan_tests::bed::Bed;
use careplan_tests::office::{Office, sha256_hex};
use careplan_tests::program::Program;
use careplan_tests::unit::{files, office_of};
use serde_json::json;
use tokio::sync::Mutex;

/// So many requests are made; a number in the environment asks for more.
const REQUESTS: &str = "CAREPLAN_TEST_DISK_REQUESTS";

pub(super) const ENOSPC: i32 = 28;
pub(super) const EIO: i32 = 5;
const EFBIG: i32 = 27;
/// The process is killed instead.
pub(super) const KILL: i32 = -1;

/// What is to fail next, as `failing_disk.c` reads it.
pub(super) struct Plan(File);

impl Plan {
    pub(super) fn new(path: &Path) -> Self {
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(true).open(path).unwrap();
        file.set_len(16).unwrap();
        Self(file)
    }

    fn set(&self, at: u64, number: i32) {
        self.0.write_all_at(&number.to_ne_bytes(), 4 * at).unwrap();
    }

    /// After so many calls that go well, so many fail.
    pub(super) fn arm(&self, well: i32, fail: i32, error: i32) {
        self.set(1, 0);
        self.set(2, error);
        self.set(0, well);
        self.set(1, fail);
    }

    pub(super) fn disarm(&self) {
        self.set(1, 0);
    }

    /// Nothing has failed yet.
    pub(super) fn reset(&self) {
        self.set(3, 0);
    }

    /// How many calls would have gone well still.
    pub(super) fn left(&self) -> i32 {
        self.get(0)
    }

    pub(super) fn failed(&self) -> i32 {
        self.get(3)
    }

    fn get(&self, at: u64) -> i32 {
        let mut bytes = [0; 4];
        self.0.read_exact_at(&mut bytes, 4 * at).unwrap();
        i32::from_ne_bytes(bytes)
    }
}

/// Numbers that are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

pub(super) fn built(folder: &Path) -> std::path::PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outside/stories/failing_disk.c");
    let library = folder.join("failing_disk.so");
    let mut cc = Command::new("cc");
    cc.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).arg("-ldl");
    assert!(cc.status().expect("cc").success());
    library
}

/// What was acknowledged, and what was not.
#[derive(Default)]
struct Ledger {
    /// Key to identifier.
    sent: BTreeMap<String, String>,
    /// Keys that were answered with a failure.
    unsent: BTreeSet<String>,
    /// To be claimed.
    waiting: Vec<String>,
    claimed: BTreeSet<String>,
    unclaimed: BTreeSet<String>,
    /// With their serial numbers.
    revoked: Vec<(String, Installed)>,
    unrevoked: u64,
    switched: Option<u64>,
    twice: u64,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs cc"]
async fn whatever_call_fails_what_was_acknowledged_is_kept() {
    let wanted: u64 = std::env::var(REQUESTS).map_or(600, |text| text.parse().unwrap());
    let work = tempfile::tempdir().unwrap();
    let library = built(work.path());
    let plan_path = work.path().join("plan");
    let plan = Plan::new(&plan_path);
    let folder = work.path().join("data");
    // Every commit waits for the disk, so that waiting can fail too.
    let data = ["--data", folder.to_str().unwrap(), "--full-sync"];
    let variables = [("FAULT_FOLDER", folder.as_path()), ("FAULT_PLAN", plan_path.as_path())];
    let bed = Arc::new(Bed::of(Program::start_with_library(&data, &library, &variables)));
    let planner = bed.office(office_of("43")).await;
    let helper = bed.office(office_of("11")).await;
    let ledger = Arc::new(Mutex::new(Ledger::default()));
    let made = Arc::new(AtomicU64::new(0));

    let mut tasks = Vec::new();
    for worker in 0..4_u64 {
        let (bed, ledger, made) = (Arc::clone(&bed), Arc::clone(&ledger), Arc::clone(&made));
        let (planner, helper) = (planner.clone(), helper.clone());
        tasks.push(tokio::spawn(async move {
            let mut numbers = Numbers(worker + 1);
            for number in 0.. {
                if made.fetch_add(1, Ordering::SeqCst) >= wanted {
                    break;
                }
                match numbers.below(20) {
                    0 => revoke(&bed, &ledger).await,
                    1 => switch(&bed, &ledger).await,
                    2..=9 => claim(&bed, &helper, &ledger).await,
                    _ => {
                        let key = format!("disk-{worker}-{number}");
                        send(&bed, &planner, key, &ledger).await;
                    }
                }
            }
        }));
    }
    // Something fails again and again, in the middle of whatever is going on.
    let mut numbers = Numbers(99);
    while tasks.iter().any(|task| !task.is_finished()) {
        let error = [ENOSPC, EIO, EFBIG][numbers.below(3) as usize];
        let fail = if numbers.below(10) == 0 { 200 } else { 1 + numbers.below(6) };
        plan.arm(numbers.below(60) as i32, fail as i32, error);
        tokio::time::sleep(std::time::Duration::from_millis(20 + numbers.below(100))).await;
        plan.disarm();
        tokio::time::sleep(std::time::Duration::from_millis(numbers.below(60))).await;
    }
    for task in tasks {
        task.await.unwrap();
    }
    plan.disarm();
    // There is room again: everything works, with the same server.
    let _ = bed.ask(bed.plain.get(bed.controls("/readyz"))).await.is(200);
    let mut ledger = std::mem::take(&mut *ledger.lock().await);
    let last = planner.send(&bed, "room-again", "K2", &helper.number).await.is(201);
    ledger.sent.insert("room-again".to_owned(), last.text("id").to_owned());
    let running = kept(&bed, &planner, &helper, &ledger).await;
    let failed = plan.failed();
    drop(bed);

    let bed = Bed::start(&data);
    let planner = Office { client: bed.client(Some(&planner.installed)), ..planner };
    let helper = Office { client: bed.client(Some(&helper.installed)), ..helper };
    let restarted = kept(&bed, &planner, &helper, &ledger).await;
    println!("calls that failed             {failed:>8}");
    println!("requests                      {:>8}", made.load(Ordering::SeqCst).min(wanted));
    println!("sends     acknowledged        {:>8}", ledger.sent.len());
    println!("          failed              {:>8}", ledger.unsent.len());
    println!("claims    acknowledged        {:>8}", ledger.claimed.len());
    println!("          failed              {:>8}", ledger.unclaimed.len());
    println!("revoked   acknowledged        {:>8}", ledger.revoked.len());
    println!("          failed              {:>8}", ledger.unrevoked);
    for (when, kept) in [("while it runs", &running), ("after a restart", &restarted)] {
        println!(
            "{when}: lost {}, twice {}, revoked and valid {}",
            kept.lost, kept.twice, kept.valid
        );
        println!("{when}: not acknowledged and kept all the same {}", kept.unasked);
    }
    for kept in [running, restarted] {
        assert_eq!((kept.lost, kept.twice, kept.valid), (0, 0, 0));
    }
    assert_eq!(ledger.twice, 0, "a message was fetched twice");
    assert!(failed > 0 && !ledger.unsent.is_empty(), "nothing failed");
}

/// What there is, against what was acknowledged.
#[derive(Debug, Default)]
struct Kept {
    lost: u64,
    twice: u64,
    valid: u64,
    unasked: u64,
}

async fn kept(bed: &Bed, planner: &Office, helper: &Office, ledger: &Ledger) -> Kept {
    let mut kept = Kept::default();
    let mut there = BTreeMap::new();
    for page in 1.. {
        let rows = helper.read(bed, &format!("/v1/inbox?per_page=100&page={page}")).await.is(200);
        if rows.items().is_empty() {
            break;
        }
        for row in rows.items() {
            let id = row["id"].as_str().unwrap().to_owned();
            let fetched = !row["fetched_at"].is_null();
            kept.twice += u64::from(there.insert(id, fetched).is_some());
        }
    }
    for id in ledger.sent.values() {
        kept.lost += u64::from(!there.contains_key(id));
    }
    for id in &ledger.claimed {
        // Whoever asks again is told that it was fetched.
        let again = helper.claim(bed, id).await;
        kept.twice += u64::from(again.status != 410);
    }
    for id in &ledger.unclaimed {
        let fetched = !ledger.claimed.contains(id) && there.get(id) == Some(&true);
        kept.unasked += u64::from(fetched);
    }
    // A send that failed is new when it comes again.
    for key in ledger.unsent.iter().take(20) {
        let known = planner.read(bed, &format!("/v1/outbox?query={key}")).await.is(200);
        kept.unasked += known.json["total"].as_u64().unwrap();
    }
    // All of them as they are kept, some of them at the door.
    let accounts = bed.ask(bed.plain.get(bed.controls("/v1/controls/accounts"))).await.is(200);
    let account = accounts.items().iter().find(|row| row["office"] == office_of("11")).unwrap();
    let certificates = account["certificates"].as_array().unwrap();
    for (serial, _) in &ledger.revoked {
        let found = certificates.iter().find(|row| row["serial"] == **serial).unwrap();
        kept.valid += u64::from(found["state"] != "revoked");
    }
    for (_, revoked) in ledger.revoked.iter().rev().take(20) {
        let login = bed.log_in(&bed.client(Some(revoked)), office_of("11")).await;
        kept.valid += u64::from(login.status != 403);
    }
    if let Some(value) = ledger.switched {
        let switches = bed.ask(bed.plain.get(bed.controls("/v1/controls/switches"))).await.is(200);
        let row = switches.items().iter().find(|row| row["key"] == "lock-minutes").unwrap();
        let now: u64 = row["value"].as_str().unwrap().parse().unwrap();
        kept.lost += u64::from(now < value);
    }
    kept
}

fn is_failure(status: u16) -> bool {
    matches!(status, 500 | 507)
}

async fn send(bed: &Bed, planner: &Office, key: String, ledger: &Mutex<Ledger>) {
    let to = office_of("11");
    let unit = files("K2", &planner.number, to);
    let answer = planner.post_form(bed, &key, planner.message(to, &unit)).await;
    let mut ledger = ledger.lock().await;
    if is_failure(answer.status) {
        ledger.unsent.insert(key);
        return;
    }
    let answer = answer.is(201);
    let id = answer.text("id").to_owned();
    ledger.waiting.push(id.clone());
    ledger.sent.insert(key, id);
}

async fn claim(bed: &Bed, helper: &Office, ledger: &Mutex<Ledger>) {
    let Some(id) = ledger.lock().await.waiting.pop() else { return };
    let claim = helper.claim(bed, &id).await;
    if is_failure(claim.status) {
        let mut ledger = ledger.lock().await;
        // It is there for the next try.
        ledger.unclaimed.insert(id.clone());
        ledger.waiting.insert(0, id);
        return;
    }
    let claim = claim.is(200);
    let path = format!("/v1/downloads/{}", claim.text("download_token"));
    let archive = helper.read(bed, &path).await.is(200);
    assert_eq!(sha256_hex(&archive.bytes), claim.text("sha256"));
    let mut ledger = ledger.lock().await;
    ledger.twice += u64::from(!ledger.claimed.insert(id));
}

async fn revoke(bed: &Bed, ledger: &Mutex<Ledger>) {
    let order = json!({ "office": office_of("11"), "password": "Install01" });
    let issued = bed.control(reqwest::Method::POST, "/v1/controls/certificates", &order).await;
    if is_failure(issued.status) {
        return;
    }
    let issued = issued.is(201);
    use base64::Engine as _;
    let p12 = base64::prelude::BASE64_STANDARD.decode(issued.text("p12_base64")).unwrap();
    let installed = careplan_certs::package::open(&p12, "Install01").unwrap();
    let path = format!("/v1/controls/certificates/{}/revoke", issued.text("serial"));
    let revoked = bed.control(reqwest::Method::POST, &path, &json!({})).await;
    let mut ledger = ledger.lock().await;
    match revoked.status {
        204 => ledger.revoked.push((issued.text("serial").to_owned(), installed)),
        status => {
            assert!(is_failure(status), "{revoked:?}");
            ledger.unrevoked += 1;
        }
    }
}

async fn switch(bed: &Bed, ledger: &Mutex<Ledger>) {
    // One at a time, and always more: what is kept last is not less than what was acknowledged last.
    let mut ledger = ledger.lock().await;
    let value = ledger.switched.map_or(10, |value| value + 1);
    let order = json!({ "lock-minutes": value });
    let answer = bed.control(reqwest::Method::PATCH, "/v1/controls/switches", &order).await;
    if answer.status == 200 {
        ledger.switched = Some(value);
    } else {
        assert!(is_failure(answer.status), "{answer:?}");
    }
}
