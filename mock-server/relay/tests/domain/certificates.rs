//! Certificates: from application to the end of their lives.

use super::beginnings::{INSTALL_PASSWORD, KJ_PASSWORD, ready, spoiled};
use careplan_certs::{Wrong, package};
use careplan_relay::account::PortalCaller;
use careplan_relay::certificate::{
    CertificateApplication, CertificateKind, CertificateState, CertificateView,
};
use careplan_relay::clock::Timing;
use careplan_relay::notice::{NoticeCategory, NoticeRow};
use careplan_relay::outcome::Result;

use super::support::{NOW, Region, at, from_the_end, helper, kj, planner, refused, secret};

async fn apply(region: &Region, caller: &PortalCaller, renewal: bool) -> Result<CertificateView> {
    let password = region.turn().await.certificates().password(caller).await.expect("it is shown");
    let application = CertificateApplication {
        kind: CertificateKind::CarePlanJigyousho,
        password,
        accept_terms: true,
        renewal,
    };
    region.turn().await.certificates().apply(caller, application).await
}

async fn titles(region: &Region, caller: &PortalCaller) -> Vec<String> {
    let notices: Vec<NoticeRow> =
        region.turn().await.account().notices(caller).await.expect("listed");
    notices.into_iter().map(|notice| notice.title).collect()
}

#[tokio::test]
async fn an_application_needs_terms_and_password() {
    let region = Region::ready().await;
    let caller = region.portal(from_the_end(1)).await;
    let application = |password: &str, accept_terms| CertificateApplication {
        kind: CertificateKind::CarePlanJigyousho,
        password: secret(password),
        accept_terms,
        renewal: false,
    };
    let refusal = region
        .turn()
        .await
        .certificates()
        .apply(&caller, application(INSTALL_PASSWORD, false))
        .await;
    refused(refusal, "terms-not-accepted");
    let refusal =
        region.turn().await.certificates().apply(&caller, application("Install02", true)).await;
    refused(refusal, "certificate-password-wrong");
}

fn with_password(password: &str) -> CertificateApplication {
    CertificateApplication {
        kind: CertificateKind::CarePlanJigyousho,
        password: secret(password),
        accept_terms: true,
        renewal: false,
    }
}

