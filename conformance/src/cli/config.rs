//! Settings from `careplan-conformance.toml`. Arguments win over the file.

use std::collections::BTreeMap;
use std::path::Path;

use careplan_judge::Severity;
use careplan_judge::profile::{Profile, Purpose, Scope};
use careplan_spec::calendar;
use serde::Deserialize;

use super::args::CheckArgs;

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
}

const DEFAULT_FILE: &str = "careplan-conformance.toml";

/// What arguments say about the profile; they win over the settings file.
#[derive(Debug, Default)]
pub(crate) struct Wishes<'a> {
    pub(crate) config: Option<&'a Path>,
    pub(crate) profile: Option<&'a str>,
    pub(crate) scope: Option<&'a str>,
    pub(crate) fail_on: Option<&'a str>,
    pub(crate) as_of: Option<&'a str>,
}

impl<'a> From<&'a CheckArgs> for Wishes<'a> {
    fn from(args: &'a CheckArgs) -> Self {
        Self {
            config: args.config.as_deref(),
            profile: args.profile.as_deref(),
            scope: args.scope.as_deref(),
            fail_on: args.fail_on.as_deref(),
            as_of: args.as_of.as_deref(),
        }
    }
}

/// The profile of a run.
pub(crate) fn profile(args: &Wishes<'_>) -> anyhow::Result<Profile> {
    let settings = match args.config {
        Some(path) => read(path)?,
        None if Path::new(DEFAULT_FILE).is_file() => read(Path::new(DEFAULT_FILE))?,
        None => Settings::default(),
    };
    let pick =
        |arg: &Option<&str>, file: &Option<String>| arg.map(str::to_owned).or_else(|| file.clone());
    let purpose = match pick(&args.profile, &settings.profile) {
        None => Purpose::Vendor,
        Some(id) => Purpose::from_id(&id)
            .ok_or_else(|| misconfigured(format!("profile: {id} (vendor, relay, lenient)")))?,
    };
    let mut profile = Profile::new(purpose);
    profile.scope = match pick(&args.scope, &settings.scope).as_deref() {
        None | Some("unit") => Scope::Unit,
        Some("file") => Scope::File,
        Some(other) => return Err(misconfigured(format!("scope: {other} (unit, file)"))),
    };
    if let Some(id) = pick(&args.fail_on, &settings.fail_on) {
        profile.fail_on = Severity::from_id(&id)
            .ok_or_else(|| misconfigured(format!("fail-on: {id} (error, warning, info)")))?;
    }
    if let Some(text) = pick(&args.as_of, &settings.as_of) {
        let digits: String = text.chars().filter(|ch| *ch != '-').collect();
        let month = calendar::parse_month(digits.as_bytes())
            .ok_or_else(|| misconfigured(format!("as-of: {text} (YYYY-MM)")))?;
        profile.as_of = Some(month.number());
    }
    if let Some(limit) = settings.max_record {
        if limit < 1024 {
            return Err(misconfigured("max-record: 1024 or more"));
        }
        profile.max_record = limit;
    }
    for (code, value) in &settings.rules {
        let severity = match value.as_str() {
            "off" => None,
            other => Some(Severity::from_id(other).ok_or_else(|| {
                misconfigured(format!(
                    "{DEFAULT_FILE}: rules: {code} = {other} (off, info, warning, error)"
                ))
            })?),
        };
        profile.set(code, severity).map_err(|unknown| {
            let text = unknown.text();
            misconfigured(format!("{DEFAULT_FILE}: rules: {} / {}", text.ja, text.en))
        })?;
    }
    Ok(profile)
}

fn read(path: &Path) -> anyhow::Result<Settings> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| misconfigured(format!("{}: {error}", path.display())))?;
    toml::from_str(&text).map_err(|error| misconfigured(format!("{}: {error}", path.display())))
}
