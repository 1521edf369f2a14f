//! The command as vendors and pipelines use it: arguments in, exit codes and reports out.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use careplan_fixtures::region::{Party, offices_of_kind};
use careplan_fixtures::{Request, generate};
use careplan_spec::calendar::Month;
use serde_json::Value;
use tempfile::TempDir;

#[path = "cli/anonymise.rs"]
mod anonymise;
#[path = "cli/kept_characters.rs"]
mod kept_characters;
#[path = "cli/keys.rs"]
mod keys;
#[path = "cli/never_a_pass.rs"]
mod never_a_pass;
#[path = "cli/suppressions.rs"]
mod suppressions;

const JUNE: Month = Month::new(2026, 6).expect("a month");

/// A folder to run in, so that no settings file of this repository is read.
struct RunFolder(TempDir);

impl RunFolder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a valid unit into a folder of this name.
    fn unit(&self, id: &str, folder: &str) -> PathBuf {
        self.people(id, 1, folder)
    }

    /// Writes a valid unit about several people into a folder of this name.
    fn people(&self, id: &str, people: u64, folder: &str) -> PathBuf {
        let folder = self.path().join(folder);
        fs::create_dir_all(&folder).expect("a new folder");
        let request = Request::new(id, JUNE).expect("a known unit");
        for file in generate(&Request { people, ..request }).expect("a unit") {
            fs::write(folder.join(&file.name), &file.bytes).expect("a new file");
        }
        folder
    }

    /// Writes a home-care plan whose 第1表 has lost a column in its first record.
    fn broken(&self, folder: &str) -> PathBuf {
        let folder = self.unit("K1", folder);
        let file = file_of(&folder, "UP1KYO_");
        let mut bytes = fs::read(&file).expect("the unit has it");
        let comma = bytes.iter().position(|&byte| byte == b',').expect("columns");
        bytes.remove(comma);
        fs::write(&file, bytes).expect("written");
        folder
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with_input(arguments, b"")
    }

    /// Runs as if it were this second since 1970.
    fn run_at(&self, second: u64, arguments: &[&str]) -> Ran {
        self.run_with(Some(second), arguments, b"")
    }

    fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Ran {
        self.run_with(None, arguments, input)
    }

    fn run_with(&self, second: Option<u64>, arguments: &[&str], input: &[u8]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_careplan-conformance"));
        command.env_remove("SOURCE_DATE_EPOCH");
        if let Some(second) = second {
            command.env("SOURCE_DATE_EPOCH", second.to_string());
        }
        let mut child = command
            .args(arguments)
            .current_dir(self.path())
            .env_remove("CAREPLAN_LANG")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // It may end without reading, which closes the pipe.
        let _ = child.stdin.take().expect("piped").write_all(input);
        Ran(child.wait_with_output().expect("the program ends"))
    }
}

fn file_of(folder: &Path, prefix: &str) -> PathBuf {
    let entries = fs::read_dir(folder).expect("the folder exists");
    entries
        .map(|entry| entry.expect("an entry").path())
        .find(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix))
        })
        .expect("the folder has it")
}

struct Ran(Output);

impl Ran {
    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.0.status.code(), Some(code), "{}\n{}", self.out(), self.err());
        self
    }

    fn out(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).expect("UTF-8")
    }

    fn err(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).expect("UTF-8")
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.0.stdout).expect("one JSON document on stdout")
    }
}

fn codes(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().map(|finding| finding["code"].as_str().expect("a code")).collect()
}

#[test]
fn a_good_unit_is_accepted_in_both_languages() {
    let here = RunFolder::new();
    here.unit("K1", "good");
    let japanese = here.run(&["check", "good"]).exits(0).out();
    assert!(japanese.contains("合格"), "{japanese}");
    let english = here.run(&["--lang", "en", "check", "good"]).exits(0).out();
    assert!(english.contains("accepted") && !english.contains("合格"), "{english}");
}

#[test]
fn a_lost_column_is_rejected_with_file_record_and_clause() {
    let here = RunFolder::new();
    here.broken("bad");
    let text = here.run(&["check", "bad"]).exits(1).out();
    for part in ["S007", "UP1KYO_", "28", "27", "不合格"] {
        assert!(text.contains(part), "{part} is missing from\n{text}");
    }
    let report = here.run(&["check", "bad", "--report", "json"]).exits(1).json();
    let finding = &report["findings"][0];
    assert_eq!(finding["code"], "S007");
    assert_eq!(finding["record"], 1);
    assert_eq!(finding["severity"], "error");
    assert_eq!(report["verdict"], "rejected");
}

#[test]
fn nothing_to_check_is_not_a_pass() {
    let here = RunFolder::new();
    fs::create_dir(here.path().join("empty")).expect("a new folder");
    here.run(&["check", "empty"]).exits(3);
    fs::write(here.path().join("notes.txt"), "memo").expect("written");
    let ran = here.run(&["check", "notes.txt"]).exits(3);
    assert!(ran.out().contains("notes.txt"), "foreign files are listed: {}", ran.out());
    here.run(&["check", "no-such-folder"]).exits(3);
}

#[test]
fn wrong_usage_and_wrong_settings_have_their_own_code() {
    let here = RunFolder::new();
    here.unit("K1", "good");
    here.run(&["check"]).exits(2);
    here.run(&["check", "good", "--profile", "strict"]).exits(2);
    here.run(&["check", "good", "--report", "xls=out"]).exits(2);
    here.run(&["check", "good", "--report", "json", "--report", "csv"]).exits(2);
    fs::write(here.path().join("file"), "x").expect("written");
    here.run(&["check", "good", "--report", "json=file/such/report.json"]).exits(2);
    for (rule, said) in [
        ("F999", "no rule has the code F999"),
        ("f014", "no rule has the code f014; F014 is malformed-insured-number"),
        ("malformed-insured-number", "; F014 is malformed-insured-number"),
        ("malformed-insured-numbr", "; F014 is malformed-insured-number"),
    ] {
        let settings = format!("[rules]\n{rule} = \"off\"\n");
        fs::write(here.path().join("careplan-conformance.toml"), settings).expect("written");
        let ran = here.run(&["check", "good"]).exits(2);
        assert!(ran.err().contains(said), "{}", ran.err());
    }
}