/// Who is logged in does not find the 証明書発行用パスワード by trying.
#[tokio::test]
async fn three_wrong_issue_passwords_lock_applications_for_half_an_hour() {
    let region = Region::ready().await;
    let caller = region.portal(from_the_end(1)).await;
    let other = region.portal(from_the_end(2)).await;
    let apply = async |caller: &PortalCaller, password: &str| {
        region.turn().await.certificates().apply(caller, with_password(password)).await
    };
    // What was pasted with a blank is said, and no guess.
    for _ in 0..4 {
        let pasted = apply(&caller, &format!("{INSTALL_PASSWORD} ")).await;
        let detail = refused(pasted, "certificate-password-wrong").detail.expect("it is said");
        assert!(detail.ja.contains("空白や改行が付いています"), "{}", detail.ja);
    }
    for _ in 0..2 {
        refused(apply(&caller, "Install02").await, "certificate-password-wrong");
    }
    let third = refused(apply(&caller, "Install02").await, "certificate-password-locked");
    assert_eq!(third.retry_at.expect("it says until when"), at("2026-11-21T01:30:00Z"));
    let detail = third.detail.expect("it says until when");
    assert_eq!(detail.ja, "2026/11/21 10:30:00まで申請できません。");
    refused(apply(&caller, INSTALL_PASSWORD).await, "certificate-password-locked");
    apply(&other, INSTALL_PASSWORD).await.expect("another office is not concerned");
    region.advance_minutes(29).await;
    refused(apply(&caller, INSTALL_PASSWORD).await, "certificate-password-locked");
    region.advance_minutes(1).await;
    refused(apply(&caller, "Install02").await, "certificate-password-wrong");
    apply(&caller, INSTALL_PASSWORD).await.expect("the lock has ended");
    // A right one starts the count over.
    for _ in 0..2 {
        refused(apply(&caller, "Install02").await, "certificate-password-wrong");
    }
    refused(apply(&caller, "Install02").await, "certificate-password-locked");
    // A new password is the way out; nobody has guessed at it.
    let fresh = region.turn().await.certificates().reissue_password(&caller).await;
    let fresh = fresh.expect("a new one");
    apply(&caller, fresh.reveal()).await.expect("it is not locked");
    region.switch(|switches| switches.lock_certificate_password = false).await;
    for _ in 0..5 {
        refused(apply(&caller, "Install02").await, "certificate-password-wrong");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_issue_passwords_at_once_are_no_more_than_three() {
    let region = Region::ready().await;
    let caller = region.portal(from_the_end(1)).await;
    let guesses: Vec<_> = (0..100)
        .map(|guess| {
            let (relay, caller) = (region.relay.clone(), caller.clone());
            tokio::spawn(async move {
                let guess = with_password(&format!("Guess{guess:04}"));
                relay.turn().await.expect("a turn").certificates().apply(&caller, guess).await
            })
        })
        .collect();
    let mut codes = std::collections::BTreeMap::new();
    for guess in guesses {
        let error = guess.await.expect("no panic").expect_err("it is wrong");
        *codes.entry(error.refusal().expect("a refusal").kind.code).or_insert(0) += 1;
    }
    let counted = [("certificate-password-locked", 98), ("certificate-password-wrong", 2)];
    assert_eq!(codes, counted.into());
}

#[tokio::test]
async fn a_certificate_is_issued_at_once_and_can_be_fetched_again() {
    let region = Region::ready().await;
    let caller = region.portal(from_the_end(1)).await;
    assert!(region.turn().await.certificates().list(&caller).await.expect("listed").is_empty());
    let view = apply(&region, &caller, false).await.expect("it is issued");
    assert_eq!((view.state, view.state_shown.as_str()), (CertificateState::Issued, "発行済み"));
    assert_eq!(view.fee_balance_yen, 0);
    assert_eq!(view.not_before, Some(at("2026-11-20T15:00:00Z")));
    assert_eq!(view.not_after, Some(at("2029-11-21T14:59:59Z")));
    let serial: u64 = view.serial.as_deref().expect("issued").parse().expect("decimal");
    assert_eq!(view.file_name, Some(format!("20261121{serial:010}.p12")));
    assert_eq!(titles(&region, &caller).await, ["証明書発行完了通知"]);
    let mails =
        region.turn().await.operator().mailbox(Some(from_the_end(1))).await.expect("listed");
    assert_eq!(mails[0].subject, "【TEST】証明書発行完了通知");

    let first = region.turn().await.certificates().p12(&caller, &view.id).await.expect("fetched");
    let again =
        region.turn().await.certificates().p12(&caller, &view.id).await.expect("fetched again");
    assert_eq!(first.bytes, again.bytes);
    let own = package::open(&first.bytes, INSTALL_PASSWORD).expect("it opens");
    region.login_with(from_the_end(1), &own).await.expect("it counts");
    refused(
        region.turn().await.certificates().p12(&caller, "nothing").await,
        "certificate-unknown",
    );
    let stranger = region.portal(planner()).await;
    refused(
        region.turn().await.certificates().p12(&stranger, &view.id).await,
        "certificate-unknown",
    );
}

#[tokio::test]
async fn with_real_timing_the_night_is_waited_for() {
    // 01:27 in Japan.
    let region = Region::new(&ready(1), "2026-11-20T16:27:00Z", Timing::Real).await;
    let caller = region.portal(from_the_end(1)).await;
    let view = apply(&region, &caller, false).await.expect("it is applied for");
    assert_eq!((view.state, view.state_shown.as_str()), (CertificateState::Pending, "申請中"));
    refused(
        region.turn().await.certificates().p12(&caller, &view.id).await,
        "certificate-not-issued",
    );
    refused(apply(&region, &caller, false).await, "certificate-pending");
    region.set_time("2026-11-20T21:29:59Z").await;
    refused(
        region.turn().await.certificates().p12(&caller, &view.id).await,
        "certificate-not-issued",
    );
    region.set_time("2026-11-20T21:30:00Z").await;
    region.turn().await.certificates().p12(&caller, &view.id).await.expect("it is morning");
    let notices = region.turn().await.account().notices(&caller).await.expect("listed");
    assert_eq!(notices[0].published_at, at("2026-11-20T21:30:00Z"));
    apply(&region, &caller, false).await.expect("another one may be applied for");
}

#[tokio::test]
async fn a_new_issue_password_withdraws_what_was_issued_but_not_what_is_installed() {
    let region = Region::ready().await;
    let caller = region.portal(planner()).await;
    let old = region.turn().await.certificates().list(&caller).await.expect("listed")[0].clone();
    let p12 = region.turn().await.certificates().p12(&caller, &old.id).await.expect("fetched");
    let installed = package::open(&p12.bytes, INSTALL_PASSWORD).expect("it opens");
    let password =
        region.turn().await.certificates().reissue_password(&caller).await.expect("re-issued");
    assert_ne!(password.reveal(), INSTALL_PASSWORD);
    assert_eq!(
        region.turn().await.certificates().password(&caller).await.expect("shown"),
        password
    );
    assert_eq!(titles(&region, &caller).await[0], "証明書発行用パスワード再発行通知");
    refused(
        region.turn().await.certificates().p12(&caller, &old.id).await,
        "certificate-withdrawn",
    );
    let list = region.turn().await.certificates().list(&caller).await.expect("listed");
    assert_eq!(list[0].state, CertificateState::Withdrawn);
    region.login_with(planner(), &installed).await.expect("installed ones live on");
    let next = apply(&region, &caller, false).await.expect("it is issued");
    let p12 = region.turn().await.certificates().p12(&caller, &next.id).await.expect("fetched");
    package::open(&p12.bytes, password.reveal()).expect("it opens with the new password");
    let other = region.portal(helper()).await;
    let other_list = region.turn().await.certificates().list(&other).await.expect("listed");
    assert_eq!(other_list[0].state, CertificateState::Issued, "other offices keep theirs");
}

#[tokio::test]
async fn renewal_is_open_for_ninety_days_and_follows_on() {
    let region = Region::ready().await;
    let caller = region.portal(planner()).await;
    region
        .switch(|switches| {
            switches.password_days = 0;
            switches.portal_minutes = u32::MAX;
        })
        .await;
    // Issued on 2026-10-22, so it ends on 2029-10-22.
    let refusal = refused(apply(&region, &caller, true).await, "certificate-renewal-too-early");
    assert_eq!(refusal.retry_at, Some(at("2029-07-23T15:00:00Z")));
    region.set_time("2029-07-23T14:59:59Z").await;
    refused(apply(&region, &caller, true).await, "certificate-renewal-too-early");
    assert!(!titles(&region, &caller).await.contains(&"証明書更新のお知らせ".to_owned()));
    region.set_time("2029-07-23T15:00:00Z").await;
    assert_eq!(titles(&region, &caller).await[0], "証明書更新のお知らせ");
    let next = apply(&region, &caller, true).await.expect("it is open");
    assert_eq!(next.not_before, Some(at("2029-10-22T15:00:00Z")));
    assert_eq!(next.not_after, Some(at("2032-10-23T14:59:59Z")));

    region.set_time("2033-01-01T00:00:00Z").await;
    let list = region.turn().await.certificates().list(&caller).await.expect("listed");
    assert!(list.iter().all(|view| view.state == CertificateState::Expired));
    let again = apply(&region, &caller, true).await.expect("as the first one");
    assert_eq!(again.not_before, Some(at("2032-12-31T15:00:00Z")));
    let id = kj(from_the_end(1));
    let never =
        region.turn().await.doors().portal(&id, &secret(KJ_PASSWORD)).await.expect("let in");
    let never =
        region.turn().await.doors().portal_caller(&never.portal_token, true).await.expect("it is");
    refused(apply(&region, &never, true).await, "certificate-unknown");
}

#[tokio::test]
async fn a_state_can_begin_with_a_wrong_certificate() {
    for (wrong, code) in [
        (Wrong::Expired, "certificate-expired"),
        (Wrong::Revoked, "certificate-revoked"),
        (Wrong::OtherOffice, "certificate-of-other-office"),
    ] {
        let region = Region::new(&spoiled(wrong), NOW, Timing::Instant).await;
        let caller = region.portal(planner()).await;
        let own = region.turn().await.certificates().list(&caller).await.expect("listed");
        assert_eq!(own.len(), 1, "it stands where the good one was");
        let p12 = region.turn().await.certificates().p12(&caller, &own[0].id).await;
        let p12 = p12.expect("it can be downloaded");
        let installed = package::open(&p12.bytes, INSTALL_PASSWORD).expect("and installed");
        assert_eq!(own[0].serial, Some(installed.facts().serial.to_string()));
        assert_eq!(own[0].not_after, Some(installed.facts().not_after));
        refused(region.login_with(planner(), &installed).await, code);
    }
}

#[tokio::test]
async fn the_operator_sees_every_office_with_its_own_certificates() {
    let region = Region::ready().await;
    region.certificate(planner(), None).await;
    let accounts = region.turn().await.operator().accounts().await.expect("listed");
    for (number, count) in [(planner(), 2), (helper(), 1), (from_the_end(1), 0)] {
        let account = accounts.iter().find(|account| account.office == number).expect("there");
        assert_eq!(account.certificates.len(), count, "{number}");
    }
}

#[tokio::test]
async fn the_list_tells_kinds_apart_and_knows_the_last_moment() {
    let region = Region::ready().await;
    let caller = region.portal(planner()).await;
    let application = CertificateApplication {
        kind: CertificateKind::KaigoJigyousho,
        password: secret(INSTALL_PASSWORD),
        accept_terms: true,
        renewal: false,
    };
    let issued = region.turn().await.certificates().apply(&caller, application).await;
    assert_eq!(issued.expect("it is issued").kind, CertificateKind::KaigoJigyousho);
    let first = async || {
        let own = region.turn().await.certificates().list(&caller).await.expect("listed");
        own.into_iter().last().expect("that of the beginning")
    };
    assert_eq!(first().await.kind, CertificateKind::CarePlanJigyousho);
    for (now, state) in [
        ("2029-10-22T14:59:59Z", CertificateState::Issued),
        ("2029-10-22T15:00:00Z", CertificateState::Expired),
    ] {
        region.relay.clock().set(at(now));
        assert_eq!(first().await.state, state, "{now}");
    }
}

#[tokio::test]
async fn revoked_certificates_are_listed_as_such() {
    let region = Region::ready().await;
    let caller = region.portal(planner()).await;
    let view = region.turn().await.certificates().list(&caller).await.expect("listed")[0].clone();
    region
        .turn()
        .await
        .operator()
        .revoke(view.serial.as_deref().expect("issued"))
        .await
        .expect("revoked");
    let view = region.turn().await.certificates().list(&caller).await.expect("listed")[0].clone();
    assert_eq!(view.state, CertificateState::Revoked);
}

#[tokio::test]
async fn a_jump_over_years_does_everything_in_order() {
    let region = Region::new(&ready(1), NOW, Timing::Real).await;
    let caller = region.portal(planner()).await;
    region.set_time("2031-11-21T01:00:00Z").await;
    let notices = region.turn().await.account().notices(&caller).await.expect("listed");
    let times: Vec<_> = notices.iter().map(|notice| notice.published_at).collect();
    assert!(times.is_sorted_by(|later, earlier| later >= earlier), "{times:?}");
    // Five renewals of the licence with a notice before each, a sixth notice, one certificate.
    let count = |title: &str| notices.iter().filter(|notice| notice.title == title).count();
    assert_eq!(count("ライセンスを更新しました"), 5);
    assert_eq!(count("ライセンス有効期限のお知らせ"), 5);
    assert_eq!(count("証明書更新のお知らせ"), 1);
    for notice in &notices {
        let about = if notice.title.starts_with("証明書") {
            NoticeCategory::Certificate
        } else {
            NoticeCategory::Licence
        };
        assert_eq!(notice.category, about, "{}", notice.title);
    }
    let licence = region.turn().await.licences().view(&caller).await.expect("shown");
    assert_eq!(licence.history.len(), 6);
    assert!(
        licence
            .history
            .windows(2)
            .all(|pair| { pair[1].term_to.tomorrow().expect("a day later") == pair[0].term_from })
    );
}
