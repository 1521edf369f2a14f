//! What the journal, the metrics and the log tell, and what they do not.

use careplan_tests::bed::{Bed, C_PASSWORD, ISSUE_PASSWORD, KJ_PASSWORD, licence_order};
use careplan_tests::program::Program;
use careplan_tests::unit::{files, office_of};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn nothing_secret_or_personal_is_kept() {
    let folder = tempfile::TempDir::new().unwrap();
    let log = folder.path().join("log");
    let bed = Bed::of(Program::start_logging(&[], &log));
    let planner = bed.office(office_of("43")).await;
    let helper = bed.office(office_of("11")).await;
    let sent = planner.send(&bed, "himitsu-key", "K2", &helper.number).await.is(201);
    let claim = helper.claim(&bed, sent.text("id")).await.is(200);
    let url = format!("/v1/downloads/{}", claim.text("download_token"));
    let _ = helper.read(&bed, &url).await.is(200);
    let site = bed.on_site(&planner.number).await;
    let _ = site.post("/v1/portal/licence", &licence_order()).await.refused("licence-held");
    let order =
        json!({ "kind": "KaigoJigyousho", "password": ISSUE_PASSWORD, "accept_terms": true });
    let _ = site.post("/v1/portal/certificates", &order).await.is(202);
    let mail = json!({ "purpose": "notice", "address": "himitsu@example.jp" });
    let _ = site.post("/v1/portal/mail", &mail).await.is(202);
    let change = json!({ "current": KJ_PASSWORD, "new": "Himitsu2026", "accept_terms": true });
    let _ = site.post("/v1/portal/password", &change).await.is(204);
    // What is refused is no less a secret.
    for path in [
        "/v1/inbox?query=himitsu-name",
        "/v1/inbox?per_page=himitsu-number",
        "/v1/inbox?himitsu-parameter=1",
        "/v1/inbox/himitsu-id",
        "/v1/downloads/himitsu-token",
        "/himitsu-path",
    ] {
        let asked = helper.read(&bed, path).await;
        assert!(asked.status < 500, "{path}: {asked:?}");
    }
    let _ = bed.log_in_on_site(&planner.number, "Himitsu-wrong1").await;
    let url = bed.sites("/v1/portal/login");
    for body in [r#"{"user_id":"himitsu-body"}"#, r#"{"user_id":"KJ","password":["himitsu-list"]}"#]
    {
        let request = bed.plain.post(&url).header("content-type", "application/json").body(body);
        let _ = bed.ask(request).await.is(400);
    }
    let odd = format!("Bearer {}", "himitsu-bearer");
    let request = bed.plain.get(bed.sites("/v1/portal/notices")).header("authorization", odd);
    let _ = bed.ask(request).await.refused("token-unknown");

    let journal = bed.plain.get(bed.controls("/v1/controls/journal?limit=1000"));
    let journal = bed.ask(journal).await.is(200);
    let metrics = bed.ask(bed.plain.get(bed.controls("/metrics"))).await.is(200);
    let logged = std::fs::read_to_string(&log).unwrap();
    for written in ["DEBUG careplan_wire", "request=", "endpoint=\"/v1/messages\""] {
        assert!(logged.contains(written), "{written} is not logged");
    }
    let metrics = String::from_utf8_lossy(&metrics.bytes).into_owned();
    let kept = [("journal", journal.json.to_string()), ("metrics", metrics), ("log", logged)];
    let unit = files("K2", &planner.number, &helper.number);
    let record = String::from_utf8_lossy(&unit[0].1[..40]).into_owned();
    for secret in [
        KJ_PASSWORD,
        C_PASSWORD,
        ISSUE_PASSWORD,
        "Himitsu2026",
        "himitsu-key",
        &planner.token,
        &helper.token,
        claim.text("download_token"),
        &site.token,
        "himitsu@example.jp",
        "0980001129",
        "計良　みどり",
        "office@example.jp",
        "よろしくお願いします",
        &record,
        "himitsu",
        "Himitsu",
    ] {
        for (place, text) in &kept {
            let line = text.lines().find(|line| line.contains(secret)).unwrap_or_default();
            assert!(!text.contains(secret), "{secret} in the {place}: {line}");
        }
    }
    // Enough to find one's way is there.
    let entries = journal.json["entries"].as_array().unwrap();
    let send = entries.iter().find(|entry| entry["endpoint"] == "/v1/messages").unwrap();
    assert_eq!((&send["office"], &send["status"]), (&json!(planner.number), &json!(201)));
    assert!(send["certificate"].is_string() && send["token"].is_string(), "{send}");
    let held = bed.plain.get(bed.controls("/v1/controls/journal?code=licence-held"));
    assert_eq!(bed.ask(held).await.json["entries"].as_array().unwrap().len(), 1);
    let by_id = format!("/v1/controls/journal?request_id={}", sent.header("x-request-id"));
    let one = bed.ask(bed.plain.get(bed.controls(&by_id))).await.is(200);
    assert_eq!(one.json["entries"][0]["endpoint"], "/v1/messages");
    let _ = bed.control(Method::DELETE, "/v1/controls/journal", &json!({})).await.is(204);
}

#[tokio::test]
async fn the_journal_stays_within_its_bytes() {
    let bed = Bed::start(&["--journal-bytes", "20000"]);
    let long = "x".repeat(400);
    for _ in 0..100 {
        let _ = bed.log_in_on_site(&long, "nonsense").await.refused("user-id-malformed");
    }
    let journal = bed.ask(bed.plain.get(bed.controls("/v1/controls/journal?limit=1000"))).await;
    let journal = journal.is(200);
    assert!(journal.json["bytes"].as_u64().unwrap() <= 20_000, "{journal:?}");
    assert!(journal.json["dropped"].as_u64().unwrap() > 0);
    let entries = journal.json["entries"].as_array().unwrap();
    assert_eq!(entries.len() as u64 + journal.json["dropped"].as_u64().unwrap(), 100);
}
