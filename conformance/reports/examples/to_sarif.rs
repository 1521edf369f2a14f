//! Checks files and writes SARIF to standard output, as a step of a pipeline would:
//! `cargo run -p careplan-reports --example to_sarif -- FILE…`

use std::fs::File;
use std::process::ExitCode;

use careplan_judge::message::Wording;
use careplan_judge::{Input, Profile, Verdict, check};
use careplan_reports::{Format, Reports, TextOptions};

fn main() -> std::io::Result<ExitCode> {
    let profile = Profile::default();
    let mut reports = Reports::new(Wording::default(), &profile);
    reports.add(Format::Sarif, std::io::stdout().lock(), TextOptions::default());
    let inputs = std::env::args().skip(1).map(|path| match File::open(&path) {
        Ok(file) => Input::from_reader(path, file),
        Err(error) => Input::unreadable(path, error.to_string()),
    });
    let summary = check(inputs, &profile, &mut reports);
    reports.finish(&summary)?;
    Ok(ExitCode::from(u8::from(summary.verdict != Verdict::Accepted)))
}
