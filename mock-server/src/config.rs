//! Configuration: flags, then the environment, then one TOML file, then defaults.
//!
//! Flags and environment are read together (each flag names its variable); this module lays them
//! over the file. Nothing is merged inside a value: the first place that says something decides.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use careplan_relay::Settings;
use careplan_relay::clock::{self, Timing};
use careplan_relay::secret::Secret;
use careplan_relay::store::StoreLocation;
use careplan_relay::switches::{SWITCHES, SwitchError, Switches};
use careplan_wire::listener::Limits;
use careplan_wire::listener::tls::ClientCertificates;
use careplan_wire::serve::{DEFAULT_PORT_BASE, Options};

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What the sites under TLS do about certificates of browsers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SitesTls {
    /// 証明書を求めない / They do not ask for one
    Plain,
    /// 証明書を求め、どれでも（なしでも）通して判定を画面に表示 / They ask, let any or none through, and show what it is worth
    Ask,
    /// 正しい証明書がなければ接続を拒否 / The handshake refuses wrong or missing ones
    Demand,
}

impl SitesTls {
    const fn clients(self) -> ClientCertificates {
        match self {
            Self::Plain => ClientCertificates::NotAsked,
            Self::Ask => ClientCertificates::Asked,
            Self::Demand => ClientCertificates::Demanded,
        }
    }
}

/// What one place of the configuration says. The keys of the file are the names of the flags.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Layer {
    /// Sites on this port, controls on the next, the relay on the one after; 0 takes free ones.
    pub port_base: Option<u16>,
    /// The address of all listeners.
    pub bind: Option<IpAddr>,
    /// Further names the server is called by.
    pub host_name: Option<Vec<String>>,
    /// Whether an address others can reach is meant.
    pub listen_anywhere: Option<bool>,
    /// Token of the controls.
    pub admin_token: Option<Secret>,
    /// Whether the TLS handshake refuses wrong client certificates.
    pub strict_tls: Option<bool>,
    /// The sites under TLS too.
    pub sites_tls: Option<SitesTls>,
    /// Where the state is kept.
    pub data: Option<PathBuf>,
    /// Whether every commit waits for the disk.
    pub full_sync: Option<bool>,
    /// Scenario for an empty state.
    pub scenario: Option<String>,
    /// Seed of everything random that is readable.
    pub seed: Option<u64>,
    /// Whether waiting times apply.
    pub timing: Option<Timing>,
    /// The time the clock is set to.
    pub clock: Option<String>,
    /// Whether the clock stands still.
    pub frozen: Option<bool>,
    /// Bytes of the journal.
    pub journal_bytes: Option<usize>,
    /// Connections at once, for each listener.
    pub max_connections: Option<usize>,
    /// Seconds until the head of a request must be complete.
    pub head_seconds: Option<u64>,
    /// How logs are written.
    pub log: Option<LogFormat>,
    /// Which logs are written.
    pub log_filter: Option<String>,
    /// Switches; see `careplan-mock-server switches`.
    pub switches: Option<toml::Table>,
}

/// What is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// The file is no TOML, or has a key nobody knows.
    #[error("{path}: {message}")]
    Toml {
        /// Which file.
        path: String,
        /// What and where.
        message: String,
    },
    /// A switch.
    #[error(transparent)]
    Switch(#[from] SwitchError),
    /// `--set` without a value.
    #[error("--set wants KEY=VALUE, not {0}")]
    Setting(String),
    /// `--clock`.
    #[error(
        "the clock cannot be set to {0}: give a time such as 2027-06-01T09:00:00+09:00 or a date, from 1970 to 2099"
    )]
    Clock(String),
    /// A number that makes no sense.
    #[error("{0} must be at least 1")]
    Zero(&'static str),
}

impl Layer {
    /// What a file says.
    ///
    /// # Errors
    /// [`ConfigError::File`], [`ConfigError::Toml`].
    pub(crate) fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::File { path: shown.clone(), source })?;
        toml::from_str(&text)
            .map_err(|error| ConfigError::Toml { path: shown, message: error.to_string() })
    }

    /// This layer, and below it another.
    #[must_use]
    pub(crate) fn over(self, below: Self) -> Self {
        Self {
            port_base: self.port_base.or(below.port_base),
            bind: self.bind.or(below.bind),
            host_name: self.host_name.or(below.host_name),
            listen_anywhere: self.listen_anywhere.or(below.listen_anywhere),
            admin_token: self.admin_token.or(below.admin_token),
            strict_tls: self.strict_tls.or(below.strict_tls),
            sites_tls: self.sites_tls.or(below.sites_tls),
            data: self.data.or(below.data),
            full_sync: self.full_sync.or(below.full_sync),
            scenario: self.scenario.or(below.scenario),
            seed: self.seed.or(below.seed),
            timing: self.timing.or(below.timing),
            clock: self.clock.or(below.clock),
            frozen: self.frozen.or(below.frozen),
            journal_bytes: self.journal_bytes.or(below.journal_bytes),
            max_connections: self.max_connections.or(below.max_connections),
            head_seconds: self.head_seconds.or(below.head_seconds),
            log: self.log.or(below.log),
            log_filter: self.log_filter.or(below.log_filter),
            switches: self.switches.or(below.switches),
        }
    }

    /// How to serve. `environment` are the variables of the process, `settings` the `KEY=VALUE`
    /// pairs of the command line: they turn single switches over those of the file.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub(crate) fn options(
        self,
        environment: impl Fn(&str) -> Option<String>,
        settings: &[String],
    ) -> Result<Options, ConfigError> {
        let switches = switches(self.switches.unwrap_or_default(), environment, settings)?;
        let defaults = Limits::default();
        let limits = Limits {
            connections: at_least_one(self.max_connections, "max-connections")?
                .unwrap_or(defaults.connections),
            head: at_least_one(self.head_seconds, "head-seconds")?
                .map_or(defaults.head, Duration::from_secs),
            ..defaults
        };
        let place = match self.data {
            None => StoreLocation::Memory,
            Some(path) => {
                StoreLocation::Directory { path, full_sync: self.full_sync.unwrap_or(false) }
            }
        };
        let plain = Settings::default();
        let settings =
            Settings { timing: self.timing.unwrap_or(plain.timing), switches, clock: plain.clock };
        let options = Options::default();
        Ok(Options {
            place,
            settings,
            scenario: self.scenario,
            seed: self.seed.unwrap_or(options.seed),
            clock: self.clock.as_deref().map(read_time).transpose()?,
            frozen: self.frozen.unwrap_or(false),
            bind: self.bind.unwrap_or(options.bind),
            port_base: self.port_base.unwrap_or(DEFAULT_PORT_BASE),
            host_names: self.host_name.unwrap_or_default(),
            strict_tls: self.strict_tls.unwrap_or(false),
            sites_tls: self.sites_tls.map(SitesTls::clients),
            listen_anywhere: self.listen_anywhere.unwrap_or(false),
            admin_token: self.admin_token,
            limits,
            journal_bytes: self.journal_bytes.unwrap_or(options.journal_bytes),
        })
    }
}

