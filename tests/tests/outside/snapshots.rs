//! What people read and programs parse, compared with what was committed.
//!
//! `INSTA_UPDATE=always cargo test -p careplan-tests` accepts what the programs say now; the
//! difference is then to be read. `.ci/snapshots` finds what no test compares with any more.

use std::collections::BTreeMap;
use std::process::Command;

use careplan_tests::bed::Bed;
use careplan_tests::program::find_beside;
use insta::Settings;
use serde_json::{Map, Value};

/// What differs from run to run, and what stands for it.
const VARYING: [(&str, &str); 7] = [
    (r"\b[0-9a-f]{8}-[0-9a-f]{8}\b", "[request id]"),
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "[id]"),
    (r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[time]"),
    (r"\b20\d\d/\d\d/\d\d \d\d:\d\d:\d\d", "[time]"),
    (r"(シリアル番号|serial) \d+", "$1 [serial]"),
    (r"\b(localhost|127\.0\.0\.1):\d+", "$1:[port]"),
    (r#""version":\s*"\d+\.\d+\.\d+""#, r#""version":"[version]""#),
];

/// Compares with `snapshots/<folder>/<name>.snap`.
#[track_caller]
pub(crate) fn compare(folder: &str, name: &str, text: &str) {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path(format!("snapshots/{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (varying, shown) in VARYING {
        settings.add_filter(varying, shown);
    }
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// The same for JSON: what goes into a line stands in one.
#[track_caller]
pub(crate) fn compare_json(folder: &str, name: &str, json: &Value) {
    compare(folder, name, &laid_out(json, 0));
}

fn laid_out(json: &Value, depth: usize) -> String {
    let line = json.to_string();
    let (open, close, members): (_, _, Vec<String>) = match json {
        Value::Object(members) if depth == 0 || line.chars().count() > 80 => {
            let member = |(name, value)| format!("{name:?}: {}", laid_out(value, depth + 1));
            ('{', '}', members.iter().map(member).collect())
        }
        Value::Array(items) if line.chars().count() > 80 => {
            ('[', ']', items.iter().map(|item| laid_out(item, depth + 1)).collect())
        }
        _ => return line,
    };
    let indent = format!("\n{}", "  ".repeat(depth + 1));
    let end = &indent[..indent.len() - 2];
    format!("{open}{indent}{}{end}{close}", members.join(&format!(",{indent}")))
}

#[test]
fn the_help_of_every_command() {
    // Most programs give their help in both languages at once.
    for (program, language) in [
        ("careplan-client", None),
        ("careplan-conformance", None),
        ("careplan-fixtures", Some("ja")),
        ("careplan-fixtures", Some("en")),
        ("careplan-mock-server", None),
    ] {
        help(program, language, &[]);
    }
}

/// Compares the help of a command and of those below it.
fn help(program: &str, language: Option<&str>, words: &[&str]) {
    let mut command = Command::new(find_beside(program).unwrap());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CAREPLAN_")) {
        command.env_remove(name);
    }
    if let Some(language) = language {
        command.args(["--lang", language]);
    }
    // The width of the terminal there is not.
    command.env("COLUMNS", "100").args(words).arg("--help");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap().replace(".exe", "");
    let name = [&[program], words, language.as_slice()].concat().join("-");
    compare("help", &name, &text);
    for below in commands(&text) {
        help(program, language, &[words, &[below]].concat());
    }
}

/// The commands that a help text lists.
fn commands(help: &str) -> impl Iterator<Item = &str> {
    let listed = help.lines().skip_while(|line| !["Commands:", "コマンド:"].contains(line)).skip(1);
    let listed = listed.take_while(|line| !line.is_empty());
    let names = listed.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help")
}

#[tokio::test]
async fn the_description_of_the_interface() {
    let bed = Bed::start(&[]);
    let mut rest = bed.ask(bed.plain.get(bed.sites("/openapi.json"))).await.is(200).json;
    let paths = rest.as_object_mut().unwrap().remove("paths").unwrap();
    let schemas = rest["components"].as_object_mut().unwrap().remove("schemas").unwrap();
    compare_json("openapi", "document", &rest);
    compare_json("openapi", "schemas", &schemas);
    let mut tagged: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for (path, operations) in paths.as_object().unwrap() {
        let described = operations.as_object().unwrap().values();
        let tag = described.filter_map(|operation| operation["tags"][0].as_str()).next();
        tagged.entry(tag.unwrap()).or_default().insert(path.clone(), operations.clone());
    }
    for (tag, paths) in tagged {
        compare_json("openapi", &format!("paths-{tag}"), &paths.into());
    }
}
