//! Reports and lists of the plan.

use std::fmt::Write as _;

use careplan_spec::{Basis, Text};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use serde_json::{Value, json};

use super::run::{Outcome, State};
use super::{Expectation, groups};

/// Which languages a text report has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Japanese.
    Japanese,
    /// English.
    English,
    /// Japanese, then English.
    Both,
}

impl Language {
    /// A text in this language.
    pub fn of(self, ja: &str, en: &str) -> String {
        match self {
            Self::Japanese => ja.to_owned(),
            Self::English => en.to_owned(),
            Self::Both => format!("{ja} / {en}"),
        }
    }

    fn text(self, text: Text) -> String {
        self.of(text.ja, text.en)
    }
}

/// How many came out how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Passed.
    pub passed: usize,
    /// Failed.
    pub failed: usize,
    /// Not run.
    pub not_run: usize,
    /// The check broke.
    pub internal: usize,
}

impl Summary {
    /// Counts.
    pub fn of(outcomes: &[Outcome]) -> Self {
        let mut summary = Self::default();
        for outcome in outcomes {
            match outcome.state {
                State::Passed => summary.passed += 1,
                State::Failed(_) => summary.failed += 1,
                State::NotRun(..) => summary.not_run += 1,
                State::Internal(_) => summary.internal += 1,
            }
        }
        summary
    }
}

fn basis(basis: Basis) -> Text {
    match basis {
        Basis::Stated => Text::new("明記", "stated"),
        Basis::Inferred => Text::new("推定", "inferred"),
        Basis::Assumed => Text::new("仮定", "assumed"),
    }
}

/// One outcome, for a terminal; several lines when it is no pass.
pub fn line(outcome: &Outcome, language: Language) -> String {
    let Outcome { expectation, state, .. } = outcome;
    let mark = match state {
        State::Passed => language.of("合格", "passed"),
        State::Failed(_) => language.of("不合格", "FAILED"),
        State::NotRun(..) => language.of("未実施", "not run"),
        State::Internal(_) => language.of("内部エラー", "INTERNAL FAILURE"),
    };
    let mut text = format!("{mark}  {}  {}", expectation.id, language.text(expectation.title));
    // Writing to a string does not fail.
    match state {
        State::Passed => {}
        State::NotRun(ja, en) => {
            let _ = write!(text, "：{}", language.of(ja, en));
        }
        State::Internal(what) => {
            let _ = write!(text, "\n    {what}");
        }
        State::Failed(failure) => {
            let expected = language.of(&failure.expected_ja, &failure.expected_en);
            let based = language.text(basis(expectation.basis));
            for (name, value) in [
                (language.of("要求", "request"), &failure.request),
                (language.of("応答", "came"), &failure.came),
                (language.of("期待", "expected"), &expected),
                (language.of("確認すること", "proves"), &language.text(expectation.proves)),
                (language.of("根拠", "clause"), &format!("{} ({based})", expectation.clause)),
            ] {
                let _ = write!(text, "\n    {name}: {value}");
            }
        }
    }
    text
}

/// The last line.
pub fn verdict(outcomes: &[Outcome], language: Language) -> String {
    let Summary { passed, failed, not_run, internal } = Summary::of(outcomes);
    let ja = format!(
        "{}：合格{passed}件、不合格{failed}件、未実施{not_run}件、内部エラー{internal}件",
        if failed + internal == 0 { "不合格なし" } else { "不合格" }
    );
    let en = format!(
        "{}: {passed} passed, {failed} failed, {not_run} not run, {internal} internal failures",
        if failed + internal == 0 { "nothing failed" } else { "failed" }
    );
    language.of(&ja, &en)
}

fn pair(text: Text) -> Value {
    json!({ "ja": text.ja, "en": text.en })
}

fn described(expectation: &Expectation) -> Value {
    let needs = expectation.needs.iter().map(|need| {
        let (ja, en) = need.describe();
        json!({ "ja": ja, "en": en })
    });
    json!({
        "id": expectation.id, "group": expectation.group.id, "title": pair(expectation.title),
        "proves": pair(expectation.proves), "clause": expectation.clause,
        "basis": expectation.basis.id(), "needs": needs.collect::<Vec<_>>(),
    })
}

