//! What is asked of the relay, and how what it answers is read.

use std::sync::Mutex;
use std::time::Duration;

use careplan_client_core::wire::{DownloadState, FetchState};
use careplan_client_core::{
    Class, Client, ErrorKind, Event, FixedClock, InboxSort, Limits, Message, OfficeNumber,
    OutboxSort, Terminal,
};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::stub::{Trick, refusal};
use crate::world::{
    OTHER, OWN, Parcel, World, actuals, attachment, authority_answer, certificate, config,
    credentials, file_to, now,
};

/// What the last request asked for.
fn query(world: &World) -> String {
    world.stub.state().queries.last().unwrap().clone()
}

#[tokio::test]
async fn every_part_of_a_list_is_asked_for() {
    let world = World::logged_in().await;
    let office = OfficeNumber::parse(OTHER.as_bytes()).unwrap();
    world.client.inbox().await.unwrap();
    assert_eq!(query(&world), "file_names=true&page=1", "the relay says how many lines");
    let list = world.client.inbox().state(FetchState::Unfetched).from(office).text("a b");
    list.sort(InboxSort::OldestFirst).per_page(2).page(3).await.unwrap();
    assert_eq!(
        query(&world),
        format!(
            "file_names=true&state=unfetched&from={office}&query=a+b&sort=received_at&per_page=2&page=3"
        )
    );
    let list = world.client.outbox().state(DownloadState::NotDownloaded).to(office).text("a&b");
    list.sort(OutboxSort::NewestFirst).per_page(1).page(0).await.unwrap();
    assert_eq!(
        query(&world),
        format!(
            "file_names=true&state=not_downloaded&to={office}&query=a%26b&sort=-sent_at&per_page=1&page=1"
        )
    );
}

#[tokio::test]
async fn a_stream_asks_for_the_next_page_by_cursor_else_by_number_and_ends() {
    let world = World::logged_in().await;
    let lines = |items: serde_json::Value| {
        let page = json!({
            "items": items, "page": 1, "per_page": 1, "total": 3, "next": "c1",
        });
        Trick::Say(200, page.to_string().into_bytes())
    };
    let page = |next: Option<&str>, per_page: u32| {
        let items =
            [json!({"id": "m1", "received_at": "2026-11-21T07:00:00Z", "state": "unfetched",
            "from": {"number": "x", "name": "x"}, "units": []})];
        let page = json!({
            "items": items, "page": 1, "per_page": per_page, "total": 3, "next": next,
        });
        Trick::Say(200, page.to_string().into_bytes())
    };
    for (answers, readable, asked) in [
        (vec![page(Some("c1"), 1), page(None, 1)], 2, vec!["page=1", "after=c1"]),
        (vec![page(None, 1), page(None, 1), page(None, 1)], 3, vec!["page=1", "page=2", "page=3"]),
        (vec![page(None, 2), page(None, 2)], 2, vec!["page=1", "page=2"]),
        // How many lines a page has is not known: there is no next one.
        (vec![page(None, 0)], 1, vec!["page=1"]),
        // In a circle.
        (vec![page(Some("c1"), 1), page(Some("c1"), 1)], 2, vec!["page=1", "after=c1"]),
        // Nothing on a page is its end; what cannot be read on it is not.
        (vec![lines(json!([]))], 0, vec!["page=1"]),
        (vec![lines(json!([{"id": 7}])), page(None, 1)], 1, vec!["page=1", "after=c1"]),
    ] {
        let wanted = readable;
        world.stub.state().queries.clear();
        answers.into_iter().for_each(|answer| world.stub.trick("GET /v1/inbox", answer));
        let mut lines = world.client.inbox().into_stream();
        let mut count = 0;
        // As a stream of the crate `futures`, too.
        while let Some(line) = match count % 2 {
            0 => lines.next().await,
            _ => futures_util::StreamExt::next(&mut lines).await,
        } {
            line.unwrap();
            count += 1;
        }
        assert_eq!(count, wanted);
        let wanted: Vec<_> = asked.iter().map(|asked| format!("file_names=true&{asked}")).collect();
        assert_eq!(world.stub.state().queries, wanted);
    }
}

#[tokio::test]
async fn only_what_has_a_body_or_is_posted_has_a_length() {
    let world = World::logged_in().await;
    world.client.top().await.unwrap();
    assert_eq!(world.stub.state().length, None);
    world.client.logout().await.unwrap();
    assert_eq!(world.stub.state().length.as_deref(), Some("0"));
}

