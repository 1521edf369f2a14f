//! Licences and the free pass.

use std::sync::Arc;

use reqwest::Method;
use serde_json::json;

use super::Need::{Clock, Portal, UnlicensedLogin, UnlicensedOffice};
use super::scene::Scene;
use super::server::Role;
use super::{Done, declare};
use crate::bed::licence_order;
use crate::unit::files_between;

declare! { "LIC", "ライセンスとフリーパス", "Licence and free pass";
    "01" "relay.md §6, §9 item 10" Assumed [UnlicensedOffice] to_unlicensed
        "ライセンスのない送信先は拒否", "a destination without a licence is refused";
        "双方の利用が必要である", "both sides must use the system";
    "02" "relay.md §6, §9 item 10" Assumed [UnlicensedLogin] from_unlicensed
        "ライセンスのない事業所は送信できない", "an office without a licence cannot send";
        "双方の利用が必要である", "both sides must use the system";
    "03" "relay.md §6, §9 item 10" Assumed [UnlicensedLogin] unlicensed_top
        "ライセンスがなくてもログインしてトップ画面を見られる", "an office without a licence may log in and see the top page";
        "申請が必要なことがわかる", "one can see what is missing";
    "04" "relay.md §2, §6" Stated [] panel
        "トップ画面にライセンスと証明書の期限がある", "the top page shows when licence and certificate end";
        "期限切れを前もって知ることができる", "nobody is surprised by an end";
    "05" "relay.md §6" Inferred [Portal] held
        "ライセンスは1つの事業所番号に1つ", "one office number has one licence";
        "二重に申請（請求）されない", "nobody is charged twice";
    "06" "relay.md §6" Stated [Portal] no_cancellation
        "期間の途中では解約できない", "no cancellation within the term";
        "解約の申し出が断られる", "an attempt is turned down";
    "07" "relay.md §6" Stated [Clock, Portal, UnlicensedLogin] free_pass
        "フリーパスは申請日から1年（応当日の前日まで）", "a free pass lasts a year, to the day before the anniversary";
        "2025-07-01の申請は2026-06-30まで", "applied on 2025-07-01, it ends on 2026-06-30";
    "08" "relay.md §6" Stated [Clock, Portal, UnlicensedLogin] free_pass_closed
        "2026-05-31より後のフリーパス申請は拒否", "no free pass after 2026-05-31";
        "申請期間が守られている", "the period of application is kept";
    "09" "relay.md §6" Stated [Clock, Portal, UnlicensedLogin] applied_then_sends
        "申請すると送信できるようになる", "after an application the office can send";
        "申請の完了で使い始められる", "an application is enough to begin";
}

async fn to_unlicensed(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let files = scene.files_to("K2", Role::Unlicensed);
    let seen = scene.send(&planner, &scene.number(Role::Unlicensed), &files).await?;
    seen.refused(422, "destination-unlicensed")?;
    Ok(())
}

/// A unit of actual use from the office without a licence to the planner.
async fn back(scene: &Scene) -> Result<super::seen::Seen, super::seen::Unmet> {
    let (office, _) = scene.fresh(Role::Unlicensed).await?;
    let (from, to) = (scene.place(Role::Unlicensed).party, scene.place(Role::Planner).party);
    let files = files_between("S1", from, to).ok_or_else(|| {
        super::seen::Unmet::NotRun(
            "この種類の事業所から居宅介護支援への送信単位がない".to_owned(),
            "an office of this kind has no unit for the planner".to_owned(),
        )
    })?;
    scene.send(&office, &scene.number(Role::Planner), &files).await
}

async fn from_unlicensed(scene: Arc<Scene>) -> Done {
    back(&scene).await?.refused(403, "licence-needed")?;
    Ok(())
}

async fn unlicensed_top(scene: Arc<Scene>) -> Done {
    let (office, _) = scene.fresh(Role::Unlicensed).await?;
    let seen = scene.read(&office, "/v1/top").await?.is(200)?;
    let state = seen.text("/licence/state")?;
    seen.ensure(state != "active", "/licence/state が active でない", "no active licence is shown")
}

async fn panel(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let seen = scene.read(&planner, "/v1/top").await?.is(200)?;
    seen.has("/licence/state", "active")?;
    seen.has("/office/number", planner.number.as_str())?;
    for member in [
        "/licence/valid_until_shown",
        "/licence/balance_shown",
        "/certificate/serial",
        "/certificate/not_before",
        "/certificate/not_after",
        "/certificate/renewable_from",
        "/system/text",
    ] {
        seen.text(member)?;
    }
    let running = seen.at("/system/running")?.is_boolean() && seen.at("/unfetched")?.is_u64();
    seen.ensure(running, "稼働状況と未取得の件数がある", "the state of the system and a count")?;
    seen.at("/notices")?;
    Ok(())
}

async fn held(scene: Arc<Scene>) -> Done {
    let token = scene.on_site(Role::Planner).await?;
    let order = licence_order();
    let seen = scene.portal(Method::POST, "licence", Some(&token), Some(&order)).await?;
    seen.refused(409, "licence-held")?;
    Ok(())
}

async fn no_cancellation(scene: Arc<Scene>) -> Done {
    let token = scene.on_site(Role::Planner).await?;
    let cancel =
        scene.portal(Method::POST, "licence/cancel", Some(&token), Some(&json!({}))).await?;
    cancel.refused(409, "licence-not-cancellable")?;
    let planner = scene.planner().await?;
    scene.read(&planner, "/v1/top").await?.has("/licence/state", "active")
}

async fn on_day(scene: &Scene, day: &str) -> Result<String, super::seen::Unmet> {
    let order = json!({ "set": format!("{day}T10:00:00+09:00") });
    scene.control(Method::POST, "clock", &order).await?.is(200)?;
    scene.on_site(Role::Unlicensed).await
}

async fn free_pass(scene: Arc<Scene>) -> Done {
    let token = on_day(&scene, "2025-07-01").await?;
    let order = licence_order();
    let seen = scene.portal(Method::POST, "free-pass", Some(&token), Some(&order)).await?;
    seen.is(201)?.has("/term_to", "2026-06-30")
}

async fn free_pass_closed(scene: Arc<Scene>) -> Done {
    let token = on_day(&scene, "2026-06-01").await?;
    let order = licence_order();
    let seen = scene.portal(Method::POST, "free-pass", Some(&token), Some(&order)).await?;
    seen.refused(409, "free-pass-closed")?;
    Ok(())
}

async fn applied_then_sends(scene: Arc<Scene>) -> Done {
    back(&scene).await?.refused(403, "licence-needed")?;
    let token = scene.on_site(Role::Unlicensed).await?;
    let order = licence_order();
    scene.portal(Method::POST, "licence", Some(&token), Some(&order)).await?.is(201)?;
    back(&scene).await?.is(201)?;
    Ok(())
}
