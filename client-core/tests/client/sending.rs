use std::sync::Mutex;

use careplan_certs::{Judge, signature};
use careplan_client_core::wire::Manifest;
use careplan_client_core::{Check, Class, ErrorKind, Event, Message, OutgoingFile};

use crate::stub::{Trick, refusal};
use crate::world::{AUTHORITY, OTHER, OWN, World, actuals, attachment, file_to, now};

#[tokio::test]
async fn a_message_arrives_as_it_was_and_signed() {
    let world = World::logged_in().await;
    let mut files = actuals();
    files.push(attachment("ご連絡（11月）.pdf"));
    let message = Message::new(files).unwrap().text("よろしくお願いします。");
    let found = world.client.check(&message).await.unwrap();
    assert!(found.passed(), "{found:?}");
    let attempt = world.client.prepare(&message).await.unwrap();
    let events = Mutex::new(Vec::new());
    let sent = world
        .client
        .send_prepared(&message, &attempt)
        .progress(|event| events.lock().unwrap().push(event))
        .await
        .unwrap();
    assert_eq!((sent.to.number.as_str(), sent.repeated), (OTHER.as_str(), false));
    let total = message.bytes();
    assert!(events.lock().unwrap().contains(&Event::Uploading { done: total, total }));

    let state = world.stub.state();
    let taken = state.messages.values().next().unwrap();
    let manifest: Manifest = serde_json::from_slice(&taken.manifest).unwrap();
    assert_eq!((manifest.from, manifest.to), (OWN.clone(), OTHER.clone()));
    assert_eq!(manifest.text.as_deref(), Some("よろしくお願いします。"));
    let judge = Judge::new(&AUTHORITY);
    let signer = signature::verify(&taken.manifest, &taken.signature, &judge, now()).unwrap();
    assert_eq!(signer.signer.office.unwrap().as_str(), *OWN);
    for ((name, bytes), file) in taken.files.iter().zip(message.files()) {
        assert_eq!((name, bytes.as_slice()), (&file.name, file.bytes.as_ref()));
    }
}

#[tokio::test]
async fn what_the_relay_would_refuse_stays_here() {
    let world = World::logged_in().await;
    let drafts = world.terminal().drafts();
    for files in [
        vec![file_to(&OTHER, 20_261_121_100_000)],
        vec![actuals().remove(0), attachment("表.xlsx")],
    ] {
        let draft = drafts.save(&files, None, &now_clock()).unwrap();
        let error = world.client.send_draft(&draft.id).await.unwrap_err();
        let ErrorKind::LocalCheck(found) = error.kind() else { panic!("{error}") };
        assert!(!found.passed());
        assert_eq!(error.class(), Class::Refused);
        assert!(!drafts.show(&draft.id).unwrap().unresolved);
        assert_eq!(world.stub.count("POST /v1/messages"), 0);
    }
    let other_sender = actuals().remove(0);
    let name = other_sender.name.replace(OWN.as_str(), "9999999999");
    let file = OutgoingFile { name, ..other_sender };
    let message = Message::new(vec![file]).unwrap();
    let found = world.client.check(&message).await.unwrap();
    assert!(found.findings.iter().any(|found| found.finding.rule == "other-sender"));
    // Those who want to see the relay refuse can.
    let draft = drafts.save(&[file_to(&OTHER, 20_261_121_100_000)], None, &now_clock()).unwrap();
    world.client.send_draft(&draft.id).check(Check::Skip).await.unwrap();
}

fn now_clock() -> careplan_client_core::FixedClock {
    careplan_client_core::FixedClock(now())
}

#[tokio::test]
async fn a_lost_answer_makes_no_second_message() {
    let world = World::logged_in().await;
    let message = Message::new(actuals()).unwrap();
    let attempt = world.client.prepare(&message).await.unwrap();
    world.stub.trick("POST /v1/messages", Trick::DropAfter);
    world.stub.trick("POST /v1/messages", Trick::Say(503, Vec::new()));
    let sent = world.client.send_prepared(&message, &attempt).await.unwrap();
    assert!(sent.repeated);
    assert_eq!(world.stub.count("POST /v1/messages"), 3);
    assert_eq!(world.stub.state().messages.len(), 1);
}

#[tokio::test]
async fn a_draft_whose_ending_is_unknown_is_sent_again_under_its_key() {
    let mut world = World::logged_in().await;
    let draft = world.terminal().drafts().save(&actuals(), Some("文"), &now_clock()).unwrap();
    world.stub.trick("POST /v1/messages", Trick::DropAfter);
    for _ in 0..2 {
        world.stub.trick("POST /v1/messages", Trick::Drop);
    }
    let error = world.client.send_draft(&draft.id).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::SendUnknown { .. }), "{error}");
    assert!(error.stops_everything());
    assert!(world.terminal().drafts().show(&draft.id).unwrap().unresolved);
    world.restart();
    let sent = world.client.send_draft(&draft.id).await.unwrap();
    assert!(sent.repeated);
    assert_eq!(world.stub.state().messages.len(), 1);
    assert_eq!(world.terminal().drafts().list().unwrap(), []);
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_does_not_say_that_nothing_was_sent() {
    let world = World::logged_in().await;
    let message = Message::new(actuals()).unwrap();
    let attempt = world.client.prepare(&message).await.unwrap();
    world.stub.trick("POST /v1/messages", Trick::Say(201, b"{\"id\":".to_vec()));
    let error = world.client.send_prepared(&message, &attempt).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::SendUnknown { .. }), "{error}");
}

