//! The JSON report, version 1, as one document and as lines. Findings are streamed; nothing is held
//! back. [`schema`] describes both.

use std::io::{self, Write};

use careplan_judge::engine::{Counts, FileStatus, Summary};
use careplan_judge::finding::{Finding, Region};
use careplan_judge::rules;
use careplan_judge::severity::Severity;
use careplan_spec::send_unit::Match;
use serde::Serialize;
use serde_json::{Value, json};

use super::{Context, Hidden, Writer};

mod schema;

pub use schema::schema;

/// The version of the document. It changes when a reader would have to.
pub(super) const VERSION: u32 = 1;

/// One document, the findings first.
pub(super) struct JsonReport<'a> {
    out: Box<dyn Write + 'a>,
    findings: Findings,
    any: bool,
}

/// A line a finding, and one at the end with the rest.
pub(super) struct JsonLines<'a> {
    out: Box<dyn Write + 'a>,
    findings: Findings,
}

/// Puts findings into JSON.
#[derive(Default)]
struct Findings {
    buffer: Vec<u8>,
    message: String,
    frames: Vec<Frame>,
}

// Version 1 of the report is older than the finding in words that programs pass on
// (`careplan_judge::WordedFinding`): it speaks one language and calls members by other names. Its
// findings are put together from pieces, so that a large defective export is written as fast as it
// is judged.

/// The part of a finding before its place.
#[derive(Serialize)]
struct RuleMembers<'a> {
    code: &'a str,
    name: &'a str,
    severity: &'a str,
    basis: &'a str,
    clause: &'a str,
    explained_by: Option<&'a str>,
    path: &'a str,
    unit: Option<u32>,
}

#[derive(Serialize)]
struct FieldMembers<'a> {
    field: Option<u8>,
    field_name: Option<&'a str>,
    column: Option<&'a str>,
}

#[derive(Serialize)]
struct MessageMembers<'a> {
    message: &'a str,
    expected: Option<&'a str>,
    found: Option<&'a str>,
}

#[derive(Serialize)]
struct AdviceMembers<'a> {
    fix: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    relay_message: Option<&'a str>,
}

/// What the findings of one rule about one field of one file have in common, as members of an
/// object: a defective export repeats itself in every record.
struct Frame {
    of: Common,
    head: Vec<u8>,
    place: Vec<u8>,
    tail: Vec<u8>,
}

/// Code, file, unit, field, severity, and the code of the cause.
type Common = (&'static str, Option<u32>, Option<u32>, Option<u8>, Severity, Option<&'static str>);

/// How many frames are kept.
const FRAMES: usize = 64;

impl Frame {
    fn of(finding: &Finding) -> Common {
        let field = finding.field.map(|field| field.no);
        let cause = finding.explained_by.map(|cause| cause.code);
        (finding.rule.code, finding.file, finding.unit, field, finding.severity, cause)
    }

    fn new(context: &Context, finding: &Finding) -> io::Result<Self> {
        let column = finding.field.map(careplan_spec::Field::column_letter);
        let (mut head, mut place, mut tail) = (Vec::new(), Vec::new(), Vec::new());
        members(
            &mut head,
            &RuleMembers {
                code: finding.rule.code,
                name: finding.rule.name,
                severity: finding.severity.id(),
                basis: finding.basis().id(),
                clause: &finding.clause(),
                explained_by: finding.explained_by.map(|cause| cause.code),
                path: context.path(finding),
                unit: finding.unit,
            },
        )?;
        members(
            &mut place,
            &FieldMembers {
                field: finding.field.map(|field| field.no),
                field_name: finding.field.map(|field| field.name),
                column: column.as_deref(),
            },
        )?;
        members(
            &mut tail,
            &AdviceMembers {
                fix: context.pick(finding.rule.fix),
                relay_message: super::relay_text(context, finding),
            },
        )?;
        Ok(Self { of: Self::of(finding), head, place, tail })
    }
}

