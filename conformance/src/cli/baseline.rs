//! Baselines: findings that are known and need not be reported again.
//!
//! A key is made of rule, kind of file, field and the record's fingerprint, so it survives moved
//! lines and new sequences. Keys are counted: a fourth equal finding is new where three are known.

use std::collections::BTreeMap;
use std::path::Path;

use careplan_judge::Finding;
use careplan_spec::file_name::base_name_in_archive;
use serde::{Deserialize, Serialize};

use super::config::misconfigured;

#[derive(Debug, Serialize, Deserialize)]
struct Document {
    version: u32,
    tool: String,
    /// Key → how often.
    known: BTreeMap<String, u64>,
}

fn key(path: &str, finding: &Finding) -> String {
    let base = base_name_in_archive(path);
    let kind = match careplan_spec::file_name::read(base) {
        careplan_spec::file_name::Reading::Standard { name, .. } => name.kind.prefix().to_owned(),
        _ => base.to_owned(),
    };
    let field = finding.field.map_or(0, |field| field.no);
    format!("{} {kind} {field} {:016x}", finding.rule.code, finding.fingerprint)
}

/// What is known.
#[derive(Debug)]
pub(crate) struct Baseline {
    left: BTreeMap<String, u64>,
}

impl Baseline {
    /// Reads a baseline.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| misconfigured(format!("{}: {error}", path.display())))?;
        let document: Document = serde_json::from_str(&text)
            .map_err(|error| misconfigured(format!("{}: {error}", path.display())))?;
        if document.version != 1 {
            return Err(misconfigured(format!("{}: version {}", path.display(), document.version)));
        }
        Ok(Self { left: document.known })
    }

    /// Whether the finding is known; each known one counts once.
    pub(crate) fn knows(&mut self, path: &str, finding: &Finding) -> bool {
        match self.left.get_mut(&key(path, finding)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }
}

/// Collects findings for a new baseline.
#[derive(Debug)]
pub(crate) struct Recorder(BTreeMap<String, u64>);

impl Recorder {
    pub(crate) const fn new() -> Self {
        Self(BTreeMap::new())
    }

    pub(crate) fn add(&mut self, path: &str, finding: &Finding) {
        *self.0.entry(key(path, finding)).or_default() += 1;
    }

    pub(crate) fn write(self, path: &Path) -> anyhow::Result<()> {
        let document =
            Document { version: 1, tool: "careplan-conformance".to_owned(), known: self.0 };
        let mut text = serde_json::to_string_pretty(&document)?;
        text.push('\n');
        std::fs::write(path, text)
            .map_err(|error| misconfigured(format!("{}: {error}", path.display())))
    }
}
