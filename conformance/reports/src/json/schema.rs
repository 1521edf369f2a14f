//! The JSON Schema of the JSON report.

use careplan_judge::Severity;
use careplan_judge::engine::Verdict;
use careplan_judge::profile::Purpose;
use careplan_spec::{Basis, FileKind, StandardVersion};
use serde_json::{Map, Value, json};

use super::VERSION;

/// The JSON Schema (2020-12) of the JSON report; `$defs/line` is that of a line of JSON Lines.
///
/// Members may be added without a new version of the report, so that no object is closed.
pub fn schema() -> Value {
    let mut report = head();
    report.insert("findings".into(), list("finding", "In the order of the files."));
    report.append(&mut rest());
    let mut schema = object("The JSON report of careplan-conformance", report);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["$defs"] = json!({
        "finding": of_finding("One thing that is wrong, or worth knowing", finding()),
        "region": region(),
        "counts": counts(),
        "file": file(),
        "unit": unit(),
        "suppression": suppression(),
        "line": {
            "description": "A line of JSON Lines: findings, and the summary last.",
            "oneOf": [line("finding", finding()), line("summary", {
                let mut summary = head();
                summary.append(&mut rest());
                summary
            })],
        },
    });
    schema
}

/// Members of a finding that only some have.
const OPTIONAL: [&str; 2] = ["relay_message", "suppressed"];

/// An object with exactly these members, all of them there.
fn object(title: &str, properties: Map<String, Value>) -> Value {
    let required: Vec<&String> = properties.keys().collect();
    json!({ "title": title, "type": "object", "required": required, "properties": properties })
}

/// The same without those that only some findings have.
fn of_finding(title: &str, properties: Map<String, Value>) -> Value {
    let mut object = object(title, properties);
    if let Some(required) = object["required"].as_array_mut() {
        required.retain(|name| !OPTIONAL.iter().any(|optional| name == optional));
    }
    object
}

