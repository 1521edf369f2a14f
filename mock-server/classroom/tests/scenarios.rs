//! The ready-made states: each opens at any time, and is what its name says.

use std::collections::BTreeSet;

use careplan_certs::package;
use careplan_classroom::scenario::{
    self, DEMO_CERTIFICATE_PASSWORD, DEMO_PASSWORD, DEMO_TERMINAL_PASSWORD, SCENARIOS,
};
use careplan_relay::account::PortalCaller;
use careplan_relay::certificate::Presented;
use careplan_relay::clock::Clock;
use careplan_relay::control::AccountView;
use careplan_relay::licence::LicenceState;
use careplan_relay::login::Caller;
use careplan_relay::outcome::Result;
use careplan_relay::store::{ListQuery, Store, StoreLocation};
use careplan_relay::{ClockMove, Relay, Settings};

/// A Saturday morning, 10:00 in Japan.
const NOW: &str = "2026-11-21T01:00:00Z";

async fn open(scenario: &str, now: &str) -> Relay {
    let clock = Clock::frozen_at(now.parse().expect("a time"));
    let settings = Settings { clock, ..Settings::default() };
    let beginning = scenario::beginning(scenario, 1).expect("a scenario");
    let store = Store::open(&StoreLocation::Memory).await.expect("the store opens");
    Relay::open(store, settings, &beginning).await.expect("the relay opens")
}

/// The first office of a service kind.
async fn office(relay: &Relay, kind: &str) -> AccountView {
    let accounts = relay.turn().await.expect("a turn").operator().accounts().await.expect("listed");
    let found = accounts.into_iter().find(|account| account.service_kinds[0] == kind);
    found.expect("the region has one")
}

/// The office logged in on the sites.
async fn portal(relay: &Relay, office: &AccountView) -> PortalCaller {
    let kj_id = office.kj_id.as_deref().expect("it has an account");
    let login = relay
        .turn()
        .await
        .expect("a turn")
        .doors()
        .portal(kj_id, &DEMO_PASSWORD.into())
        .await
        .expect("let in");
    relay
        .turn()
        .await
        .expect("a turn")
        .doors()
        .portal_caller(&login.portal_token, false)
        .await
        .expect("fresh")
}

/// The office logged in on the relay, with the certificate it finds on the sites.
async fn log_in(relay: &Relay, office: &AccountView) -> Result<Caller> {
    let caller = portal(relay, office).await;
    let list = relay.turn().await.expect("a turn").certificates().list(&caller).await?;
    let p12 = relay.turn().await.expect("a turn").certificates().p12(&caller, &list[0].id).await?;
    let own = package::open(&p12.bytes, DEMO_CERTIFICATE_PASSWORD).expect("it opens");
    let presented = Presented::from_chain(own.chain());
    let c_id = office.c_id.as_deref().expect("it has a c-ID");
    let first = relay
        .turn()
        .await
        .expect("a turn")
        .doors()
        .terminal(c_id, &DEMO_TERMINAL_PASSWORD.into())
        .await?;
    let password = DEMO_PASSWORD.into();
    let login = relay
        .turn()
        .await
        .expect("a turn")
        .doors()
        .office(&first.terminal_token, &caller.kj_id, &password, presented.as_ref())
        .await?;
    relay.caller(&login.access_token, presented.as_ref())
}

/// The code of what must be a refusal.
fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
    let error = result.expect_err("it is refused");
    error.refusal().expect("a refusal").kind.code
}

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
            let relay = open(scenario.name, now).await;
            let accounts =
                relay.turn().await.expect("a turn").operator().accounts().await.expect("listed");
            assert!(accounts.len() >= 30, "{} {now}", scenario.name);
            let ids: BTreeSet<_> = accounts.iter().filter_map(|a| a.c_id.clone()).collect();
            assert!(ids.len() >= 29, "{}", scenario.name);
        }
    }
    assert!(scenario::beginning("nothing", 1).is_none());
}

#[tokio::test]
async fn everybody_has_been_told_something() {
    let relay = open("demo", NOW).await;
    let caller = portal(&relay, &office(&relay, "43").await).await;
    let notices =
        relay.turn().await.expect("a turn").account().notices(&caller).await.expect("listed");
    let titles: Vec<_> = notices.iter().map(|notice| notice.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "【重要】事業所ユーザIDのパスワード期限切れにご注意ください",
            "【重要】【ご注意ください】利用申請サイトの「-」について",
            "「請求委任事業所用ケアプラン証明書」の名称変更について",
            "【重要】ケアプランデータ連携システムを導入予定の方へ",
        ]
    );
}

#[tokio::test]
async fn wrong_certificates_keep_everybody_out() {
    let relay = open("wrong-certificate", NOW).await;
    for (kind, cause) in [
        ("43", "certificate-expired"),
        ("11", "certificate-revoked"),
        ("15", "certificate-of-other-office"),
        ("46", "certificate-wrong-kind"),
    ] {
        let office = office(&relay, kind).await;
        assert_eq!(code(log_in(&relay, &office).await), cause);
    }
}

#[tokio::test]
async fn free_passes_end_within_days() {
    let relay = open("free-pass-ending", NOW).await;
    let first = portal(&relay, &office(&relay, "43").await).await;
    let view = relay.turn().await.expect("a turn").licences().view(&first).await.expect("shown");
    assert!(view.panel.free_pass);
    assert_eq!(view.panel.valid_until_shown, "2026/11/28");
    let notices =
        relay.turn().await.expect("a turn").account().notices(&first).await.expect("listed");
    assert_eq!(notices[0].title, "フリーパス有効期限のお知らせ");
    let later = "2026-12-05T00:00:00Z".parse().expect("a time");
    relay.move_clock(ClockMove::Set(later)).await.expect("moved");
    let accounts = relay.turn().await.expect("a turn").operator().accounts().await.expect("listed");
    let states: Vec<_> = accounts.iter().map(|account| account.licence.state).collect();
    assert!(states.contains(&LicenceState::Active) && states.contains(&LicenceState::Expired));
}

#[tokio::test]
async fn a_missed_download_stays_missed() {
    let relay = open("missed-download", NOW).await;
    let receiver = log_in(&relay, &office(&relay, "11").await).await.expect("let in");
    let page = relay
        .turn()
        .await
        .expect("a turn")
        .exchange()
        .inbox(&receiver, &ListQuery::default())
        .await
        .expect("listed");
    let lost = page.items.iter().find(|item| item.fetched_at.is_some()).expect("it is there");
    assert_eq!(
        code(relay.turn().await.expect("a turn").exchange().claim(&receiver, &lost.id, None).await),
        "already-fetched"
    );
}
