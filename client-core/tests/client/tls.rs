use std::sync::Arc;

use careplan_certs::kind::Kind;
use careplan_certs::package::{Encryption, pack};
use careplan_certs::{Authority, Request};
use careplan_client_core::certificate::notes;
use careplan_client_core::{Class, Client, ClientError, Terminal};
use careplan_spec::office_number::OfficeNumber;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::stub::Stub;
use crate::world::{AUTHORITY, OWN, config, credentials, now, state};

/// TLS of the relay; `strict` refuses clients without a certificate in the handshake.
fn tls(authority: &Authority, strict: bool) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.root().clone()).unwrap();
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let verifier = if strict { verifier } else { verifier.allow_unauthenticated() };
    let server = authority.issue_server(&[], &[], now()).unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(server.presented(), server.private_key().into())
        .unwrap();
    Arc::new(config)
}

fn p12(office: &str, password: &str) -> Vec<u8> {
    let office = OfficeNumber::parse(office.as_bytes()).unwrap();
    let request = Request::new(office, Kind::CarePlanJigyousho, now());
    pack(&AUTHORITY.issue(&request).unwrap(), password, Encryption::Aes256).unwrap()
}

fn terminal() -> (tempfile::TempDir, Terminal) {
    let folder = tempfile::tempdir().unwrap();
    let terminal = Terminal::open(folder.path()).unwrap();
    (folder, terminal)
}

#[tokio::test]
async fn an_imported_certificate_opens_the_strictest_relay() {
    let stub = Stub::start(state(), Some(tls(&AUTHORITY, true))).await;
    let (folder, terminal) = terminal();
    let error = terminal.import_certificate(&p12(&OWN, "パスワード１"), "wrong").unwrap_err();
    assert_eq!(error.code(), "certificate-import");
    assert!(terminal.certificate().unwrap().is_none());
    assert!(terminal.import_certificate(b"no p12", "x").is_err());
    terminal.import_certificate(&p12(&OWN, "パスワード１"), "パスワード１").unwrap();
    // The password is nowhere, and the authority came with the certificate.
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("パスワード"));
    }
    let client = Client::open(terminal, config(&stub.url)).unwrap();
    client.login(&credentials()).await.unwrap();
    client.top().await.unwrap();
}

#[tokio::test]
async fn a_refusal_in_the_handshake_is_explained() {
    let stub = Stub::start(state(), Some(tls(&AUTHORITY, true))).await;
    let (_folder, terminal) = terminal();
    let mut config = config(&stub.url);
    config.ca_pem = Some(AUTHORITY.ca_pem());
    let client = Client::open(terminal, config).unwrap();
    let error = client.login(&credentials()).await.unwrap_err();
    assert!(matches!(error, ClientError::RefusedInHandshake { .. }), "{error:?}");
    assert_eq!(error.class(), Class::NotLoggedIn);
    assert!(error.to_string().contains("電子証明書がありません"), "{error}");
}

#[tokio::test]
async fn a_relay_of_another_authority_is_not_trusted() {
    let other = Authority::generate(now()).unwrap();
    let stub = Stub::start(state(), Some(tls(&other, false))).await;
    let (_folder, terminal) = terminal();
    // With no authority at all, and with the wrong one.
    for ca_pem in [None, Some(AUTHORITY.ca_pem())] {
        let mut config = config(&stub.url);
        config.ca_pem = ca_pem;
        let client = Client::open(terminal.clone(), config).unwrap();
        let error = client.login(&credentials()).await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::Unreachable, "untrusted-relay"));
    }
    let mut config = config(&stub.url);
    config.ca_pem = Some("nothing".to_owned());
    assert_eq!(Client::open(terminal, config).unwrap_err().code(), "bad-authority");
    assert_eq!(stub.count("POST"), 0, "no password left the terminal");
}

#[test]
fn what_can_be_seen_of_a_certificate_is_said_before_it_is_used() {
    let (_folder, terminal) = terminal();
    let installed = terminal.import_certificate(&p12(&OWN, "pw123456"), "pw123456").unwrap();
    let kept = terminal.certificate().unwrap().unwrap();
    assert_eq!(kept.facts(), installed.facts());
    let codes = |office: Option<&str>, at: &str| -> Vec<&str> {
        notes(&kept, office, None, at.parse().unwrap()).iter().map(|note| note.code).collect()
    };
    assert_eq!(codes(Some(OWN.as_str()), "2026-11-21T07:00:00Z"), [""; 0]);
    assert_eq!(codes(Some("1234567890"), "2026-11-21T07:00:00Z"), ["other-office"]);
    assert_eq!(codes(None, "2026-01-01T00:00:00Z"), ["not-yet-valid"]);
    assert_eq!(codes(None, "2029-10-01T00:00:00Z"), ["renewable"]);
    assert_eq!(codes(None, "2030-01-01T00:00:00Z"), ["expired"]);
    assert!(terminal.remove_certificate().unwrap());
    assert!(!terminal.remove_certificate().unwrap());
    std::fs::write(terminal.root().join("certificate.pem"), "broken").unwrap();
    assert!(terminal.certificate().is_err());
}
