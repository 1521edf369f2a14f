use std::fs;
use std::path::{Path, PathBuf};

use careplan_client_core::{Class, Downloaded, Error, ErrorKind, Form};
use careplan_spec::Lang;
use serde_json::json;

use crate::stub::{Trick, refusal};
use crate::world::{OTHER, OWN, Parcel, World, certificate, deliver_zip, turns, zip_of};

const CSV: &str = "UPJSK_202610_4770190017_11_4770190025_43_20261121100000.CSV";

async fn fetch(world: &World, id: &str) -> Result<Downloaded, Error> {
    world.client.download(id).to(received(world)).await
}

/// Every file under the folder, by its path from there.
fn tree(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, root: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, found);
            } else {
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    let mut found = Vec::new();
    if folder.exists() {
        walk(folder, folder, &mut found);
    }
    found.sort();
    found
}

fn received(world: &World) -> PathBuf {
    world.folder.path().join("受信")
}

fn plain_parcel() -> Parcel {
    Parcel::new(&[(CSV, b"data"), ("案内.pdf", b"%PDF")], Some("よろしく"))
}

#[tokio::test]
async fn a_message_is_verified_saved_and_confirmed() {
    let world = World::logged_in().await;
    plain_parcel().deliver(&world.stub, "m1");
    let done = fetch(&world, "m1").await.unwrap();
    assert!(done.confirmed);
    assert_eq!(done.text.as_deref(), Some("よろしく"));
    assert_eq!(done.signer, format!("CarePlanJigyousho {}", *OTHER));
    assert_eq!(done.path, received(&world).join(format!("20261121-160000_{}_m1", *OTHER)));
    assert_eq!(
        tree(&done.path),
        [CSV, "relay/manifest.json", "relay/manifest.json.p7s", "relay/message.txt", "案内.pdf"]
    );
    assert_eq!(fs::read(done.path.join(CSV)).unwrap(), b"data");
    assert_eq!(fs::read_to_string(done.path.join("relay/message.txt")).unwrap(), "よろしく");
    assert_eq!(world.stub.state().inbox["m1"].confirmed, 1);
    assert_eq!(world.terminal().pending_downloads().unwrap(), []);
    // Once only.
    let error = fetch(&world, "m1").await.unwrap_err();
    assert_eq!((error.class(), error.code().as_str()), (Class::Refused, "already-fetched"));
}

#[tokio::test]
async fn nothing_is_overwritten() {
    let world = World::logged_in().await;
    plain_parcel().deliver(&world.stub, "m1");
    let taken = received(&world).join(format!("20261121-160000_{}_m1", *OTHER));
    fs::create_dir_all(&taken).unwrap();
    fs::write(taken.join(CSV), b"older").unwrap();
    let done = fetch(&world, "m1").await.unwrap();
    assert_eq!(done.path.to_str().unwrap(), format!("{} (2)", taken.to_str().unwrap()));
    assert_eq!(fs::read(taken.join(CSV)).unwrap(), b"older");

    for (id, file) in [("z", "z.zip"), ("z", "z (2).zip")] {
        let parcel = plain_parcel();
        parcel.deliver(&world.stub, id);
        let zip = world.stub.state().inbox[id].zip.clone();
        let done = world.client.download(id).to(received(&world)).form(Form::Zip).await.unwrap();
        assert!(done.path.to_str().unwrap().ends_with(file), "{:?}", done.path);
        assert_eq!(fs::read(&done.path).unwrap(), zip);
        assert_eq!(done.files.len(), 2);
    }
}

