//! `kill -9` at any moment, and starting again on the same data.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use careplan_certs::Installed;
use careplan_tests::bed::{Answer, Bed};
use careplan_tests::office::{Office, sha256_hex};
use careplan_tests::unit::{File, files, office_of};
use serde_json::json;
use tokio::sync::watch;

/// Where the server is now; it changes with every start.
#[derive(Clone)]
struct Address {
    relay: String,
    ca_pem: String,
}

fn address(bed: &Bed) -> Address {
    let text = |name: &str| bed.program.printed(name).to_owned();
    Address { relay: text("relay"), ca_pem: text("ca_pem") }
}

/// A client of the server that is there now, made anew after every failure.
struct Persistent {
    office: Office,
    addresses: watch::Receiver<Address>,
}

impl Persistent {
    /// Sends the request that `make` builds until there is a whole answer; with the number of
    /// attempts.
    async fn until_answered(
        &mut self,
        make: impl Fn(&Office, &str) -> reqwest::RequestBuilder,
    ) -> (Answer, usize) {
        for attempt in 1.. {
            let at = self.addresses.borrow_and_update().relay.clone();
            if let Ok(response) = make(&self.office, &at).send().await
                && let Ok(answer) = Answer::read(response).await
            {
                return (answer, attempt);
            }
            assert!(attempt < 500, "the server does not come back");
            tokio::time::sleep(Duration::from_millis(20)).await;
            self.office.client = client(&self.addresses.borrow(), &self.office.installed);
        }
        unreachable!("the loop ends by returning")
    }
}

fn client(address: &Address, installed: &Installed) -> reqwest::Client {
    use careplan_tests::tls;
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls::client(&address.ca_pem, Some(installed), tls::ANY_VERSION))
        .no_proxy()
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap()
}

fn post(office: &Office, at: &str, key: &str, files: &[File], to: &str) -> reqwest::RequestBuilder {
    office
        .post(format!("{at}/v1/messages"))
        .header("idempotency-key", key)
        .multipart(office.message(to, files))
}

