//! 受信一覧 and 送信一覧: columns, states, order, search, pages.

use std::collections::BTreeSet;
use std::sync::Arc;

use careplan_tests::office::sha256_hex;
use serde_json::Value;

use super::scene::Scene;

expectations! {
    "LIST-01" inbox_columns ("relay.md §2, stated")
        "the inbox has the official columns";
    "LIST-02" outbox_columns ("relay.md §2, stated")
        "the outbox has the official columns";
    "LIST-03" newest_first ("relay.md §9 item 5, assumed")
        "the newest comes first";
    "LIST-04" pages ("relay.md §9 item 5, assumed")
        "pages neither lose nor repeat rows";
    "LIST-05" by_state ("relay.md §9 item 5, assumed")
        "rows can be chosen by state";
    "LIST-06" by_office ("relay.md §9 item 5, assumed")
        "rows can be chosen by the other office";
    "LIST-07" by_text ("relay.md §9 item 5, assumed")
        "rows can be found by a part of a file name";
    "LIST-08" strange_queries ("careplan-testbed API, assumed")
        "strange parameters are refused, not ignored";
    "LIST-09" details ("relay.md §2, inferred")
        "a message lists its files with size and SHA-256";
    "LIST-10" unfetched_count ("relay.md §2, inferred")
        "the count on the top page goes up and down";
}

async fn inbox_columns(scene: Arc<Scene>) {
    let Scene { bed, planner, service, .. } = &*scene;
    let id = scene.waiting().await;
    let list = service.read(bed, "/v1/inbox").await.is(200);
    list.has("/items/0/id", id);
    list.has("/items/0/from/number", planner.number.as_str());
    list.has("/items/0/from/service_kind", "43");
    list.has("/items/0/state", "unfetched");
    list.has("/items/0/state_shown", "");
    list.has("/items/0/fetched_at", Value::Null);
    list.has("/items/0/files", 3);
    list.has("/items/0/units/0/unit", "K2");
    list.told(&["/items/0/received_at", "/items/0/from/name", "/items/0/units/0/sequence"]);
}

async fn outbox_columns(scene: Arc<Scene>) {
    let Scene { bed, planner, service, .. } = &*scene;
    let id = scene.waiting().await;
    let list = planner.read(bed, "/v1/outbox").await.is(200);
    list.has("/items/0/id", id);
    list.has("/items/0/to/number", service.number.as_str());
    list.has("/items/0/to/service_kind", "11");
    list.has("/items/0/state", "not_downloaded");
    list.has("/items/0/state_shown", "未ダウンロード");
    list.has("/items/0/downloaded_at", Value::Null);
    list.told(&["/items/0/sent_at", "/items/0/to/name"]);
}

async fn newest_first(scene: Arc<Scene>) {
    let Scene { bed, service, .. } = &*scene;
    let (first, second) = (scene.waiting().await, scene.waiting().await);
    let list = service.read(bed, "/v1/inbox").await.is(200);
    list.has("/items/0/id", second);
    list.has("/items/1/id", first);
    let oldest = service.read(bed, "/v1/inbox?sort=received_at&per_page=200").await.is(200);
    // Compared as times: fractions of a second may be written with any number of digits.
    let time = |row: &Value| row["received_at"].as_str().unwrap().parse().unwrap();
    let times: Vec<jiff::Timestamp> = oldest.items().iter().map(time).collect();
    assert!(times.is_sorted(), "{times:?}");
}

async fn pages(scene: Arc<Scene>) {
    for _ in 0..3 {
        let _ = scene.waiting().await;
    }
    let (mut ids, mut rows) = (BTreeSet::new(), 0);
    for page in 1.. {
        let path = format!("/v1/inbox?page={page}&per_page=2");
        let list = scene.service.read(&scene.bed, &path).await.is(200);
        list.has("/page", page);
        list.has("/per_page", 2);
        rows += list.items().len();
        ids.extend(list.items().iter().map(|row| row["id"].to_string()));
        if list.items().len() < 2 {
            list.has("/total", rows);
            assert_eq!(ids.len(), rows);
            break;
        }
    }
}

async fn by_state(scene: Arc<Scene>) {
    let Scene { bed, planner, service, .. } = &*scene;
    let (fetched, waiting) = (scene.waiting().await, scene.waiting().await);
    let _ = service.claim(bed, &fetched).await.is(200);
    for (path, office, there, not_there) in [
        ("/v1/inbox?state=unfetched", service, &waiting, &fetched),
        ("/v1/inbox?state=fetched", service, &fetched, &waiting),
        ("/v1/outbox?state=not_downloaded", planner, &waiting, &fetched),
        ("/v1/outbox?state=downloaded", planner, &fetched, &waiting),
    ] {
        let list = office.read(bed, &format!("{path}&per_page=200")).await.is(200);
        let has = |id: &String| list.items().iter().any(|row| row["id"] == id.as_str());
        assert!(has(there) && !has(not_there), "{path}: {list:?}");
    }
}

async fn by_office(scene: Arc<Scene>) {
    let Scene { bed, planner, service, .. } = &*scene;
    let id = scene.waiting().await;
    let from = service.read(bed, &format!("/v1/inbox?from={}", planner.number)).await.is(200);
    from.has("/items/0/id", id);
    assert!(from.items().iter().all(|row| row["from"]["number"] == planner.number), "{from:?}");
    let to = planner.read(bed, &format!("/v1/outbox?to={}", service.number)).await.is(200);
    assert!(to.items().iter().all(|row| row["to"]["number"] == service.number), "{to:?}");
    service.read(bed, "/v1/inbox?from=4799999999").await.is(200).has("/total", 0);
}

async fn by_text(scene: Arc<Scene>) {
    let mut files = scene.files("K2");
    files.push(("shirushi.txt".to_owned(), b"x".to_vec()));
    let sent = scene.send(&files).await.is(201);
    let list = scene.service.read(&scene.bed, "/v1/inbox?query=shirushi").await.is(200);
    list.has("/total", 1);
    list.has("/items/0/id", sent.text("id"));
}

async fn strange_queries(scene: Arc<Scene>) {
    for query in ["colour=red", "state=blue", "sort=price", "page=first", "to=4799999999"] {
        let answer = scene.service.read(&scene.bed, &format!("/v1/inbox?{query}")).await;
        let _ = answer.is(400).refused("query-malformed");
    }
}

async fn details(scene: Arc<Scene>) {
    let Scene { bed, planner, service, .. } = &*scene;
    let (id, files) = (scene.waiting().await, scene.files("K2"));
    for (office, list) in [(service, "inbox"), (planner, "outbox")] {
        let shown = office.read(bed, &format!("/v1/{list}/{id}")).await.is(200);
        let listed = shown.json["manifest_files"].as_array().unwrap();
        for (name, bytes) in &files {
            let file = listed.iter().find(|file| file["name"] == name.as_str()).unwrap();
            assert_eq!((&file["size"], &file["sha256"]), (&bytes.len().into(), &sha256_hex(bytes).into()));
        }
    }
}

async fn unfetched_count(scene: Arc<Scene>) {
    let Scene { bed, service, .. } = &*scene;
    let count =
        async || service.read(bed, "/v1/top").await.is(200).json["unfetched"].as_u64().unwrap();
    let before = count().await;
    let id = scene.waiting().await;
    assert_eq!(count().await, before + 1);
    let _ = service.claim(bed, &id).await.is(200);
    assert_eq!(count().await, before);
}
