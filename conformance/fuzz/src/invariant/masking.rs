//! Masked reports tell nothing about a person.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use careplan_judge::engine::FileOutcome;
use careplan_judge::{Finding, rules};
use careplan_spec::{layout, ms932};

use super::plain;

/// What masked reports may show of a run, and what not.
pub(super) struct Privacy {
    /// Values that must not be shown and cannot stand in a report by chance: long enough, and made
    /// of nothing but kanji and kana, or of nothing but letters and digits.
    personal: BTreeSet<String>,
    /// What else a report may show: names of files and values that are not personal.
    open: Vec<String>,
}

/// Reads the files for what is personal in them.
pub(super) fn privacy(
    files: &[(String, Vec<u8>)],
    outcomes: &[FileOutcome],
    findings: &[Finding],
) -> Privacy {
    let mut personal = BTreeSet::new();
    let mut open: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
    for (at, ((_, content), outcome)) in files.iter().zip(outcomes).enumerate() {
        let own: Vec<&Finding> =
            findings.iter().filter(|finding| finding.file == Some(at as u32)).collect();
        let Some(records) = plain::records(content, outcome, &own) else {
            open.push(text(content));
            continue;
        };
        let layout =
            outcome.kind.zip(outcome.version).and_then(|(kind, version)| kind.layout(version));
        let Some(layout) = layout else {
            assert!(records.is_empty(), "{} was judged without a layout", outcome.path);
            continue;
        };
        for record in records {
            // The columns of a record that has too many or too few cannot be told apart: nothing
            // of it may be shown.
            let whole = record.len() == layout.columns();
            for (at, value) in record.iter().enumerate() {
                let value = text(value);
                if whole && !layout.fields[at].is_personal() {
                    open.push(value);
                } else if is_telling(&value) {
                    personal.insert(value);
                }
            }
        }
    }
    Privacy { personal, open }
}

/// A personal value that stands in the report.
pub(super) fn shown<'a>(report: &[u8], privacy: &'a Privacy) -> Option<&'a str> {
    let report = String::from_utf8_lossy(report);
    let is_known = |value: &str| {
        privacy.open.iter().any(|text| text.contains(value)) || vocabulary().contains(value)
    };
    let mut values = privacy.personal.iter().map(String::as_str);
    values.find(|value| report.contains(value) && !is_known(value))
}

fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => ms932::decode_lossy(bytes),
    }
}

fn is_telling(value: &str) -> bool {
    let japanese =
        |ch: char| matches!(ch, '\u{3041}'..='\u{30FA}' | '\u{4E00}'..='\u{9FFF}' | '々' | 'ー');
    let count = value.chars().count();
    (count >= 6 && value.chars().all(japanese))
        || (count >= 9 && value.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Everything that reports say of themselves.
fn vocabulary() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let mut all = String::new();
        for rule in rules::all() {
            for text in [rule.title, rule.message, rule.fix] {
                all.push_str(&format!("{}\n{}\n", text.ja, text.en));
            }
        }
        // The sentences of comparisons stand beside the code.
        all.push_str(concat!(
            include_str!("../../../compare/src/round_trip.rs"),
            include_str!("../../../compare/src/round_trip/cause.rs"),
            include_str!("../../../compare/src/round_trip/report.rs"),
            include_str!("../../../compare/src/round_trip/treatment.rs"),
        ));
        for layout in layout::all() {
            all.push_str(&format!("{layout:?}\n"));
        }
        all
    })
}
