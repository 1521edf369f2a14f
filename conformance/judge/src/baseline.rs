//! Known findings: what a baseline remembers, and what it does not report again.
//!
//! Findings are counted by key: a fourth equal finding is new where three are known.

use std::collections::BTreeMap;

use careplan_spec::file_name::{self, Reading, base_name_in_archive};

use crate::finding::Finding;

/// The format of what is remembered. It changes when keys do.
pub const FORMAT: u32 = 3;

/// How often which finding is known.
///
/// ```
/// use careplan_judge::baseline::Known;
/// use careplan_judge::{Profile, Report};
///
/// let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
/// let report = Report::collect([(name, b"\"202407\"\r\n")], &Profile::default());
/// let mut known = Known::default();
/// for (path, finding) in report.iter() {
///     known.add(path.unwrap_or_default(), finding);
/// }
/// // In the next run each is taken away once; a further one like it is new.
/// for (path, finding) in report.iter() {
///     assert!(known.take(path.unwrap_or_default(), finding));
///     assert!(!known.take(path.unwrap_or_default(), finding));
/// }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known(BTreeMap<String, u64>);

impl Known {
    /// Of keys that were written down before.
    pub const fn new(counts: BTreeMap<String, u64>) -> Self {
        Self(counts)
    }

    /// Remembers a finding about the file at `path`, empty for one about a unit.
    pub fn add(&mut self, path: &str, finding: &Finding) {
        *self.0.entry(key(path, finding)).or_default() += 1;
    }

    /// Whether a finding is known; each known one counts once.
    pub fn take(&mut self, path: &str, finding: &Finding) -> bool {
        match self.0.get_mut(&key(path, finding)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }

    /// Keys and how often each is known.
    pub fn counts(&self) -> &BTreeMap<String, u64> {
        &self.0
    }
}

/// Rule, kind of file and number of the field for people who read it; the fingerprint decides.
fn key(path: &str, finding: &Finding) -> String {
    let kind = match file_name::read(base_name_in_archive(path)) {
        Reading::Standard { name, .. } => Some(name.kind),
        Reading::NearMiss { kind, .. } => kind,
        Reading::Foreign => None,
    };
    let kind = kind.map_or("-", careplan_spec::FileKind::prefix);
    let field = finding.field.map_or_else(|| "-".to_owned(), |field| field.no.to_string());
    format!("{} {kind} {field} {:016x}", finding.rule.code, finding.fingerprint)
}
