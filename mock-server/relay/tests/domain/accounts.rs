//! Passwords, mail addresses, c-IDs.

use super::beginnings::{C_PASSWORD, KJ_PASSWORD, expired, newcomers};
use careplan_relay::account::MailPurpose;
use careplan_relay::clock::Timing;

use super::support::{NOW, Region, c_id, helper, kj, planner, presented, refused, secret};

async fn temporary_password(region: &Region, number: &str) -> String {
    let accounts = region.turn().await.operator().accounts().await.expect("they are listed");
    let account = accounts.iter().find(|account| account.office == number).expect("it is there");
    assert!(account.temporary);
    account.kj_password.as_ref().expect("it is readable").reveal().to_owned()
}

#[tokio::test]
async fn a_temporary_password_must_be_changed_first() {
    let region = Region::new(&newcomers(1), NOW, Timing::Instant).await;
    let relay = &region.relay;
    let temporary = secret(&temporary_password(&region, planner()).await);
    let login =
        region.turn().await.doors().portal(&kj(planner()), &temporary).await.expect("it is let in");
    assert!(login.must_change_password);
    refused(
        region.turn().await.doors().portal_caller(&login.portal_token, false).await,
        "password-temporary",
    );
    let caller = region
        .turn()
        .await
        .doors()
        .portal_caller(&login.portal_token, true)
        .await
        .expect("to change it");

    let chosen = secret("Sakura2026");
    let change = |new: &str, terms: bool| {
        let (relay, caller, current, new) =
            (relay.clone(), caller.clone(), temporary.clone(), secret(new));
        async move {
            relay
                .turn()
                .await
                .expect("a turn")
                .account()
                .change_password(&caller, &current, &new, terms)
                .await
        }
    };
    refused(change("Sakura2026", false).await, "terms-not-accepted");
    for bad in ["Sakura1", "SakuraSakura", "12345678", "Sakura2026Sakura2", "Sakura-2026"] {
        refused(change(bad, true).await, "password-rule-broken");
    }
    refused(change(temporary.reveal(), true).await, "password-unchanged");
    let wrong = region
        .turn()
        .await
        .account()
        .change_password(&caller, &secret("Wrong1234"), &chosen, true)
        .await;
    refused(wrong, "user-or-password-wrong");
    change("Sakura2026", true).await.expect("it is changed");

    region
        .turn()
        .await
        .doors()
        .portal_caller(&login.portal_token, false)
        .await
        .expect("now everything is open");
    refused(
        region.turn().await.doors().portal(&kj(planner()), &temporary).await,
        "user-or-password-wrong",
    );
    let login =
        region.turn().await.doors().portal(&kj(planner()), &chosen).await.expect("the new one");
    assert!(!login.must_change_password);
    let accounts = region.turn().await.operator().accounts().await.expect("they are listed");
    let account = accounts.iter().find(|account| account.office == planner()).expect("it is there");
    assert_eq!(account.kj_password, None, "what a user chose is not readable");
    assert!(!account.temporary);
}

#[tokio::test]
async fn the_client_shows_the_official_text_for_stale_passwords() {
    let region = Region::new(&newcomers(1), NOW, Timing::Instant).await;
    let accounts = region.turn().await.operator().accounts().await.expect("they are listed");
    let account = accounts.iter().find(|account| account.office == planner()).expect("it is there");
    let terminal = account.c_password.clone().expect("it is readable");
    let first =
        region.turn().await.doors().terminal(&c_id(planner()), &terminal).await.expect("stage 1");
    let temporary = account.kj_password.clone().expect("it is readable");
    let stage2 = region
        .turn()
        .await
        .doors()
        .office(&first.terminal_token, &kj(planner()), &temporary, None)
        .await;
    let refusal = refused(stage2, "password-temporary");
    assert_eq!(refusal.kind.title.ja, "パスワードの有効期限が切れています");

    let region = Region::new(&expired(1), NOW, Timing::Instant).await;
    let first = region
        .turn()
        .await
        .doors()
        .terminal(&c_id(planner()), &secret(C_PASSWORD))
        .await
        .expect("stage 1");
    let stage2 = region
        .turn()
        .await
        .doors()
        .office(&first.terminal_token, &kj(planner()), &secret(KJ_PASSWORD), None)
        .await;
    let refusal = refused(stage2, "password-expired");
    assert_eq!(refusal.kind.title.ja, "パスワードの有効期限が切れています");
}

