//! Two stages, tokens, certificates.

use super::beginnings::{C_PASSWORD, KJ_PASSWORD, ready};
use careplan_relay::Settings;
use careplan_relay::clock::Clock;
use careplan_relay::licence::LicenceState;
use careplan_relay::store::StoreLocation;

use super::support::{
    NOW, Region, at, c_id, from_the_end, helper, kj, planner, presented, refused, secret,
};

#[tokio::test]
async fn both_stages_open_the_top_page() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    assert_eq!(office.login.office.number, planner());
    let top = region.turn().await.exchange().top(&office.caller).await.expect("it opens");
    assert!(top.system.running);
    assert_eq!(top.system.text, "利用可能です。ただいまシステムは正常稼働中です。");
    assert_eq!(top.office.number, planner());
    assert_eq!(top.licence.state, LicenceState::Active);
    assert_eq!(top.licence.valid_until_shown, "2027/10/21");
    assert_eq!(top.licence.balance_shown, "0円");
    assert_eq!(top.unfetched, 1, "it begins with a message from the helper");
    assert_eq!(top.certificate.serial, office.own.facts().serial.to_string());
    assert_eq!(top.certificate.not_after, office.own.facts().not_after);
    assert_eq!(top.certificate.renewable_from.to_string(), "2029-08-23");
}

#[tokio::test]
async fn ids_of_the_wrong_form_and_agents_are_refused() {
    let region = Region::ready().await;
    let relay = &region.relay;
    let password = secret(C_PASSWORD);
    refused(
        region.turn().await.doors().terminal(&kj(planner()), &password).await,
        "user-id-malformed",
    );
    refused(
        region.turn().await.doors().terminal("HD00000001", &password).await,
        "agent-id-refused",
    );
    for malformed in ["careplan@00 01", &format!("c{}", "1".repeat(64))] {
        let answer = region.turn().await.doors().terminal(malformed, &password).await;
        refused(answer, "user-id-malformed");
    }
    refused(
        region.turn().await.doors().terminal("careplan@9999", &password).await,
        "user-or-password-wrong",
    );
    let wrong = secret("Terminal2");
    refused(
        region.turn().await.doors().terminal(&c_id(planner()), &wrong).await,
        "user-or-password-wrong",
    );
    let first =
        region.turn().await.doors().terminal(&c_id(planner()), &password).await.expect("stage 1");
    let password = secret(KJ_PASSWORD);
    let stage2 = |id: &'static str| {
        let (relay, token, password) =
            (relay.clone(), first.terminal_token.clone(), password.clone());
        async move {
            relay.turn().await.expect("a turn").doors().office(&token, id, &password, None).await
        }
    };
    refused(stage2("HD00000001").await, "agent-id-refused");
    refused(stage2("KJ12345").await, "user-id-malformed");
    refused(stage2("KJ479999999999").await, "user-or-password-wrong");
}

#[tokio::test]
async fn stage_two_needs_a_fresh_stage_one_of_the_same_office() {
    let region = Region::ready().await;
    let own = region.certificate(planner(), None).await;
    let card = presented(&own);
    let (id, password) = (kj(planner()), secret(KJ_PASSWORD));
    let nothing =
        region.turn().await.doors().office(&secret("nothing"), &id, &password, Some(&card)).await;
    refused(nothing, "first-stage-missing");

    let terminal = secret(C_PASSWORD);
    let other =
        region.turn().await.doors().terminal(&c_id(helper()), &terminal).await.expect("stage 1");
    let mixed = region
        .turn()
        .await
        .doors()
        .office(&other.terminal_token, &id, &password, Some(&card))
        .await;
    refused(mixed, "ids-of-different-offices");
    region.switch(|switches| switches.c_id_of_same_office = false).await;
    region
        .turn()
        .await
        .doors()
        .office(&other.terminal_token, &id, &password, Some(&card))
        .await
        .expect("the switch allows it");
    let again = region
        .turn()
        .await
        .doors()
        .office(&other.terminal_token, &id, &password, Some(&card))
        .await;
    refused(again, "first-stage-missing");

    let late =
        region.turn().await.doors().terminal(&c_id(planner()), &terminal).await.expect("stage 1");
    region.advance_minutes(10).await;
    let late =
        region.turn().await.doors().office(&late.terminal_token, &id, &password, Some(&card)).await;
    refused(late, "first-stage-missing");
}

