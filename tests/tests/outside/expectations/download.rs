//! Fetching: once, whole, and unchanged.

use std::io::{Cursor, Read};
use std::sync::Arc;

use careplan_certs::{Judge, signature};
use careplan_tests::bed::Answer;
use careplan_tests::office::{Office, sha256_hex};
use reqwest::Method;
use serde_json::{Value, json};

use super::scene::Scene;

expectations! {
    "FETCH-01" unchanged ("relay.md §2, stated")
        "the sender's files arrive byte for byte";
    "FETCH-02" second_try ("relay.md §2, stated")
        "a second try is refused";
    "FETCH-03" race ("relay.md §2, stated")
        "of fifty at once exactly one succeeds";
    "FETCH-04" sender_sees ("relay.md §2, stated")
        "the sender sees that it was fetched";
    "FETCH-05" other_terminal ("relay.md §2, inferred")
        "for other terminals it is 済 and cannot be fetched";
    "FETCH-06" ranges ("relay.md §9 item 12, assumed")
        "a broken download goes on where it stopped";
    "FETCH-07" confirmed ("relay.md §9 item 12, assumed")
        "confirming with the SHA-256 ends the download";
    "FETCH-08" wrong_checksum ("relay.md §9 item 12, assumed")
        "a wrong SHA-256 is refused and the bytes can be had again";
    "FETCH-09" lost_answer ("relay.md §9 item 12, assumed")
        "when the answer to a claim is lost, at most one claim succeeds";
    "FETCH-10" ten_minutes ("relay.md §9 item 12, assumed")
        "ten minutes after the claim the download closes";
    "FETCH-11" proof_of_sender ("relay.md §2, stated")
        "the signature that arrives verifies as the sender's";
    "FETCH-12" only_in_inbox ("relay.md §2, inferred")
        "an unknown message cannot be claimed";
}

/// Claims and fetches; the claim, the path of the download and the archive.
async fn fetched(scene: &Scene, id: &str) -> (Answer, String, Answer) {
    let (claim, path) = scene.claimed(id).await;
    let archive = scene.service.read(&scene.bed, &path).await.is(200);
    (claim, path, archive)
}

fn entry(archive: &Answer, name: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(&archive.bytes)).unwrap();
    let mut bytes = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// A claim of a message that was fetched already.
async fn too_late(scene: &Scene, office: &Office, id: &str) {
    let _ = office.claim(&scene.bed, id).await.is(410).refused("already-fetched");
}

async fn unchanged(scene: Arc<Scene>) {
    let id = scene.waiting().await;
    let (claim, _, archive) = fetched(&scene, &id).await;
    claim.has("/size", archive.bytes.len());
    claim.has("/sha256", sha256_hex(&archive.bytes));
    claim.has("/file_name", format!("{id}.zip"));
    for (name, sent) in scene.files("K2") {
        assert!(entry(&archive, &name) == sent, "{name} is not as it was sent");
    }
}

async fn second_try(scene: Arc<Scene>) {
    let id = scene.waiting().await;
    let (_, path, archive) = fetched(&scene, &id).await;
    too_late(&scene, &scene.service, &id).await;
    let sha256 = sha256_hex(&archive.bytes);
    let _ = scene.confirm(&scene.service, &path, &sha256).await.is(204);
    too_late(&scene, &scene.service, &id).await;
}

async fn race(scene: Arc<Scene>) {
    const RACERS: usize = 50;
    let id = scene.waiting().await;
    let start = Arc::new(tokio::sync::Barrier::new(RACERS));
    let racers: Vec<_> = (0..RACERS)
        .map(|_| {
            let (scene, id, start) = (Arc::clone(&scene), id.clone(), Arc::clone(&start));
            tokio::spawn(async move {
                // Each has a connection of its own.
                let client = scene.bed.client(Some(&scene.service.installed));
                let racer = Office { client, ..scene.service.clone() };
                start.wait().await;
                let claim = racer.claim(&scene.bed, &id).await;
                if claim.status != 200 {
                    let _ = claim.is(410).refused("already-fetched");
                    return 0;
                }
                let path = format!("/v1/downloads/{}", claim.text("download_token"));
                let archive = racer.read(&scene.bed, &path).await.is(200);
                claim.has("/sha256", sha256_hex(&archive.bytes));
                1
            })
        })
        .collect();
    let mut won = 0;
    for racer in racers {
        won += racer.await.unwrap();
    }
    assert_eq!(won, 1);
}

async fn sender_sees(scene: Arc<Scene>) {
    let Scene { bed, planner, service, .. } = &*scene;
    let id = scene.waiting().await;
    let path = format!("/v1/outbox/{id}");
    planner.read(bed, &path).await.is(200).has("/state_shown", "未ダウンロード");
    let _ = service.claim(bed, &id).await.is(200);
    let after = planner.read(bed, &path).await.is(200);
    after.has("/state", "downloaded");
    after.has("/state_shown", "ダウンロード済");
    after.told(&["/downloaded_at"]);
}

