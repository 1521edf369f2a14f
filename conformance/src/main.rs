//! The command `careplan-conformance`.

use std::process::ExitCode;

mod cli;

fn main() -> ExitCode {
    cli::run()
}