/// The variable of a switch: `CAREPLAN_SWITCH_PASSWORD_DAYS`.
pub(crate) fn switch_variable(key: &str) -> String {
    format!("CAREPLAN_SWITCH_{}", key.replace('-', "_").to_uppercase())
}

fn switches(
    file: toml::Table,
    environment: impl Fn(&str) -> Option<String>,
    settings: &[String],
) -> Result<Switches, ConfigError> {
    let mut switches = Switches::default();
    for (key, value) in file {
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(on) => on.to_string(),
            toml::Value::Datetime(date) => date.to_string(),
            // No switch takes one: the refusal names the switch and what it wants.
            toml::Value::Float(_) | toml::Value::Array(_) | toml::Value::Table(_) => String::new(),
        };
        switches.set(&key, &text)?;
    }
    for info in SWITCHES {
        if let Some(value) = environment(&switch_variable(info.key)) {
            switches.set(info.key, &value)?;
        }
    }
    for setting in settings {
        let (key, value) =
            setting.split_once('=').ok_or_else(|| ConfigError::Setting(setting.clone()))?;
        switches.set(key.trim(), value.trim())?;
    }
    Ok(switches)
}

fn at_least_one<N: Default + PartialEq>(
    number: Option<N>,
    name: &'static str,
) -> Result<Option<N>, ConfigError> {
    match number {
        Some(number) if number == N::default() => Err(ConfigError::Zero(name)),
        number => Ok(number),
    }
}

/// A time, or a date, whose day begins in Japan.
fn read_time(text: &str) -> Result<Timestamp, ConfigError> {
    text.parse::<Timestamp>()
        .or_else(|_| text.parse().map(clock::start_of))
        .ok()
        .filter(|at| clock::is_in_calendar(*at))
        .ok_or_else(|| ConfigError::Clock(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Layer {
        toml::from_str(text).unwrap()
    }

    fn nothing(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn the_first_place_that_speaks_decides() {
        let flags = Layer { port_base: Some(9000), ..Layer::default() };
        let below =
            file("port-base = 7000\nstrict-tls = true\nsites-tls = \"ask\"\ntiming = \"real\"");
        let options = flags.over(below).options(nothing, &[]).unwrap();
        assert_eq!(options.port_base, 9000);
        assert!(options.strict_tls);
        assert_eq!(options.sites_tls, Some(ClientCertificates::Asked));
        assert_eq!(options.settings.timing, Timing::Real);
        assert_eq!(options.scenario, None);
    }

    #[test]
    fn switches_come_from_file_environment_and_flags() {
        let below = file(
            "[switches]\npassword-days = 90\nlock-minutes = 5\nfee-waiver-until = \"none\"\n\
             receive-unlicensed = false",
        );
        let environment =
            |name: &str| (name == "CAREPLAN_SWITCH_LOCK_MINUTES").then(|| "7".to_owned());
        let flags = ["max-files=3".to_owned()];
        let switches = below.options(environment, &flags).unwrap().settings.switches;
        assert_eq!((switches.password_days, switches.lock_minutes, switches.max_files), (90, 7, 3));
        assert!(!switches.receive_unlicensed);
    }

    #[test]
    fn every_switch_can_be_set_in_a_file() {
        for info in SWITCHES {
            let quoted = !matches!(info.value_kind, "true/false" | "number");
            let value = (info.default)();
            let value = if quoted { format!("\"{value}\"") } else { value };
            let layer = file(&format!("[switches]\n{} = {value}", info.key));
            let options = layer.options(nothing, &[]).unwrap();
            assert_eq!(options.settings.switches, Switches::default(), "{}", info.key);
        }
    }

    #[test]
    fn mistakes_are_named() {
        let error = |layer: Layer, settings: &[&str]| {
            let settings: Vec<String> = settings.iter().map(|text| (*text).to_owned()).collect();
            layer.options(nothing, &settings).unwrap_err().to_string()
        };
        assert!(error(Layer::default(), &["max-fils=1"]).contains("max-fils"));
        assert!(error(Layer::default(), &["max-files"]).contains("KEY=VALUE"));
        assert!(error(file("clock = \"noon\""), &[]).contains("noon"));
        assert!(error(file("max-connections = 0"), &[]).contains("max-connections"));
        assert!(toml::from_str::<Layer>("prot-base = 1").is_err());
    }
}
