use std::sync::Arc;

use careplan_certs::kind::Kind;
use careplan_certs::package::{Encryption, pack};
use careplan_certs::{Authority, Request};
use careplan_client_core::{
    Class, Code, Error, ErrorKind, Lang, Terminal, Whose, certificate_notes,
};
use careplan_spec::office_number::OfficeNumber;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::stub::{Stub, Trick, refusal};
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
    assert_eq!(error.code().as_str(), "certificate-import");
    assert!(terminal.certificate().unwrap().is_none());
    assert!(terminal.import_certificate(b"no p12", "x").is_err());
    terminal.import_certificate(&p12(&OWN, "パスワード１"), "パスワード１").unwrap();
    // The password is nowhere, and the authority came with the certificate.
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("パスワード"));
    }
    let client = config(&stub.url).terminal(terminal).build().unwrap();
    client.login(&credentials()).await.unwrap();
    client.top().await.unwrap();
}

#[tokio::test]
async fn a_refusal_in_the_handshake_is_explained() {
    let stub = Stub::start(state(), Some(tls(&AUTHORITY, true))).await;
    let (_folder, terminal) = terminal();
    let config = config(&stub.url).ca_pem(AUTHORITY.ca_pem());
    let client = config.terminal(terminal).build().unwrap();
    let error = client.login(&credentials()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::RefusedInHandshake { .. }), "{error:?}");
    assert_eq!(error.class(), Class::NotLoggedIn);
    assert!(error.to_string().contains("電子証明書がありません"), "{error}");
    assert!(error.describe(Lang::En).contains("Import the office's certificate (p12)."), "{error}");
}

/// The relay began anew: its authority has the name of the old one and another key.
#[tokio::test]
async fn a_certificate_of_an_earlier_start_is_named() {
    let stub = Stub::start(state(), Some(tls(&AUTHORITY, true))).await;
    let earlier = Authority::generate(now()).unwrap();
    let (_folder, terminal) = terminal();
    terminal.install_certificate(&crate::world::certificate_by(&earlier, &OWN)).unwrap();
    let config = config(&stub.url).ca_pem(AUTHORITY.ca_pem());
    let client = config.terminal(terminal).build().unwrap();
    for _ in 0..10 {
        let error = client.login(&credentials()).await.unwrap_err();
        assert_eq!(
            (error.class(), error.code().as_str()),
            (Class::NotLoggedIn, "refused-in-handshake")
        );
        let ja = error.describe(Lang::Ja);
        assert!(ja.contains("（今の認証局が発行したものではありません）"), "{ja}");
        assert!(ja.contains("今の模擬環境でダウンロードした電子証明書（p12）を"), "{ja}");
        let en = error.describe(Lang::En);
        assert!(en.contains("(not issued by the relay's present authority)"), "{en}");
        assert!(en.contains("download the certificate (p12) from the one that runs now"), "{en}");
    }
    assert_eq!(stub.count("POST"), 0, "no password left the terminal");
}

/// Both versions of HTTP, for a client that offers the newer one.
#[cfg(feature = "http2")]
#[tokio::test]
async fn http_2_is_offered_and_fails_as_http_1_does() {
    let with = |strict| {
        let mut offered = (*tls(&AUTHORITY, strict)).clone();
        offered.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Some(Arc::new(offered))
    };
    let stub = Stub::start(state(), with(false)).await;
    let (_folder, terminal) = terminal();
    terminal.install_certificate(&crate::world::certificate(&OWN)).unwrap();
    let client = config(&stub.url).terminal(terminal.clone()).build().unwrap();
    client.login(&credentials()).await.unwrap();
    client.top().await.unwrap();
    assert_eq!(stub.state().version, "HTTP/2.0");
    // A lost answer is asked for again, and an answer that never comes has its limit.
    stub.trick("GET /v1/top", Trick::DropAfter);
    client.top().await.unwrap();
    let files = crate::world::actuals();
    let message = careplan_client_core::Message::new(files).unwrap();
    stub.trick("POST /v1/messages", Trick::DropAfter);
    assert!(client.send(message).await.unwrap().repeated);
    assert_eq!(stub.state().messages.len(), 1);
    // A relay that refuses in the handshake.
    let strict = Stub::start(state(), with(true)).await;
    let folder = tempfile::tempdir().unwrap();
    let bare = Terminal::open(folder.path()).unwrap();
    let client = config(&strict.url).ca_pem(AUTHORITY.ca_pem()).terminal(bare).build().unwrap();
    let error = client.login(&credentials()).await.unwrap_err();
    assert_eq!((error.class(), error.code()), (Class::NotLoggedIn, &Code::RefusedInHandshake));
}

