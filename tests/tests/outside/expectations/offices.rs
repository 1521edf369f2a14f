//! Messages of other offices cannot be reached.

use std::sync::Arc;

use super::scene::Scene;

expectations! {
    "OTHER-01" sender_cannot_fetch ("relay.md §2, inferred")
        "the sender cannot fetch what it sent";
    "OTHER-02" not_in_other_list ("relay.md §2, inferred")
        "a message is in no other office's lists, nor can it be opened there";
    "OTHER-03" token_of_other ("relay.md §9 item 12, assumed")
        "another office cannot use a download token";
    "OTHER-04" failed_try_changes_nothing ("relay.md §2, inferred")
        "a try by another office leaves it unfetched";
}

async fn sender_cannot_fetch(scene: Arc<Scene>) {
    let Scene { bed, planner, .. } = &*scene;
    let id = scene.waiting().await;
    let _ = planner.claim(bed, &id).await.is(404).refused("message-unknown");
    let item = planner.read(bed, &format!("/v1/inbox/{id}")).await;
    let _ = item.is(404).refused("message-unknown");
}

async fn not_in_other_list(scene: Arc<Scene>) {
    let Scene { bed, planner, service, .. } = &*scene;
    let id = scene.waiting().await;
    let item = service.read(bed, &format!("/v1/outbox/{id}")).await;
    let _ = item.is(404).refused("message-unknown");
    for (office, list) in [(planner, "inbox"), (service, "outbox")] {
        let list = office.read(bed, &format!("/v1/{list}?per_page=200")).await.is(200);
        assert!(list.items().iter().all(|row| row["id"] != id.as_str()), "{list:?}");
    }
}

async fn token_of_other(scene: Arc<Scene>) {
    let Scene { bed, planner, service, .. } = &*scene;
    let (claim, path) = scene.claimed(&scene.waiting().await).await;
    let stolen = planner.read(bed, &path).await;
    let _ = stolen.is(404).refused("download-token-unknown");
    let _ = scene.confirm(planner, &path, claim.text("sha256")).await.is(404);
    let _ = service.read(bed, &path).await.is(200);
}

async fn failed_try_changes_nothing(scene: Arc<Scene>) {
    let Scene { bed, planner, service, .. } = &*scene;
    let id = scene.waiting().await;
    let _ = planner.claim(bed, &id).await.is(404);
    let item = service.read(bed, &format!("/v1/inbox/{id}")).await.is(200);
    item.has("/state", "unfetched");
    let _ = service.claim(bed, &id).await.is(200);
}
