//! JUnit XML: a suite a pattern and side, a case an item.

use askama::Template;

use super::Line;
use super::told::Told;
use crate::evidence::State;
use crate::pattern::{Pattern, Side};

#[derive(Template)]
#[template(path = "report.junit.xml")]
pub(super) struct JunitReport {
    suites: Vec<Suite>,
}

struct Suite {
    name: String,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    class: String,
    outcome: Outcome,
    reasons: String,
}

/// How a case came out, with the message where it is no success.
enum Outcome {
    Success,
    Failure(&'static str),
    Skipped(&'static str),
}

impl JunitReport {
    pub(super) fn of(told: Told<'_>) -> Self {
        let both =
            Pattern::ALL.into_iter().flat_map(|pattern| Side::ALL.map(|side| (pattern, side)));
        let suite = |(pattern, side): (Pattern, Side)| Suite {
            name: format!("{} {} {}", pattern.id(), side.id(), pattern.title().get(told.lang)),
            cases: told
                .report
                .lines
                .iter()
                .filter(|line| line.item.pattern == pattern && line.item.side == side)
                .map(|line| Case::of(line, told))
                .collect(),
        };
        Self { suites: both.map(suite).filter(|suite| !suite.cases.is_empty()).collect() }
    }

    fn tests(&self) -> usize {
        self.suites.iter().map(|suite| suite.cases.len()).sum()
    }

    fn failures(&self) -> usize {
        self.suites.iter().map(Suite::failures).sum()
    }

    fn skipped(&self) -> usize {
        self.suites.iter().map(Suite::skipped).sum()
    }
}

impl Suite {
    fn failures(&self) -> usize {
        self.cases.iter().filter(|case| matches!(case.outcome, Outcome::Failure(_))).count()
    }

    fn skipped(&self) -> usize {
        self.cases.iter().filter(|case| matches!(case.outcome, Outcome::Skipped(_))).count()
    }
}

impl Case {
    fn of(line: &Line, told: Told<'_>) -> Self {
        let Line { item, standing, .. } = line;
        let outcome = match standing.state() {
            State::Passed => Outcome::Success,
            State::Failed if line.fails() => Outcome::Failure(State::Failed.title().get(told.lang)),
            State::Failed | State::NeedsReview | State::NotRun => {
                Outcome::Skipped(standing.title().get(told.lang))
            }
        };
        Self {
            name: format!("{} {}", item.id, item.title.get(told.lang)),
            class: format!("{}.{}", item.pattern.id(), item.side.id()),
            outcome,
            reasons: line.reasons(told.lang).join("\n"),
        }
    }

    /// Whether there is something to say beside a failure, which says it itself.
    fn has_output(&self) -> bool {
        !self.reasons.is_empty() && !matches!(self.outcome, Outcome::Failure(_))
    }
}