#[test]
fn settings_are_those_above_what_is_checked_and_are_named() {
    const SETTINGS: &str = "careplan-conformance.toml";
    let here = RunFolder::new();
    here.broken("one/two/bad");
    let bad = "one/two/bad";
    let write = |folder: &str, text: &str| {
        fs::write(here.path().join(folder).join(SETTINGS), text).expect("written");
    };
    let named = |paths: &[&str], code| {
        let arguments = [&["--lang", "en", "check"], paths].concat();
        let text = here.run(&arguments).exits(code).out();
        let line = text.lines().find_map(|line| line.strip_prefix("settings: "));
        let known = fs::canonicalize(here.path()).expect("a folder");
        let known = format!("{}/", known.display().to_string().replace('\\', "/"));
        line.map(|line| line.replace(&known, "").replace("//?/", ""))
    };
    assert_eq!(named(&[bad], 1), None);
    // The working folder, which is above; a nearer one; the folder itself, for a file in it too.
    write("", "[rules]\nS007 = \"warning\"\n");
    assert_eq!(named(&[bad], 0).as_deref(), Some(SETTINGS));
    write("one", "[rules]\nS007 = \"error\"\n");
    assert_eq!(named(&[bad], 1).as_deref(), Some("one/careplan-conformance.toml"));
    write(bad, "[rules]\nS007 = \"off\"\nX004 = \"off\"\nX005 = \"off\"\n");
    let own = "one/two/bad/careplan-conformance.toml";
    assert_eq!(named(&[bad], 0).as_deref(), Some(own));
    let file = file_of(&here.path().join(bad), "UP1KYO_");
    let file = file.display().to_string();
    assert_eq!(named(&["--scope", "file", &file], 0).as_deref(), Some(own));
    let report = here.run(&["check", bad, "--report", "json"]).exits(0).json();
    assert!(report["settings"].as_str().is_some_and(|path| path.ends_with(own)), "{report}");
    // Two of them are not mixed; the one that is named holds.
    here.unit("K1", "good");
    let ran = here.run(&["check", bad, "good"]).exits(2);
    assert!(ran.err().contains("two files of settings"), "{}", ran.err());
    here.run(&["check", bad, "good", "--config", SETTINGS]).exits(0);
    // What is wrong in one is said with its path, an argument by its name.
    for (text, said) in [
        ("profile = \"all\"", "careplan-conformance.toml: profile = all"),
        ("scope = \"all\"", "careplan-conformance.toml: scope = all"),
        ("fail-on = \"all\"", "careplan-conformance.toml: fail-on = all"),
        ("as-of = \"2026-13\"", "careplan-conformance.toml: as-of = 2026-13"),
        ("max-record = 1023", "careplan-conformance.toml: max-record = 1023"),
        ("[rules]\nS007 = \"of\"", "careplan-conformance.toml: rules: S007 = of"),
        ("[rules]\nS999 = \"off\"", "careplan-conformance.toml: rules: "),
        ("[rule]", "careplan-conformance.toml: "),
    ] {
        write(bad, text);
        let ran = here.run(&["check", bad]).exits(2);
        assert!(ran.err().contains(&format!("one/two/bad/{said}")), "{said}: {}", ran.err());
    }
    write(bad, "max-record = 1024");
    let ran = here.run(&["check", bad, "--profile", "all"]).exits(2);
    assert!(ran.err().contains("--profile all"), "{}", ran.err());
}

#[test]
fn settings_change_severities_and_the_verdict() {
    let here = RunFolder::new();
    here.broken("bad");
    fs::write(here.path().join("mild.toml"), "[rules]\nS007 = \"warning\"\n").expect("written");
    let report =
        here.run(&["check", "bad", "--config", "mild.toml", "--report", "json"]).exits(0).json();
    assert_eq!(report["findings"][0]["severity"], "warning");
    here.run(&["check", "bad", "--config", "mild.toml", "--fail-on", "warning"]).exits(1);
    fs::write(here.path().join("off.toml"), "[rules]\nS007 = \"off\"\n").expect("written");
    let report =
        here.run(&["check", "bad", "--config", "off.toml", "--report", "json"]).exits(0).json();
    assert!(!codes(&report).contains(&"S007"));
}

#[test]
fn scope_file_leaves_unit_rules_out() {
    let here = RunFolder::new();
    let folder = here.unit("K1", "part");
    fs::remove_file(file_of(&folder, "UP2KYO_")).expect("removed");
    let whole = here.run(&["check", "part", "--report", "json"]).exits(1).json();
    assert!(codes(&whole).iter().any(|code| code.starts_with('X')), "{whole}");
    let part = here.run(&["check", "part", "--scope", "file", "--report", "json"]).exits(0).json();
    assert!(codes(&part).is_empty(), "{part}");
}

#[test]
fn copies_of_a_unit_in_two_folders_are_two_units_and_parts_are_one() {
    let here = RunFolder::new();
    here.unit("K1", "months/may");
    here.unit("K1", "months/may-again");
    let report = here.run(&["check", "months", "--report", "json"]).exits(0).json();
    assert_eq!(report["units"].as_array().map(Vec::len), Some(2), "{report}");
    let folder = here.unit("K2", "spread/table6");
    let table7 = here.path().join("spread/table7");
    fs::create_dir_all(&table7).expect("a new folder");
    let file = file_of(&folder, "UPSIKYU_");
    fs::rename(&file, table7.join(file.file_name().expect("a name"))).expect("moved");
    let report = here.run(&["check", "spread", "--report", "json"]).exits(0).json();
    assert_eq!(report["units"].as_array().map(Vec::len), Some(1), "{report}");
}

