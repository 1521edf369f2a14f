//! Reports as programs of others read them: what they are written for has its own idea of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use careplan_fixtures::mutant;
use careplan_spec::calendar::Month;
use serde_json::Value;

const JUNE: Month = Month::new(2026, 6).expect("a month");

/// What is installed, once, into the target folder. A newer release may find more, at a time of its
/// own.
const PYTHON: [&str; 2] = ["jsonschema==4.26.0", "openpyxl==3.1.5"];
const SARIF: &str = "@microsoft/jest-sarif@1.0.0-beta.0";

/// Defects of the exporter that are not said at their place, with the reason.
const UNSAID: &str = include_str!("strangers/export/unsaid.tsv");

/// Where the sources of these tests are.
const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/strangers");

#[track_caller]
fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } =
        command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{command:?}: {said}");
    String::from_utf8(stdout).expect("UTF-8")
}

/// Python with the packages.
static INTERPRETER: LazyLock<PathBuf> = LazyLock::new(|| {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readers");
    let python = home.join("bin/python");
    run(Command::new("python3").args(["-m", "venv"]).arg(&home));
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PYTHON));
    python
});

/// Reports in some formats of everything that is known to be wrong: every mutant, files of others,
/// one that is not there. Returns the paths of a format.
fn reports(formats: &[&str]) -> (tempfile::TempDir, Vec<Vec<PathBuf>>) {
    let desk = tempfile::tempdir().expect("a temporary folder");
    let mut paths = vec![Vec::new(); formats.len()];
    for (at, mutant) in mutant::all().enumerate() {
        let (files, _) = mutant.build();
        let folder = desk.path().join(at.to_string());
        std::fs::create_dir(&folder).expect("a new folder");
        for file in files {
            let path = folder.join(&*file.name);
            // Some are in folders of their own.
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, &file.bytes).expect("a new file");
        }
        std::fs::write(folder.join("<memo> & \"\u{1}\".txt"), "memo").expect("a new file");
        let mut check = Command::new(env!("CARGO_BIN_EXE_careplan-conformance"));
        check.current_dir(desk.path()).args(["check", "--quiet"]).arg(at.to_string());
        // In every way that a report can differ.
        let lang = if at % 2 == 0 { "ja" } else { "en" };
        check.args(["--lang", lang]);
        if at % 3 == 0 {
            check.args(["--profile", "relay"]);
        }
        if at % 5 == 0 {
            check.arg("missing");
        }
        for (format, paths) in formats.iter().zip(&mut paths) {
            let path = desk.path().join(format!("{at}.{format}"));
            check.arg("--report").arg(format!("{format}={}", path.display()));
            paths.push(path);
        }
        let code = check.output().expect("the program starts").status.code();
        assert!(matches!(code, Some(0 | 1 | 3)), "{}: {code:?}", mutant.name);
    }
    (desk, paths)
}

/// Validates documents against a JSON Schema; how many there were.
fn validated(schema: &Path, paths: &[PathBuf]) -> usize {
    let mut validate = Command::new(&*INTERPRETER);
    validate.arg(Path::new(HERE).join("schemas.py")).arg(schema).args(paths);
    run(&mut validate).trim().parse().expect("a number")
}

#[test]
#[ignore = "needs xmllint"]
fn junit_is_valid_for_ant_and_jenkins() {
    let (_desk, paths) = reports(&["junit"]);
    let schema = Path::new(HERE).join("junit.xsd");
    run(Command::new("xmllint").args(["--noout", "--schema"]).arg(schema).args(&paths[0]));
}

#[test]
#[ignore = "needs python3 with venv, and the network"]
fn json_and_json_lines_are_what_the_published_schema_says() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/generated/report.schema.json");
    let (_desk, paths) = reports(&["json", "jsonl"]);
    assert_eq!(validated(&schema, &paths[0]), mutant::all().count());
    assert!(validated(&schema, &paths[1]) > mutant::all().count());
}

