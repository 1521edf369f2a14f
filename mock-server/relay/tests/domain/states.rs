//! Beginning, saving, loading, restarting.

use careplan_certs::CertificateFacts;
use careplan_relay::beginning::{Beginning, Origin};
use careplan_relay::clock::{Clock, ClockMode};
use careplan_relay::outcome::{Error, Failure};
use careplan_relay::saved_state::SavedState;
use careplan_relay::store::{ListQuery, Store, StoreError, StoreLocation};
use careplan_relay::{ClockMove, Settings};
use jiff::{SignedDuration, Timestamp};

use super::beginnings::{newcomers, ready};
use super::support::{NOW, Region, at, helper, planner, presented, refused};

#[tokio::test]
async fn the_seed_decides_what_is_readable() {
    let one = Region::new(&newcomers(1), NOW, Default::default()).await;
    let two = Region::new(&newcomers(1), NOW, Default::default()).await;
    let (first, second) = (
        one.turn().await.operator().accounts().await.expect("listed"),
        two.turn().await.operator().accounts().await.expect("listed"),
    );
    assert_eq!(first, second);
    two.relay.begin(&newcomers(2)).await.expect("it begins");
    let third = two.turn().await.operator().accounts().await.expect("listed");
    assert_ne!(first[0].kj_password, third[0].kj_password);
    assert_eq!(two.relay.origin(), Origin { name: "newcomers".to_owned(), seed: 2 });
}

#[tokio::test]
async fn a_reset_begins_again_under_the_same_authority() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    office.send("one", "K2", helper()).await.expect("taken");
    region
        .turn()
        .await
        .operator()
        .revoke(&office.own.facts().serial.to_string())
        .await
        .expect("revoked");
    let authority = region.relay.authority();
    region.relay.begin(&ready(1)).await.expect("it begins again");
    assert_eq!(region.relay.authority().ca_pem, authority.ca_pem);
    let card = presented(&office.own);
    refused(region.relay.caller(&office.login.access_token, Some(&card)), "token-unknown");
    let office = region.office(planner()).await;
    let page = region
        .turn()
        .await
        .exchange()
        .outbox(&office.caller, &ListQuery::default())
        .await
        .expect("listed");
    assert_eq!(page.total, 2, "only those of the beginning");
}

#[tokio::test]
async fn lists_are_those_of_the_state_there_is() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let sent = async || {
        let turn = region.turn().await.exchange();
        turn.outbox(&office.caller, &ListQuery::default()).await.expect("listed").total
    };
    assert_eq!(sent().await, 2, "those of the beginning");
    office.send("one", "K2", helper()).await.expect("taken");
    assert_eq!(sent().await, 3);
    let archive = region.relay.save_state().await.expect("saved");
    region.relay.begin(&ready(1)).await.expect("it begins again");
    assert_eq!(sent().await, 2);
    region.relay.load_state(archive).await.expect("loaded");
    assert_eq!(sent().await, 3);
}