#[tokio::test]
async fn three_failures_lock_for_half_an_hour() {
    let region = Region::ready().await;
    let id = kj(planner());
    for _ in 0..2 {
        let wrong = region.turn().await.doors().portal(&id, &secret("Careplan2")).await;
        refused(wrong, "user-or-password-wrong");
    }
    let third = region.turn().await.doors().portal(&id, &secret("careplan1")).await;
    let refusal = refused(third, "user-locked");
    let until = refusal.retry_at.expect("it says until when");
    assert_eq!(until.to_string(), "2026-11-21T01:30:00Z");
    region.advance_minutes(29).await;
    refused(region.turn().await.doors().portal(&id, &secret(KJ_PASSWORD)).await, "user-locked");
    let accounts = region.turn().await.operator().accounts().await.expect("they are listed");
    let locked: Vec<_> = accounts.iter().filter(|account| account.locked_until.is_some()).collect();
    assert_eq!(locked.len(), 1);
    assert_eq!(locked[0].office, planner());
    region.advance_minutes(1).await;
    let accounts = region.turn().await.operator().accounts().await.expect("they are listed");
    assert!(accounts.iter().all(|account| account.locked_until.is_none()), "the lock has ended");
    region.portal(planner()).await;
    // Success starts the count over.
    for _ in 0..2 {
        let wrong = region.turn().await.doors().portal(&id, &secret("Careplan2")).await;
        refused(wrong, "user-or-password-wrong");
    }
    region.portal(planner()).await;
}

#[tokio::test]
async fn a_good_login_forgets_failed_ones() {
    let region = Region::ready().await;
    let (kj_id, c_id) = (kj(planner()), c_id(planner()));
    let (kj_slip, c_slip) = (secret("careplan1"), secret("terminal1"));
    let (kj_password, c_password) = (secret(KJ_PASSWORD), secret(C_PASSWORD));
    for slip in 1..=4 {
        let wrong = region.turn().await.doors().portal(&kj_id, &kj_slip).await;
        refused(wrong, "user-or-password-wrong");
        let wrong = region.turn().await.doors().terminal(&c_id, &c_slip).await;
        refused(wrong, "user-or-password-wrong");
        let site = region.turn().await.doors().portal(&kj_id, &kj_password).await;
        site.unwrap_or_else(|error| panic!("KJ ID after slip {slip}: {error}"));
        let client = region.turn().await.doors().terminal(&c_id, &c_password).await;
        client.unwrap_or_else(|error| panic!("c-ID after slip {slip}: {error}"));
    }
}

#[tokio::test]
async fn c_ids_lock_too_unless_a_switch_says_no() {
    let region = Region::ready().await;
    let (id, wrong) = (c_id(planner()), secret("Terminal2"));
    region.switch(|switches| switches.lock_c_id = false).await;
    for _ in 0..5 {
        refused(region.turn().await.doors().terminal(&id, &wrong).await, "user-or-password-wrong");
    }
    region.turn().await.doors().terminal(&id, &secret(C_PASSWORD)).await.expect("it is open");
    region.switch(|switches| switches.lock_c_id = true).await;
    for _ in 0..2 {
        refused(region.turn().await.doors().terminal(&id, &wrong).await, "user-or-password-wrong");
    }
    refused(region.turn().await.doors().terminal(&id, &wrong).await, "user-locked");
    let right = secret(C_PASSWORD);
    refused(region.turn().await.doors().terminal(&id, &right).await, "user-locked");
    region.advance_minutes(30).await;
    region.turn().await.doors().terminal(&id, &right).await.expect("the lock has ended");
}

#[tokio::test]
async fn every_wrong_certificate_is_told_apart() {
    let region = Region::ready().await;
    refused(region.login_password(planner(), KJ_PASSWORD, None).await, "certificate-missing");
    for (wrong, code) in [
        ("expired", "certificate-expired"),
        ("not-yet-valid", "certificate-not-yet-valid"),
        ("revoked", "certificate-revoked"),
        ("other-root", "certificate-of-other-root"),
        ("wrong-usage", "certificate-wrong-usage"),
        ("without-office", "certificate-without-office"),
        ("other-office", "certificate-of-other-office"),
        ("agent", "certificate-wrong-kind"),
        ("disability", "certificate-wrong-kind"),
    ] {
        let own = region.certificate(planner(), Some(wrong)).await;
        let refusal = refused(region.login_with(planner(), &own).await, code);
        assert_eq!(refusal.kind.title.ja, "正しい電子証明書をインストールしてください。");
        assert!(refusal.detail.is_some(), "{wrong}");
    }
    let unknown =
        region.turn().await.operator().issue_for_test(planner(), Some("blue"), None).await;
    assert!(unknown.expect_err("no such way").refusal().is_none());
}

