//! SARIF 2.1.0. All active rules are listed, not only those that fired.

use std::collections::BTreeMap;
use std::io::{self, Write};

use careplan_judge::baseline;
use careplan_judge::engine::Summary;
use careplan_judge::finding::Finding;
use careplan_judge::rules;
use careplan_judge::severity::Severity;
use serde_json::{Value, json};

use super::{Context, Writer};

pub(super) struct SarifReport<'a> {
    out: Box<dyn Write + 'a>,
    started: bool,
    any: bool,
    /// How many findings of each place went by.
    places: BTreeMap<String, u32>,
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

impl<'a> SarifReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>) -> Self {
        Self { out, started: false, any: false, places: BTreeMap::new() }
    }

    /// What a service recognises the finding by in the next run: under a key by whom it is about,
    /// without one by where it stands among those of its rule, kind of file and field.
    fn fingerprint(&mut self, context: &Context, finding: &Finding) -> String {
        if let Some(key) = &context.key {
            return key.mark(finding);
        }
        let place = baseline::place(context.path(finding), finding);
        let before = self.places.entry(place.clone()).or_default();
        *before += 1;
        format!("{place} {before}")
    }

    fn start(&mut self, context: &Context) -> io::Result<()> {
        if self.started {
            return Ok(());
        }
        self.started = true;
        let active: Vec<Value> = rules::all()
            .filter(|rule| context.profile.runs(rule))
            .map(|rule| {
                json!({
                    "id": rule.code,
                    "name": rule.name,
                    "shortDescription": { "text": context.pick(rule.title) },
                    "fullDescription": { "text": context.pick(rule.explanation) },
                    "help": { "text": context.pick(rule.fix) },
                    "defaultConfiguration": { "level": level(rule.severity) },
                })
            })
            .collect();
        let driver = json!({
            "name": "careplan-conformance",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": active,
        });
        write!(
            self.out,
            "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\
             \"runs\":[{{\"tool\":{{\"driver\":{driver}}},\"columnKind\":\"unicodeCodePoints\",\"results\":["
        )
    }
}

impl Writer for SarifReport<'_> {
    fn takes_suppressed(&self) -> bool {
        true
    }

    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()> {
        self.start(context)?;
        if self.any {
            self.out.write_all(b",\n")?;
        }
        self.any = true;
        let place = super::place(context, finding);
        let mut text = context.wording.message(finding);
        if !place.is_empty() {
            text = format!("{place} {text}");
        }
        let fingerprint = self.fingerprint(context, finding);
        let mut result = json!({
            "ruleId": finding.rule.code,
            "level": level(finding.severity),
            "message": { "text": text },
            "partialFingerprints": { "finding/v4": fingerprint },
            "properties": { "clause": finding.clause(), "basis": finding.basis().id() },
        });
        if let Some(cause) = finding.explained_by {
            result["properties"]["explained_by"] = json!(cause.code);
        }
        if let Some(by) = &finding.suppressed {
            result["suppressions"] = json!([{
                "kind": "external",
                "status": "accepted",
                "justification": by.reason,
                "properties": { "until": by.last_day() },
            }]);
        }
        let path = context.path(finding);
        if !path.is_empty() {
            let mut physical = json!({ "artifactLocation": { "uri": uri(path) } });
            if let Some(region) = region(finding) {
                physical["region"] = region;
            }
            result["locations"] = json!([{ "physicalLocation": physical }]);
        }
        serde_json::to_writer(&mut self.out, &result)?;
        Ok(())
    }

    fn finish(&mut self, context: &Context, summary: &Summary) -> io::Result<()> {
        self.start(context)?;
        let run = super::failed_run(context, summary)
            .map(|(_, because)| json!({ "level": "error", "message": { "text": because } }));
        let failed: Vec<Value> = super::failed_files(context, summary)
            .map(|(file, because)| {
                json!({
                    "level": "error",
                    "message": { "text": because },
                    "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(&file.path) } } }],
                })
            })
            .chain(run)
            .collect();
        let invocation = json!({
            "executionSuccessful": failed.is_empty(),
            "toolExecutionNotifications": failed,
        });
        let hidden = context.hidden.map(careplan_judge::engine::Counts::total);
        let suppressed = context.suppressions.is_some().then(|| context.suppressed().total());
        let properties = json!({ "hiddenByBaseline": hidden, "suppressed": suppressed });
        writeln!(self.out, "],\"invocations\":[{invocation}],\"properties\":{properties}}}]}}")?;
        self.out.flush()
    }
}

/// Lines and columns, and the bytes of the file; the line alone where a record went by.
fn region(finding: &Finding) -> Option<Value> {
    let Some(region) = finding.region else {
        return (finding.at.line > 0).then(|| json!({ "startLine": finding.at.line }));
    };
    let mut out = json!({
        "startLine": region.start_line,
        "startColumn": region.start_column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    });
    if let Some((offset, length)) = finding.span {
        out["byteOffset"] = json!(offset);
        out["byteLength"] = json!(length);
    }
    if let Some((start, end)) = region.byte_columns {
        out["properties"] = json!({ "startByteColumn": start, "endByteColumn": end });
    }
    Some(out)
}

/// A path as a relative reference: everything unusual percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
