//! Peers that leave the server waiting are let go.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::sync::Arc;
use std::time::Duration;

use careplan_relay::beginning::Beginning;
use careplan_relay::store::State;
use careplan_spec::Text;
use careplan_wire::listener::Limits;
use careplan_wire::scenarios::{ScenarioInfo, Scenarios};
use careplan_wire::serve::{Options, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// No office at all.
struct Empty;

impl Scenarios for Empty {
    fn offered(&self) -> &'static [ScenarioInfo] {
        const { &[ScenarioInfo { name: "empty", title: Text::new("空", "Empty") }] }
    }

    fn beginning(&self, name: &str, seed: u64) -> Option<Beginning> {
        Some(Beginning::new(name, seed, |_| Ok(State::default())))
    }
}

async fn serve(limits: Limits) -> Server {
    let options = Options { port_base: 0, limits, ..Options::default() };
    Server::start(options, Arc::new(Empty), |_| axum::Router::new()).await.unwrap()
}

async fn impatient() -> Server {
    let short = Duration::from_millis(300);
    serve(Limits { handshake: short, head: short, ..Limits::default() }).await
}

/// What the server answers on a connection of its own.
async fn get(url: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address(url)).await.unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    String::from_utf8(until_closed(stream).await).unwrap()
}

/// Reads until the server closes; the test run's own limit ends a server that never does.
async fn until_closed(mut stream: TcpStream) -> Vec<u8> {
    let mut seen = Vec::new();
    let _ = stream.read_to_end(&mut seen).await;
    seen
}

fn address(url: &str) -> String {
    url.split("://").nth(1).expect("a URL").to_owned()
}

#[tokio::test]
async fn half_a_head_is_not_waited_for() {
    let server = impatient().await;
    let at = server.addresses();
    for url in [&at.sites, &at.controls] {
        for head in ["", "G", "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nX-Slow: "] {
            let mut stream = TcpStream::connect(address(url)).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            let seen = until_closed(stream).await;
            assert!(!seen.starts_with(b"HTTP/1.1 200"), "{head:?}");
        }
    }
    assert!(get(&at.controls, "/healthz").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn half_a_handshake_is_not_waited_for() {
    let server = impatient().await;
    let relay = address(&server.addresses().relay);
    for start in [&b""[..], &[0x16, 0x03, 0x01, 0x02, 0x00]] {
        let mut stream = TcpStream::connect(&relay).await.unwrap();
        stream.write_all(start).await.unwrap();
        until_closed(stream).await;
    }
    let text = get(&server.addresses().controls, "/metrics").await;
    assert!(text.contains("careplan_tls_handshakes_total{outcome=\"timeout\"} 2"), "{text}");
}

#[tokio::test]
async fn where_there_are_too_many_connections_the_silent_ones_go_for_the_next() {
    let server = serve(Limits { connections: 2, ..Limits::default() }).await;
    let sites = server.addresses().sites.clone();
    let mut silent = Vec::new();
    for _ in 0..4 {
        silent.push(TcpStream::connect(address(&sites)).await.unwrap());
    }
    assert!(get(&sites, "/openapi.json").await.starts_with("HTTP/1.1 200"));
    let first = silent.remove(0);
    assert!(until_closed(first).await.is_empty(), "it was closed, and not for its silence");
    let text = get(&server.addresses().controls, "/metrics").await;
    let closed = "careplan_connections_closed_for_room_total{listener=\"sites\"} 3";
    assert!(text.contains(closed), "{text}");
}

/// More idle connections than there are places, on any listener, in four ways: silent ones, heads
/// that do not end, such as had an answer, and half a handshake. Health is answered at once, and so
/// is everybody else, and whoever keeps asking for health keeps the connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thousands_of_idle_connections_delay_nobody() {
    let limits = Limits { connections: 400, per_address: 300, ..Limits::default() };
    let server = serve(limits).await;
    let at = server.addresses();
    for (url, bytes) in [
        (&at.sites, &b""[..]),
        (&at.controls, b""),
        (&at.controls, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "),
        // One answer, and then nothing.
        (&at.controls, b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (&at.relay, b"\x16\x03\x01\x02\x00"),
    ] {
        let mut known = TcpStream::connect(address(&at.controls)).await.unwrap();
        ask(&mut known).await;
        let mut idle = Vec::new();
        for _ in 0..4_200 {
            let mut stream = TcpStream::connect(address(url)).await.unwrap();
            // It may be closed already.
            let _ = stream.write_all(bytes).await;
            idle.push(stream);
            if idle.len() > 1_000 {
                // The descriptors of this process are bounded too; the server closed these.
                idle.remove(0);
            }
        }
        for path in ["/healthz", "/readyz"] {
            // Who waits for one of the others waits for its time limit.
            let answer = timeout(Duration::from_secs(5), get(&at.controls, path)).await;
            let answer = answer.unwrap_or_else(|_| panic!("{path} waits beside {url}"));
            assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        }
        assert!(get(&at.sites, "/openapi.json").await.starts_with("HTTP/1.1 200"));
        ask(&mut known).await;
    }
}

/// A request on a connection that goes on.
async fn ask(stream: &mut TcpStream) {
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\nok") && !seen.ends_with(b"}") {
        let mut piece = [0; 1_024];
        let read = stream.read(&mut piece).await.unwrap();
        assert!(read > 0, "closed after {:?}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&piece[..read]);
    }
}

#[tokio::test]
async fn plain_http_on_the_port_of_tls_is_answered_in_words() {
    let server = impatient().await;
    let answer = get(&server.addresses().relay, "/v1/authority").await;
    assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
    assert!(answer.contains("Content-Type: text/plain; charset=utf-8\r\n"), "{answer}");
    let words = answer.split("\r\n\r\n").nth(1).unwrap();
    let (ja, en) = words.trim_end().split_once('\n').unwrap();
    assert!(ja.contains("https:// で始まる接続先を使ってください。"), "{ja}");
    assert_eq!(en, "This port speaks TLS only: use https:// instead of http://.");
    // Half a request is waited for no longer than half a handshake.
    let mut stream = TcpStream::connect(address(&server.addresses().relay)).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    assert_eq!(until_closed(stream).await, b"");
    // What begins as nothing known gets what TLS says.
    let mut stream = TcpStream::connect(address(&server.addresses().relay)).await.unwrap();
    stream.write_all(b"get / http/1.1\r\n\r\n").await.unwrap();
    assert_eq!(until_closed(stream).await.first(), Some(&0x15), "an alert");
    server.stop().await;
}

#[tokio::test]
async fn both_addresses_of_this_machine_are_served() {
    // A machine without IPv6 has one.
    if tokio::net::TcpListener::bind("[::1]:0").await.is_err() {
        return;
    }
    let server = serve(Limits::default()).await;
    let at = server.addresses();
    for url in [&at.sites, &at.controls, &at.relay] {
        let six = url.replace("127.0.0.1", "[::1]");
        let answer = get(&six, "/").await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{six}: {answer}");
    }
    server.stop().await;
    // Another address that was asked for is the only one.
    let bind = "127.0.0.2".parse().unwrap();
    let options = Options { port_base: 0, bind, ..Options::default() };
    let server = Server::start(options, Arc::new(Empty), |_| axum::Router::new()).await.unwrap();
    let six = address(&server.addresses().sites).replace("127.0.0.2", "[::1]");
    assert!(TcpStream::connect(&six).await.is_err(), "{six}");
    server.stop().await;
}
