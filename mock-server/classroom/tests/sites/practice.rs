//! The sites under TLS, for those who practise with a certificate in the browser.

use std::sync::Arc;

use careplan_certs::package;
use careplan_classroom::sites;
use careplan_relay::Settings;
use careplan_wire::listener::tls::ClientCertificates;
use careplan_wire::serve::Options;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::browser::{PLANNER, World};

async fn world(clients: ClientCertificates) -> World {
    let options = Options {
        settings: Settings::default(),
        port_base: 0,
        sites_tls: Some(clients),
        ..Options::default()
    };
    World { server: sites::start(options).await.unwrap() }
}

/// A client that trusts the mock, with a certificate of the planner: good, or wrong on purpose.
async fn client(world: &World, wrong: Option<&str>, has_any: bool) -> reqwest::Client {
    let mut roots = RootCertStore::empty();
    let ca = &world.relay().authority().ca_pem;
    roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = if has_any {
        let issued = world
            .relay()
            .turn()
            .await
            .expect("a turn")
            .operator()
            .issue_for_test(PLANNER, wrong, None)
            .await
            .unwrap();
        let own = package::open(&issued.p12, issued.password.reveal()).unwrap();
        builder.with_client_auth_cert(own.chain().to_vec(), own.private_key().into()).unwrap()
    } else {
        builder.with_no_client_auth()
    };
    reqwest::Client::builder().no_proxy().tls_backend_preconfigured(config).build().unwrap()
}

async fn page(world: &World, client: &reqwest::Client, path: &str) -> reqwest::Result<String> {
    let base = world.server.addresses().sites_tls.clone().expect("they are served under TLS");
    client.get(format!("{base}{path}")).send().await?.text().await
}

#[tokio::test]
async fn the_certificate_of_the_browser_is_judged_on_a_page() {
    let world = world(ClientCertificates::Asked).await;
    let good = page(&world, &client(&world, None, true).await, "/certificate").await.unwrap();
    assert!(good.contains("正しい証明書です") && good.contains(PLANNER), "{good}");
    for (wrong, says) in [(Some("expired"), "certificate-expired"), (Some("revoked"), "revoked")] {
        let shown = page(&world, &client(&world, wrong, true).await, "/certificate").await.unwrap();
        assert!(shown.contains("正しい電子証明書をインストールしてください。"), "{shown}");
        assert!(shown.contains(says), "{says}");
    }
    let none = page(&world, &client(&world, None, false).await, "/certificate").await.unwrap();
    assert!(none.contains("certificate-missing"), "{none}");
    // The plain site leads here, and hands out the authority's certificate.
    let mut browser = world.browser();
    browser.get("/certificate").await.says(world.server.addresses().sites_tls.as_ref().unwrap());
    let ca = browser.get("/ca.crt").await;
    assert_eq!(ca.html(), world.relay().authority().ca_pem);
}

#[tokio::test]
async fn sessions_under_tls_stay_under_tls() {
    let world = world(ClientCertificates::NotAsked).await;
    let base = world.server.addresses().sites_tls.clone().unwrap();
    let client = client(&world, None, false).await;
    let answer = client.get(format!("{base}/billing/login")).send().await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("tls-billing=") && cookie.contains("; Secure;"), "{cookie}");
    let mut plain = world.browser();
    plain.get("/billing/login").await;
    assert!(plain.cookies().iter().all(|(name, ..)| name == "billing"));
}

#[tokio::test]
async fn a_wrong_certificate_does_not_get_in_where_a_good_one_is_demanded() {
    let world = world(ClientCertificates::Demanded).await;
    assert!(page(&world, &client(&world, None, true).await, "/").await.is_ok());
    assert!(page(&world, &client(&world, None, false).await, "/").await.is_err());
    assert!(page(&world, &client(&world, Some("expired"), true).await, "/").await.is_err());
    assert!(page(&world, &client(&world, Some("other-root"), true).await, "/").await.is_err());
}

#[tokio::test]
async fn without_the_option_the_page_says_how() {
    let world = World::new("demo").await;
    assert!(world.server.addresses().sites_tls.is_none());
    world.browser().get("/certificate").await.says("--sites-tls ask").says("必ず削除します");
}