/// The report as JSON.
pub fn json(outcomes: &[Outcome], relay: &str) -> Value {
    let rows = outcomes.iter().map(|outcome| {
        let mut row = described(outcome.expectation);
        row["state"] = outcome.state.name().into();
        row["milliseconds"] = u64::try_from(outcome.took.as_millis()).unwrap_or(u64::MAX).into();
        match &outcome.state {
            State::Passed => {}
            State::NotRun(ja, en) => row["reason"] = json!({ "ja": ja, "en": en }),
            State::Internal(what) => row["reason"] = json!({ "ja": what, "en": what }),
            State::Failed(failure) => {
                row["failure"] = json!({
                    "request": failure.request, "came": failure.came,
                    "expected": { "ja": failure.expected_ja, "en": failure.expected_en },
                });
            }
        }
        row
    });
    let rows: Vec<Value> = rows.collect();
    let Summary { passed, failed, not_run, internal } = Summary::of(outcomes);
    json!({
        "schema": "careplan-testbed/relay-plan/1",
        "tool": format!("careplan-relay-plan {}", env!("CARGO_PKG_VERSION")),
        "relay": relay,
        "summary": {
            "passed": passed, "failed": failed, "not_run": not_run, "internal_failures": internal,
        },
        "expectations": rows,
    })
}

/// The report as JUnit XML: one suite a group; what was not run is skipped.
///
/// # Errors
/// It cannot be written as XML.
pub fn junit(outcomes: &[Outcome]) -> Result<String, quick_junit::SerializeError> {
    let mut report = quick_junit::Report::new("careplan-relay-plan");
    for (group, _) in groups() {
        let mut suite = TestSuite::new(group.id);
        for outcome in outcomes.iter().filter(|outcome| outcome.expectation.group == group) {
            let mut status = match &outcome.state {
                State::Passed => TestCaseStatus::success(),
                State::Failed(_) => TestCaseStatus::non_success(NonSuccessKind::Failure),
                State::NotRun(..) => TestCaseStatus::skipped(),
                State::Internal(_) => TestCaseStatus::non_success(NonSuccessKind::Error),
            };
            match &outcome.state {
                State::Passed => {}
                State::NotRun(ja, en) => {
                    status.set_message(Language::Both.of(ja, en));
                }
                State::Failed(failure) => {
                    let (ja, en) = (&failure.expected_ja, &failure.expected_en);
                    status.set_message(Language::Both.of(ja, en));
                    status.set_description(line(outcome, Language::Both));
                }
                State::Internal(what) => {
                    status.set_message(what.as_str());
                }
            }
            let expectation = outcome.expectation;
            let title = Language::Both.text(expectation.title);
            let mut case = TestCase::new(format!("{} {title}", expectation.id), status);
            case.set_classname(group.id);
            case.set_time(outcome.took);
            suite.add_test_case(case);
        }
        if !suite.test_cases.is_empty() {
            report.add_test_suite(suite);
        }
    }
    report.to_string()
}

/// The expectations for a terminal.
pub fn list(expectations: &[&'static Expectation], language: Language) -> String {
    let mut text = String::new();
    let mut group = "";
    for expectation in expectations {
        if expectation.group.id != group {
            group = expectation.group.id;
            let _ = writeln!(text, "{group}  {}", language.text(expectation.group.title));
        }
        let based = language.text(basis(expectation.basis));
        let title = language.text(expectation.title);
        let _ = write!(text, "  {}  {title}  [{} {based}]", expectation.id, expectation.clause);
        for need in expectation.needs {
            let (ja, en) = need.describe();
            let _ = write!(text, "  {}", language.of(&format!("要：{ja}"), &format!("needs {en}")));
        }
        text.push('\n');
    }
    text
}

/// The expectations as Markdown tables.
pub fn markdown(expectations: &[&'static Expectation], language: Language) -> String {
    let mut text = String::new();
    let mut group = "";
    for expectation in expectations {
        if expectation.group.id != group {
            group = expectation.group.id;
            let head = language.of(
                "| ID | 期待すること | 確認すること | 根拠 | 必要なもの |",
                "| ID | expected | what it proves | clause | needs |",
            );
            let head = head.split(" / ").last().unwrap_or_default();
            let title = language.text(expectation.group.title);
            let _ = write!(text, "\n### {group} {title}\n\n{head}\n|---|---|---|---|---|\n");
        }
        let based = language.text(basis(expectation.basis));
        let needs: Vec<String> = expectation
            .needs
            .iter()
            .map(|need| {
                let (ja, en) = need.describe();
                language.of(&ja, &en)
            })
            .collect();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} ({based}) | {} |",
            expectation.id,
            language.text(expectation.title),
            language.text(expectation.proves),
            expectation.clause,
            needs.join(", ")
        );
    }
    text.trim_start().to_owned()
}

/// The expectations as JSON.
pub fn list_json(expectations: &[&'static Expectation]) -> Value {
    expectations.iter().map(|expectation| described(expectation)).collect()
}