#[tokio::test]
async fn a_saved_state_goes_on_elsewhere() {
    let region = Region::ready().await;
    region.relay.move_clock(ClockMove::Set(at("2027-01-15T03:00:00Z"))).await.expect("moved");
    region.switch(|switches| switches.max_files = 17).await;
    let (sender, receiver) = (region.office(planner()).await, region.office(helper()).await);
    let sent = sender.send("one", "K2", helper()).await.expect("taken");
    let revoked = region.certificate(planner(), Some("revoked")).await;
    let claim = region
        .turn()
        .await
        .exchange()
        .claim(&receiver.caller, &sent.id, None)
        .await
        .expect("the first");
    let before = region
        .turn()
        .await
        .exchange()
        .download(&receiver.caller, &claim.download_token)
        .await
        .expect("it");
    let archive = region.relay.save_state().await.expect("saved");

    let other = Region::new(&newcomers(1), NOW, Default::default()).await;
    let old_authority = other.relay.authority();
    let broken = other.relay.load_state(SavedState::of(b"PK nonsense").await.expect("kept")).await;
    assert!(matches!(broken, Err(Error::Failed(Failure::SavedState(_)))));
    assert_eq!(other.relay.origin().name, "newcomers", "nothing has changed");
    other.relay.load_state(archive.clone()).await.expect("loaded");
    let relay = &other.relay;
    assert_eq!(relay.origin(), region.relay.origin());
    assert_eq!(relay.clock().now(), at("2027-01-15T03:00:00Z"));
    assert_eq!(relay.switches().max_files, 17);
    assert_eq!(relay.authority().ca_pem, region.relay.authority().ca_pem);
    assert_ne!(relay.authority().ca_pem, old_authority.ca_pem);
    assert_eq!(
        region.turn().await.operator().accounts().await.expect("listed"),
        region.turn().await.operator().accounts().await.expect("listed")
    );
    let card = presented(&receiver.own);
    let caller = relay
        .caller(&receiver.login.access_token, Some(&card))
        .expect("certificate and login still count");
    let after = region
        .turn()
        .await
        .exchange()
        .download(&caller, &claim.download_token)
        .await
        .expect("it goes on");
    assert_eq!(before.bytes, after.bytes);
    refused(other.login_with(planner(), &revoked).await, "certificate-revoked");
    let next = other.office(planner()).await;
    assert!(next.own.facts().serial > revoked.facts().serial, "numbers go on");
    next.send("two", "K1", helper()).await.expect("and so does everything");

    let again = Region::ready().await;
    again.relay.load_state(archive.clone()).await.expect("loaded");
    let second = again.relay.save_state().await.expect("saved");
    let third = Region::ready().await;
    third.relay.load_state(second.clone()).await.expect("loaded");
    let third = third.relay.save_state().await.expect("saved");
    let (second, third) = (second.bytes().await, third.bytes().await);
    assert_eq!(third.expect("read"), second.expect("read"), "nothing is lost");
}

#[tokio::test]
async fn every_change_of_the_authority_has_a_number_of_its_own() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let archive = region.relay.save_state().await.expect("saved");
    let changes = region.relay.authority_changes();
    let mut seen = vec![*changes.borrow()];
    let serial = office.own.facts().serial.to_string();
    region.turn().await.operator().revoke(&serial).await.expect("revoked");
    seen.push(*changes.borrow());
    region.certificate(planner(), Some("revoked")).await;
    seen.push(*changes.borrow());
    region.relay.begin(&ready(2)).await.expect("it begins again");
    seen.push(*changes.borrow());
    region.relay.load_state(archive).await.expect("loaded");
    seen.push(*changes.borrow());
    assert!(seen.is_sorted_by(|before, after| before < after), "{seen:?}");
}

#[tokio::test]
async fn a_server_certificate_counts_by_the_machines_clock_and_by_a_near_one() {
    let region = Region::ready().await;
    let far = SignedDuration::from_hours(24 * 365 * 20);
    let near = SignedDuration::from_hours(24 * 100);
    for (offset, counts_for_both) in [(near, true), (-near, true), (far, false)] {
        let machine = Timestamp::now();
        let ours = machine + offset;
        region.relay.clock().set(ours);
        let issued = region.relay.issue_server(&["localhost"], &[]).expect("it is issued");
        let facts = CertificateFacts::from_der(&issued.certificate).expect("a certificate");
        let good_at = |at: Timestamp| facts.not_before <= at && at <= facts.not_after;
        assert!(good_at(Timestamp::now()), "{offset}: {facts:?}");
        assert_eq!(good_at(ours), counts_for_both, "{offset}: {facts:?}");
    }
}

