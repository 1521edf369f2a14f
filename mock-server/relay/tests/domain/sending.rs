//! Every way a message is turned down, and some it is taken.

use bytes::Bytes;
use careplan_certs::signature;
use careplan_relay::message::{Manifest, SentFile};

use super::support::{
    Region, file, from_the_end, helper, manifest, office_of, planner, refused, unit_files,
};

fn renamed(files: &[SentFile], change: impl Fn(&str) -> String) -> Vec<SentFile> {
    files
        .iter()
        .map(|file| SentFile { name: change(&file.name), bytes: file.bytes.clone() })
        .collect()
}

#[tokio::test]
async fn every_unit_and_several_at_once_are_taken() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    for unit in ["K1", "K2", "K3", "K4", "V3-1", "V3-2"] {
        let sent = office.send(unit, unit, helper()).await;
        let sent = sent.unwrap_or_else(|error| panic!("{unit}: {error}"));
        assert_eq!(sent.to.number, helper());
        let kinds: &[&str] = if unit.starts_with("V3") { &[] } else { &["11"] };
        assert_eq!(sent.to.service_kinds, kinds, "{unit}");
        assert!(!sent.repeated);
    }
    let back = region.office(helper()).await;
    back.send("back", "S1", planner()).await.expect("actual use goes back");
    let mut files = unit_files("K1", planner(), helper());
    files.extend(unit_files("K2", planner(), helper()));
    files.push(file("連絡.pdf", b"%PDF-1.7"));
    let sent = region
        .turn()
        .await
        .exchange()
        .send(&office.caller, office.message("several", helper(), files))
        .await;
    let sent = sent.expect("several units and an attachment");
    assert_eq!(sent.files, 8);
    let detail =
        region.turn().await.exchange().outbox_item(&office.caller, &sent.id).await.expect("shown");
    let mut units: Vec<_> = detail.item.units.iter().map(|unit| unit.unit.as_str()).collect();
    units.sort_unstable();
    assert_eq!(units, ["K1", "K2"]);
    region.switch(|switches| switches.one_unit_per_message = true).await;
    let mut files = unit_files("K1", planner(), helper());
    files.extend(unit_files("K2", planner(), helper()));
    let sent = region
        .turn()
        .await
        .exchange()
        .send(&office.caller, office.message("two", helper(), files))
        .await;
    refused(sent, "several-units");
    office.send("single", "K2", helper()).await.expect("one unit is as many as may be");
}

#[tokio::test]
async fn a_repeated_key_is_the_same_message() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let first = office.send("key", "K2", helper()).await.expect("taken");
    let again = office.send("key", "K2", helper()).await.expect("taken before");
    assert_eq!((first.id.as_str(), again.repeated), (again.id.as_str(), true));
    refused(office.send("key", "K1", helper()).await, "idempotency-key-reused");
    let other = region.office(office_of("46")).await;
    other.send("key", "K2", helper()).await.expect("keys belong to their office");
    office.send(&"k".repeat(64), "K2", helper()).await.expect("the longest key");
    for bad in ["", "a b", "ｋ", &"k".repeat(65)] {
        refused(office.send(bad, "K2", helper()).await, "idempotency-key-malformed");
    }
}

#[tokio::test]
async fn a_taken_message_is_answered_again_whatever_has_changed_since() {
    let region = Region::ready().await;
    region.switch(|switches| switches.send_unlicensed = true).await;
    let office = region.office(from_the_end(2)).await;
    let first = office.send("key", "S1", planner()).await.expect("taken");
    // The licence is asked for again, and the message is too large now.
    region
        .switch(|switches| {
            switches.send_unlicensed = false;
            switches.max_file_bytes = 1;
        })
        .await;
    let again = office.send("key", "S1", planner()).await.expect("taken before");
    assert_eq!((again.id, again.repeated), (first.id, true));
    refused(office.send("key", "S1", office_of("46")).await, "idempotency-key-reused");
    let mut garbled =
        office.message("key", planner(), unit_files("S1", from_the_end(2), planner()));
    garbled.manifest = Bytes::from_static(b"{");
    let sent = region.turn().await.exchange().send(&office.caller, garbled).await;
    refused(sent, "manifest-differs");
    refused(office.send("new", "S1", planner()).await, "licence-needed");
    region.switch(|switches| switches.send_unlicensed = true).await;
    refused(office.send("new", "S1", planner()).await, "file-too-large");
}

