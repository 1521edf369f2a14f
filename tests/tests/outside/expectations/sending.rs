//! Sending: names, combinations, content, signature, attachments, limits, idempotency.

use std::collections::BTreeSet;
use std::sync::Arc;

use careplan_tests::bed::Answer;
use careplan_tests::office::{Office, form, manifest};
use careplan_tests::unit::{File, files};
use reqwest::multipart::Form;
use serde_json::{Value, json};

use super::scene::{Scene, third};

/// E1, E2 and E3 of relay.md §3.
const COMBINATION: &str =
    "ファイルの組み合わせが正しくありません。CSVファイルの組み合わせを確認してください。";
const NAME: &str =
    "添付ファイル名の形式に誤りがあります。標準仕様の送信単位に従ったファイルを添付してください。";
const CONTENT: &str = "ケアプランデータの書式フォーマットが正しくありません。ケアプランデータ内の書式を確認してください。";

expectations! {
    "SEND-01" complete_unit ("relay.md §2; S 2.4, stated")
        "a complete unit is taken and appears in the partner's list";
    "SEND-02" every_unit ("S 2.4, stated")
        "every send unit of the standard (K1 to K4, S1, S2) is taken";
    "SEND-03" near_miss_name ("relay.md §3 E2, stated")
        "a malformed file name is refused with the official text";
    "SEND-04" missing_file ("relay.md §3 E1; S 2.4, stated")
        "an incomplete combination is refused with the official text";
    "SEND-05" broken_content ("relay.md §3 E3, stated")
        "malformed content is refused with the official text";
    "SEND-06" utf8 ("relay.md §3 E3; L 4, stated")
        "a file in UTF-8 is refused";
    "SEND-07" unsigned ("relay.md §2, stated")
        "a message without a signature is refused";
    "SEND-08" signature_of_other_bytes ("relay.md §2, inferred")
        "a signature over other bytes is refused";
    "SEND-09" signed_by_other ("relay.md §2, inferred")
        "a signature of another office is refused";
    "SEND-10" manifest_lies ("relay.md §2, assumed")
        "files that differ from the manifest are refused";
    "SEND-11" other_sender ("relay.md §9 item 14, assumed")
        "names with another sender are refused";
    "SEND-12" unknown_destination ("relay.md §9 items 10, 14, assumed")
        "an unknown destination is refused";
    "SEND-13" several_destinations ("relay.md §2, inferred")
        "several destinations in one message are refused";
    "SEND-14" same_office ("relay.md §2, inferred")
        "sending to one's own number is refused";
    "SEND-15" no_csv ("relay.md §1.3(e), assumed")
        "a message without a CSV is refused";
    "SEND-16" allowed_attachments ("relay.md §2, stated")
        "the allowed types (jpeg jpg png gif txt pdf) are taken";
    "SEND-17" other_attachments ("relay.md §2, stated")
        "attachments of other types are refused";
    "SEND-18" path_names ("relay.md §9 item 2, assumed")
        "names with folders and reserved names are refused";
    "SEND-19" same_names ("relay.md §9 item 2, assumed")
        "two files of one name, case aside, are refused";
    "SEND-20" longest_text ("relay.md §9 item 2, assumed")
        "a text is taken up to the limit and refused beyond";
    "SEND-21" too_many_files ("relay.md §9 item 2, assumed")
        "too many files are refused";
    "SEND-22" large_file ("relay.md §9 item 2, assumed")
        "a file that is too large is refused";
    "SEND-23" repeated_key ("relay.md §9 item 7, assumed")
        "a repeat under the same key is the same message";
    "SEND-24" reused_key ("relay.md §9 item 7, assumed")
        "the same key with other content is refused";
    "SEND-25" malformed_key ("relay.md §9 item 7, assumed")
        "a missing or malformed key is refused";
    "SEND-26" key_race ("relay.md §9 item 7, assumed")
        "the same key at once is one message";
    "SEND-27" version3 ("relay.md §1.3(d), §9 item 1, assumed")
        "files of version 3.x are taken";
    "SEND-28" two_units ("relay.md §1.3(e), assumed")
        "two units may ride in one message";
    "SEND-29" nothing_left ("relay.md §3, stated")
        "a refused message leaves nothing in the lists";
}

