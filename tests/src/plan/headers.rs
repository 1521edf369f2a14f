//! Headers of answers.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::scene::Scene;
use super::{Done, declare};
use crate::office::sha256_hex;

declare! { "HEADER", "ヘッダー", "Headers";
    "01" "careplan-testbed API" Assumed [] request_ids
        "すべての応答に異なるx-request-idがある", "every answer has an x-request-id of its own";
        "問い合わせのときに1件を特定できる", "one request can be found again";
    "02" "RFC 9111 §5.2.2.5" Inferred [] not_stored
        "応答は途中に保存されない（Cache-Control: no-store）", "answers are not stored on the way (Cache-Control: no-store)";
        "個人情報やトークンが中継点に残らない", "no personal data or tokens stay behind";
    "03" "RFC 9110 §8.8.3, §14.3" Inferred [] archive
        "ZIPの応答に種類・ETag・Accept-Rangesがある", "the ZIP comes with its type, an ETag and Accept-Ranges";
        "受け取りの続きと照合ができる", "a download can be resumed and compared";
    "04" "careplan-testbed API" Assumed [] foreign_host
        "知らないHostは拒否", "an unknown Host is refused";
        "ほかのサイトを経由した攻撃を防ぐ", "attacks through other sites are stopped";
    "05" "RFC 8259; RFC 9110 §8.3" Stated [] json
        "JSONの応答はapplication/json", "JSON is sent as application/json";
        "プログラムが種類を見分けられる", "programs can tell what they get";
}

async fn request_ids(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let mut ids = BTreeSet::new();
    for path in ["/v1/top", "/v1/inbox", "/v1/outbox", "/v1/nothing", "/v1/top"] {
        let seen = scene.read(&planner, path).await?;
        let id = seen.answer.header("x-request-id").to_owned();
        let is_new = !id.is_empty() && ids.insert(id);
        seen.ensure(is_new, "ほかと異なるx-request-id", "an x-request-id of its own")?;
    }
    Ok(())
}

async fn not_stored(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    for path in ["/v1/top", "/v1/inbox", "/v1/outbox"] {
        let seen = scene.read(&planner, path).await?.is(200)?;
        let holds = seen.answer.header("cache-control").contains("no-store");
        seen.ensure(holds, "ヘッダー cache-control: no-store", "header cache-control: no-store")?;
    }
    Ok(())
}

async fn archive(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let claim = scene.claim(&waiting.service, &waiting.id).await?.is(200)?;
    let url = format!("/v1/downloads/{}", claim.text("/download_token")?);
    let seen = scene.read(&waiting.service, &url).await?.is(200)?;
    seen.header("content-type", "application/zip")?;
    seen.header("accept-ranges", "bytes")?;
    seen.header("etag", &format!("\"{}\"", sha256_hex(&seen.answer.bytes)))
}

async fn foreign_host(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let foreign = planner.get(scene.relay("/v1/top")).header("host", "evil.example");
    scene.ask(foreign).await?.is(421)?;
    Ok(())
}

async fn json(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    for path in ["/v1/top", "/v1/inbox", "/v1/outbox"] {
        let seen = scene.read(&planner, path).await?.is(200)?;
        let is = seen.answer.header("content-type").starts_with("application/json");
        seen.ensure(
            is,
            "ヘッダー content-type: application/json",
            "header content-type: application/json",
        )?;
    }
    Ok(())
}
