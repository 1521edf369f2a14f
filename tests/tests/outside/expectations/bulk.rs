//! What bulk send (一括送信) asks of a relay: many sends, each for itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use careplan_tests::unit::files;

use super::scene::{Scene, third};

expectations! {
    "BULK-01" many ("relay.md §2, inferred")
        "a hundred sends in a row all arrive, each once";
    "BULK-02" one_bad_row ("relay.md §2, inferred")
        "one refused row does not harm the others";
    "BULK-03" resumed ("relay.md §2, §9 item 7, inferred")
        "a bulk send that is begun again doubles nothing";
}

async fn many(scene: Arc<Scene>) {
    let files = scene.files("K2");
    let mut ids = BTreeSet::new();
    for _ in 0..25 {
        let sends = (0..4).map(|_| {
            let (scene, files) = (Arc::clone(&scene), files.clone());
            tokio::spawn(async move { scene.send(&files).await })
        });
        for send in sends.collect::<Vec<_>>() {
            ids.insert(send.await.unwrap().is(201).text("id").to_owned());
        }
    }
    assert_eq!(ids.len(), 100);
    let list = scene.service.read(&scene.bed, "/v1/inbox?state=unfetched&per_page=200").await;
    let list = list.is(200);
    let arrived: BTreeSet<&str> =
        list.items().iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert!(ids.iter().all(|id| arrived.contains(id.as_str())), "{list:?}");
}

async fn one_bad_row(scene: Arc<Scene>) {
    let good = scene.files("K2");
    let _ = scene.send(&good).await.is(201);
    let _ = scene.send(&good[..2]).await.is(422).refused("file-combination");
    let other = files("K2", &scene.planner.number, third());
    let _ = scene.send_to(third(), &other).await.is(201);
}

async fn resumed(scene: Arc<Scene>) {
    let Scene { bed, planner, service, .. } = &*scene;
    let keys: Vec<String> = (0..5).map(|_| scene.key()).collect();
    let send = async |key: &str| planner.send(bed, key, "K2", &service.number).await;
    let mut first = Vec::new();
    for key in &keys[..3] {
        first.push(send(key).await.is(201).text("id").to_owned());
    }
    let mut all = BTreeSet::new();
    for (at, key) in keys.iter().enumerate() {
        let answer = send(key).await.is(if at < 3 { 200 } else { 201 });
        if let Some(before) = first.get(at) {
            answer.has("/id", before.as_str());
        }
        all.insert(answer.text("id").to_owned());
    }
    let list = planner.read(bed, "/v1/outbox?per_page=5").await.is(200);
    let newest: BTreeSet<String> =
        list.items().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(newest, all);
}
