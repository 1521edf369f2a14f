//! Licences and the free pass.

use std::sync::Arc;

use careplan_tests::bed::{Answer, OnSite, licence_order};
use careplan_tests::unit::files;
use serde_json::json;

use super::scene::{Scene, unlicensed};

expectations! {
    "LIC-01" to_unlicensed ("relay.md §6, §9 item 10, assumed")
        "a destination without a licence is refused";
    "LIC-02" from_unlicensed ("relay.md §6, §9 item 10, assumed")
        "an office without a licence cannot send";
    "LIC-03" unlicensed_top ("relay.md §6, §9 item 10, assumed")
        "an office without a licence may log in and see the top page";
    "LIC-04" panel ("relay.md §2, §6, stated")
        "the top page shows when licence and certificate end";
    "LIC-05" held ("relay.md §6, inferred")
        "one office number has one licence";
    "LIC-06" no_cancellation ("relay.md §6, stated")
        "no cancellation within the term";
    "LIC-07" free_pass ("relay.md §6, stated")
        "a free pass lasts a year, to the day before the anniversary";
    "LIC-08" free_pass_closed ("relay.md §6, stated")
        "no free pass after 2026-05-31";
    "LIC-09" applied_then_sends ("relay.md §6, stated")
        "after an application the office can send";
}

async fn to_unlicensed(scene: Arc<Scene>) {
    let files = files("K2", &scene.planner.number, unlicensed());
    let answer = scene.send_to(unlicensed(), &files).await;
    let _ = answer.is(422).refused("destination-unlicensed");
}

/// A unit of actual use from the office without a licence to the planner.
async fn back(scene: &Scene) -> Answer {
    let office = scene.bed.office(unlicensed()).await;
    office.send(&scene.bed, &scene.key(), "S1", &scene.planner.number).await
}

async fn from_unlicensed(scene: Arc<Scene>) {
    let _ = back(&scene).await.is(403).refused("licence-needed");
}

async fn unlicensed_top(scene: Arc<Scene>) {
    let office = scene.bed.office(unlicensed()).await;
    let top = office.read(&scene.bed, "/v1/top").await.is(200);
    top.told(&["/licence/state"]);
    assert_ne!(top.json["licence"]["state"], "active");
}

async fn panel(scene: Arc<Scene>) {
    let top = scene.planner.read(&scene.bed, "/v1/top").await.is(200);
    top.has("/licence/state", "active");
    top.has("/office/number", scene.planner.number.as_str());
    top.told(&[
        "/licence/valid_until_shown",
        "/licence/balance_shown",
        "/certificate/serial",
        "/certificate/not_before",
        "/certificate/not_after",
        "/certificate/renewable_from",
        "/system/text",
    ]);
    assert!(top.json["system"]["running"].is_boolean(), "{top:?}");
    assert!(top.json["unfetched"].is_u64() && top.json["notices"].is_array(), "{top:?}");
}

async fn held(scene: Arc<Scene>) {
    let site = scene.bed.on_site(&scene.planner.number).await;
    let again = site.post("/v1/portal/licence", &licence_order()).await;
    let _ = again.is(409).refused("licence-held");
}

async fn no_cancellation(scene: Arc<Scene>) {
    let site = scene.bed.on_site(&scene.planner.number).await;
    let cancel = site.post("/v1/portal/licence/cancel", &json!({})).await;
    let _ = cancel.is(409).refused("licence-not-cancellable");
    scene.planner.read(&scene.bed, "/v1/top").await.has("/licence/state", "active");
}

/// The office without a licence, on the sites on this day.
async fn on_day<'a>(scene: &'a Scene, day: &str) -> OnSite<'a> {
    scene.bed.set_clock(&format!("{day}T10:00:00+09:00")).await;
    scene.bed.on_site(unlicensed()).await
}

async fn free_pass(scene: Arc<Scene>) {
    let site = on_day(&scene, "2025-07-01").await;
    let pass = site.post("/v1/portal/free-pass", &licence_order()).await.is(201);
    pass.has("/term_to", "2026-06-30");
}

async fn free_pass_closed(scene: Arc<Scene>) {
    let site = on_day(&scene, "2026-06-01").await;
    let pass = site.post("/v1/portal/free-pass", &licence_order()).await;
    let _ = pass.is(409).refused("free-pass-closed");
}

async fn applied_then_sends(scene: Arc<Scene>) {
    let _ = back(&scene).await.is(403).refused("licence-needed");
    let site = scene.bed.on_site(unlicensed()).await;
    let _ = site.post("/v1/portal/licence", &licence_order()).await.is(201);
    let _ = back(&scene).await.is(201);
}