#[test]
fn standard_input_takes_its_name_from_an_argument() {
    let here = RunFolder::new();
    let folder = here.unit("K4", "unit");
    let file = file_of(&folder, "DLTPLAN_");
    let bytes = fs::read(&file).expect("read");
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    here.run_with_input(&["check", "-", "--name", &name], &bytes).exits(0);
    here.run_with_input(&["check", "-", "--name", &name], b"\xFF\xFF").exits(1);
    here.run_with_input(&["check", "-"], &bytes).exits(2);
}

#[test]
fn a_zip_is_read_like_a_folder() {
    let here = RunFolder::new();
    let folder = here.broken("bad");
    let archive = fs::File::create(here.path().join("bad.zip")).expect("a new file");
    let mut zip = zip::ZipWriter::new(archive);
    for entry in fs::read_dir(&folder).expect("read") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        zip.start_file(format!("送信/{name}"), zip::write::SimpleFileOptions::default())
            .expect("started");
        zip.write_all(&fs::read(&path).expect("read")).expect("written");
    }
    zip.finish().expect("finished");
    let from_zip = here.run(&["check", "bad.zip", "--report", "json"]).exits(1).json();
    let from_folder = here.run(&["check", "bad", "--report", "json"]).exits(1).json();
    assert_eq!(codes(&from_zip), codes(&from_folder));
    fs::write(here.path().join("broken.zip"), b"PK\x03\x04 nothing").expect("written");
    here.run(&["check", "broken.zip"]).exits(3);
}

#[test]
fn a_pattern_is_expanded_where_no_shell_does_it() {
    let here = RunFolder::new();
    here.unit("K1", "good");
    let files = |pattern: &str| {
        let report = here.run(&["check", pattern, "--scope", "file", "--report", "json"]).exits(0);
        report.json()["files"].as_array().expect("files").len()
    };
    assert_eq!(files("good/*.CSV"), 4);
    assert_eq!(files("good/UP?KYO_*.CSV"), 3);
    here.run(&["check", "good/*.TXT"]).exits(3);
}

#[test]
fn many_entries_of_two_zips_come_out_in_their_order() {
    let here = RunFolder::new();
    let folder = here.unit("K2", "plan");
    for archive in ["a.zip", "b.zip"] {
        let target = fs::File::create(here.path().join(archive)).expect("a new file");
        let mut zip = zip::ZipWriter::new(target);
        for copy in 10..40 {
            for entry in fs::read_dir(&folder).expect("the folder exists") {
                let path = entry.expect("an entry").path();
                let name = path.file_name().expect("a name").to_string_lossy();
                let inside = format!("{copy}/{name}");
                zip.start_file(inside, zip::write::SimpleFileOptions::default()).expect("a ZIP");
                zip.write_all(&fs::read(&path).expect("it exists")).expect("written");
            }
        }
        zip.finish().expect("a ZIP");
    }
    let ran = here.run(&["check", "a.zip", "b.zip", "--report", "json", "--quiet", "--jobs", "3"]);
    let report = ran.exits(0).json();
    let files = report["files"].as_array().expect("files");
    let paths: Vec<&str> = files.iter().map(|file| file["path"].as_str().expect("text")).collect();
    assert_eq!(paths.len(), 2 * 30 * 3);
    assert!(paths.is_sorted(), "in the order of the names");
    assert!(files.iter().all(|file| file["status"] == "checked" && file["records"] != 0));
}

#[test]
fn broken_quotes_are_findings_in_every_command() {
    let here = RunFolder::new();
    let folder = here.unit("K2", "plan");
    let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
    let bytes = b"\"\r\n\",\r\n\",,,,,,,,,,,,,,,,,,,,,,,,,x\"";
    fs::write(folder.join(name), bytes).expect("written");
    let ran = here.run(&["--lang", "en", "check", "plan", "--report", "json", "--quiet"]);
    let report = ran.exits(1).json();
    let findings = report["findings"].as_array().expect("findings");
    let columns: Vec<&str> = findings
        .iter()
        .filter(|finding| finding["code"] == "S007")
        .map(|finding| finding["message"].as_str().expect("text"))
        .collect();
    assert_eq!(columns.len(), 2, "{columns:?}");
    assert!(columns[0].starts_with("The record has 2 columns instead of 25."), "{}", columns[0]);
    assert!(columns[1].starts_with("The record has 1 columns instead of 25."), "{}", columns[1]);
    here.run(&["render", "plan", "--out", "forms.html"]).exits(0);
    let page = fs::read_to_string(here.path().join("forms.html")).expect("a page");
    assert!(page.contains("cp-strays") && page.contains(name), "what fits no form is shown");
    let compared = here.run(&["--lang", "en", "compare", "plan", "plan"]).exits(1);
    assert!(compared.out().contains("It has another number of columns."), "{}", compared.out());
    let fixed = here.run(&["--lang", "en", "fix", "plan", "--out", "fixed"]).exits(1);
    assert!(fixed.out().contains("the framing was left alone"), "{}", fixed.out());
    assert_eq!(fs::read(here.path().join("fixed").join(name)).expect("a copy"), bytes);
}

#[test]
fn a_baseline_hides_what_is_known_and_nothing_else() {
    let here = RunFolder::new();
    let folder = here.broken("bad");
    here.run(&["check", "bad", "--write-baseline", "known.json"]).exits(1);
    here.run(&["check", "bad", "--baseline", "known.json"]).exits(0);
    let file = file_of(&folder, "UP3KYO_");
    let bytes = fs::read(&file).expect("read");
    fs::write(&file, [&bytes[..], b"one,more\r\n"].concat()).expect("written");
    let ran = here.run(&["check", "bad", "--baseline", "known.json", "--report", "json"]).exits(1);
    let report = ran.json();
    let findings = report["findings"].as_array().expect("findings");
    assert!(codes(&report).contains(&"S007"), "{findings:?}");
    assert!(findings.iter().all(|f| f["path"].as_str().is_some_and(|p| p.contains("UP3KYO_"))));
}