#[tokio::test]
async fn a_directory_remembers() {
    let folder = tempfile::tempdir().expect("a folder");
    let place =
        StoreLocation::Directory { path: folder.path().join("状態 #1%20?"), full_sync: false };
    let settings = || Settings { clock: Clock::frozen_at(at(NOW)), ..Settings::default() };
    let region = Region::on(&place, settings(), &ready(1)).await;
    let office = region.office(planner()).await;
    let sent = office.send("one", "K2", helper()).await.expect("taken");
    region.relay.move_clock(ClockMove::Set(at("2026-11-21T01:10:00Z"))).await.expect("moved");
    // Nobody else has the folder while this one lives.
    let held = Store::open(&place).await.expect_err("it is held");
    assert!(
        matches!(&held, StoreError::Folder(fault) if fault.what.en.contains("since 2")),
        "{held}"
    );
    // Nothing is closed: what lies there now is what a killed process leaves behind.
    let StoreLocation::Directory { path: from, .. } = &place else { unreachable!("it is one") };
    let left = folder.path().join("left behind");
    std::fs::create_dir(&left).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("a file");
        std::fs::copy(entry.path(), left.join(entry.file_name())).expect("a copy");
    }
    // Nor does it begin again, whatever it is told.
    let place = StoreLocation::Directory { path: left, full_sync: false };
    let again = Region::on(&place, settings(), &newcomers(2)).await;
    assert_eq!(again.relay.clock().mode(), ClockMode::Frozen { at: at("2026-11-21T01:10:00Z") });
    let card = presented(&office.own);
    let caller = again
        .relay
        .caller(&office.login.access_token, Some(&card))
        .expect("the login was acknowledged");
    let page =
        again.turn().await.exchange().outbox(&caller, &ListQuery::default()).await.expect("listed");
    assert!(page.items.iter().any(|item| item.id == sent.id));
}

#[tokio::test]
async fn what_is_reworked_leaves_everything_else_as_it_was() {
    let region = Region::ready().await;
    let (sender, receiver) = (region.office(planner()).await, region.office(helper()).await);
    let sent = sender.send("one", "K2", helper()).await.expect("taken");
    let before = region.relay.save_state().await.expect("saved").bytes().await.expect("read");
    let untouched = region.relay.rework(|state, _| {
        state.offices.clear();
        Ok(false)
    });
    untouched.await.expect("nothing is to be done");
    let same = region.relay.save_state().await.expect("saved").bytes().await.expect("read");
    assert_eq!(same, before);
    // What contradicts itself is not kept, neither a part of it.
    let broken = region.relay.rework(|state, _| {
        state.offices[0].name = "half".to_owned();
        state.notices.clear();
        state.licences[0].office = "4799999999".to_owned();
        Ok(true)
    });
    assert!(matches!(
        broken.await,
        Err(Error::Failed(Failure::Store(StoreError::Contradiction(_))))
    ));
    let same = region.relay.save_state().await.expect("saved").bytes().await.expect("read");
    assert_eq!(same, before);
    region
        .relay
        .rework(|state, _| {
            assert!(state.messages.is_empty() && state.blobs.is_empty(), "it sees none");
            state.offices[0].name = "whole".to_owned();
            Ok(true)
        })
        .await
        .expect("reworked");
    // Logins, messages and their bytes are where they were.
    let card = presented(&receiver.own);
    let caller = region.relay.caller(&receiver.login.access_token, Some(&card)).expect("known");
    let exchange = region.turn().await.exchange();
    let claim = exchange.claim(&caller, &sent.id, None).await.expect("the first");
    let exchange = region.turn().await.exchange();
    exchange.download(&caller, &claim.download_token).await.expect("its bytes are there");
    sender.send("two", "K2", helper()).await.expect("and so on");
}

#[tokio::test]
async fn a_panic_costs_the_operation_it_happens_in() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let broken = Beginning::new("broken", 1, |_| panic!("on purpose"));
    let begun = region.relay.begin(&broken).await;
    assert!(matches!(begun, Err(Error::Failed(Failure::Task(_)))));
    let reworked = region.relay.rework(|_, _| panic!("on purpose")).await;
    assert!(matches!(reworked, Err(Error::Failed(Failure::Task(_)))));
    assert_eq!(region.relay.origin().name, "ready");
    office.send("one", "K2", helper()).await.expect("everything else goes on");
}
