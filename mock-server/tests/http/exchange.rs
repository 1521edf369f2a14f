//! Sending, fetching once, downloading.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use careplan_relay::Settings;
use careplan_relay::switches::Switches;
use careplan_wire::serve::Options;
use reqwest::{Method, multipart};
use serde_json::json;

use crate::bed::{Bed, PLANNER, SERVICE, unit};

#[tokio::test]
async fn a_message_goes_its_way_once() {
    let bed = Bed::start().await;
    let (planner, service) = (bed.office(PLANNER).await, bed.office(SERVICE).await);
    let sent = planner.send(&bed, SERVICE, "key-1").await;
    assert_eq!(sent.status, 201, "{sent:?}");
    let again = planner.send(&bed, SERVICE, "key-1").await;
    assert_eq!((again.status, again.text("id")), (200, sent.text("id")));
    assert_eq!(again.json["repeated"], true);
    let id = sent.text("id");

    let list = bed.ask(service.get(bed.relay("/v1/inbox?state=unfetched&sort=-received_at"))).await;
    assert_eq!(list.json["items"][0]["id"], id);
    assert!(list.json["items"][0].get("file_names").is_none(), "{list:?}");
    let row = bed.ask(service.get(bed.relay(&format!("/v1/inbox/{id}")))).await;
    let files = row.json["manifest_files"].as_array().unwrap().clone();
    assert_eq!(files.len(), 3);
    // The same names in the lists, for who asks for them.
    let names: Vec<_> = files.iter().map(|file| file["name"].clone()).collect();
    for (office, list) in [(&service, "inbox"), (&planner, "outbox")] {
        let url = bed.relay(&format!("/v1/{list}?file_names=true"));
        let list = bed.ask(office.get(url)).await;
        assert_eq!(list.json["items"][0]["file_names"], json!(names), "{list:?}");
    }
    let strange = bed.ask(service.get(bed.relay("/v1/inbox?file_names=perhaps"))).await;
    assert_eq!((strange.status, strange.code()), (400, "query-malformed"));
    let outbox = bed.ask(planner.get(bed.relay("/v1/outbox"))).await;
    assert_eq!(outbox.json["items"][0]["state_shown"], "未ダウンロード");

    let claim = bed.ask(service.post(bed.relay(&format!("/v1/inbox/{id}/claim")))).await;
    assert_eq!(claim.status, 200, "{claim:?}");
    let second = bed.ask(service.post(bed.relay(&format!("/v1/inbox/{id}/claim")))).await;
    assert_eq!((second.status, second.code()), (410, "already-fetched"));
    assert!(!second.json["retry_at"].is_string());

    let url = bed.relay(&format!("/v1/downloads/{}", claim.text("download_token")));
    let whole = bed.ask(service.get(url.clone())).await;
    let tag = format!("\"{}\"", claim.text("sha256"));
    assert_eq!((whole.status, whole.header("etag")), (200, tag.as_str()));
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert_eq!(whole.bytes.len() as u64, claim.json["size"].as_u64().unwrap());
    assert!(whole.bytes.starts_with(b"PK"));
    let rest = bed
        .ask(service.get(url.clone()).header("range", "bytes=100-").header("if-range", &tag))
        .await;
    assert_eq!(rest.status, 206);
    assert_eq!(rest.bytes, whole.bytes[100..]);
    let size = whole.bytes.len();
    assert_eq!(rest.header("content-range"), format!("bytes 100-{}/{size}", size - 1));
    let beyond = bed.ask(service.get(url.clone()).header("range", format!("bytes={size}-"))).await;
    assert_eq!((beyond.status, beyond.code()), (416, "range-unsatisfiable"));
    assert_eq!(beyond.header("content-range"), format!("bytes */{size}"));

    let confirm =
        |sha256: &str| service.post(format!("{url}/confirm")).json(&json!({ "sha256": sha256 }));
    let wrong = bed.ask(confirm(&"0".repeat(64))).await;
    assert_eq!((wrong.status, wrong.code()), (409, "checksum-differs"));
    assert_eq!(bed.ask(confirm(claim.text("sha256"))).await.status, 204);
    let outbox = bed.ask(planner.get(bed.relay("/v1/outbox?state=downloaded"))).await;
    assert_eq!(outbox.json["items"][0]["id"], id);
}

