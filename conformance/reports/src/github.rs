//! Workflow commands that GitHub shows as annotations.

use std::io::{self, Write};

use careplan_judge::engine::Summary;
use careplan_judge::finding::Finding;
use careplan_judge::severity::Severity;

use super::{Context, Writer};

pub(super) struct GithubReport<'a> {
    out: Box<dyn Write + 'a>,
}

impl<'a> GithubReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>) -> Self {
        Self { out }
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

impl Writer for GithubReport<'_> {
    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()> {
        let level = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let title = format!("{} {}", finding.rule.code, context.pick(finding.rule.title));
        write!(self.out, "::{level} title={}", property(&title))?;
        let path = context.path(finding);
        if !path.is_empty() {
            write!(self.out, ",file={}", property(path))?;
            if finding.at.line > 0 {
                write!(self.out, ",line={}", finding.at.line)?;
            }
        }
        writeln!(self.out, "::{}", data(&super::line(context, finding)))
    }

    fn finish(&mut self, context: &Context, summary: &Summary) -> io::Result<()> {
        for (file, because) in super::failed_files(context, summary) {
            writeln!(self.out, "::error file={}::{}", property(&file.path), data(&because))?;
        }
        self.out.flush()
    }
}
