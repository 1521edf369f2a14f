//! Fetching: once, whole, and unchanged.

use std::io::{Cursor, Read};
use std::sync::Arc;

use careplan_certs::{Judge, signature};
use serde_json::Value;
use tokio::io::AsyncWriteExt;

use super::Need::Clock;
use super::scene::Scene;
use super::seen::{Seen, Unmet};
use super::server::Role;
use super::{Done, declare};
use crate::office::sha256_hex;
use crate::tls;

declare! { "FETCH", "データ取得は1回", "Fetched once";
    "01" "relay.md §2" Stated [] unchanged
        "送られたファイルが1バイトも変わらずに届く", "the sender's files arrive byte for byte";
        "送信元のデータが途中で変わらない", "nothing is changed on the way";
    "02" "relay.md §2" Stated [] second_try
        "2回目の取得は拒否", "a second try is refused";
        "データ取得は1回だけである", "a message can be fetched once";
    "03" "relay.md §2" Stated [] race
        "同時に取得しても成功するのは1台だけ", "of many at once exactly one succeeds";
        "複数端末でも二重に取得されない", "two terminals never both get it";
    "04" "relay.md §2" Stated [] sender_sees
        "送信元に「ダウンロード済」と見える", "the sender sees that it was fetched";
        "届いたことを送信元が確かめられる", "the sender can see that it arrived";
    "05" "relay.md §2" Inferred [] other_terminal
        "ほかの端末でも「済」になり、取得できない", "for other terminals it is 済 and cannot be fetched";
        "状態が端末ごとではなく事業所ごとである", "the state is the office's, not the terminal's";
    "06" "relay.md §9 item 12" Assumed [] ranges
        "途切れた受け取りを続きから受け取れる", "a broken download goes on where it stopped";
        "通信が切れてもデータが失われない", "a broken connection loses nothing";
    "07" "relay.md §9 item 12" Assumed [] confirmed
        "SHA-256で確認すると受け取りが終わる", "confirming with the SHA-256 ends the download";
        "受け取りの完了が両者で一致する", "both sides agree that it is over";
    "08" "relay.md §9 item 12" Assumed [] wrong_checksum
        "誤ったSHA-256の確認は拒否し、受け取り直せる", "a wrong SHA-256 is refused and the bytes can be had again";
        "壊れて届いたデータで終わらない", "a damaged download is not the end";
    "09" "relay.md §9 item 12" Assumed [] lost_answer
        "取得の応答が失われても、取得できるのは高々1回", "when the answer to a claim is lost, at most one claim succeeds";
        "失われた応答が2回目の取得を許さない", "a lost answer opens no second fetch";
    "10" "relay.md §9 item 12" Assumed [Clock] ten_minutes
        "取得を始めて10分たつと受け取れない", "ten minutes after the claim the download closes";
        "受け取りの窓が開いたままにならない", "the window does not stay open";
    "11" "relay.md §2" Stated [] proof_of_sender
        "届いたデータの署名が送信元の証明書で検証できる", "the signature that arrives verifies as the sender's";
        "受け取る側でも送信元を確かめられる", "the receiver can prove who sent it";
    "12" "relay.md §2" Inferred [] only_in_inbox
        "知らない番号の取得は拒否", "an unknown message cannot be claimed";
        "番号の当て推量で何も得られない", "guessing identifiers gives nothing";
}

/// Claims and fetches; the claim and the archive.
async fn fetched(
    scene: &Scene,
    service: &crate::office::Office,
    id: &str,
) -> Result<(Seen, Seen), Unmet> {
    let claim = scene.claim(service, id).await?.is(200)?;
    let url = format!("/v1/downloads/{}", claim.text("/download_token")?);
    let archive = scene.read(service, &url).await?.is(200)?;
    Ok((claim, archive))
}

fn entry(archive: &Seen, name: &str) -> Result<Vec<u8>, Unmet> {
    let read = || -> Option<Vec<u8>> {
        let mut zip = zip::ZipArchive::new(Cursor::new(&archive.answer.bytes)).ok()?;
        let mut bytes = Vec::new();
        zip.by_name(name).ok()?.read_to_end(&mut bytes).ok()?;
        Some(bytes)
    };
    read()
        .ok_or_else(|| archive.unmet(format!("ZIPに {name} がある"), format!("{name} in the ZIP")))
}

async fn unchanged(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let (claim, archive) = fetched(&scene, &waiting.service, &waiting.id).await?;
    claim.has("/size", archive.answer.bytes.len())?;
    claim.has("/sha256", sha256_hex(&archive.answer.bytes))?;
    claim.has("/file_name", format!("{}.zip", waiting.id))?;
    for (name, sent) in &waiting.files {
        let arrived = entry(&archive, name)?;
        archive.ensure(
            arrived == *sent,
            format!("{name} が送信時と同じバイト列"),
            format!("{name} as it was sent"),
        )?;
    }
    Ok(())
}

