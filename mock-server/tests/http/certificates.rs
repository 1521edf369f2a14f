//! What is said about certificates: in HTTP by default, in the handshake with strict TLS.

use careplan_certs::Wrong;
use careplan_wire::serve::Options;
use reqwest::Method;
use serde_json::json;

use crate::bed::{Bed, PLANNER, SERVICE};

/// E4 of relay.md §3.
const OFFICIAL: &str = "正しい電子証明書をインストールしてください。";

#[tokio::test]
async fn every_wrong_certificate_is_explained() {
    let bed = Bed::start().await;
    for wrong in Wrong::ALL {
        let (installed, issued) = bed.issue(PLANNER, Some(wrong.id())).await;
        let code = issued["refusal"].as_str().expect("a wrong one is refused");
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            let client = bed.client_of(Some(&installed), &[version]);
            let answer = bed.log_in(&client, PLANNER).await;
            assert_eq!((answer.status, answer.code()), (403, code), "{}", wrong.id());
            assert_eq!(answer.text("title"), OFFICIAL, "{}", wrong.id());
            assert_eq!(answer.json["official"], true);
        }
    }
}

#[tokio::test]
async fn without_a_certificate_only_the_first_stage_works() {
    let bed = Bed::start().await;
    let bare = bed.client(None);
    let answer = bed.log_in(&bare, PLANNER).await;
    assert_eq!((answer.status, answer.code()), (403, "certificate-missing"));
    assert_eq!(answer.text("title"), OFFICIAL);
    for path in ["/v1/top", "/v1/inbox", "/v1/outbox", "/v1/offices/4779000118"] {
        let answer = bed.ask(bare.get(bed.relay(path)).bearer_auth("anything")).await;
        assert_eq!((answer.status, answer.code()), (403, "certificate-missing"), "{path}");
    }
}

#[tokio::test]
async fn a_token_works_only_with_the_certificate_of_its_login() {
    let bed = Bed::start().await;
    let office = bed.office(PLANNER).await;
    assert_eq!(bed.ask(office.get(bed.relay("/v1/top"))).await.status, 200);
    let (other, _) = bed.issue(PLANNER, None).await;
    let client = bed.client(Some(&other));
    let answer = bed.ask(client.get(bed.relay("/v1/top")).bearer_auth(&office.token)).await;
    assert_eq!((answer.status, answer.code()), (403, "token-of-other-certificate"));
    let unknown = bed.ask(office.client.get(bed.relay("/v1/top")).bearer_auth("nonsense")).await;
    assert_eq!((unknown.status, unknown.code()), (401, "token-unknown"));
    assert_eq!(unknown.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn a_revocation_counts_on_an_open_connection() {
    let bed = Bed::start().await;
    let (installed, issued) = bed.issue(SERVICE, None).await;
    let client = bed.client(Some(&installed));
    let login = bed.log_in(&client, SERVICE).await;
    let token = login.text("access_token").to_owned();
    let serial = issued["serial"].as_str().unwrap();
    let revoke = format!("/v1/controls/certificates/{serial}/revoke");
    assert_eq!(bed.control(Method::POST, &revoke, &json!({})).await.status, 204);
    let answer = bed.ask(client.get(bed.relay("/v1/top")).bearer_auth(&token)).await;
    assert_eq!((answer.status, answer.code()), (403, "certificate-revoked"));
}

#[tokio::test]
async fn certificates_end_by_the_servers_clock() {
    let bed = Bed::start().await;
    let office = bed.office(PLANNER).await;
    let jump = json!({ "set": "2031-06-01" });
    assert_eq!(bed.control(Method::POST, "/v1/controls/clock", &jump).await.status, 200);
    let answer = bed.ask(office.get(bed.relay("/v1/top"))).await;
    assert!(["certificate-expired", "token-expired"].contains(&answer.code()), "{answer:?}");
    let back = json!({ "set": "2020-06-01" });
    bed.control(Method::POST, "/v1/controls/clock", &back).await;
    let early = bed.log_in(&office.client, PLANNER).await;
    assert_eq!(early.code(), "certificate-not-yet-valid");
}

async fn strict() -> Bed {
    Bed::with(Options { strict_tls: true, ..Options::default() }).await
}

/// Whether a request gets through the handshake. Each client is new: it has no open connection.
async fn gets_through(bed: &Bed, client: &reqwest::Client) -> bool {
    client.get(bed.relay("/v1/authority")).send().await.is_ok()
}

#[tokio::test]
async fn strict_tls_refuses_in_the_handshake() {
    let bed = strict().await;
    let (good, _) = bed.issue(PLANNER, None).await;
    assert!(gets_through(&bed, &bed.client(Some(&good))).await);
    assert!(!gets_through(&bed, &bed.client(None)).await, "no certificate");
    for wrong in
        [Wrong::Expired, Wrong::NotYetValid, Wrong::Revoked, Wrong::OtherRoot, Wrong::WrongUsage]
    {
        let (installed, _) = bed.issue(PLANNER, Some(wrong.id())).await;
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            let client = bed.client_of(Some(&installed), &[version]);
            assert!(!gets_through(&bed, &client).await, "{}", wrong.id());
        }
    }
    // What only the relay can know is still explained in HTTP.
    let (agent, _) = bed.issue(PLANNER, Some("agent")).await;
    let answer = bed.log_in(&bed.client(Some(&agent)), PLANNER).await;
    assert_eq!(answer.code(), "certificate-wrong-kind");
}

/// A resumed session does not show its certificate again: the trap of crates.md §1.
#[tokio::test]
async fn strict_tls_does_not_resume_a_revoked_session() {
    use rustls::pki_types::ServerName;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let bed = strict().await;
    let (installed, issued) = bed.issue(PLANNER, None).await;
    let config = std::sync::Arc::new(crate::bed::tls(
        &bed.server,
        Some(&installed),
        &[&rustls::version::TLS13],
    ));
    let address = bed.server.addresses().relay.trim_start_matches("https://").to_owned();
    let exchange = async || -> std::io::Result<rustls::HandshakeKind> {
        let stream = tokio::net::TcpStream::connect(&address).await?;
        let name = ServerName::try_from("localhost").expect("a name");
        let connector = tokio_rustls::TlsConnector::from(std::sync::Arc::clone(&config));
        let mut stream = connector.connect(name, stream).await?;
        let head = "GET /v1/authority HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(head.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
        Ok(stream.get_ref().1.handshake_kind().expect("a finished handshake"))
    };
    assert_eq!(exchange().await.unwrap(), rustls::HandshakeKind::Full);
    assert_eq!(exchange().await.unwrap(), rustls::HandshakeKind::Resumed, "or this proves nothing");
    let revoke = format!("/v1/controls/certificates/{}/revoke", issued["serial"].as_str().unwrap());
    assert_eq!(bed.control(Method::POST, &revoke, &json!({})).await.status, 204);
    assert!(exchange().await.is_err(), "a revoked certificate came back");
}

#[tokio::test]
async fn strict_tls_goes_by_the_servers_clock() {
    let bed = strict().await;
    let (good, _) = bed.issue(PLANNER, None).await;
    assert!(gets_through(&bed, &bed.client(Some(&good))).await);
    bed.control(Method::POST, "/v1/controls/clock", &json!({ "set": "2031-06-01" })).await;
    assert!(!gets_through(&bed, &bed.client(Some(&good))).await);
}
