//! The programs that measure, on a little: what they measure with must be what a server still takes.

use std::process::Command;

use careplan_tests::program;

/// What a program prints that ends well.
fn printed(program: &str, options: &[&str]) -> String {
    let server = program::find().expect("a server");
    let output = Command::new(program).arg("--server").arg(server).args(options).output();
    let output = output.expect("it starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {told}");
    String::from_utf8(output.stdout).expect("text")
}

fn rows_of(table: &str) -> Vec<&str> {
    table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()).collect()
}

#[test]
fn careplan_states_measures_every_phase() {
    let table = printed(env!("CARGO_BIN_EXE_careplan-states"), &["--messages", "200"]);
    assert_eq!(
        rows_of(&table),
        [
            "while",
            "nothing else happens, 5 s",
            "it is loaded over a small state",
            "it is loaded over itself",
            "it is saved",
            "it is reset (no target)",
            "start on this folder",
            "as it is",
            "a rehearsal is begun",
            "a rehearsal goes on",
        ],
        "{table}"
    );
}

#[test]
fn careplan_load_measures_and_finds_every_message_again() {
    let table = printed(
        env!("CARGO_BIN_EXE_careplan-load"),
        &["--sends", "50", "--seconds", "1", "--connections", "4"],
    );
    assert!(
        table.contains("| acknowledged messages found after `kill -9` | 50 of 50 | all |"),
        "{table}"
    );
}
