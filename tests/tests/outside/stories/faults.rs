//! Faults on demand: a client that does the right thing loses nothing and doubles nothing.

use careplan_tests::bed::{Answer, Bed};
use careplan_tests::unit::{files, office_of};
use reqwest::Method;
use serde_json::{Value, json};

async fn arm(bed: &Bed, order: Value) {
    let armed = bed.control(Method::POST, "/v1/controls/faults", &order).await.is(201);
    assert!(armed.json["seed"].is_u64(), "{armed:?}");
}

#[tokio::test]
async fn a_lost_answer_to_a_send_is_repeated_under_its_key() {
    let bed = Bed::start(&[]);
    let planner = bed.office(office_of("43")).await;
    let files = files("K2", &planner.number, office_of("11"));
    let total = async || planner.read(&bed, "/v1/outbox").await.json["total"].as_u64().unwrap();
    let before = total().await;
    let endpoint = "POST /v1/messages";
    for (when, more) in [("before", 0), ("after", 1)] {
        let order = json!({ "endpoint": endpoint, "kind": "drop", "when": when, "count": 1 });
        arm(&bed, order).await;
        let form = planner.message(office_of("11"), &files);
        let lost = planner.posting(&bed, "key", form).send().await;
        assert!(lost.is_err(), "{when}: {lost:?}");
        assert_eq!(total().await, before + more, "{when}");
    }
    let again = planner.post_form(&bed, "key", planner.message(office_of("11"), &files)).await;
    assert_eq!(again.is(200).json["repeated"], true);
    assert_eq!(total().await, before + 1);
}

#[tokio::test]
async fn a_broken_download_goes_on_where_it_stopped() {
    let bed = Bed::start(&[]);
    let planner = bed.office(office_of("43")).await;
    let helper = bed.office(office_of("11")).await;
    let sent = planner.send(&bed, "key", "K1", &helper.number).await.is(201);
    let claim = helper.claim(&bed, sent.text("id")).await.is(200);
    let url = bed.relay(&format!("/v1/downloads/{}", claim.text("download_token")));
    let endpoint = "GET /v1/downloads/{download_token}";
    arm(&bed, json!({ "endpoint": endpoint, "kind": "truncate", "after_bytes": 50, "count": 1 }))
        .await;
    let mut arrived = Vec::new();
    let mut response = helper.get(url.clone()).send().await.unwrap();
    while let Ok(Some(piece)) = response.chunk().await {
        arrived.extend_from_slice(&piece);
    }
    assert_eq!(arrived.len(), 50);
    let rest = helper.get(url).header("range", "bytes=50-");
    let rest = bed.ask(rest.header("if-range", format!("\"{}\"", claim.text("sha256")))).await;
    arrived.extend_from_slice(&rest.is(206).bytes);
    assert_eq!(careplan_tests::office::sha256_hex(&arrived), claim.text("sha256"));
}

#[tokio::test]
async fn maintenance_and_errors_are_told_and_end() {
    let bed = Bed::start(&[]);
    let planner = bed.office(office_of("43")).await;
    arm(&bed, json!({ "endpoint": "*", "kind": "maintenance" })).await;
    let answer = planner.read(&bed, "/v1/inbox").await.is(503).refused("maintenance");
    assert!(!answer.header("retry-after").is_empty());
    let _ = bed.ask(bed.plain.get(bed.sites("/openapi.json"))).await.refused("maintenance");
    let _ = bed.ask(bed.plain.get(bed.controls("/readyz"))).await.is(200);
    let _ = bed.control(Method::DELETE, "/v1/controls/faults", &json!({})).await.is(204);
    let _ = planner.read(&bed, "/v1/inbox").await.is(200);

    // The same seed strikes the same requests.
    let run = async || {
        let order = json!({
            "endpoint": "GET /v1/inbox", "kind": "status", "status": 502, "rate": 0.5, "seed": 7,
        });
        arm(&bed, order).await;
        let mut statuses = Vec::new();
        for _ in 0..20 {
            let answer: Answer = planner.read(&bed, "/v1/inbox").await;
            statuses.push(answer.status);
        }
        let _ = bed.control(Method::DELETE, "/v1/controls/faults", &json!({})).await.is(204);
        statuses
    };
    let first = run().await;
    assert!(first.contains(&200) && first.contains(&502), "{first:?}");
    assert_eq!(first, run().await);
    let journal = bed.ask(bed.plain.get(bed.controls("/v1/controls/journal?code=injected-fault")));
    let struck = journal.await.json["entries"].as_array().unwrap().len();
    assert_eq!(struck, 2 * first.iter().filter(|status| **status == 502).count());
}