#[tokio::test]
async fn tokens_end_and_belong_to_one_certificate() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let relay = &region.relay;
    let (access, refresh) = (&office.login.access_token, &office.login.refresh_token);
    let card = presented(&office.own);
    let second = presented(&region.certificate(planner(), None).await);
    refused(relay.caller(&secret("nothing"), Some(&card)), "token-unknown");
    refused(relay.caller(refresh, Some(&card)), "token-unknown");
    refused(relay.caller(access, None), "certificate-missing");
    refused(relay.caller(access, Some(&second)), "token-of-other-certificate");
    refused(
        region.turn().await.doors().refresh(refresh, None, Some(&second)).await,
        "token-of-other-certificate",
    );
    region.advance_minutes(60).await;
    refused(relay.caller(access, Some(&card)), "token-expired");
    let next = region
        .turn()
        .await
        .doors()
        .refresh(refresh, None, Some(&card))
        .await
        .expect("it is still good");
    relay.caller(&next.access_token, Some(&card)).expect("a new token");
    refused(relay.caller(access, Some(&card)), "token-unknown");
    region.advance_minutes(480).await;
    refused(
        region.turn().await.doors().refresh(&next.refresh_token, None, Some(&card)).await,
        "token-expired",
    );

    let office = region.office(planner()).await;
    let card = presented(&office.own);
    region.turn().await.doors().logout(&office.login.access_token).await.expect("it ends");
    refused(relay.caller(&office.login.access_token, Some(&card)), "token-unknown");
    refused(
        region.turn().await.doors().refresh(&office.login.refresh_token, None, Some(&card)).await,
        "token-unknown",
    );
}

#[tokio::test]
async fn a_login_outlives_those_of_others() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    region.advance_minutes(1).await;
    region.office(helper()).await;
    let card = presented(&office.own);
    let relay = &region.relay;
    relay.caller(&office.login.access_token, Some(&card)).expect("its token is good");
    let refreshed =
        region.turn().await.doors().refresh(&office.login.refresh_token, None, Some(&card)).await;
    refreshed.expect("and so is the other one");
}

#[tokio::test]
async fn revocation_counts_at_once_and_is_announced() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let mut changes = region.relay.authority_changes();
    changes.mark_unchanged();
    let before = region.relay.authority();
    region
        .turn()
        .await
        .operator()
        .revoke(&office.own.facts().serial.to_string())
        .await
        .expect("it is revoked");
    assert!(changes.has_changed().expect("the relay lives"));
    assert_ne!(before.crl_der, region.relay.authority().crl_der);
    let card = presented(&office.own);
    refused(region.relay.caller(&office.login.access_token, Some(&card)), "certificate-revoked");
    refused(
        region.turn().await.doors().refresh(&office.login.refresh_token, None, Some(&card)).await,
        "certificate-revoked",
    );
    refused(region.turn().await.operator().revoke("4711").await, "certificate-unknown");
}

#[tokio::test]
async fn a_certificate_that_ends_keeps_its_office_out() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    region.switch(|switches| switches.access_token_minutes = u32::MAX).await;
    let office = {
        let login = region.login_with(planner(), &office.own).await.expect("a long login");
        super::support::OfficeAtWork { login, ..office }
    };
    let card = presented(&office.own);
    region.set_time("2029-11-21T14:59:59Z").await;
    region.relay.caller(&office.login.access_token, Some(&card)).expect("its last second");
    region.set_time("2029-11-21T15:00:00Z").await;
    refused(region.relay.caller(&office.login.access_token, Some(&card)), "certificate-expired");
}

#[tokio::test]
async fn a_login_without_a_licence_is_a_switch() {
    let region = Region::ready().await;
    let number = from_the_end(1);
    let own = region.certificate(number, None).await;
    region.login_with(number, &own).await.expect("by default it may look");
    region.switch(|switches| switches.login_unlicensed = false).await;
    refused(region.login_with(number, &own).await, "licence-needed");
}

