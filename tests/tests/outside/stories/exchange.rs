//! The whole path: from the letter with the temporary passwords to a message fetched once.

use std::io::{Cursor, Read};

use careplan_certs::{Judge, package, signature};
use careplan_tests::bed::{Bed, OnSite, licence_order};
use careplan_tests::office::{Office, sha256_hex};
use careplan_tests::unit::{self, office_of};
use serde_json::{Value, json};

/// An office from its temporary password to its first login on the relay.
async fn newcomer(bed: &Bed, number: &str) -> Office {
    let accounts = bed.ask(bed.plain.get(bed.controls("/v1/controls/accounts"))).await.is(200);
    let account = accounts.items().iter().find(|row| row["office"] == number).unwrap().clone();
    let text = |name: &str| account[name].as_str().unwrap().to_owned();
    let (kj_id, temporary) = (text("kj_id"), text("kj_password"));

    // The billing site: change the temporary password, read the c-ID and the issue password.
    let login = bed.log_in_on_site(&kj_id, &temporary).await.is(200);
    assert_eq!(login.json["must_change_password"], true);
    let site = OnSite { bed, token: login.text("portal_token").to_owned() };
    let _ = site.get("/v1/portal/notices").await.refused("password-temporary");
    let change = json!({ "current": temporary, "new": "Sakura2026", "accept_terms": true });
    let _ = site.post("/v1/portal/password", &change).await.is(204);
    let terminal = site.get("/v1/portal/terminal-account").await.is(200);
    let password = site.get("/v1/portal/certificate-password").await.is(200);
    let password = password.text("password").to_owned();

    // A certificate.
    let order = json!({ "kind": "CarePlanJigyousho", "password": password, "accept_terms": true });
    let applied = site.post("/v1/portal/certificates", &order).await.is(202);
    let rows = site.get("/v1/portal/certificates").await.is(200);
    let row = &rows.items()[0];
    assert_eq!((&row["id"], &row["state_shown"]), (&applied.json["id"], &json!("発行済み")));
    let titles = site.get("/v1/portal/notices").await.is(200);
    assert!(titles.items().iter().any(|notice| notice["title"] == "証明書発行完了通知"));
    let p12 = format!("/v1/portal/certificates/{}/p12", applied.text("id"));
    let p12 = site.get(&p12).await.is(200);
    assert_eq!(p12.header("content-type"), "application/x-pkcs12");
    let file_name = row["file_name"].as_str().unwrap();
    assert!(p12.header("content-disposition").contains(file_name), "{p12:?}");
    let installed = package::open(&p12.bytes, &password).unwrap();

    // The licence.
    let before = site.get("/v1/portal/licence").await.is(200);
    assert_eq!(before.json["can_apply"], true);
    let licence = site.post("/v1/portal/licence", &licence_order()).await.is(201);
    assert_eq!(licence.json["can_apply"], false);

    // The relay, in two stages over mutual TLS.
    let bare = bed.client(None);
    let c_id = terminal.text("user_id");
    let first = bed.log_in_terminal(&bare, c_id, terminal.text("password")).await.is(200);
    let token = first.text("terminal_token");
    let without = bed.log_in_office(&bare, token, &kj_id, "Sakura2026").await;
    let _ = without.refused("certificate-missing");
    let client = bed.client(Some(&installed));
    let first = bed.log_in_terminal(&client, c_id, terminal.text("password")).await.is(200);
    let token = first.text("terminal_token");
    let login = bed.log_in_office(&client, token, &kj_id, "Sakura2026").await.is(200);
    assert_eq!(login.json["office"]["number"], number);
    let token = login.text("access_token").to_owned();
    Office { client, token, installed: installed.into(), number: number.to_owned() }
}

fn only(list: &[Value]) -> &Value {
    assert_eq!(list.len(), 1, "{list:?}");
    &list[0]
}

