//! `docs/own-client.md` and `own-client.ja.md`: a client written from them, and what they say in
//! numbers and bytes.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use std::process::Output;

use careplan_tests::bed::{Bed, C_PASSWORD, ISSUE_PASSWORD, KJ_PASSWORD};
use careplan_tests::office::sha256_hex;
use careplan_tests::unit::{files, office_of};
use serde_json::{Value, json};

use super::workplace::{Workplace, p12};

/// The page in English, and the one in Japanese.
fn pages() -> [String; 2] {
    ["own-client.md", "own-client.ja.md"].map(|name| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
        std::fs::read_to_string(path).unwrap()
    })
}

/// What a page says to programs: whatever stands in backticks, but for words in the language of the
/// page.
fn facts(page: &str) -> BTreeSet<String> {
    // Blocks have words in them; what they say of bytes is compared with the server.
    let prose = page.split("\n```").step_by(2);
    let quoted = prose.flat_map(|text| text.split('`').skip(1).step_by(2));
    let quoted = quoted.map(|quoted| quoted.split_whitespace().collect::<Vec<_>>().join(" "));
    quoted.filter(|quoted| quoted.is_ascii()).collect()
}

/// The first block of this kind behind these words.
fn block<'a>(page: &'a str, behind: &str, kind: &str) -> &'a str {
    let rest = page.split_once(behind).unwrap_or_else(|| panic!("no {behind:?}")).1;
    let rest = rest.split_once(&format!("```{kind}\n")).expect("a block follows").1;
    rest.split_once("\n```").expect("it ends").0
}

#[tokio::test]
async fn the_example_is_signed_as_the_page_says() {
    let [page, japanese] = pages();
    let manifest = block(&page, "For example these 247 bytes", "json");
    assert_eq!(manifest.len(), 247);
    assert_eq!(block(&japanese, "次の247バイト", "json"), manifest);
    let hash = sha256_hex(manifest.as_bytes());
    assert!(page.contains(&format!("Their SHA-256 is `{hash}`.")));
    assert!(japanese.contains(&format!("SHA-256 は `{hash}` です。")));
    let listed: Value = serde_json::from_str(manifest).unwrap();
    assert_eq!(listed["files"][0]["sha256"], sha256_hex("案内".as_bytes()));
    let attributes = block(&page, "these are signed:", "text");
    assert_eq!(block(&japanese, "署名の対象は次のバイト列です。", "text"), attributes);
    let attributes = attributes.replace('\n', "");

    let bed = Bed::start(&[]);
    let (installed, _) = bed.issue("4779000118", None).await;
    let at = listed["created_at"].as_str().unwrap().parse().unwrap();
    let signed = careplan_certs::signature::sign(manifest.as_bytes(), &installed, at).unwrap();
    // The same bytes behind the tag of the field.
    let inside = attributes.replacen("31", "a0", 1);
    assert!(careplan_spec::hex(&signed).contains(&inside), "{inside}");
}

#[tokio::test]
async fn the_numbers_and_codes_of_the_page_are_those_of_the_server() {
    let bed = Bed::start(&[]);
    let switches = bed.ask(bed.plain.get(bed.controls("/v1/controls/switches"))).await.is(200);
    let value = |key: &str| {
        let row = switches.items().iter().find(|row| row["key"] == key);
        row.unwrap_or_else(|| panic!("no switch {key}"))["value"].as_str().unwrap().to_owned()
    };
    let description = bed.ask(bed.plain.get(bed.sites("/openapi.json"))).await.is(200);
    let paths = description.json["paths"].as_object().unwrap().clone();
    let description = String::from_utf8(description.bytes).unwrap();
    let word = |text: &&str| {
        text.contains('-')
            && !text.starts_with('-')
            && !text.ends_with('-')
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    let others = ["x-request-id"];
    let pages = pages();
    let mut codes_named = Vec::new();
    for page in &pages {
        let table = page.split_once("\n## 12. ").unwrap().1.split_once("\n## 13. ").unwrap().0;
        let mut switches_named = BTreeSet::new();
        for row in table.lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
            let cells: Vec<&str> = row.split(" | ").collect();
            let [_, keys, values] = cells[..] else { panic!("{row}") };
            let values = values.trim_end_matches(" |").split(", ");
            for (key, told) in keys.split(", ").map(|key| key.trim_matches('`')).zip(values) {
                assert_eq!(value(key), told, "{key}");
                switches_named.insert(key);
            }
        }
        assert_eq!(switches_named.len(), 11);

        // What stands in backticks and looks like a code is one.
        let codes: BTreeSet<&str> = page
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(word)
            .filter(|code| !switches_named.contains(code) && !others.contains(code))
            .collect();
        assert!(codes.len() > 20, "{codes:?}");
        for code in &codes {
            assert!(description.contains(&format!("\"{code}\"")), "{code}");
        }
        codes_named.push(codes);
        // So is what looks like an endpoint.
        let mut endpoints = 0;
        for rest in page.split("/v1/").skip(1) {
            let end = rest.find(|c: char| !(c.is_ascii_lowercase() || "/_{}".contains(c)));
            let path = format!("/v1/{}", &rest[..end.unwrap_or(rest.len())]);
            assert!(paths.contains_key(&path), "{path}");
            endpoints += 1;
        }
        assert!(endpoints > 15, "{endpoints}");
    }
    // Both pages say the same.
    assert_eq!(codes_named[0], codes_named[1]);
    let [english, japanese] = pages.each_ref().map(|page| facts(page));
    assert_eq!(english, japanese);
}