#[test]
fn every_report_says_how_many_findings_a_baseline_hid() {
    let here = RunFolder::new();
    here.broken("bad");
    here.run(&["check", "bad", "--write-baseline", "known.json"]).exits(1);
    let all = here.run(&["check", "bad", "--report", "json"]).exits(1).json();
    assert!(all["hidden_by_baseline"].is_null(), "{all}");
    let total = codes(&all).len();
    for lang in ["ja", "en"] {
        for format in careplan_reports::Format::ALL.map(careplan_reports::Format::id) {
            let arguments = ["--lang", lang, "check", "bad", "--baseline", "known.json"];
            let report = here.run(&[&arguments[..], &["--report", format]].concat()).exits(0).out();
            let said = match (format, lang) {
                ("json" | "jsonl", _) => {
                    format!("\"hidden_by_baseline\":{{\"errors\":{},", all["counts"]["errors"])
                }
                ("sarif", _) => format!("\"hiddenByBaseline\":{total}"),
                (_, "ja") => format!("（ベースライン）にある{total}件は表示していません"),
                (_, _) => format!("hidden by the baseline: {total} finding"),
            };
            assert!(report.contains(&said), "{format} {lang}: {said}\n{report}");
        }
    }
    // A baseline that fits nothing says that, too.
    here.unit("K1", "good");
    let text = here.run(&["--lang", "en", "check", "good", "--baseline", "known.json"]).exits(0);
    assert!(text.out().contains("the baseline hid nothing"), "{}", text.out());
}

#[test]
fn a_workbook_is_written_beside_reports_and_to_a_file_alone() {
    let here = RunFolder::new();
    let folder = here.broken("bad");
    let ran = here.run(&["check", "bad", "--report", "xlsx=all.xlsx", "--report", "json"]).exits(1);
    assert!(codes(&ran.json()).contains(&"S007"));
    let sheets = |name: &str| {
        let file = fs::File::open(here.path().join(name)).expect("written");
        let mut zip = zip::ZipArchive::new(file).expect("a workbook is a ZIP");
        let mut text = String::new();
        let mut part = zip.by_name("xl/workbook.xml").expect("the book");
        std::io::Read::read_to_string(&mut part, &mut text).expect("XML");
        text
    };
    for name in ["概要", "指摘", "UP1KYO", "UP2KYO", "UP3KYO", "UPHOSOKU"] {
        assert!(sheets("all.xlsx").contains(&format!("<sheet name=\"{name}\"")), "{name}");
    }
    // Two files of a kind; one that is none of the standard's; one that is not there.
    let one = file_of(&folder, "UP1KYO_");
    fs::copy(&one, one.with_file_name("UP1KYO_4779000118_43_4779000183_11_20260520131723.CSV"))
        .expect("copied");
    fs::write(folder.join("memo.txt"), "memo").expect("written");
    let quiet = ["check", "bad", "missing", "--quiet", "--report", "xlsx=two.xlsx"];
    assert_eq!(here.run(&quiet).exits(3).out(), "");
    let two = sheets("two.xlsx");
    assert!(two.contains("\"UP1KYO (2)\"") && !two.contains("memo"), "{two}");
    for arguments in [&["--report", "xlsx"][..], &["--report", "xlsx=-"]] {
        let refused = here.run(&[&["check", "bad"][..], arguments].concat()).exits(2);
        assert!(refused.err().contains("xlsx=FILE"), "{}", refused.err());
    }
    fs::write(here.path().join("file"), "x").expect("written");
    here.run(&["check", "bad", "--report", "xlsx=file/such/folder.xlsx"]).exits(2);
}

#[test]
fn quiet_is_quiet_but_for_what_was_asked_for() {
    let here = RunFolder::new();
    here.broken("bad");
    let quiet = here.run(&["check", "bad", "--quiet"]).exits(1);
    assert_eq!((quiet.out(), quiet.err()), (String::new(), String::new()));
    let file = here.run(&["check", "bad", "--quiet", "--report", "json=a.json"]).exits(1);
    assert_eq!(file.out(), "");
    assert!(here.path().join("a.json").exists());
    let asked = here.run(&["check", "bad", "--quiet", "--report", "text"]).exits(1);
    assert!(asked.out().contains("S007"), "{}", asked.out());
    // What went wrong with the run itself is still said.
    let nothing = here.run(&["check", "missing", "--quiet"]).exits(3);
    assert_eq!(nothing.out(), "");
}

#[test]
fn a_concise_line_leads_to_the_field() {
    let here = RunFolder::new();
    let folder = here.unit("K1", "bad");
    let file = file_of(&folder, "UP1KYO_");
    let bytes = fs::read(&file).expect("the unit has it");
    // The insured number, item 3, loses its last digit; the third table is missing.
    let comma = bytes.iter().enumerate().filter(|(_, byte)| **byte == b',').nth(2).expect("item 3");
    fs::write(&file, [&bytes[..comma.0 - 1], &bytes[comma.0..]].concat()).expect("written");
    fs::remove_file(file_of(&folder, "UP3KYO_")).expect("removed");
    let report = here.run(&["check", "bad", "gone", "--report", "concise"]).exits(3).out();
    let column = 1 + bytes[..comma.0].iter().rposition(|byte| *byte == b',').expect("item 2") + 1;
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    let of_field = format!("bad/{name}:1:{column}: F014 項目3「被保険者番号」");
    assert!(report.contains(&of_field), "{of_field}\n{report}");
    let of_unit = report.lines().find(|line| line.contains(" X002 ")).expect("the unit");
    assert!(of_unit.starts_with(&format!("bad/{name}:1:1: X002 ")), "{of_unit}");
    assert!(report.contains("\ngone:1:1: unreadable "), "{report}");
}

