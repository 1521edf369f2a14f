//! Lists that are searched while messages are fetched and released; writes that fail.

use std::sync::Arc;

use careplan_relay::Settings;
use careplan_relay::clock::Clock;
use careplan_relay::login::Caller;
use careplan_relay::saved_state::SavedState;
use careplan_relay::store::{ListQuery, Sort, StoreLocation};
use sqlx::{AnyConnection, Connection, Executor};

use super::beginnings::ready;
use super::support::{NOW, Region, at, helper, planner};

/// Fetched ones, or the others, of all whose names of files say so: what both sides find.
async fn found(region: &Region, sides: (&Caller, &Caller), fetched: bool) -> Vec<String> {
    let query = ListQuery {
        sort: Sort::OldestFirst,
        fetched: Some(fetched),
        text: Some("UPPLAN_202610".to_owned()),
        ..ListQuery::default()
    };
    let outbox = region.turn().await.exchange().outbox(sides.0, &query).await.expect("listed");
    let inbox = region.turn().await.exchange().inbox(sides.1, &query).await.expect("listed");
    let sent: Vec<_> = outbox.items.iter().map(|row| row.id.clone()).collect();
    let received: Vec<_> = inbox.items.iter().map(|row| row.id.clone()).collect();
    assert_eq!(sent, received, "both sides see the same");
    assert_eq!((outbox.total, inbox.total), (sent.len() as u64, sent.len() as u64));
    received
}

#[tokio::test]
async fn what_is_fetched_or_released_shows_in_the_next_search() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = StoreLocation::Directory { path: folder.path().to_owned(), full_sync: false };
    let open = async || {
        let settings = Settings { clock: Clock::frozen_at(at(NOW)), ..Settings::default() };
        Region::on(&place, settings, &ready(1)).await
    };
    let region = open().await;
    let (sender, receiver) = (region.office(planner()).await, region.office(helper()).await);
    let mut ids = Vec::new();
    for (key, unit) in [("1", "K2"), ("2", "K2"), ("3", "K1"), ("4", "K2")] {
        region.advance_minutes(1).await;
        ids.push(sender.send(key, unit, helper()).await.expect("it is taken").id);
    }
    // The third says something else.
    let [one, two, _, four] = ids.try_into().expect("four");
    let sides = (&sender.caller, &receiver.caller);
    let claim = async |region: &Region, id: &str| {
        let claim = region.turn().await.exchange().claim(sides.1, id, Some("k")).await;
        claim.expect("nobody has it")
    };
    let release = async |region: &Region, id: &str| {
        region.turn().await.operator().release_claim(id).await.expect("released");
    };
    let is = async |region: &Region, unfetched: &[&String], fetched: &[&String]| {
        assert_eq!(found(region, sides, false).await.iter().collect::<Vec<_>>(), unfetched);
        assert_eq!(found(region, sides, true).await.iter().collect::<Vec<_>>(), fetched);
    };
    is(&region, &[&one, &two, &four], &[]).await;
    claim(&region, &two).await;
    is(&region, &[&one, &four], &[&two]).await;
    claim(&region, &one).await;
    release(&region, &two).await;
    is(&region, &[&two, &four], &[&one]).await;
    // Twice between two searches: as it is in the end.
    claim(&region, &two).await;
    release(&region, &two).await;
    claim(&region, &four).await;
    is(&region, &[&two], &[&one, &four]).await;

    // The next server on the same folder.
    drop((sender.relay, receiver.relay, region));
    let region = open().await;
    is(&region, &[&two], &[&one, &four]).await;
    claim(&region, &two).await;
    release(&region, &four).await;
    is(&region, &[&four], &[&one, &two]).await;

    // A saved state takes its place, and another one after that.
    let saved = region.relay.save_state().await.expect("saved").bytes().await.expect("read");
    release(&region, &one).await;
    claim(&region, &four).await;
    is(&region, &[&one], &[&two, &four]).await;
    let saved = SavedState::of(&saved).await.expect("there is room");
    region.relay.load_state(saved).await.expect("it is read");
    is(&region, &[&four], &[&one, &two]).await;
    claim(&region, &four).await;
    release(&region, &one).await;
    is(&region, &[&one], &[&two, &four]).await;
}

/// A connection to the database of a running server, to break it by.
async fn intruder(folder: &std::path::Path) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let path = folder.join("state.db");
    AnyConnection::connect(&format!("sqlite:{}", path.display())).await.expect("it opens")
}

