//! `explain` and `rules`: what the rules say.

use careplan_judge::rule::{Rule, Source};
use careplan_judge::rules;
use careplan_spec::{Basis, Lang};
use serde_json::json;

use super::args::{ExplainArgs, RulesArgs};
use super::config::misconfigured;
use super::{Exit, print_bytes};
use crate::document;

/// Explains the named rules.
pub(crate) fn run(args: &ExplainArgs, lang: Lang) -> anyhow::Result<Exit> {
    let mut out = String::new();
    for name in &args.rules {
        let rule = rules::find(name).ok_or_else(|| {
            misconfigured(format!(
                "{name}: そのルールはありません / no such rule (careplan-conformance rules)"
            ))
        })?;
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&document::rule_page(rule, lang));
    }
    print_bytes(out.as_bytes())?;
    Ok(Exit::Accepted)
}

fn clause_and_basis(rule: &Rule) -> (&'static str, &'static str) {
    match rule.source {
        Source::Fixed(clause, basis) => (clause, basis.id()),
        Source::Row => ("L", Basis::Stated.id()),
    }
}

/// Lists all rules.
pub(crate) fn list(args: &RulesArgs, lang: Lang) -> anyhow::Result<Exit> {
    let out = match args.format.as_str() {
        "text" => rules::all()
            .map(|rule| {
                let severity = rule.severity.label().get(lang);
                format!("{} {severity}\t{}\t{}\n", rule.code, rule.name, rule.title.get(lang))
            })
            .collect(),
        "markdown" => document::rule_table(lang),
        "json" => {
            let all: Vec<_> = rules::all()
                .map(|rule| {
                    let (clause, basis) = clause_and_basis(rule);
                    json!({
                        "code": rule.code,
                        "name": rule.name,
                        "stage": rule.stage().id(),
                        "severity": rule.severity.id(),
                        "clause": clause,
                        "basis": basis,
                        "title": { "ja": rule.title.ja, "en": rule.title.en },
                        "explanation": { "ja": rule.explanation.ja, "en": rule.explanation.en },
                        "fix": { "ja": rule.fix.ja, "en": rule.fix.en },
                        "covers": rule.covers,
                    })
                })
                .collect();
            format!("{}\n", serde_json::to_string_pretty(&all)?)
        }
        "csv" => {
            let mut writer = csv_writer();
            writer.push_str("code,name,severity,clause,basis,title_ja,title_en\r\n");
            for rule in rules::all() {
                let (clause, basis) = clause_and_basis(rule);
                let cells = [
                    rule.code,
                    rule.name,
                    rule.severity.id(),
                    clause,
                    basis,
                    rule.title.ja,
                    rule.title.en,
                ];
                writer.push_str(&document::csv_row(&cells));
            }
            writer
        }
        other => {
            return Err(misconfigured(format!("--format {other}: text, json, csv, markdown")));
        }
    };
    print_bytes(out.as_bytes())?;
    Ok(Exit::Accepted)
}

fn csv_writer() -> String {
    String::from("\u{FEFF}")
}