/// Kills the server once `counter` has grown by `step`, and starts it again.
async fn kill_after(
    bed: Bed,
    data: &[&str],
    counter: &AtomicUsize,
    step: usize,
    addresses: &watch::Sender<Address>,
) -> Bed {
    let goal = counter.load(Ordering::SeqCst) + step;
    while counter.load(Ordering::SeqCst) < goal {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let mut bed = bed;
    bed.program.kill();
    let bed = Bed::start(data);
    addresses.send_replace(address(&bed));
    bed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_acknowledged_is_there_and_nothing_is_fetched_twice() {
    const SENDERS: usize = 4;
    const KILLS: usize = 4;

    let folder = tempfile::tempdir().unwrap();
    let data = ["--data", folder.path().to_str().unwrap()];
    let mut bed = Bed::start(&data);
    let helper = bed.office(office_of("11")).await;
    let planner = bed.office(office_of("43")).await;
    let before = helper.read(&bed, "/v1/inbox").await.json["total"].as_u64().unwrap();
    let (addresses, watching) = watch::channel(address(&bed));

    // Many clients send while the server is killed again and again.
    let stop = Arc::new(AtomicBool::new(false));
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let (stop, acknowledged) = (Arc::clone(&stop), Arc::clone(&acknowledged));
            let mut own = Persistent { office: planner.clone(), addresses: watching.clone() };
            own.office.client = client(&watching.borrow(), &planner.installed);
            tokio::spawn(async move {
                let to = office_of("11");
                let unit = files("K2", &own.office.number, to);
                let mut sent = BTreeMap::new();
                for number in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                    let key = format!("sender-{sender}.{number}");
                    let post = |office: &Office, at: &str| post(office, at, &key, &unit, to);
                    let (answer, attempts) = own.until_answered(post).await;
                    // A repetition says so; it comes only where an answer was lost.
                    assert!(
                        answer.status == 201 || (answer.status == 200 && attempts > 1),
                        "{attempts} attempts: {answer:?}"
                    );
                    sent.insert(answer.text("id").to_owned(), key);
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                }
                sent
            })
        })
        .collect();
    for round in 0..KILLS {
        bed = kill_after(bed, &data, &acknowledged, 8 + 3 * round, &addresses).await;
    }
    stop.store(true, Ordering::SeqCst);
    let mut sent = BTreeMap::new();
    for sender in senders {
        sent.extend(sender.await.unwrap());
    }
    assert_eq!(sent.len(), acknowledged.load(Ordering::SeqCst), "one identifier a key");

    // The logins of before still count, and the lists of both sides hold exactly what was sent.
    let mut helper = helper;
    helper.client = bed.client(Some(&helper.installed));
    let mut listed = BTreeSet::new();
    for page in 1.. {
        let path = format!("/v1/inbox?state=unfetched&per_page=100&page={page}");
        let rows = helper.read(&bed, &path).await.is(200);
        if rows.items().is_empty() {
            break;
        }
        listed.extend(rows.items().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
    }
    assert!(sent.keys().all(|id| listed.contains(id)), "an acknowledged message is missing");
    assert_eq!(listed.len() as u64, before + sent.len() as u64, "a message is there twice");

    // Several receivers fetch everything while the server is killed again.
    let todo = Arc::new(listed.iter().cloned().collect::<Vec<_>>());
    let fetched = Arc::new(AtomicUsize::new(0));
    let receivers: Vec<_> = (0..3)
        .map(|receiver| {
            let (todo, fetched) = (Arc::clone(&todo), Arc::clone(&fetched));
            let mut own = Persistent { office: helper.clone(), addresses: watching.clone() };
            own.office.client = client(&watching.borrow(), &helper.installed);
            tokio::spawn(async move {
                let mut won = Vec::new();
                let mut unsure = Vec::new();
                for index in 0..todo.len() {
                    // Each begins elsewhere; all meet.
                    let id = &todo[(index + receiver * todo.len() / 3) % todo.len()];
                    let claim = |office: &Office, at: &str| {
                        office.post(format!("{at}/v1/inbox/{id}/claim"))
                    };
                    let (claim, attempts) = own.until_answered(claim).await;
                    fetched.fetch_add(1, Ordering::SeqCst);
                    if claim.status != 200 {
                        let _ = claim.is(410).refused("already-fetched");
                        if attempts > 1 {
                            unsure.push(id.clone());
                        }
                        continue;
                    }
                    // The token of an acknowledged claim survives the server.
                    let path = format!("/v1/downloads/{}", claim.text("download_token"));
                    let get = |office: &Office, at: &str| office.get(format!("{at}{path}"));
                    let (archive, _) = own.until_answered(get).await;
                    assert_eq!(sha256_hex(&archive.is(200).bytes), claim.text("sha256"));
                    let sha256 = claim.text("sha256");
                    let confirm = |office: &Office, at: &str| {
                        let url = format!("{at}{path}/confirm");
                        office.post(url).json(&json!({ "sha256": sha256 }))
                    };
                    let (confirmed, _) = own.until_answered(confirm).await;
                    let _ = confirmed.is(204);
                    won.push(id.clone());
                }
                (won, unsure)
            })
        })
        .collect();
    for _ in 0..2 {
        bed = kill_after(bed, &data, &fetched, todo.len() / 2, &addresses).await;
    }
    let (mut won, mut unsure) = (Vec::new(), BTreeSet::new());
    for receiver in receivers {
        let (own, lost) = receiver.await.unwrap();
        won.extend(own);
        unsure.extend(lost);
    }
    let distinct: BTreeSet<_> = won.iter().cloned().collect();
    assert_eq!(distinct.len(), won.len(), "a message was fetched twice");
    // Whoever's claim was answered by nobody may have won without knowing.
    assert!(todo.iter().all(|id| distinct.contains(id) || unsure.contains(id)));
    helper.client = bed.client(Some(&helper.installed));
    let left = helper.read(&bed, "/v1/inbox?state=unfetched").await.is(200);
    assert_eq!(left.json["total"], 0);
}

#[tokio::test]
async fn certificates_logins_clock_and_switches_survive() {
    let folder = tempfile::tempdir().unwrap();
    let data = ["--data", folder.path().to_str().unwrap()];
    let mut bed = Bed::start(&data);
    let planner = bed.office(office_of("43")).await;
    let (revoked, issued) = bed.issue(office_of("11"), None).await;
    let serial = issued["serial"].as_str().unwrap();
    let revoke = format!("/v1/controls/certificates/{serial}/revoke");
    let _ = bed.control(reqwest::Method::POST, &revoke, &json!({})).await.is(204);
    bed.switch(&json!({ "lock-minutes": 7 })).await;
    bed.advance_minutes(30).await;
    let ca_pem = bed.program.printed("ca_pem").to_owned();
    bed.program.kill();

    let bed = Bed::start(&data);
    assert_eq!(bed.program.printed("ca_pem"), ca_pem);
    let planner = Office { client: bed.client(Some(&planner.installed)), ..planner };
    let _ = planner.read(&bed, "/v1/top").await.is(200);
    let login = bed.log_in(&bed.client(Some(&revoked)), office_of("11")).await;
    let _ = login.is(403).refused("certificate-revoked");
    let switches = bed.ask(bed.plain.get(bed.controls("/v1/controls/switches"))).await.is(200);
    let lock = switches.items().iter().find(|row| row["key"] == "lock-minutes").unwrap();
    assert_eq!(lock["value"], "7");
    let clock = bed.ask(bed.plain.get(bed.controls("/v1/controls/clock"))).await.is(200);
    assert!(clock.json["offset_ms"].as_i64().unwrap() >= 1_790_000, "{clock:?}");
}
