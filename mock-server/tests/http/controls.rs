//! The controls.

use reqwest::Method;
use serde_json::json;

use crate::bed::{Bed, PLANNER, SERVICE};

#[tokio::test]
async fn health_readiness_and_numbers() {
    let bed = Bed::start().await;
    assert_eq!(bed.ask(bed.plain.get(bed.controls("/healthz"))).await.text("status"), "ok");
    assert_eq!(bed.ask(bed.plain.get(bed.controls("/readyz"))).await.status, 200);
    bed.ask(bed.plain.get(bed.sites("/v1/nothing/at/all"))).await;
    let metrics = bed.ask(bed.plain.get(bed.controls("/metrics"))).await;
    assert!(metrics.header("content-type").starts_with("text/plain"));
    let text = String::from_utf8_lossy(&metrics.bytes).into_owned();
    assert!(text.contains("careplan_refusals_total{code=\"route-unknown\"} 1"), "{text}");
    assert!(!text.contains("/v1/nothing/at/all"), "paths of strangers are no labels");
}

#[tokio::test]
async fn the_clock_is_set_jumps_and_stops() {
    let bed = Bed::start().await;
    let set = bed
        .control(
            Method::POST,
            "/v1/controls/clock",
            &json!({ "set": "2027-04-01", "frozen": true }),
        )
        .await;
    assert_eq!(set.status, 200, "{set:?}");
    assert!(set.text("now").starts_with("2027-03-31T15:00:0"), "{}", set.json);
    assert_eq!(set.json["frozen"], true);
    let day = bed
        .control(Method::POST, "/v1/controls/clock", &json!({ "advance_seconds": 86_400 }))
        .await;
    assert!(day.text("now_shown").starts_with("2027/04/02 00:00:0"), "{}", day.json);
    let shown = bed.ask(bed.plain.get(bed.controls("/v1/controls/clock"))).await;
    assert_eq!(shown.json["now"], day.json["now"]);
    for wrong in [
        json!({}),
        json!({ "set": "noon" }),
        json!({ "advance_seconds": 9_000_000_000_000_000_u64 }),
    ] {
        let answer = bed.control(Method::POST, "/v1/controls/clock", &wrong).await;
        assert_eq!((answer.status, answer.code()), (422, "clock-order-wrong"), "{wrong}");
    }
}

#[tokio::test]
async fn switches_are_listed_and_turned() {
    let bed = Bed::start().await;
    let list = bed.ask(bed.plain.get(bed.controls("/v1/controls/switches"))).await;
    let count = careplan_relay::switches::SWITCHES.len();
    assert_eq!(list.json["items"].as_array().unwrap().len(), count);
    let turn = json!({ "lock-minutes": 1, "receive-unlicensed": false, "fee-waiver-until": null });
    let turned = bed.control(Method::PATCH, "/v1/controls/switches", &turn).await;
    let value = |key: &str| {
        let items = turned.json["items"].as_array().unwrap();
        items.iter().find(|item| item["key"] == key).unwrap()["value"].clone()
    };
    assert_eq!(value("lock-minutes"), "1");
    assert_eq!(value("receive-unlicensed"), "false");
    assert_eq!(value("fee-waiver-until"), "none");
    let wrong = json!({ "lock-minutes": 2, "lock-hours": 1 });
    let answer = bed.control(Method::PATCH, "/v1/controls/switches", &wrong).await;
    assert_eq!((answer.status, answer.code()), (422, "switch-wrong"));
    let kept = bed.ask(bed.plain.get(bed.controls("/v1/controls/switches"))).await;
    assert_eq!(kept.json, turned.json, "none is turned where one is wrong");
}

#[tokio::test]
async fn scenarios_are_loaded_and_started_over() {
    let bed = Bed::start().await;
    let (planner, service) = (bed.office(PLANNER).await, bed.office(SERVICE).await);
    let total = async || bed.ask(service.get(bed.relay("/v1/inbox"))).await.json["total"].as_u64();
    let before = total().await;
    assert_eq!(planner.send(&bed, SERVICE, "k").await.status, 201);
    assert_ne!(total().await, before);
    let reset = bed.control(Method::POST, "/v1/controls/reset", &json!({})).await;
    assert_eq!(reset.text("name"), "demo");
    let service = bed.office(SERVICE).await;
    let list = bed.ask(service.get(bed.relay("/v1/inbox"))).await;
    assert_eq!(list.json["total"].as_u64(), before);

    let other = json!({ "name": "first-time", "seed": 9 });
    let loaded = bed.control(Method::POST, "/v1/controls/scenario", &other).await;
    assert_eq!((loaded.text("name"), &loaded.json["seed"]), ("first-time", &json!(9)));
    let unknown =
        bed.control(Method::POST, "/v1/controls/scenario", &json!({ "name": "none" })).await;
    assert_eq!((unknown.status, unknown.code()), (404, "scenario-unknown"));
    assert!(unknown.text("detail_en").contains("missed-download"));
}