fn line(kind: &str, mut properties: Map<String, Value>) -> Value {
    properties.insert("type".into(), json!({ "const": kind }));
    let title = format!("A line of type {kind}");
    match kind {
        "finding" => of_finding(&title, properties),
        _ => object(&title, properties),
    }
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn list(of: &str, what: &str) -> Value {
    json!({ "description": what, "type": "array", "items": reference(of) })
}

fn reference(to: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{to}") })
}

fn or_null(value: Value) -> Value {
    json!({ "oneOf": [value, { "type": "null" }] })
}

fn number(what: &str) -> Value {
    json!({ "description": what, "type": "integer", "minimum": 0 })
}

fn number_or_null(what: &str) -> Value {
    json!({ "description": what, "type": ["integer", "null"], "minimum": 0 })
}

fn text(what: &str) -> Value {
    json!({ "description": what, "type": "string" })
}

fn text_or_null(what: &str) -> Value {
    json!({ "description": what, "type": ["string", "null"] })
}

/// The form of a code of a rule.
const CODE: &str = "^[A-Z][0-9]{3}$";

fn severity(what: &str) -> Value {
    let ids = [Severity::Error, Severity::Warning, Severity::Info].map(Severity::id);
    json!({ "description": what, "enum": ids })
}

fn head() -> Map<String, Value> {
    members(json!({
        "version": {
            "description": "Of the report; it changes when a reader would have to.",
            "const": VERSION,
        },
        "tool": { "const": "careplan-conformance" },
        "tool_version": text("Of the program."),
    }))
}

fn finding() -> Map<String, Value> {
    members(json!({
        "code": { "description": "Of the rule; never used for another.", "type": "string", "pattern": CODE },
        "name": text("Of the rule: the defect in some English words."),
        "severity": severity("After the settings."),
        "basis": {
            "description": "Whether the standard says it, it follows, or we assume it.",
            "enum": ([Basis::Stated, Basis::Inferred, Basis::Assumed].map(Basis::id)),
        },
        "clause": text("Where the standard says it; a dash where it is silent."),
        "explained_by": {
            "description": "Code of the one cause that explains this finding and others of its file; B001 for the byte order mark of UTF-8.",
            "type": ["string", "null"],
            "pattern": CODE,
        },
        "suppressed": object("The suppression of the settings that holds for it; only where one does. Such a finding is in no count", members(json!({
            "reason": text("Why."),
            "until": text("The last day on which it holds, YYYY-MM-DD."),
            "line": number("Of the settings, in which it begins."),
        }))),
        "path": text("Of the file, with forward slashes, archive.zip!name inside ZIPs; empty for a finding about a send unit."),
        "unit": number_or_null("Index into units, for a finding about one."),
        "record": number("From 1; 0 where it is about the whole file."),
        "line": number("In which the record begins, from 1; 0 where it is about the whole file."),
        "region": or_null(reference("region")),
        "field": number_or_null("Number of the item, from 1."),
        "field_name": text_or_null("Official name of the item."),
        "column": text_or_null("Of the item, as spreadsheets count: A, B … AA."),
        "message": text("What is wrong, in the language of the run; personal values are masked unless they were asked for."),
        "expected": text_or_null("What should stand there."),
        "found": text_or_null("What stands there, masked as in the message."),
        "fix": text("What to do."),
        "relay_message": text("What the central system would say; with the profile relay only."),
    }))
}

fn region() -> Value {
    object(
        "Where the field stands, or the record; null where it is about the file, or about several records",
        members(json!({
            "start_line": number("From 1."),
            "start_column": number("In characters, from 1, with the quotes of the field."),
            "end_line": number("Another than start_line where the field has line breaks."),
            "end_column": number("In characters, from 1: the one behind the last."),
            "start_byte_column": number_or_null("In bytes, from 1; null where the file is not written in MS932."),
            "end_byte_column": number_or_null("In bytes, from 1: the one behind the last."),
        })),
    )
}

fn counts() -> Value {
    object(
        "Findings by severity",
        members(json!({
            "errors": number("Errors."),
            "warnings": number("Warnings."),
            "infos": number("Information."),
        })),
    )
}

fn file() -> Value {
    let versions: Vec<Value> = [StandardVersion::V3, StandardVersion::V4_1]
        .into_iter()
        .map(|version| json!(version.label()))
        .collect();
    let kinds: Vec<Value> = FileKind::ALL.into_iter().map(|kind| json!(kind.prefix())).collect();
    object(
        "What came of a file",
        members(json!({
            "path": text("As it was given, with forward slashes."),
            "status": { "enum": ["checked", "not_checked", "unreadable", "internal_error"] },
            "reason": text_or_null("Why it could not be read."),
            "kind": { "enum": kinds.into_iter().chain([Value::Null]).collect::<Vec<_>>() },
            "standard": { "enum": versions.into_iter().chain([Value::Null]).collect::<Vec<_>>() },
            "bytes": number("As far as it was read."),
            "records": number("Without a heading and blank lines."),
            "errors": number("Errors."),
            "warnings": number("Warnings."),
            "infos": number("Information."),
            "explained": reference("counts"),
            "not_judged": object("What later stages could not judge", members(json!({
                "fields": number("Items whose characters cannot be read."),
                "records": number("Records without a usable form."),
                "files": number("1 where nothing could be judged."),
            }))),
            "unit": number_or_null("Index into units."),
        })),
    )
}

fn unit() -> Value {
    object(
        "A send unit: files of one sender, receiver and sequence",
        members(json!({
            "id": text_or_null("Of the send unit of the standard that it is, or the nearest."),
            "title": text_or_null("Its name."),
            "complete": { "type": "boolean" },
            "standard": text("Version of the standard."),
            "sender": text("Office number, and the service kind in 4.1."),
            "receiver": text("In the same form."),
            "sequence": text("14 digits."),
            "files": { "description": "Indexes into files.", "type": "array", "items": { "type": "integer", "minimum": 0 } },
            "errors": number("Errors."),
            "warnings": number("Warnings."),
            "infos": number("Information."),
        })),
    )
}

fn suppression() -> Value {
    object(
        "An entry of the settings, and what it hid",
        members(json!({
            "line": number("Of the settings, in which it begins."),
            "rules": { "type": "array", "items": { "type": "string", "pattern": CODE } },
            "reason": text("Why."),
            "until": text("The last day on which it holds, YYYY-MM-DD."),
            "hidden": reference("counts"),
        })),
    )
}

fn rest() -> Map<String, Value> {
    let verdicts = [
        Verdict::Accepted,
        Verdict::Rejected,
        Verdict::Unreadable,
        Verdict::InternalError,
        Verdict::NothingToCheck,
    ];
    members(json!({
        "verdict": { "enum": ["accepted", "rejected"] },
        "reason": { "enum": verdicts.map(|verdict| format!("{verdict:?}")) },
        "profile": { "enum": Purpose::ALL.map(Purpose::id) },
        "fail_on": severity("The mildest severity that rejects."),
        "counts": reference("counts"),
        "explained": reference("counts"),
        "suppressed": reference("counts"),
        "suppressions": list("suppression", "The entries of the settings that held, in their order."),
        "settings": text_or_null("The file with the settings of the run."),
        "hidden_by_baseline": or_null(reference("counts")),
        "by_rule": {
            "description": "How many findings, by code.",
            "type": "object",
            "propertyNames": { "pattern": CODE },
            "additionalProperties": { "type": "integer", "minimum": 1 },
        },
        "units": list("unit", "In the order of their first files."),
        "files": list("file", "In the order in which they were given."),
        "active_rules": {
            "description": "The codes of the rules that were asked.",
            "type": "array",
            "items": { "type": "string", "pattern": CODE },
        },
    }))
}
