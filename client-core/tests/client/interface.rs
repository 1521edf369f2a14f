//! What a program builds on: errors with their facts and causes, lists that nothing breaks, sending
//! and fetching in one call, values that do not print.

use std::error::Error as _;
use std::fmt::Debug;

use careplan_client_core::{
    Bulk, Check, Class, Client, Code, Credentials, DeliveryError, Error, ErrorKind, Event,
    FetchState, FixedClock, InboxSort, Lang, Message, MessageError, OfficeNumber, OutboxSort,
    OutgoingFile, Secret, StoreError, Terminal,
};
use serde_json::{Value, json};

use crate::stub::{Trick, refusal};
use crate::world::{OTHER, OWN, Parcel, World, actuals, config, file_to, now};

fn sources(error: &Error) -> Vec<String> {
    let mut all = Vec::new();
    let mut source = error.source();
    while let Some(error) = source {
        all.push(error.to_string());
        source = error.source();
    }
    all
}

/// What an error prints, and what its source does.
fn printed(error: &dyn std::error::Error) -> (String, Option<String>) {
    (error.to_string(), error.source().map(ToString::to_string))
}

#[test]
fn every_error_prints_and_has_its_source() {
    let refused = || std::io::Error::other("refused");
    let path = std::path::PathBuf::from("a.csv");
    let store = StoreError::Io { path: path.clone(), error: refused() };
    let (words, source) = printed(&store);
    assert!(words.starts_with("ファイルを読み書きできません（a.csv：refused）"), "{words}");
    assert_eq!(source.as_deref(), Some("refused"));
    let damaged = StoreError::Damaged { path: path.clone(), detail: "x".to_owned() };
    let (words, source) = printed(&damaged);
    assert!(words.contains("壊れています（a.csv：x）"), "{words}");
    assert_eq!(source, None);

    let (words, source) = printed(&MessageError::Unreadable { path, error: refused() });
    assert!(words.contains("a.csv") && words.contains("refused"), "{words}");
    assert_eq!(source.as_deref(), Some("refused"));
    let (words, source) = printed(&MessageError::NoFiles);
    assert_eq!((words.as_str(), source), ("送信するファイルがありません。", None));

    let signature = careplan_certs::signature::SignatureError::NoCertificate;
    let (words, ja) = (signature.to_string(), signature.text().ja);
    let (told, source) = printed(&DeliveryError::Signature(signature));
    assert_eq!((told.as_str(), source), (ja, Some(words)));
    let (told, source) = printed(&DeliveryError::TooLarge { bytes: 7 });
    assert_eq!((told.as_str(), source), ("データが大きすぎます（7バイト）。", None));
}

#[tokio::test]
async fn an_error_has_its_causes_and_its_language() {
    let world = World::new().await;
    let client = config("http://127.0.0.1:1").lang(Lang::En);
    let client = client.terminal(world.terminal().clone()).build().unwrap();
    let error = client.top().await.unwrap_err();
    assert_eq!(error.to_string(), "Nobody is logged in.");
    let credentials = crate::world::credentials();
    let error = client.login(&credentials).await.unwrap_err();
    assert_eq!(*error.code(), Code::NoConnection);
    assert!(error.to_string().contains("cannot be reached"), "{error}");
    assert!(!error.to_string().contains('\n'), "{error}");
    let causes = sources(&error);
    assert!(causes.len() > 1 && causes.last().unwrap().contains("refused"), "{causes:?}");
    assert!(error.is_retryable() && !error.is_timeout());
    // What the terminal says, it says in that language too.
    let error = client.terminal().drafts().show("20990101-000000").unwrap_err();
    assert_eq!(error.to_string(), "There is no draft 20990101-000000.");
    // Without a language it is Japanese.
    assert_eq!(world.client.top().await.unwrap_err().to_string(), "ログインしていません。");
    // A file that cannot be read has the system's error.
    let error = OutgoingFile::read(&world.folder.path().join("nothing.csv")).unwrap_err();
    let cause = error.source().unwrap().downcast_ref::<std::io::Error>().unwrap();
    assert_eq!(cause.kind(), std::io::ErrorKind::NotFound);
    let ErrorKind::Message(inner) = error.kind() else { panic!("{error}") };
    assert!(matches!(inner, MessageError::Unreadable { .. }));
    assert_eq!(*error.code(), Code::UnreadableFile);
}

