//! Refusals as problem documents (RFC 9457).

use std::sync::Arc;

use careplan_tests::bed::Answer;

use super::scene::Scene;

expectations! {
    "PROBLEM-01" members ("RFC 9457, stated")
        "refusals are RFC 9457 problem documents (type, title, status, detail)";
    "PROBLEM-02" extensions ("careplan-testbed API, assumed")
        "refusals carry code, English, hint, clause and request_id";
    "PROBLEM-03" findings ("relay.md §3 E3, inferred")
        "a refusal for content lists findings";
    "PROBLEM-04" routes ("RFC 9110 §15.5.5, §15.5.6, stated")
        "unknown URL 404, unknown method 405 with Allow";
    "PROBLEM-05" malformed_body ("RFC 9110 §15.5.1; RFC 9457, stated")
        "a malformed body is 400 and echoes no secret";
    "PROBLEM-06" unauthorized ("RFC 9110 §11.6.1, stated")
        "401 comes with WWW-Authenticate";
}

/// Refusals from every corner: login, reading, sending, fetching.
async fn some(scene: &Scene) -> [Answer; 7] {
    let Scene { bed, planner, .. } = scene;
    let nonsense = planner.client.get(bed.relay("/v1/top")).bearer_auth("nonsense");
    [
        bed.log_in_terminal(&planner.client, "nobody", "x").await,
        bed.ask(nonsense).await,
        planner.read(bed, "/v1/inbox?colour=red").await,
        planner.read(bed, "/v1/offices/4799999999").await,
        planner.claim(bed, "nonsense").await,
        planner.read(bed, "/v1/nothing").await,
        scene.send(&scene.files("K2")[..1]).await,
    ]
}

async fn members(scene: Arc<Scene>) {
    for answer in some(&scene).await {
        assert!((400..500).contains(&answer.status), "{answer:?}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        answer.has("/status", answer.status);
        answer.told(&["/type", "/title", "/detail"]);
    }
}

async fn extensions(scene: Arc<Scene>) {
    for answer in some(&scene).await {
        answer.told(&["/code", "/title_en", "/detail_en", "/hint", "/hint_en", "/clause"]);
        answer.has("/type", format!("urn:careplan-testbed:refusal:{}", answer.text("code")));
        answer.has("/request_id", answer.header("x-request-id"));
        assert!(answer.json["official"].is_boolean(), "{answer:?}");
        assert!(["Stated", "Inferred", "Assumed"].contains(&answer.text("basis")), "{answer:?}");
    }
}

async fn findings(scene: Arc<Scene>) {
    let mut files = scene.files("K2");
    files[0].1 = b"nonsense\r\n".to_vec();
    let answer = scene.send(&files).await.is(422);
    answer.has("/findings/0/file", files[0].0.as_str());
    for member in ["rule", "severity", "message", "message_en", "fix", "fix_en", "clause"] {
        answer.told(&[&format!("/findings/0/{member}")]);
    }
    let listed = answer.json["findings"].as_array().unwrap().len();
    assert!(answer.json["findings_total"].as_u64().unwrap() >= listed as u64, "{answer:?}");
}

async fn routes(scene: Arc<Scene>) {
    let Scene { bed, planner, .. } = &*scene;
    let _ = planner.read(bed, "/v1/nothing").await.is(404);
    let other = bed.ask(planner.client.delete(bed.relay("/v1/login/terminal"))).await.is(405);
    assert_eq!(other.header("allow"), "POST");
}

async fn malformed_body(scene: Arc<Scene>) {
    let Scene { bed, planner, .. } = &*scene;
    let broken = r#"{"user_id":"x","password":{"secret":"Himitsu99"}}"#;
    let request = planner.client.post(bed.relay("/v1/login/terminal"));
    let request = request.header("content-type", "application/json").body(broken);
    let answer = bed.ask(request).await.is(400);
    assert!(!String::from_utf8_lossy(&answer.bytes).contains("Himitsu99"), "{answer:?}");
}

async fn unauthorized(scene: Arc<Scene>) {
    let Scene { bed, planner, .. } = &*scene;
    let request = planner.client.get(bed.relay("/v1/top")).bearer_auth("nonsense");
    let answer = bed.ask(request).await.is(401);
    assert!(answer.header("www-authenticate").starts_with("Bearer"), "{answer:?}");
}
