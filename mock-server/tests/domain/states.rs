//! Scenarios, saving, loading, restarting.

use std::collections::BTreeSet;

use bytes::Bytes;
use careplan_mock_server::clock::{Clock, Course};
use careplan_mock_server::domain::listing::ListQuery;
use careplan_mock_server::domain::{ClockMove, Relay, Settings, StorePlace};
use careplan_mock_server::refusal::{Error, Failure};
use careplan_mock_server::scenario::SCENARIOS;

use super::support::{Desk, NOW, at, helper, planner, presented, refused};

#[tokio::test]
async fn every_scenario_opens_at_any_time() {
    for scenario in SCENARIOS {
        for now in [
            NOW,
            "2023-04-20T00:00:00Z",
            "2025-04-30T15:00:00Z",
            "2028-02-28T15:00:00Z",
            "2035-12-31T14:59:59Z",
        ] {
            let desk = Desk::new(scenario.name, now, Default::default()).await;
            let accounts = desk.relay.accounts().await.expect("listed");
            assert!(accounts.len() >= 30, "{} {now}", scenario.name);
            let ids: BTreeSet<_> = accounts.iter().filter_map(|a| a.c_id.clone()).collect();
            assert!(ids.len() >= 29, "{}", scenario.name);
        }
    }
    let desk = Desk::demo().await;
    let error = desk.relay.load_scenario("nothing", None).await.expect_err("there is none");
    assert!(matches!(error, Error::Failed(Failure::Scenario(name)) if name == "nothing"));
}

#[tokio::test]
async fn the_seed_decides_what_is_readable() {
    let one = Desk::new("first-time", NOW, Default::default()).await;
    let two = Desk::new("first-time", NOW, Default::default()).await;
    let (first, second) =
        (one.relay.accounts().await.expect("listed"), two.relay.accounts().await.expect("listed"));
    assert_eq!(first, second);
    two.relay.load_scenario("first-time", Some(2)).await.expect("loaded");
    let third = two.relay.accounts().await.expect("listed");
    assert_ne!(first[0].kj_password, third[0].kj_password);
    assert_eq!(two.relay.scenario(), ("first-time".to_owned(), 2));
}

#[tokio::test]
async fn a_reset_begins_again_under_the_same_authority() {
    let desk = Desk::demo().await;
    let office = desk.office(planner()).await;
    office.send("one", "K2", helper()).await.expect("taken");
    desk.relay.revoke(&office.own.facts().serial.to_string()).await.expect("revoked");
    let authority = desk.relay.authority();
    desk.relay.reset().await.expect("it begins again");
    assert_eq!(desk.relay.authority().ca_pem, authority.ca_pem);
    let card = presented(&office.own);
    refused(desk.relay.caller(&office.login.access_token, Some(&card)), "token-unknown");
    let office = desk.office(planner()).await;
    let page = desk.relay.outbox(&office.caller, &ListQuery::default()).await.expect("listed");
    assert_eq!(page.total, 2, "only those of the demo");
}

#[tokio::test]
async fn a_saved_state_goes_on_elsewhere() {
    let desk = Desk::demo().await;
    desk.relay.move_clock(ClockMove::Set(at("2027-01-15T03:00:00Z"))).await.expect("moved");
    desk.switch(|switches| switches.max_files = 17).await;
    let (sender, receiver) = (desk.office(planner()).await, desk.office(helper()).await);
    let sent = sender.send("one", "K2", helper()).await.expect("taken");
    let revoked = desk.certificate(planner(), Some("revoked")).await;
    let claim = desk.relay.claim(&receiver.caller, &sent.id).await.expect("the first");
    let before = desk.relay.download(&receiver.caller, &claim.download_token).await.expect("it");
    let archive = desk.relay.save_state().await.expect("saved");

    let other = Desk::new("first-time", NOW, Default::default()).await;
    let old_authority = other.relay.authority();
    let broken = other.relay.load_state(Bytes::from_static(b"PK nonsense")).await;
    assert!(matches!(broken, Err(Error::Failed(Failure::SavedState(_)))));
    assert_eq!(other.relay.scenario().0, "first-time", "nothing has changed");
    other.relay.load_state(archive.clone()).await.expect("loaded");
    let relay = &other.relay;
    assert_eq!(relay.scenario(), desk.relay.scenario());
    assert_eq!(relay.clock().now(), at("2027-01-15T03:00:00Z"));
    assert_eq!(relay.switches().max_files, 17);
    assert_eq!(relay.authority().ca_pem, desk.relay.authority().ca_pem);
    assert_ne!(relay.authority().ca_pem, old_authority.ca_pem);
    assert_eq!(
        relay.accounts().await.expect("listed"),
        desk.relay.accounts().await.expect("listed")
    );
    let card = presented(&receiver.own);
    let caller = relay
        .caller(&receiver.login.access_token, Some(&card))
        .expect("certificate and login still count");
    let after = relay.download(&caller, &claim.download_token).await.expect("it goes on");
    assert_eq!(before.bytes, after.bytes);
    refused(other.login_with(planner(), &revoked).await, "certificate-revoked");
    let next = other.office(planner()).await;
    assert!(next.own.facts().serial > revoked.facts().serial, "numbers go on");
    next.send("two", "K1", helper()).await.expect("and so does everything");

    let again = Desk::demo().await;
    again.relay.load_state(archive.clone()).await.expect("loaded");
    let second = again.relay.save_state().await.expect("saved");
    let third = Desk::demo().await;
    third.relay.load_state(second.clone()).await.expect("loaded");
    assert_eq!(third.relay.save_state().await.expect("saved"), second, "nothing is lost");
}

#[tokio::test]
async fn a_directory_remembers() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = || Settings {
        place: StorePlace::Directory {
            path: folder.path().join("状態 #1%20?"), full_sync: false
        },
        clock: Clock::frozen_at(at(NOW)),
        ..Settings::default()
    };
    let desk = Desk { relay: Relay::open(settings()).await.expect("it opens") };
    let office = desk.office(planner()).await;
    let sent = office.send("one", "K2", helper()).await.expect("taken");
    desk.relay.move_clock(ClockMove::Set(at("2026-11-21T01:10:00Z"))).await.expect("moved");
    // Nothing is closed: as if the process had been killed.
    let again = Desk { relay: Relay::open(settings()).await.expect("it opens again") };
    assert_eq!(again.relay.clock().course(), Course::Frozen { at: at("2026-11-21T01:10:00Z") });
    let card = presented(&office.own);
    let caller = again
        .relay
        .caller(&office.login.access_token, Some(&card))
        .expect("the login was acknowledged");
    let page = again.relay.outbox(&caller, &ListQuery::default()).await.expect("listed");
    assert!(page.items.iter().any(|item| item.id == sent.id));
}