#[test]
#[ignore = "needs curl and openssl"]
fn a_certificate_is_had_without_the_pages() {
    for (number, page) in pages().iter().enumerate() {
        let place = Workplace::new(&[]);
        let line = block(page, "`p12_base64`", "sh");
        let line = line.replace("http://127.0.0.1:8081", &place.url("controls", ""));
        place.run("sh", &["-c", &format!("set -e\n{line}")]);
        let p12 = place.read("office.p12");
        let installed = careplan_certs::package::open(&p12, ISSUE_PASSWORD).unwrap();
        assert_eq!(installed.facts().office.unwrap().as_str(), "4779000118", "{number}");
    }
}

/// A desk of the client in Python.
struct Desk<'a> {
    place: &'a Workplace,
    name: &'static str,
}

impl<'a> Desk<'a> {
    fn new(place: &'a Workplace, name: &'static str, kj_id: &str) -> Self {
        place.fetch_p12(&format!("{name}/office"), kj_id);
        place.write("own_client.py", include_bytes!("own_client.py"));
        Self { place, name }
    }

    /// The client, run to its end.
    fn run(&self, arguments: &[&str]) -> Output {
        let relay = self.place.program.printed("relay");
        let mut command = std::process::Command::new("python3");
        command.current_dir(self.place.folder());
        command.args(["own_client.py", relay, self.name]).args(arguments);
        command.env("P12_PASSWORD", ISSUE_PASSWORD);
        command.env("TERMINAL_PASSWORD", C_PASSWORD).env("OFFICE_PASSWORD", KJ_PASSWORD);
        command.output().unwrap()
    }