/// Appends the members of an object, without its braces.
fn members(out: &mut Vec<u8>, object: &impl Serialize) -> io::Result<()> {
    let start = out.len();
    serde_json::to_writer(&mut *out, object)?;
    out.pop();
    out.remove(start);
    Ok(())
}

impl Findings {
    /// The position of the frame of a finding.
    fn frame(&mut self, context: &Context, finding: &Finding) -> io::Result<usize> {
        let of = Frame::of(finding);
        if let Some(at) = self.frames.iter().position(|frame| frame.of == of) {
            return Ok(at);
        }
        if self.frames.len() == FRAMES {
            self.frames.clear();
        }
        self.frames.push(Frame::new(context, finding)?);
        Ok(self.frames.len() - 1)
    }

    /// The members of a finding, without the braces of the object.
    fn members(&mut self, context: &Context, finding: &Finding) -> io::Result<&[u8]> {
        let at = self.frame(context, finding)?;
        let wording = &context.wording;
        self.message.clear();
        wording.write_message(finding, &mut self.message);
        let frame = &self.frames[at];
        let out = &mut self.buffer;
        out.clear();
        out.extend_from_slice(&frame.head);
        if let Some(by) = &finding.suppressed {
            let said = json!({ "reason": by.reason, "until": by.last_day(), "line": by.line });
            write!(out, ",\"suppressed\":{said}")?;
        }
        write!(out, ",\"record\":{},\"line\":{},", finding.at.record, finding.at.line)?;
        region(out, finding.region)?;
        out.push(b',');
        out.extend_from_slice(&frame.place);
        out.push(b',');
        let (expected, found) = (wording.expected(finding), wording.found(finding));
        let words = MessageMembers {
            message: &self.message,
            expected: expected.as_deref(),
            found: found.as_deref(),
        };
        members(out, &words)?;
        out.push(b',');
        out.extend_from_slice(&frame.tail);
        Ok(out)
    }
}

/// The member with the lines and columns.
fn region(out: &mut Vec<u8>, region: Option<Region>) -> io::Result<()> {
    let Some(region) = region else { return out.write_all(b"\"region\":null") };
    let Region { start_line, start_column, end_line, end_column, byte_columns } = region;
    write!(
        out,
        "\"region\":{{\"start_line\":{start_line},\"start_column\":{start_column},\
         \"end_line\":{end_line},\"end_column\":{end_column},"
    )?;
    match byte_columns {
        Some((start, end)) => {
            write!(out, "\"start_byte_column\":{start},\"end_byte_column\":{end}}}")
        }
        None => write!(out, "\"start_byte_column\":null,\"end_byte_column\":null}}"),
    }
}

impl<'a> JsonReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>) -> Self {
        Self { out, findings: Findings::default(), any: false }
    }

    fn start(&mut self) -> io::Result<()> {
        write!(
            self.out,
            "{{\"version\":{VERSION},\"tool\":\"careplan-conformance\",\"tool_version\":\"{}\",\"findings\":[",
            env!("CARGO_PKG_VERSION")
        )
    }
}

impl Writer for JsonReport<'_> {
    fn takes_suppressed(&self) -> bool {
        true
    }

    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()> {
        if self.any {
            self.out.write_all(b",\n{")?;
        } else {
            self.start()?;
            self.out.write_all(b"\n{")?;
            self.any = true;
        }
        self.out.write_all(self.findings.members(context, finding)?)?;
        self.out.write_all(b"}")
    }

    fn finish(&mut self, context: &Context, summary: &Summary) -> io::Result<()> {
        if !self.any {
            self.start()?;
        }
        let text = serde_json::to_string(&rest(context, summary))?;
        // The rest is an object of its own; its braces are dropped to close the first one.
        writeln!(self.out, "\n],{}", &text[1..])?;
        self.out.flush()
    }
}

impl<'a> JsonLines<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>) -> Self {
        Self { out, findings: Findings::default() }
    }
}