#[test]
fn json_lines_hold_a_finding_each_and_the_summary_last() {
    let here = RunFolder::new();
    here.broken("bad");
    let document = here.run(&["check", "bad", "--report", "json"]).exits(1).json();
    let text = here.run(&["check", "bad", "--report", "jsonl"]).exits(1).out();
    let mut lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let mut summary = lines.pop().expect("a summary");
    let mut whole = document.clone();
    let findings = whole.as_object_mut().expect("an object").remove("findings").expect("findings");
    assert_eq!(summary.as_object_mut().expect("an object").remove("type"), Some("summary".into()));
    assert_eq!(summary, whole);
    for line in &mut lines {
        let kind = line.as_object_mut().expect("an object").remove("type");
        assert_eq!(kind, Some("finding".into()));
    }
    assert_eq!(Value::Array(lines), findings);
}

/// A home-care plan without its third table.
fn without_third_table(here: &RunFolder, folder: &str, request: &Request) {
    let folder = here.path().join(folder);
    fs::create_dir_all(&folder).expect("a new folder");
    for file in generate(request).expect("a unit") {
        if !file.name.starts_with("UP3KYO_") {
            fs::write(folder.join(&file.name), &file.bytes).expect("a new file");
        }
    }
}

#[test]
fn a_known_defect_of_a_unit_hides_no_other_unit_month_person_or_office() {
    let here = RunFolder::new();
    let known = Request::new("K1", JUNE).expect("a known unit");
    without_third_table(&here, "known", &known);
    here.run(&["check", "known", "--write-baseline", "known.json"]).exits(1);
    // The same papers, exported again under a later sequence.
    without_third_table(&here, "again", &Request { revision: 1, ..known });
    let ran = here.run(&["check", "again", "--baseline", "known.json"]).exits(0);
    assert!(!ran.out().contains("X002"), "{}", ran.out());
    let kind = known.to.kind();
    let mut others = offices_of_kind(kind).filter(|office| office.number != known.to.office());
    let office = others.next().expect("another office").number;
    let other_office = Party::new(office, known.to.kind()).expect("a kind");
    for (folder, request) in [
        ("month", Request { month: JUNE.next(), ..known }),
        ("person", Request { first: known.first + 1, ..known }),
        ("people", Request { people: known.people + 1, ..known }),
        ("office", Request { to: other_office, ..known }),
    ] {
        without_third_table(&here, folder, &request);
        let ran = here.run(&["--lang", "en", "check", folder, "--baseline", "known.json"]).exits(1);
        let out = ran.out();
        assert!(out.contains("X002") && out.contains("UP3KYO"), "{folder}: {out}");
    }
}

#[test]
fn a_known_defect_of_a_person_hides_no_other_person() {
    let here = RunFolder::new();
    let request = Request { people: 3, ..Request::new("K1", JUNE).expect("a known unit") };
    let twice = |folder: &str, person: usize| {
        let folder = here.path().join(folder);
        fs::create_dir_all(&folder).expect("a new folder");
        for mut file in generate(&request).expect("a unit") {
            if file.name.starts_with("UP1KYO_") {
                let bytes = file.bytes.clone();
                let records: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
                assert_eq!(records.len(), 3, "one line a person");
                file.bytes.extend_from_slice(records[person]);
            }
            fs::write(folder.join(&file.name), &file.bytes).expect("a new file");
        }
    };
    let finding = |arguments: &[&str]| {
        let ran = here.run(&[arguments, &["--fail-on", "warning", "--report", "json"]].concat());
        let report = ran.json();
        let found: Vec<(String, u64)> = report["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .map(|finding| {
                let code = finding["code"].as_str().expect("a code").to_owned();
                (code, finding["record"].as_u64().expect("a number"))
            })
            .collect();
        found
    };
    twice("first", 0);
    twice("third", 2);
    let known = finding(&["check", "first", "--write-baseline", "known.json"]);
    assert_eq!(known, [("L009".to_owned(), 4)]);
    assert_eq!(finding(&["check", "first", "--baseline", "known.json"]), []);
    let new = finding(&["check", "third", "--baseline", "known.json"]);
    assert_eq!(new, [("L009".to_owned(), 4)]);
}

#[test]
fn a_known_defect_of_a_whole_file_hides_no_other_person() {
    let here = RunFolder::new();
    let known = Request::new("K1", JUNE).expect("a known unit");
    // A mark at the beginning and line ends of old systems: about the file, whose name says nothing
    // of a person.
    let spoilt = |folder: &str, request: &Request| {
        let folder = here.path().join(folder);
        fs::create_dir_all(&folder).expect("a new folder");
        for file in generate(request).expect("a unit") {
            let mut bytes = b"\xEF\xBB\xBF".to_vec();
            bytes.extend(file.bytes.iter().filter(|byte| **byte != b'\r'));
            fs::write(folder.join(&file.name), bytes).expect("a new file");
        }
    };
    let found = |arguments: &[&str]| {
        let report = here.run(&[arguments, &["--report", "json"]].concat()).json();
        codes(&report).iter().map(|code| (*code).to_owned()).collect::<Vec<_>>()
    };
    spoilt("known", &known);
    let all = found(&["check", "known", "--write-baseline", "known.json"]);
    assert!(all.iter().any(|code| code == "B002") && all.iter().any(|code| code == "S009"));
    spoilt("again", &Request { revision: 1, ..known });
    assert_eq!(found(&["check", "again", "--baseline", "known.json"]), [""; 0]);
    spoilt("person", &Request { first: known.first + 1, ..known });
    assert_eq!(found(&["check", "person", "--baseline", "known.json"]), all);
}

#[test]
fn what_is_not_there_is_no_pass_whatever_its_name() {
    let here = RunFolder::new();
    here.unit("K1", "good");
    for missing in
        ["exprot", "missing.CSV", "UP1KYO_4779000118_43_4779000183_11_20260520131722.CSV"]
    {
        let ran = here.run(&["--lang", "en", "check", "good", missing]).exits(3);
        assert!(ran.out().contains(&format!("{missing}: unreadable: ")), "{}", ran.out());
    }
}