#[tokio::test]
async fn a_broken_download_goes_on_where_it_stopped() {
    let mut world = World::logged_in().await;
    let large = vec![b'a'; 300_000];
    Parcel::new(&[(CSV, large.as_slice())], None).deliver(&world.stub, "m1");
    world.stub.trick("GET /v1/downloads", Trick::Cut(100_000));
    for _ in 0..2 {
        world.stub.trick("GET /v1/downloads", Trick::Drop);
    }
    let error = fetch(&world, "m1").await.unwrap_err();
    let ErrorKind::DownloadInterrupted { done, .. } = error.kind() else { panic!("{error}") };
    assert_eq!(*done, 100_000);
    assert_eq!(tree(&received(&world)), [""; 0]);
    assert_eq!(world.terminal().pending_downloads().unwrap()[0].done, 100_000);

    world.restart();
    world.stub.state().access.clear();
    let done = fetch(&world, "m1").await.unwrap();
    assert_eq!(fs::read(done.path.join(CSV)).unwrap(), large);
    assert_eq!(world.stub.count("POST /v1/inbox/m1/claim"), 1);
    // The first request, the two that were dropped, one whose token had ended, and the rest.
    assert_eq!(world.stub.count("GET /v1/downloads"), 5);
    assert_eq!(world.stub.state().ranges, ["bytes=100000-"]);
    assert_eq!(world.stub.count("POST /v1/token/refresh"), 1);
}

#[tokio::test]
async fn a_relay_without_ranges_is_read_from_the_beginning() {
    let world = World::logged_in().await;
    let large = vec![b'a'; 200_000];
    Parcel::new(&[(CSV, large.as_slice())], None).deliver(&world.stub, "m1");
    world.stub.state().ignore_ranges = true;
    world.stub.trick("GET /v1/downloads", Trick::Cut(50_000));
    let done = fetch(&world, "m1").await.unwrap();
    assert_eq!(fs::read(done.path.join(CSV)).unwrap(), large);
}

/// What is on disk does not fit what the relay has: the rest is not taken for the rest.
#[tokio::test]
async fn an_answer_that_does_not_go_on_where_it_stopped_is_not_taken() {
    for (status, body) in [(416, 0), (416, 20), (206, 100_000), (206, 20)] {
        let world = World::logged_in().await;
        let large = vec![b'a'; 200_000];
        Parcel::new(&[(CSV, large.as_slice())], None).deliver(&world.stub, "m1");
        world.stub.trick("GET /v1/downloads", Trick::Cut(100_000));
        world.stub.trick("GET /v1/downloads", Trick::Say(status, vec![b'a'; body]));
        let done = fetch(&world, "m1").await.unwrap();
        assert_eq!(fs::read(done.path.join(CSV)).unwrap(), large);
        // From the beginning, and all of it at once.
        assert_eq!(world.stub.count("GET /v1/downloads"), 3, "{status} {body}");
        assert_eq!(world.stub.state().ranges, [""; 0], "{status} {body}");
    }
}

#[tokio::test]
async fn a_damaged_part_is_fetched_anew() {
    let mut world = World::logged_in().await;
    plain_parcel().deliver(&world.stub, "m1");
    world.stub.trick("GET /v1/downloads", Trick::Cut(300));
    for _ in 0..2 {
        world.stub.trick("GET /v1/downloads", Trick::Drop);
    }
    fetch(&world, "m1").await.unwrap_err();
    let part = world.terminal().root().join("downloads/m-m1.zip");
    fs::write(&part, vec![0; 300]).unwrap();
    world.restart();
    fetch(&world, "m1").await.unwrap();
    // And more than the whole.
    plain_parcel().deliver(&world.stub, "m2");
    world.stub.trick("GET /v1/downloads", refusal(503, "maintenance"));
    world.stub.trick("GET /v1/downloads", Trick::Say(200, vec![0; 1 << 20]));
    fetch(&world, "m2").await.unwrap();
}

/// The one key all claims so far came with.
fn the_key(world: &World) -> String {
    let keys = world.stub.state().keys.clone();
    let key = keys[0].clone().expect("a claim has a key");
    assert!(keys.iter().all(|other| other.as_ref() == Some(&key)), "{keys:?}");
    key
}

