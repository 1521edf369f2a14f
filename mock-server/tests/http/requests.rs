//! Routes, problem documents, hosts and origins.

use reqwest::Method;
use serde_json::json;

use crate::bed::{Bed, PLANNER};

#[tokio::test]
async fn a_refusal_is_a_problem_document_in_two_languages() {
    let bed = Bed::start().await;
    let answer = bed.ask(bed.plain.get(bed.sites("/v1/nothing"))).await;
    assert_eq!((answer.status, answer.code()), (404, "route-unknown"));
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.text("type"), "urn:careplan-testbed:refusal:route-unknown");
    assert_eq!(answer.json["status"], 404);
    assert_eq!(answer.text("request_id"), answer.header("x-request-id"));
    for member in ["title", "title_en", "detail", "detail_en", "hint", "hint_en", "clause"] {
        assert!(!answer.text(member).is_empty(), "{member}");
    }
    assert!(answer.text("detail_en").contains("GET /v1/nothing"), "{}", answer.json);
}

#[tokio::test]
async fn another_method_is_told_the_right_ones() {
    let bed = Bed::start().await;
    let answer = bed.ask(bed.plain.delete(bed.sites("/v1/portal/login"))).await;
    assert_eq!((answer.status, answer.code()), (405, "method-not-allowed"));
    assert_eq!(answer.header("allow"), "POST");
}

#[tokio::test]
async fn a_sane_request_id_is_kept_and_another_replaced() {
    let bed = Bed::start().await;
    let ask =
        |id: &'static str| bed.plain.get(bed.sites("/openapi.json")).header("x-request-id", id);
    assert_eq!(bed.ask(ask("my-run.0001")).await.header("x-request-id"), "my-run.0001");
    for strange in ["short", "with space in it", "x".repeat(65).leak()] {
        let answer = bed.ask(ask(strange)).await;
        assert_ne!(answer.header("x-request-id"), strange);
    }
}

#[tokio::test]
async fn a_wrong_body_is_explained_without_repeating_it() {
    let bed = Bed::start().await;
    let url = bed.sites("/v1/portal/login");
    let not_json = bed.plain.post(&url).body("user_id=x");
    assert_eq!(bed.ask(not_json).await.code(), "json-wanted");
    let broken = bed
        .plain
        .post(&url)
        .header("content-type", "application/json")
        .body(r#"{"user_id":"KJ131370000010","password":{"secret":"Himitsu99"}}"#);
    let answer = bed.ask(broken).await;
    assert_eq!((answer.status, answer.code()), (400, "body-malformed"));
    assert!(!answer.json.to_string().contains("Himitsu99"), "{}", answer.json);
    let large =
        bed.plain.post(&url).json(&json!({ "user_id": "x".repeat(70_000), "password": "" }));
    assert_eq!(bed.ask(large).await.code(), "body-too-large");
}

#[tokio::test]
async fn a_list_takes_only_parameters_it_knows() {
    let bed = Bed::start().await;
    let office = bed.office(PLANNER).await;
    for query in ["sort=size", "state=maybe", "page=x", "to=1", "colour=red"] {
        let answer = bed.ask(office.get(bed.relay(&format!("/v1/inbox?{query}")))).await;
        assert_eq!((answer.status, answer.code()), (400, "query-malformed"), "{query}");
    }
}

#[tokio::test]
async fn a_foreign_host_is_refused_on_every_listener() {
    let bed = Bed::start().await;
    let at = bed.server.addresses();
    let http1 = reqwest::Client::builder()
        .tls_backend_preconfigured(crate::bed::tls(&bed.server, None, &[&rustls::version::TLS13]))
        .no_proxy()
        .http1_only()
        .build()
        .unwrap();
    for url in [
        format!("{}/openapi.json", at.sites),
        format!("{}/healthz", at.controls),
        format!("{}/v1/authority", at.relay),
    ] {
        for foreign in ["evil.example", "127.0.0.1.evil.example", "192.0.2.1:8080"] {
            let answer = bed.ask(http1.get(&url).header("host", foreign)).await;
            assert_eq!((answer.status, answer.code()), (421, "host-unknown"), "{url} {foreign}");
        }
        let own = bed.ask(http1.get(&url).header("host", "localhost:1234")).await;
        assert_eq!(own.status, 200, "{url}");
    }
}

#[tokio::test]
async fn the_controls_refuse_other_sites_and_forms() {
    let bed = Bed::start().await;
    let url = bed.controls("/v1/controls/reset");
    let foreign = bed.plain.post(&url).header("origin", "http://evil.example").json(&json!({}));
    let answer = bed.ask(foreign).await;
    assert_eq!((answer.status, answer.code()), (403, "origin-foreign"));
    let form = bed.plain.post(&url).header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(bed.ask(form).await.code(), "json-wanted");
    assert_eq!(bed.ask(bed.plain.post(&url)).await.code(), "json-wanted");
    let own = bed.plain.post(&url).header("origin", bed.controls("")).json(&json!({}));
    assert_eq!(bed.ask(own).await.status, 200);
}

#[tokio::test]
async fn an_open_address_wants_the_admin_token() {
    use careplan_wire::serve::Options;
    let options = Options {
        bind: std::net::Ipv4Addr::UNSPECIFIED.into(),
        listen_anywhere: true,
        ..Options::default()
    };
    let bed = Bed::with(options).await;
    let token = bed.server.admin_token().expect("one is drawn").reveal().to_owned();
    assert!(token.len() >= 32);
    let url = bed.controls("/v1/controls/accounts");
    let without = bed.ask(bed.plain.get(&url)).await;
    assert_eq!((without.status, without.code()), (401, "admin-token-wrong"));
    let wrong = bed.plain.get(&url).bearer_auth("0".repeat(token.len()));
    assert_eq!(bed.ask(wrong).await.code(), "admin-token-wrong");
    assert_eq!(bed.ask(bed.plain.get(&url).bearer_auth(&token)).await.status, 200);
    assert_eq!(bed.ask(bed.plain.request(Method::GET, bed.controls("/healthz"))).await.status, 200);
}