#[tokio::test]
async fn offices_are_looked_up() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let found =
        region.turn().await.exchange().office(&office.caller, helper()).await.expect("it is there");
    assert_eq!(found.service_kinds, ["11", "A2"]);
    assert!(found.uses_system);
    for index in 0..3 {
        let found = region
            .turn()
            .await
            .exchange()
            .office(&office.caller, from_the_end(index))
            .await
            .expect("there");
        assert!(!found.uses_system, "{index}");
    }
    refused(
        region.turn().await.exchange().office(&office.caller, "4799999999").await,
        "office-unknown",
    );
    refused(
        region.turn().await.exchange().office(&office.caller, "nonsense").await,
        "office-unknown",
    );
    let stranger = region.turn().await.operator().issue_for_test(from_the_end(0), None, None).await;
    refused(stranger, "account-unknown");
}

#[tokio::test]
async fn a_refresh_token_that_comes_again_ends_its_whole_login() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let other = region.login_with(planner(), &office.own).await.expect("a second login");
    let (relay, card) = (&region.relay, presented(&office.own));
    let first = office.login.refresh_token.clone();
    let refresh = |token: careplan_relay::secret::Secret| {
        let (relay, card) = (relay.clone(), card.clone());
        async move {
            relay.turn().await.expect("a turn").doors().refresh(&token, None, Some(&card)).await
        }
    };
    let second = refresh(first.clone()).await.expect("it is good once");
    let third = refresh(second.refresh_token.clone()).await.expect("it is good once");
    // Without the certificate of the login a token is worth nothing, and ends nothing.
    let strange = presented(&region.certificate(planner(), None).await);
    let answer = region.turn().await.doors().refresh(&first, None, Some(&strange)).await;
    refused(answer, "token-of-other-certificate");
    relay.caller(&third.access_token, Some(&card)).expect("nothing has ended");

    let refusal = refused(refresh(first.clone()).await, "token-reused");
    assert_eq!(
        refusal.kind.title.ja,
        "この更新トークンは既に使われています。安全のため、このログインを終了しました。"
    );
    assert!(refusal.kind.hint.en.starts_with("Log in again"), "{}", refusal.kind.hint.en);
    refused(relay.caller(&third.access_token, Some(&card)), "token-unknown");
    refused(refresh(third.refresh_token).await, "token-unknown");
    refused(refresh(first).await, "token-unknown");
    relay.caller(&other.access_token, Some(&card)).expect("a login of its own");
    refresh(other.refresh_token).await.expect("and so is its token");
}

#[tokio::test]
async fn a_renewal_under_a_key_is_answered_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = StoreLocation::Directory { path: folder.path().to_owned(), full_sync: false };
    let settings = || Settings { clock: Clock::frozen_at(at(NOW)), ..Settings::default() };
    let region = Region::on(&place, settings(), &ready(1)).await;
    let office = region.office(planner()).await;
    let card = presented(&office.own);
    let strange = presented(&region.certificate(planner(), None).await);
    let first = office.login.refresh_token.clone();
    drop((office.relay, region));
    let region = Region::on(&place, settings(), &ready(1)).await;
    let refresh = async |token: &careplan_relay::secret::Secret, key: Option<&str>| {
        region.turn().await.doors().refresh(token, key, Some(&card)).await
    };
    let second = refresh(&first, Some("k1")).await.expect("it is good once");
    // The same answer, how often, when and from wherever in the office it is asked for.
    for _ in 0..3 {
        region.advance_minutes(1).await;
        let again = refresh(&first, Some("k1")).await.expect("the same again");
        assert_eq!(again.access_token, second.access_token);
        assert_eq!(again.refresh_token, second.refresh_token);
        assert_eq!(again.expires_at, second.expires_at);
        assert_eq!(again.refresh_expires_at, second.refresh_expires_at);
    }
    let many = futures_util::future::join_all((0..20).map(|_| refresh(&first, Some("k1")))).await;
    assert!(many.iter().all(|answer| {
        answer.as_ref().is_ok_and(|login| login.access_token == second.access_token)
    }));
    region.relay.caller(&second.access_token, Some(&card)).expect("the login goes on");
    // Another certificate gets nothing and ends nothing.
    let answer = region.turn().await.doors().refresh(&first, Some("k1"), Some(&strange)).await;
    refused(answer, "token-of-other-certificate");
    refused(refresh(&first, Some("")).await, "idempotency-key-malformed");
    refused(refresh(&first, Some(&"k".repeat(65))).await, "idempotency-key-malformed");
    region.relay.caller(&second.access_token, Some(&card)).expect("the login goes on");
    // Once the new token is used, the old one is one that comes again.
    let third = refresh(&second.refresh_token, Some("k2")).await.expect("it is good once");
    refused(refresh(&first, Some("k1")).await, "token-reused");
    refused(region.relay.caller(&third.access_token, Some(&card)), "token-unknown");
}

