//! Passwords and IDs: typed, from standard input or from the environment.

use std::io::{BufRead, IsTerminal};

use careplan_client_core::ClientError;
use careplan_spec::Text;
use console::Term;

use super::screen::Screen;

/// Lines of standard input, for `--password-stdin`.
pub(crate) struct Lines(Option<std::io::StdinLock<'static>>);

impl Lines {
    pub(crate) fn new(wanted: bool) -> Self {
        Self(wanted.then(|| std::io::stdin().lock()))
    }

    fn next(&mut self) -> Result<Option<String>, ClientError> {
        let Some(input) = &mut self.0 else { return Ok(None) };
        let mut line = String::new();
        let read =
            input.read_line(&mut line).map_err(|error| ClientError::Internal(error.to_string()))?;
        if read == 0 {
            return Err(ClientError::Setting(Text::made(
                "標準入力にパスワードの行がありません。",
                "Standard input holds no line for the password.",
            )));
        }
        Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

/// A password: a line of standard input, else the environment, else typed without being shown.
pub(crate) fn password(
    screen: &Screen,
    lines: &mut Lines,
    variable: &str,
    label: (&str, &str),
) -> Result<String, ClientError> {
    if let Some(line) = lines.next()? {
        return Ok(line);
    }
    if let Ok(value) = std::env::var(variable) {
        return Ok(value);
    }
    if !std::io::stdin().is_terminal() {
        return Err(ClientError::Setting(Text::made(
            format!("{}がありません（--password-stdin か {variable} で渡してください）。", label.0),
            format!("There is no {} (use --password-stdin or {variable}).", label.1),
        )));
    }
    let term = Term::stderr();
    let ask = || {
        term.write_str(&format!("{}: ", screen.pick(label.0, label.1)))?;
        term.read_secure_line()
    };
    ask().map_err(|error| ClientError::Internal(error.to_string()))
}

/// An ID that was not given: typed.
pub(crate) fn id(
    screen: &Screen,
    given: Option<String>,
    flag: &str,
    label: (&str, &str),
) -> Result<String, ClientError> {
    if let Some(given) = given {
        return Ok(given);
    }
    if !std::io::stdin().is_terminal() {
        return Err(ClientError::Setting(Text::made(
            format!("{}がありません（{flag} で指定してください）。", label.0),
            format!("There is no {} (give {flag}).", label.1),
        )));
    }
    let term = Term::stderr();
    let ask = || {
        term.write_str(&format!("{}: ", screen.pick(label.0, label.1)))?;
        term.read_line()
    };
    Ok(ask().map_err(|error| ClientError::Internal(error.to_string()))?.trim().to_owned())
}
