//! The command `careplan-client`.

use std::process::ExitCode;

mod cli;

fn main() -> ExitCode {
    cli::run()
}