fn renamed(files: &[File], from: &str, to: &str) -> Vec<File> {
    files.iter().map(|(name, bytes)| (name.replace(from, to), bytes.clone())).collect()
}

/// The files of a K2 and one more.
fn with(scene: &Scene, name: &str, bytes: &[u8]) -> Vec<File> {
    let mut files = scene.files("K2");
    files.push((name.to_owned(), bytes.to_vec()));
    files
}

/// The planner posts a form under a new key.
async fn post(scene: &Scene, form: Form) -> Answer {
    scene.planner.post_form(&scene.bed, &scene.key(), form).await
}

/// The manifest of these files from the planner to the service office.
fn manifest_of(scene: &Scene, text: Option<&str>, files: &[File]) -> Value {
    manifest(&scene.planner.number, &scene.service.number, text, files)
}

/// How many rows a list of an office has.
async fn total(scene: &Scene, office: &Office, list: &str) -> u64 {
    let list = office.read(&scene.bed, &format!("/v1/{list}?per_page=1")).await.is(200);
    list.json["total"].as_u64().unwrap()
}

/// Sends a unit and looks what arrived as.
async fn arrives(scene: &Scene, unit: &str, from: &Office, to: &Office) {
    let sent = from.send(&scene.bed, &scene.key(), unit, &to.number).await.is(201);
    let shown = to.read(&scene.bed, &format!("/v1/inbox/{}", sent.text("id"))).await.is(200);
    shown.has("/from/number", from.number.as_str());
    shown.has("/units/0/unit", unit);
}

async fn complete_unit(scene: Arc<Scene>) {
    let Scene { bed, planner, service, .. } = &*scene;
    let files = scene.files("K2");
    let sent = scene.send(&files).await.is(201);
    sent.has("/files", files.len());
    sent.has("/bytes", files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>());
    sent.has("/to/number", service.number.as_str());
    sent.has("/repeated", false);
    sent.told(&["/sent_at"]);
    let list = service.read(bed, "/v1/inbox?state=unfetched").await.is(200);
    let row = list.items().iter().find(|row| row["id"] == sent.text("id")).unwrap();
    assert_eq!(row["from"]["number"], planner.number);
    assert_eq!(row["units"][0]["unit"], "K2");
}

async fn every_unit(scene: Arc<Scene>) {
    for unit in ["K1", "K2", "K3", "K4"] {
        arrives(&scene, unit, &scene.planner, &scene.service).await;
    }
    for unit in ["S1", "S2"] {
        arrives(&scene, unit, &scene.service, &scene.planner).await;
    }
}

async fn near_miss_name(scene: Arc<Scene>) {
    let answer = scene.send(&renamed(&scene.files("K2"), "UPPLAN", "UPPLNA")).await;
    let _ = answer.is(422).refused("file-name-form").official(NAME);
}

async fn missing_file(scene: Arc<Scene>) {
    let answer = scene.send(&scene.files("K2")[..2]).await;
    let _ = answer.is(422).refused("file-combination").official(COMBINATION);
}

async fn broken_content(scene: Arc<Scene>) {
    let mut files = scene.files("K2");
    files[0].1 = b"nonsense\r\n".to_vec();
    let _ = scene.send(&files).await.is(422).refused("file-content").official(CONTENT);
}

async fn utf8(scene: Arc<Scene>) {
    let mut files = scene.files("K1");
    for (_, bytes) in &mut files {
        // What a spreadsheet that saves UTF-8 does to Japanese text.
        *bytes = careplan_spec::ms932::decode_lossy(bytes).into_bytes();
    }
    let _ = scene.send(&files).await.is(422).refused("file-content").official(CONTENT);
}

