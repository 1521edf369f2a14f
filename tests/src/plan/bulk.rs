//! What bulk send (一括送信) asks of a relay: many sends, each for itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Need::ThirdOffice;
use super::scene::Scene;
use super::server::Role;
use super::{Done, declare};

declare! { "BULK", "一括送信", "Bulk send";
    "01" "relay.md §2" Inferred [] many
        "続けて100件を送れ、すべて1件ずつ届く", "a hundred sends in a row all arrive, each once";
        "一括送信の上限（100件）まで送れる", "the limit of bulk send (100) can be used";
    "02" "relay.md §2" Inferred [ThirdOffice] one_bad_row
        "1件の拒否がほかの件に影響しない", "one refused row does not harm the others";
        "行ごとに結果がわかる", "every row has its own result";
    "03" "relay.md §2, §9 item 7" Inferred [] resumed
        "途中でやり直しても重ならない", "a bulk send that is begun again doubles nothing";
        "中断した一括送信を再開できる", "an interrupted bulk send can be resumed";
}

async fn many(scene: Arc<Scene>) -> Done {
    let (planner, to) = (scene.planner().await?, scene.number(Role::Service));
    let files = scene.files("K2");
    let mut ids = BTreeSet::new();
    for _ in 0..25 {
        let sends = (0..4).map(|_| {
            let (scene, planner, key) = (Arc::clone(&scene), planner.clone(), scene.key());
            let form = planner.message(&to, &files);
            tokio::spawn(async move { scene.post_form(&planner, &key, form).await })
        });
        for send in sends.collect::<Vec<_>>() {
            let seen = send.await.expect("a send does not panic")?.is(201)?;
            ids.insert(seen.text("/id")?.to_owned());
        }
    }
    let service = scene.service().await?;
    let list = scene.read(&service, "/v1/inbox?state=unfetched&per_page=200").await?.is(200)?;
    let arrived: BTreeSet<&str> =
        list.rows()?.iter().filter_map(|row| row["id"].as_str()).collect();
    let missing = ids.iter().filter(|id| !arrived.contains(id.as_str())).count();
    list.ensure(
        ids.len() == 100 && missing == 0,
        format!("100件（{}件、うち{missing}件が届いていない）", ids.len()),
        format!("a hundred, not {} of which {missing} did not arrive", ids.len()),
    )
}

async fn one_bad_row(scene: Arc<Scene>) -> Done {
    let planner = scene.planner().await?;
    let (service, third) = (scene.number(Role::Service), scene.number(Role::Third));
    scene.send(&planner, &service, &scene.files("K2")).await?.is(201)?;
    let bad = scene.files("K2");
    scene.send(&planner, &service, &bad[..2]).await?.refused(422, "file-combination")?;
    scene.send(&planner, &third, &scene.files_to("K2", Role::Third)).await?.is(201)?;
    Ok(())
}

async fn resumed(scene: Arc<Scene>) -> Done {
    let (planner, to) = (scene.planner().await?, scene.number(Role::Service));
    let files = scene.files("K2");
    let keys: Vec<String> = (0..5).map(|_| scene.key()).collect();
    let mut first = Vec::new();
    for key in &keys[..3] {
        let seen = scene.post_form(&planner, key, planner.message(&to, &files)).await?.is(201)?;
        first.push(seen.text("/id")?.to_owned());
    }
    let mut all = BTreeSet::new();
    for (at, key) in keys.iter().enumerate() {
        let seen = scene.post_form(&planner, key, planner.message(&to, &files)).await?;
        let seen = seen.is(if at < 3 { 200 } else { 201 })?;
        let id = seen.text("/id")?.to_owned();
        if let Some(before) = first.get(at) {
            seen.has("/id", before.as_str())?;
        }
        all.insert(id);
    }
    let list = scene.read(&planner, "/v1/outbox?per_page=5").await?.is(200)?;
    let newest: BTreeSet<String> =
        list.rows()?.iter().filter_map(|row| row["id"].as_str().map(str::to_owned)).collect();
    list.ensure(newest == all, "新しい5件がその5件", "the five newest rows are the five")
}
