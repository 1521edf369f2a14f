//! Licences and free passes over years.

use careplan_relay::account::{MailPurpose, PortalCaller};
use careplan_relay::clock::Timing;
use careplan_relay::licence::{LicenceForm, LicenceKind, LicenceState, LicenceView};
use careplan_relay::secret::Secret;

use super::beginnings::newcomers;
use super::support::{Region, application, from_the_end, planner, refused};

async fn newcomer(now: &str, timing: Timing) -> (Region, PortalCaller) {
    let region = Region::new(&newcomers(1), now, timing).await;
    region.switch(|switches| switches.password_days = 0).await;
    let accounts = region.turn().await.operator().accounts().await.expect("listed");
    let password: Secret = accounts
        .iter()
        .find(|account| account.office == planner())
        .and_then(|account| account.kj_password.clone())
        .expect("it is readable");
    let caller = region.portal_with(planner(), password.reveal()).await;
    region
        .turn()
        .await
        .account()
        .change_password(&caller, &password, &"Sakura2026".into(), true)
        .await
        .expect("it is changed");
    (region, caller)
}

async fn licence(region: &Region, caller: &PortalCaller) -> LicenceView {
    region.turn().await.licences().view(caller).await.expect("it is shown")
}

#[tokio::test]
async fn a_licence_is_applied_for_charged_and_renewed() {
    let (region, caller) = newcomer("2027-06-01T01:00:00Z", Timing::Real).await;
    let none = licence(&region, &caller).await;
    assert_eq!(
        (none.panel.state, none.state_shown.as_str()),
        (LicenceState::None, "利用申請可能です。")
    );
    assert!(none.can_apply && !none.can_apply_free_pass);
    refused(
        region.turn().await.licences().set_auto_renewal(&caller, false).await,
        "licence-not-held",
    );
    refused(region.turn().await.licences().cancel(&caller).await, "licence-not-held");

    let applied =
        region.turn().await.licences().apply(&caller, application()).await.expect("taken");
    assert_eq!(region.relay.timing(), Timing::Real);
    assert_eq!(applied.panel.state, LicenceState::Applied);
    assert_eq!(applied.state_shown, "利用申請が正常に完了しております。");
    assert_eq!(applied.panel.valid_until_shown, "-");
    assert_eq!(applied.panel.balance_shown, "-");
    assert_eq!(applied.panel.auto_renewal, Some(true));
    assert_eq!(applied.history[0].fee_yen, 21_000);
    refused(region.turn().await.licences().apply(&caller, application()).await, "licence-held");
    refused(region.turn().await.licences().cancel(&caller).await, "licence-not-cancellable");

    region.set_time("2027-06-30T15:00:00Z").await;
    let charged = licence(&region, &caller).await;
    assert_eq!(charged.panel.state, LicenceState::Active);
    assert_eq!(charged.panel.valid_until_shown, "2028/05/31");
    assert_eq!(charged.panel.balance_shown, "0円");
    assert_eq!(charged.history[0].charged_on.expect("charged").to_string(), "2027-07-01");

    region.set_time("2028-05-31T15:00:00Z").await;
    let renewed = licence(&region, &caller).await;
    assert_eq!(renewed.panel.state, LicenceState::Active);
    assert_eq!(renewed.history.len(), 2);
    assert_eq!(renewed.term_from.expect("a term").to_string(), "2028-06-01");

    let stopped = region
        .turn()
        .await
        .licences()
        .set_auto_renewal(&caller, false)
        .await
        .expect("it is stopped");
    assert_eq!(stopped.panel.auto_renewal, Some(false));
    region.set_time("2029-05-31T14:59:59Z").await;
    assert_eq!(licence(&region, &caller).await.panel.state, LicenceState::Active);
    region.set_time("2029-05-31T15:00:00Z").await;
    let expired = licence(&region, &caller).await;
    assert_eq!(expired.panel.state, LicenceState::Expired);
    assert!(expired.can_apply);
    region.turn().await.licences().apply(&caller, application()).await.expect("once more");
}