fn journal(world: &World, id: &str) -> PathBuf {
    world.terminal().root().join(format!("downloads/m-{id}.json"))
}

/// Waits until the relay got so many requests that begin like this, then abandons the download.
async fn abandon(world: &World, id: &str, request: &str, times: usize) {
    let reached = async {
        while world.stub.count(request) < times {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        outcome = fetch(world, id) => panic!("it came to an end: {outcome:?}"),
        () = reached => {}
    }
}

#[tokio::test]
async fn a_claim_whose_answer_is_lost_is_made_again_under_its_key() {
    let mut world = World::logged_in().await;
    plain_parcel().deliver(&world.stub, "m1");
    // Made again at once.
    world.stub.trick("POST /v1/inbox/m1/claim", Trick::DropAfter);
    let done = fetch(&world, "m1").await.unwrap();
    assert!(done.confirmed);
    assert_eq!(world.stub.count("POST /v1/inbox/m1/claim"), 2);
    let key = the_key(&world);
    assert_eq!((key.len(), key.bytes().all(|byte| byte.is_ascii_hexdigit())), (64, true));
    assert_eq!(tree(&world.terminal().root().join("downloads")), [""; 0]);

    // And after all attempts, by the next call, also that of another process.
    world.stub.state().keys.clear();
    plain_parcel().deliver(&world.stub, "m2");
    let lost = [
        Trick::DropAfter,
        Trick::Say(500, Vec::new()),
        Trick::Say(200, b"{}".to_vec()),
        Trick::Drop,
        Trick::Cut(30),
        Trick::Drop,
    ];
    for trick in lost {
        world.stub.trick("POST /v1/inbox/m2/claim", trick);
    }
    for _ in 0..2 {
        let error = fetch(&world, "m2").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ClaimUnknown { .. }), "{error:?}");
        assert_eq!((error.class(), error.code().as_str()), (Class::Unreachable, "claim-unknown"));
        let ja = error.describe(Lang::Ja);
        assert!(ja.contains("応答が届きませんでした（m2、"), "{ja}");
        assert!(ja.contains("もう一度データ取得をしてください。同じ受付キーを使うので"), "{ja}");
        let en = error.describe(Lang::En);
        assert!(en.contains("The answer to the claim of m2 was lost ("), "{en}");
        assert!(en.contains("Download it again on this terminal as soon as"), "{en}");
        assert_eq!(world.terminal().pending_downloads().unwrap()[0].message_id, "m2");
        world.restart();
    }
    assert!(fetch(&world, "m2").await.unwrap().confirmed);
    assert_eq!(world.stub.count("POST /v1/inbox/m2/claim"), 7);
    assert_ne!(the_key(&world), key, "every message has a key of its own");
}

#[tokio::test]
async fn what_one_terminal_claimed_in_the_dark_is_closed_to_the_other() {
    let world = World::logged_in().await;
    plain_parcel().deliver(&world.stub, "m1");
    for _ in 0..3 {
        world.stub.trick("POST /v1/inbox/m1/claim", Trick::DropAfter);
    }
    fetch(&world, "m1").await.unwrap_err();
    let folder = tempfile::tempdir().unwrap();
    let other = careplan_client_core::Terminal::open(folder.path()).unwrap();
    let other = crate::world::config(&world.stub.url).terminal(other).build().unwrap();
    other.login(&crate::world::credentials()).await.unwrap();
    let error = other.download("m1").to(received(&world)).await.unwrap_err();
    assert_eq!((error.class(), error.code().as_str()), (Class::Refused, "already-fetched"));
    assert_eq!(other.terminal().pending_downloads().unwrap(), []);
    assert!(fetch(&world, "m1").await.unwrap().confirmed);
}