#[tokio::test]
async fn a_time_limit_and_a_refusal_are_told_apart() {
    let world = World::logged_in().await;
    let limits = careplan_client_core::Limits {
        answer: std::time::Duration::from_millis(50),
        attempts: 1,
        ..crate::world::limits()
    };
    let client = config(&world.stub.url).limits(limits);
    let client = client.terminal(world.terminal().clone()).build().unwrap();
    world.stub.trick("GET /v1/top", Trick::Hang);
    let error = client.top().await.unwrap_err();
    assert_eq!(
        (error.code(), error.is_timeout(), error.is_retryable()),
        (&Code::Interrupted, true, true)
    );
    world.stub.trick("GET /v1/top", refusal(429, "user-locked"));
    let error = client.top().await.unwrap_err();
    assert_eq!(
        (error.code(), error.is_timeout(), error.is_retryable()),
        (&Code::UserLocked, false, true)
    );
    assert!(error.request_id().is_some_and(|id| !id.is_empty()), "{error:?}");
    world.stub.trick("GET /v1/top", refusal(403, "of-tomorrow"));
    let error = client.top().await.unwrap_err();
    assert_eq!(*error.code(), Code::Other("of-tomorrow".to_owned()));
    assert!(!error.is_retryable());
}

/// No text of the library speaks of the command's flags.
#[tokio::test]
async fn what_is_explained_is_no_command_line() {
    let world = World::new().await;
    let mut told = vec![
        Client::builder("relay").unwrap_err(),
        world.client.top().await.unwrap_err(),
        Message::new([file_to(&OTHER, 1), file_to("4770190025", 1)]).unwrap_err(),
        world.terminal().import_certificate(b"no p12", "x").unwrap_err(),
    ];
    let client = config("http://127.0.0.1:1").terminal(world.terminal().clone()).build().unwrap();
    told.push(client.login(&crate::world::credentials()).await.unwrap_err());
    for error in told {
        let explained = format!("{:?}", error.explain());
        for word in ["--", "CAREPLAN_", "certificate import", "bulk new"] {
            assert!(!explained.contains(word), "{explained}");
        }
    }
}

fn line(id: &str, state: &str) -> Value {
    json!({
        "id": id, "received_at": "2026-11-21T07:00:00Z", "state": state, "of_tomorrow": [1],
        "file_names": ["a.csv", "案内.pdf"],
        "from": {"number": "x", "name": "訪問介護ひだまり"},
        "units": [{"unit": "S9", "service_month": "202613"}, {"unit": "S1", "service_month": "202610"}],
    })
}

fn page(items: &[Value], next: Option<&str>) -> Trick {
    let page = json!({
        "items": items, "page": 1, "per_page": 2, "total": 5, "next": next, "of_tomorrow": {},
    });
    Trick::Say(200, page.to_string().into_bytes())
}

#[tokio::test]
async fn nothing_unknown_breaks_a_list() {
    let world = World::logged_in().await;
    let lines = [line("m1", "frozen"), json!({"id": 7}), line("m2", "unfetched")];
    world.stub.trick("GET /v1/inbox", page(&lines, None));
    let list = world.client.inbox().await.unwrap();
    assert_eq!((list.items.len(), list.unreadable), (2, 1));
    assert_eq!(list.items[0].state, FetchState::Unknown("frozen".to_owned()));
    assert_eq!(list.items[1].state, FetchState::Unfetched);
    assert_eq!(list.items[0].file_names, ["a.csv", "案内.pdf"]);
    assert_eq!(list.items[0].from.office_number(), None);
    let months: Vec<_> = list.items[0].units.iter().map(|unit| unit.month().is_some()).collect();
    assert_eq!(months, [false, true]);
}