impl Writer for JsonLines<'_> {
    fn takes_suppressed(&self) -> bool {
        true
    }

    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()> {
        self.out.write_all(b"{\"type\":\"finding\",")?;
        self.out.write_all(self.findings.members(context, finding)?)?;
        self.out.write_all(b"}\n")
    }

    fn finish(&mut self, context: &Context, summary: &Summary) -> io::Result<()> {
        let text = serde_json::to_string(&rest(context, summary))?;
        writeln!(
            self.out,
            "{{\"type\":\"summary\",\"version\":{VERSION},\"tool\":\"careplan-conformance\",\
             \"tool_version\":\"{}\",{}",
            env!("CARGO_PKG_VERSION"),
            &text[1..]
        )?;
        self.out.flush()
    }
}

fn numbers(counts: Counts) -> Value {
    json!({ "errors": counts.errors, "warnings": counts.warnings, "infos": counts.infos })
}

/// What is known when the run is over.
fn rest(context: &Context, summary: &Summary) -> Value {
    let files: Vec<_> = summary
        .files
        .iter()
        .map(|file| {
            let (status, reason) = match &file.status {
                FileStatus::Checked => ("checked", None),
                FileStatus::NotChecked => ("not_checked", None),
                FileStatus::Unreadable(reason) => ("unreadable", Some(reason)),
                FileStatus::InternalError => ("internal_error", None),
            };
            json!({
                "path": file.path,
                "status": status,
                "reason": reason,
                "kind": file.kind.map(careplan_spec::FileKind::prefix),
                "standard": file.version.map(careplan_spec::StandardVersion::label),
                "bytes": file.bytes,
                "records": file.records,
                "errors": file.counts.errors,
                "warnings": file.counts.warnings,
                "infos": file.counts.infos,
                "explained": numbers(file.explained),
                "not_judged": {
                    "fields": file.not_judged.fields,
                    "records": file.not_judged.records,
                    "files": file.not_judged.files,
                },
                "unit": file.unit,
            })
        })
        .collect();
    let units: Vec<_> = summary
        .units
        .iter()
        .map(|unit| {
            let (id, title, complete) = match &unit.matched {
                Match::Complete(shape) => (Some(shape.id), Some(context.pick(shape.title)), true),
                Match::Incomplete { unit, .. } => {
                    (Some(unit.id), Some(context.pick(unit.title)), false)
                }
                Match::None => (None, None, false),
            };
            json!({
                "id": id,
                "title": title,
                "complete": complete,
                "standard": unit.version.label(),
                "sender": unit.sender,
                "receiver": unit.receiver,
                "sequence": unit.sequence,
                "files": unit.files,
                "errors": unit.counts.errors,
                "warnings": unit.counts.warnings,
                "infos": unit.counts.infos,
            })
        })
        .collect();
    let suppressions: Vec<_> = context
        .suppressions
        .iter()
        .flatten()
        .map(|Hidden { by, counts }| {
            let codes: Vec<_> = by.rules.iter().map(|rule| rule.code).collect();
            json!({
                "line": by.line,
                "rules": codes,
                "reason": by.reason,
                "until": by.last_day(),
                "hidden": numbers(*counts),
            })
        })
        .collect();
    let active: Vec<_> =
        rules::all().filter(|rule| context.profile.runs(rule)).map(|rule| rule.code).collect();
    json!({
        "verdict": summary.verdict.id(),
        "reason": format!("{:?}", summary.verdict),
        "profile": context.profile.purpose.id(),
        "fail_on": context.profile.fail_on.id(),
        "counts": numbers(summary.counts),
        "explained": numbers(summary.explained),
        "suppressed": numbers(context.suppressed()),
        "suppressions": suppressions,
        "hidden_by_baseline": context.hidden.map(numbers),
        "settings": context.settings,
        "by_rule": summary.by_rule,
        "units": units,
        "files": files,
        "active_rules": active,
    })
}
