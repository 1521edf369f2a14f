//! `careplan-relay-plan` as a program: office file, reports, exit codes.

use std::path::Path;
use std::process::{Command, Output};

use base64::Engine;
use careplan_tests::bed::{Bed, C_PASSWORD, ISSUE_PASSWORD, KJ_PASSWORD};
use careplan_tests::unit::office_of;
use serde_json::Value;

fn plan(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_careplan-relay-plan"))
        .args(arguments)
        .env(careplan_tests::program::BINARY_VARIABLE, careplan_tests::program::find().unwrap())
        .env("PLAN_TEST_PASSWORD", KJ_PASSWORD)
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// An office file of ours as if it were somebody else's server: no controls, no sites.
async fn office_file(bed: &Bed, folder: &Path) -> String {
    std::fs::write(folder.join("ca.pem"), bed.program.printed("ca_pem")).unwrap();
    let mut file = format!("relay = \"{}\"\nca_file = \"ca.pem\"\n", bed.relay(""));
    for (role, kind) in [("planner", "43"), ("service", "11")] {
        let number = office_of(kind);
        let (c_id, kj_id) = bed.ids(number).await;
        let (_, issued) = bed.issue(number, None).await;
        let p12 = issued["p12_base64"].as_str().unwrap();
        let p12 = base64::prelude::BASE64_STANDARD.decode(p12).unwrap();
        std::fs::write(folder.join(format!("{role}.p12")), p12).unwrap();
        file.push_str(&format!(
            "[[office]]\nrole = \"{role}\"\nnumber = \"{number}\"\nkind = \"{kind}\"\n\
             c_id = \"{c_id}\"\nc_password = \"{C_PASSWORD}\"\nkj_id = \"{kj_id}\"\n\
             kj_password = \"env:PLAN_TEST_PASSWORD\"\np12 = \"{role}.p12\"\n\
             p12_password = \"{ISSUE_PASSWORD}\"\n"
        ));
    }
    let path = folder.join("offices.toml");
    std::fs::write(&path, file).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn another_server_is_held_against_the_plan() {
    let folder = tempfile::tempdir().unwrap();
    let bed = Bed::start(&[]);
    let file = office_file(&bed, folder.path()).await;
    let (json, junit) = (folder.path().join("plan.json"), folder.path().join("plan.xml"));
    let (json_option, junit_option) =
        (format!("json={}", json.display()), format!("junit={}", junit.display()));
    let arguments = [
        "--server",
        &file,
        "--only",
        "TLS",
        "--only",
        "fetch-02",
        "--report",
        &json_option,
        "--report",
        &junit_option,
    ];
    let passed = plan(&arguments);
    assert_eq!(passed.status.code(), Some(0), "{passed:?}");
    assert!(out(&passed).contains("未実施  TLS-02"), "{}", out(&passed));
    assert!(out(&passed).contains("合格  FETCH-02"), "{}", out(&passed));
    let strict = plan(&[&arguments[..], &["--strict"]].concat());
    assert_eq!(strict.status.code(), Some(4), "{strict:?}");

    let report: Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    assert_eq!(report["schema"], "careplan-testbed/relay-plan/1");
    let rows = report["expectations"].as_array().unwrap();
    assert_eq!(rows.len(), 17);
    let summary = &report["summary"];
    assert_eq!(summary["passed"].as_u64().unwrap() + summary["not_run"].as_u64().unwrap(), 17);
    let expired = rows.iter().find(|row| row["id"] == "TLS-02").unwrap();
    assert_eq!((&expired["state"], &expired["basis"]), (&"not-run".into(), &"Stated".into()));
    let junit = std::fs::read_to_string(&junit).unwrap();
    assert!(junit.contains("<skipped") && junit.contains("FETCH-02"), "{junit}");
    for text in [out(&passed), report.to_string(), junit] {
        for secret in [KJ_PASSWORD, C_PASSWORD, ISSUE_PASSWORD] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }

    // The same server with a rule turned off fails, and says where.
    let order = serde_json::json!({ "signature-required": false });
    bed.switch(&order).await;
    let failed = plan(&["--server", &file, "--only", "SEND-07", "--lang", "both"]);
    assert_eq!(failed.status.code(), Some(1), "{failed:?}");
    let text = out(&failed);
    for part in ["SEND-07", "POST /v1/messages", "signature-missing", "relay.md §2", "201"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Gone.
    drop(bed);
    let gone = plan(&["--server", &file]);
    assert_eq!(gone.status.code(), Some(3), "{gone:?}");
}

#[cfg(unix)]
#[test]
fn a_client_is_run_and_judged() {
    let client = careplan_tests::program::find_beside("careplan-client").unwrap();
    let script = r#"
        set -e
        "$1" certificate import "$CAREPLAN_P12"
        "$1" login
        "$1" download --all --to "$CAREPLAN_RECEIVE_DIR"
        "$1" send "$CAREPLAN_SEND_DIR"/*
        "$1" logout
    "#;
    let judged = plan(&["client", "--", "sh", "-c", script, "sh", client.to_str().unwrap()]);
    assert_eq!(judged.status.code(), Some(0), "{}", out(&judged));
    assert_eq!(out(&judged).matches("合格  CLIENT-").count(), 10, "{}", out(&judged));
    let idle = plan(&["client", "--lang", "en", "--", "true"]);
    assert_eq!(idle.status.code(), Some(4), "{}", out(&idle));
}

#[test]
fn options_are_looked_at_and_lists_are_printed() {
    assert_eq!(plan(&["--only", "NOTHING"]).status.code(), Some(2));
    assert_eq!(plan(&["--report", "pdf=x"]).status.code(), Some(2));
    assert_eq!(plan(&["--server", "/nowhere/offices.toml"]).status.code(), Some(2));
    let list = plan(&["--list"]);
    assert_eq!(list.status.code(), Some(0));
    assert!(out(&list).contains("FETCH-02  2回目の取得は拒否  [relay.md §2 明記]"));
    let markdown = out(&plan(&["--list", "markdown", "--lang", "en"]));
    assert!(markdown.contains("| FETCH-02 | a second try is refused |"), "{markdown}");
    let json: Value = serde_json::from_str(&out(&plan(&["--list", "json"]))).unwrap();
    assert!(json.as_array().unwrap().len() > 100);
}

#[test]
fn the_generated_lists_are_current() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    for (language, name) in [("ja", "relay-plan.ja.md"), ("en", "relay-plan.md")] {
        let list = out(&plan(&["--list", "markdown", "--lang", language]));
        let page = std::fs::read_to_string(docs.join(name)).unwrap().replace("\r\n", "\n");
        assert!(
            page.contains(list.trim()),
            "docs/{name}: put `--list markdown --lang {language}` in"
        );
    }
}