#[tokio::test]
async fn the_waiver_makes_terms_free_until_its_day() {
    let (region, caller) = newcomer("2027-03-31T01:00:00Z", Timing::Instant).await;
    let view = region.turn().await.licences().apply(&caller, application()).await.expect("taken");
    assert_eq!((view.panel.state, view.history[0].fee_yen), (LicenceState::Active, 0));
    region.set_time("2028-03-31T01:00:00Z").await;
    let view = licence(&region, &caller).await;
    assert_eq!(view.history[0].fee_yen, 21_000, "its renewal costs");
}

#[tokio::test]
async fn a_free_pass_lasts_a_year_and_becomes_a_licence() {
    let (region, caller) = newcomer("2025-07-01T01:00:00Z", Timing::Instant).await;
    let before = licence(&region, &caller).await;
    assert_eq!(before.state_shown, "フリーパス申請が可能です。");
    let view = region
        .turn()
        .await
        .licences()
        .apply_for_free_pass(&caller, application())
        .await
        .expect("taken");
    assert_eq!(view.state_shown, "フリーパス申請が完了しました。");
    assert!(view.panel.free_pass);
    assert_eq!(view.panel.valid_until_shown, "2026/06/30");
    refused(
        region.turn().await.licences().apply_for_free_pass(&caller, application()).await,
        "licence-held",
    );
    refused(region.turn().await.licences().cancel(&caller).await, "licence-not-cancellable");
    region.switch(|switches| switches.free_pass_shows_end = false).await;
    assert_eq!(licence(&region, &caller).await.panel.valid_until_shown, "-");

    region.set_time("2026-05-31T15:00:00Z").await;
    let notices = region.turn().await.account().notices(&caller).await.expect("listed");
    assert_eq!(notices[0].title, "フリーパス有効期限のお知らせ");
    let history = licence(&region, &caller).await.history;
    assert_eq!(history[0].charged_on, None, "a free pass is never charged");
    region.set_time("2026-06-30T15:00:00Z").await;
    let view = licence(&region, &caller).await;
    assert!(!view.panel.free_pass);
    assert_eq!(view.panel.valid_until_shown, "2027/06/30");
    assert_eq!(view.history[0].kind, LicenceKind::Licence);
    assert_eq!(view.history[1].kind, LicenceKind::FreePass);
}

#[tokio::test]
async fn a_stopped_free_pass_ends() {
    let (region, caller) = newcomer("2025-07-01T01:00:00Z", Timing::Instant).await;
    region
        .turn()
        .await
        .licences()
        .apply_for_free_pass(&caller, application())
        .await
        .expect("taken");
    region.turn().await.licences().set_auto_renewal(&caller, false).await.expect("it is stopped");
    region.set_time("2026-06-30T15:00:00Z").await;
    assert_eq!(licence(&region, &caller).await.panel.state, LicenceState::Expired);
    refused(
        region.turn().await.licences().apply_for_free_pass(&caller, application()).await,
        "free-pass-closed",
    );
}

#[tokio::test]
async fn a_term_can_end_without_a_notice() {
    let (region, caller) = newcomer("2027-06-01T01:00:00Z", Timing::Instant).await;
    region.switch(|switches| switches.licence_notice_days = 0).await;
    region.turn().await.licences().apply(&caller, application()).await.expect("taken");
    region.set_time("2028-05-31T15:00:00Z").await;
    let notices = region.turn().await.account().notices(&caller).await.expect("listed");
    let titles: Vec<_> = notices.iter().map(|notice| notice.title.as_str()).collect();
    assert_eq!(titles, ["ライセンスを更新しました"]);
}

#[tokio::test]
async fn the_free_pass_has_its_days() {
    for (now, open) in [
        ("2025-05-31T01:00:00Z", false),
        ("2025-05-31T15:00:00Z", true),
        ("2026-05-31T14:00:00Z", true),
        ("2026-05-31T15:00:00Z", false),
    ] {
        let (region, caller) = newcomer(now, Timing::Instant).await;
        assert_eq!(licence(&region, &caller).await.can_apply_free_pass, open, "{now}");
        let answer =
            region.turn().await.licences().apply_for_free_pass(&caller, application()).await;
        if open {
            answer.expect("it is open");
        } else {
            refused(answer, "free-pass-closed");
        }
    }
}

