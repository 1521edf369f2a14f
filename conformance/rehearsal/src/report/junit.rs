//! JUnit XML: a suite a pattern and side, a case an item.

use careplan_reports::junit::{self, Case, Outcome, Suite};

use super::Line;
use super::told::Told;
use crate::evidence::State;
use crate::pattern::{Pattern, Side};

pub(super) fn render(told: Told<'_>) -> String {
    let suites = Pattern::ALL.into_iter().flat_map(|pattern| {
        Side::ALL.map(|side| Suite {
            name: format!("{} {} {}", pattern.id(), side.id(), pattern.title().get(told.lang)),
            cases: told
                .report
                .lines
                .iter()
                .filter(|line| line.item.pattern == pattern && line.item.side == side)
                .map(|line| case(line, told))
                .collect(),
            output: String::new(),
        })
    });
    let suites: Vec<Suite> = suites.filter(|suite| !suite.cases.is_empty()).collect();
    let mut out = Vec::new();
    // Without the zone.
    let made = told.report.at.get(..19);
    junit::write("careplan-conformance rehearse", made, &suites, &mut out)
        .expect("memory takes it all");
    String::from_utf8(out).expect("a template is text")
}

fn case(line: &Line, told: Told<'_>) -> Case {
    let Line { item, standing, .. } = line;
    let reasons = line.reasons(told.lang).join("\n");
    let (outcome, output) = match standing.state() {
        State::Passed => (Outcome::Passed, reasons),
        State::Failed if line.fails() => {
            let title = State::Failed.title().get(told.lang);
            let first = reasons.lines().next().unwrap_or_default();
            let message =
                if first.is_empty() { title.to_owned() } else { format!("{title}: {first}") };
            (Outcome::Failed { kind: item.id.to_owned(), message, text: reasons }, String::new())
        }
        State::Failed | State::NeedsReview | State::NotRun => {
            (Outcome::Skipped { message: standing.title().get(told.lang).to_owned() }, reasons)
        }
    };
    Case {
        name: format!("{} {}", item.id, item.title.get(told.lang)),
        class: format!("{}.{}", item.pattern.id(), item.side.id()),
        outcome,
        output,
    }
}
