//! JUnit XML: one test suite, one test case a file and one a send unit.

use std::collections::BTreeMap;
use std::io::{self, Write};

use careplan_judge::engine::{FileStatus, Summary};
use careplan_judge::finding::Finding;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Context, Writer};

pub(super) struct JunitReport<'a> {
    out: Box<dyn Write + 'a>,
    /// Lines by file, or by unit where the finding has no file.
    lines: BTreeMap<(bool, u32), String>,
    failing: BTreeMap<(bool, u32), u64>,
}

impl<'a> JunitReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>) -> Self {
        Self { out, lines: BTreeMap::new(), failing: BTreeMap::new() }
    }

    fn case(&self, name: &str, class: &str, key: (bool, u32)) -> TestCase {
        let text = self.lines.get(&key).map_or("", String::as_str);
        let failing = self.failing.get(&key).copied().unwrap_or(0);
        let status = if failing > 0 {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(format!("{failing}")).set_description(text);
            status
        } else {
            TestCaseStatus::success()
        };
        let mut case = TestCase::new(name, status);
        case.set_classname(class);
        if failing == 0 && !text.is_empty() {
            case.set_system_out(text);
        }
        case
    }
}

fn error(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(message);
    status
}

impl Writer for JunitReport<'_> {
    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()> {
        let key = match (finding.file, finding.unit) {
            (Some(file), _) => (false, file),
            (None, unit) => (true, unit.unwrap_or(0)),
        };
        let lines = self.lines.entry(key).or_default();
        lines.push_str(&format!(
            "{} {} {} {} [{}]\n",
            context.pick(finding.severity.label()),
            finding.rule.code,
            super::place(context, finding),
            context.wording.message(finding),
            finding.clause()
        ));
        if finding.severity >= context.profile.fail_on {
            *self.failing.entry(key).or_default() += 1;
        }
        Ok(())
    }

    fn finish(&mut self, context: &Context, summary: &Summary) -> io::Result<()> {
        let mut suite = TestSuite::new("careplan-conformance");
        for (index, file) in summary.files.iter().enumerate() {
            let class = file.kind.map_or("unknown", careplan_spec::FileKind::prefix);
            let mut case = self.case(&file.path, class, (false, index as u32));
            match &file.status {
                FileStatus::Checked => {}
                FileStatus::NotChecked => {
                    if !self.failing.contains_key(&(false, index as u32)) {
                        case.status = TestCaseStatus::skipped();
                    }
                }
                FileStatus::Unreadable(reason) => case.status = error(reason),
                FileStatus::InternalError => case.status = error("internal error"),
            }
            suite.add_test_case(case);
        }
        for (index, unit) in summary.units.iter().enumerate() {
            let name = format!("{} → {} {}", unit.sender, unit.receiver, unit.sequence);
            suite.add_test_case(self.case(&name, "send_unit", (true, index as u32)));
        }
        let mut report = Report::new("careplan-conformance");
        report.add_test_suite(suite);
        report.serialize(&mut self.out).map_err(io::Error::other)?;
        let _ = context;
        self.out.flush()
    }
}
