//! The two stages of the login.

use std::sync::Arc;

use reqwest::Method;
use serde_json::json;

use super::Need::{Clock, Controls};
use super::scene::Scene;
use super::server::Role;
use super::{Done, declare};

/// E5 of relay.md §3.
const OFFICIAL: &str = "パスワードの有効期限が切れています";

declare! { "LOGIN", "2段階ログイン", "Two-stage login";
    "01" "relay.md §2, §8" Inferred [] both_stages
        "c-ID、KJ IDの順にログインできる", "c-ID, then KJ ID: logged in";
        "ログインの応答にトークンと事業所がそろっている", "the answer has tokens and the office";
    "02" "relay.md §3" Assumed [] wrong_terminal_password
        "1段階目の誤ったパスワードは拒否", "a wrong password at stage 1 is refused";
        "パスワードが確かめられている", "the password is looked at";
    "03" "relay.md §3" Assumed [] wrong_office_password
        "2段階目の誤ったパスワードは拒否", "a wrong password at stage 2 is refused";
        "大文字と小文字が区別される", "upper and lower case differ";
    "04" "relay.md §2" Inferred [] without_first_stage
        "1段階目のない2段階目は拒否", "stage 2 without stage 1 is refused";
        "順番を飛ばせない", "no stage can be skipped";
    "05" "relay.md §4" Stated [] agent_id
        "HDで始まる代理人のIDは拒否", "an agent's ID (HD…) is refused";
        "代理人のIDは使えない", "agents cannot use the system";
    "06" "relay.md §9 item 9" Assumed [] two_offices
        "別の事業所のIDの組は拒否", "IDs of two different offices are refused";
        "c-IDとKJ IDの事業所が照合される", "both IDs must belong together";
    "07" "relay.md §4" Inferred [] malformed
        "形の誤ったIDは拒否", "malformed IDs are refused";
        "おかしな入力で壊れない", "strange input breaks nothing";
    "08" "relay.md §4" Inferred [Clock] locked
        "3回続けて誤るとロック、30分後に解ける", "three failures lock the ID, for thirty minutes";
        "総当たりで破られず、待てば使える", "guessing is stopped, and waiting helps";
    "09" "relay.md §3 E5, §4" Stated [Clock] expired_password
        "期限切れのパスワードは拒否", "an expired password is refused";
        "パスワードに有効期限がある", "passwords expire";
    "10" "relay.md §3 E5" Stated [Controls] temporary_password
        "仮パスワードのままでは拒否", "a temporary password is refused";
        "最初に変更しないと使えない", "it must be changed first";
}

async fn both_stages(scene: Arc<Scene>) -> Done {
    let (planner, seen) = scene.fresh(Role::Planner).await?;
    seen.has("/token_type", "Bearer")?;
    seen.has("/office/number", planner.number.as_str())?;
    for member in ["/access_token", "/refresh_token", "/office/name"] {
        seen.text(member)?;
    }
    let time = |pointer: &str| {
        let time = seen.text(pointer)?.parse::<jiff::Timestamp>();
        time.map_err(|_| {
            seen.unmet(format!("{pointer} がRFC 3339の日時"), format!("{pointer} is a time"))
        })
    };
    let (access, refresh) = (time("/expires_at")?, time("/refresh_expires_at")?);
    let minutes = (refresh.as_second() - access.as_second() + 30) / 60;
    seen.ensure(
        minutes == 420,
        "更新トークンはアクセストークンより7時間長い（60分と8時間）",
        "the refresh token outlives the access token by seven hours (60 minutes and 8 hours)",
    )?;
    scene.read(&planner, "/v1/top").await?.is(200)?;
    Ok(())
}

async fn wrong_terminal_password(scene: Arc<Scene>) -> Done {
    let login = scene.login(Role::Planner);
    let client = scene.client(Some(&login.installed));
    let seen = scene.first_stage(&client, &login.c_id, "Chigau2026").await?;
    seen.refused(401, "user-or-password-wrong")?;
    // A good login leaves no failure behind.
    scene.log_in(&client, login).await?.is(200)?;
    Ok(())
}

async fn wrong_office_password(scene: Arc<Scene>) -> Done {
    let login = scene.login(Role::Planner);
    let client = scene.client(Some(&login.installed));
    let first = scene.first_stage(&client, &login.c_id, &login.c_password).await?.is(200)?;
    let swapped: String =
        login
            .kj_password
            .chars()
            .map(|c| {
                if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
            })
            .collect();
    let token = first.text("/terminal_token")?;
    let seen = scene.second_stage(&client, token, &login.kj_id, &swapped).await?;
    let refused = seen.refused(401, "user-or-password-wrong");
    scene.log_in(&client, login).await?.is(200)?;
    refused?;
    Ok(())
}