#[tokio::test]
async fn a_key_is_not_used_again_for_another_text_or_receiver() {
    let region = Region::ready().await;
    region.switch(|switches| switches.message_without_csv = true).await;
    let office = region.office(planner()).await;
    let send = |to: &str, text: Option<&str>| {
        let files = vec![file("連絡.pdf", b"%PDF-1.7")];
        let request =
            office.message_as("key", &manifest(planner(), to, text, &files), files.clone());
        let (relay, caller) = (region.relay.clone(), office.caller.clone());
        async move { relay.turn().await.expect("a turn").exchange().send(&caller, request).await }
    };
    let first = send(helper(), Some("訪問は午前です。")).await.expect("taken");
    let again = send(helper(), Some("訪問は午前です。")).await.expect("taken before");
    assert_eq!((again.id, again.repeated), (first.id, true));
    refused(send(helper(), Some("訪問は午後です。")).await, "idempotency-key-reused");
    refused(send(helper(), None).await, "idempotency-key-reused");
    refused(send(office_of("15"), Some("訪問は午前です。")).await, "idempotency-key-reused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_key_at_once_is_kept_once() {
    let region = Region::ready().await;
    let office = std::sync::Arc::new(region.office(planner()).await);
    let sends: Vec<_> = (0..8)
        .map(|_| {
            let office = std::sync::Arc::clone(&office);
            tokio::spawn(async move { office.send("race", "K2", helper()).await })
        })
        .collect();
    let mut ids = std::collections::BTreeSet::new();
    let mut new = 0;
    for send in sends {
        let sent = send.await.expect("no panic").expect("taken");
        new += u32::from(!sent.repeated);
        ids.insert(sent.id);
    }
    assert_eq!((new, ids.len()), (1, 1));
}

#[tokio::test]
async fn names_combination_and_content_get_the_official_texts() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let send = |key: &str, files: Vec<SentFile>| {
        let request = office.message(key, helper(), files);
        let (relay, caller) = (region.relay.clone(), office.caller.clone());
        async move { relay.turn().await.expect("a turn").exchange().send(&caller, request).await }
    };
    let good = unit_files("K2", planner(), helper());

    let near_miss = renamed(&good, |name| name.replace("UPPLAN", "UPPLNA"));
    let refusal = refused(send("e2", near_miss).await, "file-name-form");
    assert_eq!(
        refusal.kind.title.ja,
        "添付ファイル名の形式に誤りがあります。標準仕様の送信単位に従ったファイルを添付してください。"
    );
    assert_eq!(refusal.findings[0].rule, "L001");
    assert_eq!(refusal.findings[0].record, None, "it is about the file");
    assert!(refusal.findings[0].file.as_deref().expect("a file").starts_with("UPPLNA"));

    let refusal = refused(send("e1", good[..2].to_vec()).await, "file-combination");
    assert_eq!(
        refusal.kind.title.ja,
        "ファイルの組み合わせが正しくありません。CSVファイルの組み合わせを確認してください。"
    );
    assert!(refusal.findings_total > 0);

    let mut broken = good.clone();
    broken[0].bytes = Bytes::from_static(b"\"abc\r\n");
    let refusal = refused(send("e3", broken).await, "file-content");
    assert_eq!(
        refusal.kind.title.ja,
        "ケアプランデータの書式フォーマットが正しくありません。ケアプランデータ内の書式を確認してください。"
    );
    let finding = &refusal.findings[0];
    assert!(!finding.message.is_empty() && !finding.fix.is_empty());
    assert_eq!(finding.record, Some(1));

    let mut many = good.clone();
    many[0].bytes = b"1,2\r\n".repeat(500).into();
    let refusal = refused(send("many", many).await, "file-content");
    assert_eq!(refusal.findings.len(), 200);
    assert!(refusal.findings_total > 200);

    region.switch(|switches| switches.version3_allowed = false).await;
    refused(send("v3", unit_files("V3-2", planner(), helper())).await, "version3-refused");
}