#[tokio::test]
async fn from_the_first_letter_to_a_message_fetched_once() {
    let bed = Bed::start(&["--scenario", "first-time"]);
    let planner = newcomer(&bed, office_of("43")).await;
    let helper = newcomer(&bed, office_of("11")).await;
    let top = helper.read(&bed, "/v1/top").await.is(200);
    assert_eq!(top.json["unfetched"], 0);

    let files = unit::files("K2", &planner.number, &helper.number);
    assert_eq!(files.len(), 3);
    let form = planner.message(&helper.number, &files);
    let sent = planner.post_form(&bed, "story-1", form).await.is(201);
    assert_eq!((&sent.json["files"], &sent.json["repeated"]), (&json!(3), &json!(false)));
    assert_eq!(sent.json["to"]["number"], helper.number);
    let id = sent.text("id");

    // The partner sees it, fetches it, and nobody can do so again.
    assert_eq!(helper.read(&bed, "/v1/top").await.json["unfetched"], 1);
    let list = helper.read(&bed, "/v1/inbox?state=unfetched").await.is(200);
    let row = only(list.items());
    assert_eq!((&row["id"], &row["state"]), (&json!(id), &json!("unfetched")));
    assert_eq!((&row["state_shown"], &row["fetched_at"]), (&json!(""), &Value::Null));
    assert_eq!(row["from"]["number"], planner.number);
    assert_eq!(only(row["units"].as_array().unwrap())["unit"], "K2");
    let outbox = planner.read(&bed, "/v1/outbox").await.is(200);
    assert_eq!(only(outbox.items())["state_shown"], "未ダウンロード");

    let claim = helper.claim(&bed, id).await.is(200);
    let _ = helper.claim(&bed, id).await.is(410).refused("already-fetched");
    let url = format!("/v1/downloads/{}", claim.text("download_token"));
    let whole = helper.read(&bed, &url).await.is(200);
    assert_eq!(whole.header("content-type"), "application/zip");
    assert_eq!(sha256_hex(&whole.bytes), claim.text("sha256"));
    assert_eq!(claim.json["size"], whole.bytes.len());
    assert_eq!(claim.text("file_name"), format!("{id}.zip"));
    let range = helper.get(bed.relay(&url)).header("range", "bytes=10-19");
    let range = bed.ask(range).await.is(206);
    assert_eq!(range.bytes, whole.bytes[10..20]);
    let confirm = json!({ "sha256": claim.text("sha256") });
    let confirm = helper.post(bed.relay(&format!("{url}/confirm"))).json(&confirm);
    let _ = bed.ask(confirm).await.is(204);
    let _ = helper.read(&bed, &url).await.is(410).refused("download-closed");
    let _ = helper.claim(&bed, id).await.is(410).refused("already-fetched");

    // Byte for byte what was sent, with the proof of who sent it.
    let mut zip = zip::ZipArchive::new(Cursor::new(&whole.bytes)).unwrap();
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    for (name, bytes) in &files {
        assert_eq!(&read(name), bytes, "{name}");
    }
    assert_eq!(read("relay/message.txt"), "よろしくお願いします。".as_bytes());
    let (manifest, p7s) = (read("relay/manifest.json"), read("relay/manifest.json.p7s"));
    assert_eq!(zip.len(), 6);
    let judge = Judge::from_pem(bed.program.printed("ca_pem")).unwrap();
    let proof = signature::verify(&manifest, &p7s, &judge, jiff::Timestamp::now()).unwrap();
    assert_eq!(proof.signer.office.unwrap().as_str(), planner.number);

    // And the sender sees it.
    let outbox = planner.read(&bed, "/v1/outbox?state=downloaded").await.is(200);
    let row = only(outbox.items());
    assert_eq!((&row["id"], &row["state_shown"]), (&json!(id), &json!("ダウンロード済")));
    assert!(row["downloaded_at"].is_string());
    let inbox = helper.read(&bed, "/v1/inbox?state=fetched").await.is(200);
    assert_eq!(only(inbox.items())["state_shown"], "済");
    assert_eq!(helper.read(&bed, "/v1/top").await.json["unfetched"], 0);
}

#[tokio::test]
async fn the_documented_accounts_of_the_demo_are_ready() {
    let bed = Bed::start(&[]);
    let accounts = bed.ask(bed.plain.get(bed.controls("/v1/controls/accounts"))).await.is(200);
    let planner = accounts.items().iter().find(|row| row["office"] == "4779000118").unwrap();
    assert_eq!(
        (&planner["kj_id"], &planner["c_id"]),
        (&json!("KJ474779000118"), &json!("careplan@0001"))
    );
    // On the sites, and with the certificate found there on the relay.
    let login = bed.log_in_on_site("KJ474779000118", "Careplan1").await.is(200);
    assert_eq!(login.json["must_change_password"], false);
    let site = OnSite { bed: &bed, token: login.text("portal_token").to_owned() };
    let password = site.get("/v1/portal/certificate-password").await.is(200);
    assert_eq!(password.text("password"), "Install01");
    let terminal = site.get("/v1/portal/terminal-account").await.is(200);
    assert_eq!(terminal.json, json!({ "user_id": "careplan@0001", "password": "Terminal1" }));
    let rows = site.get("/v1/portal/certificates").await.is(200);
    let id = rows.items()[0]["id"].as_str().unwrap();
    let p12 = site.get(&format!("/v1/portal/certificates/{id}/p12")).await.is(200);
    let installed = package::open(&p12.bytes, "Install01").unwrap();
    let client = bed.client(Some(&installed));
    let first = bed.log_in_terminal(&client, "careplan@0001", "Terminal1").await.is(200);
    let token = first.text("terminal_token");
    let login = bed.log_in_office(&client, token, "KJ474779000118", "Careplan1").await.is(200);
    // A message is waiting, and answers can be sent at once.
    let token = login.text("access_token").to_owned();
    let planner =
        Office { client, token, installed: installed.into(), number: "4779000118".to_owned() };
    let top = planner.read(&bed, "/v1/top").await.is(200);
    assert_eq!(top.json["unfetched"], 1);
    let _ = planner.send(&bed, "first", "K1", office_of("11")).await.is(201);
}
