//! Peers that leave the server waiting are let go.

use std::time::Duration;

use careplan_wire::listener::Limits;
use careplan_wire::serve::Options;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::bed::Bed;

async fn impatient() -> Bed {
    let limits = Limits {
        handshake: Duration::from_millis(300),
        head: Duration::from_millis(300),
        ..Limits::default()
    };
    Bed::with(Options { limits, ..Options::default() }).await
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
    let bed = impatient().await;
    let at = bed.server.addresses();
    for url in [&at.sites, &at.controls] {
        for head in ["", "G", "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nX-Slow: "] {
            let mut stream = TcpStream::connect(address(url)).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            let seen = until_closed(stream).await;
            assert!(!seen.starts_with(b"HTTP/1.1 200"), "{head:?}");
        }
    }
    assert_eq!(bed.ask(bed.plain.get(bed.controls("/healthz"))).await.status, 200);
}

#[tokio::test]
async fn half_a_handshake_is_not_waited_for() {
    let bed = impatient().await;
    let relay = address(&bed.server.addresses().relay);
    for start in [&b""[..], &[0x16, 0x03, 0x01, 0x02, 0x00]] {
        let mut stream = TcpStream::connect(&relay).await.unwrap();
        stream.write_all(start).await.unwrap();
        until_closed(stream).await;
    }
    let metrics = bed.ask(bed.plain.get(bed.controls("/metrics"))).await;
    let text = String::from_utf8_lossy(&metrics.bytes).into_owned();
    assert!(text.contains("careplan_tls_handshakes_total{outcome=\"timeout\"} 2"), "{text}");
}

#[tokio::test]
async fn no_more_connections_than_allowed_and_the_next_one_waits() {
    let limits = Limits { connections: 2, head: Duration::from_millis(300), ..Limits::default() };
    let bed = Bed::with(Options { limits, ..Options::default() }).await;
    let sites = address(&bed.server.addresses().sites);
    let mut silent = Vec::new();
    for _ in 0..4 {
        silent.push(TcpStream::connect(&sites).await.unwrap());
    }
    // Waits in the backlog until the silent ones are let go, then is answered.
    let answer = bed.ask(bed.plain.get(bed.sites("/v1/nothing"))).await;
    assert_eq!(answer.code(), "route-unknown");
}
