//! Our own client, the program, judged by the server's journal.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use base64::Engine;
use careplan_tests::bed::{Bed, C_PASSWORD, ISSUE_PASSWORD, KJ_PASSWORD};
use careplan_tests::program::find_beside;
use careplan_tests::unit::{File, files, office_of};
use reqwest::Method;
use serde_json::{Value, json};

mod examples;
mod rules;

use rules::{RULES, Verdict};

/// A terminal of an office: `careplan-client` with a folder of its own.
pub(crate) struct Terminal {
    folder: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl Terminal {
    /// Logged in with this .p12.
    pub(crate) async fn log_in(bed: &Bed, folder: &Path, number: &str, p12: &Path) -> Self {
        Self::log_in_at(bed, bed.relay(""), folder, number, p12).await
    }

    /// The same where the relay is at another address.
    pub(crate) async fn log_in_at(
        bed: &Bed,
        relay: String,
        folder: &Path,
        number: &str,
        p12: &Path,
    ) -> Self {
        let (c_id, kj_id) = bed.ids(number).await;
        std::fs::create_dir_all(folder).unwrap();
        let ca = folder.join("ca.pem");
        std::fs::write(&ca, bed.program.printed("ca_pem")).unwrap();
        let path = |path: &Path| path.to_str().unwrap().to_owned();
        let environment = vec![
            ("CAREPLAN_RELAY", relay),
            ("CAREPLAN_CA", path(&ca)),
            ("CAREPLAN_HOME", path(&folder.join("terminal"))),
            ("CAREPLAN_DOWNLOADS", path(&folder.join("received"))),
            ("CAREPLAN_P12_PASSWORD", ISSUE_PASSWORD.to_owned()),
            ("CAREPLAN_TERMINAL_USER", c_id),
            ("CAREPLAN_TERMINAL_PASSWORD", C_PASSWORD.to_owned()),
            ("CAREPLAN_OFFICE_USER", kj_id),
            ("CAREPLAN_OFFICE_PASSWORD", KJ_PASSWORD.to_owned()),
        ];
        let terminal = Self { folder: folder.to_owned(), environment };
        terminal.run(&["certificate", "import", p12.to_str().unwrap()]);
        terminal.run(&["login"]);
        terminal
    }

    /// Runs the program, which must succeed; the JSON it prints.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Value {
        let output: Output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The program with these arguments, to be run.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(find_beside("careplan-client").unwrap());
        command.current_dir(&self.folder).envs(self.environment.iter().cloned());
        command.arg("--json").args(arguments);
        command
    }

    /// Sends files; the identifier of the message.
    pub(crate) fn send(&self, files: &[File]) -> String {
        let folder = tempfile::tempdir_in(&self.folder).unwrap();
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let sent = self.run(&["send", folder.path().to_str().unwrap()]);
        sent["id"].as_str().unwrap().to_owned()
    }

    /// Fetches what is in the inbox.
    pub(crate) fn fetch_all(&self) {
        self.run(&["download", "--all"]);
    }

    /// The rows of `inbox` or `outbox`.
    pub(crate) fn list(&self, list: &str) -> Vec<Value> {
        let page = self.run(&[list, "--per-page", "200"]);
        let rows = page["items"].as_array().unwrap();
        assert!(rows.len() < 200, "everything is on one page");
        rows.clone()
    }
}