/// A COMMIT that fails says nothing certain about what was kept: what is remembered of lists goes.
#[tokio::test]
async fn after_a_commit_that_failed_lists_are_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = StoreLocation::Directory { path: folder.path().to_owned(), full_sync: false };
    let settings = Settings { clock: Clock::frozen_at(at(NOW)), ..Settings::default() };
    let region = Region::on(&place, settings, &ready(1)).await;
    let (sender, receiver) = (region.office(planner()).await, region.office(helper()).await);
    let one = sender.send("1", "K2", helper()).await.expect("it is taken").id;
    region.advance_minutes(1).await;
    let two = sender.send("2", "K2", helper()).await.expect("it is taken").id;
    let own = &receiver.caller;
    let claim =
        async |id: &str| region.turn().await.exchange().claim(own, id, None).await.map(|_| ());
    let release = async |id: &str| region.turn().await.operator().release_claim(id).await;
    claim(&two).await.expect("nobody has it");
    let query = ListQuery::default();
    let lists = async || {
        let turn = region.turn().await;
        let inbox = turn.exchange().inbox(own, &query).await.expect("listed");
        let turn = region.turn().await;
        (inbox, turn.exchange().outbox(&sender.caller, &query).await.expect("listed"))
    };

    // From here on whatever is written to messages fails, and only at its COMMIT.
    let mut intruder = intruder(folder.path()).await;
    let trap =
        "CREATE TABLE trap (office TEXT REFERENCES office (number) DEFERRABLE INITIALLY DEFERRED);
        CREATE TRIGGER falls_in AFTER INSERT ON message BEGIN INSERT INTO trap VALUES ('x'); END;
        CREATE TRIGGER falls_too AFTER UPDATE OF claimed_at ON message BEGIN
        INSERT INTO trap VALUES ('x'); END;";
    intruder.execute(trap).await.expect("it is set");
    let mut before = lists().await;
    for write in ["send", "claim", "release"] {
        let again = lists().await;
        assert!(Arc::ptr_eq(&again.0, &before.0) && Arc::ptr_eq(&again.1, &before.1), "remembered");
        let outcome = match write {
            "send" => sender.send("3", "K2", helper()).await.map(|_| ()),
            "claim" => claim(&one).await,
            _ => release(&two).await,
        };
        let error = outcome.expect_err("it is not kept");
        assert!(error.to_string().contains("FOREIGN KEY"), "{write}: {error}");
        let after = lists().await;
        assert!(!Arc::ptr_eq(&after.0, &before.0), "{write}");
        assert!(!Arc::ptr_eq(&after.1, &before.1), "{write}");
        assert_eq!((&after.0, &after.1), (&before.0, &before.1), "nothing was kept");
        before = after;
    }
    intruder.execute("DROP TRIGGER falls_in; DROP TRIGGER falls_too").await.expect("it is gone");
    claim(&one).await.expect("nobody has it");
    release(&two).await.expect("it was fetched");
    let (inbox, _) = lists().await;
    let states: Vec<_> = inbox.items.iter().map(|row| (row.id.as_str(), row.state_shown)).collect();
    assert_eq!(states[..2], [(two.as_str(), ""), (one.as_str(), "済")]);
}

/// Keyed claims by two terminals, each made again and again, while the trainer releases them: at any
/// time one token opens the message at most, and what was answered under a key is answered again as
/// long as nobody releases it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn releases_among_keyed_claims_leave_one_holder_or_none() {
    let region = Region::ready().await;
    let (sender, receiver) = (region.office(planner()).await, region.office(helper()).await);
    let (mut released, mut held) = (0, 0);
    for round in 0..12_u8 {
        let id = sender.send(&round.to_string(), "K2", helper()).await.expect("it is taken").id;
        let racers: Vec<_> = (0..18_u8)
            .map(|racer| {
                let (relay, id) = (region.relay.clone(), id.clone());
                let caller = Caller { fingerprint: [racer % 2; 32], ..receiver.caller.clone() };
                tokio::spawn(async move {
                    let turn = relay.turn().await.expect("a turn");
                    // The order in which they come is another one in every round.
                    if (racer + round) % 3 == 0 {
                        turn.operator().release_claim(&id).await.expect("released");
                        return None;
                    }
                    let key = Some("key").filter(|_| racer % 6 != 5);
                    match turn.exchange().claim(&caller, &id, key).await {
                        Ok(claim) => Some((caller.fingerprint, key, claim)),
                        Err(error) => {
                            let refusal = error.refusal().expect("a refusal");
                            assert_eq!(refusal.kind.code, "already-fetched");
                            None
                        }
                    }
                })
            })
            .collect();
        let mut answered = Vec::new();
        for racer in racers {
            answered.extend(racer.await.expect("no panic"));
        }
        assert!(!answered.is_empty(), "somebody was the first");
        let own = &receiver.caller;
        let mut opened = Vec::new();
        for answer in answered {
            let exchange = region.turn().await.exchange();
            match exchange.download(own, &answer.2.download_token).await {
                Ok(_) => opened.push(answer),
                Err(error) => {
                    let refusal = error.refusal().expect("a refusal");
                    assert_eq!(refusal.kind.code, "download-token-unknown", "it was released");
                    released += 1;
                }
            }
        }
        assert!(opened.iter().all(|holder| *holder == opened[0]), "one token: {opened:?}");
        let row = region.turn().await.exchange().inbox_item(own, &id).await.expect("shown");
        assert_eq!(row.item.fetched_at.is_some(), !opened.is_empty(), "fetched, and by somebody");
        let Some((fingerprint, key, claim)) = opened.pop() else { continue };
        held += 1;
        let caller = Caller { fingerprint, ..own.clone() };
        let exchange = region.turn().await.exchange();
        match exchange.claim(&caller, &id, key).await {
            Ok(again) => assert_eq!((key, again), (Some("key"), claim), "its answer was lost"),
            Err(error) => {
                assert_eq!(error.refusal().expect("a refusal").kind.code, "already-fetched");
                assert_eq!(key, None, "a key is answered again");
            }
        }
    }
    assert!(released > 0 && held > 0, "they met: {released} released, {held} held");
}
