//! `docs`: the generated pages, and whether they are current.

use std::collections::BTreeMap;
use std::path::Path;

use super::Exit;
use super::args::DocsArgs;
use crate::document;

/// Writes the pages, or compares them.
pub(crate) fn run(args: &DocsArgs) -> anyhow::Result<Exit> {
    let pages = pages();
    if args.check {
        return Ok(if is_current(&args.out, &pages)? { Exit::Accepted } else { Exit::Rejected });
    }
    for (name, text) in &pages {
        let path = args.out.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(Exit::Accepted)
}

fn pages() -> BTreeMap<String, String> {
    let mut pages = document::pages();
    pages.insert(
        "rehearsal-items.md".to_owned(),
        format!("{}{}", document::HEAD, careplan_rehearsal::catalogue::page()),
    );
    pages.insert("report.schema.json".to_owned(), report_schema());
    pages
}

/// The JSON Schema of the JSON report.
pub(crate) fn report_schema() -> String {
    format!("{:#}\n", careplan_reports::json_schema())
}

fn is_current(out: &Path, pages: &BTreeMap<String, String>) -> anyhow::Result<bool> {
    let mut current = true;
    for (name, text) in pages {
        let there = std::fs::read_to_string(out.join(name)).unwrap_or_default();
        if there.replace("\r\n", "\n") != *text {
            super::complain(&format!("{name} is out of date: run `careplan-conformance docs`"));
            current = false;
        }
    }
    for folder in ["rules", "layouts"] {
        let Ok(entries) = std::fs::read_dir(out.join(folder)) else { continue };
        for entry in entries {
            let name = format!("{folder}/{}", entry?.file_name().to_string_lossy());
            if !pages.contains_key(&name) {
                super::complain(&format!("{name} belongs to nothing: delete it"));
                current = false;
            }
        }
    }
    Ok(current)
}
