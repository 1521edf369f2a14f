//! Our own client, judged by the journal.

use careplan_client_core::{
    Client, Config, Credentials, DownloadOptions, Form, InboxQuery, Outgoing, OutgoingFile, Silent,
    Terminal,
};
use careplan_tests::bed::{Bed, C_PASSWORD, KJ_PASSWORD};
use careplan_tests::plan::client::{CLIENT_RULES, Verdict};
use careplan_tests::unit::{files, office_of};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_client_of_this_project_keeps_every_rule() {
    let bed = Bed::start(&[]);
    let planner = bed.office(office_of("43")).await;
    let _ = planner.send(&bed, "for-the-client", "K2", office_of("11")).await.is(201);
    let (c_id, kj_id) = bed.ids(office_of("11")).await;
    let (installed, _) = bed.issue(office_of("11"), None).await;
    let _ = bed.control(Method::DELETE, "/v1/controls/journal", &json!({})).await.is(204);
    // An answer to a send is lost on the way, and the download breaks off once.
    for order in [
        json!({ "endpoint": "POST /v1/messages", "kind": "drop", "when": "after", "count": 1 }),
        json!({
            "endpoint": "GET /v1/downloads/{download_token}", "kind": "truncate",
            "after_bytes": 100, "count": 1,
        }),
    ] {
        let _ = bed.control(Method::POST, "/v1/controls/faults", &order).await.is(201);
    }

    let folder = tempfile::tempdir().unwrap();
    let terminal = Terminal::open(folder.path().join("terminal")).unwrap();
    terminal.install_certificate(&installed).unwrap();
    let mut config = Config::new(bed.relay(""));
    config.ca_pem = Some(bed.program.printed("ca_pem").to_owned());
    let client = Client::open(terminal, config).unwrap();
    let credentials = Credentials {
        terminal_user: c_id,
        terminal_password: C_PASSWORD.to_owned(),
        office_user: kj_id,
        office_password: KJ_PASSWORD.to_owned(),
    };
    client.login(&credentials).await.unwrap();
    for item in client.inbox(&InboxQuery::default()).await.unwrap().items {
        if item.fetched_at.is_some() {
            continue;
        }
        let options =
            DownloadOptions { folder: folder.path().join("received"), form: Form::Folder };
        client.download(&item.id, &options, &Silent).await.unwrap();
    }
    let outgoing: Vec<OutgoingFile> = files("S1", office_of("11"), office_of("43"))
        .into_iter()
        .map(|(name, bytes)| OutgoingFile { name, bytes: bytes.into() })
        .collect();
    let message = Outgoing::new(outgoing, None).unwrap();
    let attempt = client.prepare(&message).await.unwrap();
    client.send(&message, &attempt, &Silent).await.unwrap();
    client.logout().await.unwrap();

    let journal = bed.plain.get(bed.controls("/v1/controls/journal?limit=10000&listener=relay"));
    let journal = bed.ask(journal).await.is(200);
    let entries: &Vec<Value> = journal.json["entries"].as_array().unwrap();
    for rule in CLIENT_RULES {
        assert_eq!(rule.judge(entries), Verdict::Kept, "{}: {entries:#?}", rule.id);
    }
    // The repeat was seen: twice under one key, which the journal does not show.
    let sends: Vec<&Value> =
        entries.iter().filter(|entry| entry["endpoint"] == "/v1/messages").collect();
    assert_eq!(sends.len(), 2);
    assert_eq!(sends[0]["idempotency_key"], sends[1]["idempotency_key"]);
    assert!(!journal.json.to_string().contains(&attempt.key));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_careless_client_is_told_what_it_broke() {
    let bed = Bed::start(&[]);
    let planner = bed.office(office_of("43")).await;
    let helper = bed.office(office_of("11")).await;
    let sent = planner.send(&bed, "a", "K2", &helper.number).await.is(201);
    let _ = bed.control(Method::DELETE, "/v1/controls/journal", &json!({})).await.is(204);
    // Stage 1 without the certificate, no confirmation, a second claim, half a unit.
    let (c_id, kj_id) = bed.ids(&helper.number).await;
    let first = bed.log_in_terminal(&bed.client(None), &c_id, C_PASSWORD).await.is(200);
    let token = first.text("terminal_token");
    let _ = bed.log_in_office(&helper.client, token, &kj_id, KJ_PASSWORD).await.is(200);
    let _ = helper.claim(&bed, sent.text("id")).await.is(200);
    let _ = helper.claim(&bed, sent.text("id")).await.is(410);
    let mut half = files("S1", &helper.number, &planner.number);
    half[0].0 = half[0].0.replace("UPJSK", "UPJKS");
    let form = helper.message(&planner.number, &half);
    let _ = helper.post_form(&bed, "b", form).await.is(422);

    let journal = bed.plain.get(bed.controls("/v1/controls/journal?limit=10000&listener=relay"));
    let journal = bed.ask(journal).await.is(200);
    let entries: &Vec<Value> = journal.json["entries"].as_array().unwrap();
    let broken: Vec<&str> = CLIENT_RULES
        .iter()
        .filter(|rule| matches!(rule.judge(entries), Verdict::Broken(..)))
        .map(|rule| rule.id)
        .collect();
    assert_eq!(broken, ["CLIENT-02", "CLIENT-04", "CLIENT-06", "CLIENT-07", "CLIENT-09"]);
}