/// Mails about what comes by itself wait for the morning where the office wants it; codes do not.
#[tokio::test]
async fn mails_that_may_wait_are_held_over_night() {
    const ADDRESS: &str = "office@example.jp";
    for holds in [true, false] {
        let (region, caller) = newcomer("2025-07-01T14:00:00Z", Timing::Instant).await;
        let purpose = MailPurpose::Notice;
        assert!(!region.turn().await.account().night_hold(&caller).await.expect("read"));
        let account = region.turn().await.account();
        account.set_night_hold(&caller, holds).await.expect("kept");
        assert_eq!(region.turn().await.account().night_hold(&caller).await.expect("read"), holds);
        let mails = async |subject: &str| {
            let all = region.turn().await.operator().mailbox(Some(planner())).await.expect("read");
            all.into_iter().filter(|mail| mail.subject.contains(subject)).collect::<Vec<_>>()
        };
        // It is 23:00, and a code never waits.
        let account = region.turn().await.account();
        account.request_mail_code(&caller, purpose, ADDRESS).await.expect("mailed");
        let body = mails("確認コード").await.pop().expect("a mail").body;
        let code = body.lines().next().expect("a line").trim_start_matches("確認コード：");
        let account = region.turn().await.account();
        account.confirm_mail_code(&caller, purpose, code).await.expect("it is right");
        let licences = region.turn().await.licences();
        licences.apply_for_free_pass(&caller, application()).await.expect("taken");

        // What tells of its end falls due at midnight: the notice is there, the mail at seven.
        region.set_time("2026-05-30T21:59:59Z").await;
        let notices = region.turn().await.account().notices(&caller).await.expect("listed");
        assert_eq!(notices[0].title, "フリーパス有効期限のお知らせ");
        assert_eq!(mails("フリーパス有効期限").await.is_empty(), holds);
        region.set_time("2026-05-30T22:00:00Z").await;
        let sent = mails("フリーパス有効期限").await;
        let at = if holds { "2026-05-30T22:00:00Z" } else { "2026-05-30T15:00:00Z" };
        assert_eq!(sent.iter().map(|mail| mail.sent_at.to_string()).collect::<Vec<_>>(), [at]);
    }
}

#[tokio::test]
async fn early_applications_are_renewed_by_hand() {
    let (region, caller) = newcomer("2025-05-31T14:59:59Z", Timing::Instant).await;
    let view = region.turn().await.licences().apply(&caller, application()).await.expect("taken");
    assert_eq!(view.panel.auto_renewal, None);
    refused(
        region.turn().await.licences().set_auto_renewal(&caller, true).await,
        "licence-renews-by-hand",
    );
    region.set_time("2026-05-30T14:59:59Z").await;
    refused(region.turn().await.licences().apply(&caller, application()).await, "licence-held");
    region.set_time("2026-05-30T15:00:00Z").await;
    assert_eq!(licence(&region, &caller).await.panel.state, LicenceState::Expired);
    region.turn().await.licences().apply(&caller, application()).await.expect("after the end");
    assert_eq!(licence(&region, &caller).await.panel.auto_renewal, Some(true));
}

#[tokio::test]
async fn the_form_is_checked() {
    let region = Region::ready().await;
    let caller = region.portal(from_the_end(1)).await;
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
        let refusal = refused(
            region.turn().await.licences().apply(&caller, one).await,
            "licence-form-incomplete",
        );
        assert!(refusal.detail.is_some());
    }
    let mut unread = application();
    unread.accept_privacy = false;
    refused(region.turn().await.licences().apply(&caller, unread).await, "terms-not-accepted");
    let (one, two) = tokio::join!(
        region.turn().await.licences().apply(&caller, application()),
        region.turn().await.licences().apply(&caller, application()),
    );
    assert_eq!(u32::from(one.is_ok()) + u32::from(two.is_ok()), 1, "one office, one licence");
}