#[tokio::test]
async fn a_refused_draft_stays_and_can_be_changed() {
    let world = World::logged_in().await;
    let drafts = world.terminal().drafts();
    let draft = drafts.save(&actuals(), None, &now_clock()).unwrap();
    world.stub.trick("POST /v1/messages", refusal(422, "no-such-office"));
    let error = world.client.send_draft(&draft.id).await.unwrap_err();
    assert_eq!((error.class(), error.code().as_str()), (Class::Refused, "no-such-office"));
    assert_eq!(world.stub.count("POST /v1/messages"), 1);
    assert!(!drafts.show(&draft.id).unwrap().unresolved);
}

#[tokio::test]
async fn an_ended_token_does_not_lose_a_message() {
    let world = World::logged_in().await;
    let message = Message::new(actuals()).unwrap();
    let attempt = world.client.prepare(&message).await.unwrap();
    world.stub.state().access.clear();
    world.client.send_prepared(&message, &attempt).await.unwrap();
    assert_eq!(world.stub.state().messages.len(), 1);
}

#[tokio::test]
async fn an_attempt_is_for_one_message_only() {
    let world = World::logged_in().await;
    let attempt = world.client.prepare(&Message::new(actuals()).unwrap()).await.unwrap();
    let other = Message::new(actuals()).unwrap().text("別の文");
    let error = world.client.send_prepared(&other, &attempt).await.unwrap_err();
    assert_eq!(error.code().as_str(), "changed-after-attempt");
    assert_eq!(world.stub.count("POST /v1/messages"), 0);
}

#[tokio::test]
async fn without_a_certificate_nothing_is_signed() {
    let mut world = World::logged_in().await;
    assert!(world.terminal().remove_certificate().unwrap());
    world.restart();
    let message = Message::new(actuals()).unwrap();
    let error = world.client.prepare(&message).await.unwrap_err();
    assert_eq!(
        (error.class(), error.code().as_str()),
        (Class::NotLoggedIn, "no-certificate-installed")
    );
}

/// What the local check says of these files and this text, without what the checker says.
async fn envelope(world: &World, files: Vec<OutgoingFile>, text: String) -> Vec<String> {
    let message = Message::new(files).unwrap().text(text);
    let found = world.client.check(&message).await.unwrap();
    let own = found.findings.iter().filter(|finding| finding.finding.clause == "-");
    own.map(|found| {
        assert!(found.blocks && !found.finding.fix.is_empty(), "{found:?}");
        format!("{}: {}", found.finding.rule, found.finding.message_en)
    })
    .collect()
}

#[tokio::test]
async fn sizes_and_counts_are_checked_before_sending() {
    let world = World::logged_in().await;
    let zeros = |name: &str, bytes: usize| OutgoingFile::new(name, vec![0; bytes]);
    let with = |more: Vec<OutgoingFile>| actuals().into_iter().chain(more).collect::<Vec<_>>();
    let none: [&str; 0] = [];
    const FILE: usize = 20 << 20;

    assert_eq!(envelope(&world, with(vec![zeros("a.pdf", FILE)]), String::new()).await, none);
    assert_eq!(
        envelope(&world, with(vec![zeros("a.pdf", FILE + 1)]), String::new()).await,
        ["file-too-large: The file is too large (20971521 bytes, 20971520 at most)."]
    );

    let units: usize = actuals().iter().map(|file| file.bytes.len()).sum();
    let rest = (50 << 20) - 2 * FILE - units;
    let three = |rest| with(vec![zeros("a.pdf", FILE), zeros("b.pdf", FILE), zeros("c.pdf", rest)]);
    assert_eq!(envelope(&world, three(rest), String::new()).await, none);
    assert_eq!(
        envelope(&world, three(rest + 1), String::new()).await,
        ["message-too-large: It has 52428801 bytes in all, 52428800 at most."]
    );

    let many =
        |count| with((actuals().len()..count).map(|n| zeros(&format!("{n}.txt"), 1)).collect());
    assert_eq!(envelope(&world, many(100), String::new()).await, none);
    assert_eq!(
        envelope(&world, many(101), String::new()).await,
        ["too-many-files: There are 101 files, 100 at most."]
    );

    assert_eq!(envelope(&world, actuals(), "あ".repeat(1_000)).await, none);
    assert_eq!(
        envelope(&world, actuals(), "あ".repeat(1_001)).await,
        ["text-too-long: The text has 1001 characters, 1000 at most."]
    );

    assert_eq!(
        envelope(&world, with(vec![zeros("a.xlsx", 1)]), String::new()).await,
        ["attachment-type: Files of this kind (.xlsx) cannot be sent."]
    );
    let own = vec![file_to(&OWN, 20_261_121_100_000)];
    let found = envelope(&world, own, String::new()).await;
    assert_eq!(
        found,
        [
            "same-office: The destination has the number of this office: an office cannot send to itself."
        ]
    );
}
