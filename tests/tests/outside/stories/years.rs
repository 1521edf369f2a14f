//! Passwords, certificates and licences over virtual years.

use careplan_tests::bed::{Bed, OnSite, licence_order};
use careplan_tests::unit::office_of;
use serde_json::{Value, json};

/// Minutes: the longest a login can be made to last.
const A_CENTURY: u32 = 52_560_000;

const NEWCOMER: [&str; 4] = ["--scenario", "first-time", "--timing", "real"];

/// Logged in on the sites with a password of its own; the KJ ID with it.
async fn newcomer<'a>(bed: &'a Bed, password: &str) -> (OnSite<'a>, String) {
    let accounts = bed.ask(bed.plain.get(bed.controls("/v1/controls/accounts"))).await.is(200);
    let office = office_of("43");
    let row = accounts.items().iter().find(|row| row["office"] == office).unwrap().clone();
    let kj_id = row["kj_id"].as_str().unwrap().to_owned();
    let temporary = row["kj_password"].as_str().unwrap();
    let login = bed.log_in_on_site(&kj_id, temporary).await.is(200);
    let site = OnSite { bed, token: login.text("portal_token").to_owned() };
    let change = json!({ "current": temporary, "new": password, "accept_terms": true });
    let _ = site.post("/v1/portal/password", &change).await.is(204);
    (site, kj_id)
}

