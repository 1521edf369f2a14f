//! Messages of other offices cannot be reached.

use std::sync::Arc;

use super::scene::Scene;
use super::{Done, declare};

declare! { "OTHER", "ほかの事業所のデータ", "Other offices' messages";
    "01" "relay.md §2" Inferred [] sender_cannot_fetch
        "送信元は自分の送ったデータを取得できない", "the sender cannot fetch what it sent";
        "取得できるのは宛先だけである", "only the destination can fetch";
    "02" "relay.md §2" Inferred [] not_in_other_list
        "ほかの事業所の一覧に載らず、詳細も見えない", "it is in no other office's lists, nor can it be opened there";
        "他人の送受信の存在もわからない", "nobody learns that others exchange";
    "03" "relay.md §9 item 12" Assumed [] token_of_other
        "ほかの事業所は受け取り用トークンを使えない", "another office cannot use a download token";
        "トークンが漏れてもデータは漏れない", "a leaked token leaks nothing";
    "04" "relay.md §2" Inferred [] failed_try_changes_nothing
        "ほかの事業所が試しても未取得のまま", "a try by another office leaves it unfetched";
        "他人が「済」にできない", "nobody else can mark it as fetched";
}

async fn sender_cannot_fetch(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    scene.claim(&waiting.planner, &waiting.id).await?.refused(404, "message-unknown")?;
    let item = scene.read(&waiting.planner, &format!("/v1/inbox/{}", waiting.id)).await?;
    item.refused(404, "message-unknown")?;
    Ok(())
}

async fn not_in_other_list(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let item = scene.read(&waiting.service, &format!("/v1/outbox/{}", waiting.id)).await?;
    item.refused(404, "message-unknown")?;
    for (office, list) in [(&waiting.planner, "inbox"), (&waiting.service, "outbox")] {
        let list = scene.read(office, &format!("/v1/{list}?per_page=200")).await?.is(200)?;
        let absent = list.rows()?.iter().all(|row| row["id"] != waiting.id.as_str());
        list.ensure(absent, "その送信の行がない", "no row of the message")?;
    }
    Ok(())
}

async fn token_of_other(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let claim = scene.claim(&waiting.service, &waiting.id).await?.is(200)?;
    let token = claim.text("/download_token")?;
    let stolen = scene.read(&waiting.planner, &format!("/v1/downloads/{token}")).await?;
    stolen.refused(404, "download-token-unknown")?;
    let sha256 = claim.text("/sha256")?;
    scene.confirm(&waiting.planner, token, sha256).await?.is(404)?;
    scene.read(&waiting.service, &format!("/v1/downloads/{token}")).await?.is(200)?;
    Ok(())
}

async fn failed_try_changes_nothing(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    scene.claim(&waiting.planner, &waiting.id).await?.is(404)?;
    let item = scene.read(&waiting.service, &format!("/v1/inbox/{}", waiting.id)).await?.is(200)?;
    item.has("/state", "unfetched")?;
    scene.claim(&waiting.service, &waiting.id).await?.is(200)?;
    Ok(())
}
