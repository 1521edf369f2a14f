//! Schemathesis makes up requests from the API description; none may break the server.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use careplan_tests::unit::office_of;
use serde_json::Value;

use super::workplace::Workplace;

/// The release of schemathesis; a newer one may find more, at a time of its own.
const RELEASE: &str = "schemathesis==4.32.5";

/// `st`, installed once into the target folder, whichever of the tests comes first.
static ST: LazyLock<PathBuf> = LazyLock::new(|| {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schemathesis");
    let run = |command: &mut Command| {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{command:?}: {text}");
    };
    run(Command::new("python3").args(["-m", "venv"]).arg(&home));
    run(Command::new(home.join("bin/pip")).args(["install", "--quiet", RELEASE]));
    home.join("bin/st")
});

/// Runs it against the paths of one listener.
fn fuzz(place: &Workplace, listener: &str, without: &str, token: Option<&str>) {
    let description = place.url("sites", "/openapi.json");
    let served = place.url(listener, "");
    let described = place.curl_json(200, &[&description]);
    let here = |item: &Value| item["servers"][0]["url"] == served.as_str();
    let paths: Vec<String> = described["paths"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, item)| here(item))
        .map(|(path, _)| path.clone())
        .collect();
    assert!(paths.len() > 10, "{listener}: {paths:?}");
    let mut command = Command::new(&*ST);
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
        .args(["--report", "har", "--report-har-path", "met.har"])
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
    let met = refusals_met(&described, &serde_json::from_slice(&place.read("met.har")).unwrap());
    println!("{listener}: {met:?}");
    assert!(met.len() > 3, "{listener}: {met:?}");
}

/// The operation that answered a request, as it is described.
fn operation<'d>(described: &'d Value, method: &str, path: &str) -> Option<&'d Value> {
    let fits = |template: &str| {
        let (wanted, found) = (template.split('/'), path.split('/'));
        wanted.clone().count() == found.clone().count()
            && wanted.zip(found).all(|(wanted, found)| match wanted.starts_with('{') {
                true => !found.is_empty(),
                false => wanted == found,
            })
    };
    let all = described["paths"].as_object().unwrap().iter();
    let fitting = all.filter(|(template, _)| fits(template));
    let (_, item) = fitting.min_by_key(|(template, _)| template.matches('{').count())?;
    item.get(method.to_lowercase())
}

/// The codes of all refusals in a record of requests; each must be listed by its operation.
fn refusals_met(described: &Value, record: &Value) -> BTreeSet<String> {
    let mut met = BTreeSet::new();
    for entry in record["log"]["entries"].as_array().unwrap() {
        let (request, answer) = (&entry["request"], &entry["response"]);
        let text = answer["content"]["text"].as_str().unwrap_or_default();
        let Ok(Value::Object(problem)) = serde_json::from_str(text) else { continue };
        let status = answer["status"].as_u64().unwrap_or_default();
        let (400.., Some(code)) = (status, problem.get("code").and_then(Value::as_str)) else {
            continue;
        };
        let url = reqwest::Url::parse(request["url"].as_str().unwrap()).unwrap();
        let method = request["method"].as_str().unwrap();
        // Another method, or no endpoint at all.
        let Some(operation) = operation(described, method, url.path()) else {
            assert!(["method-not-allowed", "route-unknown"].contains(&code), "{method} {url}");
            continue;
        };
        let listed = operation["x-refusal-codes"].as_array().unwrap();
        assert!(listed.contains(&code.into()), "{method} {url} does not list {code}");
        met.insert(code.to_owned());
    }
    met
}

#[test]
fn a_refusal_that_is_not_listed_is_noticed() {
    let operation = serde_json::json!({ "x-refusal-codes": ["message-unknown"] });
    let described = serde_json::json!({ "paths": {
        "/v1/inbox/{id}": { "get": operation },
        "/v1/inbox": { "get": { "x-refusal-codes": ["token-unknown"] } },
    }});
    let met = |method: &str, path: &str, code: &str| {
        let entry = serde_json::json!({
            "request": { "method": method, "url": format!("https://127.0.0.1:1{path}") },
            "response": { "status": 404, "content": { "text": format!(r#"{{"code":"{code}"}}"#) } },
        });
        let record = serde_json::json!({ "log": { "entries": [entry] } });
        let described = described.clone();
        std::panic::catch_unwind(move || refusals_met(&described, &record)).ok()
    };
    let one = |code: &str| Some(BTreeSet::from([code.to_owned()]));
    assert_eq!(met("GET", "/v1/inbox/1?x=2", "message-unknown"), one("message-unknown"));
    assert_eq!(met("GET", "/v1/inbox/1", "token-unknown"), None);
    assert_eq!(met("GET", "/v1/inbox", "token-unknown"), one("token-unknown"));
    assert_eq!(met("PUT", "/v1/inbox", "method-not-allowed"), Some(BTreeSet::new()));
    assert_eq!(met("GET", "/v1/inbox/", "route-unknown"), Some(BTreeSet::new()));
    assert_eq!(met("GET", "/v1/inbox/", "message-unknown"), None);
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