async fn other_terminal(scene: Arc<Scene>) {
    let Scene { bed, service, .. } = &*scene;
    let id = scene.waiting().await;
    let login = bed.log_in(&service.client, &service.number).await.is(200);
    let other = Office { token: login.text("access_token").to_owned(), ..service.clone() };
    let _ = service.claim(bed, &id).await.is(200);
    let shown = other.read(bed, &format!("/v1/inbox/{id}")).await.is(200);
    shown.has("/state_shown", "済");
    too_late(&scene, &other, &id).await;
}

async fn ranges(scene: Arc<Scene>) {
    let (_, path, whole) = fetched(&scene, &scene.waiting().await).await;
    let get = || scene.service.get(scene.bed.relay(&path));
    let half = whole.bytes.len() / 2;
    for (range, wanted) in [
        ("bytes=10-19".to_owned(), &whole.bytes[10..20]),
        (format!("bytes={half}-"), &whole.bytes[half..]),
    ] {
        let part = scene.bed.ask(get().header("range", range)).await.is(206);
        assert!(part.bytes == wanted, "not a part of the same bytes");
    }
    let again = scene.bed.ask(get()).await.is(200);
    assert!(again.bytes == whole.bytes, "not the same bytes every time");
}

async fn confirmed(scene: Arc<Scene>) {
    let (_, path, archive) = fetched(&scene, &scene.waiting().await).await;
    let sha256 = sha256_hex(&archive.bytes);
    let _ = scene.confirm(&scene.service, &path, &sha256).await.is(204);
    let closed = scene.service.read(&scene.bed, &path).await;
    let _ = closed.is(410).refused("download-closed");
}

async fn wrong_checksum(scene: Arc<Scene>) {
    let (_, path, archive) = fetched(&scene, &scene.waiting().await).await;
    let wrong = scene.confirm(&scene.service, &path, &"0".repeat(64)).await;
    let _ = wrong.is(409).refused("checksum-differs");
    let again = scene.service.read(&scene.bed, &path).await.is(200);
    assert!(again.bytes == archive.bytes, "not the same bytes again");
}

async fn lost_answer(scene: Arc<Scene>) {
    let Scene { bed, service, .. } = &*scene;
    let id = scene.waiting().await;
    let endpoint = "POST /v1/inbox/{id}/claim";
    let lost = async |when: &str| {
        let order = json!({ "endpoint": endpoint, "kind": "drop", "when": when, "count": 1 });
        let _ = bed.control(Method::POST, "/v1/controls/faults", &order).await.is(201);
        let claim = service.post(bed.relay(&format!("/v1/inbox/{id}/claim"))).send().await;
        assert!(claim.is_err(), "{when}: {claim:?}");
        service.read(bed, &format!("/v1/inbox/{id}")).await.is(200)
    };
    // What never reached the server may be tried again; what it has done cannot be done again.
    lost("before").await.has("/state", "unfetched");
    lost("after").await.has("/state", "fetched");
    too_late(&scene, service, &id).await;
}

async fn ten_minutes(scene: Arc<Scene>) {
    let id = scene.waiting().await;
    let (_, path, _) = fetched(&scene, &id).await;
    scene.bed.advance_minutes(11).await;
    let late = scene.service.read(&scene.bed, &path).await;
    let _ = late.is(410).refused("download-closed");
    too_late(&scene, &scene.service, &id).await;
}

async fn proof_of_sender(scene: Arc<Scene>) {
    let (_, _, archive) = fetched(&scene, &scene.waiting().await).await;
    let authority = scene.bed.ask(scene.bed.plain.get(scene.bed.relay("/v1/authority"))).await;
    let judge = Judge::from_pem(authority.is(200).text("ca_pem")).unwrap();
    let manifest = entry(&archive, "relay/manifest.json");
    let p7s = entry(&archive, "relay/manifest.json.p7s");
    let proof = signature::verify(&manifest, &p7s, &judge, jiff::Timestamp::now()).unwrap();
    assert_eq!(proof.signer.office.unwrap().as_str(), scene.planner.number);
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["from"], scene.planner.number);
    assert_eq!(manifest["to"], scene.service.number);
    let text = entry(&archive, "relay/message.txt");
    assert_eq!(manifest["text"].as_str().unwrap().as_bytes(), text);
}

async fn only_in_inbox(scene: Arc<Scene>) {
    let Scene { bed, service, .. } = &*scene;
    for id in ["nonsense", "00000000-0000-7000-8000-000000000000", "..%2f..%2fetc"] {
        let _ = service.claim(bed, id).await.is(404);
        let _ = service.read(bed, &format!("/v1/inbox/{id}")).await.is(404);
    }
    let answer = service.read(bed, "/v1/downloads/nonsense").await;
    let _ = answer.is(404).refused("download-token-unknown");
}
