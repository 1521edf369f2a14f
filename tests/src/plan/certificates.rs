//! TLS and client certificates.

use std::sync::Arc;

use super::Need::{Controls, WrongCertificate};
use super::scene::Scene;
use super::seen::{Seen, Unmet};
use super::server::Role;
use super::{Done, declare};
use reqwest::Method;
use serde_json::json;

/// E4 of relay.md §3.
const OFFICIAL: &str = "正しい電子証明書をインストールしてください。";

declare! { "TLS", "TLSと電子証明書", "TLS and certificates";
    "01" "relay.md §3 E4" Stated [] no_certificate
        "証明書なしの2段階目は拒否", "stage 2 without a certificate is refused";
        "IDとパスワードだけではログインできない", "ID and password alone do not log in";
    "02" "relay.md §3 E4, §5" Stated [WrongCertificate("expired")] expired
        "期限切れの証明書は拒否", "an expired certificate is refused";
        "有効期間が確かめられている", "the validity is looked at";
    "03" "relay.md §3 E4, §5" Stated [WrongCertificate("not-yet-valid")] not_yet_valid
        "有効開始前の証明書は拒否", "a certificate that is not valid yet is refused";
        "有効期間の始まりが確かめられている", "the start of the validity is looked at";
    "04" "relay.md §3 E4, §9 item 11" Assumed [WrongCertificate("revoked")] revoked
        "失効した証明書は拒否", "a revoked certificate is refused";
        "失効の情報が使われている", "revocation is looked at";
    "05" "relay.md §3 E4, §5" Stated [WrongCertificate("other-root")] other_root
        "別の認証局の証明書は拒否", "a certificate of another authority is refused";
        "自己発行の証明書ではログインできない", "nobody logs in with a certificate of their own making";
    "06" "relay.md §3 E4, §5" Assumed [WrongCertificate("wrong-usage")] wrong_usage
        "用途の違う証明書は拒否", "a certificate for another usage is refused";
        "用途（クライアント認証）が確かめられている", "the usage (client authentication) is looked at";
    "07" "relay.md §3 E4, §5" Assumed [WrongCertificate("without-office")] without_office
        "事業所番号のない証明書は拒否", "a certificate without an office number is refused";
        "事業所に結び付かない証明書は使えない", "a certificate must name an office";
    "08" "relay.md §3 E4" Stated [] other_office
        "ほかの事業所の証明書は拒否", "another office's certificate is refused";
        "証明書がKJ IDの事業所のものか確かめられている", "the certificate must be that of the KJ ID's office";
    "09" "relay.md §5" Stated [WrongCertificate("agent")] agent
        "代理人証明書は拒否", "a certificate of an agent is refused";
        "使える2種類の証明書だけが受け付けられる", "only the two kinds are accepted";
    "10" "relay.md §5" Stated [WrongCertificate("disability")] disability
        "障害者総合支援証明書は拒否", "a certificate for 障害者総合支援 is refused";
        "使える2種類の証明書だけが受け付けられる", "only the two kinds are accepted";
    "11" "relay.md §8" Assumed [] token_with_other_certificate
        "トークンは別の証明書では使えない", "a token does not work with another certificate";
        "盗まれたトークンだけでは読めない", "a stolen token alone reads nothing";
    "12" "relay.md §8" Assumed [] token_without_certificate
        "トークンは証明書なしでは使えない", "a token does not work without a certificate";
        "2段階目の後のすべての要求が相互TLSである", "everything after stage 2 is mutual TLS";
    "13" "relay.md §8" Inferred [] tls13
        "TLS 1.3で接続できる", "TLS 1.3 is offered";
        "後継APIが求める版で話せる", "it speaks the version the coming API demands";
    "14" "relay.md §8" Inferred [] plain_http
        "平文のHTTPには応じない", "plain HTTP is not served";
        "データが平文で流れない", "no data travel in the clear";
    "15" "careplan-testbed API" Assumed [] authority
        "認証局の証明書と失効リストを証明書なしで取得できる", "authority and revocation list need no certificate";
        "クライアントが信頼の起点を得られる", "a client can learn whom to trust";
    "16" "relay.md §3 E4, §9 item 11" Assumed [Controls] revoked_at_once
        "失効させた証明書はその時から使えない", "a certificate is refused from the moment it is revoked";
        "ログイン済みでも、失効した端末は止まる", "a terminal is stopped even while it is logged in";
}

async fn no_certificate(scene: Arc<Scene>) -> Done {
    let login = scene.login(Role::Planner);
    let plain = scene.client(None);
    if scene.server.strict_tls {
        return refused_in_the_handshake(scene.log_in(&plain, login).await, "certificate-missing");
    }
    let seen = scene.log_in(&plain, login).await?;
    seen.refused(403, "certificate-missing")?.official(OFFICIAL)?;
    Ok(())
}