#[test]
fn fingerprints_tell_findings_of_files_and_units_apart() {
    let here = RunFolder::new();
    let known = Request::new("K1", JUNE).expect("a known unit");
    for (folder, request) in
        [("all/one", known), ("all/two", Request { month: JUNE.next(), ..known })]
    {
        without_third_table(&here, folder, &request);
        for entry in fs::read_dir(here.path().join(folder)).expect("the folder exists") {
            // Line ends of old systems, in every file.
            let path = entry.expect("an entry").path();
            let bytes: Vec<u8> = fs::read(&path).expect("it exists");
            let bytes: Vec<u8> = bytes.into_iter().filter(|byte| *byte != b'\r').collect();
            fs::write(path, bytes).expect("written");
        }
    }
    let report = here.run(&["check", "all", "--report", "sarif", "--quiet"]).exits(1).json();
    let results = report["runs"][0]["results"].as_array().expect("results");
    let prints = |code: &str| -> Vec<&str> {
        results
            .iter()
            .filter(|result| result["ruleId"] == code)
            .map(|result| result["partialFingerprints"]["finding/v4"].as_str().expect("a number"))
            .collect()
    };
    let of_units = prints("X002");
    assert_eq!(of_units.len(), 2);
    assert_ne!(of_units[0], of_units[1]);
    // Files of two kinds of one unit.
    let of_files: std::collections::BTreeSet<&str> = prints("S009").into_iter().collect();
    assert!(of_files.len() >= 3, "{of_files:?}");
    assert!(
        of_files.contains("S009 UP1KYO - 1") && of_files.contains("S009 UP1KYO - 2"),
        "{of_files:?}"
    );
}

#[test]
fn a_baseline_of_another_format_is_refused_with_the_command_that_writes_it_anew() {
    let here = RunFolder::new();
    here.broken("bad");
    let old =
        r#"{"version":1,"tool":"careplan-conformance","known":{"X002  0 0000000000000000":1}}"#;
    fs::write(here.path().join("known.json"), old).expect("written");
    let ran = here.run(&["check", "bad", "--baseline", "known.json"]).exits(2);
    let command = "careplan-conformance check bad --write-baseline known.json";
    assert!(ran.err().contains(command), "{}", ran.err());
    assert_eq!(ran.out(), "", "nothing was checked");
    here.run(&["check", "bad", "--write-baseline", "known.json"]).exits(1);
    here.run(&["check", "bad", "--baseline", "known.json"]).exits(0);
}

#[test]
fn the_relay_profile_says_what_the_relay_would_say() {
    let here = RunFolder::new();
    here.broken("bad");
    let report =
        here.run(&["check", "bad", "--profile", "relay", "--report", "json"]).exits(1).json();
    assert_eq!(
        report["findings"][0]["relay_message"],
        "ケアプランデータの書式フォーマットが正しくありません。ケアプランデータ内の書式を確認してください。"
    );
    let folder = here.unit("K1", "part");
    fs::remove_file(file_of(&folder, "UP2KYO_")).expect("removed");
    let text = here.run(&["check", "part", "--profile", "relay"]).exits(1).out();
    assert!(text.contains("ファイルの組み合わせが正しくありません。"), "{text}");
}

#[test]
fn personal_values_are_masked_in_every_format_unless_asked() {
    let here = RunFolder::new();
    let folder = here.unit("K1", "bad");
    let file = file_of(&folder, "UPHOSOKU_");
    let mut bytes = fs::read(&file).expect("read");
    // The insured number, item 3, loses its last digit.
    let mut commas = bytes.iter().enumerate().filter(|(_, byte)| **byte == b',').map(|(at, _)| at);
    let (start, end) = (commas.nth(1).expect("item 3") + 1, commas.next().expect("item 4"));
    let number = String::from_utf8(bytes[start..end - 1].to_vec()).expect("digits");
    bytes.remove(end - 1);
    fs::write(&file, bytes).expect("written");
    for format in careplan_reports::Format::ALL.map(careplan_reports::Format::id) {
        let report = format!("{format}=-");
        let masked = here.run(&["check", "bad", "--report", &report]).exits(1).out();
        assert!(!masked.contains(&number), "{format} shows the insured number");
        assert!(masked.contains("F014"), "{format}: {masked}");
    }
    let shown = here.run(&["check", "bad", "--show-values"]).exits(1).out();
    assert!(shown.contains(&number), "{shown}");
}

#[test]
fn several_reports_come_out_of_one_run() {
    let here = RunFolder::new();
    here.broken("bad");
    here.run(&["check", "bad", "--report", "json=a.json", "--report", "junit=b.xml"]).exits(1);
    let json: Value =
        serde_json::from_slice(&fs::read(here.path().join("a.json")).expect("read")).expect("JSON");
    assert_eq!(json["counts"]["errors"], json["findings"].as_array().expect("array").len());
    let junit = fs::read_to_string(here.path().join("b.xml")).expect("read");
    assert!(junit.starts_with("<?xml") && junit.contains("S007"), "{junit}");
}

#[test]
fn rules_are_explained_and_unknown_ones_refused() {
    let here = RunFolder::new();
    let text = here.run(&["explain", "S007"]).exits(0).out();
    assert!(text.contains("項目数"), "{text}");
    here.run(&["explain", "Z001"]).exits(2);
    let listed = here.run(&["rules"]).exits(0).out();
    for rule in careplan_judge::rules::all() {
        assert!(listed.contains(rule.code), "{}", rule.code);
    }
}