/// A relay that answers everything with these bytes.
async fn raw(answer: Vec<u8>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await;
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        }
    });
    at
}

/// A JSON text of so many bytes.
fn json_of(bytes: usize) -> String {
    let mut text = authority_answer().to_string();
    text.push_str(&" ".repeat(bytes - text.len()));
    text
}

/// The same as an answer that says its length.
fn in_one(bytes: usize) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {bytes}\r\n\r\n{}", json_of(bytes)).into_bytes()
}

/// The same in chunks.
fn in_chunks(bytes: usize) -> Vec<u8> {
    let mut answer = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let text = json_of(bytes);
    for piece in text.as_bytes().chunks(40_000) {
        answer.extend(format!("{:x}\r\n", piece.len()).into_bytes());
        answer.extend(piece);
        answer.extend(b"\r\n");
    }
    answer.extend(b"0\r\n\r\n");
    answer
}

#[tokio::test]
async fn an_answer_is_read_in_pieces_up_to_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let most = 1 << 20;
    for (answer, fits) in [
        (in_chunks(most), true),
        (in_chunks(most + 1), false),
        (in_one(most), true),
        (in_one(most + 1), false),
    ] {
        let url = raw(answer).await;
        let limits = Limits { json_bytes: most as u64, attempts: 1, ..Limits::default() };
        let terminal = Terminal::open(folder.path().join("terminal")).unwrap();
        let client = Client::builder(&url).unwrap().clock(FixedClock(now())).limits(limits);
        let client = client.terminal(terminal).build().unwrap();
        match client.authority().await {
            Ok(_) => assert!(fits),
            Err(error) => {
                assert!(!fits, "{error:?}");
                let ErrorKind::BadAnswer { request, problem, .. } = error.kind() else {
                    panic!("{error:?}")
                };
                assert_eq!(request, "GET /v1/authority");
                assert_eq!(problem, "more than 1048576 bytes");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_without_words_has_the_number_of_its_request() {
    let world = World::logged_in().await;
    for (length, told) in [(1, 1), (100, 100), (101, 100)] {
        let id = "7".repeat(length);
        let head =
            format!("HTTP/1.1 403 No\r\nx-request-id: {id}\r\ncontent-length: 2\r\n\r\n{{}}");
        let terminal = Terminal::open(world.terminal().root()).unwrap();
        let client = config(&raw(head.into_bytes()).await).terminal(terminal).build().unwrap();
        let error = client.authority().await.unwrap_err();
        assert_eq!((error.request_id(), error.class()), (Some(&id[..told]), Class::Refused));
    }
}

#[tokio::test]
async fn a_refusal_has_a_code_or_words_or_is_none() {
    let world = World::logged_in().await;
    let mut said = Vec::new();
    for (status, body) in [
        (403, r#"{"code": "licence-needed"}"#),
        (403, r#"{"title": "拒否されました。", "title_en": "Refused."}"#),
        (403, "{}"),
        (500, r#"{"code": "internal"}"#),
        (500, "{}"),
    ] {
        for _ in 0..3 {
            world.stub.trick("GET /v1/top", Trick::Say(status, body.as_bytes().to_vec()));
        }
        let error = world.client.top().await.unwrap_err();
        world.stub.state().tricks.clear();
        said.push((error.code().as_str().to_owned(), error.class()));
    }
    assert_eq!(said[0], ("licence-needed".to_owned(), Class::Refused));
    assert_eq!((said[1].1, said[2].1), (Class::Refused, Class::Refused));
    assert_eq!(said[3], ("internal".to_owned(), Class::Unreachable));
    assert_eq!(said[4], ("server-error".to_owned(), Class::Unreachable));
    assert_eq!((said[1].0.as_str(), said[2].0.as_str()), ("refused", "refused"));
}

/// Alerts about certificates are the certificate's; any other is the line's.
#[tokio::test]
async fn an_alert_is_about_the_certificate_or_not() {
    for (alert, about_it) in [(42, true), (48, true), (80, false), (90, false)] {
        let folder = tempfile::tempdir().unwrap();
        let url = raw(vec![0x15, 3, 3, 0, 2, 2, alert]).await.replace("http:", "https:");
        let terminal = Terminal::open(folder.path().join("terminal")).unwrap();
        terminal.install_certificate(&certificate(&OWN)).unwrap();
        let limits = Limits { attempts: 1, ..Limits::default() };
        let client = Client::builder(&url).unwrap().clock(FixedClock(now())).limits(limits);
        let client = client.terminal(terminal).build().unwrap();
        let error = client.login(&credentials()).await.unwrap_err();
        let told = matches!(error.kind(), ErrorKind::RefusedInHandshake { .. });
        assert_eq!(told, about_it, "{alert}: {error:?}");
    }
}

#[tokio::test]
async fn a_logout_is_over_where_the_session_has_ended_already() {
    for (status, code, fine) in [(401, "token-unknown", true), (403, "licence-needed", false)] {
        let world = World::logged_in().await;
        world.stub.trick("POST /v1/logout", refusal(status, code));
        let out = world.client.logout().await;
        let refused = out.err().map(|error| error.code().as_str().to_owned());
        assert_eq!(refused, (!fine).then(|| code.to_owned()));
        // Here nobody is logged in any more, whatever the relay says.
        world.client.session().await.unwrap_err();
    }
}

#[tokio::test]
async fn waits_between_tries_double_and_are_told() {
    let world = World::logged_in().await;
    let message = Message::new(actuals()).unwrap();
    let attempt = world.client.prepare(&message).await.unwrap();
    for _ in 0..2 {
        world.stub.trick("POST /v1/messages", Trick::Say(503, Vec::new()));
    }
    let told = Mutex::new(Vec::new());
    let progress = |event: Event| {
        if let Event::Retrying { attempt, after } = event {
            told.lock().unwrap().push((attempt, after.as_millis()));
        }
    };
    world.client.send_prepared(&message, &attempt).progress(progress).await.unwrap();
    assert_eq!(*told.lock().unwrap(), [(2, 1), (3, 2)]);
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_not_asked_for_again() {
    let world = World::logged_in().await;
    Parcel::new(&[("a.csv", b"x")], None).deliver(&world.stub, "m1");
    world.stub.trick("GET /v1/downloads", Trick::Say(302, Vec::new()));
    let to = world.folder.path().join("received");
    let error = world.client.download("m1").to(&to).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::BadAnswer { .. }), "{error:?}");
    assert_eq!(world.stub.count("GET /v1/downloads"), 1);
    assert_eq!(world.terminal().pending_downloads().unwrap().len(), 1, "it can go on");
}

#[test]
fn a_message_has_one_destination() {
    let code = |files| Message::new(files).map(|_| ()).unwrap_err().code().as_str().to_owned();
    assert_eq!(code(Vec::new()), "no-files");
    assert_eq!(code(vec![attachment("a.pdf")]), "no-destination");
    let one = file_to(&OTHER, 20_261_121_100_000);
    assert_eq!(Message::new(vec![one.clone(), attachment("a.pdf")]).unwrap().to(), *OTHER);
    let other = file_to("4770190025", 20_261_121_100_000);
    assert_eq!(code(vec![one, other]), "several-destinations");
}

#[tokio::test]
async fn a_send_that_is_not_answered_ends() {
    let world = World::logged_in().await;
    let limits = Limits {
        connect: Duration::from_millis(200),
        answer: Duration::from_millis(200),
        attempts: 1,
        ..Limits::default()
    };
    let terminal = Terminal::open(world.terminal().root()).unwrap();
    let client = config(&world.stub.url).limits(limits).terminal(terminal);
    let client = client.build().unwrap();
    let message = Message::new(actuals()).unwrap();
    let attempt = client.prepare(&message).await.unwrap();
    world.stub.trick("POST /v1/messages", Trick::Hang);
    let sending = async { client.send_prepared(&message, &attempt).await };
    let ended = tokio::time::timeout(Duration::from_secs(30), sending).await.expect("it ends");
    let error = ended.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::SendUnknown { .. }), "{error:?}");
}

#[tokio::test]
async fn a_download_that_is_begun_can_be_forgotten_once() {
    let world = World::logged_in().await;
    let large = vec![b'a'; 300_000];
    Parcel::new(&[("a.csv", large.as_slice())], None).deliver(&world.stub, "m1");
    world.stub.trick("GET /v1/downloads", Trick::Cut(100_000));
    for _ in 0..2 {
        world.stub.trick("GET /v1/downloads", Trick::Drop);
    }
    let to = world.folder.path().join("received");
    world.client.download("m1").to(&to).await.unwrap_err();
    assert_eq!(world.terminal().pending_downloads().unwrap().len(), 1);
    world.terminal().forget_download(&"m1".into()).unwrap();
    assert_eq!(world.terminal().pending_downloads().unwrap(), []);
    let error = world.terminal().forget_download(&"m1".into()).unwrap_err();
    assert_eq!(error.code().as_str(), "not-found");
}