#[tokio::test]
async fn sender_and_destination_are_checked() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let relay = &region.relay;
    let send = |key: &str, to: &str, files: Vec<SentFile>| {
        let request = office.message(key, to, files);
        let (relay, caller) = (relay.clone(), office.caller.clone());
        async move { relay.turn().await.expect("a turn").exchange().send(&caller, request).await }
    };
    let other = office_of("46");
    refused(send("1", helper(), unit_files("K2", other, helper())).await, "sender-is-not-you");
    let files = unit_files("K2", planner(), helper());
    let lie = manifest(other, helper(), None, &files);
    let request = office.message_as("2", &lie, files.clone());
    refused(
        region.turn().await.exchange().send(&office.caller, request).await,
        "sender-is-not-you",
    );

    let mut mixed = files.clone();
    mixed.extend(unit_files("K1", planner(), office_of("15")));
    refused(send("3", helper(), mixed).await, "several-destinations");
    refused(send("4", office_of("15"), files.clone()).await, "manifest-differs");
    let stranger = renamed(&files, |name| name.replace(helper(), "4799999999"));
    refused(send("5", "4799999999", stranger).await, "destination-unknown");
    for index in 0..3 {
        let number = from_the_end(index);
        let refusal = send("6", number, unit_files("K2", planner(), number)).await;
        refused(refusal, "destination-unlicensed");
    }
    let own = renamed(&files, |name| name.replace(helper(), planner()));
    refused(send("7", planner(), own).await, "same-office");
    refused(send("8", helper(), vec![file("連絡.pdf", b"%PDF")]).await, "destination-missing");
    region
        .switch(|switches| {
            switches.message_without_csv = true;
            switches.destination_licensed = false;
        })
        .await;
    send("9", helper(), vec![file("連絡.pdf", b"%PDF")]).await.expect("the switch allows it");
    let number = from_the_end(2);
    send("10", number, unit_files("K2", planner(), number)).await.expect("and this");
    region.switch(|switches| switches.same_office_allowed = true).await;
    send("11", planner(), vec![file("連絡.pdf", b"%PDF")]).await.expect("and this");
}

#[tokio::test]
async fn an_office_without_a_licence_cannot_send() {
    let region = Region::ready().await;
    let office = region.office(from_the_end(2)).await;
    let files = vec![file("連絡.pdf", b"%PDF")];
    let request = office.message("1", helper(), files);
    refused(
        region.turn().await.exchange().send(&office.caller, request.clone()).await,
        "licence-needed",
    );
    region
        .switch(|switches| {
            switches.send_unlicensed = true;
            switches.message_without_csv = true;
        })
        .await;
    region
        .turn()
        .await
        .exchange()
        .send(&office.caller, request)
        .await
        .expect("the switch allows it");
}

#[tokio::test]
async fn attachments_have_types_names_and_limits() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let unit = unit_files("K2", planner(), helper());
    let send = |key: &str, extra: Vec<SentFile>| {
        let mut files = unit.clone();
        files.extend(extra);
        let request = office.message(key, helper(), files);
        let (relay, caller) = (region.relay.clone(), office.caller.clone());
        async move { relay.turn().await.expect("a turn").exchange().send(&caller, request).await }
    };
    for name in ["a.csv.docx", "b.xlsx", "c.zip", "d", "e.exe", "pdf"] {
        refused(send("type", vec![file(name, b"x")]).await, "attachment-type");
    }
    for name in [
        "../a.pdf",
        "a/b.pdf",
        "a\\b.pdf",
        "a:b.pdf",
        "con.pdf",
        "COM1.txt",
        " a.pdf",
        "a.pdf ",
        "a\u{7}.pdf",
        "LPT9.pdf",
        "aux.b.pdf",
        "a.pdf.",
        "relay/manifest.json",
        "",
    ] {
        refused(send("name", vec![file(name, b"x")]).await, "attachment-name");
    }
    for (name, why) in [
        (".a.pdf", "「.a.pdf」は「.」または空白で始まっています。"),
        ("NUL.pdf", "「NUL.pdf」はWindowsの装置の名前（CON、NUL、COM1など）です。"),
        (
            "a\u{202e}fdp.txt",
            "「a\\u{202e}fdp.txt」は文字の向きを変える文字など、見えない文字があります。",
        ),
    ] {
        let refusal = refused(send("name", vec![file(name, b"x")]).await, "attachment-name");
        assert_eq!(refusal.detail.expect("it says why").ja, why);
    }
    // A CSV that apes the standard is judged like one of it, and is no attachment.
    let aping = refused(send("ape", vec![file("UP1KYO_x.CSV", b"x")]).await, "file-name-form");
    assert_eq!((aping.findings[0].rule.as_str(), aping.findings_total), ("L001", 1));
    let long = format!("{}.pdf", "あ".repeat(90));
    refused(send("long", vec![file(&long, b"x")]).await, "attachment-name");
    let twice = vec![file("a.pdf", b"x"), file("A.PDF", b"y")];
    refused(send("twice", twice).await, "duplicate-file-name");
    let all: Vec<_> = ["a.jpeg", "b.jpg", "c.png", "d.GIF", "e.txt", "f.pdf"]
        .into_iter()
        .map(|name| file(name, b"x"))
        .collect();
    send("all", all).await.expect("every allowed type");
    let longest = format!("{}.pdf", "a".repeat(196));
    let usable = ["plan.pdf", "come.txt", "abc1.txt", "company1.pdf", "console.pdf", &longest];
    for (number, name) in usable.into_iter().enumerate() {
        let sent = send(&format!("usable-{number}"), vec![file(name, b"x")]).await;
        sent.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let longer = format!("{}.pdf", "a".repeat(197));
    refused(send("longer", vec![file(&longer, b"x")]).await, "attachment-name");

    region.switch(|switches| switches.max_files = 4).await;
    send("as-many-as-may-be", vec![file("a.pdf", b"x")]).await.expect("three and one");
    region.switch(|switches| switches.max_files = 3).await;
    refused(send("count", vec![file("a.pdf", b"x")]).await, "too-many-files");
    region
        .switch(|switches| {
            switches.max_files = 100;
            switches.max_file_bytes = 10_000;
        })
        .await;
    let of = |bytes: usize| SentFile { name: "a.pdf".to_owned(), bytes: vec![0; bytes].into() };
    send("as-large-as-may-be", vec![of(10_000)]).await.expect("exactly the limit");
    refused(send("big", vec![of(10_001)]).await, "file-too-large");
    let own: usize = unit.iter().map(|file| file.bytes.len()).sum();
    region
        .switch(|switches| {
            switches.max_file_bytes = 1 << 20;
            switches.max_message_bytes = own as u64 + 4_000;
        })
        .await;
    send("as-much-as-may-be", vec![of(4_000)]).await.expect("exactly the limit");
    refused(send("sum", vec![of(4_001)]).await, "message-too-large");
}