#[tokio::test]
async fn the_key_is_on_disk_before_the_relay_is_asked() {
    let mut world = World::logged_in().await;
    plain_parcel().deliver(&world.stub, "m1");
    world.stub.trick("POST /v1/inbox/m1/claim", Trick::Hang);
    abandon(&world, "m1", "POST /v1/inbox/m1/claim", 1).await;
    let key = the_key(&world);
    let kept = fs::read_to_string(journal(&world, "m1")).unwrap();
    assert!(kept.contains(&key), "{kept}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(journal(&world, "m1")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    // Room for the archive, and not only the promise of it.
    let room = world.terminal().root().join("downloads/m-m1.room");
    assert!(fs::metadata(&room).unwrap().len() > 64 << 10);
    world.restart();
    assert!(fetch(&world, "m1").await.unwrap().confirmed);
    assert_eq!(the_key(&world), key);
    assert_eq!(tree(&world.terminal().root().join("downloads")), [""; 0]);
}

#[tokio::test]
async fn a_download_abandoned_at_any_step_is_finished_by_the_next() {
    let mut world = World::logged_in().await;
    for step in 0_usize.. {
        let id = format!("m{step}");
        world.stub.state().keys.clear();
        let large = vec![b'a'; 200_000];
        Parcel::new(&[(CSV, large.as_slice())], None).deliver(&world.stub, &id);
        let ended = turns(step * step, fetch(&world, &id)).await;
        if let Some(outcome) = ended {
            assert!(outcome.unwrap().confirmed);
            assert!(step > 5, "there are more steps than {step}");
            break;
        }
        world.restart();
        match fetch(&world, &id).await {
            Ok(done) => assert_eq!(fs::read(done.path.join(CSV)).unwrap(), large, "step {step}"),
            Err(error) => panic!("step {step}: {error}"),
        }
        the_key(&world);
        let saved = fs::read_dir(received(&world)).unwrap();
        let saved = saved.filter(|entry| {
            entry.as_ref().unwrap().file_name().to_str().unwrap().ends_with(&format!("_{id}"))
        });
        assert_eq!(saved.count(), 1, "step {step}");
        assert_eq!(tree(&world.terminal().root().join("downloads")), [""; 0], "step {step}");
    }
}

#[tokio::test]
async fn what_was_saved_before_it_could_be_noted_is_not_saved_twice() {
    for form in [Form::Folder, Form::Zip] {
        let mut world = World::logged_in().await;
        plain_parcel().deliver(&world.stub, "m1");
        for _ in 0..3 {
            world.stub.trick("GET /v1/authority", Trick::Drop);
        }
        let to = received(&world);
        world.client.download("m1").to(&to).form(form).await.unwrap_err();
        // As it stands with everything fetched and nothing saved.
        let folder = world.terminal().root().join("downloads");
        let before: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect();
        for _ in 0..3 {
            world.stub.trick("POST /v1/downloads/d-m1/confirm", Trick::Drop);
        }
        let first = world.client.download("m1").to(&to).form(form).await.unwrap();
        for (path, bytes) in before {
            fs::write(path, bytes).unwrap();
        }
        world.restart();
        let second = world.client.download("m1").to(&to).form(form).await.unwrap();
        assert_eq!((second.path, second.confirmed), (first.path, true));
        assert_eq!(fs::read_dir(received(&world)).unwrap().count(), 1, "{form:?}");
    }
}

#[tokio::test]
async fn a_refusal_after_a_lost_answer_keeps_the_key() {
    let mut world = World::logged_in().await;
    plain_parcel().deliver(&world.stub, "m1");
    world.stub.trick("POST /v1/inbox/m1/claim", Trick::DropAfter);
    world.stub.trick("POST /v1/inbox/m1/claim", refusal(403, "licence-needed"));
    assert_eq!(fetch(&world, "m1").await.unwrap_err().code(), "licence-needed");
    world.restart();
    world.stub.trick("POST /v1/inbox/m1/claim", refusal(503, "maintenance"));
    assert_eq!(fetch(&world, "m1").await.unwrap_err().code(), "maintenance");
    assert!(fetch(&world, "m1").await.unwrap().confirmed);
    the_key(&world);
    // What will never open is forgotten.
    plain_parcel().deliver(&world.stub, "m2");
    world.stub.trick("POST /v1/inbox/m2/claim", Trick::Drop);
    world.stub.trick("POST /v1/inbox/m2/claim", refusal(410, "already-fetched"));
    assert_eq!(fetch(&world, "m2").await.unwrap_err().code(), "already-fetched");
    assert_eq!(world.terminal().pending_downloads().unwrap(), []);
}

#[tokio::test]
async fn a_claim_of_a_release_without_keys_is_read() {
    let world = World::logged_in().await;
    plain_parcel().deliver(&world.stub, "m1");
    let item = world.stub.state().inbox["m1"].item.clone();
    let relay = format!("{}/", world.stub.url);
    let old = json!({ "version": 1, "relay": relay, "item": item, "step": "claiming" });
    fs::create_dir_all(world.terminal().root().join("downloads")).unwrap();
    fs::write(journal(&world, "m1"), old.to_string()).unwrap();
    assert_eq!(world.terminal().pending_downloads().unwrap().len(), 1);
    assert!(fetch(&world, "m1").await.unwrap().confirmed);
    the_key(&world);
}

#[tokio::test]
async fn a_download_that_was_closed_is_forgotten_and_a_released_one_claimed_anew() {
    let world = World::logged_in().await;
    for id in ["m1", "m2"] {
        let large = vec![b'a'; 300_000];
        Parcel::new(&[(CSV, large.as_slice())], None).deliver(&world.stub, id);
        world.stub.trick("GET /v1/downloads", Trick::Cut(100_000));
        for _ in 0..2 {
            world.stub.trick("GET /v1/downloads", Trick::Drop);
        }
        let error = fetch(&world, id).await.unwrap_err();
        let until = "2026/11/21 16:10までに、もう一度データ取得をしてください。";
        assert!(error.describe(Lang::Ja).contains(until), "{error}");
        assert!(error.describe(Lang::En).contains("before 2026/11/21 16:10"), "{error:?}");
    }
    world.stub.trick("GET /v1/downloads", refusal(410, "download-closed"));
    assert_eq!(fetch(&world, "m1").await.unwrap_err().code(), "download-closed");
    assert_eq!(world.terminal().pending_downloads().unwrap().len(), 1);
    assert_eq!(fetch(&world, "m1").await.unwrap_err().code(), "already-fetched");

    // The trainer released it: the old token opens nothing, and the message is unfetched.
    let claims = world.stub.count("POST /v1/inbox/m2/claim");
    {
        let mut state = world.stub.state();
        let mail = state.inbox.get_mut("m2").unwrap();
        (mail.claims, mail.key) = (0, None);
        mail.item["state"] = json!("unfetched");
    }
    world.stub.trick("GET /v1/downloads", refusal(404, "download-token-unknown"));
    assert!(fetch(&world, "m2").await.unwrap().confirmed);
    assert_eq!(world.stub.count("POST /v1/inbox/m2/claim"), claims + 1);
    // A token another office asked with is not forgotten: it may still open its download.
    Parcel::new(&[(CSV, b"x".as_slice())], None).deliver(&world.stub, "m3");
    world.stub.trick("GET /v1/downloads", refusal(404, "download-token-unknown"));
    assert_eq!(fetch(&world, "m3").await.unwrap_err().code(), "download-token-unknown");
    assert!(fetch(&world, "m3").await.unwrap().confirmed);
}

#[tokio::test]
async fn a_refused_claim_leaves_nothing_behind() {
    let world = World::logged_in().await;
    plain_parcel().deliver(&world.stub, "m1");
    for trick in [refusal(403, "licence-ended"), refusal(503, "maintenance")] {
        world.stub.trick("POST /v1/inbox/m1/claim", trick);
        let error = fetch(&world, "m1").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Refused(_)));
        assert_eq!(world.terminal().pending_downloads().unwrap(), []);
    }
    // A token that ended before the claim did anything is renewed, and the claim made.
    world.stub.state().access.clear();
    fetch(&world, "m1").await.unwrap();
}

