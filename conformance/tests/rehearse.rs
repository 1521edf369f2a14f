//! The folder and the command: what is written, what is refused, what is kept.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use careplan_rehearsal::catalogue::{self, Item, Judge};
use careplan_rehearsal::evidence::sha256;
use careplan_rehearsal::relay_evidence::{self, Direction, EvidenceFile, RelayEvidence};
use careplan_rehearsal::{Setup, Side, case};
use serde_json::Value;
use tempfile::TempDir;

#[path = "../rehearsal/tests/perfect/product.rs"]
mod product;

use product::{export, import_and_export};

const NOW: &str = "2026-11-21T10:00:00+09:00";

struct RehearsalFolder(TempDir);

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
}

impl RehearsalFolder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// With a rehearsal of some patterns in the folder `t`.
    fn with(arguments: &[&str]) -> Self {
        let folder = Self::new();
        let mut all = vec!["init", "t", "--month", "2026-11", "--now", NOW];
        all.extend(arguments);
        folder.run(&all).exits(0);
        folder
    }

    fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_careplan-conformance"))
            .arg("rehearse")
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("CAREPLAN_LANG")
            .env_remove("SOURCE_DATE_EPOCH")
            .output();
        Ran(output.expect("the program starts"))
    }

    fn setup(&self) -> Setup {
        let text = fs::read_to_string(self.path("t/rehearsal.toml")).expect("the plan");
        Setup::parse(&text).expect("a good plan")
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, bytes).expect("a new file");
    }

    /// Hands in what a perfect product makes of an item.
    fn hand_in(&self, item: &Item) {
        let setup = self.setup();
        if item.of.is_some() {
            return;
        }
        let kit = case::files(&setup, item);
        let (folder, files) = match item.side {
            Side::Writes => ("exports", export(&setup, item)),
            Side::Reads => ("returned", import_and_export(item, &kit)),
        };
        for (name, bytes) in files {
            self.put(&format!("t/{folder}/{}/{name}", item.id), &bytes);
        }
    }

    fn results(&self) -> Value {
        let text = fs::read(self.path("t/evidence/results.json")).expect("results");
        serde_json::from_slice(&text).expect("JSON")
    }

    fn state(&self, id: &str) -> String {
        let results = self.results();
        let items = results["items"].as_array().expect("items");
        let item = items.iter().find(|item| item["id"] == id).expect("it was run");
        item["state"].as_str().expect("a state").to_owned()
    }
}

fn item(id: &str) -> &'static Item {
    catalogue::find(id).expect("an item")
}

/// Every file below a folder with its content.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.clone(), fs::read(&path).expect("a file")));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn a_perfect_product_goes_all_the_way_to_a_report() {
    let folder = RehearsalFolder::with(&["--pattern", "D3", "--pattern", "D5"]);
    let setup = folder.setup();
    // Nothing is handed in: nothing failed, nothing passed.
    folder.run(&["run", "t", "--now", NOW]).exits(4);
    let mut evidence = String::new();
    for item in setup.items() {
        folder.hand_in(item);
        if item.is_judged_by(Judge::Relay) {
            let (own, partner) = setup.parties(item).expect("an item of the plan");
            let line = RelayEvidence {
                schema: relay_evidence::SCHEMA.to_owned(),
                at: NOW.to_owned(),
                direction: match item.side {
                    Side::Writes => Direction::Sent,
                    Side::Reads => Direction::Fetched,
                },
                item: None,
                office: own.office().to_string(),
                partner: partner.office().to_string(),
                message: item.id.clone(),
                files: case::files(&setup, item)
                    .iter()
                    .map(|file| EvidenceFile {
                        name: file.name.clone(),
                        sha256: sha256(&file.bytes),
                        bytes: file.bytes.len() as u64,
                    })
                    .collect(),
            };
            evidence.push_str(&format!("{}\n", line.line()));
        }
    }
    folder.put("t/relay/evidence.jsonl", evidence.as_bytes());
    let shown = folder.run(&["run", "t", "--now", NOW]).exits(4).out();
    assert!(shown.contains("公式のベンダ試験ではなく") && shown.contains("要確認"), "{shown}");
    folder.run(&["run", "t", "--allow-unfinished", "--now", NOW]).exits(0);
    folder.run(&["run", "t", "--strict", "--now", NOW]).exits(1);
    for item in setup.items().filter(|item| item.is_judged_by(Judge::Person)) {
        folder.run(&["decide", "t", &item.id, "pass", "--by", "見本　花子", "--now", NOW]).exits(0);
    }
    folder.run(&["run", "t", "--strict", "--now", NOW]).exits(0);
    let before = fs::read(folder.path("t/evidence/results.json")).expect("results");
    folder.run(&["run", "t", "--now", "2027-01-01T00:00:00Z"]).exits(0);
    let after = fs::read(folder.path("t/evidence/results.json")).expect("results");
    assert_eq!(before, after, "running again changes nothing");
    folder.run(&["report", "t", "--out", "out", "--now", NOW]).exits(0);
    let json: Value =
        serde_json::from_slice(&fs::read(folder.path("out/report.json")).expect("JSON"))
            .expect("it");
    assert_eq!(json["counts"]["passed"], json["counts"]["all"]);
    assert_eq!(json["certificate"], false);
    for name in ["report.md", "report.html"] {
        let text = fs::read_to_string(folder.path(&format!("out/{name}"))).expect("a report");
        assert!(text.contains("証明書ではありません") && text.contains("見本　花子"), "{name}");
    }
    folder.run(&["report", "t", "--out", "out"]).exits(2);
    folder.run(&["report", "t", "--out", "out", "--force"]).exits(0);
}

