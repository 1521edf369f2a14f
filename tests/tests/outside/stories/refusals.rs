//! Every refusal the server knows, provoked over HTTP.
//!
//! The list is the server's own: the values of `code` in `/openapi.json`. A code without a story
//! fails the test.

use std::collections::{BTreeMap, BTreeSet};

use careplan_tests::bed::{Bed, ISSUE_PASSWORD, KJ_PASSWORD, OnSite, licence_order};
use careplan_tests::office::{Office, form, manifest};
use careplan_tests::unit::{File, files, office_from_the_end, office_of};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _};

use crate::snapshots::compare_json;

/// Refusals by their codes.
type Told = BTreeMap<String, Value>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_code_of_the_description_is_provoked() {
    let slow = tokio::spawn(slow_bodies());
    let mut told = vec![
        accounts().await,
        mail_and_passwords().await,
        logins().await,
        certificates().await,
        licences().await,
        messages().await,
        limits().await,
        downloads().await,
        damaged().await,
        transport().await,
        controls().await,
    ];
    #[cfg(unix)]
    told.push(broken_store().await);
    #[cfg(not(unix))]
    told.push(
        ["internal-error", "not-kept", "not-ready"]
            .map(|code| (code.to_owned(), Value::Null))
            .into(),
    );
    told.push(crowd().await);
    told.push(slow.await.unwrap());
    // Of every code the first one.
    let told: Told = told.into_iter().rev().flatten().collect();
    for (code, refusal) in told.iter().filter(|(_, refusal)| !refusal.is_null()) {
        compare_json("refusals", code, refusal);
    }

    let bed = Bed::start(&[]);
    let description = bed.ask(bed.plain.get(bed.sites("/openapi.json"))).await.is(200).json;
    let codes = &description["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
    let codes: BTreeSet<String> =
        codes.as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    assert!(codes.len() > 80, "{codes:?}");
    let told: BTreeSet<String> = told.into_keys().collect();
    let untold: Vec<_> = codes.difference(&told).collect();
    assert!(untold.is_empty(), "no story provokes {untold:?}");
    let undescribed: Vec<_> = told.difference(&codes).collect();
    assert!(undescribed.is_empty(), "not in the description: {undescribed:?}");
}

/// A pair of offices that may exchange.
async fn pair(bed: &Bed) -> (Office, &'static str) {
    (bed.office(office_of("43")).await, office_of("11"))
}

async fn accounts() -> Told {
    let bed = Bed::start(&[]);
    let (planner, _) = pair(&bed).await;
    for strange in ["", "KJ1", "nobody", "ＫＪ474779000118"] {
        let _ = bed.log_in_on_site(strange, KJ_PASSWORD).await.is(400).refused("user-id-malformed");
    }
    let _ = bed.log_in_on_site("HD00000001", KJ_PASSWORD).await.is(403).refused("agent-id-refused");
    let (_, kj_id) = bed.ids(&planner.number).await;
    for _ in 0..2 {
        let wrong = bed.log_in_on_site(&kj_id, "careplan1").await;
        let _ = wrong.is(401).refused("user-or-password-wrong");
    }
    let locked = bed.log_in_on_site(&kj_id, "careplan1").await.is(403).refused("user-locked");
    assert!(locked.json["retry_at"].is_string());
    let stranger = json!({ "office": office_from_the_end(0) });
    let stranger = bed.control(Method::POST, "/v1/controls/certificates", &stranger).await;
    let _ = stranger.is(404).refused("account-unknown");
    let nobody = planner.read(&bed, "/v1/offices/4799999999").await;
    let _ = nobody.is(404).refused("office-unknown");
    bed.refusals()
}

async fn mail_and_passwords() -> Told {
    let bed = Bed::start(&["--clock", "2026-11-21T10:00:00+09:00", "--frozen"]);
    let site = bed.on_site(office_of("43")).await;
    let change = async |current: &str, new: &str| {
        let body = json!({ "current": current, "new": new, "accept_terms": true });
        site.post("/v1/portal/password", &body).await
    };
    for bad in ["Sakura1", "SakuraSakura", "1234567890", "Sakura2026Sakura2", "さくら2026さくら"]
    {
        let _ = change(KJ_PASSWORD, bad).await.is(422).refused("password-rule-broken");
    }
    let _ = change(KJ_PASSWORD, KJ_PASSWORD).await.is(422).refused("password-unchanged");
    change_at_once(&bed).await;
    let mail = async |address: &str| {
        let body = json!({ "purpose": "security", "address": address });
        site.post("/v1/portal/mail", &body).await
    };
    let confirm = async |code: &str| {
        let body = json!({ "purpose": "security", "code": code });
        site.post("/v1/portal/mail/confirm", &body).await
    };
    let _ = confirm("0000").await.is(409).refused("mail-code-not-requested");
    let _ = mail("anzen").await.is(422).refused("mail-address-malformed");
    let asked = mail("anzen@example.jp").await.is(202);
    assert_eq!(asked.text("code_expires_at"), "2026-11-21T01:30:00Z");
    let _ = confirm("abcd").await.is(422).refused("mail-code-wrong");
    bed.advance_minutes(30).await;
    let _ = confirm("0000").await.is(410).refused("mail-code-expired");

    let body = json!({ "name": "first-time" });
    let _ = bed.control(Method::POST, "/v1/controls/scenario", &body).await.is(200);
    let accounts = bed.ask(bed.plain.get(bed.controls("/v1/controls/accounts"))).await;
    let row = &accounts.items()[0];
    let text = |name: &str| row[name].as_str().unwrap();
    let login = bed.log_in_on_site(text("kj_id"), text("kj_password")).await.is(200);
    let site = OnSite { bed: &bed, token: login.text("portal_token").to_owned() };
    let _ = site.get("/v1/portal/licence").await.is(403).refused("password-temporary");

    let body = json!({ "name": "expired-password" });
    let _ = bed.control(Method::POST, "/v1/controls/scenario", &body).await.is(200);
    let site = bed.on_site(office_of("43")).await;
    let _ = site.get("/v1/portal/licence").await.is(403).refused("password-expired");
    bed.refusals()
}

/// Two changes of a password at once: one wins. Where the second is so late that its password is
/// the old one already, both are tried again.
async fn change_at_once(bed: &Bed) {
    let number = office_of("46");
    let (_, kj_id) = bed.ids(number).await;
    let mut current = KJ_PASSWORD.to_owned();
    for round in 0..50 {
        let login = bed.log_in_on_site(&kj_id, &current).await.is(200);
        let site = OnSite { bed, token: login.text("portal_token").to_owned() };
        let change = async |new: String| {
            let body = json!({ "current": current, "new": new, "accept_terms": true });
            (site.post("/v1/portal/password", &body).await, new)
        };
        let (one, other) = tokio::join!(
            change(format!("Sakura{round:04}")),
            change(format!("Tsubaki{round:04}")),
        );
        let (winner, loser) = if one.0.status == 204 { (one, other.0) } else { (other, one.0) };
        assert_eq!(winner.0.status, 204, "one of them wins");
        if loser.status == 409 {
            let _ = loser.refused("password-changed-meanwhile");
            return;
        }
        let _ = loser.is(401).refused("user-or-password-wrong");
        current = winner.1;
    }
    panic!("two changes never met");
}

async fn logins() -> Told {
    let bed = Bed::start(&["--clock", "2026-11-21T10:00:00+09:00", "--frozen"]);
    let (planner, helper) = pair(&bed).await;
    let (c_id, kj_id) = bed.ids(&planner.number).await;
    let office =
        async |token: &str| bed.log_in_office(&planner.client, token, &kj_id, KJ_PASSWORD).await;
    let _ = office("nonsense").await.is(401).refused("first-stage-missing");
    let (other, _) = bed.ids(helper).await;
    let first = bed.log_in_terminal(&bed.plain, &other, "Terminal1").await.is(200);
    let _ = office(first.text("terminal_token")).await.is(403).refused("ids-of-different-offices");
    let first = bed.log_in_terminal(&bed.plain, &c_id, "Terminal1").await.is(200);
    let bare = bed.client(None);
    let token = first.text("terminal_token");
    let without = bed.log_in_office(&bare, token, &kj_id, KJ_PASSWORD).await;
    let _ = without.is(403).refused("certificate-missing");
    bed.advance_minutes(10).await;
    let first = bed.log_in_terminal(&bed.plain, &c_id, "Terminal1").await.is(200);
    bed.advance_minutes(10).await;
    let _ = office(first.text("terminal_token")).await.is(401).refused("first-stage-missing");

    let unknown = bed.ask(planner.client.get(bed.relay("/v1/top")).bearer_auth("nonsense")).await;
    assert_eq!(unknown.header("www-authenticate"), "Bearer");
    let _ = unknown.is(401).refused("token-unknown");
    let (second, _) = bed.issue(&planner.number, None).await;
    let second = bed.client(Some(&second)).get(bed.relay("/v1/top")).bearer_auth(&planner.token);
    let _ = bed.ask(second).await.is(403).refused("token-of-other-certificate");
    let login = bed.log_in(&planner.client, &planner.number).await.is(200);
    let refresh = async || {
        let body = json!({ "refresh_token": login.text("refresh_token") });
        bed.ask(planner.client.post(bed.relay("/v1/token/refresh")).json(&body)).await
    };
    let next = refresh().await.is(200);
    let reused = refresh().await.is(401).refused("token-reused");
    assert!(reused.text("hint_en").starts_with("Log in again"), "{reused:?}");
    let ended = planner.client.get(bed.relay("/v1/top")).bearer_auth(next.text("access_token"));
    let _ = bed.ask(ended).await.is(401).refused("token-unknown");
    bed.advance_minutes(60).await;
    let _ = planner.read(&bed, "/v1/top").await.is(401).refused("token-expired");

    for (wrong, code) in [
        ("expired", "certificate-expired"),
        ("not-yet-valid", "certificate-not-yet-valid"),
        ("revoked", "certificate-revoked"),
        ("other-root", "certificate-of-other-root"),
        ("wrong-usage", "certificate-wrong-usage"),
        ("without-office", "certificate-without-office"),
        ("other-office", "certificate-of-other-office"),
        ("agent", "certificate-wrong-kind"),
    ] {
        let (installed, _) = bed.issue(&planner.number, Some(wrong)).await;
        let answer = bed.log_in(&bed.client(Some(&installed)), &planner.number).await;
        let _ = answer.is(403).refused(code);
    }
    bed.refusals()
}

async fn certificates() -> Told {
    let bed = Bed::start(&["--timing", "real", "--clock", "2026-11-21T10:00:00+09:00"]);
    let site = bed.on_site(office_of("43")).await;
    let apply = async |password: &str, accept_terms: bool, renewal: bool| {
        let body = json!({
            "kind": "CarePlanJigyousho", "password": password, "accept_terms": accept_terms,
            "renewal": renewal,
        });
        site.post("/v1/portal/certificates", &body).await
    };
    let _ = apply(ISSUE_PASSWORD, false, false).await.is(422).refused("terms-not-accepted");
    let wrong = apply("Install02", true, false).await;
    let _ = wrong.is(403).refused("certificate-password-wrong");
    let early = apply(ISSUE_PASSWORD, true, true).await;
    let _ = early.is(409).refused("certificate-renewal-too-early");
    let pending = apply(ISSUE_PASSWORD, true, false).await.is(202);
    let _ = apply(ISSUE_PASSWORD, true, false).await.is(409).refused("certificate-pending");
    let p12 = async |id: &str| site.get(&format!("/v1/portal/certificates/{id}/p12")).await;
    let _ = p12(pending.text("id")).await.is(409).refused("certificate-not-issued");
    let _ = p12("nonsense").await.is(404).refused("certificate-unknown");
    bed.advance_minutes(5).await;
    let _ = p12(pending.text("id")).await.is(200);
    let _ = site.post("/v1/portal/certificate-password", &json!({})).await.is(200);
    let _ = p12(pending.text("id")).await.is(410).refused("certificate-withdrawn");
    for code in ["certificate-password-wrong", "certificate-password-wrong"] {
        let _ = apply("Install02", true, false).await.refused(code);
    }
    let locked = apply("Install02", true, false).await;
    locked.is(403).refused("certificate-password-locked").told(&["/retry_at"]);
    bed.refusals()
}

async fn licences() -> Told {
    let bed = Bed::start(&["--clock", "2025-05-31T10:00:00+09:00", "--frozen"]);
    let never = office_from_the_end(1);
    let site = bed.on_site(never).await;
    let licence = async |body: &Value| site.post("/v1/portal/licence", body).await;
    let cancel = async || site.post("/v1/portal/licence/cancel", &json!({})).await;
    let renewal = json!({ "on": true });
    let none = site.put("/v1/portal/licence/auto-renewal", &renewal).await;
    let _ = none.is(404).refused("licence-not-held");
    let _ = cancel().await.is(404).refused("licence-not-held");
    let closed = site.post("/v1/portal/free-pass", &licence_order()).await;
    let _ = closed.is(409).refused("free-pass-closed");
    let mut order = licence_order();
    order["form"]["phone"] = json!("098-000-1129");
    let _ = licence(&order).await.is(422).refused("licence-form-incomplete");
    let office = bed.office(never).await;
    let unlicensed = office.send(&bed, "1", "S1", office_of("43")).await;
    let _ = unlicensed.is(403).refused("licence-needed");
    let _ = licence(&licence_order()).await.is(201);
    let _ = licence(&licence_order()).await.is(409).refused("licence-held");
    let _ = cancel().await.is(409).refused("licence-not-cancellable");
    let by_hand = site.put("/v1/portal/licence/auto-renewal", &renewal).await;
    let _ = by_hand.is(409).refused("licence-renews-by-hand");
    bed.refusals()
}

fn renamed(files: &[File], from: &str, to: &str) -> Vec<File> {
    files.iter().map(|(name, bytes)| (name.replace(from, to), bytes.clone())).collect()
}

async fn messages() -> Told {
    let bed = Bed::start(&[]);
    let (planner, helper) = pair(&bed).await;
    let unit = files("K2", &planner.number, helper);
    let send = async |to: &str, files: &[File]| {
        planner.post_form(&bed, "stories", planner.message(to, files)).await
    };
    let with = |name: &str| {
        let mut files = unit.clone();
        files.push((name.to_owned(), b"x".to_vec()));
        files
    };

    // What the checker finds.
    let near_miss = renamed(&unit, "UPPLAN", "UPPLNA");
    let answer = send(helper, &near_miss).await.is(422).refused("file-name-form");
    let text = "添付ファイル名の形式に誤りがあります。標準仕様の送信単位に従ったファイルを添付してください。";
    assert_eq!((answer.text("title"), &answer.json["official"]), (text, &json!(true)));
    let _ = send(helper, &unit[..2]).await.is(422).refused("file-combination");
    let mut broken = unit.clone();
    broken[0].1 = b"nonsense\r\n".to_vec();
    let answer = send(helper, &broken).await.is(422).refused("file-content");
    let finding = &answer.json["findings"][0];
    assert!(finding["message"].is_string() && finding["clause"].is_string(), "{answer:?}");
    assert_eq!(finding["file"], broken[0].0);

    // Names and types.
    for name in ["a.docx", "b.csv.exe", "c", "d.zip"] {
        let _ = send(helper, &with(name)).await.is(422).refused("attachment-type");
    }
    for name in ["../a.pdf", "a:b.pdf", "con.pdf", " a.pdf", "relay/manifest.json"] {
        let _ = send(helper, &with(name)).await.is(422).refused("attachment-name");
    }
    let mut twice = with("a.pdf");
    twice.push(("A.PDF".to_owned(), b"y".to_vec()));
    let _ = send(helper, &twice).await.is(422).refused("duplicate-file-name");

    // Who and whom.
    let other = files("K2", office_of("46"), helper);
    let _ = send(helper, &other).await.is(403).refused("sender-is-not-you");
    let mut mixed = unit.clone();
    mixed.extend(files("K1", &planner.number, office_of("15")));
    let _ = send(helper, &mixed).await.is(422).refused("several-destinations");
    let stranger = renamed(&unit, helper, "4799999999");
    let _ = send("4799999999", &stranger).await.is(422).refused("destination-unknown");
    for index in 0..3 {
        let to = office_from_the_end(index);
        let answer = send(to, &files("K2", &planner.number, to)).await;
        let _ = answer.is(422).refused("destination-unlicensed");
    }
    let own = renamed(&unit, helper, &planner.number);
    let _ = send(&planner.number, &own).await.is(422).refused("same-office");
    let attachment = [("a.pdf".to_owned(), b"%PDF".to_vec())];
    let _ = send(helper, &attachment).await.is(422).refused("destination-missing");

    // Manifest and signature.
    let good = manifest(&planner.number, helper, None, &unit);
    let mut lie = good.clone();
    lie["files"][0]["sha256"] = json!("0".repeat(64));
    let answer = planner.post_form(&bed, "lie", planner.message_as(&lie, &unit)).await;
    let _ = answer.is(422).refused("manifest-differs");
    let long = manifest(&planner.number, helper, Some(&"あ".repeat(1_001)), &unit);
    let answer = planner.post_form(&bed, "long", planner.message_as(&long, &unit)).await;
    let _ = answer.is(422).refused("text-too-long");
    let bytes = good.to_string().into_bytes();
    let unsigned = form(bytes.clone(), None, &unit);
    let answer = planner.post_form(&bed, "unsigned", unsigned).await;
    let _ = answer.is(422).refused("signature-missing");
    let signed = form(bytes.clone(), Some(planner.sign(b"something else")), &unit);
    let answer = planner.post_form(&bed, "else", signed).await;
    let _ = answer.is(422).refused("signature-invalid");
    let partner = bed.office(helper).await;
    let signed = form(bytes, Some(partner.sign(good.to_string().as_bytes())), &unit);
    let answer = planner.post_form(&bed, "other", signed).await;
    let _ = answer.is(403).refused("signer-is-not-you");

    // The key.
    for key in ["a b", "", &"k".repeat(65)] {
        let answer = planner.send(&bed, key, "K2", helper).await;
        let _ = answer.is(400).refused("idempotency-key-malformed");
    }
    let _ = planner.send(&bed, "key", "K2", helper).await.is(201);
    let reused = planner.send(&bed, "key", "K1", helper).await;
    let _ = reused.is(409).refused("idempotency-key-reused");

    // Switches.
    bed.switch(&json!({ "version3-allowed": false, "one-unit-per-message": true })).await;
    let old = files("V3-2", &planner.number, helper);
    let _ = send(helper, &old).await.is(422).refused("version3-refused");
    let mut two = unit.clone();
    two.extend(files("K1", &planner.number, helper));
    let _ = send(helper, &two).await.is(422).refused("several-units");
    // Nothing of all this was kept but the one message.
    let outbox = planner.read(&bed, "/v1/outbox?query=あおぞら").await.is(200);
    let kept = outbox.items().iter().filter(|row| row["has_text"] == true).count();
    assert!(kept >= 1, "{outbox:?}");
    bed.refusals()
}

async fn limits() -> Told {
    let set = ["max-file-bytes=60000", "max-message-bytes=100000", "max-files=3"];
    let arguments: Vec<&str> = set.iter().flat_map(|set| ["--set", set]).collect();
    let bed = Bed::start(&arguments);
    let (planner, helper) = pair(&bed).await;
    let send = async |files: &[File]| {
        planner.post_form(&bed, "limits", planner.message(helper, files)).await
    };
    let file = |number: usize, bytes: usize| (format!("{number}.pdf"), vec![b'x'; bytes]);
    let _ = send(&[file(1, 60_001)]).await.is(413).refused("file-too-large");
    let _ = send(&[file(1, 60_000), file(2, 40_001)]).await.is(413).refused("message-too-large");
    let _ = send(&[file(1, 3_000_000)]).await.is(413).refused("message-too-large");
    let many: Vec<_> = (0..4).map(|number| file(number, 10)).collect();
    let _ = send(&many).await.is(413).refused("too-many-files");
    bed.refusals()
}

async fn downloads() -> Told {
    let bed = Bed::start(&[]);
    let (planner, helper) = pair(&bed).await;
    let helper = bed.office(helper).await;
    let sent = planner.send(&bed, "1", "K2", &helper.number).await.is(201);
    let id = sent.text("id");
    for path in ["/v1/inbox/nothing", &format!("/v1/outbox/{id}")] {
        let _ = helper.read(&bed, path).await.is(404).refused("message-unknown");
    }
    let _ = planner.claim(&bed, id).await.is(404).refused("message-unknown");
    let claim = helper.claim(&bed, id).await.is(200);
    let _ = helper.claim(&bed, id).await.is(410).refused("already-fetched");
    let url = format!("/v1/downloads/{}", claim.text("download_token"));
    let _ = planner.read(&bed, &url).await.is(404).refused("download-token-unknown");
    let beyond = helper.get(bed.relay(&url)).header("range", "bytes=99999999-");
    let beyond = bed.ask(beyond).await.is(416).refused("range-unsatisfiable");
    assert_eq!(beyond.header("content-range"), format!("bytes */{}", claim.json["size"]));
    let confirm = async |sha256: &str| {
        let body = json!({ "sha256": sha256 });
        bed.ask(helper.post(bed.relay(&format!("{url}/confirm"))).json(&body)).await
    };
    let _ = confirm(&"0".repeat(64)).await.is(409).refused("checksum-differs");
    let _ = confirm(claim.text("sha256")).await.is(204);
    let _ = helper.read(&bed, &url).await.is(410).refused("download-closed");
    bed.refusals()
}

/// Archives that are other than they were when they were sent.
async fn damaged() -> Told {
    let folder = tempfile::tempdir().unwrap();
    let bed = Bed::start(&["--data", folder.path().to_str().unwrap()]);
    let (planner, helper) = pair(&bed).await;
    let helper = bed.office(helper).await;
    let sent = planner.send(&bed, "1", "K2", &helper.number).await.is(201);
    sqlx::any::install_default_drivers();
    let url = format!("sqlite:{}?mode=rw", folder.path().join("state.db").display());
    let mut state = sqlx::AnyConnection::connect(&url).await.unwrap();
    let zeros = "PRAGMA busy_timeout=9000; UPDATE blob SET bytes = zeroblob(length(bytes))";
    state.execute(zeros).await.unwrap();
    state.close().await.unwrap();
    let _ = helper.claim(&bed, sent.text("id")).await.is(409).refused("state-damaged");
    let row = helper.read(&bed, &format!("/v1/inbox/{}", sent.text("id"))).await.is(200);
    assert_eq!(row.text("state"), "unfetched", "{row:?}");
    let save = bed.plain.get(bed.controls("/v1/controls/state"));
    let save = bed.ask(save).await.is(409).refused("state-damaged");
    assert!(save.text("detail_en").contains("table blob, row"), "{save:?}");
    bed.refusals()
}

async fn transport() -> Told {
    let bed = Bed::start(&[]);
    let (planner, _) = pair(&bed).await;
    let login = bed.sites("/v1/portal/login");
    let _ = bed.ask(bed.plain.get(bed.sites("/v1/nothing"))).await.is(404).refused("route-unknown");
    let other = bed.ask(bed.plain.delete(&login)).await.is(405).refused("method-not-allowed");
    assert_eq!(other.header("allow"), "POST");
    let foreign = bed.plain.get(bed.sites("/openapi.json")).header("host", "evil.example");
    let _ = bed.ask(foreign).await.is(421).refused("host-unknown");
    let twice = bed.plain.get(bed.sites("/openapi.json")).header("host", "localhost");
    let _ = bed.ask(twice.header("host", "localhost")).await.is(400).refused("host-unclear");
    let _ = bed.ask(bed.plain.post(&login).body("x")).await.is(415).refused("json-wanted");
    let broken = bed.plain.post(&login).header("content-type", "application/json");
    let broken = broken.body(r#"{"user_id":"x","password":{"secret":"Himitsu99"}}"#);
    let broken = bed.ask(broken).await.is(400).refused("body-malformed");
    assert!(!broken.json.to_string().contains("Himitsu99"), "{broken:?}");
    let large = bed.plain.post(&login).json(&json!({ "user_id": "x".repeat(70_000) }));
    let _ = bed.ask(large).await.is(413).refused("body-too-large");
    let query = planner.read(&bed, "/v1/inbox?colour=red").await;
    let _ = query.is(400).refused("query-malformed");
    let text = planner.read(&bed, &format!("/v1/inbox?query={}", "a".repeat(101))).await;
    let _ = text.is(400).refused("search-text-too-long");
    let strange = planner.read(&bed, "/v1/inbox?after=00").await;
    let _ = strange.is(400).refused("list-cursor-unknown");
    let no_form = planner.post(bed.relay("/v1/messages")).header("idempotency-key", "k");
    let no_form = bed.ask(no_form.json(&json!({}))).await;
    let _ = no_form.is(415).refused("media-type-wrong");
    bed.refusals()
}

async fn controls() -> Told {
    let bed = Bed::start(&["--admin-token", "0123456789abcdef0123456789abcdef"]);
    let url = bed.controls("/v1/controls/accounts");
    let _ = bed.ask(bed.plain.get(&url)).await.is(401).refused("admin-token-wrong");
    for number in 0..5 {
        let guess = bed.plain.get(&url).bearer_auth(format!("guess-{number}"));
        let _ = bed.ask(guess).await.is(401).refused("admin-token-wrong");
    }
    let guess = bed.plain.get(&url).bearer_auth("guess-5");
    let _ = bed.ask(guess).await.is(429).refused("admin-token-tries");
    let mut told = bed.refusals();

    let bed = Bed::start(&[]);
    let reset = bed.plain.post(bed.controls("/v1/controls/reset")).json(&json!({}));
    let _ = bed
        .ask(reset.header("origin", "http://evil.example"))
        .await
        .is(403)
        .refused("origin-foreign");
    let control = async |method: Method, path: &str, body: Value| {
        bed.control(method, &format!("/v1/controls/{path}"), &body).await
    };
    let order = json!({ "endpoint": "*", "kind": "status", "status": 200 });
    let _ = control(Method::POST, "faults", order).await.is(422).refused("fault-order-wrong");
    let _ = control(Method::DELETE, "faults/99", json!({})).await.is(404).refused("fault-unknown");
    for strange in ["tomorrow", "1969-12-31", "2100-01-01"] {
        let order = json!({ "set": strange });
        let _ = control(Method::POST, "clock", order).await.is(422).refused("clock-order-wrong");
    }
    let order = json!({ "lock-hours": 1 });
    let _ = control(Method::PATCH, "switches", order).await.is(422).refused("switch-wrong");
    let order = json!({ "name": "nowhere" });
    let _ = control(Method::POST, "scenario", order).await.is(404).refused("scenario-unknown");
    let state = bed.plain.put(bed.controls("/v1/controls/state")).body("no archive");
    let state = bed.ask(state.header("content-type", "application/zip")).await;
    let _ = state.is(422).refused("saved-state-unreadable");
    let order = json!({ "office": office_of("43"), "wrong": "blue" });
    let wrong = control(Method::POST, "certificates", order).await;
    let wrong = wrong.is(422).refused("wrong-certificate-unknown");
    let known = "expired, not-yet-valid, revoked, other-root, wrong-usage, without-office, \
                 other-office, agent, disability";
    assert!(wrong.text("detail").ends_with(known), "{wrong:?}");
    for (kind, code) in [("status", "injected-fault"), ("maintenance", "maintenance")] {
        let order = json!({ "endpoint": "GET /openapi.json", "kind": kind, "count": 1 });
        let _ = control(Method::POST, "faults", order).await.is(201);
        let _ = bed.ask(bed.plain.get(bed.sites("/openapi.json"))).await.refused(code);
    }
    told.extend(bed.refusals());
    told
}

/// A disk that is full: nothing is acknowledged any more, and nothing acknowledged is lost.
#[cfg(unix)]
async fn broken_store() -> Told {
    use careplan_tests::program::Program;

    let folder = tempfile::tempdir().unwrap();
    let data = ["--data", folder.path().to_str().unwrap()];
    // Made with room, so that the small disk is small for what comes.
    let bed = Bed::start(&data);
    let (planner, helper) = pair(&bed).await;
    drop(bed);
    let sizes = std::fs::read_dir(folder.path()).unwrap();
    let largest = sizes.map(|entry| entry.unwrap().metadata().unwrap().len()).max().unwrap();
    let bed = Bed::of(Program::start_with_small_disk(&data, largest + 200_000));
    let planner = Office { client: bed.client(Some(&planner.installed)), ..planner };
    let mut acknowledged = Vec::new();
    let failed = loop {
        let answer =
            planner.send(&bed, &format!("full-{}", acknowledged.len()), "K1", helper).await;
        if answer.status != 201 {
            break answer;
        }
        acknowledged.push(answer.text("id").to_owned());
        assert!(acknowledged.len() < 1_000, "the disk never fills");
    };
    let failed = failed.is(507).refused("not-kept");
    assert_eq!(failed.text("detail"), "ディスクに書き込めません。");
    // What is written to see whether the store works is small; it fails last.
    let readyz = bed.controls("/readyz");
    let mut ready = bed.ask(bed.plain.get(&readyz)).await;
    for _ in 0..1_000 {
        if ready.status != 200 {
            break;
        }
        ready = bed.ask(bed.plain.get(&readyz)).await;
    }
    let ready = ready.is(503).refused("not-ready");
    assert_eq!(ready.text("detail_en"), "The disk cannot be written.");
    let _ = bed.ask(bed.plain.get(bed.controls("/healthz"))).await.is(200);
    let mut told = bed.refusals();
    drop(bed);

    let bed = Bed::start(&data);
    let planner = Office { client: bed.client(Some(&planner.installed)), ..planner };
    assert!(!acknowledged.is_empty());
    for id in acknowledged {
        let _ = planner.read(&bed, &format!("/v1/outbox/{id}")).await.is(200);
    }
    let sent = planner.send(&bed, "room-again", "K1", helper).await.is(201);

    // What is behind the server's back no longer what it was is nobody's fault but its own.
    let helper = bed.office(helper).await;
    let claim = helper.claim(&bed, sent.text("id")).await.is(200);
    let log = folder.path().join("state.db-wal");
    let bytes = std::fs::metadata(&log).unwrap().len();
    std::fs::write(&log, vec![0; usize::try_from(bytes).unwrap()]).unwrap();
    let download = format!("/v1/downloads/{}", claim.text("download_token"));
    let _ = helper.read(&bed, &download).await.is(500).refused("internal-error");
    told.extend(bed.refusals());
    told
}

/// A body that is announced and does not come.
async fn slow_bodies() -> Told {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let bed = Bed::start(&[]);
    let address = bed.program.printed("sites").trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = "POST /v1/portal/login HTTP/1.1\r\nHost: localhost\r\n\
                Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"user_id\"";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let refusal: Value = serde_json::from_str(body).unwrap();
    Told::from([(refusal["code"].as_str().unwrap().to_owned(), refusal)])
}

/// More bodies at once, none of them finished, than one address may have.
async fn crowd() -> Told {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let set = ["--set", "max-message-bytes=1000", "--set", "memory-share-bytes=1048576"];
    let bed = Bed::start(&set);
    let address = bed.program.printed("sites").trim_start_matches("http://").to_owned();
    let head = "POST /v1/portal/login HTTP/1.1\r\nHost: localhost\r\n\
                Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n";
    let body = vec![b' '; 60_000];
    let mut held = Vec::new();
    // The first may still be on their way, or given up already where the machine is slow.
    let refused = loop {
        assert!(held.len() < 200, "nothing is refused");
        let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body[1..]).await.unwrap();
        held.push(stream);
        let mut next = tokio::net::TcpStream::connect(&address).await.unwrap();
        next.write_all(head.replace("Host", "Connection: close\r\nHost").as_bytes()).await.unwrap();
        next.write_all(&body).await.unwrap();
        let mut answer = Vec::new();
        next.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        if answer.starts_with("HTTP/1.1 503") {
            break answer;
        }
    };
    assert!(refused.to_ascii_lowercase().contains("\r\nretry-after: 10\r\n"), "{refused}");
    let (_, body) = refused.split_once("\r\n\r\n").unwrap();
    let refusal: Value = serde_json::from_str(body).unwrap();
    Told::from([(refusal["code"].as_str().unwrap().to_owned(), refusal)])
}