#[tokio::test]
async fn the_manifest_must_match() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let files = unit_files("K2", planner(), helper());
    let good = manifest(planner(), helper(), Some("よろしくお願いします"), &files);
    let mut wrong = Vec::new();
    let changes: [fn(&mut Manifest); 5] = [
        |manifest| manifest.version = 2,
        |manifest| manifest.files[0].size += 1,
        |manifest| manifest.files[0].sha256 = "00".repeat(32),
        |manifest| manifest.files[0].name = "a.pdf".to_owned(),
        |manifest| {
            manifest.files.pop();
        },
    ];
    for change in changes {
        let mut manifest = good.clone();
        change(&mut manifest);
        wrong.push(manifest);
    }
    for manifest in wrong {
        let request = office.message_as("key", &manifest, files.clone());
        refused(
            region.turn().await.exchange().send(&office.caller, request).await,
            "manifest-differs",
        );
    }
    let mut request = office.message_as("key", &good, files.clone());
    request.manifest = Bytes::from_static(b"{}");
    refused(region.turn().await.exchange().send(&office.caller, request).await, "manifest-differs");
    let long = manifest(planner(), helper(), Some(&"あ".repeat(1_001)), &files);
    let request = office.message_as("key", &long, files.clone());
    refused(region.turn().await.exchange().send(&office.caller, request).await, "text-too-long");
    let longest = manifest(planner(), helper(), Some(&"あ".repeat(1_000)), &files);
    let request = office.message_as("longest", &longest, files.clone());
    region.turn().await.exchange().send(&office.caller, request).await.expect("just not too long");
    let request = office.message_as("key", &good, files);
    let sent = region.turn().await.exchange().send(&office.caller, request).await.expect("taken");
    let detail =
        region.turn().await.exchange().outbox_item(&office.caller, &sent.id).await.expect("shown");
    assert!(detail.item.has_text);
}

#[tokio::test]
async fn the_signature_must_be_the_offices_own() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let relay = &region.relay;
    let files = unit_files("K2", planner(), helper());
    let request = office.message("key", helper(), files);
    let now = relay.clock().now();
    let with = |signature: Option<Vec<u8>>| {
        let mut request = request.clone();
        request.signature = signature.map(Bytes::from);
        let (relay, caller) = (relay.clone(), office.caller.clone());
        async move { relay.turn().await.expect("a turn").exchange().send(&caller, request).await }
    };
    refused(with(None).await, "signature-missing");
    for (wrong, code) in [
        ("other-office", "signer-is-not-you"),
        ("other-root", "signature-invalid"),
        ("revoked", "certificate-revoked"),
        ("expired", "certificate-expired"),
        ("agent", "certificate-wrong-kind"),
    ] {
        let own = region.certificate(planner(), Some(wrong)).await;
        let signed = signature::sign(&request.manifest, &own, now).expect("it signs");
        refused(with(Some(signed)).await, code);
    }
    let second = region.certificate(planner(), None).await;
    let signed = signature::sign(&request.manifest, &second, now).expect("it signs");
    with(Some(signed)).await.expect("any good certificate of the office will do");
    region.switch(|switches| switches.signature_required = false).await;
    let mut unsigned = request.clone();
    unsigned.key = "unsigned".to_owned();
    unsigned.signature = None;
    region
        .turn()
        .await
        .exchange()
        .send(&office.caller, unsigned)
        .await
        .expect("the switch allows it");
}
