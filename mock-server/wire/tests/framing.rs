//! Requests of which two programs could think differently where they end or whom they are for, as
//! bytes over a socket of every listener.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::sync::Arc;

use careplan_relay::beginning::Beginning;
use careplan_relay::store::State;
use careplan_spec::Text;
use careplan_wire::scenarios::{ScenarioInfo, Scenarios};
use careplan_wire::serve::{Options, Server};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

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

/// A listener, with something to get and something to post to.
struct Door {
    address: String,
    tls: Option<TlsConnector>,
    get: &'static str,
    post: &'static str,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

impl Door {
    async fn open(&self) -> Box<dyn Stream> {
        let stream = TcpStream::connect(&self.address).await.unwrap();
        match &self.tls {
            None => Box::new(stream),
            Some(tls) => {
                let name = ServerName::try_from("localhost").unwrap();
                Box::new(tls.connect(name, stream).await.unwrap())
            }
        }
    }

    /// What comes back, to the end that the server makes.
    async fn say(&self, bytes: &str) -> String {
        let mut stream = self.open().await;
        stream.write_all(bytes.as_bytes()).await.unwrap();
        let mut seen = Vec::new();
        // A TLS stream may end without a farewell.
        let _ = stream.read_to_end(&mut seen).await;
        String::from_utf8(seen).unwrap()
    }
}

async fn doors() -> (Server, [Door; 3]) {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let options = Options { port_base: 0, ..Options::default() };
    let server = Server::start(options, Arc::new(Empty), |_| axum::Router::new()).await.unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(server.relay().authority().ca_der.clone())).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let tls = TlsConnector::from(Arc::new(config));
    let at = server.addresses().clone();
    let address = |url: &str| url.split("://").nth(1).unwrap().to_owned();
    let doors = [
        Door {
            address: address(&at.sites),
            tls: None,
            get: "/openapi.json",
            post: "/v1/portal/login",
        },
        Door {
            address: address(&at.controls),
            tls: None,
            get: "/healthz",
            post: "/v1/controls/reset",
        },
        Door {
            address: address(&at.relay),
            tls: Some(tls),
            get: "/v1/authority",
            post: "/v1/login/terminal",
        },
    ];
    (server, doors)
}

fn answers(seen: &str) -> usize {
    seen.matches("HTTP/1.1 ").count()
}

#[tokio::test]
async fn a_request_that_names_no_host_or_two_is_refused_and_its_connection_closed() {
    let (_server, doors) = doors().await;
    for door in &doors {
        let get = door.get;
        for (head, why) in [
            (
                format!("GET {get} HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"),
                "There is more than one Host header.",
            ),
            (
                format!("GET {get} HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"),
                "There is more than one Host header.",
            ),
            (format!("GET {get} HTTP/1.1\r\n\r\n"), "There is no Host header."),
            (
                format!("GET http://evil.example{get} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                "The host of the URL and the Host header differ.",
            ),
            (
                format!("GET http://localhost{get} HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
                "The host of the URL and the Host header differ.",
            ),
        ] {
            // A request behind it is not answered.
            let both = format!("{head}GET {get} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            let seen = door.say(&both).await;
            assert!(seen.starts_with("HTTP/1.1 400 "), "{head}{seen}");
            assert!(seen.contains("\"host-unclear\"") && seen.contains(why), "{head}{seen}");
            assert_eq!(answers(&seen), 1, "{head}{seen}");
        }
        let whole = format!(
            "GET http://localhost{get} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        );
        let seen = door.say(&whole).await;
        assert!(seen.starts_with("HTTP/1.1 200 "), "{seen}");
        let foreign = format!(
            "GET http://evil.example{get} HTTP/1.1\r\nHost: evil.example\r\n\
             Connection: close\r\n\r\n"
        );
        let seen = door.say(&foreign).await;
        assert!(seen.starts_with("HTTP/1.1 421 "), "{seen}");
    }
}

#[tokio::test]
async fn a_request_in_chunks_with_a_length_too_is_the_last_of_its_connection() {
    let (_server, doors) = doors().await;
    for door in &doors {
        let (get, post) = (door.get, door.post);
        let hidden = format!("GET {get} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        for framing in [
            "Content-Length: 4\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 4",
            "Transfer-Encoding: chunked",
        ] {
            let head = format!(
                "POST {post} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                 {framing}\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"
            );
            let seen = door.say(&format!("{head}{hidden}")).await;
            assert_eq!(answers(&seen), 1, "{framing}: {seen}");
            let head = seen.split("\r\n\r\n").next().unwrap().to_ascii_lowercase();
            assert!(head.contains("\r\nconnection: close"), "{framing}: {seen}");
        }
        for broken in [
            "Content-Length: 4\r\nContent-Length: 5\r\n\r\n{}{}",
            "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Length: +2\r\n\r\n{}",
            "Content-Length : 2\r\n\r\n{}",
        ] {
            let head = format!(
                "POST {post} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            );
            let seen = door.say(&format!("{head}{broken}{hidden}")).await;
            assert!(seen.starts_with("HTTP/1.1 400 "), "{broken}: {seen}");
            assert_eq!(answers(&seen), 1, "{broken}: {seen}");
        }
        // With a length alone a connection goes on.
        let plain = format!(
            "POST {post} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: 2\r\n\r\n{{}}GET {get} HTTP/1.1\r\nHost: localhost\r\n\
             Connection: close\r\n\r\n"
        );
        let seen = door.say(&plain).await;
        assert_eq!(answers(&seen), 2, "{seen}");
    }
}
