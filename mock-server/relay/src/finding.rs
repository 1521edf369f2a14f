//! Findings of the checker, as the relay tells of them.

use careplan_judge::message::Wording;
use careplan_judge::{Finding, Summary};
use careplan_spec::Lang;
use serde::Serialize;
use utoipa::ToSchema;

/// A finding of the checker. Personal values are masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Finding)]
pub struct FindingView {
    /// Code of the rule; `careplan-conformance explain <code>` tells all about it.
    #[schema(example = "F012")]
    pub rule: &'static str,
    /// `error`.
    pub severity: &'static str,
    /// Name of the file; null for a finding about the combination.
    pub file: Option<String>,
    /// Record, 1-based; null for the whole file.
    pub record: Option<u32>,
    /// Number of the field, 1-based.
    pub field_number: Option<u32>,
    /// Official name of the field.
    pub field_name: Option<&'static str>,
    /// What is wrong, Japanese.
    pub message: String,
    /// What is wrong, English.
    pub message_en: String,
    /// What to do, Japanese.
    pub fix: &'static str,
    /// What to do, English.
    pub fix_en: &'static str,
    /// The clause of the standard.
    pub clause: String,
}

impl FindingView {
    /// A finding in words, personal values masked: what is logged or shown to bystanders on the way
    /// stays harmless.
    pub(crate) fn of(finding: &Finding, summary: &Summary) -> Self {
        let wording = |lang| Wording { lang, show_values: false };
        Self {
            rule: finding.rule.code,
            severity: finding.severity.id(),
            file: finding
                .file
                .and_then(|index| summary.files.get(index as usize))
                .map(|outcome| outcome.path.clone()),
            record: (finding.at.record > 0).then_some(finding.at.record),
            field_number: finding.field.map(|field| u32::from(field.no)),
            field_name: finding.field.map(|field| field.name),
            message: wording(Lang::Ja).message(finding),
            message_en: wording(Lang::En).message(finding),
            fix: finding.rule.fix.ja,
            fix_en: finding.rule.fix.en,
            clause: finding.clause(),
        }
    }
}
