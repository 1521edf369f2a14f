//! CSV for spreadsheets: UTF-8 with a byte order mark, one row a finding.

use std::io::{self, Write};

use careplan_judge::engine::Summary;
use careplan_judge::finding::Finding;
use careplan_judge::severity::Severity;

use super::{Context, Writer};

pub(super) struct CsvReport<'a> {
    out: csv::Writer<Box<dyn Write + 'a>>,
    started: bool,
}

impl<'a> CsvReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>) -> Self {
        let out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        Self { out, started: false }
    }

    fn start(&mut self, context: &Context) -> io::Result<()> {
        if self.started {
            return Ok(());
        }
        self.started = true;
        let head: [&str; 13] = match context.wording.lang {
            careplan_spec::Lang::Ja => [
                "重要度",
                "コード",
                "ルール",
                "ファイル",
                "レコード",
                "行",
                "項目番号",
                "項目名",
                "列",
                "内容",
                "期待する値",
                "見つかった値",
                "根拠",
            ],
            careplan_spec::Lang::En => [
                "severity",
                "code",
                "rule",
                "file",
                "record",
                "line",
                "item",
                "item name",
                "column",
                "message",
                "expected",
                "found",
                "clause",
            ],
        };
        // The mark makes spreadsheets read the file as UTF-8.
        self.out.write_record(head.iter().enumerate().map(|(at, text)| {
            if at == 0 { format!("\u{FEFF}{text}") } else { (*text).to_owned() }
        }))?;
        Ok(())
    }
}

/// Keeps spreadsheets from taking a value for a formula.
fn harmless(text: String) -> String {
    let number =
        text.strip_prefix('-').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    if text.starts_with(['=', '+', '@', '\t', '\r', '-']) && !number {
        format!("'{text}")
    } else {
        text
    }
}

impl Writer for CsvReport<'_> {
    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()> {
        self.start(context)?;
        let wording = &context.wording;
        let number = |value: u32| if value == 0 { String::new() } else { value.to_string() };
        self.out.write_record([
            context.pick(finding.severity.label()).to_owned(),
            finding.rule.code.to_owned(),
            finding.rule.name.to_owned(),
            harmless(context.path(finding).to_owned()),
            number(finding.at.record),
            number(finding.at.line),
            finding.field.map_or_else(String::new, |field| field.no.to_string()),
            finding.field.map_or_else(String::new, |field| field.name.to_owned()),
            finding.field.map_or_else(String::new, |field| field.column_letter()),
            harmless(wording.message(finding)),
            harmless(wording.expected(finding).unwrap_or_default()),
            harmless(wording.found(finding).unwrap_or_default()),
            finding.clause(),
        ])?;
        Ok(())
    }

    fn finish(&mut self, context: &Context, summary: &Summary) -> io::Result<()> {
        self.start(context)?;
        for (file, because) in super::failed_files(context, summary) {
            let mut row: [String; 13] = Default::default();
            row[0] = context.pick(Severity::Error.label()).to_owned();
            row[3] = harmless(file.path.clone());
            row[9] = harmless(because);
            self.out.write_record(&row)?;
        }
        for line in super::hidden_lines(context) {
            let mut row: [String; 13] = Default::default();
            row[0] = context.pick(Severity::Info.label()).to_owned();
            row[9] = line;
            self.out.write_record(&row)?;
        }
        self.out.flush()
    }
}