#[tokio::test]
async fn a_saved_state_moves_to_another_server() {
    let (one, other) = (Bed::start().await, Bed::start().await);
    let office = one.office(PLANNER).await;
    assert_eq!(office.send(&one, SERVICE, "k").await.status, 201);
    let saved = one.ask(one.plain.get(one.controls("/v1/controls/state"))).await;
    assert_eq!(saved.header("content-type"), "application/zip");
    let put = |bytes: Vec<u8>| {
        other
            .plain
            .put(other.controls("/v1/controls/state"))
            .header("content-type", "application/zip")
            .body(bytes)
    };
    let broken = other.ask(put(b"PK nothing".to_vec())).await;
    assert_eq!((broken.status, broken.code()), (422, "saved-state-unreadable"));
    assert_eq!(other.ask(put(saved.bytes)).await.status, 204);
    // The authority moved too: the old certificate logs in, over the new server's TLS.
    let client = other.client(Some(&office.installed));
    let login = other.log_in(&client, PLANNER).await;
    assert_eq!(login.status, 200, "{login:?}");
    let outbox = client.get(other.relay("/v1/outbox")).bearer_auth(login.text("access_token"));
    let rows = other.ask(outbox).await;
    assert!(rows.json["total"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn strange_certificates_are_not_issued() {
    let bed = Bed::start().await;
    let order = json!({ "office": PLANNER, "wrong": "very" });
    let answer = bed.control(Method::POST, "/v1/controls/certificates", &order).await;
    assert_eq!((answer.status, answer.code()), (422, "wrong-certificate-unknown"));
    let order = json!({ "office": "9999999999" });
    let answer = bed.control(Method::POST, "/v1/controls/certificates", &order).await;
    assert_eq!(answer.code(), "office-unknown");
    let answer =
        bed.control(Method::POST, "/v1/controls/certificates/12345/revoke", &json!({})).await;
    assert_eq!(answer.code(), "certificate-unknown");
}

#[tokio::test]
async fn one_office_is_helped_and_it_is_noted() {
    let bed = Bed::start().await;
    let account = async |number: &str| {
        let list = bed.ask(bed.plain.get(bed.controls("/v1/controls/accounts"))).await;
        let items = list.json["items"].as_array().unwrap().clone();
        items.into_iter().find(|item| item["office"] == number).unwrap()
    };
    let path = format!("/v1/controls/offices/{PLANNER}/help");
    let (before, other) = (account(PLANNER).await, account(SERVICE).await);
    let help = async |what: &str| bed.control(Method::POST, &path, &json!({ "help": what })).await;
    let login = async |password: &str| {
        let login = json!({ "user_id": before["kj_id"], "password": password });
        bed.ask(bed.plain.post(bed.sites("/v1/portal/login")).json(&login)).await
    };
    for _ in 0..3 {
        login("Wrong123").await;
    }
    assert_eq!(login("Careplan1").await.code(), "user-locked");
    assert_eq!(help("unlock").await.status, 204);
    assert_eq!(login("Careplan1").await.status, 200);
    for what in ["end-logins", "put-certificate"] {
        let done = help(what).await;
        assert_eq!(done.status, 204, "{what} {done:?}");
    }
    assert_eq!(help("temporary-password").await.status, 204);
    let reissued = account(PLANNER).await;
    assert_eq!((&reissued["temporary"], &reissued["reissued"]), (&json!(true), &json!(true)));
    assert_eq!(login("Careplan1").await.code(), "user-or-password-wrong");
    let first = login(reissued["kj_password"].as_str().unwrap()).await;
    assert_eq!((first.status, &first.json["must_change_password"]), (200, &json!(true)));
    assert_eq!(help("before-first-login").await.status, 204);
    let fresh = account(PLANNER).await;
    assert_eq!((&fresh["certificates"], &fresh["reissued"]), (&json!([]), &json!(false)));
    assert_eq!(account(SERVICE).await, other);
    for (path, order, refused) in [
        (path.as_str(), json!({ "help": "everything" }), "body-malformed"),
        (path.as_str(), json!({}), "body-malformed"),
        ("/v1/controls/offices/9999999999/help", json!({ "help": "unlock" }), "office-unknown"),
        ("/v1/controls/offices/x/help", json!({ "help": "unlock" }), "office-unknown"),
    ] {
        let answer = bed.control(Method::POST, path, &order).await;
        assert_eq!(answer.code(), refused, "{path} {order}");
    }
    let deeds = bed.ask(bed.plain.get(bed.controls("/v1/controls/deeds"))).await;
    let deeds = deeds.json["items"].as_array().unwrap();
    assert_eq!(deeds.len(), 5, "{deeds:?}");
    let latest = &deeds[0];
    assert_eq!(latest["what_en"], "Set back to before the first login");
    assert_eq!((&latest["office"], &latest["through"]), (&json!(PLANNER), &json!("controls")));
    assert_eq!(latest["address"], "127.0.0.1");
}

#[tokio::test]
async fn waiting_times_are_turned_while_it_runs() {
    let bed = Bed::start().await;
    let order = json!({ "timing": "real" });
    let set = bed.control(Method::POST, "/v1/controls/clock", &order).await;
    assert_eq!((set.status, &set.json["timing"]), (200, &json!("real")));
    let shown = bed.ask(bed.plain.get(bed.controls("/v1/controls/clock"))).await;
    assert_eq!(shown.json["timing"], "real");
    let wrong = json!({ "timing": "slow" });
    let answer = bed.control(Method::POST, "/v1/controls/clock", &wrong).await;
    assert_eq!((answer.status, answer.code()), (400, "body-malformed"));
}