#[tokio::test]
async fn a_renewal_with_another_key_or_none_ends_the_login() {
    for (first, second) in
        [(Some("k1"), Some("k2")), (Some("k1"), None), (None, Some("k1")), (None, None)]
    {
        let region = Region::ready().await;
        let office = region.office(planner()).await;
        let card = presented(&office.own);
        let token = office.login.refresh_token.clone();
        let refresh =
            async |key| region.turn().await.doors().refresh(&token, key, Some(&card)).await;
        let login = refresh(first).await.expect("it is good once");
        refused(refresh(second).await, "token-reused");
        refused(region.relay.caller(&login.access_token, Some(&card)), "token-unknown");
    }
    // Switched off, a lost answer ends the login.
    let region = Region::ready().await;
    region.switch(|switches| switches.renewal_repeatable = false).await;
    let office = region.office(planner()).await;
    let card = presented(&office.own);
    let token = office.login.refresh_token.clone();
    let refresh =
        async || region.turn().await.doors().refresh(&token, Some("k1"), Some(&card)).await;
    refresh().await.expect("it is good once");
    refused(refresh().await, "token-reused");
}

#[tokio::test]
async fn a_used_refresh_token_is_remembered_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = StoreLocation::Directory { path: folder.path().to_owned(), full_sync: false };
    let settings = || Settings { clock: Clock::frozen_at(at(NOW)), ..Settings::default() };
    let region = Region::on(&place, settings(), &ready(1)).await;
    let office = region.office(planner()).await;
    let card = presented(&office.own);
    let used = office.login.refresh_token.clone();
    let next =
        region.turn().await.doors().refresh(&used, None, Some(&card)).await.expect("good once");
    drop((office.relay, region));
    let region = Region::on(&place, settings(), &ready(1)).await;
    region.relay.caller(&next.access_token, Some(&card)).expect("the login goes on");
    refused(region.turn().await.doors().refresh(&used, None, Some(&card)).await, "token-reused");
    refused(region.relay.caller(&next.access_token, Some(&card)), "token-unknown");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_first_stage_is_good_for_one_login() {
    let region = Region::ready().await;
    let own = region.certificate(planner(), None).await;
    let first = region.turn().await.doors().terminal(&c_id(planner()), &secret(C_PASSWORD)).await;
    let first = first.expect("stage 1").terminal_token;
    let logins: Vec<_> = (0..6)
        .map(|_| {
            let (relay, first, card) = (region.relay.clone(), first.clone(), presented(&own));
            tokio::spawn(async move {
                let doors = relay.turn().await.expect("a turn").doors();
                doors.office(&first, &kj(planner()), &secret(KJ_PASSWORD), Some(&card)).await
            })
        })
        .collect();
    let mut winners = 0;
    for login in logins {
        match login.await.expect("no panic") {
            Ok(_) => winners += 1,
            Err(error) => {
                refused::<()>(Err(error), "first-stage-missing");
            }
        }
    }
    assert_eq!(winners, 1);
}

#[tokio::test]
async fn a_first_stage_survives_slips_but_not_a_search() {
    let region = Region::ready().await;
    region.switch(|switches| (switches.lock_after_failures, switches.stage2_tries) = (0, 3)).await;
    let own = region.certificate(planner(), None).await;
    let card = presented(&own);
    for (slips, is_open) in [(3_u32, false), (2, true)] {
        let doors = region.turn().await.doors();
        let first = doors.terminal(&c_id(planner()), &secret(C_PASSWORD)).await;
        let first = first.expect("stage 1").terminal_token;
        for _ in 0..slips {
            let doors = region.turn().await.doors();
            let slip = doors.office(&first, &kj(planner()), &secret("Slip1234"), Some(&card)).await;
            refused(slip, "user-or-password-wrong");
        }
        let doors = region.turn().await.doors();
        let right = doors.office(&first, &kj(planner()), &secret(KJ_PASSWORD), Some(&card)).await;
        if is_open {
            right.expect("so many slips are forgiven");
        } else {
            let refusal = refused(right, "first-stage-missing");
            assert_eq!(
                refusal.detail.expect("it says why").en,
                "The office's ID or password was wrong too often, so the first stage has ended."
            );
        }
    }
}