#[test]
#[ignore = "needs python3 with venv, npm, and the network"]
fn sarif_is_valid() {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sarif-schema");
    std::fs::create_dir_all(&home).expect("a folder of our own");
    let npm = ["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"];
    run(Command::new("npm").args(npm).arg(&home).arg(SARIF));
    let schema = home.join("node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
    let (_desk, paths) = reports(&["sarif"]);
    assert_eq!(validated(&schema, &paths[0]), mutant::all().count());
}

#[test]
#[ignore = "needs python3 with venv, and the network"]
fn a_workbook_holds_every_value_as_text_and_the_findings_at_their_cells() {
    let desk = tempfile::tempdir().expect("a temporary folder");
    let unit = desk.path().join("unit");
    std::fs::create_dir(&unit).expect("a new folder");
    let request = careplan_fixtures::Request::new("K1", JUNE).expect("a known unit");
    for file in careplan_fixtures::generate(&request).expect("a unit") {
        let mut bytes = file.bytes;
        if file.name.starts_with("UP3KYO_") {
            continue;
        }
        if file.name.starts_with("UP1KYO_") {
            // The insured number, item 3, loses its first digit.
            let comma = bytes.iter().enumerate().filter(|(_, byte)| **byte == b',').nth(1);
            bytes.remove(comma.expect("item 3").0 + 1);
        }
        std::fs::write(unit.join(&*file.name), bytes).expect("a new file");
    }
    let program = env!("CARGO_BIN_EXE_careplan-conformance");
    let mut arguments = vec!["--lang", "en", "check", "unit", "--quiet", "--report"];
    for (report, shown) in
        [("xlsx=shown.xlsx", true), ("xlsx=masked.xlsx", false), ("json=report.json", true)]
    {
        arguments.truncate(6);
        arguments.push(report);
        if shown {
            arguments.push("--show-values");
        }
        let output = Command::new(program).current_dir(desk.path()).args(&arguments).output();
        assert_eq!(output.expect("the program starts").status.code(), Some(1));
    }
    let mut look = Command::new(&*INTERPRETER);
    look.current_dir(desk.path()).arg(Path::new(HERE).join("workbook.py"));
    let counts = run(look.args(["shown.xlsx", "masked.xlsx", "report.json", "unit"]));
    assert!(!counts.starts_with("0 ") && !counts.ends_with(" 0\n"), "{counts}");
}

/// Names of defects or of right units.
fn names(list: &Value) -> BTreeSet<&str> {
    let list = list.as_array().expect("a list");
    list.iter().map(|name| name.as_str().expect("a name")).collect()
}

/// Exports that nobody here wrote: `export/exporter.py` writes right units, `export/defects.py` makes
/// one defect in each, by somebody who had the official tables alone, with a label that was given
/// before anything was run: where, how severe, by which clause. `export/corrections.tsv` are labels
/// that the documents corrected afterwards.
#[test]
#[ignore = "needs python3"]
fn what_a_stranger_got_wrong_is_said_and_what_is_right_is_not() {
    let script = format!("{HERE}/export/judge.py");
    let mut python = Command::new("python3");
    python.env("PYTHONDONTWRITEBYTECODE", "1");
    let printed = run(python.args([&script, env!("CARGO_BIN_EXE_careplan-conformance")]));
    let sums: Value = serde_json::from_str(printed.lines().last().expect("lines")).expect("JSON");

    let mut unsaid = names(&sums["unsaid"]);
    unsaid.extend(names(&sums["elsewhere"]));
    let known: BTreeSet<&str> =
        UNSAID.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(unsaid, known, "{printed}");
    let count = |name: &str| sums[name].as_u64().expect("a number");
    assert!(count("said") * 100 >= count("defects") * 97, "{sums}");
    assert!(count("defects") >= 150 && count("right") >= 40, "{sums}");
    assert_eq!(names(&sums["false"]), BTreeSet::new(), "{printed}");
    assert_eq!(names(&sums["flooding"]), BTreeSet::new(), "{printed}");
}
