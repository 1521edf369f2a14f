//! Writes what a later release must be able to open: a data folder, a saved state, and what a user
//! saw through them when they were made.
//!
//! ```console
//! $ cargo build --workspace
//! $ cargo run -p careplan-tests --bin careplan-keep -- mock-server/relay/tests/kept/<number>
//! ```

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use careplan_certs::Installed;
use careplan_tests::bed::{Bed, ISSUE_PASSWORD, licence_order};
use careplan_tests::office::{Office, sha256_hex};
use careplan_tests::unit::{office_from_the_end, office_of};
use clap::Parser;
use reqwest::Method;
use serde_json::{Value, json};

/// Writes a data folder and a saved state with everything a state can hold, for the tests of later
/// releases.
#[derive(Debug, Parser)]
struct Cli {
    /// The folder to write to; it must not exist.
    folder: PathBuf,
}

/// The password the fourth office chose.
const CHOSEN: &str = "Changed22";

/// The key a claim was made under.
const CLAIM_KEY: &str = "kept-claim-of-the-fourth-message";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let Cli { folder } = Cli::parse();
    ensure!(!folder.exists(), "{} is there already", folder.display());
    let data = tempfile::tempdir()?;
    let place = data.path().to_str().context("a folder name in Unicode")?;
    let bed = Bed::start(&["--data", place, "--timing", "real"]);
    let facts = live(&bed).await?;
    let archive = bed.ask(bed.plain.get(bed.controls("/v1/controls/state"))).await.is(200).bytes;
    stop(bed)?;
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("data.zip"), packed(data.path())?)?;
    fs::write(folder.join("state.zip"), archive)?;
    write_facts(&folder, &facts)
}

/// A data folder, small enough for a repository: the database, and what it had not taken in yet.
fn packed(folder: &Path) -> Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for name in ["state.db", "state.db-wal"] {
        let file = folder.join(name);
        if file.exists() {
            zip.start_file(name, zip::write::SimpleFileOptions::default())?;
            zip.write_all(&fs::read(file)?)?;
        }
    }
    Ok(zip.finish()?.into_inner())
}

fn write_facts(folder: &Path, facts: &Value) -> Result<()> {
    let mut text = serde_json::to_string_pretty(facts)?;
    text.push('\n');
    Ok(fs::write(folder.join("facts.json"), text)?)
}