#[tokio::test]
async fn lists_go_on_behind_a_page_and_texts_have_a_limit() {
    let bed = Bed::start().await;
    let (planner, service) = (bed.office(PLANNER).await, bed.office(SERVICE).await);
    for key in ["1", "2", "3"] {
        assert_eq!(planner.send(&bed, SERVICE, key).await.status, 201);
    }
    let list = async |query: &str| {
        bed.ask(service.get(bed.relay(&format!("/v1/inbox?per_page=2&{query}")))).await
    };
    let lists = ["sort=-received_at", "sort=from", "query=upplan", "state=unfetched&query=U"];
    for (number, query) in lists.into_iter().enumerate() {
        let first = list(query).await;
        let after = first.text("next").to_owned();
        // One more arrives; what is behind the first page stays where it is.
        let before = list(&format!("{query}&page=2")).await;
        assert_eq!(planner.send(&bed, SERVICE, &format!("more-{number}")).await.status, 201);
        let second = list(&format!("{query}&after={after}")).await;
        assert_eq!(second.json["items"], before.json["items"], "{query}");
        let more = before.json["total"].as_u64().unwrap() + 1;
        assert_eq!((second.json["total"].as_u64(), &second.json["page"]), (Some(more), &json!(1)));
        let foreign =
            list(&format!("{query}&state=fetched&after={after}").replace("state=unfetched&", ""))
                .await;
        assert_eq!((foreign.status, foreign.code()), (400, "list-cursor-unknown"));
        let both = list(&format!("{query}&page=1&after={after}")).await;
        assert_eq!((both.status, both.code()), (400, "query-malformed"));
    }
    assert!(list("page=99").await.json["next"].is_null());
    // In characters, not bytes.
    for (text, status) in
        [("あ".repeat(100), 200), ("あ".repeat(101), 400), ("a".repeat(50_001), 400)]
    {
        let query = [("query", text.clone())];
        for path in ["/v1/inbox", "/v1/outbox"] {
            let answer = bed.ask(service.get(bed.relay(path)).query(&query)).await;
            assert_eq!(answer.status, status, "{path} {}", text.len());
            if status == 400 {
                assert_eq!(answer.code(), "search-text-too-long");
                let length = text.chars().count();
                assert_eq!(answer.text("detail_en"), format!("It has {length} characters."));
            }
        }
    }
}

#[tokio::test]
async fn a_lost_answer_of_a_claim_comes_again_under_its_key() {
    let bed = Bed::start().await;
    let (planner, service) = (bed.office(PLANNER).await, bed.office(SERVICE).await);
    let id = planner.send(&bed, SERVICE, "key-1").await.text("id").to_owned();
    let claim = async |key: Option<&str>| {
        let request = service.post(bed.relay(&format!("/v1/inbox/{id}/claim")));
        bed.ask(match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        })
        .await
    };
    let first = claim(Some("claim-1")).await;
    assert_eq!(first.status, 200, "{first:?}");
    let again = claim(Some("claim-1")).await;
    assert_eq!((again.status, &again.json), (200, &first.json));
    for other in [Some("claim-2"), None] {
        let refused = claim(other).await;
        assert_eq!((refused.status, refused.code()), (410, "already-fetched"));
    }
    let malformed = claim(Some("a b")).await;
    assert_eq!((malformed.status, malformed.code()), (400, "idempotency-key-malformed"));

    let listed = bed.ask(bed.plain.get(bed.controls("/v1/controls/claims"))).await;
    assert_eq!(listed.json["items"][0]["id"], id.as_str());
    let release = |id: &str| format!("/v1/controls/claims/{id}/release");
    let released = bed.control(Method::POST, &release(&id), &json!({})).await;
    assert_eq!(released.status, 204);
    let unknown = bed.control(Method::POST, &release("nothing"), &json!({})).await;
    assert_eq!((unknown.status, unknown.code()), (404, "message-unknown"));
    let url = bed.relay(&format!("/v1/downloads/{}", first.text("download_token")));
    assert_eq!(bed.ask(service.get(url)).await.code(), "download-token-unknown");
    let fresh = claim(Some("claim-1")).await;
    assert_eq!(fresh.status, 200);
    assert_ne!(fresh.text("download_token"), first.text("download_token"));
}

