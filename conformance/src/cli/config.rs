//! Settings from `careplan-conformance.toml`: the nearest of the folders above what is checked, else
//! the one of the working folder. Arguments win over the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use careplan_judge::Severity;
use careplan_judge::profile::{Profile, Purpose, Scope};
use careplan_spec::calendar;
use careplan_spec::text::nearest;
use serde::Deserialize;

use super::args::CheckArgs;
use super::suppressions::{self, Entry};

/// A setting or argument that makes no sense: exit code 2.
#[derive(Debug)]
pub(crate) struct Misconfigured(pub(crate) String);

impl std::fmt::Display for Misconfigured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misconfigured {}

/// Ends with exit code 2.
pub(crate) fn misconfigured(text: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Misconfigured(text.into()))
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Settings {
    profile: Option<String>,
    scope: Option<String>,
    fail_on: Option<String>,
    as_of: Option<String>,
    max_record: Option<usize>,
    /// `F011 = "off"`, `S003 = "error"`.
    #[serde(default)]
    rules: BTreeMap<String, String>,
    #[serde(default)]
    suppress: Vec<suppressions::Written>,
}

const DEFAULT_FILE: &str = "careplan-conformance.toml";

/// What arguments say about the profile; they win over the settings file.
#[derive(Debug, Default)]
pub(crate) struct Wishes<'a> {
    /// What is checked.
    pub(crate) paths: &'a [PathBuf],
    pub(crate) config: Option<&'a Path>,
    pub(crate) profile: Option<&'a str>,
    pub(crate) scope: Option<&'a str>,
    pub(crate) fail_on: Option<&'a str>,
    pub(crate) as_of: Option<&'a str>,
}

impl<'a> From<&'a CheckArgs> for Wishes<'a> {
    fn from(args: &'a CheckArgs) -> Self {
        Self {
            paths: &args.paths,
            config: args.config.as_deref(),
            profile: args.profile.as_deref(),
            scope: args.scope.as_deref(),
            fail_on: args.fail_on.as_deref(),
            as_of: args.as_of.as_deref(),
        }
    }
}

/// A value of a setting, and who says it, for messages: an argument or a file.
struct Said {
    value: String,
    by: String,
}

impl Said {
    /// What is wrong with it.
    fn wrong(&self, forms: &str) -> anyhow::Error {
        misconfigured(format!("{} {}（{forms}） / one of {forms}", self.by, self.value))
    }
}

/// What holds for a run.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(crate) profile: Profile,
    /// The file of settings.
    pub(crate) path: Option<PathBuf>,
    pub(crate) suppressions: Vec<Entry>,
}

/// The settings of a run, from its arguments and the file that holds.
pub(crate) fn settle(args: &Wishes<'_>) -> anyhow::Result<Settled> {
    let path = match args.config {
        Some(path) => Some(path.to_owned()),
        None => find(args.paths)?,
    };
    let (settings, suppressions) = path.as_deref().map(read).transpose()?.unwrap_or_default();
    let file = path.as_deref().unwrap_or(Path::new(DEFAULT_FILE)).display();
    let pick = |arg: Option<&str>, of_file: &Option<String>, name: &str| {
        let of_arg = arg.map(|value| Said { value: value.to_owned(), by: format!("--{name}") });
        let of_file = of_file.clone();
        of_arg.or(of_file.map(|value| Said { value, by: format!("{file}: {name} =") }))
    };
    let purpose = match pick(args.profile, &settings.profile, "profile") {
        None => Purpose::Vendor,
        Some(said) => {
            Purpose::from_id(&said.value).ok_or_else(|| said.wrong("vendor, relay, lenient"))?
        }
    };
    let mut profile = Profile::new(purpose);
    if let Some(said) = pick(args.scope, &settings.scope, "scope") {
        profile.scope = match said.value.as_str() {
            "unit" => Scope::Unit,
            "file" => Scope::File,
            _ => return Err(said.wrong("unit, file")),
        };
    }
    if let Some(said) = pick(args.fail_on, &settings.fail_on, "fail-on") {
        profile.fail_on =
            Severity::from_id(&said.value).ok_or_else(|| said.wrong("error, warning, info"))?;
    }
    if let Some(said) = pick(args.as_of, &settings.as_of, "as-of") {
        let digits: String = said.value.chars().filter(|ch| *ch != '-').collect();
        let month =
            calendar::parse_month(digits.as_bytes()).ok_or_else(|| said.wrong("YYYY-MM"))?;
        profile.as_of = Some(month.number());
    }
    if let Some(limit) = settings.max_record {
        if limit < 1024 {
            return Err(misconfigured(format!(
                "{file}: max-record = {limit}（1024以上） / 1024 or more"
            )));
        }
        profile.max_record = limit;
    }
    for (code, value) in &settings.rules {
        let severity = match value.as_str() {
            "off" => None,
            other => Some(Severity::from_id(other).ok_or_else(|| {
                misconfigured(format!(
                    "{file}: rules: {code} = {other} (off, info, warning, error)"
                ))
            })?),
        };
        profile.set(code, severity).map_err(|unknown| {
            let text = unknown.text();
            misconfigured(format!("{file}: rules: {} / {}", text.ja, text.en))
        })?;
    }
    Ok(Settled { profile, path, suppressions })
}

/// The settings that hold for what is checked: those of the nearest folder above each path, and of
/// the working folder where none has any.
fn find(paths: &[PathBuf]) -> anyhow::Result<Option<PathBuf>> {
    let mut found: Option<PathBuf> = None;
    for path in paths {
        let Some(near) = above(path) else { continue };
        match &found {
            Some(other) if *other != near => {
                return Err(misconfigured(format!(
                    "設定ファイルが2つあります。--config でどちらかを指定してください / two files of settings \
                     hold, choose one with --config: {}, {}",
                    other.display(),
                    near.display()
                )));
            }
            _ => found = Some(near),
        }
    }
    let here = Path::new(DEFAULT_FILE);
    Ok(found.or_else(|| here.is_file().then(|| here.to_owned())))
}

/// The settings of the nearest folder above a path, or of the folder that it is.
fn above(path: &Path) -> Option<PathBuf> {
    // A pattern, standard input: the folder that they are in.
    let parent = || path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let whole = std::fs::canonicalize(path)
        .or_else(|_| std::fs::canonicalize(parent().unwrap_or(Path::new("."))))
        .ok()?;
    let begins = if whole.is_dir() { Some(whole.as_path()) } else { whole.parent() };
    begins?.ancestors().map(|folder| folder.join(DEFAULT_FILE)).find(|file| file.is_file())
}

fn read(path: &Path) -> anyhow::Result<(Settings, Vec<Entry>)> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| misconfigured(format!("{}: {error}", path.display())))?;
    let mut settings: Settings = toml::from_str(&text).map_err(|error| {
        let meant = meant(error.message())
            .map_or_else(String::new, |key| format!("\n{key} のことですか / did you mean {key}?"));
        misconfigured(format!("{}: {}{meant}", path.display(), error.to_string().trim_end()))
    })?;
    let entries = suppressions::read(path, &text, std::mem::take(&mut settings.suppress))?;
    Ok((settings, entries))
}

/// The key that was meant by one that is none, from the message that says so.
fn meant(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("unknown field `")?;
    let mut quoted = rest.split('`').step_by(2);
    nearest(quoted.next()?, quoted)
}