#[tokio::test]
async fn a_stream_goes_through_all_pages() {
    let world = World::logged_in().await;
    world.stub.trick(
        "GET /v1/inbox",
        page(&[line("m1", "unfetched"), line("m2", "unfetched")], Some("c1")),
    );
    world.stub.trick(
        "GET /v1/inbox",
        page(&[line("m3", "unfetched"), line("m4", "unfetched")], Some("c2")),
    );
    world.stub.trick("GET /v1/inbox", page(&[line("m5", "unfetched")], None));
    let from = OfficeNumber::parse(OTHER.as_bytes()).unwrap();
    let list = world.client.inbox().state(FetchState::Unfetched).from(from).text("a b");
    let mut lines = list.sort(InboxSort::OldestFirst).per_page(2).into_stream();
    let mut ids = Vec::new();
    while let Some(line) = lines.next().await {
        ids.push(line.unwrap().id.to_string());
    }
    assert_eq!(ids, ["m1", "m2", "m3", "m4", "m5"]);
    assert_eq!(world.stub.count("GET /v1/inbox"), 3);
    // The first error ends it, and a relay that leads in a circle is left.
    world.stub.trick("GET /v1/outbox", page(&[], Some("c1")));
    assert!(world.client.outbox().into_stream().next().await.is_none());
    world.stub.trick("GET /v1/outbox", refusal(403, "licence-needed"));
    let mut lines = world.client.outbox().into_stream();
    assert_eq!(*lines.next().await.unwrap().unwrap_err().code(), Code::LicenceNeeded);
    assert!(lines.next().await.is_none());
}

#[test]
fn orders_are_words_of_the_relay() {
    for order in ["-received_at", "received_at", "from", "-from"] {
        assert_eq!(order.parse::<InboxSort>().unwrap().as_str(), order);
    }
    for order in ["-sent_at", "sent_at", "to", "-to"] {
        assert_eq!(order.parse::<OutboxSort>().unwrap().as_str(), order);
    }
    let error = "to".parse::<InboxSort>().unwrap_err();
    assert_eq!((error.class(), error.code()), (Class::Usage, &Code::Setting));
    assert!(error.explain().what.en.contains("-received_at, received_at, from, -from"), "{error}");
}

#[tokio::test]
async fn the_short_way_to_send_is_the_safe_one() {
    let mut world = World::logged_in().await;
    let drafts = world.terminal().drafts();
    let message = || Message::new(actuals()).unwrap().text("よろしく");
    // Sent: no draft is left.
    let events = std::sync::Mutex::new(Vec::new());
    let sent = world.client.send(message()).progress(|event| events.lock().unwrap().push(event));
    assert!(!sent.await.unwrap().repeated);
    assert!(events.lock().unwrap().iter().any(|event| matches!(event, Event::Uploading { .. })));
    assert_eq!(drafts.list().unwrap(), []);
    // Refused before it left, by the check or by the relay: neither.
    let wrong = Message::new([file_to(&OTHER, 20_261_121_100_000)]).unwrap();
    let error = world.client.send(wrong.clone()).await.unwrap_err();
    assert_eq!((error.code(), error.draft()), (&Code::LocalCheck, None));
    world.stub.trick("POST /v1/messages", refusal(422, "destination-unknown"));
    let error = world.client.send(wrong).check(Check::Skip).await.unwrap_err();
    assert_eq!((error.code(), error.draft()), (&Code::DestinationUnknown, None));
    assert_eq!(drafts.list().unwrap(), []);
    // The answer is lost: the draft stays, and makes no second message.
    world.stub.trick("POST /v1/messages", Trick::DropAfter);
    for _ in 0..2 {
        world.stub.trick("POST /v1/messages", Trick::Drop);
    }
    let error = world.client.send(message()).await.unwrap_err();
    assert_eq!(*error.code(), Code::SendUnknown);
    let draft = error.draft().unwrap().to_owned();
    world.restart();
    assert!(world.client.send_draft(&draft).await.unwrap().repeated);
    assert_eq!(world.stub.state().messages.len(), 2);
}

