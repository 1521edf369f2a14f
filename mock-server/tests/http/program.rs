//! The program itself: what it prints, and how it ends.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_careplan-mock-server"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CAREPLAN_")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stderr(Stdio::piped()).stdout(Stdio::piped());
    command
}

fn printed(child: &mut Child) -> Value {
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

#[cfg(unix)]
#[tokio::test]
async fn it_prints_where_it_is_and_ends_when_asked() {
    let mut child = program().args(["--port-base", "0", "--print-config"]).spawn().unwrap();
    let config = printed(&mut child);
    assert!(config["ca_pem"].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(config["relay"].as_str().unwrap().starts_with("https://127.0.0.1:"));
    assert!(config["sites"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    assert!(config.get("admin_token").is_none());
    let bed = crate::bed::Bed::start().await;
    let url = format!("{}/readyz", config["controls"].as_str().unwrap());
    assert_eq!(bed.plain.get(url).send().await.unwrap().status(), 200);
    let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// The server started by a shell that limits open files so; what it may have then, and its log.
#[cfg(target_os = "linux")]
fn started_with_limits(limits: &str) -> (u64, String) {
    let server = env!("CARGO_BIN_EXE_careplan-mock-server");
    let script = format!("{limits} && exec {server} --port-base 0 --print-config");
    let mut command = Command::new("sh");
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CAREPLAN_")) {
        command.env_remove(name);
    }
    command.args(["-c", &script]).stdin(Stdio::null());
    let mut child = command.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let _ = printed(&mut child);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    child.kill().unwrap();
    let log = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
    let soft = limits.lines().find_map(|line| {
        line.strip_prefix("Max open files")?.split_whitespace().next()?.parse().ok()
    });
    (soft.expect("a limit"), log)
}

/// Three listeners of 4,096 connections, and what the server itself needs.
#[cfg(target_os = "linux")]
#[test]
fn it_may_open_as_many_files_as_it_needs_or_says_that_it_may_not() {
    let warning = "the system allows fewer open files than all connections need";
    let (soft, log) = started_with_limits("ulimit -Sn 256");
    assert_eq!(soft, 3 * 4_096 + 160);
    assert!(!log.contains(warning), "{log}");
    let (soft, log) = started_with_limits("ulimit -n 700");
    assert_eq!(soft, 700);
    assert!(log.contains(warning) && log.contains("allowed=700 wanted=12448"), "{log}");
    let (soft, _) = started_with_limits("ulimit -Sn 13000");
    assert_eq!(soft, 13_000, "nothing is taken away");
}

#[test]
fn the_demo_holds() {
    let output = program().arg("demo").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("10. 送信一覧") && text.contains("Every step held."), "{text}");
}

#[test]
fn the_demo_also_holds_with_accounts_that_are_ready_and_with_strict_tls() {
    let output = program().args(["demo", "--scenario", "demo", "--strict-tls"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn mistakes_are_told_by_their_exit_code() {
    let code = |args: &[&str]| {
        let output = program().args(args).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), text)
    };
    assert_eq!(code(&["--no-such-flag"]).0, Some(2));
    let (open, text) = code(&["--port-base", "0", "--bind", "0.0.0.0"]);
    assert_eq!(open, Some(2));
    assert!(text.contains("--listen-anywhere"), "{text}");
    let (switch, text) = code(&["--set", "lock-hours=1"]);
    assert_eq!(switch, Some(2));
    assert!(text.contains("lock-hours"), "{text}");
    assert_eq!(code(&["--config", "no-such-file.toml"]).0, Some(2));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    // The last two ports leave no room; that is another mistake.
    if port < 65_534 {
        let (code, text) = code(&["--port-base", &port.to_string()]);
        assert_eq!(code, Some(3), "{text}");
        assert!(text.contains("--port-base"), "{text}");
    }
}

#[test]
fn a_file_and_the_environment_configure_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("server.toml");
    std::fs::write(&file, "port-base = 0\n\n[switches]\nlock-minutes = 7\n").unwrap();
    let mut command = program();
    command.env("CAREPLAN_CONFIG", &file).env("CAREPLAN_SCENARIO", "first-time");
    let mut child = command.arg("--print-config").spawn().unwrap();
    let config = printed(&mut child);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!config["sites"].as_str().unwrap().ends_with(":8080"));
}
