//! Server and clients killed at random moments, again and again: nothing is lost, nothing is there or
//! fetched twice, and nothing is fetched that nobody holds.
//!
//! One run is a small one. `.ci/run kills` makes many larger ones, adds their counts up in
//! `CAREPLAN_TEST_KILL_COUNTS`, and can be stopped and started again between them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use careplan_tests::bed::{Answer, Bed};
use careplan_tests::office::{Office, form, manifest, sha256_hex};
use careplan_tests::unit::{File as Sent, files, office_of};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};

use crate::client::Terminal;

/// How much a run does; numbers in the environment ask for more.
struct Size {
    server_kills: u64,
    client_kills: u64,
    sends: u64,
    claims: u64,
}

impl Size {
    fn asked_for() -> Self {
        let number = |name: &str, otherwise| {
            std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
        };
        Self {
            server_kills: number("CAREPLAN_TEST_SERVER_KILLS", 4),
            client_kills: number("CAREPLAN_TEST_CLIENT_KILLS", 4),
            sends: number("CAREPLAN_TEST_KILL_SENDS", 80),
            claims: number("CAREPLAN_TEST_KILL_CLAIMS", 40),
        }
    }
}

/// Numbers that differ from run to run: every run finds other moments.
pub(super) fn random_below(limit: u64) -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one(limit) % limit
}

pub(super) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One address for a server that is somewhere else after every start.
struct Forwarder {
    url: String,
    target: Arc<Mutex<SocketAddr>>,
}

fn relay_of(bed: &Bed) -> SocketAddr {
    bed.program.printed("relay").trim_start_matches("https://").parse().unwrap()
}

impl Forwarder {
    async fn to(bed: &Bed) -> Self {
        let target = Arc::new(Mutex::new(relay_of(bed)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let aim = Arc::clone(&target);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let at = *held(&aim);
                tokio::spawn(async move {
                    if let Ok(mut far) = TcpStream::connect(at).await {
                        // Whoever is cut off asks again.
                        let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                    }
                });
            }
        });
        Self { url, target }
    }
}

/// What everybody knows.
#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    sent: AtomicU64,
    claimed: AtomicU64,
    repeated: AtomicU64,
    /// Messages for the raw receivers.
    waiting: Mutex<VecDeque<String>>,
}