#[tokio::test]
async fn a_chosen_password_lasts_its_days() {
    let region = Region::ready().await;
    let caller = region.portal(planner()).await;
    let chosen = secret("Sakura2026");
    region
        .turn()
        .await
        .account()
        .change_password(&caller, &secret(KJ_PASSWORD), &chosen, true)
        .await
        .expect("it is changed");
    // 180 days after 2026-11-21 is 2027-05-20, which still counts.
    region.set_time("2027-05-20T14:59:59Z").await;
    assert!(
        !region
            .turn()
            .await
            .doors()
            .portal(&kj(planner()), &chosen)
            .await
            .expect("let in")
            .must_change_password
    );
    region.set_time("2027-05-20T15:00:00Z").await;
    let login = region.turn().await.doors().portal(&kj(planner()), &chosen).await.expect("let in");
    assert!(login.must_change_password);
    refused(
        region.turn().await.doors().portal_caller(&login.portal_token, false).await,
        "password-expired",
    );
    let caller = region
        .turn()
        .await
        .doors()
        .portal_caller(&login.portal_token, true)
        .await
        .expect("to change it");
    region.switch(|switches| switches.password_days = 0).await;
    region
        .turn()
        .await
        .account()
        .change_password(&caller, &chosen, &secret("Sakura2027"), false)
        .await
        .expect("the terms were accepted before");
    region.set_time("2046-01-01T00:00:00Z").await;
    let login = region.turn().await.doors().portal(&kj(planner()), &secret("Sakura2027")).await;
    assert!(!login.expect("let in").must_change_password, "0 days are for ever");
}

#[tokio::test]
async fn a_temporary_password_can_have_an_end() {
    let region = Region::new(&newcomers(1), NOW, Timing::Instant).await;
    let temporary = secret(&temporary_password(&region, planner()).await);
    region.set_time("2046-11-21T01:00:00Z").await;
    let login = region.turn().await.doors().portal(&kj(planner()), &temporary).await;
    login.expect("by default it has none");

    let region = Region::new(&newcomers(1), NOW, Timing::Instant).await;
    region.switch(|switches| switches.issued_password_days = 30).await;
    region.relay.begin(&newcomers(1)).await.expect("it begins again");
    let temporary = secret(&temporary_password(&region, planner()).await);
    region.turn().await.doors().portal(&kj(planner()), &temporary).await.expect("it is fresh");
    region.set_time("2026-12-21T15:00:00Z").await;
    refused(
        region.turn().await.doors().portal(&kj(planner()), &temporary).await,
        "password-expired",
    );
}

#[tokio::test]
async fn an_address_is_confirmed_with_a_mailed_code() {
    let region = Region::ready().await;
    let caller = region.portal(planner()).await;
    let (purpose, address) = (MailPurpose::Security, "anzen@example.jp");
    refused(
        region.turn().await.account().confirm_mail_code(&caller, purpose, "0000").await,
        "mail-code-not-requested",
    );
    refused(
        region.turn().await.account().request_mail_code(&caller, purpose, "anzen").await,
        "mail-address-malformed",
    );
    let end = region
        .turn()
        .await
        .account()
        .request_mail_code(&caller, purpose, address)
        .await
        .expect("it is mailed");
    assert_eq!(end.to_string(), "2026-11-21T01:30:00Z");
    let code = mailed_code(&region, address).await;
    let wrong = if code == "0000" { "0001" } else { "0000" };
    refused(
        region.turn().await.account().confirm_mail_code(&caller, purpose, wrong).await,
        "mail-code-wrong",
    );
    refused(
        region.turn().await.account().confirm_mail_code(&caller, MailPurpose::Notice, &code).await,
        "mail-code-not-requested",
    );
    region
        .turn()
        .await
        .account()
        .confirm_mail_code(&caller, purpose, &code)
        .await
        .expect("it is right");
    refused(
        region.turn().await.account().confirm_mail_code(&caller, purpose, &code).await,
        "mail-code-not-requested",
    );
    for (purpose, registered) in [(purpose, address), (MailPurpose::Notice, "office01@example.jp")]
    {
        let shown = region.turn().await.account().mail_address(&caller, purpose).await;
        assert_eq!(shown.expect("shown").as_deref(), Some(registered));
    }

    region
        .turn()
        .await
        .account()
        .request_mail_code(&caller, purpose, address)
        .await
        .expect("it is mailed");
    region.advance_minutes(30).await;
    let late = mailed_code(&region, address).await;
    refused(
        region.turn().await.account().confirm_mail_code(&caller, purpose, &late).await,
        "mail-code-expired",
    );

    region
        .turn()
        .await
        .account()
        .request_mail_code(&caller, purpose, address)
        .await
        .expect("it is mailed");
    let code = mailed_code(&region, address).await;
    let wrong = if code == "0000" { "0001" } else { "0000" };
    for _ in 0..5 {
        refused(
            region.turn().await.account().confirm_mail_code(&caller, purpose, wrong).await,
            "mail-code-wrong",
        );
    }
    refused(
        region.turn().await.account().confirm_mail_code(&caller, purpose, &code).await,
        "mail-code-expired",
    );
}

