//! Schemathesis makes up requests from the API description; none may break the server.

use std::path::{Path, PathBuf};
use std::process::Command;

use careplan_tests::unit::office_of;
use serde_json::Value;

use super::workplace::Workplace;

/// The release of schemathesis; a newer one may find more, at a time of its own.
const RELEASE: &str = "schemathesis==4.32.5";

/// `st`, installed once into the target folder.
fn installed() -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schemathesis");
    let (pip, st) = (home.join("bin/pip"), home.join("bin/st"));
    let run = |command: &mut Command| {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{command:?}: {text}");
    };
    if !pip.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&home));
    }
    run(Command::new(pip).args(["install", "--quiet", RELEASE]));
    st
}

/// Runs it against the paths of one listener.
fn fuzz(place: &Workplace, listener: &str, without: &str, token: Option<&str>) {
    let description = place.url("sites", "/openapi.json");
    let served = place.url(listener, "");
    let paths = place.curl_json(200, &[&description]);
    let here = |item: &Value| item["servers"][0]["url"] == served.as_str();
    let paths: Vec<String> = paths["paths"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, item)| here(item))
        .map(|(path, _)| path.clone())
        .collect();
    assert!(paths.len() > 10, "{listener}: {paths:?}");
    let mut command = Command::new(installed());
    command
        .current_dir(place.folder())
        .env("NO_PROXY", "*")
        .args(["run", &description, "--url", &served, "--no-color", "--seed", "1"])
        .args(["--max-examples", "25", "--workers", "1", "--continue-on-failure"])
        .args(["--generation-database", "none", "--warnings", "off"])
        .args(["--suppress-health-check", "all", "--phases", "examples,coverage,fuzzing"])
        .args(["--checks", "not_a_server_error,status_code_conformance"])
        .args(["--checks", "content_type_conformance,response_schema_conformance"])
        .args(["--request-timeout", "120", "--exclude-path-regex", without])
        // It makes up no archives.
        .args(["--exclude-operation-id", "load_state"]);
    for path in &paths {
        command.args(["--include-path", path]);
    }
    if let Some(token) = token {
        command.args(["-H", token]);
    }
    if listener == "relay" {
        command.args(["--request-cert", "planner.pem", "--tls-verify", "ca.pem"]);
    }
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{listener}:\n{text}");
    println!("{text}");
}

#[test]
#[ignore = "needs python3 and PyPI"]
fn nothing_made_up_breaks_the_relay() {
    let place = Workplace::new(&["--set", "access-token-minutes=100000"]);
    let kj_id = format!("KJ47{}", office_of("43"));
    place.fetch_p12("planner", &kj_id);
    place.unpack("planner");
    let token = place.log_in("planner", "careplan@0001", &kj_id);
    fuzz(&place, "relay", "^/v1/logout$", Some(&token));
    // Nor without having logged in.
    fuzz(&place, "relay", "^$", None);
}

#[test]
#[ignore = "needs python3 and PyPI"]
fn nothing_made_up_breaks_the_sites() {
    let place = Workplace::new(&["--set", "portal-minutes=100000"]);
    let body = format!(r#"{{"user_id":"KJ47{}","password":"Careplan1"}}"#, office_of("43"));
    let login = place.curl_json(200, &["--json", &body, &place.url("sites", "/v1/portal/login")]);
    let token = format!("Authorization: Bearer {}", login["portal_token"].as_str().unwrap());
    fuzz(&place, "sites", "^/v1/portal/logout$", Some(&token));
    fuzz(&place, "sites", "^$", None);
}

#[test]
#[ignore = "needs python3 and PyPI"]
fn nothing_made_up_breaks_the_controls() {
    fuzz(&Workplace::new(&[]), "controls", "^$", None);
}