async fn unsigned(scene: Arc<Scene>) {
    let files = scene.files("K2");
    let manifest = manifest_of(&scene, None, &files).to_string();
    let answer = post(&scene, form(manifest.into_bytes(), None, &files)).await;
    let _ = answer.is(422).refused("signature-missing");
}

async fn signature_of_other_bytes(scene: Arc<Scene>) {
    let files = scene.files("K2");
    let manifest = manifest_of(&scene, None, &files).to_string();
    let signature = scene.planner.sign(b"something else");
    let answer = post(&scene, form(manifest.into_bytes(), Some(signature), &files)).await;
    let _ = answer.is(422).refused("signature-invalid");
}

async fn signed_by_other(scene: Arc<Scene>) {
    let files = scene.files("K2");
    let form = scene.service.message_as(&manifest_of(&scene, None, &files), &files);
    let _ = post(&scene, form).await.is(403).refused("signer-is-not-you");
}

async fn manifest_lies(scene: Arc<Scene>) {
    let files = scene.files("K2");
    let mut lie = manifest_of(&scene, None, &files);
    lie["files"][0]["sha256"] = json!("0".repeat(64));
    let answer = post(&scene, scene.planner.message_as(&lie, &files)).await;
    let _ = answer.is(422).refused("manifest-differs");
}

async fn other_sender(scene: Arc<Scene>) {
    // The service office brings the planner's files, signed by itself.
    let service = &scene.service;
    let form = service.message(&service.number, &scene.files("K2"));
    let answer = service.post_form(&scene.bed, &scene.key(), form).await;
    let _ = answer.is(403).refused("sender-is-not-you");
}

async fn unknown_destination(scene: Arc<Scene>) {
    let files = renamed(&scene.files("K2"), &scene.service.number, "4799999999");
    let answer = scene.send_to("4799999999", &files).await;
    let _ = answer.is(422).refused("destination-unknown");
}

async fn several_destinations(scene: Arc<Scene>) {
    let mut mixed = scene.files("K2");
    mixed.extend(files("K1", &scene.planner.number, third()));
    let _ = scene.send(&mixed).await.is(422).refused("several-destinations");
}

async fn same_office(scene: Arc<Scene>) {
    let own = &scene.planner.number;
    let files = renamed(&scene.files("K2"), &scene.service.number, own);
    let _ = scene.send_to(own, &files).await.is(422).refused("same-office");
}

async fn no_csv(scene: Arc<Scene>) {
    let files = [("shorui.pdf".to_owned(), b"%PDF-1.4".to_vec())];
    let _ = scene.send(&files).await.is(422).refused("destination-missing");
}

async fn allowed_attachments(scene: Arc<Scene>) {
    let mut files = scene.files("K2");
    // Names are compared without case, so the two PDFs have different ones.
    for name in ["1.jpeg", "1.jpg", "1.png", "1.gif", "1.txt", "添付 1.pdf", "別の添付.PDF"] {
        files.push((name.to_owned(), name.into()));
    }
    scene.send(&files).await.is(201).has("/files", files.len());
}

async fn other_attachments(scene: Arc<Scene>) {
    for name in ["a.docx", "a.xlsx", "a.csv.exe", "a", "a.zip", "a.html"] {
        let answer = scene.send(&with(&scene, name, b"x")).await;
        let _ = answer.is(422).refused("attachment-type");
    }
}

async fn path_names(scene: Arc<Scene>) {
    for name in ["../a.pdf", "a:b.pdf", "con.pdf", " a.pdf", "relay/manifest.json"] {
        let answer = scene.send(&with(&scene, name, b"x")).await;
        let _ = answer.is(422).refused("attachment-name");
    }
}

async fn same_names(scene: Arc<Scene>) {
    let mut files = with(&scene, "a.pdf", b"x");
    files.push(("A.PDF".to_owned(), b"y".to_vec()));
    let _ = scene.send(&files).await.is(422).refused("duplicate-file-name");
}

async fn longest_text(scene: Arc<Scene>) {
    let files = scene.files("K2");
    let send = async |chars: usize| {
        let manifest = manifest_of(&scene, Some(&"あ".repeat(chars)), &files);
        post(&scene, scene.planner.message_as(&manifest, &files)).await
    };
    let _ = send(1_000).await.is(201);
    let _ = send(1_001).await.is(422).refused("text-too-long");
}