/// Asks until there is a whole answer that is not about a server on its way down.
async fn until_answered(make: impl Fn() -> reqwest::RequestBuilder) -> (Answer, u64) {
    for attempt in 1..2_000 {
        if let Ok(response) = make().send().await
            && let Ok(answer) = Answer::read(response).await
        {
            return (answer, attempt);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the server does not come back");
}

/// Sends until it is told to stop; what was acknowledged, by key.
async fn send_on(
    name: u64,
    office: Office,
    url: String,
    share_of_client: bool,
    shared: Arc<Shared>,
) -> BTreeMap<String, String> {
    let to = office_of(if share_of_client { "15" } else { "11" });
    let unit: Vec<Sent> = files(if share_of_client { "K1" } else { "K2" }, &office.number, to);
    let signed = |text: &str| {
        let bytes = manifest(&office.number, to, Some(text), &unit).to_string().into_bytes();
        let signature = office.sign(&bytes);
        (bytes, signature)
    };
    // Signing costs the driver more than the server: the same text is signed once.
    let always = signed("よろしくお願いします。");
    let mut sent = BTreeMap::new();
    for number in 0.. {
        if shared.stop.load(Ordering::SeqCst) {
            break;
        }
        let key = format!("together-{name}.{number}");
        let (bytes, signature) = if share_of_client { signed(&key) } else { always.clone() };
        let (answer, attempts) = until_answered(|| {
            office
                .post(format!("{url}/v1/messages"))
                .header("idempotency-key", &key)
                .multipart(form(bytes.clone(), Some(signature.clone()), &unit))
        })
        .await;
        let again = answer.status == 200 && attempts > 1;
        assert!(answer.status == 201 || again, "{attempts} attempts: {answer:?}");
        shared.repeated.fetch_add(u64::from(again), Ordering::SeqCst);
        let id = answer.text("id").to_owned();
        if !share_of_client {
            held(&shared.waiting).push_back(id.clone());
        }
        sent.insert(key, id);
        shared.sent.fetch_add(1, Ordering::SeqCst);
        if share_of_client {
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }
    sent
}

/// A claim that was answered: its key, and what the answer was.
struct Won {
    key: String,
    token: String,
}

/// Claims what others sent until there is nothing left; what it holds.
async fn claim_on(
    name: u64,
    office: Office,
    url: String,
    kept: Arc<File>,
    shared: Arc<Shared>,
) -> (BTreeMap<String, Won>, BTreeSet<String>) {
    let (mut won, mut lost) = (BTreeMap::new(), BTreeSet::new());
    loop {
        let next = {
            let mut waiting = held(&shared.waiting);
            // Some stay for the other receiver too: both claim them.
            let next = waiting.pop_front();
            if let Some(id) = &next
                && name == 0
                && random_below(10) == 0
            {
                waiting.push_front(id.clone());
            }
            next
        };
        let Some(id) = next else {
            if shared.stop.load(Ordering::SeqCst) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        };
        if won.contains_key(&id) {
            continue;
        }
        // The key is kept before it is used, as a client does.
        let key = format!("{name}.{:016x}{:016x}", random_below(u64::MAX), random_below(u64::MAX));
        writeln!(&*kept, "{id} {key}").unwrap();
        let (claim, attempts) = until_answered(|| {
            office.post(format!("{url}/v1/inbox/{id}/claim")).header("idempotency-key", &key)
        })
        .await;
        if claim.status != 200 {
            let _ = claim.is(410).refused("already-fetched");
            lost.insert(id);
            continue;
        }
        shared.repeated.fetch_add(u64::from(attempts > 1), Ordering::SeqCst);
        let token = claim.text("download_token").to_owned();
        let path = format!("{url}/v1/downloads/{token}");
        let (archive, _) = until_answered(|| office.get(path.clone())).await;
        let sha256 = claim.text("sha256").to_owned();
        assert_eq!(sha256_hex(&archive.is(200).bytes), sha256);
        let confirm = || office.post(format!("{path}/confirm")).json(&json!({ "sha256": sha256 }));
        let (confirmed, _) = until_answered(confirm).await;
        let _ = confirmed.is(204);
        assert!(won.insert(id, Won { key, token }).is_none());
        shared.claimed.fetch_add(1, Ordering::SeqCst);
    }
    (won, lost)
}

/// Lets the client fetch what there is, and kills it at a random moment; how often it was killed.
async fn kill_clients(terminal: Arc<Terminal>, kills: u64, shared: Arc<Shared>) -> u64 {
    let mut killed = 0;
    while killed < kills || !shared.stop.load(Ordering::SeqCst) {
        let mut child = terminal.start(&["download", "--all"]);
        tokio::time::sleep(Duration::from_millis(random_below(600))).await;
        if killed < kills && child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap();
    }
    killed
}

/// Everything an office received: identifier, and whether it was fetched.
async fn inbox(bed: &Bed, office: &Office) -> Vec<(String, bool)> {
    let mut all = Vec::new();
    for page in 1.. {
        let path = format!("/v1/inbox?per_page=100&page={page}");
        let rows = office.read(bed, &path).await.is(200);
        if rows.items().is_empty() {
            return all;
        }
        let row = |row: &serde_json::Value| {
            (row["id"].as_str().unwrap().to_owned(), !row["fetched_at"].is_null())
        };
        all.extend(rows.items().iter().map(row));
    }
    unreachable!("pages end")
}

/// The texts of what the client laid down, one a message.
fn received(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let entry = entry.unwrap();
        // A folder has its name when it is whole. Before, it is called this; a client killed then
        // leaves it, and saves the message anew.
        if entry.file_name().to_string_lossy().starts_with(".receiving-") {
            continue;
        }
        let manifest = entry.path().join("relay/manifest.json");
        let manifest: serde_json::Value =
            serde_json::from_slice(&std::fs::read(manifest).unwrap()).unwrap();
        texts.push(manifest["text"].as_str().unwrap_or_default().to_owned());
    }
    texts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_together_they_lose_nothing() {
    let size = Size::asked_for();
    let work = tempfile::tempdir().unwrap();
    let folder = work.path().join("data");
    let data = ["--data", folder.to_str().unwrap()];
    let mut bed = Bed::start(&data);
    let planner = bed.office(office_of("43")).await;
    let helper = bed.office(office_of("11")).await;
    let before = inbox(&bed, &helper).await.len();
    let forwarder = Forwarder::to(&bed).await;
    let (_, issued) = bed.issue(office_of("15"), None).await;
    let p12 = work.path().join("office.p12");
    let bytes = base64::prelude::BASE64_STANDARD.decode(issued["p12_base64"].as_str().unwrap());
    std::fs::write(&p12, bytes.unwrap()).unwrap();
    let desk = work.path().join("desk");
    let at = forwarder.url.clone();
    let terminal = Terminal::log_in_at(&bed, at, &desk, office_of("15"), &p12).await;
    // What the scenario begins with is fetched in peace.
    terminal.fetch_all();
    let before_client = received(&desk.join("received")).len();
    let terminal = Arc::new(terminal);

    let shared = Arc::new(Shared::default());
    let url = || forwarder.url.clone();
    let mut senders = Vec::new();
    for name in 0..4 {
        let own = send_on(name, planner.clone(), url(), name == 3, Arc::clone(&shared));
        senders.push(tokio::spawn(own));
    }
    let keys = work.path().join("keys");
    let mut options = OpenOptions::new();
    let keys = Arc::new(options.append(true).create(true).open(keys).unwrap());
    let mut receivers = Vec::new();
    for name in 0..2 {
        let own = claim_on(name, helper.clone(), url(), Arc::clone(&keys), Arc::clone(&shared));
        receivers.push(tokio::spawn(own));
    }
    let clients =
        tokio::spawn(kill_clients(Arc::clone(&terminal), size.client_kills, Arc::clone(&shared)));

    let mut kills = 0;
    loop {
        let (sent, claimed) =
            (shared.sent.load(Ordering::SeqCst), shared.claimed.load(Ordering::SeqCst));
        let failed = senders.iter().any(|sender| sender.is_finished())
            || receivers.iter().any(|receiver| receiver.is_finished());
        let enough = sent >= size.sends && claimed >= size.claims && kills >= size.server_kills;
        if failed || enough {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20 + random_below(400))).await;
        if kills < size.server_kills {
            bed.program.kill();
            kills += 1;
            bed = Bed::start(&data);
            *held(&forwarder.target) = relay_of(&bed);
        }
    }
    shared.stop.store(true, Ordering::SeqCst);
    let mut sent = BTreeMap::new();
    let mut for_client = BTreeSet::new();
    for (name, sender) in senders.into_iter().enumerate() {
        let own = sender.await.unwrap();
        match name {
            3 => for_client.extend(own.into_keys()),
            _ => sent.extend(own),
        }
    }
    let mut won = BTreeMap::new();
    let mut turned_down = BTreeSet::new();
    let mut twice = 0;
    for receiver in receivers {
        let (own, lost) = receiver.await.unwrap();
        turned_down.extend(lost);
        for (id, claim) in own {
            twice += u64::from(won.insert(id, claim).is_some());
        }
    }
    let client_kills = clients.await.unwrap();
    // Nobody is killed any more: the client fetches what is left, and goes on with what it began.
    terminal.fetch_all();

    // The server starts once more on what is there.
    bed.program.kill();
    let bed = Bed::start(&data);
    let helper = Office { client: bed.client(Some(&helper.installed)), ..helper };
    let there = inbox(&bed, &helper).await;
    let ids: BTreeSet<_> = there.iter().map(|(id, _)| id).collect();
    twice += (there.len() - ids.len()) as u64;
    twice += (there.len() - before).saturating_sub(sent.len()) as u64;
    let mut lost = sent.values().filter(|id| !ids.contains(id)).count();
    let mine: BTreeSet<_> = sent.values().collect();
    let unheld =
        there.iter().filter(|(id, fetched)| *fetched && mine.contains(id) && !won.contains_key(id));
    let mut unheld = unheld.count();
    unheld += turned_down.iter().filter(|id| !won.contains_key(*id)).count();
    // Who holds a message gets the same answer under its key.
    for (id, claim) in won.iter().take(200) {
        let again = helper.post(bed.relay(&format!("/v1/inbox/{id}/claim")));
        let again = bed.ask(again.header("idempotency-key", &claim.key)).await.is(200);
        assert_eq!(again.text("download_token"), claim.token);
    }
    let laid_down = received(&desk.join("received"));
    twice += (laid_down.len() - before_client).saturating_sub(for_client.len()) as u64;
    lost += for_client.iter().filter(|key| !laid_down.contains(key)).count();
    let counts = [
        ("kills of the server", kills),
        ("kills of the client", client_kills),
        ("sends", (sent.len() + for_client.len()) as u64),
        ("claims", (won.len() + for_client.len()) as u64),
        ("answers that came to a repetition", shared.repeated.load(Ordering::SeqCst)),
        ("lost", lost as u64),
        ("twice", twice),
        ("fetched without a holder", unheld as u64),
    ];
    for (what, count) in counts {
        println!("{what:<34} {count:>8}");
    }
    assert_eq!((lost, twice, unheld), (0, 0, 0));
    if let Some(path) = std::env::var_os("CAREPLAN_TEST_KILL_COUNTS") {
        let line = counts.map(|(_, count)| count.to_string()).join("\t");
        let mut all = OpenOptions::new().append(true).create(true).open(path).unwrap();
        writeln!(all, "{line}").unwrap();
    }
}

impl Terminal {
    /// Starts the program, whose end is nobody's business yet.
    fn start(&self, arguments: &[&str]) -> std::process::Child {
        let mut command: Command = self.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }
}
