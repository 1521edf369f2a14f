//! 受信一覧 and 送信一覧: columns, states, order, search, pages.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::scene::Scene;
use super::server::Role;
use super::{Done, declare};

declare! { "LIST", "一覧・検索・ページ", "Lists, search, pages";
    "01" "relay.md §2" Stated [] inbox_columns
        "受信一覧に公式の列がある", "the inbox has the official columns";
        "受信日時、送信元、データ取得状況がわかる", "time, sender and state are told";
    "02" "relay.md §2" Stated [] outbox_columns
        "送信一覧に公式の列がある", "the outbox has the official columns";
        "送信日時、送信先、ダウンロード状況がわかる", "time, destination and state are told";
    "03" "relay.md §9 item 5" Assumed [] newest_first
        "新しい順に並ぶ", "the newest comes first";
        "届いたばかりのデータが先頭に見える", "what has just arrived is on top";
    "04" "relay.md §9 item 5" Assumed [] pages
        "ページに分けても抜けや重なりがない", "pages neither lose nor repeat rows";
        "件数の多い事業所でも全件を見られる", "busy offices see everything";
    "05" "relay.md §9 item 5" Assumed [] by_state
        "状態で絞り込める", "rows can be chosen by state";
        "未取得だけを表示できる", "one can see what is still to be fetched";
    "06" "relay.md §9 item 5" Assumed [] by_office
        "相手の事業所番号で絞り込める", "rows can be chosen by the other office";
        "相手ごとに探せる", "one can look office by office";
    "07" "relay.md §9 item 5" Assumed [] by_text
        "ファイル名の一部で検索できる", "rows can be found by a part of a file name";
        "目当ての送信を探せる", "a message can be found";
    "08" "careplan-testbed API" Assumed [] strange_queries
        "知らない条件は拒否し、無視しない", "strange parameters are refused, not ignored";
        "絞り込みの書き間違いに気付ける", "a typing error is noticed";
    "09" "relay.md §2" Inferred [] details
        "1件の詳細に全ファイルの名前・大きさ・SHA-256がある", "a message lists its files with size and SHA-256";
        "受け取る前に中身を知ることができる", "one knows what will arrive";
    "10" "relay.md §2" Inferred [] unfetched_count
        "トップ画面の未取得件数が増減する", "the count on the top page goes up and down";
        "新着がトップ画面でわかる", "new arrivals show on the top page";
}

async fn inbox_columns(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let list = scene.read(&waiting.service, "/v1/inbox").await?.is(200)?;
    list.has("/items/0/id", waiting.id.as_str())?;
    list.has("/items/0/from/number", waiting.planner.number.as_str())?;
    list.has("/items/0/from/service_kind", scene.place(Role::Planner).party.kind())?;
    list.has("/items/0/state", "unfetched")?;
    list.has("/items/0/state_shown", "")?;
    list.has("/items/0/fetched_at", serde_json::Value::Null)?;
    list.has("/items/0/files", waiting.files.len())?;
    list.text("/items/0/received_at")?;
    list.text("/items/0/from/name")?;
    list.has("/items/0/units/0/unit", "K2")?;
    list.text("/items/0/units/0/sequence")?;
    Ok(())
}

async fn outbox_columns(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let list = scene.read(&waiting.planner, "/v1/outbox").await?.is(200)?;
    list.has("/items/0/id", waiting.id.as_str())?;
    list.has("/items/0/to/number", waiting.service.number.as_str())?;
    list.has("/items/0/to/service_kind", scene.place(Role::Service).party.kind())?;
    list.has("/items/0/state", "not_downloaded")?;
    list.has("/items/0/state_shown", "未ダウンロード")?;
    list.has("/items/0/downloaded_at", serde_json::Value::Null)?;
    list.text("/items/0/sent_at")?;
    list.text("/items/0/to/name")?;
    Ok(())
}

async fn newest_first(scene: Arc<Scene>) -> Done {
    let first = scene.waiting().await?;
    let second = scene.waiting().await?;
    let list = scene.read(&second.service, "/v1/inbox").await?.is(200)?;
    list.has("/items/0/id", second.id.as_str())?;
    list.has("/items/1/id", first.id.as_str())?;
    let oldest = scene.read(&second.service, "/v1/inbox?sort=received_at&per_page=200").await?;
    let oldest = oldest.is(200)?;
    // Compared as times: fractions of a second may be written with any number of digits.
    let read = |row: &serde_json::Value| row["received_at"].as_str()?.parse().ok();
    let times: Option<Vec<jiff::Timestamp>> = oldest.rows()?.iter().map(read).collect();
    oldest.ensure(
        times.is_some_and(|times| times.is_sorted()),
        "sort=received_at は古い順",
        "sort=received_at is oldest first",
    )
}

