//! Headers of answers.

use std::collections::BTreeSet;
use std::sync::Arc;

use careplan_tests::office::sha256_hex;

use super::scene::Scene;

expectations! {
    "HEADER-01" request_ids ("careplan-testbed API, assumed")
        "every answer has an x-request-id of its own";
    "HEADER-02" not_stored ("RFC 9111 §5.2.2.5, inferred")
        "answers are not stored on the way (Cache-Control: no-store)";
    "HEADER-03" archive ("RFC 9110 §8.8.3, §14.3, inferred")
        "the ZIP comes with its type, an ETag and Accept-Ranges";
    "HEADER-04" foreign_host ("careplan-testbed API, assumed")
        "an unknown Host is refused";
    "HEADER-05" json ("RFC 8259; RFC 9110 §8.3, stated")
        "JSON is sent as application/json";
}

async fn request_ids(scene: Arc<Scene>) {
    let mut ids = BTreeSet::new();
    for path in ["/v1/top", "/v1/inbox", "/v1/outbox", "/v1/nothing", "/v1/top"] {
        let answer = scene.planner.read(&scene.bed, path).await;
        assert!(ids.insert(answer.header("x-request-id").to_owned()), "{path}: {ids:?}");
    }
}

async fn not_stored(scene: Arc<Scene>) {
    for path in ["/v1/top", "/v1/inbox", "/v1/outbox"] {
        let answer = scene.planner.read(&scene.bed, path).await.is(200);
        assert!(answer.header("cache-control").contains("no-store"), "{path}");
    }
}

async fn archive(scene: Arc<Scene>) {
    let (_, path) = scene.claimed(&scene.waiting().await).await;
    let answer = scene.service.read(&scene.bed, &path).await.is(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    assert_eq!(answer.header("accept-ranges"), "bytes");
    assert_eq!(answer.header("etag"), format!("\"{}\"", sha256_hex(&answer.bytes)));
}

async fn foreign_host(scene: Arc<Scene>) {
    let foreign = scene.planner.get(scene.bed.relay("/v1/top")).header("host", "evil.example");
    let _ = scene.bed.ask(foreign).await.is(421);
}

async fn json(scene: Arc<Scene>) {
    for path in ["/v1/top", "/v1/inbox", "/v1/outbox"] {
        let answer = scene.planner.read(&scene.bed, path).await.is(200);
        assert!(answer.header("content-type").starts_with("application/json"), "{path}");
    }
}
