//! Repairs make a file better or leave it alone.

use careplan_compare::repair::{Repair, Replacements};
use careplan_judge::engine::{FileStatus, NotJudged, Report};
use careplan_judge::profile::Scope;
use careplan_judge::rule::Stage;
use careplan_judge::{Profile, Severity};

/// Repairs the file and asserts that a readable file stays readable, that what was counted as
/// changed was changed, and that a second repair finds nothing more to do.
///
/// # Panics
/// When one of them does not hold.
pub fn check_repair(name: &str, content: &[u8]) {
    let replacements = Replacements::default();
    let repair = Repair::of(name, content, &replacements);
    if repair.mended.is_empty() {
        assert!(repair.bytes == content, "changed without saying so");
    }
    let again = Repair::of(name, &repair.bytes, &replacements);
    assert!(again.bytes == repair.bytes, "a second repair changes {:?}", again.mended);
    let (before, after) = (read(name, content), read(name, &repair.bytes));
    if before.readable {
        assert!(after.readable, "the repaired file is unreadable: {:?}", repair.mended);
        assert_eq!(after.records, before.records);
        assert_eq!(after.not_judged, before.not_judged);
    }
}

struct State {
    /// Nothing about bytes or framing is an error.
    readable: bool,
    records: u64,
    not_judged: NotJudged,
}

fn read(name: &str, content: &[u8]) -> State {
    let profile = Profile::default().with_scope(Scope::File);
    let report = Report::collect([(name, content)], &profile);
    let file = &report.summary.files[0];
    let broken = |finding: &careplan_judge::Finding| {
        finding.severity == Severity::Error
            && matches!(finding.rule.stage(), Stage::Bytes | Stage::Framing)
    };
    State {
        readable: file.status == FileStatus::Checked && !report.findings.iter().any(broken),
        records: file.records,
        not_judged: file.not_judged,
    }
}