#[tokio::test]
async fn a_lost_confirmation_is_made_up_for() {
    let mut world = World::logged_in().await;
    plain_parcel().deliver(&world.stub, "m1");
    for _ in 0..3 {
        world.stub.trick("POST /v1/downloads/d-m1/confirm", Trick::Drop);
    }
    let first = fetch(&world, "m1").await.unwrap();
    assert!(!first.confirmed);
    assert!(world.terminal().pending_downloads().unwrap()[0].saved);
    world.restart();
    let second = fetch(&world, "m1").await.unwrap();
    assert!(second.confirmed);
    assert_eq!(second.path, first.path);
    assert_eq!(fs::read_dir(received(&world)).unwrap().count(), 1);
    assert_eq!(world.stub.count("GET /v1/downloads"), 1);
}

#[tokio::test]
async fn names_from_elsewhere_stay_in_their_folder() {
    let world = World::logged_in().await;
    let names = [
        "../../evil.txt",
        "/etc/evil",
        "C:\\evil.txt",
        "..\\..\\evil.txt",
        "CON.txt",
        "relay",
        "a.CSV",
        "A.csv",
    ];
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, b"x".as_slice())).collect();
    Parcel::new(&files, None).deliver(&world.stub, "../../m1");
    // The identifier is the relay's word, too.
    let error = fetch(&world, "../../m1").await.unwrap_err();
    assert_eq!(error.code().as_str(), "no-such-message");
    Parcel::new(&files, None).deliver(&world.stub, "m1");
    world.stub.state().inbox.get_mut("m1").unwrap().item["from"]["name"] = json!("../..");
    let done = fetch(&world, "m1").await.unwrap();
    assert_eq!(
        tree(&done.path),
        [
            "A (2).csv",
            "C__evil.txt",
            "_.._.._evil.txt",
            "_CON.txt",
            "_etc_evil",
            "_.._.._evil (2).txt",
            "a.CSV",
            "relay (2)",
            "relay/manifest.json",
            "relay/manifest.json.p7s"
        ]
        .into_iter()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
    );
    assert_eq!(fs::read_dir(world.folder.path()).unwrap().count(), 2, "terminal and 受信");
    assert!(done.files.iter().all(|file| !file.saved_as.contains(['/', '\\'])));
}

