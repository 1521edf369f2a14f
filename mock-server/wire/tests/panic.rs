//! A panic on a background thread is the failure of one request.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::sync::Arc;

use careplan_relay::beginning::Beginning;
use careplan_relay::store::State;
use careplan_spec::Text;
use careplan_wire::scenarios::{ScenarioInfo, Scenarios};
use careplan_wire::serve::{Options, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// No office at all, or a panic.
struct Fragile;

impl Scenarios for Fragile {
    fn offered(&self) -> &'static [ScenarioInfo] {
        const { &[ScenarioInfo { name: "empty", title: Text::new("空", "Empty") }] }
    }

    fn beginning(&self, name: &str, seed: u64) -> Option<Beginning> {
        let broken = name == "broken";
        Some(Beginning::new(name, seed, move |_| {
            assert!(!broken, "on purpose");
            Ok(State::default())
        }))
    }
}

/// Begins with a scenario; the answer.
async fn begin(stream: &mut TcpStream, name: &str) -> String {
    let body = format!("{{\"name\":\"{name}\"}}");
    let head = format!(
        "POST /v1/controls/scenario HTTP/1.1\r\nHost: localhost\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"}") {
        assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0, "the connection goes on");
    }
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_panic_is_answered_and_the_connection_goes_on() {
    let options = Options { port_base: 0, ..Options::default() };
    let server = Server::start(options, Arc::new(Fragile), |_| axum::Router::new()).await.unwrap();
    let address = server.addresses().controls.split("://").nth(1).unwrap().to_owned();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let failed = begin(&mut stream, "broken").await;
    assert!(failed.starts_with("HTTP/1.1 500"), "{failed}");
    assert!(failed.contains("application/problem+json"), "{failed}");
    assert!(failed.contains("\"code\":\"internal-error\""), "{failed}");
    assert!(!failed.contains("on purpose"), "what it says is for the operator: {failed}");
    assert_eq!(server.memory().taken(), (0, 0), "its body is given back");
    let begun = begin(&mut stream, "empty").await;
    assert!(begun.starts_with("HTTP/1.1 200"), "{begun}");
}