    #[track_caller]
    fn does(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Ends with this exit code; what it complains of.
    #[track_caller]
    fn fails(&self, arguments: &[&str], exit: i32) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {output:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

/// Arms a fault for so many requests.
fn arm(place: &Workplace, endpoint: &str, order: Value, count: u32) {
    let mut order = order;
    order["endpoint"] = endpoint.into();
    order["count"] = count.into();
    let url = place.url("controls", "/v1/controls/faults");
    place.curl_json(201, &["--json", &order.to_string(), &url]);
}

/// The idempotency keys an endpoint of the relay was asked with, as the journal shows them.
fn keys(place: &Workplace, endpoint: &str) -> Vec<String> {
    let url = place.url("controls", "/v1/controls/journal?limit=10000&listener=relay");
    let journal = place.curl_json(200, &[&url]);
    let asked = journal["entries"].as_array().unwrap().iter();
    let asked = asked.filter(|entry| entry["endpoint"] == endpoint);
    asked.map(|entry| entry["idempotency_key"].as_str().unwrap_or("none").to_owned()).collect()
}

/// An archive in which a byte of the first file is another one.
fn tampered(archive: &[u8]) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut entry = old.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if index == 0 {
            bytes[0] ^= 1;
        }
        let options = zip::write::SimpleFileOptions::default();
        new.start_file(entry.name().unwrap(), options).unwrap();
        new.write_all(&bytes).unwrap();
    }
    new.finish().unwrap().into_inner()
}

#[test]
#[ignore = "needs curl, openssl and python3"]
fn a_client_written_from_the_page_loses_nothing() {
    let place = Workplace::new(&[]);
    let (planner, helper) = (office_of("43"), office_of("11"));
    let (planner_id, helper_id) = (format!("KJ47{planner}"), format!("KJ47{helper}"));
    let unit = files("K2", planner, helper);
    for (name, bytes) in &unit {
        place.write(&format!("plan/{name}"), bytes);
    }
    let sender = Desk::new(&place, "sender", &planner_id);
    let receiver = Desk::new(&place, "receiver", &helper_id);
    sender.does(&["login", "careplan@0001", &planner_id]);
    receiver.does(&["login", "careplan@0008", &helper_id]);
    let lost = json!({ "kind": "drop", "when": "after" });

    // Every answer of the first run is lost; the second sends the same.
    arm(&place, "POST /v1/messages", lost.clone(), 3);
    let send = ["send", "plan", planner, helper, "よろしくお願いします。"];
    assert!(sender.fails(&send, 75).starts_with("not known:"));
    let said = sender.does(&send);
    let (id, when) = said.trim().strip_prefix("sent ").unwrap().split_once(' ').unwrap();
    assert_eq!(when, "before");
    let sent = keys(&place, "/v1/messages");
    assert_eq!(sent.len(), 4);
    assert!(sent[0] != "none" && sent.iter().all(|key| *key == sent[0]), "{sent:?}");
    let again = sender.does(&send);
    assert!(again.trim().ends_with(" now"), "another message has another key: {again}");

    // The access tokens end; the answer to the renewal is lost as well.
    let clock = place.url("controls", "/v1/controls/clock");
    place.curl_json(200, &["--json", r#"{"advance_seconds":3700}"#, &clock]);
    arm(&place, "POST /v1/token/refresh", lost.clone(), 1);
    let listed = receiver.does(&["list"]);
    let renewed = keys(&place, "/v1/token/refresh");
    assert_eq!(renewed.len(), 2);
    assert!(renewed[0] != "none" && renewed[0] == renewed[1], "{renewed:?}");
    // Every page of the list, each row once.
    let header = {
        place.write("other.p12", &place.read("receiver/office.p12"));
        place.log_in("other", "careplan@0008", &helper_id)
    };
    let inbox = |query: &str| {
        let (url, p12) = (place.url("relay", &format!("/v1/inbox{query}")), p12("other"));
        place.curl_json(200, &["--cert-type", "P12", "--cert", &p12, "-H", &header, &url])
    };
    let rows = inbox("?per_page=200&state=unfetched");
    let rows = rows["items"].as_array().unwrap().iter();
    let rows: Vec<&str> = rows.map(|row| row["id"].as_str().unwrap()).collect();
    let found: Vec<&str> = listed.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert!(found.len() > 2, "more than a page: {listed}");
    assert_eq!(found, rows);
    assert!(listed.contains(&format!("{id} {planner} unfetched\n")), "{listed}");

    // So are those to the claim, and then the download breaks off twice.
    arm(&place, "POST /v1/inbox/{id}/claim", lost, 3);
    assert!(receiver.fails(&["fetch", id], 75).starts_with("not known:"));
    let cut = json!({ "kind": "truncate", "after_bytes": 1000 });
    arm(&place, "GET /v1/downloads/{download_token}", cut, 2);
    let saved = receiver.does(&["fetch", id]);
    let claimed = keys(&place, "/v1/inbox/{id}/claim");
    assert_eq!(claimed.len(), 4);
    assert!(claimed[0] != "none" && claimed.iter().all(|key| *key == claimed[0]), "{claimed:?}");
    assert_eq!(keys(&place, "/v1/downloads/{download_token}").len(), 3);
    assert_eq!(saved.lines().count(), unit.len());
    for (name, bytes) in &unit {
        assert_eq!(place.read(&format!("receiver/{id}/{name}")), *bytes, "{name}");
    }
    assert_eq!(keys(&place, "/v1/downloads/{download_token}/confirm").len(), 1);

    // Nobody else gets it; a byte changed on the way is noticed; so is another sender.
    let other = Desk::new(&place, "elsewhere", &helper_id);
    other.does(&["login", "careplan@0008", &helper_id]);
    assert!(other.fails(&["fetch", id], 1).contains("already-fetched"));
    let received_at = inbox(&format!("/{id}"))["received_at"].as_str().unwrap().to_owned();
    let archive = place.read(&format!("receiver/{id}.zip"));
    place.write("copy.zip", &archive);
    receiver.does(&["verify", "copy.zip", &received_at, planner, helper]);
    place.write("tampered.zip", &tampered(&archive));
    let said = receiver.fails(&["verify", "tampered.zip", &received_at, planner, helper], 1);
    assert!(said.contains("is not what was signed"), "{said}");
    let said = receiver.fails(&["verify", "copy.zip", &received_at, helper, helper], 1);
    assert!(said.contains(&format!("signed by {planner}")), "{said}");
}
