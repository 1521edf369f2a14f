//! The command `careplan-conformance`.

use std::process::ExitCode;

mod cli;
mod coverage;
mod document;
mod workbook;

fn main() -> ExitCode {
    cli::run()
}
