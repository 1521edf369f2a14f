//! What the relay asks the conformance checker about a message (relay.md §3 E1 – E3, §9 item 15).

use serde::Serialize;

/// A finding of the checker, in words. Personal values are masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingView {
    /// Code of the rule.
    pub rule: &'static str,
    /// `error`.
    pub severity: &'static str,
    /// Name of the file; none for a finding about the combination.
    pub file: Option<String>,
    /// Record, 1-based; none for the whole file.
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
