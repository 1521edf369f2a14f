//! The two stages of the login.

use std::sync::Arc;

use careplan_tests::bed::{Answer, C_PASSWORD, KJ_PASSWORD};
use reqwest::Method;
use serde_json::json;

use super::scene::Scene;

/// E5 of relay.md §3.
const OFFICIAL: &str = "パスワードの有効期限が切れています";

expectations! {
    "LOGIN-01" both_stages ("relay.md §2, §8, inferred")
        "c-ID, then KJ ID: logged in";
    "LOGIN-02" wrong_terminal_password ("relay.md §3, assumed")
        "a wrong password at stage 1 is refused";
    "LOGIN-03" wrong_office_password ("relay.md §3, assumed")
        "a wrong password at stage 2 is refused; case counts";
    "LOGIN-04" without_first_stage ("relay.md §2, inferred")
        "stage 2 without stage 1 is refused";
    "LOGIN-05" agent_id ("relay.md §4, stated")
        "an agent's ID (HD…) is refused";
    "LOGIN-06" two_offices ("relay.md §9 item 9, assumed")
        "IDs of two different offices are refused";
    "LOGIN-07" malformed ("relay.md §4, inferred")
        "malformed IDs are refused";
    "LOGIN-08" locked ("relay.md §4, inferred")
        "three failures lock the ID, for thirty minutes";
    "LOGIN-09" expired_password ("relay.md §3 E5, §4, stated")
        "an expired password is refused";
    "LOGIN-10" temporary_password ("relay.md §3 E5, stated")
        "a temporary password is refused";
}

/// The second stage after a good first one of the planner.
async fn second_stage(scene: &Scene, kj_id: &str, password: &str) -> Answer {
    let Scene { bed, planner, .. } = scene;
    let (c_id, _) = bed.ids(&planner.number).await;
    let first = bed.log_in_terminal(&planner.client, &c_id, C_PASSWORD).await.is(200);
    bed.log_in_office(&planner.client, first.text("terminal_token"), kj_id, password).await
}

/// KJ ID of the planner.
async fn kj_id(scene: &Scene) -> String {
    scene.bed.ids(&scene.planner.number).await.1
}

async fn both_stages(scene: Arc<Scene>) {
    let (planner, login) = scene.fresh().await;
    login.has("/token_type", "Bearer");
    login.has("/office/number", planner.number.as_str());
    login.told(&["/access_token", "/refresh_token", "/office/name"]);
    // The refresh token outlives the access token by seven hours: 60 minutes and 8 hours.
    let time = |member: &str| login.text(member).parse::<jiff::Timestamp>().unwrap().as_second();
    let seconds = time("refresh_expires_at") - time("expires_at");
    assert_eq!((seconds + 30) / 60, 420);
    let _ = planner.read(&scene.bed, "/v1/top").await.is(200);
}

async fn wrong_terminal_password(scene: Arc<Scene>) {
    let Scene { bed, planner, .. } = &*scene;
    let (c_id, _) = bed.ids(&planner.number).await;
    let wrong = bed.log_in_terminal(&planner.client, &c_id, "Chigau2026").await;
    let _ = wrong.is(401).refused("user-or-password-wrong");
    // A good login leaves no failure behind.
    let _ = scene.fresh().await;
}

async fn wrong_office_password(scene: Arc<Scene>) {
    let wrong = second_stage(&scene, &kj_id(&scene).await, &KJ_PASSWORD.to_lowercase()).await;
    let _ = scene.fresh().await;
    let _ = wrong.is(401).refused("user-or-password-wrong");
}

async fn without_first_stage(scene: Arc<Scene>) {
    let Scene { bed, planner, .. } = &*scene;
    let kj_id = kj_id(&scene).await;
    let second = bed.log_in_office(&planner.client, "nonsense", &kj_id, KJ_PASSWORD).await;
    let _ = second.is(401).refused("first-stage-missing");
    let body = json!({ "user_id": kj_id, "password": KJ_PASSWORD });
    let bare = planner.client.post(bed.relay("/v1/login/office")).json(&body);
    let _ = bed.ask(bare).await.is(401);
}

async fn agent_id(scene: Arc<Scene>) {
    let answer = second_stage(&scene, "HD00000001", KJ_PASSWORD).await;
    let _ = answer.is(403).refused("agent-id-refused");
}

async fn two_offices(scene: Arc<Scene>) {
    let Scene { bed, planner, service, .. } = &*scene;
    let (c_id, _) = bed.ids(&service.number).await;
    let first = bed.log_in_terminal(&planner.client, &c_id, C_PASSWORD).await.is(200);
    let (token, kj_id) = (first.text("terminal_token"), kj_id(&scene).await);
    let second = bed.log_in_office(&planner.client, token, &kj_id, KJ_PASSWORD).await;
    let _ = second.is(403).refused("ids-of-different-offices");
}

async fn malformed(scene: Arc<Scene>) {
    for id in ["", "KJ1", "nobody", "ＫＪ474779000118", "' OR 1=1 --"] {
        let answer = second_stage(&scene, id, KJ_PASSWORD).await;
        let _ = answer.is(400).refused("user-id-malformed");
    }
}

async fn locked(scene: Arc<Scene>) {
    let kj_id = kj_id(&scene).await;
    let attempt = async |password: &str| second_stage(&scene, &kj_id, password).await;
    for _ in 0..2 {
        let _ = attempt("Chigau2026").await.is(401).refused("user-or-password-wrong");
    }
    let _ = attempt("Chigau2026").await.is(403).refused("user-locked");
    attempt(KJ_PASSWORD).await.is(403).refused("user-locked").told(&["/retry_at"]);
    scene.bed.advance_minutes(31).await;
    let _ = attempt(KJ_PASSWORD).await.is(200);
}

async fn expired_password(scene: Arc<Scene>) {
    // No number of days is public (relay.md §4); four hundred are more than anybody gives.
    scene.bed.advance_minutes(400 * 24 * 60).await;
    let answer = second_stage(&scene, &kj_id(&scene).await, KJ_PASSWORD).await;
    let _ = answer.is(403).refused("password-expired").official(OFFICIAL);
}

async fn temporary_password(scene: Arc<Scene>) {
    let Scene { bed, planner, .. } = &*scene;
    let order = json!({ "name": "first-time" });
    let _ = bed.control(Method::POST, "/v1/controls/scenario", &order).await.is(200);
    let accounts = bed.ask(bed.plain.get(bed.controls("/v1/controls/accounts"))).await.is(200);
    let row = accounts.items().iter().find(|row| row["office"] == planner.number).unwrap();
    let text = |name: &str| row[name].as_str().unwrap();
    let client = &planner.client;
    let first = bed.log_in_terminal(client, text("c_id"), text("c_password")).await.is(200);
    let token = first.text("terminal_token");
    let second = bed.log_in_office(client, token, text("kj_id"), text("kj_password")).await;
    let _ = second.is(403).refused("password-temporary").official(OFFICIAL);
}