#[test]
fn init_refuses_what_is_not_its_own_and_nonsense() {
    let folder = RehearsalFolder::new();
    folder.put("busy/mine.txt", b"mine");
    assert!(folder.run(&["init", "busy"]).exits(2).err().contains("neither empty"));
    assert_eq!(fs::read(folder.path("busy/mine.txt")).expect("still there"), b"mine");
    for arguments in [
        &["--office", "4770900119/43"][..],
        &["--office", "1234/43"],
        &["--office", "4770900118/33"],
        &["--office", "4770900118/43", "--office", "4770900118/43"],
        &["--pattern", "D9"],
        &["--side", "both"],
        &["--month", "2025-03"],
        // A service office cannot rehearse what support centres and planners write.
        &["--office", "4770900184/11", "--pattern", "D1", "--side", "writes"],
    ] {
        let mut all = vec!["init", "new", "--now", NOW];
        all.extend(arguments);
        folder.run(&all).exits(2);
        assert!(!folder.path("new").exists(), "{arguments:?}");
    }
    folder.run(&["run", "nowhere"]).exits(2);
}

#[test]
fn init_again_refreshes_the_kit_and_touches_nothing_of_the_vendor() {
    let folder = RehearsalFolder::with(&["--pattern", "D3"]);
    folder.hand_in(item("D3-W-01"));
    folder.put("t/returned/D3-R-01/x.CSV", b"theirs");
    folder.put("t/decisions.json", b"theirs");
    let theirs = || {
        ["t/exports", "t/returned", "t/decisions.json", "t/rehearsal.toml"].map(|path| {
            let path = folder.path(path);
            if path.is_dir() {
                contents(&path)
            } else {
                vec![(path.clone(), fs::read(&path).expect("it"))]
            }
        })
    };
    let (before, kit) = (theirs(), contents(&folder.path("t/kit")));
    fs::remove_file(folder.path("t/kit/D3-R-01/sheet.html")).expect("it was there");
    folder.run(&["init", "t"]).exits(0);
    assert_eq!(theirs(), before);
    assert_eq!(contents(&folder.path("t/kit")), kit, "what was lost is back");
    // A changed kit file is not overwritten, and said.
    folder.put("t/kit/D3-R-01/sheet.html", b"changed");
    assert!(folder.run(&["init", "t"]).exits(1).err().contains("D3-R-01/sheet.html"));
    assert_eq!(fs::read(folder.path("t/kit/D3-R-01/sheet.html")).expect("it"), b"changed");
    // The plan of an existing folder is edited, not given again.
    folder.run(&["init", "t", "--seed", "2"]).exits(2);
    // Nothing is taken away because a manifest says so.
    let manifest = r#"{"schema":"careplan-testbed/rehearsal-kit/1","tool_version":"0","files":{"../mine":"x","exports/D3-W-01/README.ja.txt":"x"}}"#;
    folder.put("t/kit/manifest.json", manifest.as_bytes());
    folder.run(&["init", "t"]);
    assert_eq!(theirs(), before);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let folder = RehearsalFolder::with(&["--pattern", "D3", "--side", "writes"]);
    fs::create_dir(folder.path("elsewhere")).expect("a new folder");
    std::os::unix::fs::symlink(folder.path("elsewhere"), folder.path("t/evidence"))
        .expect("a link");
    assert!(folder.run(&["run", "t"]).exits(2).err().contains("through a link"));
    assert!(contents(&folder.path("elsewhere")).is_empty());
}

