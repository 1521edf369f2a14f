//! What surrounds every request, around a router of three routes.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use careplan_relay::clock::Clock;
use careplan_relay::secret::Secret;
use careplan_relay::switches::Switches;
use careplan_wire::api::body::JsonBody;
use careplan_wire::api::enclose;
use careplan_wire::api::envelope::{Envelope, Guard, Observer};
use careplan_wire::api::host::HostNames;
use careplan_wire::fault::{FaultKind, FaultOrder, Faults, When};
use careplan_wire::journal::{Entry, Journal};
use careplan_wire::memory::{Bounds, Memory};
use careplan_wire::metrics::Metrics;
use careplan_wire::operator::OperatorToken;
use serde_json::{Value, json};
use tower::ServiceExt;

/// A listener that nobody connects to.
struct Listener {
    router: Router,
    journal: Arc<Journal>,
    metrics: Metrics,
    faults: Arc<Faults>,
}

/// An answer, read as far as it came.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    /// None where the connection broke.
    body: Option<Bytes>,
}

impl Listener {
    fn open() -> Self {
        Self::guarded_by(None)
    }

    fn guarded_by(guard: Option<Guard>) -> Self {
        let (journal, metrics) = (Arc::new(Journal::new(1 << 20)), Metrics::new());
        let faults = Arc::new(Faults::default());
        let kept = ([("cache-control", "max-age=60")], "kept").into_response();
        let (headers, text) = (kept.headers().clone(), "kept");
        let router = Router::new()
            .route("/kept", get(move || std::future::ready((headers.clone(), text))))
            .route("/console/faults", get(|| std::future::ready("the console")))
            .route("/healthz", get(|| std::future::ready("ok")))
            .route(
                "/said",
                post(|JsonBody(said): JsonBody<Value>| async move { said.to_string() }),
            );
        let envelope = Envelope {
            observer: Observer {
                listener: "sites",
                clock: Clock::real(),
                journal: Arc::clone(&journal),
                metrics: metrics.clone(),
            },
            hosts: HostNames::new(&[], false),
            memory: Memory::new(|| Bounds::of(&Switches::default(), Duration::from_secs(30))),
            guard,
            faults: Some(Arc::clone(&faults)),
        };
        Self { router: enclose(router, envelope), journal, metrics, faults }
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Answer { status, headers, body: to_bytes(answer.into_body(), 1 << 20).await.ok() }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(request("GET", path, &[], "")).await
    }

    fn arm(&self, endpoint: &str, kind: FaultKind, after_bytes: Option<u64>) {
        let (endpoint, when) = (endpoint.to_owned(), When::Before);
        let (latency_ms, status, count, seed) = (None, Some(502), None, None);
        let order = FaultOrder {
            endpoint,
            kind,
            latency_ms,
            status,
            after_bytes,
            when,
            rate: 1.0,
            count,
            seed,
        };
        self.faults.arm(order).unwrap();
    }

    /// The last entry of the journal.
    fn noted(&self) -> Entry {
        self.journal.last(1, |_| true).entries.remove(0)
    }
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(self.body.as_ref().unwrap()).unwrap()
    }

    fn code(&self) -> String {
        self.json()["code"].as_str().unwrap().to_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", "localhost:8080");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

#[tokio::test]
async fn every_answer_is_marked() {
    let listener = Listener::open();
    for (path, cache) in [("/kept", "max-age=60"), ("/healthz", "no-store"), ("/none", "no-store")]
    {
        let answer = listener.get(path).await;
        assert_eq!(answer.header("x-mock-server"), "careplan-testbed", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cache-control"), cache, "{path}");
        assert_eq!(answer.header("x-request-id").len(), 17, "{path}");
    }
    let foreign = listener.ask(request("GET", "/kept", &[("host", "evil.example")], "")).await;
    assert_eq!(foreign.header("x-mock-server"), "careplan-testbed");
}

#[tokio::test]
async fn a_sane_request_id_is_kept_and_another_replaced() {
    let listener = Listener::open();
    let ask = |id| listener.ask(request("GET", "/kept", &[("x-request-id", id)], ""));
    assert_eq!(ask("my-run.0001").await.header("x-request-id"), "my-run.0001");
    assert_eq!(listener.noted().request_id, "my-run.0001");
    for strange in ["short", "with space in it", &"x".repeat(65)] {
        let answer = ask(strange).await;
        assert_ne!(answer.header("x-request-id"), strange);
        assert_eq!(listener.noted().request_id, answer.header("x-request-id"));
    }
}

#[tokio::test]
async fn a_refusal_is_a_problem_document_in_two_languages() {
    let answer = Listener::open().get("/v1/nothing").await;
    assert_eq!((answer.status, answer.code().as_str()), (404, "route-unknown"));
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["type"], "urn:careplan-testbed:refusal:route-unknown");
    assert_eq!(problem["status"], 404);
    assert_eq!(problem["request_id"], answer.header("x-request-id"));
    for member in ["title", "title_en", "detail", "detail_en", "hint", "hint_en", "clause"] {
        assert!(!problem[member].as_str().unwrap().is_empty(), "{member}");
    }
    assert!(problem["detail_en"].as_str().unwrap().contains("GET /v1/nothing"), "{problem}");
}

#[tokio::test]
async fn another_method_is_told_the_right_ones() {
    let answer = Listener::open().ask(request("DELETE", "/said", &[], "")).await;
    assert_eq!((answer.status, answer.code().as_str()), (405, "method-not-allowed"));
    assert_eq!(answer.header("allow"), "POST");
}

#[tokio::test]
async fn a_wrong_body_is_explained_without_repeating_it() {
    let listener = Listener::open();
    let json = [("content-type", "application/json")];
    let not_json = listener.ask(request("POST", "/said", &[], "user_id=x")).await;
    assert_eq!(not_json.code(), "json-wanted");
    let broken = r#"{"user_id":"KJ131370000010","password":{"secret":"Himitsu99"}"#;
    let answer = listener.ask(request("POST", "/said", &json, broken)).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "body-malformed"));
    assert!(!answer.json().to_string().contains("Himitsu99"), "{answer:?}");
    let long = json!("x".repeat(70_000)).to_string();
    let answer = listener.ask(request("POST", "/said", &json, &long)).await;
    assert_eq!((answer.status, answer.code().as_str()), (413, "body-too-large"));
}