async fn pages(scene: Arc<Scene>) -> Done {
    for _ in 0..3 {
        scene.waiting().await?;
    }
    let service = scene.service().await?;
    let mut seen_ids = BTreeSet::new();
    let mut rows = 0;
    for page in 1..=1_000 {
        let path = format!("/v1/inbox?page={page}&per_page=2");
        let list = scene.read(&service, &path).await?.is(200)?;
        list.has("/page", page)?;
        list.has("/per_page", 2)?;
        let items = list.rows()?;
        rows += items.len();
        seen_ids.extend(items.iter().map(|row| row["id"].to_string()));
        if items.len() < 2 {
            let total = list.at("/total")?.as_u64().unwrap_or_default();
            let whole = rows as u64 == total && seen_ids.len() == rows;
            return list.ensure(
                whole,
                format!("全ページで{total}件（{rows}行、{}種類だった）", seen_ids.len()),
                format!("{total} on all pages, not {rows} rows with {} ids", seen_ids.len()),
            );
        }
    }
    Ok(())
}

async fn by_state(scene: Arc<Scene>) -> Done {
    let fetched = scene.waiting().await?;
    let waiting = scene.waiting().await?;
    scene.claim(&fetched.service, &fetched.id).await?.is(200)?;
    for (path, office, there, not_there) in [
        ("/v1/inbox?state=unfetched", &waiting.service, &waiting.id, &fetched.id),
        ("/v1/inbox?state=fetched", &waiting.service, &fetched.id, &waiting.id),
        ("/v1/outbox?state=not_downloaded", &waiting.planner, &waiting.id, &fetched.id),
        ("/v1/outbox?state=downloaded", &waiting.planner, &fetched.id, &waiting.id),
    ] {
        let list = scene.read(office, &format!("{path}&per_page=200")).await?.is(200)?;
        let has = |id: &str| list.answer.json["items"].to_string().contains(id);
        list.ensure(
            has(there) && !has(not_there),
            "その状態の行だけがある",
            "rows of this state alone",
        )?;
    }
    Ok(())
}

async fn by_office(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    let (planner, service) = (&waiting.planner, &waiting.service);
    let path = format!("/v1/inbox?from={}", planner.number);
    let list = scene.read(service, &path).await?.is(200)?;
    list.has("/items/0/id", waiting.id.as_str())?;
    let only = list.rows()?.iter().all(|row| row["from"]["number"] == planner.number.as_str());
    list.ensure(only, "その送信元の行だけがある", "rows of this sender alone")?;
    let path = format!("/v1/outbox?to={}", service.number);
    let list = scene.read(planner, &path).await?.is(200)?;
    let only = list.rows()?.iter().all(|row| row["to"]["number"] == service.number.as_str());
    list.ensure(only, "その送信先の行だけがある", "rows of this destination alone")?;
    let none = scene.read(service, "/v1/inbox?from=4799999999").await?.is(200)?;
    none.has("/total", 0)
}

async fn by_text(scene: Arc<Scene>) -> Done {
    let (planner, service) = (scene.planner().await?, scene.service().await?);
    let mut files = scene.files("K2");
    let mark = scene.key().replace("plan-", "shirushi");
    files.push((format!("{mark}.txt"), b"x".to_vec()));
    let sent = scene.send(&planner, &service.number, &files).await?.is(201)?;
    let list = scene.read(&service, &format!("/v1/inbox?query={mark}")).await?.is(200)?;
    list.has("/total", 1)?;
    list.has("/items/0/id", sent.at("/id")?.clone())
}

async fn strange_queries(scene: Arc<Scene>) -> Done {
    let service = scene.service().await?;
    for query in ["colour=red", "state=blue", "sort=price", "page=first", "to=4799999999"] {
        let seen = scene.read(&service, &format!("/v1/inbox?{query}")).await?;
        seen.refused(400, "query-malformed")?;
    }
    Ok(())
}

async fn details(scene: Arc<Scene>) -> Done {
    let waiting = scene.waiting().await?;
    for (office, list) in [(&waiting.service, "inbox"), (&waiting.planner, "outbox")] {
        let shown = scene.read(office, &format!("/v1/{list}/{}", waiting.id)).await?.is(200)?;
        let listed = shown.at("/manifest_files")?;
        let whole = waiting.files.iter().all(|(name, bytes)| {
            listed.as_array().is_some_and(|listed| {
                listed.iter().any(|file| {
                    file["name"] == name.as_str()
                        && file["size"] == bytes.len()
                        && file["sha256"] == crate::office::sha256_hex(bytes)
                })
            })
        });
        shown.ensure(
            whole,
            "/manifest_files に全ファイルの名前・大きさ・SHA-256",
            "/manifest_files has name, size and SHA-256 of every file",
        )?;
    }
    Ok(())
}

async fn unfetched_count(scene: Arc<Scene>) -> Done {
    let service = scene.service().await?;
    let count = async || {
        let top = scene.read(&service, "/v1/top").await?.is(200)?;
        let count = top.at("/unfetched")?.as_u64();
        count.ok_or_else(|| top.unmet("/unfetched が整数", "/unfetched is a number"))
    };
    let before = count().await?;
    let waiting = scene.waiting().await?;
    let with = count().await?;
    let claim = scene.claim(&service, &waiting.id).await?.is(200)?;
    let after = count().await?;
    claim.ensure(
        with == before + 1 && after == before,
        format!("{before}、{}、{before} 件（{before}、{with}、{after} だった）", before + 1),
        format!("{before}, {}, {before}, not {before}, {with}, {after}", before + 1),
    )
}
