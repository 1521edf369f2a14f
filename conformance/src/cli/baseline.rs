//! Baselines as files: findings that are known and need not be reported again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use careplan_judge::baseline::{FORMAT, Known};
use serde::{Deserialize, Serialize};

use super::config::misconfigured;

#[derive(Debug, Serialize, Deserialize)]
struct Document {
    version: u32,
    tool: String,
    /// Key → how often.
    known: BTreeMap<String, u64>,
}

/// All that is certain of a baseline of any format.
#[derive(Debug, Deserialize)]
struct Format {
    version: u32,
}

/// Reads a baseline. `inputs` are what is checked now, for the command that writes it anew.
pub(crate) fn read(path: &Path, inputs: &[PathBuf]) -> anyhow::Result<Known> {
    let broken =
        |error: &dyn std::fmt::Display| misconfigured(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| broken(&error))?;
    let Format { version } = serde_json::from_str(&text).map_err(|error| broken(&error))?;
    if version != FORMAT {
        return Err(other_format(path, version, inputs));
    }
    let document: Document = serde_json::from_str(&text).map_err(|error| broken(&error))?;
    Ok(Known::new(document.known))
}

fn other_format(path: &Path, version: u32, inputs: &[PathBuf]) -> anyhow::Error {
    let quoted = |path: &Path| {
        let text = path.display().to_string();
        if text.contains(char::is_whitespace) { format!("\"{text}\"") } else { text }
    };
    let inputs: Vec<String> = inputs.iter().map(|path| quoted(path)).collect();
    let path = quoted(path);
    misconfigured(format!(
        "{path}: 形式{version}の記録は使えません（形式{FORMAT}が必要です）。次のコマンドで作り直してください / \
         format {version}, not {FORMAT}; write it anew with:\n  \
         careplan-conformance check {} --write-baseline {path}",
        inputs.join(" ")
    ))
}

/// Writes a baseline.
pub(crate) fn write(path: &Path, known: &Known) -> anyhow::Result<()> {
    let document = Document {
        version: FORMAT,
        tool: "careplan-conformance".to_owned(),
        known: known.counts().clone(),
    };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    std::fs::write(path, text)
        .map_err(|error| misconfigured(format!("{}: {error}", path.display())))
}
