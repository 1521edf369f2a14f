//! Licences and free passes over years.

use careplan_mock_server::clock::Timing;
use careplan_mock_server::domain::account::PortalCaller;
use careplan_mock_server::domain::licence::{LicenceForm, LicenceKind, LicenceState, LicenceView};
use careplan_mock_server::domain::{ClockMove, Secret};

use super::support::{Desk, application, at, from_the_end, planner, refused};

async fn newcomer(now: &str, timing: Timing) -> (Desk, PortalCaller) {
    let desk = Desk::new("first-time", now, timing).await;
    desk.switch(|switches| switches.password_days = 0).await;
    let accounts = desk.relay.accounts().await.expect("listed");
    let password: Secret = accounts
        .iter()
        .find(|account| account.office == planner())
        .and_then(|account| account.kj_password.clone())
        .expect("it is readable");
    let caller = desk.portal_with(planner(), password.reveal()).await;
    desk.relay
        .change_password(&caller, &password, &"Sakura2026".into(), true)
        .await
        .expect("it is changed");
    (desk, caller)
}

async fn licence(desk: &Desk, caller: &PortalCaller) -> LicenceView {
    desk.relay.licence(caller).await.expect("it is shown")
}

#[tokio::test]
async fn a_licence_is_applied_for_charged_and_renewed() {
    let (desk, caller) = newcomer("2027-06-01T01:00:00Z", Timing::Real).await;
    let none = licence(&desk, &caller).await;
    assert_eq!(
        (none.panel.state, none.state_shown.as_str()),
        (LicenceState::None, "利用申請可能です。")
    );
    assert!(none.can_apply && !none.can_apply_free_pass);
    refused(desk.relay.set_auto_renewal(&caller, false).await, "licence-not-held");
    refused(desk.relay.cancel_licence(&caller).await, "licence-not-held");

    let applied = desk.relay.apply_for_licence(&caller, application()).await.expect("taken");
    assert_eq!(applied.panel.state, LicenceState::Applied);
    assert_eq!(applied.state_shown, "利用申請が正常に完了しております。");
    assert_eq!(applied.panel.valid_until_shown, "-");
    assert_eq!(applied.panel.balance_shown, "-");
    assert_eq!(applied.panel.auto_renewal, Some(true));
    assert_eq!(applied.history[0].fee_yen, 21_000);
    refused(desk.relay.apply_for_licence(&caller, application()).await, "licence-held");
    refused(desk.relay.cancel_licence(&caller).await, "licence-not-cancellable");

    desk.set_time("2027-06-30T15:00:00Z").await;
    let charged = licence(&desk, &caller).await;
    assert_eq!(charged.panel.state, LicenceState::Active);
    assert_eq!(charged.panel.valid_until_shown, "2028/05/31");
    assert_eq!(charged.panel.balance_shown, "0円");
    assert_eq!(charged.history[0].charged_on.expect("charged").to_string(), "2027-07-01");

    desk.set_time("2028-05-31T15:00:00Z").await;
    let renewed = licence(&desk, &caller).await;
    assert_eq!(renewed.panel.state, LicenceState::Active);
    assert_eq!(renewed.history.len(), 2);
    assert_eq!(renewed.term_from.expect("a term").to_string(), "2028-06-01");

    let stopped = desk.relay.set_auto_renewal(&caller, false).await.expect("it is stopped");
    assert_eq!(stopped.panel.auto_renewal, Some(false));
    desk.set_time("2029-05-31T14:59:59Z").await;
    assert_eq!(licence(&desk, &caller).await.panel.state, LicenceState::Active);
    desk.set_time("2029-05-31T15:00:00Z").await;
    let expired = licence(&desk, &caller).await;
    assert_eq!(expired.panel.state, LicenceState::Expired);
    assert!(expired.can_apply);
    desk.relay.apply_for_licence(&caller, application()).await.expect("once more");
}

#[tokio::test]
async fn the_waiver_makes_terms_free_until_its_day() {
    let (desk, caller) = newcomer("2027-03-31T01:00:00Z", Timing::Instant).await;
    let view = desk.relay.apply_for_licence(&caller, application()).await.expect("taken");
    assert_eq!((view.panel.state, view.history[0].fee_yen), (LicenceState::Active, 0));
    desk.set_time("2028-03-31T01:00:00Z").await;
    let view = licence(&desk, &caller).await;
    assert_eq!(view.history[0].fee_yen, 21_000, "its renewal costs");
}