#[test]
fn a_change_makes_results_and_decisions_stale() {
    let folder = RehearsalFolder::with(&["--pattern", "D3", "--side", "writes"]);
    folder.hand_in(item("D3-W-02"));
    let run = ["run", "t", "--item", "D3-W-90", "--item", "D3-W-02", "--now", NOW];
    folder.run(&["decide", "t", "D3-W-90", "pass", "--by", "見本", "--now", NOW]).exits(0);
    folder.run(&run).exits(0);
    let name = case::files(&folder.setup(), item("D3-W-02"))[0].name.clone();
    let path = format!("t/exports/D3-W-02/{name}");
    let mut bytes = fs::read(folder.path(&path)).expect("the export");
    bytes.truncate(bytes.len() - 2);
    folder.put(&path, &bytes);
    let status = folder.run(&["status", "t", "--now", NOW]).exits(0).out();
    assert_eq!(status.matches("要再実行").count(), 3, "{status}");
    folder.run(&run).exits(4);
    assert_eq!(folder.state("D3-W-02"), "passed", "the last line end is free");
    assert_eq!(folder.state("D3-W-90"), "needs_review");
    folder.run(&["decide", "t", "D3-W-90", "fail", "--by", "見本", "--now", NOW]).exits(0);
    folder.run(&run).exits(1);
}

#[test]
fn expected_failures_pass_until_their_day_and_are_told_when_they_pass() {
    let folder = RehearsalFolder::with(&["--pattern", "D3", "--side", "writes"]);
    folder.put("t/exports/D3-W-01/x.CSV", b"nonsense");
    let list =
        "[[expected]]\nitem = \"D3-W-01\"\nreason = \"<直しています>\"\nuntil = \"2026-11-30\"\n";
    folder.put("known.toml", list.as_bytes());
    let run = |now: &str, more: &[&str]| {
        let mut all = vec![
            "run",
            "t",
            "--item",
            "D3-W-01",
            "--expected-failures",
            "known.toml",
            "--now",
            now,
        ];
        all.extend(more);
        folder.run(&all)
    };
    folder.run(&["run", "t", "--item", "D3-W-01", "--now", NOW]).exits(1);
    assert!(run(NOW, &[]).exits(0).out().contains("XFAIL"));
    run("2026-12-01T00:00:00+09:00", &[]).exits(1);
    fs::remove_file(folder.path("t/exports/D3-W-01/x.CSV")).expect("it was there");
    folder.hand_in(item("D3-W-01"));
    assert!(run(NOW, &[]).exits(0).out().contains("XPASS"));
    run(NOW, &["--strict"]).exits(1);
    folder.put("known.toml", b"[[expected]]\nitem = \"D3-W-01\"\n");
    run(NOW, &[]).exits(2);
}

