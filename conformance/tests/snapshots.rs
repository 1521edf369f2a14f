//! What a vendor reads: every report of one mixed unit, and what the rules say, in both languages.
//!
//! `INSTA_UPDATE=always cargo test -p careplan-conformance --test snapshots` accepts what the
//! program says now; the difference is then to be read.

use std::fs;
use std::path::Path;
use std::process::Command;

use careplan_fixtures::mutant;
use careplan_judge::message::Wording;
use careplan_judge::profile::Scope;
use careplan_judge::{Profile, check};
use careplan_reports::{Format, Reports, TextOptions};
use careplan_spec::Lang;
use insta::Settings;
use tempfile::TempDir;

/// Which file of the plan of tables 1 to 3 comes from which mutant, and how its name ends: the
/// product that wrote table 1 likes lower case. Table 3 is missing.
const MIXED: [(&str, &str, &str); 3] = [
    ("UP1KYO_", "certification-period-reversed", ".csv"),
    ("UP2KYO_", "unquoted-comma", ".CSV"),
    ("UPHOSOKU_", "half-width-kana", ".CSV"),
];

/// A folder with the mixed unit.
fn mixed_unit() -> TempDir {
    let desk = tempfile::tempdir().expect("a temporary folder");
    let unit = desk.path().join("unit");
    fs::create_dir(&unit).expect("a new folder");
    for (prefix, name, ending) in MIXED {
        let (files, _) = mutant::find(name).expect("a mutant of this name").build();
        let file = files.iter().find(|file| file.name.starts_with(prefix)).expect("its file");
        let name = file.name.replace(".CSV", ending);
        fs::write(unit.join(name), &file.bytes).expect("a new file");
    }
    fs::write(unit.join("memo.txt"), "memo").expect("a new file");
    desk
}

/// Runs the program and compares what it writes with `snapshots/<name>.snap`.
#[track_caller]
fn compare(name: &str, folder: &Path, arguments: &[&str], code: i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_careplan-conformance"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("CAREPLAN_LANG")
        .env("COLUMNS", "100")
        .output()
        .expect("the program starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{text}");
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r#"("(tool_)?version":)"\d+\.\d+\.\d+""#, r#"$1"[version]""#);
    settings.add_filter(r#" timestamp="[-0-9T:]{19}""#, r#" timestamp="[time]""#);
    settings.add_filter(r"(careplan-conformance) \d+\.\d+\.\d+", "$1 [version]");
    // Line ends of CSV, and separators of folders on Windows.
    let text = text.replace("\r\n", "\n").replace("unit\\", "unit/");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn every_report_of_a_mixed_unit() {
    let desk = mixed_unit();
    for format in Format::ALL.map(Format::id) {
        for lang in ["ja", "en"] {
            let arguments =
                ["--lang", lang, "check", "unit", "missing", "--report", format, "--quiet"];
            compare(&format!("report-{format}-{lang}"), desk.path(), &arguments, 3);
        }
    }
}

#[test]
fn what_the_relay_would_say_stands_in_the_text() {
    let desk = mixed_unit();
    let arguments = ["--lang", "ja", "check", "unit", "--profile", "relay"];
    compare("report-of-the-relay", desk.path(), &arguments, 1);
}

#[test]
fn the_rules_explained() {
    let desk = tempfile::tempdir().expect("a temporary folder");
    for lang in ["ja", "en"] {
        for stage in ["B004", "S007", "F014", "R012", "L013", "X002"] {
            let arguments = ["--lang", lang, "explain", stage];
            compare(&format!("explain-{stage}-{lang}"), desk.path(), &arguments, 0);
        }
        compare(&format!("rules-{lang}"), desk.path(), &["--lang", lang, "rules"], 0);
    }
}

/// Four records of the version number of a month of publication, as text.
fn wrong_number(lang: Lang, options: TextOptions) -> String {
    let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
    let record = format!("\"202410\",\"472993\"{}\r\n", ",\"\"".repeat(23));
    let profile = Profile::default().with_scope(Scope::File);
    let mut out = Vec::new();
    let mut reports = Reports::new(Wording { lang, show_values: false }, &profile);
    reports.add(Format::Text, &mut out, options);
    let summary = check([(name, record.repeat(4).as_bytes())], &profile, &mut reports);
    reports.finish(&summary).expect("memory");
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn the_text_folds_what_is_explained_under_its_cause_and_shows_it_on_demand() {
    let text = wrong_number(Lang::Ja, TextOptions::default());
    assert!(text.contains("  C020 で説明済み 4件（F028 4件。すべて見るには --all）\n"), "{text}");
    assert!(!text.contains("エラー F028"), "{text}");
    let text = wrong_number(Lang::En, TextOptions::default());
    assert!(text.contains("  4 explained by C020: 4 of F028 (--all shows every one).\n"), "{text}");
    let all = wrong_number(Lang::Ja, TextOptions { fold: None, ..TextOptions::default() });
    assert_eq!(all.matches("エラー F028").count(), 4, "{all}");
}
