//! What is in memory of bodies and archives, on raw connections: bounded, and given back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use careplan_relay::Settings;
use careplan_relay::switches::Switches;
use careplan_wire::listener::Limits;
use careplan_wire::serve::Options;
use rustls_pki_types::ServerName;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::bed::{Bed, Office, PLANNER, SERVICE, tls, unit};

/// Bytes of the large file of these messages.
const FILE: usize = 900_000;

/// More than the buffers of a connection take of an answer that nobody reads.
const ARCHIVE: usize = 16_000_000;

/// Three messages of an office fit, and six of all together.
async fn small(limits: Limits) -> Bed {
    bed(limits, 1 << 20).await
}

async fn bed(limits: Limits, message: u64) -> Bed {
    let switches = Switches {
        max_message_bytes: message,
        memory_share_bytes: 3 * message,
        memory_bytes: 6 * message,
        slowest_bytes_per_second: 10_000,
        ..Switches::default()
    };
    let settings = Settings { switches, ..Settings::default() };
    Bed::with(Options { settings, limits, ..Options::default() }).await
}

/// A connection of this office, which takes little at once.
async fn connect(bed: &Bed, office: &Office) -> TlsStream<TcpStream> {
    let address = bed.server.addresses().relay.split("://").nth(1).unwrap().to_owned();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let stream = socket.connect(address.parse().unwrap()).await.unwrap();
    let mut config = tls(&bed.server, Some(&office.installed), &[&rustls::version::TLS13]);
    config.alpn_protocols.clear();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
}

/// The head and the body of a send with a large file.
fn send(bed: &Bed, office: &Office, key: &str) -> (String, Vec<u8>) {
    let mut files = unit(&office.number, SERVICE);
    files.push(("資料.pdf".to_owned(), vec![b'x'; FILE]));
    let form = office.message(SERVICE, &files);
    let kind = format!("multipart/form-data; boundary={}", form.boundary());
    let request = office.post(bed.relay("/v1/messages")).multipart(form).build().unwrap();
    let length = &request.headers()["content-length"];
    let head = format!(
        "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
         Idempotency-Key: {key}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        office.token,
        length.to_str().unwrap()
    );
    // A form that can be read twice does not exist: the parts are written by hand.
    let boundary = kind.split_once("boundary=").unwrap().1;
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"manifest\"\r\n\r\n{{}}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n"
    );
    let mut body = body.into_bytes();
    body.resize(length.to_str().unwrap().parse::<usize>().unwrap(), b'x');
    let end = format!("\r\n--{boundary}--\r\n");
    let at = body.len() - end.len();
    body[at..].copy_from_slice(end.as_bytes());
    (head, body)
}

/// A connection that has sent everything of a message but its end.
async fn unfinished(bed: &Bed, office: &Office, key: &str) -> (TlsStream<TcpStream>, Vec<u8>) {
    let mut stream = connect(bed, office).await;
    let (head, body) = send(bed, office, key);
    let (first, last) = body.split_at(body.len() - 100);
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(first).await.unwrap();
    stream.flush().await.unwrap();
    (stream, last.to_vec())
}