#[tokio::test]
async fn the_content_is_judged_and_findings_come_back() {
    let bed = Bed::start().await;
    let planner = bed.office(PLANNER).await;
    let mut files = unit(PLANNER, SERVICE);
    files.retain(|(name, _)| !name.starts_with("UPHOSOKU"));
    let form = planner.message(SERVICE, &files);
    let request = planner.post(bed.relay("/v1/messages")).header("idempotency-key", "k");
    let answer = bed.ask(request.multipart(form)).await;
    assert_eq!((answer.status, answer.code()), (422, "file-combination"));
    assert_eq!(answer.json["official"], true);

    let mut files = unit(PLANNER, SERVICE);
    files[0].1 = b"nonsense\r\n".to_vec();
    let form = planner.message(SERVICE, &files);
    let request = planner.post(bed.relay("/v1/messages")).header("idempotency-key", "k2");
    let answer = bed.ask(request.multipart(form)).await;
    assert_eq!((answer.status, answer.code()), (422, "file-content"));
    assert!(answer.json["findings"].as_array().is_some_and(|all| !all.is_empty()));
    assert!(answer.json["findings_total"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn a_form_out_of_order_is_refused() {
    let bed = Bed::start().await;
    let planner = bed.office(PLANNER).await;
    let send = |form: multipart::Form| {
        planner.post(bed.relay("/v1/messages")).header("idempotency-key", "k").multipart(form)
    };
    let text = |name: &'static str| multipart::Form::new().text(name, "{}");
    for form in
        [text("file"), text("signature"), text("other"), text("manifest").text("manifest", "{}")]
    {
        let answer = bed.ask(send(form)).await;
        assert_eq!((answer.status, answer.code()), (400, "body-malformed"));
    }
    let no_key = planner.post(bed.relay("/v1/messages")).multipart(text("manifest"));
    assert_eq!(bed.ask(no_key).await.code(), "idempotency-key-malformed");
    let no_form =
        planner.post(bed.relay("/v1/messages")).header("idempotency-key", "k").json(&json!({}));
    assert_eq!(bed.ask(no_form).await.code(), "media-type-wrong");
    let stranger = bed.client(None).post(bed.relay("/v1/messages")).multipart(text("manifest"));
    assert_eq!(bed.ask(stranger).await.code(), "certificate-missing");
}

#[tokio::test]
async fn limits_are_those_of_the_switches() {
    let switches = Switches {
        max_file_bytes: 60_000,
        max_message_bytes: 100_000,
        max_files: 3,
        ..Switches::default()
    };
    let settings = Settings { switches, ..Settings::default() };
    let bed = Bed::with(Options { settings, ..Options::default() }).await;
    let planner = bed.office(PLANNER).await;
    let send = async |files: Vec<(String, Vec<u8>)>| {
        let form = planner.message(SERVICE, &files);
        let request = planner.post(bed.relay("/v1/messages")).header("idempotency-key", "k");
        bed.ask(request.multipart(form)).await
    };
    let attachment = |number: usize, bytes: usize| (format!("{number}.pdf"), vec![b'x'; bytes]);
    let answer = send(vec![attachment(1, 60_001)]).await;
    assert_eq!((answer.status, answer.code()), (413, "file-too-large"));
    let answer = send(vec![attachment(1, 60_000), attachment(2, 40_001)]).await;
    assert_eq!((answer.status, answer.code()), (413, "message-too-large"));
    // So large that its announced length is enough.
    let answer = send(vec![attachment(1, 3_000_000)]).await;
    assert_eq!((answer.status, answer.code()), (413, "message-too-large"));
    let answer = send((0..4).map(|number| attachment(number, 10)).collect()).await;
    assert_eq!((answer.status, answer.code()), (413, "too-many-files"));
}

#[tokio::test]
async fn the_sites_lead_from_login_to_certificate() {
    let bed = Bed::start().await;
    let token = bed.on_site(PLANNER).await;
    let get = |path: &str| bed.plain.get(bed.sites(path)).bearer_auth(&token);
    let post = |path: &str| bed.plain.post(bed.sites(path)).bearer_auth(&token);
    for path in ["/v1/portal/notices", "/v1/portal/terminal-account", "/v1/portal/licence"] {
        assert_eq!(bed.ask(get(path)).await.status, 200, "{path}");
    }
    let password = bed.ask(get("/v1/portal/certificate-password")).await;
    let order = json!({
        "kind": "KaigoJigyousho", "password": password.text("password"), "accept_terms": true,
    });
    let applied = bed.ask(post("/v1/portal/certificates").json(&order)).await;
    assert_eq!(applied.status, 202, "{applied:?}");
    let p12 = bed.ask(get(&format!("/v1/portal/certificates/{}/p12", applied.text("id")))).await;
    assert_eq!(p12.header("content-type"), "application/x-pkcs12");
    assert!(p12.header("content-disposition").contains(".p12"));
    careplan_certs::package::open(&p12.bytes, password.text("password")).expect("the .p12 opens");
    assert_eq!(bed.ask(get("/v1/portal/certificates")).await.status, 200);
    let path = format!("/v1/portal/certificates/{}/p12", applied.text("id"));
    let older = bed.ask(get(&format!("{path}?for_older_systems=true"))).await;
    assert_older(&older.bytes, true);
    assert_older(&p12.bytes, false);
    assert_eq!(older.header("content-disposition"), p12.header("content-disposition"));
    assert_same_key(&older.bytes, &p12.bytes, password.text("password"));
    assert_eq!(bed.ask(get(&format!("{path}?form=older"))).await.status, 400);

    let mail = json!({ "purpose": "notice", "address": "office@example.jp" });
    let code = bed.ask(post("/v1/portal/mail").json(&mail)).await;
    assert_eq!(code.status, 202, "{code:?}");
    let mailbox = bed
        .ask(bed.plain.get(bed.controls(&format!("/v1/controls/mailbox?office={PLANNER}"))))
        .await;
    assert_eq!(mailbox.json["items"][0]["to"], "office@example.jp");
    let wrong = json!({ "purpose": "notice", "code": "abcd" });
    assert_eq!(
        bed.ask(post("/v1/portal/mail/confirm").json(&wrong)).await.code(),
        "mail-code-wrong"
    );

    let on = bed.plain.put(bed.sites("/v1/portal/licence/auto-renewal")).bearer_auth(&token);
    assert_eq!(bed.ask(on.json(&json!({ "on": false }))).await.status, 200);
    assert_eq!(bed.ask(post("/v1/portal/licence/cancel")).await.code(), "licence-not-cancellable");
    let change = json!({ "current": "Careplan1", "new": "short", "accept_terms": true });
    assert_eq!(
        bed.ask(post("/v1/portal/password").json(&change)).await.code(),
        "password-rule-broken"
    );
    assert_eq!(bed.ask(post("/v1/portal/logout")).await.status, 204);
    assert_eq!(bed.ask(get("/v1/portal/notices")).await.code(), "token-unknown");
}

#[tokio::test]
async fn tokens_are_refreshed_once_and_end_with_the_logout() {
    let bed = Bed::start().await;
    let (installed, _) = bed.issue(PLANNER, None).await;
    let client = bed.client(Some(&installed));
    let login = bed.log_in(&client, PLANNER).await;
    assert_eq!(login.text("token_type"), "Bearer");
    let refresh = |token: &str| {
        client.post(bed.relay("/v1/token/refresh")).json(&json!({ "refresh_token": token }))
    };
    let fresh = bed.ask(refresh(login.text("refresh_token"))).await;
    assert_eq!(fresh.status, 200, "{fresh:?}");
    let again = bed.ask(refresh(login.text("refresh_token"))).await;
    assert_eq!((again.status, again.code()), (401, "token-reused"));
    let top = client.get(bed.relay("/v1/top")).bearer_auth(fresh.text("access_token"));
    assert_eq!(bed.ask(top).await.code(), "token-unknown", "the whole login has ended");
    let fresh = bed.log_in(&client, PLANNER).await;
    let out = client.post(bed.relay("/v1/logout")).bearer_auth(fresh.text("access_token"));
    assert_eq!(bed.ask(out).await.status, 204);
    let top = client.get(bed.relay("/v1/top")).bearer_auth(fresh.text("access_token"));
    assert_eq!(bed.ask(top).await.code(), "token-unknown");
}

#[tokio::test]
async fn notices_and_offices_are_shown() {
    let bed = Bed::start().await;
    let office = bed.office(PLANNER).await;
    let top = bed.ask(office.get(bed.relay("/v1/top"))).await;
    assert_eq!(top.status, 200, "{top:?}");
    assert_eq!(top.json["office"]["number"], PLANNER);
    assert_eq!(top.json["usage_site"], bed.sites("/usage"));
    if let Some(notice) = top.json["notices"].as_array().and_then(|notices| notices.first()) {
        let url = bed.relay(&format!("/v1/notices/{}", notice["id"].as_str().unwrap()));
        assert_eq!(bed.ask(office.get(url)).await.status, 200);
    }
    let other = bed.ask(office.get(bed.relay(&format!("/v1/offices/{SERVICE}")))).await;
    assert_eq!(other.json["uses_system"], true);
    let nobody = bed.ask(office.get(bed.relay("/v1/offices/9999999999"))).await;
    assert_eq!((nobody.status, nobody.code()), (404, "office-unknown"));
}

/// Whether a .p12 is in the older encryption throughout: it names the algorithms openly.
#[track_caller]
fn assert_older(p12: &[u8], older: bool) {
    // pbeWithSHAAnd3-KeyTripleDES-CBC and SHA-1; PBES2, AES-256-CBC and SHA-256, each as DER.
    let old: [&[u8]; 2] =
        [b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03", b"\x06\x05\x2b\x0e\x03\x02\x1a"];
    let new: [&[u8]; 3] = [
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d",
        b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a",
        b"\x60\x86\x48\x01\x65\x03\x04\x02\x01",
    ];
    let holds = |name: &&[u8]| p12.windows(name.len()).any(|part| part == *name);
    assert_eq!(old.iter().all(holds), older);
    assert_eq!(old.iter().any(holds), older);
    assert_eq!(new.iter().all(holds), !older);
    assert_eq!(new.iter().any(holds), !older);
}

#[track_caller]
fn assert_same_key(one: &[u8], other: &[u8], password: &str) {
    let [one, other] =
        [one, other].map(|p12| careplan_certs::package::open(p12, password).expect("it opens"));
    assert_eq!(one.chain(), other.chain());
    assert_eq!(one.pkcs8(), other.pkcs8());
}

#[tokio::test]
async fn a_p12_comes_in_the_older_encryption_where_it_is_wanted() {
    let bed = Bed::start().await;
    let issue = async |order: serde_json::Value| {
        let issued = bed.control(Method::POST, "/v1/controls/certificates", &order).await;
        assert_eq!(issued.status, 201, "{issued:?}");
        BASE64_STANDARD.decode(issued.text("p12_base64")).expect("base64")
    };
    let office = json!({ "office": PLANNER, "password": "Install01" });
    let older = json!({ "office": PLANNER, "password": "Install01", "for_older_systems": true });
    assert_older(&issue(office.clone()).await, false);
    let p12 = issue(older).await;
    assert_older(&p12, true);
    careplan_certs::package::open(&p12, "Install01").expect("it opens");
    let wrong = json!({ "office": PLANNER, "password": "Install01", "wrong": "other-root",
        "for_older_systems": true });
    assert_older(&issue(wrong).await, true);
    // The switch speaks for those who do not say, on the site too.
    let on = json!({ "p12-for-older-systems": true });
    assert_eq!(bed.control(Method::PATCH, "/v1/controls/switches", &on).await.status, 200);
    assert_older(&issue(office).await, true);
    let token = bed.on_site(PLANNER).await;
    let get = |path: &str| bed.plain.get(bed.sites(path)).bearer_auth(&token);
    let list = bed.ask(get("/v1/portal/certificates")).await;
    let id = list.json["items"].as_array().expect("rows").iter().find_map(|row| {
        (row["state"] == "issued").then(|| row["id"].as_str().expect("an identifier"))
    });
    let path = format!("/v1/portal/certificates/{}/p12", id.expect("one is issued"));
    assert_older(&bed.ask(get(&path)).await.bytes, true);
}