#[tokio::test]
async fn what_is_given_up_is_told_and_kept() {
    let world = World::logged_in().await;
    let reached = async |request: &str| {
        while world.stub.count(request) == 0 {
            tokio::task::yield_now().await;
        }
    };
    world.stub.trick("POST /v1/messages", Trick::Hang);
    let message = Message::new(actuals()).unwrap();
    let given_up = reached("POST /v1/messages");
    let error = world.client.send(message).cancel(given_up).await.unwrap_err();
    assert_eq!(*error.code(), Code::Cancelled);
    let draft = error.draft().unwrap();
    assert!(world.client.send_draft(draft).await.unwrap().repeated);
    // Before anything has left, there is nothing to keep.
    let message = Message::new(actuals()).unwrap();
    let error = world.client.send(message).cancel(std::future::ready(())).await.unwrap_err();
    assert_eq!((error.code(), error.draft()), (&Code::Cancelled, None));
    assert_eq!(world.terminal().drafts().list().unwrap(), []);
    assert_eq!(world.stub.state().messages.len(), 1);
}

#[tokio::test]
async fn several_messages_are_fetched_in_one_call() {
    let world = World::logged_in().await;
    for id in ["m1", "m2", "m3"] {
        Parcel::new(&[("a.csv", b"a".as_slice())], None).deliver(&world.stub, id);
    }
    let to = world.folder.path().join("received");
    let ids = ["m1", "nothing", "m2"];
    let events = std::sync::Mutex::new(Vec::new());
    let run = world.client.download_many(ids).to(&to);
    let run = run.progress(|event| events.lock().unwrap().push(event)).await;
    let fetched: Vec<_> = run.fetched.iter().map(|done| done.message_id.to_string()).collect();
    assert_eq!(fetched, ["m1", "m2"]);
    assert_eq!(run.failed.len(), 1);
    assert_eq!((run.failed[0].0.as_str(), run.left.len()), ("nothing", 0));
    let ended: Vec<_> = events
        .lock()
        .unwrap()
        .iter()
        .filter_map(|event| match event {
            Event::MessageEnded { number, saved } => Some((*number, *saved)),
            _ => None,
        })
        .collect();
    assert_eq!(ended, [(1, true), (2, false), (3, true)]);
    let events = std::mem::take(&mut *events.lock().unwrap());
    let started = events.iter().filter_map(|event| match event {
        Event::MessageStarted { number, total } => Some((*number, *total)),
        _ => None,
    });
    assert_eq!(started.collect::<Vec<_>>(), [(1, 3), (2, 3), (3, 3)]);
    // Of each message as far as it came, and that it is being verified.
    let came = |event: &Event| matches!(event, Event::Downloading { done, total } if done == total);
    assert_eq!(events.iter().filter(|event| came(event)).count(), 2);
    let verified = |event: &&Event| matches!(event, Event::Verifying);
    assert_eq!(events.iter().filter(verified).count(), 2);
    // What would meet every one ends it; given up, the rest is left.
    let run = world.client.download_many(["m3", "m4"]).to(&to).cancel(std::future::pending());
    let run = run.await;
    assert_eq!((run.fetched.len(), run.failed.len()), (1, 1));
    world.client.logout().await.unwrap();
    let run = world.client.download_many(["m5", "m6"]).to(&to).await;
    assert_eq!((run.failed.len(), run.left.len()), (1, 1));
    assert_eq!(*run.failed[0].1.code(), Code::NotLoggedIn);
}

/// What must be seen nowhere when a program prints its values for its developers.
const CANARY: &str = "Canary7";

#[track_caller]
fn no_canary(value: &impl Debug) {
    for printed in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!printed.contains(CANARY), "{printed}");
    }
}