async fn second_try(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let (claim, archive) = fetched(&scene, &waiting.service, &waiting.id).await?;
    let during = scene.claim(&waiting.service, &waiting.id).await?;
    during.refused(410, "already-fetched")?;
    let token = claim.text("/download_token")?;
    let sha256 = sha256_hex(&archive.answer.bytes);
    scene.confirm(&waiting.service, token, &sha256).await?.is(204)?;
    scene.claim(&waiting.service, &waiting.id).await?.refused(410, "already-fetched")?;
    Ok(())
}

async fn race(scene: Arc<Scene>) -> Done {
    const RACERS: usize = 20;
    let waiting = scene.waiting().await?;
    let start = Arc::new(tokio::sync::Barrier::new(RACERS));
    let racers: Vec<_> = (0..RACERS)
        .map(|_| {
            let (scene, id) = (Arc::clone(&scene), waiting.id.clone());
            let mut service = waiting.service.clone();
            let start = Arc::clone(&start);
            tokio::spawn(async move {
                // Each has a connection of its own.
                service.client = scene.client(Some(&service.installed));
                scene.read(&service, "/v1/top").await?.is(200)?;
                start.wait().await;
                scene.claim(&service, &id).await?.any_of(&[200, 410])
            })
        })
        .collect();
    let mut won = 0;
    let mut last = None;
    for racer in racers {
        let seen = racer.await.expect("a racer does not panic")?;
        if seen.answer.status == 200 {
            won += 1;
            last = Some(seen);
        } else {
            last = Some(last.unwrap_or(seen.refused(410, "already-fetched")?));
        }
    }
    let last = last.expect("there were twenty");
    last.ensure(
        won == 1,
        format!("{RACERS}台のうち成功は1台（{won}台だった）"),
        format!("one of {RACERS} succeeds, not {won}"),
    )
}

async fn sender_sees(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let path = format!("/v1/outbox/{}", waiting.id);
    let before = scene.read(&waiting.planner, &path).await?.is(200)?;
    before.has("/state_shown", "未ダウンロード")?;
    scene.claim(&waiting.service, &waiting.id).await?.is(200)?;
    let after = scene.read(&waiting.planner, &path).await?.is(200)?;
    after.has("/state", "downloaded")?;
    after.has("/state_shown", "ダウンロード済")?;
    after.text("/downloaded_at")?;
    Ok(())
}

async fn other_terminal(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let (other, _) = scene.fresh(Role::Service).await?;
    scene.claim(&waiting.service, &waiting.id).await?.is(200)?;
    let shown = scene.read(&other, &format!("/v1/inbox/{}", waiting.id)).await?.is(200)?;
    shown.has("/state_shown", "済")?;
    scene.claim(&other, &waiting.id).await?.refused(410, "already-fetched")?;
    Ok(())
}

async fn ranges(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let (claim, whole) = fetched(&scene, &waiting.service, &waiting.id).await?;
    let url = scene.relay(&format!("/v1/downloads/{}", claim.text("/download_token")?));
    let half = whole.answer.bytes.len() / 2;
    for (range, wanted) in [
        ("bytes=10-19".to_owned(), &whole.answer.bytes[10..20]),
        (format!("bytes={half}-"), &whole.answer.bytes[half..]),
    ] {
        let part = waiting.service.get(url.clone()).header("range", range);
        let part = scene.ask(part).await?.is(206)?;
        part.ensure(part.answer.bytes == wanted, "同じデータの一部", "a part of the same bytes")?;
    }
    let again = scene.ask(waiting.service.get(url)).await?.is(200)?;
    let same = again.answer.bytes == whole.answer.bytes;
    again.ensure(same, "毎回同じバイト列", "the same bytes every time")
}

async fn confirmed(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let (claim, archive) = fetched(&scene, &waiting.service, &waiting.id).await?;
    let token = claim.text("/download_token")?;
    let sha256 = sha256_hex(&archive.answer.bytes);
    scene.confirm(&waiting.service, token, &sha256).await?.is(204)?;
    let closed = scene.read(&waiting.service, &format!("/v1/downloads/{token}")).await?;
    closed.refused(410, "download-closed")?;
    Ok(())
}

async fn wrong_checksum(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let (claim, archive) = fetched(&scene, &waiting.service, &waiting.id).await?;
    let token = claim.text("/download_token")?;
    let wrong = scene.confirm(&waiting.service, token, &"0".repeat(64)).await?;
    wrong.refused(409, "checksum-differs")?;
    let again = scene.read(&waiting.service, &format!("/v1/downloads/{token}")).await?.is(200)?;
    let same = again.answer.bytes == archive.answer.bytes;
    again.ensure(same, "同じバイト列を受け取り直せる", "the same bytes again")
}

