//! Baselines as files: findings that are known and need not be reported again.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use careplan_judge::baseline::{FORMAT, Key, Known};
use careplan_spec::Lang;
use serde::{Deserialize, Serialize};

use super::args::CheckArgs;
use super::config::misconfigured;

#[derive(Debug, Serialize, Deserialize)]
struct Document {
    version: u32,
    tool: String,
    /// Tells which secret key it was written under; null without one.
    key: Option<String>,
    /// Finding → how often.
    known: BTreeMap<String, u64>,
}

/// All that is certain of a baseline of any format.
#[derive(Debug, Deserialize)]
struct Format {
    version: u32,
}

/// Reads a baseline. `inputs` are what is checked now, for the command that writes it anew.
pub(crate) fn read(path: &Path, inputs: &[PathBuf], key: Option<&Key>) -> anyhow::Result<Known> {
    let broken =
        |error: &dyn std::fmt::Display| misconfigured(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| broken(&error))?;
    let Format { version } = serde_json::from_str(&text).map_err(|error| broken(&error))?;
    if version != FORMAT {
        return Err(other_format(path, version, inputs));
    }
    let document: Document = serde_json::from_str(&text).map_err(|error| broken(&error))?;
    let needed = document.key.as_deref();
    if needed.is_some() && needed != key.map(Key::id).as_deref() {
        return Err(broken(&format!(
            "この記録を作ったときの鍵が要ります。--key ファイル か {VARIABLE} で指定してください / \
             it was written under another key: give it with --key FILE or {VARIABLE}"
        )));
    }
    Ok(Known::new(document.known, key.filter(|_| needed.is_some()).cloned()))
}

/// Where the key may stand instead of in a file.
const VARIABLE: &str = "CAREPLAN_BASELINE_KEY";

/// The key of a run: named, from the environment, beside the baseline, or made for a new one.
pub(crate) fn key(args: &CheckArgs, lang: Lang) -> anyhow::Result<Option<Key>> {
    let beside = args.baseline.as_ref().or(args.write_baseline.as_ref()).map(|path| {
        let mut name = path.clone().into_os_string();
        name.push(".key");
        PathBuf::from(name)
    });
    let path = match (&args.key, std::env::var(VARIABLE)) {
        (Some(path), _) if path.as_os_str() == "none" => return Ok(None),
        (Some(path), _) => path.clone(),
        (None, Ok(text)) => return parsed(VARIABLE, &text).map(Some),
        (None, Err(_)) => match beside {
            Some(path) => path,
            None => return Ok(None),
        },
    };
    match std::fs::read_to_string(&path) {
        Ok(text) => parsed(&path.display().to_string(), &text).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound && args.write_baseline.is_some() => {
            make(&path, lang).map(Some)
        }
        Err(error) if error.kind() == ErrorKind::NotFound && args.key.is_none() => Ok(None),
        Err(error) => Err(misconfigured(format!("{}: {error}", path.display()))),
    }
}

fn parsed(place: &str, text: &str) -> anyhow::Result<Key> {
    Key::parse(text).ok_or_else(|| {
        misconfigured(format!(
            "{place}: 16進数64桁の鍵ではありません / not a key of 64 hexadecimal digits"
        ))
    })
}

/// The key in a file; a new one, where there is no such file.
pub(crate) fn key_in(path: &Path) -> anyhow::Result<Key> {
    match std::fs::read_to_string(path) {
        Ok(text) => parsed(&path.display().to_string(), &text),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let key = new_key()?;
            keep(&key, path).map(|()| key)
        }
        Err(error) => Err(misconfigured(format!("{}: {error}", path.display()))),
    }
}

/// A key that nobody has.
pub(crate) fn new_key() -> anyhow::Result<Key> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| misconfigured(error.to_string()))?;
    Ok(Key::new(bytes))
}

/// Writes a key that only its owner may read.
fn keep(key: &Key, path: &Path) -> anyhow::Result<()> {
    super::make_room(path)?;
    super::private_file(path)?
        .write_all(format!("{}\n", key.text()).as_bytes())
        .map_err(|error| misconfigured(format!("{}: {error}", path.display())))
}

/// Makes a key for baselines, and says so.
fn make(path: &Path, lang: Lang) -> anyhow::Result<Key> {
    let key = new_key()?;
    keep(&key, path)?;
    let path = path.display();
    super::complain(&match lang {
        Lang::Ja => format!(
            "{path}: 秘密の鍵を作りました。コミットせず、CIでは {VARIABLE} に入れてください"
        ),
        Lang::En => format!(
            "{path}: a secret key was made; do not commit it, and put it into {VARIABLE} for CI"
        ),
    });
    Ok(key)
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
        key: known.key().map(Key::id),
        known: known.counts().clone(),
    };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    super::make_room(path)?;
    std::fs::write(path, text)
        .map_err(|error| misconfigured(format!("{}: {error}", path.display())))
}
