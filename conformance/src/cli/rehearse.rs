//! `rehearse`: a folder of a rehearsal, from the plan to the report.

pub(crate) mod args;
mod decide;
mod folder;
mod init;
mod report;
mod run;
mod status;

use careplan_spec::{Lang, Text};

use super::Exit;
use super::config::misconfigured;
use args::{RehearseArgs, RehearseCommand};

/// Runs the command.
pub(crate) fn run(args: RehearseArgs, lang: Lang) -> anyhow::Result<Exit> {
    match args.command {
        RehearseCommand::Init(args) => init::run(&args, lang),
        RehearseCommand::Run(args) => run::run(&args, lang),
        RehearseCommand::Decide(args) => decide::run(&args, lang),
        RehearseCommand::Status(args) => status::run(&args, lang),
        RehearseCommand::Report(args) => report::run(&args, lang),
    }
}

/// Ends with exit code 2 and a sentence in both languages.
fn refused(words: &Text<String>) -> anyhow::Error {
    misconfigured(words.to_string())
}
