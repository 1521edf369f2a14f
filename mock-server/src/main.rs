//! The command `careplan-mock-server`: arguments, configuration, start, and what it says then.

mod cli;
mod config;
mod welcome;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    cli::run(cli::Cli::parse())
}