/// A spoiled message must be neither saved nor confirmed, and its ZIP kept.
async fn refused_delivery(spoil: impl FnOnce(&mut Parcel), code: &str) -> String {
    let world = World::logged_in().await;
    let mut parcel = plain_parcel();
    spoil(&mut parcel);
    parcel.deliver(&world.stub, "m1");
    world.stub.state().inbox.get_mut("m1").unwrap().item["from"]["number"] = json!(*OTHER);
    let error = fetch(&world, "m1").await.unwrap_err();
    assert_eq!((error.class(), error.code().as_str()), (Class::Refused, code));
    let ErrorKind::Delivery { kept, .. } = error.kind() else { panic!("{error}") };
    assert!(kept.exists());
    assert_eq!(tree(&received(&world)), [""; 0], "{code}");
    assert_eq!(world.stub.state().inbox["m1"].confirmed, 0);
    error.explain().what.ja
}

#[tokio::test]
async fn what_the_sender_did_not_sign_is_not_saved() {
    refused_delivery(|parcel| parcel.entries[0].1 = b"evil".to_vec(), "file-differs").await;
    refused_delivery(|parcel| parcel.entries[0].1 = vec![0; 1 << 20], "file-differs").await;
    refused_delivery(|parcel| drop(parcel.entries.pop()), "file-missing").await;
    let extra = ("../../evil.txt".to_owned(), Vec::new());
    refused_delivery(|parcel| parcel.entries.push(extra), "file-unexpected").await;
    // Whichever of the two it is that the signer is not.
    let told =
        refused_delivery(|parcel| parcel.signed_by = certificate(&OWN), "other-signer").await;
    assert!(
        told.contains(&format!("署名した事業所（{}）が送信元（{}）と異なります", *OWN, *OTHER)),
        "{told}"
    );
    let forged = |parcel: &mut Parcel| parcel.manifest["from"] = json!("1234567890");
    let told = refused_delivery(forged, "other-signer").await;
    assert!(
        told.contains(&format!("署名した事業所（{}）が送信元（1234567890）と異なります", *OTHER)),
        "{told}"
    );
    refused_delivery(|parcel| parcel.manifest["to"] = json!("1234567890"), "other-receiver").await;
    refused_delivery(|parcel| parcel.manifest["version"] = json!(2), "bad-manifest").await;
    refused_delivery(|parcel| parcel.manifest["files"] = json!("x"), "bad-manifest").await;
    let twice = |parcel: &mut Parcel| {
        let file = parcel.manifest["files"][0].clone();
        parcel.manifest["files"].as_array_mut().unwrap().push(file);
    };
    refused_delivery(twice, "bad-manifest").await;
    let other = careplan_certs::Authority::generate(crate::world::now()).unwrap();
    let stranger = crate::world::certificate_by(&other, &OTHER);
    refused_delivery(|parcel| parcel.signed_by = stranger, "other-root").await;
}