#[test]
fn layouts_are_exported_for_other_tools() {
    let here = RunFolder::new();
    let all = here.run(&["layouts", "--format", "json"]).exits(0).json();
    assert!(all.to_string().contains("被保険者番号"));
    here.run(&["layouts", "--format", "json-schema"]).exits(0).json();
    let csv = here.run(&["layouts", "--format", "csv"]).exits(0).out();
    assert!(csv.lines().count() > 390, "one line a field: {}", csv.lines().count());
    let markdown = here.run(&["layouts", "--format", "markdown"]).exits(0).out();
    assert!(markdown.contains("| "), "{markdown}");
}

#[test]
fn a_repaired_copy_is_written_beside_and_passes() {
    let here = RunFolder::new();
    let folder = here.unit("K1", "excel");
    let file = file_of(&folder, "UP1KYO_");
    let original = fs::read(&file).expect("read");
    let text = careplan_spec::ms932::decode(&original).expect("MS932");
    let saved = format!("\u{FEFF}{}", text.replace("\r\n", "\n"));
    fs::write(&file, &saved).expect("written");
    here.run(&["check", "excel"]).exits(1);
    here.run(&["fix", "excel", "--out", "repaired"]).exits(0);
    here.run(&["check", "repaired"]).exits(0);
    assert_eq!(fs::read(&file).expect("read"), saved.as_bytes(), "the original is untouched");
    let name = file.file_name().expect("a name");
    assert_eq!(fs::read(here.path().join("repaired").join(name)).expect("read"), original);
}

#[test]
fn the_generated_documentation_is_current() {
    let here = RunFolder::new();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/generated");
    let docs = docs.to_str().expect("a plain path");
    here.run(&["docs", "--check", "--out", docs]).exits(0);
}

#[test]
fn render_writes_a_page_and_never_over_another() {
    let here = RunFolder::new();
    here.unit("K1", "plan");
    here.unit("S1", "actual");
    here.run(&["render", "plan", "actual", "--out", "forms.html"]).exits(0);
    let page = fs::read_to_string(here.path().join("forms.html")).expect("written");
    assert!(page.contains("第１表") && page.contains("第６表") && page.contains("目次"));
    here.run(&["render", "plan", "--out", "forms.html"]).exits(2);
    assert_eq!(fs::read_to_string(here.path().join("forms.html")).expect("there"), page);
    here.run(&["render", "plan", "--out", "forms.html", "--force", "--lang", "en", "--mask"])
        .exits(0);
    let masked = fs::read_to_string(here.path().join("forms.html")).expect("written");
    assert!(masked.contains("Personal values are withheld"));
    fs::write(here.path().join("file"), "x").expect("written");
    here.run(&["render", "plan", "--out", "file/such/folder.html"]).exits(2);
}

#[test]
fn render_says_what_it_could_not_read() {
    let here = RunFolder::new();
    here.unit("K1", "plan");
    here.run(&["render", "plan", "missing", "--out", "forms.html"]).exits(3);
    let page = fs::read_to_string(here.path().join("forms.html")).expect("what could be read");
    assert!(page.contains("第１表") && page.contains("missing"));
    fs::create_dir(here.path().join("empty")).expect("a new folder");
    here.run(&["render", "empty", "--out", "-"]).exits(3);
    // Findings are shown, not judged.
    here.broken("broken");
    here.run(&["render", "broken", "--out", "-"]).exits(0);
    here.run(&["render", "plan", "--out", "-", "--profile", "strict"]).exits(2);
}

#[test]
fn compare_tells_what_a_round_trip_lost() {
    let here = RunFolder::new();
    here.unit("K1", "given");
    let returned = here.unit("K1", "returned");
    let text = here.run(&["compare", "given", "returned"]).exits(0).out();
    assert!(text.contains("すべて戻りました"), "{text}");
    let file = file_of(&returned, "UP2KYO_");
    let bytes = fs::read(&file).expect("the unit has it");
    let end = bytes.windows(2).position(|pair| pair == b"\r\n").expect("a record");
    fs::write(&file, &bytes[end + 2..]).expect("written");
    let english = here.run(&["--lang", "en", "compare", "given", "returned"]).exits(1).out();
    assert!(english.contains("record lost") && english.contains("UP2KYO_"), "{english}");
    let args = ["compare", "given", "returned", "--report", "json", "--report", "html=page.html"];
    let report = here.run(&args).exits(1).json();
    assert_eq!(report["verdict"], "lost");
    assert_eq!(report["differences"][0]["change"], "record-lost");
    let page = fs::read_to_string(here.path().join("page.html")).expect("a page");
    assert!(page.contains("cp-error") && page.contains("往復"));
}

#[test]
fn compare_passes_nothing_it_could_not_read() {
    let here = RunFolder::new();
    here.unit("K1", "given");
    here.run(&["compare", "given", "missing"]).exits(3);
    fs::create_dir(here.path().join("empty")).expect("a new folder");
    here.run(&["compare", "empty", "given"]).exits(3);
    here.run(&["compare", "given", "given", "--report", "pdf"]).exits(2);
    here.run(&["compare", "given"]).exits(2);
    here.run(&["compare", "given", "empty"]).exits(1);
}

#[test]
fn compare_can_reject_what_has_to_be_reviewed() {
    let here = RunFolder::new();
    here.unit("K1", "given");
    let returned = here.unit("K1", "returned");
    let file = file_of(&returned, "UP1KYO_");
    let text = careplan_spec::ms932::decode(&fs::read(&file).expect("read")).expect("MS932");
    // 作成年月日, whose return is not settled.
    let mut cells: Vec<&str> = text.splitn(5, ',').collect();
    cells[3] = "20260525";
    let bytes = careplan_spec::ms932::encode(&cells.join(",")).expect("MS932");
    fs::write(&file, bytes).expect("written");
    let text = here.run(&["compare", "given", "returned"]).exits(0).out();
    assert!(text.contains("要確認"), "{text}");
    here.run(&["compare", "given", "returned", "--fail-on", "review"]).exits(1);
}

