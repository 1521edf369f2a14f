//! Steps that fall due and cannot be done stand in nobody's way.

use careplan_relay::ClockMove;
use careplan_relay::store::SetAside;

use super::beginnings::ready;
use super::support::{Region, at, helper, planner};

/// A region in which the licence of the planner belongs to an ID that nobody has.
async fn damaged() -> Region {
    let region = Region::ready().await;
    let damage = |state: &mut careplan_relay::store::State, _: &_| {
        for licence in state.licences.iter_mut().filter(|licence| licence.office == planner()) {
            licence.kj_id = "KJ479999999999".to_owned();
        }
        Ok(true)
    };
    region.relay.rework(damage).await.expect("it is damaged");
    region
}

async fn set_aside(region: &Region) -> Vec<SetAside> {
    region.turn().await.operator().set_aside().await.expect("listed")
}

async fn last_day(region: &Region, number: &str) -> String {
    let accounts = region.turn().await.operator().accounts().await.expect("listed");
    let account = accounts.iter().find(|account| account.office == number).expect("it");
    account.licence.valid_until.map(|day| day.to_string()).unwrap_or_default()
}

#[tokio::test]
async fn a_step_that_cannot_be_done_is_set_aside_and_those_behind_it_go_on() {
    let region = damaged().await;
    let before = last_day(&region, helper()).await;
    region.relay.move_clock(ClockMove::Set(at("2028-06-01T00:00:00Z"))).await.expect("it moves");
    let left = set_aside(&region).await;
    assert!(!left.is_empty());
    for step in &left {
        assert!(step.kind.starts_with("licence-"), "{step:?}");
        assert_eq!(step.why, "the store failed: account is missing");
        assert!(step.at.is_some_and(|due| due <= at("2028-06-01T00:00:00Z")));
    }
    assert_ne!(last_day(&region, helper()).await, before, "the others' licences go on");
    region.portal(helper()).await;

    // Nothing has changed: it is tried, and set aside again.
    let one = left[0].id.clone();
    let again = region.turn().await.operator().retry_step(&one).await.expect("tried");
    assert_eq!(again, left);
    // One that nobody wants any more goes; what is not there does no harm.
    let fewer = region.turn().await.operator().drop_step(&one).await.expect("dropped");
    assert_eq!(fewer, left[1..]);
    let same = region.turn().await.operator().drop_step("unknown").await.expect("nothing");
    assert_eq!(same, fewer);
    let same = region.turn().await.operator().retry_step("unknown").await.expect("nothing");
    assert_eq!(same, fewer);
}

#[tokio::test]
async fn a_step_is_done_after_mending() {
    let region = damaged().await;
    region.relay.move_clock(ClockMove::Set(at("2027-12-01T00:00:00Z"))).await.expect("it moves");
    let left = set_aside(&region).await;
    let mend = |state: &mut careplan_relay::store::State, _: &_| {
        for licence in state.licences.iter_mut().filter(|licence| licence.office == planner()) {
            licence.kj_id = super::support::kj(planner());
        }
        Ok(true)
    };
    region.relay.rework(mend).await.expect("it is mended");
    assert_eq!(set_aside(&region).await, left, "nothing is tried by itself");
    for step in &left {
        region.turn().await.operator().retry_step(&step.id).await.expect("tried");
    }
    assert_eq!(set_aside(&region).await, []);
    let desk = region.portal(planner()).await;
    let notices = region.turn().await.account().notices(&desk).await.expect("listed");
    assert!(notices.iter().any(|notice| notice.title.contains("ライセンス")), "{notices:?}");
}

#[tokio::test]
async fn beginning_again_clears_what_was_set_aside() {
    let region = damaged().await;
    region.relay.move_clock(ClockMove::Set(at("2027-12-01T00:00:00Z"))).await.expect("it moves");
    assert!(!set_aside(&region).await.is_empty());
    region.relay.begin(&ready(1)).await.expect("it begins again");
    assert_eq!(set_aside(&region).await, []);
}