/// Stops the server as a service manager does, and waits until it is gone.
fn stop(bed: Bed) -> Result<()> {
    let id = bed.program.id().to_string();
    ensure!(Command::new("kill").args(["-TERM", &id]).status()?.success(), "it cannot be stopped");
    let folder = PathBuf::from(format!("/proc/{id}/exe"));
    for _ in 0..600 {
        // Nobody waits for it yet: what has ended has no program any more.
        if fs::read_link(&folder).is_err() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    anyhow::bail!("the server does not stop")
}

/// A morning in a region; what it leaves behind.
async fn live(bed: &Bed) -> Result<Value> {
    let (planner, helper) = (office_of("43"), office_of("11"));
    let (locked, changed, newcomer) = (office_of("15"), office_of("46"), office_from_the_end(1));
    let frozen = json!({ "set": "2026-11-21T09:00:00+09:00", "frozen": true });
    let _ = bed.control(Method::POST, "/v1/controls/clock", &frozen).await.is(200);

    // An address that was registered, and one whose code was not typed in yet.
    let desk = bed.on_site(helper).await;
    for (purpose, address) in [("notice", "notice@example.jp"), ("security", "safe@example.jp")] {
        let order = json!({ "purpose": purpose, "address": address });
        let _ = desk.post("/v1/portal/mail", &order).await.is(202);
        if purpose == "notice" {
            let mails = bed.ask(bed.plain.get(bed.controls("/v1/controls/mailbox"))).await.is(200);
            let text = mails.items().iter().map(|mail| mail["body"].as_str().unwrap_or_default());
            let code = text.clone().find_map(code_in).context("a code was mailed")?;
            let order = json!({ "purpose": purpose, "code": code });
            let _ = desk.post("/v1/portal/mail/confirm", &order).await.is(204);
        }
    }

    // Certificates: withdrawn, issued, revoked; one that is still to come.
    let order = |password: &str| json!({ "kind": "CarePlanJigyousho", "password": password, "accept_terms": true });
    let _ = desk.post("/v1/portal/certificates", &order(ISSUE_PASSWORD)).await.is(202);
    let (revoked, told) = bed.issue(planner, None).await;
    let revoked_serial = revoked.facts().serial.to_string();
    let path = format!("/v1/controls/certificates/{revoked_serial}/revoke");
    ensure!(bed.control(Method::POST, &path, &json!({})).await.status < 300, "it is revoked");
    bed.advance_minutes(10).await;
    let notices = desk.get("/v1/portal/notices").await.is(200);
    let read = notices.items()[0]["id"].as_str().context("a notice")?.to_owned();
    let _ = desk.get(&format!("/v1/portal/notices/{read}")).await.is(200);
    let fresh = desk.post("/v1/portal/certificate-password", &json!({})).await.is(200);
    let planning = bed.on_site(planner).await;
    let _ = planning.post("/v1/portal/certificates", &order(ISSUE_PASSWORD)).await.is(202);

    // Messages: unfetched, claimed, confirmed, claimed under a key.
    let (sender_card, sender_told) = bed.issue(planner, None).await;
    let sender = logged_in(bed, planner, sender_card).await;
    let (receiver_card, receiver_told) = bed.issue(helper, None).await;
    let receiver = logged_in(bed, helper, receiver_card).await;
    let mut messages = Vec::new();
    for (key, unit) in [("kept-1", "K2"), ("kept-2", "K1"), ("kept-3", "K2"), ("kept-5", "K2")] {
        let sent = sender.send(bed, key, unit, helper).await.is(201);
        messages.push(sent.text("id").to_owned());
    }
    let reply = receiver.send(bed, "kept-4", "S1", planner).await.is(201);
    let claimed = receiver.claim(bed, &messages[1]).await.is(200);
    let confirmed = receiver.claim(bed, &messages[2]).await.is(200);
    let download = |token: &str| format!("/v1/downloads/{token}");
    let bytes = receiver.read(bed, &download(claimed.text("download_token"))).await.is(200).bytes;
    let path = download(confirmed.text("download_token"));
    let whole = receiver.read(bed, &path).await.is(200).bytes;
    let confirm = receiver.post(bed.relay(&format!("{path}/confirm")));
    let confirm = confirm.json(&json!({ "sha256": sha256_hex(&whole) }));
    let _ = bed.ask(confirm).await.is(204);
    let claim = receiver.post(bed.relay(&format!("/v1/inbox/{}/claim", messages[3])));
    let keyed = bed.ask(claim.header("Idempotency-Key", CLAIM_KEY)).await.is(200);

    // A licence that is not charged yet, and one that shall not go on.
    let joining = bed.on_site(newcomer).await;
    let _ = joining.post("/v1/portal/licence", &licence_order()).await.is(201);
    let _ = planning.put("/v1/portal/licence/auto-renewal", &json!({ "on": false })).await.is(200);

    // Passwords: one that was chosen, an ID that is locked, one failure of a c-ID.
    let (changed_c, changed_kj) = bed.ids(changed).await;
    let change = json!({ "current": "Careplan1", "new": CHOSEN, "accept_terms": true });
    let _ = bed.on_site(changed).await.post("/v1/portal/password", &change).await.is(204);
    let _ = bed
        .log_in_terminal(&bed.plain, &changed_c, "Mistaken1")
        .await
        .refused("user-or-password-wrong");
    let (_, locked_kj) = bed.ids(locked).await;
    for _ in 0..3 {
        ensure!(bed.log_in_on_site(&locked_kj, "Mistaken1").await.status >= 400, "it fails");
    }

    let switches = json!({
        "max-files": 17, "lock-c-id": true, "fee-waiver-until": "none", "page-rows": 7,
    });
    bed.switch(&switches).await;
    let clock = bed.ask(bed.plain.get(bed.controls("/v1/controls/clock"))).await.is(200);
    Ok(json!({
        "scenario": "demo",
        "now": clock.text("now"),
        "switches": switches,
        "sender": { "office": planner, "p12": p12(&sender_told)?, "access_token": sender.token },
        "receiver": {
            "office": helper, "p12": p12(&receiver_told)?, "access_token": receiver.token,
            "portal_token": desk.token, "mail_notice": "notice@example.jp",
            "certificate_password": fresh.text("password"), "read_notice": read,
        },
        "p12_password": ISSUE_PASSWORD,
        "revoked": { "office": planner, "serial": revoked_serial, "p12": p12(&told)? },
        "unfetched": messages[0],
        "claimed": {
            "id": messages[1], "token": claimed.text("download_token"), "sha256": sha256_hex(&bytes),
        },
        "confirmed": messages[2],
        "keyed": {
            "id": messages[3], "key": CLAIM_KEY, "token": keyed.text("download_token"),
            "sha256": keyed.text("sha256"),
        },
        "reply": reply.text("id"),
        "applied_for_licence": newcomer,
        "locked": { "office": locked, "kj_id": locked_kj },
        "changed": { "office": changed, "kj_id": changed_kj, "password": CHOSEN },
    }))
}

async fn logged_in(bed: &Bed, number: &str, installed: Installed) -> Office {
    let client = bed.client(Some(&installed));
    let login = bed.log_in(&client, number).await.is(200);
    let token = login.text("access_token").to_owned();
    Office { client, token, installed: installed.into(), number: number.to_owned() }
}

/// The .p12 as it was told, which is good base64.
fn p12(told: &Value) -> Result<&str> {
    let text = told["p12_base64"].as_str().context("a .p12")?;
    BASE64_STANDARD.decode(text)?;
    Ok(text)
}

/// Four digits that stand alone.
fn code_in(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 4).map(str::to_owned)
}