/// The cells of a file, one record a line.
fn cells(file: &Path) -> Vec<Vec<String>> {
    let text = careplan_spec::ms932::decode(&fs::read(file).expect("read")).expect("MS932");
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn write_cells(file: &Path, cells: &[Vec<String>]) {
    let lines: Vec<String> = cells.iter().map(|cells| cells.join(",") + "\r\n").collect();
    let bytes = careplan_spec::ms932::encode(&lines.concat()).expect("MS932");
    fs::write(file, bytes).expect("written");
}

/// 0-based places of UPPLAN.
const CREATED: usize = 3;
const UNITS: usize = 7;

#[test]
fn compare_says_another_day_of_creation_once_and_a_move_to_another_person_by_its_name() {
    let here = RunFolder::new();
    let given = here.people("K2", 2, "given");
    let returned = here.people("K2", 2, "returned");
    let file = file_of(&returned, "UPPLAN_");
    let mut records = cells(&file);
    let of = cells(&file_of(&given, "UPPLAN_")).len();
    for record in &mut records {
        record[CREATED] = "20260609".to_owned();
    }
    write_cells(&file, &records);
    let text = here.run(&["compare", "given", "returned"]).exits(0).out();
    assert_eq!(text.matches("20260609").count(), 1, "{text}");
    assert!(text.contains(&format!("同じ違いがほかに{}件の記録にあります。", of - 1)), "{text}");

    // The first record becomes one of the other person.
    let other = records.last().expect("records")[1..3].to_vec();
    assert_ne!(records[0][2], other[1]);
    let fields = 1 + usize::from(records[0][1] != other[0]);
    records[0][1..3].clone_from_slice(&other);
    write_cells(&file, &records);
    let text = here.run(&["compare", "given", "returned"]).exits(1).out();
    let moved = "記録が、渡したデータにあるほかの利用者のものになっています。";
    assert_eq!(text.matches(moved).count(), fields, "{text}");
    let json = here.run(&["compare", "given", "returned", "--report", "json"]).exits(1).json();
    let differences = json["differences"].as_array().expect("a list");
    let moved: Vec<_> = differences.iter().filter(|one| one["cause"] == "other-person").collect();
    assert_eq!(moved.len(), fields, "{json:#}");
    assert!(moved.iter().all(|one| one["given"]["record"] == 1));
    // A number that nobody has is another number, not another person.
    records[0][2] = "4711".to_owned();
    write_cells(&file, &records);
    let text = here.run(&["compare", "given", "returned"]).exits(1).out();
    assert!(!text.contains("ほかの利用者"), "{text}");
}

#[test]
fn diff_sets_aside_what_changes_with_every_export() {
    let here = RunFolder::new();
    here.people("K2", 2, "a");
    let b = here.people("K2", 2, "b");
    let file = file_of(&b, "UPPLAN_");
    let mut records = cells(&file);
    for record in &mut records {
        record[CREATED] = "20260609".to_owned();
    }
    records.reverse();
    let count = records.len();
    write_cells(&file, &records);
    let text = here.run(&["diff", "a", "b"]).exits(0).out();
    assert!(text.starts_with("2つの出力の内容は同じです。\n"), "{text}");
    assert!(text.contains(&format!("変わってよい違い {count}件は数えていません。")), "{text}");
    let text = here.run(&["--lang", "en", "diff", "a", "b", "--all"]).exits(0).out();
    assert!(text.starts_with(&format!("set aside, {count}: The standard does not say")), "{text}");
    let json = here.run(&["diff", "a", "b", "--report", "json"]).exits(0).json();
    assert_eq!(
        (json["same"].as_bool(), json["counts"]["set_aside"].as_u64()),
        (Some(true), Some(count as u64))
    );
}

#[test]
fn diff_tells_what_changed_by_person_without_a_value_of_theirs() {
    let here = RunFolder::new();
    let a = here.people("K2", 2, "a");
    let b = here.people("K2", 2, "b");
    let file = file_of(&b, "UPPLAN_");
    let mut records = cells(&file);
    let person = records[0][2].clone();
    let units = std::mem::replace(&mut records[0][UNITS], "1".to_owned());
    let gone = records.pop().expect("records");
    write_cells(&file, &records);
    let text = here.run(&["diff", "a", "b"]).exits(1).out();
    assert!(text.contains("利用者1 ") && text.contains("利用者2 "), "{text}");
    assert!(text.contains(&format!("：{units} → 1")), "{text}");
    assert!(text.contains("Aにだけあります。"), "{text}");
    assert!(text.contains("違い 2件（値 1・Aだけ 1・Bだけ 0・読めない記録 0）。"), "{text}");
    assert!(!text.contains(&person) && !text.contains(&gone[2]), "{text}");
    let shown = here.run(&["--lang", "en", "diff", "b", "a", "--show-values"]).exits(1).out();
    assert!(shown.contains(&person) && shown.contains("Only in B."), "{shown}");
    let json = here.run(&["diff", "a", "b", "--report", "json"]).exits(1).json();
    assert_eq!(
        json["counts"],
        serde_json::json!({
            "changed": 1, "only_a": 1, "only_b": 0, "unreadable": 0, "set_aside": 0,
        })
    );
    assert_eq!(json["differences"][0]["change"], "changed");
    // A whole file in one export alone.
    fs::remove_file(file_of(&a, "UPSIKYU_")).expect("removed");
    let text = here.run(&["diff", "a", "b"]).exits(1).out();
    assert!(text.contains("Bにだけあります。"), "{text}");
}

#[test]
fn diff_passes_nothing_it_could_not_read() {
    let here = RunFolder::new();
    here.unit("K1", "a");
    here.run(&["diff", "a", "missing"]).exits(3);
    fs::create_dir(here.path().join("empty")).expect("a new folder");
    here.run(&["diff", "empty", "empty"]).exits(3);
    here.run(&["diff", "empty", "a"]).exits(1);
    here.run(&["diff", "a", "empty"]).exits(1);
    here.run(&["diff", "a", "a", "--report", "html"]).exits(2);
    here.run(&["diff", "a"]).exits(2);
}
