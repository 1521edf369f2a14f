//! A line a finding, `path:line:column: CODE message`, for editors and whatever reads compilers.

use std::io::{self, Write};

use careplan_judge::engine::{FileOutcome, Summary};
use careplan_judge::finding::Finding;

use super::{Context, Writer};

pub(super) struct ConciseReport<'a> {
    out: Box<dyn Write + 'a>,
    /// Unit and text of findings about no file: where the unit begins is known at the end.
    of_units: Vec<(Option<u32>, String)>,
    folded: u64,
}

impl<'a> ConciseReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>) -> Self {
        Self { out, of_units: Vec::new(), folded: 0 }
    }
}

/// Code and message, on one line.
fn text(context: &Context, finding: &Finding) -> String {
    let message = context.wording.message(finding).replace(['\r', '\n'], " ");
    format!("{} {message}", finding.rule.code)
}

/// Line and column; the beginning of the file where it is about all of it.
fn position(finding: &Finding) -> (u32, u32) {
    match finding.region {
        Some(region) => (region.start_line, region.start_column),
        None => (finding.at.line.max(1), 1),
    }
}

impl Writer for ConciseReport<'_> {
    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()> {
        if finding.explained_by.is_some() {
            self.folded += 1;
            return Ok(());
        }
        let path = context.path(finding);
        if path.is_empty() {
            self.of_units.push((finding.unit, text(context, finding)));
            return Ok(());
        }
        let (line, column) = position(finding);
        writeln!(self.out, "{path}:{line}:{column}: {}", text(context, finding))
    }

    fn finish(&mut self, context: &Context, summary: &Summary) -> io::Result<()> {
        for (unit, text) in &self.of_units {
            let path = first_file(summary, *unit).map_or("-", |file| &file.path);
            writeln!(self.out, "{path}:1:1: {text}")?;
        }
        for (file, because) in super::failed_files(context, summary) {
            let because = because.replace(['\r', '\n'], " ");
            writeln!(self.out, "{}:1:1: {} {because}", file.path, super::failure(file))?;
        }
        writeln!(self.out, "{}", super::verdict_line(context, summary))?;
        let folded = super::folded_line(context, self.folded);
        for line in folded.into_iter().chain(super::hidden_lines(context)) {
            writeln!(self.out, "{line}")?;
        }
        self.out.flush()
    }
}

/// The first file of a unit; of the run where it is about no unit.
fn first_file(summary: &Summary, unit: Option<u32>) -> Option<&FileOutcome> {
    let first = match unit {
        Some(unit) => *summary.units.get(unit as usize)?.files.iter().min()?,
        None => 0,
    };
    summary.files.get(first as usize)
}