/// What a terminal with this relay and clock is told.
async fn told(relay: &str, at: &str) -> Error {
    let (_folder, terminal) = terminal();
    let config = config(relay).ca_pem(AUTHORITY.ca_pem());
    let config = config.clock(careplan_client_core::FixedClock(at.parse().unwrap()));
    let client = config.terminal(terminal).build().unwrap();
    client.login(&credentials()).await.unwrap_err()
}

#[tokio::test]
async fn a_wrong_port_or_scheme_is_named() {
    const NOW: &str = "2026-11-21T07:00:00Z";
    let plain = Stub::start(state(), None).await;
    let secure = Stub::start(state(), Some(tls(&AUTHORITY, false))).await;
    // https to what speaks no TLS: plain HTTP, and a mail server.
    let mail = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mail_at = format!("https://{}", mail.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = mail.accept().await {
            use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
            stream.write_all(b"220 mail.example ESMTP\r\n").await.unwrap();
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
    });
    for relay in [plain.url.replace("http:", "https:"), mail_at] {
        let error = told(&relay, NOW).await;
        assert_eq!((error.class(), error.code().as_str()), (Class::Unreachable, "wrong-protocol"));
        let ja = error.describe(Lang::Ja);
        assert!(ja.contains("では暗号化された接続（TLS）ができません"), "{ja}");
        assert!(ja.contains("ポート番号を確かめてください"), "{ja}");
        assert!(error.describe(Lang::En).contains("speaks no TLS ("), "{error:?}");
    }
    // http to what speaks TLS: an alert, or an answer in words.
    plain.trick("POST", Trick::Say(400, b"use https:// instead of http://".to_vec()));
    for relay in [secure.url.replace("https:", "http:"), plain.url.clone()] {
        let error = told(&relay, NOW).await;
        assert_eq!((error.class(), error.code().as_str()), (Class::Unreachable, "wrong-protocol"));
        let ja = error.describe(Lang::Ja);
        assert!(ja.contains("http:// ではなく https:// で始まる接続先を使い"), "{ja}");
        assert!(error.describe(Lang::En).contains("Use https:// instead of http://"), "{error:?}");
    }
    // Other words with 400 are a refusal as before.
    plain.trick("POST", Trick::Say(400, b"bad".to_vec()));
    assert_eq!(told(&plain.url, NOW).await.code(), "refused");
}

#[tokio::test]
async fn a_wrong_clock_is_told_as_a_wrong_clock() {
    let secure = Stub::start(state(), Some(tls(&AUTHORITY, false))).await;
    // The relay's certificate ends with its authority, years from now.
    for (at, shown, bound) in [
        ("2020-01-01T00:00:00Z", "2020/01/01 09:00", ("から有効", "valid from 2026/11/")),
        ("2090-01-01T00:00:00Z", "2090/01/01 09:00", ("まで有効", "valid until 20")),
    ] {
        let error = told(&secure.url, at).await;
        assert_eq!((error.class(), error.code().as_str()), (Class::Unreachable, "wrong-clock"));
        assert!(matches!(error.kind(), ErrorKind::WrongClock { whose: Whose::Relay, .. }));
        let ja = error.describe(Lang::Ja);
        assert!(ja.contains(&format!("このパソコンの時計（{shown}）では")), "{ja}");
        assert!(ja.contains(bound.0) && ja.contains("有効期間外です"), "{ja}");
        assert!(ja.contains("パソコンの日付と時刻を確かめてください"), "{ja}");
        let en = error.describe(Lang::En);
        assert!(en.contains(bound.1) && en.contains("outside its validity"), "{en}");
        assert!(!error.is_retryable());
    }
}

