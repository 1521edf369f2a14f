//! The command `careplan-conformance`.

use std::process::ExitCode;

mod cli;
mod coverage;
mod document;

fn main() -> ExitCode {
    cli::run()
}