#[test]
fn rerun_failed_runs_what_failed_and_what_changed() {
    let folder = RehearsalFolder::with(&["--pattern", "D3", "--side", "writes"]);
    folder.hand_in(item("D3-W-01"));
    folder.hand_in(item("D3-W-06"));
    folder.put("t/exports/D3-W-02/x.CSV", b"nonsense");
    folder.run(&["run", "t", "--now", NOW]).exits(1);
    let report =
        folder.run(&["run", "t", "--rerun-failed", "--report", "json", "--now", NOW]).exits(1);
    let ids = |text: &str| -> Vec<String> {
        let json: Value = serde_json::from_str(text).expect("JSON");
        let items = json["items"].as_array().expect("items").iter();
        items.map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(ids(&report.out()), ["D3-W-02", "D3-W-90"][..1]);
    folder.put("t/exports/D3-W-06/extra.txt", b"a note");
    let report =
        folder.run(&["run", "t", "--rerun-failed", "--report", "json", "--now", NOW]).exits(1);
    assert_eq!(ids(&report.out()), ["D3-W-02", "D3-W-06"]);
}

#[test]
fn a_failure_says_what_where_and_by_which_clause_and_shows_it_on_the_form() {
    let folder = RehearsalFolder::with(&["--pattern", "D2", "--side", "reads"]);
    let setup = folder.setup();
    let kit = case::files(&setup, item("D2-R-01"));
    let person = case::person_at(&setup, item("D2-R-01"), 0);
    for (name, bytes) in import_and_export(item("D2-R-01"), &kit) {
        let bytes = if name.starts_with("UPHOSOKU") {
            let old = careplan_spec::ms932::encode(&person.name).expect("MS932");
            let at = bytes.windows(old.len()).position(|part| part == old).expect("the name");
            [&bytes[..at], b"?", &bytes[at + old.len()..]].concat()
        } else {
            bytes
        };
        folder.put(&format!("t/returned/D2-R-01/{name}"), &bytes);
    }
    let out = folder.run(&["run", "t", "--item", "D2-R-01", "--now", NOW]).exits(1).out();
    assert!(out.contains("利用者氏名") && out.contains("[レイアウト UPHOSOKU"), "{out}");
    let results = fs::read_to_string(folder.path("t/evidence/results.json")).expect("results");
    assert!(!results.contains(&person.name), "what is kept is masked");
    let page = "t/evidence/differences/D2-R-01.html";
    let shown = fs::read_to_string(folder.path(page)).expect("a page");
    assert!(!shown.contains(&person.name) && shown.contains("cp-mark"));
    folder.run(&["run", "t", "--item", "D2-R-01", "--show-values", "--now", NOW]).exits(1);
    let shown = fs::read_to_string(folder.path(page)).expect("a page");
    assert!(shown.contains(&person.name));
}

#[test]
fn hostile_text_stays_text_in_every_report() {
    let hostile = "<script>alert('x')</script>|]]>&\"`*_";
    let folder = RehearsalFolder::with(&[
        "--pattern",
        "D3",
        "--side",
        "writes",
        "--vendor",
        hostile,
        "--product",
        hostile,
    ]);
    folder.hand_in(item("D3-W-02"));
    folder
        .run(&["decide", "t", "D3-W-90", "fail", "--by", hostile, "--note", hostile, "--now", NOW])
        .exits(0);
    folder.put("t/exports/D3-W-01/UPJSK_<script>.CSV", b"x");
    folder.run(&["run", "t", "--now", NOW]).exits(1);
    folder.run(&["report", "t", "--out", "out", "--now", NOW]).exits(0);
    for name in ["report.md", "report.html", "report.junit.xml"] {
        let text = fs::read_to_string(folder.path(&format!("out/{name}"))).expect("a report");
        assert!(!text.contains("<script"), "{name}");
    }
    let markdown = fs::read_to_string(folder.path("out/report.md")).expect("a report");
    assert!(markdown.contains("&lt;script&gt;alert('x')&lt;/script&gt;\\|"), "a cell is not ended");
    let json: Value =
        serde_json::from_slice(&fs::read(folder.path("out/report.json")).expect("it"))
            .expect("JSON");
    assert_eq!(json["vendor"], hostile);
}

#[test]
fn what_was_handed_in_and_cannot_be_read_ends_in_3() {
    let folder = RehearsalFolder::with(&["--pattern", "D3"]);
    let setup = folder.setup();
    let item = setup.items().find(|item| item.side == Side::Writes).expect("an item to write");
    let place = format!("t/exports/{}", item.id);
    folder.put(&format!("{place}/.DS_Store"), b"noise");
    folder.put(&format!("{place}/export.zip"), b"PK\x03\x04 cut short");
    let ran = folder.run(&["run", "t", "--item", &item.id]).exits(3);
    assert!(ran.err().contains("export.zip: ZIPファイルが壊れているか"), "{}", ran.err());
    assert!(!ran.err().contains("DS_Store"), "{}", ran.err());
    let kept = fs::read_to_string(folder.path("t/evidence/results.json")).expect("the results");
    assert!(kept.contains("the ZIP is damaged or cut short"), "{kept}");
    assert!(!kept.contains("DS_Store"), "{kept}");
}