async fn too_many_files(scene: Arc<Scene>) {
    let mut files = scene.files("K2");
    files.extend((files.len()..=100).map(|number| (format!("{number}.txt"), b"x".to_vec())));
    let _ = scene.send(&files).await.is(413).refused("too-many-files");
}

async fn large_file(scene: Arc<Scene>) {
    let files = with(&scene, "large.txt", &vec![b'x'; 20 * 1024 * 1024 + 1]);
    let _ = scene.send(&files).await.is(413).refused("file-too-large");
}

async fn repeated_key(scene: Arc<Scene>) {
    let Scene { bed, planner, service, .. } = &*scene;
    let before = total(&scene, planner, "outbox").await;
    let key = scene.key();
    let first = planner.send(bed, &key, "K2", &service.number).await.is(201);
    let again = planner.send(bed, &key, "K2", &service.number).await.is(200);
    again.has("/id", first.text("id"));
    again.has("/repeated", true);
    assert_eq!(total(&scene, planner, "outbox").await, before + 1);
}

async fn reused_key(scene: Arc<Scene>) {
    let Scene { bed, planner, service, .. } = &*scene;
    let key = scene.key();
    let _ = planner.send(bed, &key, "K2", &service.number).await.is(201);
    let reused = planner.send(bed, &key, "K1", &service.number).await;
    let _ = reused.is(409).refused("idempotency-key-reused");
}

async fn malformed_key(scene: Arc<Scene>) {
    let Scene { bed, planner, service, .. } = &*scene;
    for key in ["a b", "", &"k".repeat(65)] {
        let answer = planner.send(bed, key, "K2", &service.number).await;
        let _ = answer.is(400).refused("idempotency-key-malformed");
    }
    let form = planner.message(&service.number, &scene.files("K2"));
    let without = planner.post(bed.relay("/v1/messages")).multipart(form);
    let _ = bed.ask(without).await.is(400).refused("idempotency-key-malformed");
}

async fn key_race(scene: Arc<Scene>) {
    let before = total(&scene, &scene.planner, "outbox").await;
    let key = scene.key();
    let sends = (0..10).map(|_| {
        let (scene, key) = (Arc::clone(&scene), key.clone());
        tokio::spawn(async move {
            scene.planner.send(&scene.bed, &key, "K2", &scene.service.number).await
        })
    });
    let (mut ids, mut statuses) = (BTreeSet::new(), Vec::new());
    for send in sends.collect::<Vec<_>>() {
        let answer = send.await.unwrap();
        ids.insert(answer.text("id").to_owned());
        statuses.push(answer.status);
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [[200; 9].as_slice(), &[201]].concat());
    assert_eq!(ids.len(), 1);
    assert_eq!(total(&scene, &scene.planner, "outbox").await, before + 1);
}

async fn version3(scene: Arc<Scene>) {
    for unit in ["V3-1", "V3-2"] {
        arrives(&scene, unit, &scene.planner, &scene.service).await;
    }
}

async fn two_units(scene: Arc<Scene>) {
    let mut files = scene.files("K1");
    files.extend(scene.files("K2"));
    let sent = scene.send(&files).await.is(201);
    let path = format!("/v1/inbox/{}", sent.text("id"));
    let shown = scene.service.read(&scene.bed, &path).await.is(200);
    assert_eq!(shown.json["units"].as_array().unwrap().len(), 2, "{shown:?}");
}

async fn nothing_left(scene: Arc<Scene>) {
    let totals = async || {
        let sent = total(&scene, &scene.planner, "outbox").await;
        (sent, total(&scene, &scene.service, "inbox").await)
    };
    let before = totals().await;
    let mut files = scene.files("K2");
    files[0].1 = b"nonsense\r\n".to_vec();
    let _ = scene.send(&files).await.is(422);
    assert_eq!(totals().await, before);
}