#[tokio::test]
async fn a_body_goes_on_whole_and_into_the_journal_without_its_secrets() {
    let listener = Listener::open();
    let body = r#"{"password":"Himitsu99","user_id":"KJ474779000118"}"#;
    let json = [("content-type", "application/json"), ("authorization", "Bearer t0ken")];
    let answer = listener.ask(request("POST", "/said?a=b&page=2", &json, body)).await;
    assert_eq!(answer.body.unwrap(), body);
    let noted = listener.noted();
    let shown = json!({ "password": "[removed]", "user_id": "KJ474779000118" });
    assert_eq!(noted.request_body, Some(shown));
    assert_eq!(noted.request_bytes, Some(body.len() as u64));
    assert_eq!(
        (noted.endpoint.as_deref(), noted.query.as_deref()),
        (Some("/said"), Some("(other)&page"))
    );
    assert!(noted.token.unwrap().starts_with('#'));
    let long = json!({ "user_id": "x".repeat(20_000) }).to_string();
    assert_eq!(listener.ask(request("POST", "/said", &json, &long)).await.status, 200);
    assert_eq!(listener.noted().request_body, None);
}

#[tokio::test]
async fn the_host_comes_before_the_faults_and_both_are_noted() {
    let listener = Listener::open();
    listener.arm("*", FaultKind::Status, None);
    let foreign = listener.ask(request("GET", "/kept", &[("host", "evil.example")], "")).await;
    assert_eq!((foreign.status, foreign.code().as_str()), (421, "host-unknown"));
    let noted = listener.noted();
    assert_eq!((noted.code, noted.fault), (Some("host-unknown"), None));
    let struck = listener.get("/kept").await;
    assert_eq!((struck.status, struck.code().as_str()), (502, "injected-fault"));
    assert_eq!(struck.json()["status"], 502);
    let noted = listener.noted();
    assert_eq!(
        (noted.status, noted.code, noted.fault),
        (502, Some("injected-fault"), Some("status"))
    );
    assert_eq!(listener.get("/console/faults").await.body.unwrap(), "the console");
    let numbers = listener.metrics.render();
    for line in [
        "careplan_refusals_total{code=\"host-unknown\"} 1",
        "careplan_refusals_total{code=\"injected-fault\"} 1",
        "careplan_faults_total{kind=\"status\"} 1",
        "careplan_requests_total{listener=\"sites\",method=\"GET\",path=\"/kept\",status=\"502\"} 1",
    ] {
        assert!(numbers.contains(line), "{line} in {numbers}");
    }
}

#[tokio::test]
async fn a_refusal_can_be_cut_too_and_keeps_its_length() {
    let listener = Listener::open();
    let whole = listener.get("/v1/nothing").await.body.unwrap().len();
    listener.arm("*", FaultKind::Truncate, Some(10));
    let cut = listener.get("/v1/nothing").await;
    assert_eq!((cut.status, cut.body.clone()), (404, None), "{cut:?}");
    // The identifier of a request is always as long.
    assert_eq!(cut.header("content-length"), whole.to_string());
    let noted = listener.noted();
    assert_eq!((noted.code, noted.fault), (Some("route-unknown"), Some("truncate")));
}

#[tokio::test]
async fn only_the_operator_is_let_in() {
    let token = Secret::new("0123456789abcdef");
    let listener = Listener::guarded_by(Some(Guard {
        token: Some(Arc::new(OperatorToken::given(token.clone()))),
    }));
    let bearer = format!("Bearer {}", token.reveal());
    let bearer = ("authorization", bearer.as_str());
    let json = ("content-type", "application/json");
    for (headers, refused) in [
        (vec![], "json-wanted"),
        (vec![bearer, ("content-type", "application/x-www-form-urlencoded")], "json-wanted"),
        (vec![bearer, json, ("origin", "http://evil.example")], "origin-foreign"),
        (vec![json], "admin-token-wrong"),
        (vec![json, ("authorization", "Bearer 0123456789abcdeF")], "admin-token-wrong"),
        (vec![json, ("authorization", "Bearer 0123456789abcde")], "admin-token-wrong"),
        (vec![json, ("authorization", "Basic 0123456789abcdef")], "admin-token-wrong"),
    ] {
        let answer = listener.ask(request("POST", "/said", &headers, "1")).await;
        assert_eq!(answer.code(), refused, "{headers:?}");
    }
    let own = [bearer, json, ("origin", "http://localhost:8080")];
    assert_eq!(listener.ask(request("POST", "/said", &own, "1")).await.status, 200);
    assert_eq!(listener.get("/healthz").await.status, StatusCode::OK.as_u16());
    assert_eq!(listener.get("/kept").await.code(), "admin-token-wrong");
}