async fn mailed_code(region: &Region, address: &str) -> String {
    let mails =
        region.turn().await.operator().mailbox(Some(planner())).await.expect("they are listed");
    let mail = mails.iter().find(|mail| mail.to == address).expect("the mail is there");
    let code: String = mail.body.chars().filter(char::is_ascii_digit).take(4).collect();
    assert_eq!(code.len(), 4);
    code
}

#[tokio::test]
async fn the_site_shows_the_terminal_account() {
    let region = Region::ready().await;
    let caller = region.portal(planner()).await;
    let account =
        region.turn().await.account().terminal_account(&caller).await.expect("it is shown");
    assert_eq!(account.user_id, "careplan@0001");
    region
        .turn()
        .await
        .doors()
        .terminal(&account.user_id, &account.password)
        .await
        .expect("it works");
    let shown = format!("{account:?}");
    assert!(!shown.contains(account.password.reveal()), "{shown}");
}

#[tokio::test]
async fn a_login_on_the_sites_ends() {
    let region = Region::ready().await;
    let login = region
        .turn()
        .await
        .doors()
        .portal(&kj(planner()), &secret(KJ_PASSWORD))
        .await
        .expect("let in");
    refused(
        region.turn().await.doors().portal_caller(&secret("nothing"), false).await,
        "token-unknown",
    );
    region.advance_minutes(60).await;
    refused(
        region.turn().await.doors().portal_caller(&login.portal_token, false).await,
        "token-expired",
    );
    let login = region
        .turn()
        .await
        .doors()
        .portal(&kj(planner()), &secret(KJ_PASSWORD))
        .await
        .expect("let in");
    region.turn().await.doors().portal_logout(&login.portal_token).await.expect("it ends");
    refused(
        region.turn().await.doors().portal_caller(&login.portal_token, false).await,
        "token-unknown",
    );
}

#[tokio::test]
async fn a_new_password_ends_every_other_login() {
    let region = Region::ready().await;
    let office = region.office(planner()).await;
    let card = presented(&office.own);
    let log_in = async || {
        let doors = region.turn().await.doors();
        doors.portal(&kj(planner()), &secret(KJ_PASSWORD)).await.expect("let in").portal_token
    };
    let (here, elsewhere) = (log_in().await, log_in().await);
    let other = region.office(helper()).await;
    let first = region.turn().await.doors().terminal(&c_id(planner()), &secret(C_PASSWORD)).await;
    let first = first.expect("stage 1").terminal_token;
    let caller = region.turn().await.doors().portal_caller(&here, false).await.expect("it is open");
    let chosen = secret("Sakura2026");
    let account = region.turn().await.account();
    account.change_password(&caller, &secret(KJ_PASSWORD), &chosen, true).await.expect("changed");

    region.turn().await.doors().portal_caller(&here, false).await.expect("the one that changed it");
    refused(region.turn().await.doors().portal_caller(&elsewhere, false).await, "token-unknown");
    refused(region.relay.caller(&office.login.access_token, Some(&card)), "token-unknown");
    let doors = region.turn().await.doors();
    refused(doors.refresh(&office.login.refresh_token, None, Some(&card)).await, "token-unknown");
    let card_of_other = presented(&other.own);
    region.relay.caller(&other.login.access_token, Some(&card_of_other)).expect("not its business");
    // The first stage stands for the c-ID; the new password is needed all the same.
    let doors = region.turn().await.doors();
    let old = doors.office(&first, &kj(planner()), &secret(KJ_PASSWORD), Some(&card)).await;
    refused(old, "user-or-password-wrong");
    let doors = region.turn().await.doors();
    doors.office(&first, &kj(planner()), &chosen, Some(&card)).await.expect("the new one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_changes_of_a_password_at_once_one_wins() {
    let region = Region::ready().await;
    region.switch(|switches| switches.lock_after_failures = 0).await;
    let caller = region.portal(planner()).await;
    let changes: Vec<_> = (0..5)
        .map(|change| {
            let (relay, caller) = (region.relay.clone(), caller.clone());
            tokio::spawn(async move {
                let account = relay.turn().await.expect("a turn").account();
                let (old, new) = (secret(KJ_PASSWORD), secret(&format!("Sakura202{change}")));
                account.change_password(&caller, &old, &new, true).await
            })
        })
        .collect();
    let mut winners = Vec::new();
    for (change, answer) in changes.into_iter().enumerate() {
        match answer.await.expect("no panic") {
            Ok(()) => winners.push(change),
            // Late ones find that the password they give is the old one.
            Err(error) => {
                let code = error.refusal().expect("a refusal").kind.code;
                let late = ["password-changed-meanwhile", "user-or-password-wrong"];
                assert!(late.contains(&code), "{code}");
            }
        }
    }
    let [winner] = winners[..] else { panic!("{winners:?}") };
    region.portal_with(planner(), &format!("Sakura202{winner}")).await;
}