#[tokio::test]
async fn no_value_prints() {
    let world = World::logged_in().await;
    let secret = Secret::from(CANARY);
    no_canary(&secret);
    let user = format!("KJ{}{}", &OWN[..2], *OWN);
    no_canary(&Credentials::new("c0001", CANARY, &user, CANARY).unwrap());

    let name = format!("{CANARY}.pdf");
    let file = OutgoingFile::new(name.clone(), CANARY);
    no_canary(&file);
    let mut files = actuals();
    files.push(file.clone());
    let message = Message::new(files.clone()).unwrap().text(CANARY);
    no_canary(&message);
    no_canary(&message.units());
    no_canary(&world.client.send(message.clone()));
    let attempt = world.client.prepare(&message).await.unwrap();
    no_canary(&attempt);
    let draft = world.terminal().drafts().save(&files, Some(CANARY), &FixedClock(now())).unwrap();
    no_canary(&draft);
    no_canary(&draft.files);
    let mut bulk = Bulk::create(world.terminal(), files, Some(CANARY), &FixedClock(now())).unwrap();
    no_canary(&bulk);
    no_canary(&bulk.rows().unwrap());
    no_canary(&bulk.unplaced());

    // Findings, of the terminal and of the relay.
    let wrong = Message::new([
        file_to(&OTHER, 20_261_121_100_000),
        OutgoingFile::new(format!("{CANARY}.xlsx"), CANARY),
    ]);
    let wrong = wrong.unwrap();
    let found = world.client.check(&wrong).await.unwrap();
    assert!(!found.passed());
    no_canary(&found);
    no_canary(&found.findings);
    let error = world.client.send(wrong).await.unwrap_err();
    no_canary(&error);
    no_canary(error.kind());
    let told = json!({
        "code": "file-content", "title": CANARY, "detail": CANARY, "hint": CANARY,
        "findings": [{"rule": "F014", "severity": "error", "file": CANARY, "record": null,
            "field_number": null, "field_name": null, "message": CANARY, "message_en": CANARY,
            "fix": "", "fix_en": "", "clause": "-"}],
    });
    world.stub.trick("POST /v1/messages", Trick::Say(422, told.to_string().into_bytes()));
    let run = world.client.send_bulk(&mut bulk).check(Check::Skip).await.unwrap();
    no_canary(&run);
    no_canary(&bulk.rows().unwrap());
    world.stub.trick("POST /v1/messages", Trick::Say(422, told.to_string().into_bytes()));
    let error = world.client.send(message).check(Check::Skip).await.unwrap_err();
    assert_eq!(*error.code(), Code::FileContent);
    no_canary(&error);
    no_canary(error.kind());
    for error in [
        Message::new([file_to(&OTHER, 1), file.clone(), file.clone()]).unwrap_err(),
        Message::new([OutgoingFile::new(format!("{CANARY}:"), "")]).unwrap_err(),
        OutgoingFile::read(&world.folder.path().join(name)).unwrap_err(),
    ] {
        no_canary(&error);
        no_canary(error.kind());
    }

    // What was received.
    let (listed, text) = (format!("{CANARY}.csv"), Some(CANARY));
    Parcel::new(&[(listed.as_str(), CANARY.as_bytes())], text).deliver(&world.stub, "m1");
    let got = world.client.download("m1").to(world.folder.path().join("received")).await.unwrap();
    assert_eq!(got.text.as_deref(), text);
    no_canary(&got);
    no_canary(&got.files);
    no_canary(&world.client);
    no_canary(&world.client.session().await.unwrap());
    let first = world.client.login_terminal(&"c0001".parse().unwrap(), &"Com-User1".into()).await;
    let printed = format!("{:?}", first.unwrap());
    assert_eq!(printed, "FirstStage(Secret(…))");
    let terminal: &Terminal = world.terminal();
    no_canary(terminal);
}

/// What is asked of a client can be given to another task, and errors travel as any other's.
#[test]
fn requests_and_errors_can_be_sent_to_other_tasks() {
    fn other_task<T: Send + 'static>(_: impl FnOnce(Client, Message) -> T) {}
    other_task(|client, message| client.send(message).into_future());
    other_task(|client, _| client.send_draft("1").into_future());
    other_task(|client, _| client.inbox().into_future());
    other_task(|client, _| client.outbox().into_stream());
    other_task(|client, _| client.download("m1").to("received").into_future());
    other_task(|client, _| client.download_many(["m1"]).to("received").into_future());
    fn any_error<E: std::error::Error + Send + Sync + 'static>() {}
    any_error::<Error>();
    any_error::<MessageError>();
    any_error::<StoreError>();
    any_error::<DeliveryError>();
    any_error::<careplan_client_core::CertificateError>();
}
