//! The command line: arguments, inputs, reports, exit codes.

use std::fs::{File, OpenOptions};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use careplan_spec::Lang;
use careplan_spec::text::visible;
use clap::{CommandFactory, Parser};

mod anonymise;
mod args;
mod baseline;
mod check;
mod compare;
mod config;
mod diff;
mod documents;
mod exit_code;
mod explain;
mod fix;
mod inputs;
mod layouts;
mod now;
mod parallel;
mod progress;
mod rehearse;
mod render;
mod suppressions;
mod watch;

pub(crate) use exit_code::Exit;

/// Runs the command and turns every ending, a panic too, into an exit code.
pub(crate) fn run() -> ExitCode {
    let outcome = std::panic::catch_unwind(run_checked);
    let exit = match outcome {
        Ok(Ok(exit)) => exit,
        Ok(Err(error)) => {
            let is_config = error.downcast_ref::<config::Misconfigured>().is_some();
            complain(&format!("{error:#}"));
            if is_config { Exit::Usage } else { Exit::Unreadable }
        }
        Err(_) => {
            complain(
                "内部エラーです。検査は終わっていません。 / internal error: nothing was decided",
            );
            Exit::Internal
        }
    };
    ExitCode::from(exit as u8)
}

fn run_checked() -> anyhow::Result<Exit> {
    let cli = match args::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Accepted };
            let _ = error.print();
            return Ok(exit);
        }
    };
    let lang = match cli.lang {
        args::LangArg::Ja => Lang::Ja,
        args::LangArg::En => Lang::En,
    };
    match cli.command {
        args::Command::Check(args) => check::run(*args, lang),
        args::Command::Explain(args) => explain::run(&args, lang),
        args::Command::Rules(args) => explain::list(&args, lang),
        args::Command::Layouts(args) => layouts::run(&args, lang),
        args::Command::Fix(args) => fix::run(&args, lang),
        args::Command::Anonymise(args) => anonymise::run(&args, lang),
        args::Command::Render(args) => render::run(&args, lang),
        args::Command::Rehearse(args) => rehearse::run(*args, lang),
        args::Command::Compare(args) => compare::run(&args, lang),
        args::Command::Diff(args) => diff::run(&args, lang),
        args::Command::Schema => {
            print_bytes(documents::report_schema().as_bytes())?;
            Ok(Exit::Accepted)
        }
        args::Command::Docs(args) => documents::run(&args),
        args::Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(
                shell,
                &mut args::Cli::command(),
                "careplan-conformance",
                &mut script,
            );
            print_bytes(&script)?;
            Ok(Exit::Accepted)
        }
    }
}

/// Writes to standard output; a closed pipe is no error.
pub(crate) fn print_bytes(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Makes the folders that a report goes into, where they are not there.
pub(crate) fn make_room(file: &Path) -> anyhow::Result<()> {
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::create_dir_all(folder)
            .map_err(|error| config::misconfigured(format!("{}: {error}", folder.display()))),
        None => Ok(()),
    }
}

/// A new file that only its owner may read.
pub(crate) fn private_file(path: &Path) -> anyhow::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map_err(|error| config::misconfigured(format!("{}: {error}", path.display())))
}

/// Says something on standard error.
pub(crate) fn complain(text: &str) {
    let lines: Vec<_> = text.lines().map(visible).collect();
    let _ = writeln!(std::io::stderr(), "careplan-conformance: {}", lines.join("\n"));
}

/// Whether standard output shows colours.
pub(crate) fn colours(choice: args::ColourArg) -> bool {
    match choice {
        args::ColourArg::Always => true,
        args::ColourArg::Never => false,
        args::ColourArg::Auto => {
            std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
        }
    }
}
