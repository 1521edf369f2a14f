//! `rehearse report`: the report of a rehearsal, in every format.

use std::fs;

use careplan_rehearsal::report::{Format, Report};
use careplan_spec::Lang;

use super::args::ReportArgs;
use super::folder::{Folder, expected_failures};
use crate::cli::config::misconfigured;
use crate::cli::now::Now;
use crate::cli::{Exit, print_bytes};

/// Runs the command.
pub(super) fn run(args: &ReportArgs, lang: Lang) -> anyhow::Result<Exit> {
    let now = Now::of(args.now.as_deref())?;
    let formats = if args.formats.is_empty() {
        Format::ALL.to_vec()
    } else {
        args.formats
            .iter()
            .map(|id| {
                Format::from_id(id).ok_or_else(|| {
                    misconfigured(format!("--format {id}: markdown, html, json, junit"))
                })
            })
            .collect::<anyhow::Result<_>>()?
    };
    let folder = Folder::open(&args.dir)?;
    let expected = expected_failures(args.expected_failures.as_deref())?;
    for format in &formats {
        let path = args.out.join(format.file_name());
        if !args.force && path.symlink_metadata().is_ok() {
            return Err(misconfigured(format!(
                "{}: すでにあります。上書きするには --force を付けてください / it exists; use --force to overwrite",
                path.display()
            )));
        }
    }
    let lines = folder.lines(&folder.results()?, &expected, &now.day())?;
    let report = Report { setup: &folder.setup, at: now.rfc3339(), lines };
    fs::create_dir_all(&args.out)?;
    for format in formats {
        let path = args.out.join(format.file_name());
        fs::write(&path, report.render(format, lang))?;
        print_bytes(format!("{}\n", path.display()).as_bytes())?;
    }
    print_bytes(format!("{}\n", report.counts().sentence(lang)).as_bytes())?;
    Ok(Exit::Accepted)
}
