//! TLS and client certificates.

use std::sync::Arc;

use careplan_tests::office::Office;
use careplan_tests::tls::ANY_VERSION;
use reqwest::Method;
use serde_json::json;

use super::scene::Scene;

/// E4 of relay.md §3.
const OFFICIAL: &str = "正しい電子証明書をインストールしてください。";

expectations! {
    "TLS-01" no_certificate ("relay.md §3 E4, stated")
        "stage 2 without a certificate is refused";
    "TLS-02" expired ("relay.md §3 E4, §5, stated")
        "an expired certificate is refused";
    "TLS-03" not_yet_valid ("relay.md §3 E4, §5, stated")
        "a certificate that is not valid yet is refused";
    "TLS-04" revoked ("relay.md §3 E4, §9 item 11, assumed")
        "a revoked certificate is refused";
    "TLS-05" other_root ("relay.md §3 E4, §5, stated")
        "a certificate of another authority is refused";
    "TLS-06" wrong_usage ("relay.md §3 E4, §5, assumed")
        "a certificate for another usage is refused";
    "TLS-07" without_office ("relay.md §3 E4, §5, assumed")
        "a certificate without an office number is refused";
    "TLS-08" other_office ("relay.md §3 E4, stated")
        "another office's certificate is refused";
    "TLS-09" agent ("relay.md §5, stated")
        "a certificate of an agent is refused";
    "TLS-10" disability ("relay.md §5, stated")
        "a certificate for 障害者総合支援 is refused";
    "TLS-11" token_with_other_certificate ("relay.md §8, assumed")
        "a token does not work with another certificate";
    "TLS-12" token_without_certificate ("relay.md §8, assumed")
        "a token does not work without a certificate";
    "TLS-13" tls13 ("relay.md §8, inferred")
        "TLS 1.3 is offered";
    "TLS-14" plain_http ("relay.md §8, inferred")
        "plain HTTP is not served";
    "TLS-15" authority ("careplan-testbed API, assumed")
        "authority and revocation list need no certificate";
    "TLS-16" revoked_at_once ("relay.md §3 E4, §9 item 11, assumed")
        "a certificate is refused from the moment it is revoked";
}

async fn no_certificate(scene: Arc<Scene>) {
    let answer = scene.bed.log_in(&scene.bed.plain, &scene.planner.number).await;
    let _ = answer.is(403).refused("certificate-missing").official(OFFICIAL);
}

/// A certificate that is wrong in this way is refused at the login over every version of TLS, with
/// the token of a good login, and as that of the signer of a message, whoever brings it.
async fn wrong(scene: &Scene, id: &str, code: &str, as_signer: &str) {
    let Scene { bed, planner, service, .. } = scene;
    let (installed, issued) = bed.issue(&planner.number, Some(id)).await;
    assert_eq!(issued["refusal"], code);
    for version in ANY_VERSION {
        let client = bed.client_of(Some(&installed), &[version]);
        let answer = bed.log_in(&client, &planner.number).await;
        let _ = answer.is(403).refused(code).official(OFFICIAL);
        let top = client.get(bed.relay("/v1/top")).bearer_auth(&planner.token);
        let _ = bed.ask(top).await.is(403);
    }
    let signer = Office { installed: installed.into(), ..planner.clone() };
    let form = signer.message(&service.number, &scene.files("K2"));
    let _ = planner.post_form(bed, &scene.key(), form).await.refused(as_signer);
}

async fn expired(scene: Arc<Scene>) {
    wrong(&scene, "expired", "certificate-expired", "certificate-expired").await;
}

async fn not_yet_valid(scene: Arc<Scene>) {
    wrong(&scene, "not-yet-valid", "certificate-not-yet-valid", "certificate-not-yet-valid").await;
}

async fn revoked(scene: Arc<Scene>) {
    wrong(&scene, "revoked", "certificate-revoked", "certificate-revoked").await;
}

async fn other_root(scene: Arc<Scene>) {
    wrong(&scene, "other-root", "certificate-of-other-root", "signature-invalid").await;
}

