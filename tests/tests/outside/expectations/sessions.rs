//! Tokens: how they end.

use std::sync::Arc;

use careplan_tests::bed::{Answer, C_PASSWORD, KJ_PASSWORD};
use reqwest::Client;
use serde_json::json;

use super::scene::Scene;

expectations! {
    "SESSION-01" logged_out ("relay.md §8, inferred")
        "after the logout the token is dead";
    "SESSION-02" unknown_token ("relay.md §8, inferred")
        "an unknown token is 401";
    "SESSION-03" refreshed ("relay.md §8, inferred")
        "a refresh token gives new ones, and ends";
    "SESSION-04" refresh_with_other_certificate ("relay.md §8, assumed")
        "no refresh with another certificate";
    "SESSION-05" an_hour ("relay.md §8, inferred")
        "an access token ends after 60 minutes";
    "SESSION-06" eight_hours ("relay.md §8, inferred")
        "a refresh token ends after 8 hours";
    "SESSION-07" first_stage_ends ("relay.md §9 item 9, assumed")
        "a first stage alone does not stay good for long";
}

async fn refresh(scene: &Scene, client: &Client, login: &Answer) -> Answer {
    let body = json!({ "refresh_token": login.text("refresh_token") });
    scene.bed.ask(client.post(scene.bed.relay("/v1/token/refresh")).json(&body)).await
}

async fn logged_out(scene: Arc<Scene>) {
    let (planner, login) = scene.fresh().await;
    let _ = scene.bed.ask(planner.post(scene.bed.relay("/v1/logout"))).await.is(204);
    let _ = planner.read(&scene.bed, "/v1/top").await.is(401);
    let _ = refresh(&scene, &planner.client, &login).await.is(401);
}

async fn unknown_token(scene: Arc<Scene>) {
    let inbox = || scene.planner.client.get(scene.bed.relay("/v1/inbox"));
    for token in ["nonsense", "", &"0".repeat(64)] {
        let answer = scene.bed.ask(inbox().bearer_auth(token)).await;
        let _ = answer.is(401).refused("token-unknown");
    }
    let _ = scene.bed.ask(inbox()).await.is(401);
}

async fn refreshed(scene: Arc<Scene>) {
    let (mut planner, login) = scene.fresh().await;
    let next = refresh(&scene, &planner.client, &login).await.is(200);
    planner.token = next.text("access_token").to_owned();
    let _ = planner.read(&scene.bed, "/v1/top").await.is(200);
    let again = refresh(&scene, &planner.client, &login).await;
    let _ = again.is(401).refused("token-reused");
    let _ = planner.read(&scene.bed, "/v1/top").await.is(401).refused("token-unknown");
}

async fn refresh_with_other_certificate(scene: Arc<Scene>) {
    let (_, login) = scene.fresh().await;
    let answer = refresh(&scene, &scene.service.client, &login).await;
    assert!([401, 403].contains(&answer.status), "{answer:?}");
}

async fn an_hour(scene: Arc<Scene>) {
    scene.bed.advance_minutes(58).await;
    let _ = scene.planner.read(&scene.bed, "/v1/top").await.is(200);
    scene.bed.advance_minutes(3).await;
    let _ = scene.planner.read(&scene.bed, "/v1/top").await.is(401).refused("token-expired");
}

async fn eight_hours(scene: Arc<Scene>) {
    let (planner, login) = scene.fresh().await;
    scene.bed.advance_minutes(470).await;
    let next = refresh(&scene, &planner.client, &login).await.is(200);
    scene.bed.advance_minutes(490).await;
    let late = refresh(&scene, &planner.client, &next).await;
    let _ = late.is(401).refused("token-expired");
}

async fn first_stage_ends(scene: Arc<Scene>) {
    let Scene { bed, planner, .. } = &*scene;
    let (c_id, kj_id) = bed.ids(&planner.number).await;
    let first = bed.log_in_terminal(&planner.client, &c_id, C_PASSWORD).await.is(200);
    bed.advance_minutes(61).await;
    let token = first.text("terminal_token");
    let second = bed.log_in_office(&planner.client, token, &kj_id, KJ_PASSWORD).await;
    let _ = second.is(401).refused("first-stage-missing");
}
