//! Settings: arguments and environment win over the TOML file, the file over the defaults.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use careplan_client_core::{
    Client, Clock, Error, ErrorKind, FixedClock, Lang, SystemClock, Terminal, Text,
};
use serde::Deserialize;

use super::args::{Global, LangArg};

const DEFAULT_FILE: &str = "careplan-client.toml";
const DEFAULT_RELAY: &str = "https://127.0.0.1:8082";

/// The TOML file. Paths in it count from its own folder.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    relay: Option<String>,
    ca: Option<PathBuf>,
    terminal: Option<PathBuf>,
    lang: Option<String>,
    downloads: Option<PathBuf>,
    terminal_user: Option<String>,
    office_user: Option<String>,
}

/// What the command works with.
pub(crate) struct Settings {
    pub(crate) terminal: PathBuf,
    /// How long a command waits for another one that uses the same terminal folder.
    pub(crate) wait: Duration,
    pub(crate) lang: Lang,
    pub(crate) downloads: Option<PathBuf>,
    pub(crate) terminal_user: Option<String>,
    pub(crate) office_user: Option<String>,
    pub(crate) clock: Arc<dyn Clock>,
    relay: String,
    pub(crate) ca_pem: Option<String>,
}

impl Settings {
    pub(crate) fn gather(args: &Global) -> Result<Self, Error> {
        let (file, folder) = match &args.config {
            Some(path) => (read(path)?, path.parent().unwrap_or(Path::new("")).to_owned()),
            None if Path::new(DEFAULT_FILE).is_file() => {
                (read(Path::new(DEFAULT_FILE))?, PathBuf::new())
            }
            None => (File::default(), PathBuf::new()),
        };
        let lang = match (args.lang, file.lang.as_deref()) {
            (Some(LangArg::Ja), _) | (None, Some("ja") | None) => Lang::Ja,
            (Some(LangArg::En), _) | (None, Some("en")) => Lang::En,
            (None, Some(other)) => return Err(wrong(format!("lang: {other} (ja, en)"))),
        };
        let ca = args.ca.clone().or_else(|| file.ca.map(|path| folder.join(path)));
        let ca_pem = match ca {
            Some(path) => Some(
                std::fs::read_to_string(&path)
                    .map_err(|error| wrong(format!("{}: {error}", path.display())))?,
            ),
            None => None,
        };
        let terminal = args
            .terminal
            .clone()
            .or_else(|| file.terminal.map(|path| folder.join(path)))
            .or_else(default_terminal)
            .ok_or_else(|| {
                ErrorKind::Setting(Text::made(
                    "端末フォルダーが決まりません（--terminal か CAREPLAN_HOME を指定してください）。",
                    "There is no terminal folder (give --terminal or CAREPLAN_HOME).",
                ))
            })?;
        let clock: Arc<dyn Clock> = match args.now {
            Some(now) => Arc::new(FixedClock(now)),
            None => Arc::new(SystemClock),
        };
        Ok(Self {
            terminal,
            wait: Duration::from_secs(args.wait.into()),
            lang,
            downloads: file.downloads.map(|path| folder.join(path)),
            terminal_user: file.terminal_user,
            office_user: file.office_user,
            clock,
            relay: args.relay.clone().or(file.relay).unwrap_or_else(|| DEFAULT_RELAY.to_owned()),
            ca_pem,
        })
    }

    /// The client of a terminal.
    pub(crate) fn client(&self, terminal: Terminal) -> Result<Client, Error> {
        let builder = Client::builder(&self.relay)?.terminal(terminal).lang(self.lang);
        let builder = builder.clock(Arc::clone(&self.clock));
        match &self.ca_pem {
            Some(pem) => builder.ca_pem(pem),
            None => builder,
        }
        .build()
    }
}

fn read(path: &Path) -> Result<File, Error> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| wrong(format!("{}: {error}", path.display())))?;
    toml::from_str(&text).map_err(|error| wrong(format!("{}: {error}", path.display())))
}

fn wrong(detail: String) -> Error {
    ErrorKind::Setting(Text::made(
        format!("設定に誤りがあります（{detail}）。"),
        format!("A setting is wrong ({detail})."),
    ))
    .into()
}

fn default_terminal() -> Option<PathBuf> {
    if cfg!(windows) {
        Some(PathBuf::from(std::env::var_os("APPDATA")?).join("careplan-client"))
    } else {
        Some(PathBuf::from(std::env::var_os("HOME")?).join(".careplan-client"))
    }
}