/// What the relay's journal holds.
async fn journal(bed: &Bed) -> Vec<Value> {
    let journal = bed.plain.get(bed.controls("/v1/controls/journal?limit=10000&listener=relay"));
    bed.ask(journal).await.is(200).json["entries"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_client_of_this_project_keeps_every_rule() {
    let bed = Bed::start(&[]);
    let planner = bed.office(office_of("43")).await;
    let _ = planner.send(&bed, "for-the-client", "K2", office_of("11")).await.is(201);
    let (_, issued) = bed.issue(office_of("11"), None).await;
    let folder = tempfile::tempdir().unwrap();
    let p12 = folder.path().join("office.p12");
    let bytes = base64::prelude::BASE64_STANDARD.decode(issued["p12_base64"].as_str().unwrap());
    std::fs::write(&p12, bytes.unwrap()).unwrap();
    let _ = bed.control(Method::DELETE, "/v1/controls/journal", &json!({})).await.is(204);
    // The answers to a send and to a claim are lost on the way, and the download breaks off once.
    for order in [
        json!({
            "endpoint": "POST /v1/inbox/{id}/claim", "kind": "drop", "when": "after", "count": 1,
        }),
        json!({ "endpoint": "POST /v1/messages", "kind": "drop", "when": "after", "count": 1 }),
        json!({
            "endpoint": "GET /v1/downloads/{download_token}", "kind": "truncate",
            "after_bytes": 100, "count": 1,
        }),
    ] {
        let _ = bed.control(Method::POST, "/v1/controls/faults", &order).await.is(201);
    }

    let terminal = Terminal::log_in(&bed, folder.path(), office_of("11"), &p12).await;
    terminal.fetch_all();
    terminal.send(&files("S1", office_of("11"), office_of("43")));
    terminal.run(&["logout"]);

    let entries = journal(&bed).await;
    for rule in RULES {
        let verdict = rule.judge(&entries);
        let (id, what, clause) = (rule.id, rule.what, rule.clause);
        assert_eq!(verdict, Verdict::Kept, "{id} {what} ({clause}): {entries:#?}");
    }
    // The repeat was seen: twice under one key.
    let sends: Vec<&Value> =
        entries.iter().filter(|entry| entry["endpoint"] == "/v1/messages").collect();
    assert_eq!(sends.len(), 2);
    assert_eq!(sends[0]["idempotency_key"], sends[1]["idempotency_key"]);
    let claims: Vec<&Value> =
        entries.iter().filter(|entry| entry["endpoint"] == "/v1/inbox/{id}/claim").collect();
    // The first of them was made again.
    assert_eq!(claims[0]["path"], claims[1]["path"]);
    assert_eq!(claims[0]["idempotency_key"], claims[1]["idempotency_key"]);
    assert!(claims[0]["idempotency_key"].is_string(), "{claims:?}");
}

/// The lines of a text that call the client, without their comments.
fn examples(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.trim_start_matches("$ ").trim())
        .filter(|line| line.starts_with("careplan-client "))
        .map(|line| line.split(" #").next().unwrap().trim().to_owned())
        .collect()
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_examples_of_help_and_readme_work_in_the_demo_region() {
    let program = find_beside("careplan-client").unwrap();
    let help = Command::new(&program).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../client-core/README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let usage = help.lines().skip_while(|line| !line.contains("examples")).collect::<Vec<_>>();
    let commands = readme.split("```console").nth(1).unwrap().split("```").next().unwrap();
    for (text, count) in [(usage.join("\n"), 5), (commands.to_owned(), 10)] {
        let examples = examples(&text);
        assert_eq!(examples.len(), count, "{examples:?}");
        let bed = Bed::start(&[]);
        let (_, issued) = bed.issue(office_of("43"), None).await;
        let folder = tempfile::tempdir().unwrap();
        let p12 = base64::prelude::BASE64_STANDARD.decode(issued["p12_base64"].as_str().unwrap());
        std::fs::write(folder.path().join("office.p12"), p12.unwrap()).unwrap();
        let export = folder.path().join("出力フォルダー");
        std::fs::create_dir(&export).unwrap();
        for (name, bytes) in files("K2", office_of("43"), office_of("11")) {
            std::fs::write(export.join(name), bytes).unwrap();
        }
        for example in examples {
            let line = example.replacen("careplan-client", program.to_str().unwrap(), 1);
            let output = Command::new("sh")
                .args(["-c", &line])
                .current_dir(folder.path())
                .env("CAREPLAN_RELAY", bed.relay(""))
                .env("CAREPLAN_HOME", folder.path().join("terminal"))
                .env("CAREPLAN_P12_PASSWORD", ISSUE_PASSWORD)
                .env("CAREPLAN_TERMINAL_PASSWORD", C_PASSWORD)
                .env("CAREPLAN_OFFICE_PASSWORD", KJ_PASSWORD)
                .output()
                .unwrap();
            assert!(output.status.success(), "{example}: {output:?}");
        }
    }
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

    let entries = journal(&bed).await;
    let broken = RULES.iter().filter(|rule| matches!(rule.judge(&entries), Verdict::Broken(_)));
    let broken: Vec<&str> = broken.map(|rule| rule.id).collect();
    assert_eq!(broken, ["CLIENT-02", "CLIENT-04", "CLIENT-06", "CLIENT-07", "CLIENT-09"]);
}