#[tokio::test]
async fn a_spoiled_zip_is_not_saved() {
    let good = plain_parcel().zip();
    let truncated = good[..good.len() / 2].to_vec();
    let text = b"no zip at all".to_vec();
    let unsigned = zip_of(&[(CSV.to_owned(), b"data".to_vec())]);
    let mut other_signature = plain_parcel();
    other_signature.manifest["text"] = json!("別の文");
    let flipped = {
        // The manifest of one message with the signature of another.
        let mut parts = Vec::new();
        for (zip, name) in [
            (plain_parcel().zip(), "relay/manifest.json"),
            (other_signature.zip(), "relay/manifest.json.p7s"),
        ] {
            let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
            parts.push((name.to_owned(), bytes));
        }
        zip_of(&parts)
    };
    for (zip, code) in [
        (truncated, "damaged-zip"),
        (text, "damaged-zip"),
        (Vec::new(), "damaged-zip"),
        (unsigned, "file-missing"),
        (flipped, "signature-content-differs"),
    ] {
        let world = World::logged_in().await;
        deliver_zip(&world.stub, "m1", &OTHER, zip);
        let error = fetch(&world, "m1").await.unwrap_err();
        assert_eq!(error.code().as_str(), code);
        assert_eq!(world.stub.state().inbox["m1"].confirmed, 0);
        assert_eq!(tree(&received(&world)), [""; 0]);
    }
    let world = World::logged_in().await;
    plain_parcel().deliver(&world.stub, "m1");
    world.stub.state().inbox.get_mut("m1").unwrap().sha256 = "00".repeat(32);
    assert_eq!(fetch(&world, "m1").await.unwrap_err().code(), "checksum-differs");
    assert_eq!(world.stub.count("GET /v1/downloads"), 2);
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_costs_no_claim() {
    let world = World::logged_in().await;
    plain_parcel().deliver(&world.stub, "m1");
    let file = world.folder.path().join("file");
    fs::write(&file, b"x").unwrap();
    let error = world.client.download("m1").to(file).await.unwrap_err();
    assert_eq!((error.class(), error.code().as_str()), (Class::Unreachable, "not-claimed"));
    assert!(error.to_string().starts_with("何も取得していません。"), "{error}");
    assert_eq!(world.stub.count("POST"), 2, "the login only");
}