/// Waits until so much is taken.
async fn until(bed: &Bed, taken: impl Fn((u64, u64)) -> bool) -> (u64, u64) {
    let started = Instant::now();
    loop {
        let now = bed.server.memory().taken();
        if taken(now) {
            return now;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{now:?} are taken, and stay");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Status, head and problem document of an answer after which the connection ends.
async fn answered(mut stream: TlsStream<TcpStream>) -> (String, Value) {
    let mut seen = Vec::new();
    let _ = stream.read_to_end(&mut seen).await;
    let seen = String::from_utf8(seen).unwrap();
    let (head, body) = seen.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{seen:?}"));
    (head.to_ascii_lowercase(), serde_json::from_str(body).unwrap_or(Value::Null))
}

/// Nothing is left, once everybody has gone.
async fn given_back(bed: &Bed) {
    until(bed, |taken| taken == (0, 0)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unfinished_sends_of_one_office_leave_the_others_their_room() {
    let bed = small(Limits::default()).await;
    let (planner, service) = (bed.office(PLANNER).await, bed.office(SERVICE).await);
    given_back(&bed).await;
    let mut held = Vec::new();
    for key in ["1", "2", "3"] {
        held.push(unfinished(&bed, &planner, key).await);
    }
    let all = 3 * FILE as u64;
    let (taken, _) = until(&bed, |(bodies, _)| bodies >= all).await;
    assert!(taken <= 3 << 20, "{taken}");
    // The fourth does not fit; it reads so once it has sent everything.
    let (mut fourth, last) = unfinished(&bed, &planner, "4").await;
    fourth.write_all(&last).await.unwrap();
    let (head, refusal) = answered_one(&mut fourth).await;
    assert!(head.starts_with("http/1.1 503") && head.contains("retry-after: 10"), "{head}");
    assert_eq!(refusal["code"], "memory-taken");
    assert_eq!(refusal["title"], "同時に送受信できる量を超えました。");
    assert_eq!(refusal["title_en"], "More than can be sent or fetched at once.");
    let ja =
        "この事業所（ログイン前は接続元のアドレス）が同時に送受信できるのは3145728バイトまでです。";
    assert_eq!(refusal["detail"], ja);
    let en = "One office (one address, before a login) sends and fetches at most 3145728 bytes at \
              once.";
    assert_eq!(refusal["detail_en"], en);
    // Another office sends and asks as ever.
    let (mut other, last) = unfinished(&bed, &service, "1").await;
    other.write_all(&last).await.unwrap();
    let (head, answer) = answered_one(&mut other).await;
    assert!(
        head.starts_with("http/1.1 422") || head.starts_with("http/1.1 400"),
        "{head} {answer}"
    );
    assert_eq!(bed.ask(service.get(bed.relay("/v1/top"))).await.status, 200);
    // One finished gives its room to the next; one cut does too.
    let (mut first, last) = held.remove(0);
    first.write_all(&last).await.unwrap();
    let (head, _) = answered_one(&mut first).await;
    assert!(head.starts_with("http/1.1 4"), "it was read whole: {head}");
    until(&bed, |(bodies, _)| bodies <= (2 << 20)).await;
    held.push(unfinished(&bed, &planner, "5").await);
    until(&bed, |(bodies, _)| bodies >= all).await;
    held.clear();
    given_back(&bed).await;
    assert_eq!(planner.send(&bed, SERVICE, "6").await.status, 201);
    given_back(&bed).await;
}

/// One answer of a connection that may go on.
async fn answered_one(stream: &mut TlsStream<TcpStream>) -> (String, Value) {
    let mut seen = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&seen).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && let Ok(value) = serde_json::from_str(body)
        {
            return (head.to_ascii_lowercase(), value);
        }
        assert_ne!(stream.read_buf(&mut seen).await.unwrap(), 0, "it ended: {text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_offices_together_take_no_more_than_there_is() {
    let bed = small(Limits::default()).await;
    let numbers = ["4779000118", "4779000183", "4779000126"];
    let mut held = Vec::new();
    let mut offices = Vec::new();
    for number in numbers {
        offices.push(bed.office(number).await);
    }
    for office in &offices[..2] {
        for key in ["1", "2", "3"] {
            held.push(unfinished(&bed, office, key).await);
        }
    }
    let (taken, _) = until(&bed, |(bodies, _)| bodies >= 6 * FILE as u64).await;
    assert!(taken <= 6 << 20, "{taken}");
    let (mut last, rest) = unfinished(&bed, &offices[2], "1").await;
    last.write_all(&rest).await.unwrap();
    let (head, refusal) = answered_one(&mut last).await;
    assert!(head.starts_with("http/1.1 503"), "{head}");
    assert_eq!(refusal["detail"], "サーバー全体で同時に送受信できるのは6291456バイトまでです。");
    assert_eq!(refusal["detail_en"], "All together send and fetch at most 6291456 bytes at once.");
    held.clear();
    given_back(&bed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_trickles_is_given_up_and_a_slow_one_is_not() {
    let body = Duration::from_millis(500);
    let bed = small(Limits { body, ..Limits::default() }).await;
    let planner = bed.office(PLANNER).await;
    let (mut trickle, last) = unfinished(&bed, &planner, "1").await;
    let started = Instant::now();
    for byte in last.iter().take(90) {
        if trickle.write_all(&[*byte]).await.is_err() || trickle.flush().await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
        if bed.server.memory().taken().0 == 0 {
            break;
        }
    }
    let took = started.elapsed();
    assert!(took >= body - Duration::from_millis(50), "{took:?}");
    assert!(took < Duration::from_secs(2), "{took:?}");
    let (head, refusal) = answered(trickle).await;
    assert!(head.starts_with("http/1.1 408"), "{head}");
    assert_eq!(refusal["code"], "body-too-slow");
    let en = "It was silent for 30 seconds, or slower than 10000 bytes a second.";
    assert_eq!(refusal["detail_en"], en);
    given_back(&bed).await;
    // At three times the pace it may take as long as it takes.
    let (head, body) = send(&bed, &planner, "2");
    let mut slow = connect(&bed, &planner).await;
    slow.write_all(head.as_bytes()).await.unwrap();
    let (begin, end) = body.split_at(body.len() - 60_000);
    slow.write_all(begin).await.unwrap();
    for piece in end.chunks(1_500) {
        slow.write_all(piece).await.unwrap();
        slow.flush().await.unwrap();
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    let (head, refusal) = answered_one(&mut slow).await;
    assert!(head.starts_with("http/1.1 4") && refusal["code"] != "body-too-slow", "{refusal}");
    given_back(&bed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_downloads_that_nobody_reads_are_one_archive_and_end() {
    let head = Duration::from_secs(5);
    let bed = bed(Limits { head, ..Limits::default() }, 20 << 20).await;
    let (planner, service) = (bed.office(PLANNER).await, bed.office(SERVICE).await);
    let mut files = unit(PLANNER, SERVICE);
    files.push(("資料.pdf".to_owned(), [b"%PDF-1.4\n".to_vec(), vec![b'x'; ARCHIVE]].concat()));
    let form = planner.message(SERVICE, &files);
    let post = planner.post(bed.relay("/v1/messages")).header("idempotency-key", "1");
    let sent = bed.ask(post.multipart(form)).await;
    assert_eq!(sent.status, 201, "{sent:?}");
    let claim = service.post(bed.relay(&format!("/v1/inbox/{}/claim", sent.text("id"))));
    let claim = bed.ask(claim).await;
    let path = format!("/v1/downloads/{}", claim.text("download_token"));
    let size = claim.json["size"].as_u64().unwrap();
    let mut unread = Vec::new();
    for _ in 0..40 {
        let mut stream = connect(&bed, &service).await;
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
            service.token
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
        unread.push(stream);
    }
    assert_eq!(until(&bed, |(_, archives)| archives > 0).await, (0, size));
    for _ in 0..20 {
        let asked = Instant::now();
        assert_eq!(bed.ask(planner.get(bed.relay("/v1/top"))).await.status, 200);
        assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
        assert!(bed.server.memory().taken().1 <= size);
    }
    // Who reads gets it, while the others do not.
    let read = bed.ask(service.get(bed.relay(&path))).await;
    assert_eq!((read.status, read.bytes.len() as u64), (200, size));
    // Those who take nothing are let go.
    given_back(&bed).await;
    drop(unread);
}