/// Under strict TLS no answer is the right answer.
fn refused_in_the_handshake(asked: Result<Seen, Unmet>, code: &str) -> Done {
    match asked {
        Err(Unmet::Failed(failure)) if failure.came.starts_with("no answer") => Ok(()),
        Err(other) => Err(other),
        Ok(seen) => seen.refused(403, code).map(drop),
    }
}

async fn wrong(scene: &Scene, id: &str, code: &str) -> Done {
    let (installed, _) = scene.certificate(Some(id)).await?;
    let client = scene.client(Some(&installed));
    let asked = scene.log_in(&client, scene.login(Role::Planner)).await;
    if scene.server.strict_tls {
        return refused_in_the_handshake(asked, code);
    }
    asked?.refused(403, code)?.official(OFFICIAL)?;
    Ok(())
}

async fn expired(scene: Arc<Scene>) -> Done {
    wrong(&scene, "expired", "certificate-expired").await
}

async fn not_yet_valid(scene: Arc<Scene>) -> Done {
    wrong(&scene, "not-yet-valid", "certificate-not-yet-valid").await
}

async fn revoked(scene: Arc<Scene>) -> Done {
    wrong(&scene, "revoked", "certificate-revoked").await
}

async fn other_root(scene: Arc<Scene>) -> Done {
    wrong(&scene, "other-root", "certificate-of-other-root").await
}

async fn wrong_usage(scene: Arc<Scene>) -> Done {
    wrong(&scene, "wrong-usage", "certificate-wrong-usage").await
}

async fn without_office(scene: Arc<Scene>) -> Done {
    wrong(&scene, "without-office", "certificate-without-office").await
}

async fn agent(scene: Arc<Scene>) -> Done {
    wrong(&scene, "agent", "certificate-wrong-kind").await
}

async fn disability(scene: Arc<Scene>) -> Done {
    wrong(&scene, "disability", "certificate-wrong-kind").await
}

async fn other_office(scene: Arc<Scene>) -> Done {
    let client = scene.client(Some(&scene.login(Role::Service).installed));
    let seen = scene.log_in(&client, scene.login(Role::Planner)).await?;
    seen.refused(403, "certificate-of-other-office")?.official(OFFICIAL)?;
    Ok(())
}

async fn token_with_other_certificate(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let other = scene.client(Some(&scene.login(Role::Service).installed));
    for path in ["/v1/top", "/v1/inbox", "/v1/outbox"] {
        let seen = scene.ask(other.get(scene.relay(path)).bearer_auth(&planner.token)).await?;
        seen.any_of(&[401, 403])?;
    }
    Ok(())
}

async fn token_without_certificate(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    for path in ["/v1/top", "/v1/inbox", "/v1/outbox"] {
        let request = scene.plain.get(scene.relay(path)).bearer_auth(&planner.token);
        let asked = scene.ask(request).await;
        if scene.server.strict_tls {
            refused_in_the_handshake(asked, "certificate-missing")?;
        } else {
            asked?.any_of(&[401, 403])?;
        }
    }
    Ok(())
}

async fn tls13(scene: Arc<Scene>) -> Done {
    let login = scene.login(Role::Planner);
    let client = scene.client_of(Some(&login.installed), &[&rustls::version::TLS13]);
    scene.log_in(&client, login).await?.is(200)?;
    Ok(())
}

async fn plain_http(scene: Arc<Scene>) -> Done {
    let url = scene.relay("/v1/authority").replacen("https://", "http://", 1);
    match scene.ask(scene.plain.get(url)).await {
        Err(Unmet::Failed(_)) => Ok(()),
        Err(other) => Err(other),
        // A server may say in HTTP that it wants TLS.
        Ok(seen) => {
            let refuses = seen.answer.status >= 300;
            seen.ensure(refuses, "平文では応答しない", "no answer in the clear")
        }
    }
}

async fn authority(scene: Arc<Scene>) -> Done {
    let seen = scene.ask(scene.plain.get(scene.relay("/v1/authority"))).await?.is(200)?;
    let pem = seen.text("/ca_pem")?;
    let judge = careplan_certs::Judge::from_pem(pem);
    seen.ensure(judge.is_ok(), "/ca_pem が認証局の証明書", "/ca_pem is an authority")?;
    seen.text("/crl_der_base64")?;
    Ok(())
}

async fn revoked_at_once(scene: Arc<Scene>) -> Done {
    let (installed, issued) = scene.certificate(None).await?;
    let client = scene.client(Some(&installed));
    let login = scene.log_in(&client, scene.login(Role::Planner)).await?.is(200)?;
    let token = login.text("/access_token")?;
    let top = || client.get(scene.relay("/v1/top")).bearer_auth(token);
    scene.ask(top()).await?.is(200)?;
    let serial = issued["serial"].as_str().unwrap_or_default();
    let path = format!("certificates/{serial}/revoke");
    scene.control(Method::POST, &path, &json!({})).await?.is(204)?;
    scene.ask(top()).await?.refused(403, "certificate-revoked")?;
    Ok(())
}
