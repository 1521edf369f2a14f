//! Passwords and IDs: typed, from standard input or from the environment.

use std::io::{BufRead, IsTerminal};

use careplan_client_core::{Error, ErrorKind, Secret, Text};
use console::Term;

use super::screen::Screen;

/// Lines of standard input, for `--password-stdin`.
pub(crate) struct Lines(Option<std::io::StdinLock<'static>>);

impl Lines {
    pub(crate) fn new(wanted: bool) -> Self {
        Self(wanted.then(|| std::io::stdin().lock()))
    }

    fn next(&mut self) -> Result<Option<String>, Error> {
        let Some(input) = &mut self.0 else { return Ok(None) };
        let mut line = String::new();
        let read = input.read_line(&mut line).map_err(failed)?;
        if read == 0 {
            return Err(ErrorKind::Setting(Text::made(
                "標準入力にパスワードの行がありません。",
                "Standard input holds no line for the password.",
            ))
            .into());
        }
        Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

fn failed(error: std::io::Error) -> Error {
    ErrorKind::Internal(error.to_string()).into()
}

/// A password: a line of standard input, else the environment, else typed without being shown.
pub(crate) fn password(
    screen: &Screen,
    lines: &mut Lines,
    variable: &str,
    label: (&str, &str),
) -> Result<Secret, Error> {
    if let Some(line) = lines.next()? {
        return Ok(line.into());
    }
    if let Ok(value) = std::env::var(variable) {
        return Ok(value.into());
    }
    if !std::io::stdin().is_terminal() {
        return Err(ErrorKind::Setting(Text::made(
            format!("{}がありません（--password-stdin か {variable} で渡してください）。", label.0),
            format!("There is no {} (use --password-stdin or {variable}).", label.1),
        ))
        .into());
    }
    let term = Term::stderr();
    let ask = || {
        term.write_str(&format!("{}: ", screen.pick(label.0, label.1)))?;
        term.read_secure_line()
    };
    ask().map(Secret::from).map_err(failed)
}

/// An ID that was not given: typed.
pub(crate) fn id(
    screen: &Screen,
    given: Option<String>,
    flag: &str,
    label: (&str, &str),
) -> Result<String, Error> {
    if let Some(given) = given {
        return Ok(given);
    }
    if !std::io::stdin().is_terminal() {
        return Err(ErrorKind::Setting(Text::made(
            format!("{}がありません（{flag} で指定してください）。", label.0),
            format!("There is no {} (give {flag}).", label.1),
        ))
        .into());
    }
    let term = Term::stderr();
    let ask = || {
        term.write_str(&format!("{}: ", screen.pick(label.0, label.1)))?;
        term.read_line()
    };
    Ok(ask().map_err(failed)?.trim().to_owned())
}