#[tokio::test]
async fn a_free_pass_lasts_a_year_and_becomes_a_licence() {
    let (desk, caller) = newcomer("2025-07-01T01:00:00Z", Timing::Instant).await;
    let before = licence(&desk, &caller).await;
    assert_eq!(before.state_shown, "フリーパス申請が可能です。");
    let view = desk.relay.apply_for_free_pass(&caller, application()).await.expect("taken");
    assert_eq!(view.state_shown, "フリーパス申請が完了しました。");
    assert!(view.panel.free_pass);
    assert_eq!(view.panel.valid_until_shown, "2026/06/30");
    refused(desk.relay.apply_for_free_pass(&caller, application()).await, "licence-held");
    refused(desk.relay.cancel_licence(&caller).await, "licence-not-cancellable");
    desk.switch(|switches| switches.free_pass_shows_end = false).await;
    assert_eq!(licence(&desk, &caller).await.panel.valid_until_shown, "-");

    desk.set_time("2026-05-31T15:00:00Z").await;
    let notices = desk.relay.portal_notices(&caller).await.expect("listed");
    assert_eq!(notices[0].title, "フリーパス有効期限のお知らせ");
    desk.set_time("2026-06-30T15:00:00Z").await;
    let view = licence(&desk, &caller).await;
    assert!(!view.panel.free_pass);
    assert_eq!(view.panel.valid_until_shown, "2027/06/30");
    assert_eq!(view.history[0].kind, LicenceKind::Licence);
    assert_eq!(view.history[1].kind, LicenceKind::FreePass);
}

#[tokio::test]
async fn a_stopped_free_pass_ends() {
    let (desk, caller) = newcomer("2025-07-01T01:00:00Z", Timing::Instant).await;
    desk.relay.apply_for_free_pass(&caller, application()).await.expect("taken");
    desk.relay.set_auto_renewal(&caller, false).await.expect("it is stopped");
    desk.set_time("2026-06-30T15:00:00Z").await;
    assert_eq!(licence(&desk, &caller).await.panel.state, LicenceState::Expired);
    refused(desk.relay.apply_for_free_pass(&caller, application()).await, "free-pass-closed");
}

#[tokio::test]
async fn the_free_pass_has_its_days() {
    for (now, open) in [
        ("2025-05-31T01:00:00Z", false),
        ("2025-05-31T15:00:00Z", true),
        ("2026-05-31T14:00:00Z", true),
        ("2026-05-31T15:00:00Z", false),
    ] {
        let (desk, caller) = newcomer(now, Timing::Instant).await;
        assert_eq!(licence(&desk, &caller).await.can_apply_free_pass, open, "{now}");
        let answer = desk.relay.apply_for_free_pass(&caller, application()).await;
        if open {
            answer.expect("it is open");
        } else {
            refused(answer, "free-pass-closed");
        }
    }
}

#[tokio::test]
async fn early_applications_are_renewed_by_hand() {
    let (desk, caller) = newcomer("2025-05-31T14:59:59Z", Timing::Instant).await;
    let view = desk.relay.apply_for_licence(&caller, application()).await.expect("taken");
    assert_eq!(view.panel.auto_renewal, None);
    refused(desk.relay.set_auto_renewal(&caller, true).await, "licence-renews-by-hand");
    desk.set_time("2026-05-30T14:59:59Z").await;
    refused(desk.relay.apply_for_licence(&caller, application()).await, "licence-held");
    desk.set_time("2026-05-30T15:00:00Z").await;
    assert_eq!(licence(&desk, &caller).await.panel.state, LicenceState::Expired);
    desk.relay.apply_for_licence(&caller, application()).await.expect("after the end");
    assert_eq!(licence(&desk, &caller).await.panel.auto_renewal, Some(true));
}

#[tokio::test]
async fn the_form_is_checked() {
    let desk = Desk::demo().await;
    let caller = desk.portal(from_the_end(1)).await;
    let mut broken = Vec::new();
    let changes: [fn(&mut LicenceForm); 6] = [
        |form| form.office_name.clear(),
        |form| form.representative = " ".to_owned(),
        |form| form.contact.clear(),
        |form| form.phone = "098-000-1129".to_owned(),
        |form| form.mail = "office".to_owned(),
        |form| form.mail_again = "other@example.jp".to_owned(),
    ];
    for change in changes {
        let mut one = application();
        change(&mut one.form);
        broken.push(one);
    }
    for one in broken {
        let refusal =
            refused(desk.relay.apply_for_licence(&caller, one).await, "licence-form-incomplete");
        assert!(refusal.detail.is_some());
    }
    let mut unread = application();
    unread.accept_privacy = false;
    refused(desk.relay.apply_for_licence(&caller, unread).await, "terms-not-accepted");
    let (one, two) = tokio::join!(
        desk.relay.apply_for_licence(&caller, application()),
        desk.relay.apply_for_licence(&caller, application()),
    );
    assert_eq!(u32::from(one.is_ok()) + u32::from(two.is_ok()), 1, "one office, one licence");
}

#[tokio::test]
async fn free_passes_of_the_scenario_end_within_days() {
    let desk = Desk::new("free-pass-ending", super::support::NOW, Timing::Instant).await;
    let first = desk.portal(planner()).await;
    let view = licence(&desk, &first).await;
    assert!(view.panel.free_pass);
    assert_eq!(view.panel.valid_until_shown, "2026/11/28");
    let notices = desk.relay.portal_notices(&first).await.expect("listed");
    assert_eq!(notices[0].title, "フリーパス有効期限のお知らせ");
    desk.relay.move_clock(ClockMove::Set(at("2026-12-05T00:00:00Z"))).await.expect("moved");
    let accounts = desk.relay.accounts().await.expect("listed");
    let states: Vec<_> = accounts.iter().map(|account| account.licence.state).collect();
    assert!(states.contains(&LicenceState::Active) && states.contains(&LicenceState::Expired));
}