async fn titles(site: &OnSite<'_>) -> Vec<String> {
    let notices = site.get("/v1/portal/notices").await.is(200);
    notices.items().iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_password_lasts_180_days_and_locks_for_half_an_hour() {
    let clock = ["--clock", "2026-11-21T10:00:00+09:00", "--frozen"];
    let bed = Bed::start(&[&NEWCOMER[..], &clock[..]].concat());
    let (site, kj_id) = newcomer(&bed, "Sakura2026").await;
    let again = bed.log_in_on_site(&kj_id, "Sakura2026").await.is(200);
    assert_eq!(again.json["must_change_password"], false);

    for _ in 0..2 {
        let _ = bed.log_in_on_site(&kj_id, "Sakura2027").await.refused("user-or-password-wrong");
    }
    let locked = bed.log_in_on_site(&kj_id, "sakura2026").await.refused("user-locked");
    assert_eq!(locked.text("retry_at"), "2026-11-21T01:30:00Z");
    bed.advance_minutes(29).await;
    let _ = bed.log_in_on_site(&kj_id, "Sakura2026").await.refused("user-locked");
    bed.advance_minutes(1).await;
    let _ = bed.log_in_on_site(&kj_id, "Sakura2026").await.is(200);

    bed.advance_minutes(60).await;
    let _ = site.get("/v1/portal/notices").await.refused("token-expired");
    // 180 days after 2026-11-21 is 2027-05-20, which still counts.
    bed.set_clock("2027-05-20T23:59:59+09:00").await;
    let last = bed.log_in_on_site(&kj_id, "Sakura2026").await.is(200);
    assert_eq!(last.json["must_change_password"], false);
    bed.set_clock("2027-05-21").await;
    let login = bed.log_in_on_site(&kj_id, "Sakura2026").await.is(200);
    assert_eq!(login.json["must_change_password"], true);
    let site = OnSite { bed: &bed, token: login.text("portal_token").to_owned() };
    let stale = site.get("/v1/portal/licence").await.refused("password-expired");
    assert_eq!(stale.text("title"), "パスワードの有効期限が切れています");
    let change = json!({ "current": "Sakura2026", "new": "Sakura2027", "accept_terms": true });
    let _ = site.post("/v1/portal/password", &change).await.is(204);
    let _ = site.get("/v1/portal/licence").await.is(200);
    let _ = bed.log_in_on_site(&kj_id, "Sakura2026").await.refused("user-or-password-wrong");
}

#[tokio::test]
async fn a_licence_is_charged_renewed_stopped_and_ends() {
    let clock = ["--clock", "2027-06-01T10:00:00+09:00", "--frozen"];
    let bed = Bed::start(&[&NEWCOMER[..], &clock[..]].concat());
    bed.switch(&json!({ "password-days": 0, "portal-minutes": A_CENTURY })).await;
    let (site, _) = newcomer(&bed, "Sakura2026").await;
    let licence = async || site.get("/v1/portal/licence").await.is(200).json;
    let none = licence().await;
    assert_eq!((&none["state"], &none["valid_until_shown"]), (&json!("none"), &json!("-")));
    let applied = site.post("/v1/portal/licence", &licence_order()).await.is(201);
    assert_eq!(applied.json["state_shown"], "利用申請が正常に完了しております。");
    assert_eq!((applied.text("valid_until_shown"), applied.text("balance_shown")), ("-", "-"));
    assert_eq!(applied.json["history"][0]["fee_yen"], 21_000);

    bed.set_clock("2027-07-01").await;
    let charged = licence().await;
    assert_eq!(charged["valid_until_shown"], "2028/05/31");
    assert_eq!(charged["balance_shown"], "0円");
    let mut terms = 1;
    for (day, until) in [("2028-06-01", "2029/05/31"), ("2029-06-01", "2030/05/31")] {
        bed.set_clock(day).await;
        let renewed = licence().await;
        terms += 1;
        assert_eq!(renewed["state"], "active");
        assert_eq!(renewed["history"].as_array().unwrap().len(), terms);
        assert_eq!(renewed["term_to"], until.replace('/', "-"));
    }
    assert!(titles(&site).await.contains(&"ライセンスを更新しました".to_owned()));
    let off = site.put("/v1/portal/licence/auto-renewal", &json!({ "on": false })).await.is(200);
    assert_eq!(off.json["auto_renewal"], false);
    let _ =
        site.post("/v1/portal/licence/cancel", &json!({})).await.refused("licence-not-cancellable");
    bed.set_clock("2030-05-31T23:59:59+09:00").await;
    assert_eq!(licence().await["state"], "active");
    bed.set_clock("2030-06-01").await;
    let ended = licence().await;
    assert_eq!((&ended["state"], &ended["can_apply"]), (&json!("expired"), &Value::Bool(true)));
    let _ = site.post("/v1/portal/licence", &licence_order()).await.is(201);
}

#[tokio::test]
async fn a_certificate_waits_for_the_morning_and_is_renewed_in_time() {
    let clock = ["--clock", "2026-11-21T02:00:00+09:00", "--frozen"];
    let bed = Bed::start(&[&NEWCOMER[..], &clock[..]].concat());
    bed.switch(&json!({ "password-days": 0, "portal-minutes": A_CENTURY })).await;
    let (site, _) = newcomer(&bed, "Sakura2026").await;
    let password = site.get("/v1/portal/certificate-password").await.is(200);
    let order = |renewal: bool| {
        json!({
            "kind": "KaigoJigyousho", "password": password.text("password"),
            "accept_terms": true, "renewal": renewal,
        })
    };
    let applied = site.post("/v1/portal/certificates", &order(false)).await.is(202);
    assert_eq!(applied.text("state_shown"), "申請中");
    let p12 = format!("/v1/portal/certificates/{}/p12", applied.text("id"));
    let _ = site.get(&p12).await.refused("certificate-not-issued");
    let _ =
        site.post("/v1/portal/certificates", &order(false)).await.refused("certificate-pending");
    bed.set_clock("2026-11-21T06:29:59+09:00").await;
    let _ = site.get(&p12).await.refused("certificate-not-issued");
    bed.set_clock("2026-11-21T06:30:00+09:00").await;
    let _ = site.get(&p12).await.is(200);
    let rows = site.get("/v1/portal/certificates").await.is(200);
    assert_eq!(rows.items()[0]["not_after"], "2029-11-21T14:59:59Z");

    bed.set_clock("2029-01-15T10:00:00+09:00").await;
    let early = site.post("/v1/portal/certificates", &order(true)).await;
    let early = early.refused("certificate-renewal-too-early");
    let opens = early.text("retry_at").to_owned();
    assert!(!titles(&site).await.contains(&"証明書更新のお知らせ".to_owned()));
    bed.set_clock(&opens).await;
    assert!(titles(&site).await.contains(&"証明書更新のお知らせ".to_owned()));
    let next = site.post("/v1/portal/certificates", &order(true)).await.is(202);
    bed.advance_minutes(24 * 60).await;
    let rows = site.get("/v1/portal/certificates").await.is(200);
    let row = rows.items().iter().find(|row| row["id"] == next.json["id"]).unwrap();
    // It follows on without a gap.
    assert_eq!(row["not_before"], "2029-11-21T15:00:00Z");
    assert_eq!(row["not_after"], "2032-11-22T14:59:59Z");
}

#[tokio::test]
async fn a_login_ends_with_its_tokens_and_its_certificate() {
    let bed = Bed::start(&["--clock", "2026-11-21T10:00:00+09:00", "--frozen"]);
    let (installed, _) = bed.issue(office_of("43"), None).await;
    let client = bed.client(Some(&installed));
    let login = bed.log_in(&client, office_of("43")).await.is(200);
    assert_eq!(login.text("expires_at"), "2026-11-21T02:00:00Z");
    let top =
        async |token: &str| bed.ask(client.get(bed.relay("/v1/top")).bearer_auth(token)).await;
    let refresh = async |token: &str| {
        let body = json!({ "refresh_token": token });
        bed.ask(client.post(bed.relay("/v1/token/refresh")).json(&body)).await
    };
    bed.advance_minutes(60).await;
    let _ = top(login.text("access_token")).await.refused("token-expired");
    let fresh = refresh(login.text("refresh_token")).await.is(200);
    let _ = top(fresh.text("access_token")).await.is(200);
    bed.advance_minutes(480).await;
    let _ = refresh(fresh.text("refresh_token")).await.refused("token-expired");
    let login = bed.log_in(&client, office_of("43")).await.is(200);
    let fresh = refresh(login.text("refresh_token")).await.is(200);
    let _ = refresh(login.text("refresh_token")).await.refused("token-reused");
    let _ = top(fresh.text("access_token")).await.refused("token-unknown");
    // Three years on, the certificate has ended; the password has long before.
    bed.switch(&json!({ "access-token-minutes": A_CENTURY })).await;
    let login = bed.log_in(&client, office_of("43")).await.is(200);
    bed.set_clock("2029-11-21T23:59:59+09:00").await;
    let _ = top(login.text("access_token")).await.is(200);
    bed.set_clock("2029-11-22").await;
    let _ = top(login.text("access_token")).await.refused("certificate-expired");
}
