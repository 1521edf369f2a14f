//! Refusals as problem documents (RFC 9457).

use std::sync::Arc;

use super::scene::Scene;
use super::seen::Seen;
use super::server::Role;
use super::{Done, declare};

declare! { "PROBLEM", "拒否の応答", "Problem documents";
    "01" "RFC 9457" Stated [] members
        "拒否はRFC 9457の問題文書（type、title、status、detail）", "refusals are RFC 9457 problem documents (type, title, status, detail)";
        "どのクライアントも同じ形で理由を読める", "every client reads reasons in one form";
    "02" "careplan-testbed API" Assumed [] extensions
        "拒否にcode、英語、対処、根拠、request_idがある", "refusals carry code, English, hint, clause and request_id";
        "プログラムにも人にも次の一手がわかる", "programs and people know what to do next";
    "03" "relay.md §3 E3" Inferred [] findings
        "書式の誤りの拒否に指摘がある", "a refusal for content lists findings";
        "どのファイルの何が悪いかわかる", "one learns which file is wrong and how";
    "04" "RFC 9110 §15.5.5, §15.5.6" Stated [] routes
        "知らないURLは404、使えないメソッドは405とAllow", "unknown URL 404, unknown method 405 with Allow";
        "HTTPの約束が守られている", "HTTP is spoken properly";
    "05" "RFC 9110 §15.5.1; RFC 9457" Stated [] malformed_body
        "読めない本文は400、入力の秘密を送り返さない", "a malformed body is 400 and echoes no secret";
        "エラーからパスワードが漏れない", "no error leaks a password";
    "06" "RFC 9110 §11.6.1" Stated [] unauthorized
        "401にWWW-Authenticateがある", "401 comes with WWW-Authenticate";
        "何で認証するかがわかる", "one learns how to authenticate";
}

/// Refusals from every corner: login, reading, sending, fetching.
async fn some(scene: &Scene) -> Result<Vec<Seen>, super::seen::Unmet> {
    let planner = scene.planner().await?;
    let bare = scene.client(Some(&planner.installed));
    let unsent =
        scene.send(&planner, &scene.number(Role::Service), &scene.files("K2")[..1]).await?;
    Ok(vec![
        scene.first_stage(&bare, "nobody", "x").await?,
        scene.ask(bare.get(scene.relay("/v1/top")).bearer_auth("nonsense")).await?,
        scene.read(&planner, "/v1/inbox?colour=red").await?,
        scene.read(&planner, "/v1/offices/4799999999").await?,
        scene.claim(&planner, "nonsense").await?,
        scene.read(&planner, "/v1/nothing").await?,
        unsent,
    ])
}

async fn members(scene: Arc<Scene>) -> Done {
    for seen in some(&scene).await? {
        let refused = (400..500).contains(&seen.answer.status);
        seen.ensure(refused, "拒否（4xx）", "a refusal (4xx)")?;
        seen.header("content-type", "application/problem+json")?;
        seen.has("/status", seen.answer.status)?;
        for member in ["/type", "/title", "/detail"] {
            seen.text(member)?;
        }
    }
    Ok(())
}

async fn extensions(scene: Arc<Scene>) -> Done {
    for seen in some(&scene).await? {
        for member in ["/code", "/title_en", "/detail_en", "/hint", "/hint_en", "/clause"] {
            seen.text(member)?;
        }
        let code = seen.text("/code")?;
        seen.has("/type", format!("urn:careplan-testbed:refusal:{code}"))?;
        seen.has("/request_id", seen.answer.header("x-request-id"))?;
        let official = seen.at("/official")?.is_boolean();
        seen.ensure(official, "/official が真偽値", "/official is true or false")?;
        let basis = seen.text("/basis")?.to_ascii_lowercase();
        let known = ["stated", "inferred", "assumed"].contains(&&*basis);
        seen.ensure(known, "/basis が3つの語のどれか", "/basis is one of the three words")?;
    }
    Ok(())
}

async fn findings(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let mut files = scene.files("K2");
    files[0].1 = b"nonsense\r\n".to_vec();
    let seen = scene.send(&planner, &scene.number(Role::Service), &files).await?.is(422)?;
    seen.has("/findings/0/file", files[0].0.as_str())?;
    for member in ["rule", "severity", "message", "message_en", "fix", "fix_en", "clause"] {
        seen.text(&format!("/findings/0/{member}"))?;
    }
    let listed = seen.at("/findings")?.as_array().map_or(0, Vec::len) as u64;
    let total = seen.at("/findings_total")?.as_u64().unwrap_or_default();
    seen.ensure(total >= listed, "/findings_total が全件数", "/findings_total counts all")
}

async fn routes(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    scene.read(&planner, "/v1/nothing").await?.is(404)?;
    let seen =
        scene.ask(planner.client.delete(scene.relay("/v1/login/terminal"))).await?.is(405)?;
    seen.header("allow", "POST")
}

async fn malformed_body(scene: Arc<Scene>) -> Done {
    let broken = r#"{"user_id":"x","password":{"secret":"Himitsu99"}}"#;
    let client = scene.client(Some(&scene.login(Role::Planner).installed));
    let request = client.post(scene.relay("/v1/login/terminal"));
    let request = request.header("content-type", "application/json").body(broken);
    let seen = scene.ask(request).await?.is(400)?;
    let echoed = String::from_utf8_lossy(&seen.answer.bytes).contains("Himitsu99");
    seen.ensure(!echoed, "送った秘密を含まない応答", "an answer without what was sent")
}

async fn unauthorized(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let request = planner.client.get(scene.relay("/v1/top"));
    let seen = scene.ask(request.bearer_auth("nonsense")).await?.is(401)?;
    let challenge = seen.answer.header("www-authenticate").starts_with("Bearer");
    seen.ensure(challenge, "ヘッダー www-authenticate: Bearer", "header www-authenticate: Bearer")
}
