//! JUnit XML: a suite a pattern and side, a case an item.

use careplan_spec::Lang;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::Report;
use crate::evidence::State;
use crate::pattern::{Pattern, Side};

pub(super) fn render(report: &Report<'_>, lang: Lang) -> String {
    let mut out = quick_junit::Report::new("careplan-conformance rehearse");
    for pattern in Pattern::ALL {
        for side in Side::ALL {
            let lines: Vec<_> = report
                .lines
                .iter()
                .filter(|line| line.item.pattern == pattern && line.item.side == side)
                .collect();
            if lines.is_empty() {
                continue;
            }
            let mut suite = TestSuite::new(format!(
                "{} {} {}",
                pattern.id(),
                side.id(),
                pattern.title().get(lang)
            ));
            for line in lines {
                let reasons = line.reasons(lang).join("\n");
                let state = line.standing.state();
                let status = match state {
                    State::Passed => TestCaseStatus::success(),
                    State::Failed if line.fails() => {
                        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                        status.set_message(state.title().get(lang)).set_description(&*reasons);
                        status
                    }
                    State::Failed | State::NeedsReview | State::NotRun => {
                        let mut status = TestCaseStatus::skipped();
                        status.set_message(line.standing.title().get(lang));
                        status
                    }
                };
                let is_said = matches!(&status, TestCaseStatus::NonSuccess { .. });
                let name = format!("{} {}", line.item.id, line.item.title.get(lang));
                let mut case = TestCase::new(name, status);
                case.set_classname(format!("{}.{}", pattern.id(), side.id()));
                if !reasons.is_empty() && !is_said {
                    case.set_system_out(reasons);
                }
                suite.add_test_case(case);
            }
            out.add_test_suite(suite);
        }
    }
    out.to_string().unwrap_or_default()
}
