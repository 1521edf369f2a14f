//! The journal tells what was asked, and no secret.

use reqwest::Method;
use serde_json::json;

use crate::bed::{Bed, C_PASSWORD, KJ_PASSWORD, PLANNER, SERVICE, unit};

#[tokio::test]
async fn no_secret_enters_the_journal_or_the_numbers() {
    let bed = Bed::start().await;
    let (planner, service) = (bed.office(PLANNER).await, bed.office(SERVICE).await);
    let sent = planner.send(&bed, SERVICE, "key").await;
    let claim =
        bed.ask(service.post(bed.relay(&format!("/v1/inbox/{}/claim", sent.text("id"))))).await;
    let download_token = claim.text("download_token").to_owned();
    bed.ask(service.get(bed.relay(&format!("/v1/downloads/{download_token}")))).await;
    let site_token = bed.on_site(PLANNER).await;
    let form = json!({
        "form": {
            "office_name": "いろは", "representative": "試験　太郎", "contact": "試験　花子",
            "phone": "0399998888", "mail": "hanako@example.jp", "mail_again": "hanako@example.jp",
        },
        "accept_terms": true, "accept_privacy": true,
    });
    let apply = bed.plain.post(bed.sites("/v1/portal/licence")).bearer_auth(&site_token);
    bed.ask(apply.json(&form)).await;

    let journal = bed.ask(bed.plain.get(bed.controls("/v1/controls/journal?limit=1000"))).await;
    let metrics = bed.ask(bed.plain.get(bed.controls("/metrics"))).await;
    let text = format!("{}{}", journal.json, String::from_utf8_lossy(&metrics.bytes));
    let record = String::from_utf8_lossy(&unit(PLANNER, SERVICE)[0].1[..40]).into_owned();
    for secret in [
        KJ_PASSWORD,
        C_PASSWORD,
        &planner.token,
        &service.token,
        &download_token,
        &site_token,
        "0399998888",
        "hanako@example.jp",
        "試験　花子",
        &record,
    ] {
        assert!(!text.contains(secret), "{secret}");
    }
    let entries = journal.json["entries"].as_array().unwrap();
    let send = entries.iter().find(|entry| entry["endpoint"] == "/v1/messages").expect("the send");
    assert_eq!((&send["office"], &send["status"]), (&json!(PLANNER), &json!(201)));
    assert!(send["certificate"].is_string() && send["token"].as_str().unwrap().starts_with('#'));
    assert!(send["request_bytes"].as_u64().is_none_or(|bytes| bytes > 1_000));
    let login = entries.iter().find(|entry| entry["endpoint"] == "/v1/login/terminal").unwrap();
    assert_eq!(login["request_body"]["user_id"], "[removed]", "a c-ID may be anything");
    assert_eq!(login["request_body"]["password"], "[removed]");
}

#[tokio::test]
async fn requests_can_be_found_again() {
    let bed = Bed::start().await;
    bed.ask(bed.plain.get(bed.sites("/v1/nothing")).header("x-request-id", "find-me-0001")).await;
    bed.ask(bed.plain.get(bed.sites("/openapi.json"))).await;
    let one =
        bed.ask(bed.plain.get(bed.controls("/v1/controls/journal?request_id=find-me-0001"))).await;
    let entries = one.json["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (&entries[0]["code"], &entries[0]["status"]),
        (&json!("route-unknown"), &json!(404))
    );
    let by_code =
        bed.ask(bed.plain.get(bed.controls("/v1/controls/journal?code=route-unknown"))).await;
    assert_eq!(by_code.json["entries"].as_array().unwrap().len(), 1);
    let cleared =
        bed.ask(bed.plain.request(Method::DELETE, bed.controls("/v1/controls/journal"))).await;
    assert_eq!(cleared.status, 204);
    let none = bed.ask(bed.plain.get(bed.controls("/v1/controls/journal"))).await;
    assert_eq!(none.json["entries"].as_array().unwrap().len(), 0);
}

/// A word in every place of a request that a stranger can fill, and nowhere afterwards.
#[tokio::test]
async fn what_a_stranger_writes_is_not_kept() {
    let bed = Bed::start().await;
    let planner = bed.office(PLANNER).await;
    let canary = "canary7d1e";
    let ask = |method: Method, url: String| {
        bed.plain.request(method, url).header("x-canary", canary).bearer_auth(canary)
    };
    let strange = Method::from_bytes(b"CANARY7D1E").unwrap();
    let paths = [
        format!("/{canary}"),
        format!("/v1/downloads/x/{canary}/confirm"),
        format!("/v1/%63anary7d1e/{canary}?{canary}={canary}"),
        format!("/v1/inbox?query={canary}&{canary}"),
        format!("/v1/inbox/{canary}"),
        format!("/v1/inbox/{canary}/claim"),
        format!("/v1/downloads/{canary}"),
        format!("/v1/offices/{canary}"),
        format!("/v1/portal/notices/{canary}"),
        format!("/docs/{canary}"),
        format!("/billing/{canary}?keyword={canary}"),
        format!("/billing/notices?keyword={canary}"),
        format!("/client/{canary}/inbox?query={canary}"),
        format!("/openapi.json?{canary}"),
    ];
    let mut asked = 0;
    for path in &paths {
        for base in [bed.relay(path), bed.sites(path)] {
            for method in [Method::GET, Method::POST, strange.clone()] {
                // A strange host may end the connection; what was noted before counts.
                let _ = ask(method, base.clone()).body(canary).send().await;
                asked += 1;
            }
        }
    }
    let body = json!({
        "user_id": canary, "password": canary, canary: canary, "form": {"name": [canary]},
    });
    for path in ["/v1/portal/login", "/v1/portal/password", "/v1/portal/licence"] {
        let _ = ask(Method::POST, bed.sites(path)).json(&body).send().await;
        asked += 1;
    }
    let foreign = ask(Method::GET, bed.sites("/openapi.json")).header("host", canary);
    assert_eq!(foreign.send().await.unwrap().status(), 421);
    let search = planner.get(bed.relay(&format!("/v1/inbox?query={canary}&sort=-received_at")));
    assert_eq!(bed.ask(search).await.status, 200);
    asked += 2;

    let journal = bed.ask(bed.plain.get(bed.controls("/v1/controls/journal?limit=1000"))).await;
    let entries = journal.json["entries"].as_array().unwrap();
    assert!(entries.len() >= asked, "{} of {asked}", entries.len());
    let last = entries.last().unwrap();
    assert_eq!((&last["path"], &last["query"]), (&json!("/v1/inbox"), &json!("query&sort")));
    assert!(entries.iter().any(|entry| entry["path"] == "/v1/inbox/{id}"));
    let metrics = bed.ask(bed.plain.get(bed.controls("/metrics"))).await;
    let console = bed.plain.get(bed.sites("/console/journal")).send().await.unwrap();
    let console = console.text().await.unwrap();
    assert!(console.contains("/v1/inbox"), "{console}");
    for text in [journal.json.to_string(), String::from_utf8(metrics.bytes).unwrap(), console] {
        let at = text.to_lowercase().find(canary);
        assert_eq!(at.map(|at| &text[at.saturating_sub(200)..]), None);
    }
}
