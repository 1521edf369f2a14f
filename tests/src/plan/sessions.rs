//! Tokens: how they end.

use std::sync::Arc;

use serde_json::json;

use super::Need::Clock;
use super::scene::Scene;
use super::seen::{Seen, Unmet};
use super::server::Role;
use super::{Done, declare};

declare! { "SESSION", "ログインの有効時間とログアウト", "Expiry and logout";
    "01" "relay.md §8" Inferred [] logged_out
        "ログアウトするとトークンが使えない", "after the logout the token is dead";
        "席を離れた端末が悪用されない", "a terminal left alone cannot be misused";
    "02" "relay.md §8" Inferred [] unknown_token
        "知らないトークンは401", "an unknown token is 401";
        "当て推量のトークンで何も読めない", "guessed tokens read nothing";
    "03" "relay.md §8" Inferred [] refreshed
        "更新トークンで新しいトークンを得られ、古いものは使えない", "a refresh token gives new ones, and ends";
        "ログインし直さずに続けられる", "work goes on without a new login";
    "04" "relay.md §8" Assumed [] refresh_with_other_certificate
        "ほかの証明書では更新できない", "no refresh with another certificate";
        "盗まれた更新トークンが使えない", "a stolen refresh token is worthless";
    "05" "relay.md §8" Inferred [Clock] an_hour
        "アクセストークンは60分で切れる", "an access token ends after 60 minutes";
        "公表された後継APIと同じ時間", "as published for the coming API";
    "06" "relay.md §8" Inferred [Clock] eight_hours
        "更新トークンは8時間で切れる", "a refresh token ends after 8 hours";
        "公表された後継APIと同じ時間", "as published for the coming API";
    "07" "relay.md §9 item 9" Assumed [Clock] first_stage_ends
        "1段階目だけのログインは長く残らない", "a first stage alone does not stay good for long";
        "途中でやめたログインが残らない", "a login that was given up leaves nothing";
}

async fn refresh(scene: &Scene, client: &reqwest::Client, token: &str) -> Result<Seen, Unmet> {
    let body = json!({ "refresh_token": token });
    scene.ask(client.post(scene.relay("/v1/token/refresh")).json(&body)).await
}

async fn logged_out(scene: Arc<Scene>) -> Done {
    let (planner, login) = scene.fresh(Role::Planner).await?;
    scene.ask(planner.post(scene.relay("/v1/logout"))).await?.is(204)?;
    scene.read(&planner, "/v1/top").await?.is(401)?;
    refresh(&scene, &planner.client, login.text("/refresh_token")?).await?.is(401)?;
    Ok(())
}

async fn unknown_token(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    for token in ["nonsense", "", &"0".repeat(64)] {
        let request = planner.client.get(scene.relay("/v1/inbox")).bearer_auth(token);
        scene.ask(request).await?.refused(401, "token-unknown")?;
    }
    let bare = planner.client.get(scene.relay("/v1/inbox"));
    scene.ask(bare).await?.is(401)?;
    Ok(())
}

async fn refreshed(scene: Arc<Scene>) -> Done {
    let (mut planner, login) = scene.fresh(Role::Planner).await?;
    let old = login.text("/refresh_token")?;
    let next = refresh(&scene, &planner.client, old).await?.is(200)?;
    planner.token = next.text("/access_token")?.to_owned();
    scene.read(&planner, "/v1/top").await?.is(200)?;
    refresh(&scene, &planner.client, old).await?.refused(401, "token-unknown")?;
    Ok(())
}

async fn refresh_with_other_certificate(scene: Arc<Scene>) -> Done {
    let (_, login) = scene.fresh(Role::Planner).await?;
    let other = scene.client(Some(&scene.login(Role::Service).installed));
    refresh(&scene, &other, login.text("/refresh_token")?).await?.any_of(&[401, 403])?;
    Ok(())
}

async fn an_hour(scene: Arc<Scene>) -> Done {
    let (planner, _) = scene.fresh(Role::Planner).await?;
    scene.advance(58).await?;
    scene.read(&planner, "/v1/top").await?.is(200)?;
    scene.advance(3).await?;
    scene.read(&planner, "/v1/top").await?.refused(401, "token-expired")?;
    Ok(())
}

async fn eight_hours(scene: Arc<Scene>) -> Done {
    let (planner, login) = scene.fresh(Role::Planner).await?;
    scene.advance(470).await?;
    let next = refresh(&scene, &planner.client, login.text("/refresh_token")?).await?.is(200)?;
    scene.advance(490).await?;
    let late = refresh(&scene, &planner.client, next.text("/refresh_token")?).await?;
    late.refused(401, "token-expired")?;
    Ok(())
}

async fn first_stage_ends(scene: Arc<Scene>) -> Done {
    let login = scene.login(Role::Planner);
    let client = scene.client(Some(&login.installed));
    let first = scene.first_stage(&client, &login.c_id, &login.c_password).await?.is(200)?;
    scene.advance(61).await?;
    let token = first.text("/terminal_token")?;
    let seen = scene.second_stage(&client, token, &login.kj_id, &login.kj_password).await?;
    seen.refused(401, "first-stage-missing")?;
    Ok(())
}
