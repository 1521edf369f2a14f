//! One self-contained page: no scripts, no network, printable.

use std::io::{self, Write};

use askama::Template;
use careplan_judge::engine::{FileOutcome, Summary, Verdict};
use careplan_judge::finding::Finding;
use careplan_judge::{Rule, rules};
use careplan_spec::{Lang, clause};

use super::{Context, Writer};

/// Verdict and counts stand first and are known last, so findings wait as rows.
pub(super) struct HtmlReport<'a> {
    out: Box<dyn Write + 'a>,
    rows: String,
}

impl<'a> HtmlReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>) -> Self {
        Self { out, rows: String::new() }
    }
}

/// A row of the table of findings.
#[derive(Template)]
#[template(path = "finding.html")]
struct FindingRow<'a> {
    context: &'a Context,
    finding: &'a Finding,
}

impl FindingRow<'_> {
    fn fix(&self) -> &'static str {
        self.context.pick(self.finding.rule.fix)
    }

    fn clause(&self) -> String {
        clause::in_words(&self.finding.clause(), self.context.wording.lang)
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage<'a> {
    context: &'a Context,
    summary: &'a Summary,
    rows: &'a str,
}

impl ReportPage<'_> {
    fn t(&self, ja: &'static str, en: &'static str) -> &'static str {
        match self.context.wording.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    fn title(&self) -> &'static str {
        self.t("ケアプランデータ検査結果", "Care-plan data check")
    }

    fn kind(&self, file: &FileOutcome) -> String {
        super::not_judged_because(self.context, file).unwrap_or_else(|| {
            let name = |kind: careplan_spec::FileKind| {
                format!("{} {}", kind.prefix(), self.context.pick(kind.title()))
            };
            file.kind.map(name).unwrap_or_default()
        })
    }

    fn what(&self, rule: &Rule) -> &'static str {
        self.context.pick(rule.title)
    }

    fn by_rule(&self) -> impl Iterator<Item = (&'static Rule, u64)> {
        let counts = &self.summary.by_rule;
        rules::all().filter_map(|rule| Some((rule, *counts.get(rule.code)?)))
    }
}

impl Writer for HtmlReport<'_> {
    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()> {
        FindingRow { context, finding }.render_into(&mut self.rows).map_err(io::Error::other)?;
        self.rows.push('\n');
        Ok(())
    }

    fn finish(&mut self, context: &Context, summary: &Summary) -> io::Result<()> {
        ReportPage { context, summary, rows: &self.rows }.write_into(&mut self.out)?;
        writeln!(self.out)?;
        self.out.flush()
    }
}