async fn lost_answer(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let path = format!("/v1/inbox/{}/claim", waiting.id);
    let request = format!("POST {path} (connection closed at once)");
    let lost = |error: std::io::Error| {
        Unmet::failed(&request, error.to_string(), "TLSで接続できる", "a TLS connection")
    };
    let authority = scene.server.relay.trim_start_matches("https://");
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let host = host.trim_matches(['[', ']']).to_owned();
    let address =
        if authority.contains(':') { authority.to_owned() } else { format!("{authority}:443") };
    let config =
        tls::client(&scene.server.ca_pem, Some(&waiting.service.installed), tls::ANY_VERSION);
    let tcp = tokio::net::TcpStream::connect(address).await.map_err(lost)?;
    let name = host.try_into().map_err(|_| lost(std::io::ErrorKind::InvalidInput.into()))?;
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let mut stream = connector.connect(name, tcp).await.map_err(lost)?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {}\r\n\
         Content-Length: 0\r\n\r\n",
        waiting.service.token
    );
    stream.write_all(head.as_bytes()).await.map_err(lost)?;
    stream.flush().await.map_err(lost)?;
    drop(stream);
    // Whether the server noticed the request before the connection went is its business; what may
    // not happen is that the message is fetched twice.
    let item = format!("/v1/inbox/{}", waiting.id);
    let mut state = scene.read(&waiting.service, &item).await?.is(200)?;
    for _ in 0..20 {
        if state.answer.json["state"] == "fetched" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        state = scene.read(&waiting.service, &item).await?.is(200)?;
    }
    if state.answer.json["state"] == "fetched" {
        scene.claim(&waiting.service, &waiting.id).await?.refused(410, "already-fetched")?;
    } else {
        let mut won = 0;
        for _ in 0..2 {
            let claim = scene.claim(&waiting.service, &waiting.id).await?.any_of(&[200, 410])?;
            won += u32::from(claim.answer.status == 200);
        }
        state.ensure(won <= 1, "成功は高々1回", "at most one success")?;
    }
    Ok(())
}

async fn ten_minutes(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let (claim, _) = fetched(&scene, &waiting.service, &waiting.id).await?;
    scene.advance(11).await?;
    let url = format!("/v1/downloads/{}", claim.text("/download_token")?);
    scene.read(&waiting.service, &url).await?.refused(410, "download-closed")?;
    scene.claim(&waiting.service, &waiting.id).await?.refused(410, "already-fetched")?;
    Ok(())
}

async fn proof_of_sender(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let (_, archive) = fetched(&scene, &waiting.service, &waiting.id).await?;
    let authority = scene.ask(scene.plain.get(scene.relay("/v1/authority"))).await;
    // Under strict TLS the authority needs a certificate too.
    let authority = match authority {
        Ok(seen) => seen.is(200)?,
        Err(_) => scene.read(&waiting.service, "/v1/authority").await?.is(200)?,
    };
    let judge = Judge::from_pem(authority.text("/ca_pem")?)
        .map_err(|error| authority.unmet("認証局の証明書", error.to_string()))?;
    let manifest = entry(&archive, "relay/manifest.json")?;
    let p7s = entry(&archive, "relay/manifest.json.p7s")?;
    let proof = signature::verify(&manifest, &p7s, &judge, jiff::Timestamp::now());
    let proof = proof.map_err(|error| {
        archive.unmet(format!("署名が検証できる（{error}）"), format!("it verifies: {error}"))
    })?;
    let signer = proof.signer.office.map(|office| office.to_string());
    archive.ensure(
        signer.as_deref() == Some(&waiting.planner.number),
        "署名者が送信元の事業所",
        "signed by the sender",
    )?;
    let manifest: Value = serde_json::from_slice(&manifest).unwrap_or_default();
    let is = manifest["from"] == waiting.planner.number.as_str()
        && manifest["to"] == waiting.service.number.as_str();
    archive.ensure(is, "目録の送信元と送信先", "sender and destination in the manifest")?;
    let text = entry(&archive, "relay/message.txt")?;
    archive.ensure(
        manifest["text"].as_str().map(str::as_bytes) == Some(&text),
        "message.txt が目録のメッセージと同じ",
        "message.txt is the text of the manifest",
    )
}

async fn only_in_inbox(scene: Arc<Scene>) -> Done {
    let service = scene.service().await?;
    for id in ["nonsense", "00000000-0000-7000-8000-000000000000", "..%2f..%2fetc"] {
        scene.claim(&service, id).await?.is(404)?;
        scene.read(&service, &format!("/v1/inbox/{id}")).await?.is(404)?;
    }
    let seen = scene.read(&service, "/v1/downloads/nonsense").await?;
    seen.refused(404, "download-token-unknown")?;
    Ok(())
}
