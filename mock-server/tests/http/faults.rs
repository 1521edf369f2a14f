//! Faults do what they say, and only where they should.

use reqwest::Method;
use serde_json::{Value, json};

use crate::bed::{Bed, PLANNER, SERVICE};

async fn arm(bed: &Bed, order: Value) -> Value {
    let armed = bed.control(Method::POST, "/v1/controls/faults", &order).await;
    assert_eq!(armed.status, 201, "{armed:?}");
    armed.json
}

#[tokio::test]
async fn a_status_strikes_its_endpoint_so_often() {
    let bed = Bed::start().await;
    let office = bed.office(PLANNER).await;
    let order =
        json!({ "endpoint": "GET /v1/inbox/{id}", "kind": "status", "status": 502, "count": 1 });
    let armed = arm(&bed, order).await;
    assert!(armed["seed"].is_u64(), "the seed is shown: {armed}");
    assert_eq!(bed.ask(office.get(bed.relay("/v1/inbox"))).await.status, 200);
    let struck = bed.ask(office.get(bed.relay("/v1/inbox/none"))).await;
    assert_eq!((struck.status, struck.code()), (502, "injected-fault"));
    assert_eq!(bed.ask(office.get(bed.relay("/v1/inbox/none"))).await.code(), "message-unknown");
    let list = bed.ask(bed.plain.get(bed.controls("/v1/controls/faults"))).await;
    assert_eq!(list.json["items"][0]["struck"], 1);
    let id = &list.json["items"][0]["id"];
    let url = bed.controls(&format!("/v1/controls/faults/{id}"));
    assert_eq!(bed.ask(bed.plain.delete(&url)).await.status, 204);
    assert_eq!(bed.ask(bed.plain.delete(&url)).await.code(), "fault-unknown");
}

#[tokio::test]
async fn maintenance_is_everywhere_but_at_the_controls() {
    let bed = Bed::start().await;
    arm(&bed, json!({ "endpoint": "*", "kind": "maintenance" })).await;
    let site = bed.ask(bed.plain.get(bed.sites("/openapi.json"))).await;
    assert_eq!((site.status, site.code(), site.header("retry-after")), (503, "maintenance", "60"));
    let relay = bed.ask(bed.client(None).get(bed.relay("/v1/authority"))).await;
    assert_eq!(relay.status, 503);
    assert_eq!(bed.ask(bed.plain.get(bed.controls("/healthz"))).await.status, 200);
    assert_eq!(bed.ask(bed.plain.delete(bed.controls("/v1/controls/faults"))).await.status, 204);
    assert_eq!(bed.ask(bed.plain.get(bed.sites("/openapi.json"))).await.status, 200);
}

#[tokio::test]
async fn a_dropped_request_was_not_handled_and_a_dropped_answer_was() {
    let bed = Bed::start().await;
    let (planner, service) = (bed.office(PLANNER).await, bed.office(SERVICE).await);
    let count = async || {
        let list = bed.ask(service.get(bed.relay("/v1/inbox"))).await;
        list.json["total"].as_u64().unwrap()
    };
    let before = count().await;
    for (when, more) in [("before", 0), ("after", 1)] {
        arm(
            &bed,
            json!({ "endpoint": "POST /v1/messages", "kind": "drop", "when": when, "count": 1 }),
        )
        .await;
        let form = planner.message(SERVICE, &crate::bed::unit(PLANNER, SERVICE));
        let request = planner.post(bed.relay("/v1/messages")).header("idempotency-key", "lost");
        let lost = request.multipart(form).send().await;
        assert!(lost.is_err(), "{when}: {lost:?}");
        assert_eq!(count().await, before + more, "{when}");
    }
    // The client tries again under its key, and the message is not doubled.
    let again = planner.send(&bed, SERVICE, "lost").await;
    assert!([200, 409].contains(&again.status), "{again:?}");
    assert_eq!(count().await, before + 1);
}

#[tokio::test]
async fn a_truncated_answer_breaks_where_ordered() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let bed = Bed::start().await;
    arm(&bed, json!({ "endpoint": "GET /openapi.json", "kind": "truncate", "after_bytes": 100 }))
        .await;
    let address = bed.server.addresses().sites.trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    // It ends with a reset or an early end, depending on the system.
    let _ = stream.read_to_end(&mut answer).await;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let (head, body) = (String::from_utf8_lossy(&answer[..end]), &answer[end + 4..]);
    let length: usize = head
        .lines()
        .find_map(|line| {
            line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned)
        })
        .expect("the length is announced")
        .parse()
        .unwrap();
    assert_eq!(body.len(), 100);
    assert!(length > 1_000);
}

#[tokio::test]
async fn strange_faults_are_refused_and_the_journal_names_those_that_struck() {
    let bed = Bed::start().await;
    for order in [
        json!({ "endpoint": "*", "kind": "status", "status": 200 }),
        json!({ "endpoint": "*", "kind": "drop", "rate": 2 }),
        json!({ "endpoint": "messages", "kind": "drop" }),
        json!({ "endpoint": "*", "kind": "latency" }),
    ] {
        let answer = bed.control(Method::POST, "/v1/controls/faults", &order).await;
        assert_eq!((answer.status, answer.code()), (422, "fault-order-wrong"), "{order}");
    }
    let unknown = json!({ "endpoint": "*", "kind": "flood" });
    let answer = bed.control(Method::POST, "/v1/controls/faults", &unknown).await;
    assert_eq!(answer.code(), "body-malformed");
    arm(&bed, json!({ "endpoint": "*", "kind": "latency", "latency_ms": 1 })).await;
    assert_eq!(bed.ask(bed.plain.get(bed.sites("/openapi.json"))).await.status, 200);
    let journal = bed.ask(bed.plain.get(bed.controls("/v1/controls/journal"))).await;
    let last = journal.json["entries"].as_array().unwrap().last().unwrap();
    assert_eq!(last["fault"], "latency");
}
