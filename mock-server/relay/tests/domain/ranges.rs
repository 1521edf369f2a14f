//! No number a switch may have breaks anything.

use careplan_relay::account::MailPurpose;
use careplan_relay::certificate::{CertificateApplication, CertificateKind};
use careplan_relay::clock::Timing;
use careplan_relay::outcome::{Error, Result};
use careplan_relay::store::ListQuery;
use careplan_relay::switches::SWITCHES;

use super::beginnings::{INSTALL_PASSWORD, ready};
use super::support::{
    NOW, Region, application, from_the_end, helper, planner, presented, secret, unit_files,
};

/// What came of an operation: the rules may refuse it, but nothing fails.
#[track_caller]
fn holds<T>(what: &str, result: Result<T>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(Error::Refused(_)) => None,
        Err(Error::Failed(failure)) => panic!("{what}: {failure}"),
    }
}

/// Everything that looks at a number, over the years.
async fn walk(region: &Region, what: &str, last: &str) {
    let newcomer = from_the_end(1);
    for _ in 0..2 {
        let wrong = region.turn().await.doors();
        holds(what, wrong.portal(&super::support::kj(newcomer), &secret("Mistaken1")).await);
    }
    let desk = region.portal(helper()).await;
    let account = region.turn().await.account();
    holds(what, account.request_mail_code(&desk, MailPurpose::Notice, "a@example.jp").await);
    for _ in 0..2 {
        let account = region.turn().await.account();
        holds(what, account.confirm_mail_code(&desk, MailPurpose::Notice, "0000").await);
    }
    for renewal in [false, true] {
        let order = CertificateApplication {
            kind: CertificateKind::CarePlanJigyousho,
            password: secret(INSTALL_PASSWORD),
            accept_terms: true,
            renewal,
        };
        holds(what, region.turn().await.certificates().apply(&desk, order).await);
        region.advance_minutes(10).await;
    }
    let account = region.turn().await.account();
    let current = secret(super::beginnings::KJ_PASSWORD);
    holds(what, account.change_password(&desk, &current, &secret("Another22"), true).await);
    let new = region.turn().await.doors();
    if let Some(login) = holds(what, new.portal(&super::support::kj(newcomer), &current).await) {
        let doors = region.turn().await.doors();
        let caller = doors.portal_caller(&login.portal_token, login.must_change_password).await;
        if let Some(caller) = holds(what, caller) {
            holds(what, region.turn().await.licences().apply(&caller, application()).await);
            holds(what, region.turn().await.licences().view(&caller).await);
        }
    }

    // The relay: both stages, a message, its list, its claim.
    let (sender, own) = (planner(), region.certificate(planner(), None).await);
    let login = holds(what, region.login_with(sender, &own).await);
    let caller = login.as_ref().and_then(|login| {
        holds(what, region.relay.caller(&login.access_token, Some(&presented(&own))))
    });
    if let (Some(login), Some(caller)) = (login, caller) {
        let relay = region.relay.clone();
        let office = super::support::OfficeAtWork { relay, own, login, caller };
        let files = unit_files("K2", sender, helper());
        let message = office.message("ranges", helper(), files);
        holds(what, region.turn().await.exchange().send(&office.caller, message).await);
        for per_page in [0, 1, u32::MAX] {
            let query = ListQuery { page: u32::MAX, per_page, ..ListQuery::default() };
            holds(what, region.turn().await.exchange().outbox(&office.caller, &query).await);
        }
    }
    let own = region.certificate(sender, None).await;
    if let Some(login) = holds(what, region.login_with(sender, &own).await)
        && let Some(caller) =
            holds(what, region.relay.caller(&login.access_token, Some(&presented(&own))))
    {
        let exchange = region.turn().await.exchange();
        let inbox = holds(what, exchange.inbox(&caller, &ListQuery::default()).await);
        if let Some(id) = inbox.and_then(|page| page.items.first().map(|row| row.id.clone())) {
            let exchange = region.turn().await.exchange();
            if let Some(claim) = holds(what, exchange.claim(&caller, &id, None).await) {
                let exchange = region.turn().await.exchange();
                holds(what, exchange.download(&caller, &claim.download_token).await);
            }
        }
        holds(what, region.turn().await.exchange().top(&caller).await);
    }

    // Time goes on.
    region.set_time(last).await;
    holds(what, region.turn().await.operator().accounts().await);
    let left = region.turn().await.operator().set_aside().await.expect("listed");
    assert_eq!(left, [], "{what}");
}

#[tokio::test]
async fn no_number_in_a_range_breaks_anything() {
    let region = Region::new(&ready(1), NOW, Timing::Real).await;
    let plain = region.relay.switches();
    for info in SWITCHES {
        let Some(range) = info.range else { continue };
        for end in [range.start(), range.end()] {
            let what = format!("{}={end}", info.key);
            let turned = |switches: &mut careplan_relay::switches::Switches| {
                switches.clone_from(&plain);
                switches.set(info.key, &end.to_string()).expect("it is in the range");
            };
            region.switch(turned).await;
            region.set_time(NOW).await;
            region.relay.begin(&ready(1)).await.expect("it begins again");
            // Beyond the end of the longest certificate once: that is a life of renewals.
            let is_longest = info.key == "certificate-years" && end == range.end();
            let last = if is_longest { "2057-06-01T00:00:00Z" } else { "2027-06-01T00:00:00Z" };
            walk(&region, &what, last).await;
        }
    }
}