/// The relay says that the certificate has ended or not begun; by this terminal's clock it counts.
#[tokio::test]
async fn a_clock_that_disagrees_about_the_certificate_is_told() {
    let stub = Stub::start(state(), None).await;
    let (_folder, terminal) = terminal();
    terminal.install_certificate(&crate::world::certificate(&OWN)).unwrap();
    for (at, blames) in [("2027-01-01T00:00:00Z", true), ("2040-01-01T00:00:00Z", false)] {
        let clock = careplan_client_core::FixedClock(at.parse().unwrap());
        let client = config(&stub.url).clock(clock).terminal(terminal.clone()).build().unwrap();
        stub.trick("POST /v1/login/office", refusal(403, "certificate-expired"));
        let error = client.login(&credentials()).await.unwrap_err();
        assert_eq!(*error.code(), Code::CertificateExpired);
        let told = error.explain().to_do;
        assert_eq!(
            told.ja.contains("このパソコンの時計は2027/01/01 09:00です"),
            blames,
            "{told:?}"
        );
        assert_eq!(told.en.contains("the clock of this computer says"), blames, "{told:?}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_certificate_for_other_names_is_named() {
    let stub = Stub::start_at([127, 0, 0, 2], state(), Some(tls(&AUTHORITY, false))).await;
    let error = told(&stub.url, "2026-11-21T07:00:00Z").await;
    assert_eq!((error.class(), error.code().as_str()), (Class::Unreachable, "untrusted-relay"));
    let ja = error.describe(Lang::Ja);
    assert!(ja.contains("の証明書は、別の名前のものです"), "{ja}");
    assert!(ja.contains("127.0.0.1") && ja.contains("localhost"), "the names it has: {ja}");
    assert!(error.describe(Lang::En).contains("use a name of the certificate"), "{error:?}");
}

#[tokio::test]
async fn a_relay_of_another_authority_is_not_trusted() {
    let other = Authority::generate(now()).unwrap();
    let stub = Stub::start(state(), Some(tls(&other, false))).await;
    let (_folder, terminal) = terminal();
    // With no authority at all, and with the wrong one.
    for ca_pem in [None, Some(AUTHORITY.ca_pem())] {
        let knows = ca_pem.is_some();
        let mut config = config(&stub.url);
        if let Some(pem) = ca_pem {
            config = config.ca_pem(pem);
        }
        let client = config.terminal(terminal.clone()).build().unwrap();
        let error = client.login(&credentials()).await.unwrap_err();
        assert_eq!((error.class(), error.code().as_str()), (Class::Unreachable, "untrusted-relay"));
        let (ja, en) = match knows {
            true => {
                ("この端末が知っている認証局と異なります", "fetch its certificate anew (the sites")
            }
            false => ("認証局の証明書が、この端末にありません", "this terminal knows no authority"),
        };
        assert!(error.describe(Lang::Ja).contains(ja), "{error}");
        assert!(error.describe(Lang::En).contains(en), "{error:?}");
    }
    let config = config(&stub.url).ca_pem("nothing".to_owned());
    assert_eq!(config.terminal(terminal).build().unwrap_err().code(), "bad-authority");
    assert_eq!(stub.count("POST"), 0, "no password left the terminal");
}

#[test]
fn what_can_be_seen_of_a_certificate_is_said_before_it_is_used() {
    let (_folder, terminal) = terminal();
    // In the older encryption; the other tests import the newer one.
    let office = OfficeNumber::parse(OWN.as_bytes()).unwrap();
    let issued = AUTHORITY.issue(&Request::new(office, Kind::CarePlanJigyousho, now())).unwrap();
    let older = pack(&issued, "pw123456", Encryption::TripleDes).unwrap();
    let installed = terminal.import_certificate(&older, "pw123456").unwrap();
    let kept = terminal.certificate().unwrap().unwrap();
    assert_eq!(kept.facts(), installed.facts());
    let codes = |office: Option<&str>, at: &str| -> Vec<&str> {
        let office = office.map(|number| OfficeNumber::parse(number.as_bytes()).unwrap());
        let notes = certificate_notes(&kept, office, None, at.parse().unwrap());
        notes.iter().map(|note| note.code).collect()
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
