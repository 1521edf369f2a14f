//! Parameters of lists, and who is let in at each listener.

use careplan_relay::secret::Secret;
use reqwest::Method;
use serde_json::json;

use crate::bed::{Bed, PLANNER};

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
    let text = bed.plain.post(&url).header("content-type", "text/plain");
    assert_eq!(bed.ask(text).await.code(), "json-wanted");
    let foreign = bed.plain.post(&url).header("origin", "http://evil.example");
    assert_eq!(bed.ask(foreign).await.code(), "origin-foreign");
    assert_eq!(bed.ask(bed.plain.post(&url)).await.status, 200, "there is nothing to be of a type");
    let login = bed.ask(bed.plain.post(bed.controls("/v1/controls/scenario"))).await;
    assert_eq!(login.code(), "json-wanted", "where a body is wanted, none is not enough");
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
    assert_eq!(token.len(), 8, "short enough to type");
    let url = bed.controls("/v1/controls/accounts");
    let without = bed.ask(bed.plain.get(&url)).await;
    assert_eq!((without.status, without.code()), (401, "admin-token-wrong"));
    let wrong = bed.plain.get(&url).bearer_auth("0".repeat(token.len()));
    assert_eq!(bed.ask(wrong).await.code(), "admin-token-wrong");
    assert_eq!(bed.ask(bed.plain.get(&url).bearer_auth(&token)).await.status, 200);
    assert_eq!(bed.ask(bed.plain.request(Method::GET, bed.controls("/healthz"))).await.status, 200);
}

/// Whoever tries tokens at once gets no more tries than one after the other, and from then on not
/// even an answer about the right one.
#[tokio::test]
async fn tokens_tried_at_once_are_refused_after_five() {
    use careplan_wire::serve::Options;
    let token = Secret::new("ACDEF347");
    let options = Options { admin_token: Some(token.clone()), ..Options::default() };
    let bed = Bed::with(options).await;
    let url = bed.controls("/v1/controls/accounts");
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..40 {
        let guess = bed.plain.get(&url).bearer_auth(format!("GUESS{number:03}"));
        tries.spawn(async move { guess.send().await.unwrap().status().as_u16() });
    }
    let statuses = tries.join_all().await;
    let told = |wanted| statuses.iter().filter(|status| **status == wanted).count();
    assert_eq!((told(401), told(429)), (5, 35), "{statuses:?}");
    let right = bed.ask(bed.plain.get(&url).bearer_auth(token.reveal())).await;
    assert_eq!((right.status, right.code()), (429, "admin-token-tries"));
    let waits: u64 = right.headers["retry-after"].parse().unwrap();
    assert!((1..=61).contains(&waits), "{waits}");
    // What asks for no token answers still.
    assert_eq!(bed.ask(bed.plain.request(Method::GET, bed.controls("/healthz"))).await.status, 200);
}