async fn wrong_usage(scene: Arc<Scene>) {
    wrong(&scene, "wrong-usage", "certificate-wrong-usage", "certificate-wrong-usage").await;
}

async fn without_office(scene: Arc<Scene>) {
    wrong(&scene, "without-office", "certificate-without-office", "certificate-without-office")
        .await;
}

async fn other_office(scene: Arc<Scene>) {
    wrong(&scene, "other-office", "certificate-of-other-office", "signer-is-not-you").await;
    let answer = scene.bed.log_in(&scene.service.client, &scene.planner.number).await;
    let _ = answer.is(403).refused("certificate-of-other-office").official(OFFICIAL);
}

async fn agent(scene: Arc<Scene>) {
    wrong(&scene, "agent", "certificate-wrong-kind", "certificate-wrong-kind").await;
}

async fn disability(scene: Arc<Scene>) {
    wrong(&scene, "disability", "certificate-wrong-kind", "certificate-wrong-kind").await;
}

/// Nothing can be read with the token of the planner through this client.
async fn reads_nothing(scene: &Scene, client: &reqwest::Client) {
    for path in ["/v1/top", "/v1/inbox", "/v1/outbox"] {
        let request = client.get(scene.bed.relay(path)).bearer_auth(&scene.planner.token);
        let answer = scene.bed.ask(request).await;
        assert!([401, 403].contains(&answer.status), "{answer:?}");
    }
}

async fn token_with_other_certificate(scene: Arc<Scene>) {
    reads_nothing(&scene, &scene.service.client).await;
}

async fn token_without_certificate(scene: Arc<Scene>) {
    reads_nothing(&scene, &scene.bed.plain).await;
}

async fn tls13(scene: Arc<Scene>) {
    let Scene { bed, planner, .. } = &*scene;
    let client = bed.client_of(Some(&planner.installed), &[&rustls::version::TLS13]);
    let _ = bed.log_in(&client, &planner.number).await.is(200);
}

async fn plain_http(scene: Arc<Scene>) {
    let url = scene.bed.relay("/v1/authority").replacen("https://", "http://", 1);
    // A server may say in HTTP that it wants TLS.
    if let Ok(response) = scene.bed.plain.get(url).send().await {
        assert!(response.status().as_u16() >= 300, "{response:?}");
    }
}

async fn authority(scene: Arc<Scene>) {
    let answer = scene.bed.ask(scene.bed.plain.get(scene.bed.relay("/v1/authority"))).await.is(200);
    assert!(careplan_certs::Judge::from_pem(answer.text("ca_pem")).is_ok(), "{answer:?}");
    answer.told(&["/crl_der_base64"]);
}

async fn revoked_at_once(scene: Arc<Scene>) {
    let Scene { bed, planner, .. } = &*scene;
    let (installed, issued) = bed.issue(&planner.number, None).await;
    let client = bed.client(Some(&installed));
    let login = bed.log_in(&client, &planner.number).await.is(200);
    let top = || client.get(bed.relay("/v1/top")).bearer_auth(login.text("access_token"));
    let _ = bed.ask(top()).await.is(200);
    let authority = async || bed.ask(client.get(bed.relay("/v1/authority"))).await.is(200);
    let before = authority().await;
    let serial = issued["serial"].as_str().unwrap();
    let revoke = format!("/v1/controls/certificates/{serial}/revoke");
    let _ = bed.control(Method::POST, &revoke, &json!({})).await.is(204);
    let _ = bed.ask(top()).await.is(403).refused("certificate-revoked");
    let refresh = json!({ "refresh_token": login.text("refresh_token") });
    let refresh = client.post(bed.relay("/v1/token/refresh")).json(&refresh);
    let _ = bed.ask(refresh).await.refused("certificate-revoked");
    let after = authority().await;
    assert_eq!(before.text("ca_pem"), after.text("ca_pem"));
    assert_ne!(before.text("crl_der_base64"), after.text("crl_der_base64"));
}
