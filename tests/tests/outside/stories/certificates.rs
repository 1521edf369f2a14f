//! Every wrong certificate of the catalogue.

use careplan_tests::bed::Bed;
use careplan_tests::tls::ANY_VERSION;
use careplan_tests::unit::{files, office_of};
use reqwest::Method;
use serde_json::json;

/// E4 of relay.md §3.
const OFFICIAL: &str = "正しい電子証明書をインストールしてください。";

/// What each entry gets, written down by hand.
const CATALOGUE: [(&str, &str); 9] = [
    ("expired", "certificate-expired"),
    ("not-yet-valid", "certificate-not-yet-valid"),
    ("revoked", "certificate-revoked"),
    ("other-root", "certificate-of-other-root"),
    ("wrong-usage", "certificate-wrong-usage"),
    ("without-office", "certificate-without-office"),
    ("other-office", "certificate-of-other-office"),
    ("agent", "certificate-wrong-kind"),
    ("disability", "certificate-wrong-kind"),
];

#[tokio::test]
async fn every_wrong_certificate_is_refused_at_login_and_as_a_signer() {
    let bed = Bed::start(&[]);
    let planner = bed.office(office_of("43")).await;
    // The server's catalogue is the one above.
    let order = json!({ "office": planner.number, "wrong": "blue" });
    let unknown = bed.control(Method::POST, "/v1/controls/certificates", &order).await;
    let unknown = unknown.refused("wrong-certificate-unknown");
    let names: Vec<&str> = CATALOGUE.iter().map(|(name, _)| *name).collect();
    assert!(unknown.text("detail").ends_with(&names.join(", ")), "{unknown:?}");

    let files = files("K2", &planner.number, office_of("11"));
    let manifest = careplan_tests::office::manifest(&planner.number, office_of("11"), None, &files);
    for (name, code) in CATALOGUE {
        let (installed, issued) = bed.issue(&planner.number, Some(name)).await;
        assert_eq!(issued["refusal"], code, "{name}");
        for version in ANY_VERSION {
            let client = bed.client_of(Some(&installed), &[version]);
            let answer = bed.log_in(&client, &planner.number).await.is(403).refused(code);
            assert_eq!(answer.text("title"), OFFICIAL, "{name}");
            assert_eq!(answer.json["official"], true, "{name}");
            // A token of a good login does not help.
            let top = client.get(bed.relay("/v1/top")).bearer_auth(&planner.token);
            let answer = bed.ask(top).await;
            assert!(answer.status == 403, "{name}: {answer:?}");
        }
        // A message it signed is not taken, whoever brings it.
        let mut signer = planner.clone();
        signer.installed = installed.into();
        let form = signer.message_as(&manifest, &files);
        let refused = planner.post_form(&bed, name, form).await;
        let wanted = match name {
            "other-root" => "signature-invalid",
            "other-office" => "signer-is-not-you",
            _ => code,
        };
        let _ = refused.refused(wanted);
    }
    let outbox = planner.read(&bed, "/v1/outbox?query=4779").await.is(200);
    assert!(outbox.items().iter().all(|row| row["sent_at"].is_string()));
    let good = planner.message_as(&manifest, &files);
    let _ = planner.post_form(&bed, "good", good).await.is(201);
}

#[tokio::test]
async fn strict_tls_refuses_the_same_in_the_handshake() {
    let bed = Bed::start(&["--strict-tls"]);
    let gets_through =
        async |client: reqwest::Client| client.get(bed.relay("/v1/authority")).send().await.is_ok();
    let (good, _) = bed.issue(office_of("43"), None).await;
    assert!(gets_through(bed.client(Some(&good))).await);
    assert!(!gets_through(bed.client(None)).await);
    for name in ["expired", "not-yet-valid", "revoked", "other-root", "wrong-usage"] {
        let (installed, _) = bed.issue(office_of("43"), Some(name)).await;
        assert!(!gets_through(bed.client(Some(&installed))).await, "{name}");
    }
}

#[tokio::test]
async fn a_revoked_certificate_is_refused_from_then_on() {
    let bed = Bed::start(&[]);
    let (installed, issued) = bed.issue(office_of("11"), None).await;
    let client = bed.client(Some(&installed));
    let login = bed.log_in(&client, office_of("11")).await.is(200);
    let serial = issued["serial"].as_str().unwrap();
    let before = bed.ask(client.get(bed.relay("/v1/authority"))).await.is(200);
    let revoke = format!("/v1/controls/certificates/{serial}/revoke");
    let _ = bed.control(Method::POST, &revoke, &json!({})).await.is(204);
    let top = client.get(bed.relay("/v1/top")).bearer_auth(login.text("access_token"));
    let _ = bed.ask(top).await.refused("certificate-revoked");
    let refresh = json!({ "refresh_token": login.text("refresh_token") });
    let refresh = client.post(bed.relay("/v1/token/refresh")).json(&refresh);
    let _ = bed.ask(refresh).await.refused("certificate-revoked");
    let after = bed.ask(client.get(bed.relay("/v1/authority"))).await.is(200);
    assert_eq!(before.text("ca_pem"), after.text("ca_pem"));
    assert_ne!(before.text("crl_der_base64"), after.text("crl_der_base64"));
}