async fn without_first_stage(scene: Arc<Scene>) -> Done {
    let login = scene.login(Role::Planner);
    let client = scene.client(Some(&login.installed));
    let seen = scene.second_stage(&client, "nonsense", &login.kj_id, &login.kj_password).await?;
    seen.refused(401, "first-stage-missing")?;
    let body = json!({ "user_id": login.kj_id, "password": login.kj_password });
    let bare = client.post(scene.relay("/v1/login/office")).json(&body);
    scene.ask(bare).await?.is(401)?;
    Ok(())
}

async fn agent_id(scene: Arc<Scene>) -> Done {
    let login = scene.login(Role::Planner);
    let client = scene.client(Some(&login.installed));
    let first = scene.first_stage(&client, &login.c_id, &login.c_password).await?.is(200)?;
    let token = first.text("/terminal_token")?;
    let seen = scene.second_stage(&client, token, "HD00000001", &login.kj_password).await?;
    seen.refused(403, "agent-id-refused")?;
    Ok(())
}

async fn two_offices(scene: Arc<Scene>) -> Done {
    let (login, other) = (scene.login(Role::Planner), scene.login(Role::Service));
    let client = scene.client(Some(&login.installed));
    let first = scene.first_stage(&client, &other.c_id, &other.c_password).await?.is(200)?;
    let token = first.text("/terminal_token")?;
    let seen = scene.second_stage(&client, token, &login.kj_id, &login.kj_password).await?;
    seen.refused(403, "ids-of-different-offices")?;
    Ok(())
}

async fn malformed(scene: Arc<Scene>) -> Done {
    let login = scene.login(Role::Planner);
    let client = scene.client(Some(&login.installed));
    let first = scene.first_stage(&client, &login.c_id, &login.c_password).await?.is(200)?;
    let token = first.text("/terminal_token")?;
    for id in ["", "KJ1", "nobody", "ＫＪ474779000118", "' OR 1=1 --"] {
        let seen = scene.second_stage(&client, token, id, &login.kj_password).await?;
        seen.refused(400, "user-id-malformed")?;
    }
    Ok(())
}

async fn locked(scene: Arc<Scene>) -> Done {
    let login = scene.login(Role::Planner);
    let client = scene.client(Some(&login.installed));
    let attempt = async |password: &str| {
        let first = scene.first_stage(&client, &login.c_id, &login.c_password).await?.is(200)?;
        let token = first.text("/terminal_token")?;
        scene.second_stage(&client, token, &login.kj_id, password).await
    };
    for _ in 0..2 {
        attempt("Chigau2026").await?.refused(401, "user-or-password-wrong")?;
    }
    attempt("Chigau2026").await?.refused(403, "user-locked")?;
    let seen = attempt(&login.kj_password).await?.refused(403, "user-locked")?;
    seen.text("/retry_at")?;
    scene.advance(31).await?;
    attempt(&login.kj_password).await?.is(200)?;
    Ok(())
}

async fn expired_password(scene: Arc<Scene>) -> Done {
    // No number of days is public (relay.md §4); four hundred are more than anybody gives.
    scene.advance(400 * 24 * 60).await?;
    let login = scene.login(Role::Planner);
    let client = scene.client(Some(&login.installed));
    let seen = scene.log_in(&client, login).await?;
    seen.refused(403, "password-expired")?.official(OFFICIAL)?;
    Ok(())
}

async fn temporary_password(scene: Arc<Scene>) -> Done {
    let order = json!({ "name": "first-time" });
    scene.control(Method::POST, "scenario", &order).await?.is(200)?;
    let accounts = scene.control(Method::GET, "accounts", &json!({})).await?.is(200)?;
    let number = scene.number(Role::Planner);
    let row = accounts.rows()?.iter().find(|row| row["office"] == number.as_str());
    let row = row.ok_or_else(|| accounts.unmet("事業所の行がある", "a row of the office"))?;
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let client = scene.client(Some(&scene.login(Role::Planner).installed));
    let first = scene.first_stage(&client, text("c_id"), text("c_password")).await?.is(200)?;
    let token = first.text("/terminal_token")?;
    let seen = scene.second_stage(&client, token, text("kj_id"), text("kj_password")).await?;
    seen.refused(403, "password-temporary")?.official(OFFICIAL)?;
    Ok(())
}
