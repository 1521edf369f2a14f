//! JUnit XML: one test suite, one test case a file and one a send unit.
//!
//! Valid against what Ant and Jenkins read, which differ: what one of them does not know is left out
//! (counts of all suites, output of a case), what one of them wants is there.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use askama::Template;
use careplan_judge::engine::{FileOutcome, FileStatus, Summary};
use careplan_judge::finding::Finding;
use careplan_judge::severity::Severity;
use careplan_spec::Lang;

use super::{Context, Writer};

/// A test suite.
#[derive(Debug)]
pub struct Suite {
    /// Name.
    pub name: String,
    /// Its cases.
    pub cases: Vec<Case>,
    /// What is said about all of them; may be empty.
    pub output: String,
}

/// A test case.
#[derive(Debug)]
pub struct Case {
    /// Name.
    pub name: String,
    /// Name of the class: what cases are grouped by.
    pub class: String,
    /// What came of it.
    pub outcome: Outcome,
    /// What it says beside its outcome, in the output of its suite; may be empty.
    pub output: String,
}

/// What came of a test case.
#[derive(Debug)]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It failed.
    Failed {
        /// What kind of failure it is: a code.
        kind: String,
        /// In short.
        message: String,
        /// In full.
        text: String,
    },
    /// It could not be run to its end.
    Broken {
        /// What kind of failure it is: a code.
        kind: String,
        /// Why.
        message: String,
    },
    /// It was not run.
    Skipped {
        /// Why.
        message: String,
    },
}

#[derive(Template)]
#[template(path = "junit.xml")]
struct Document<'a> {
    package: &'a str,
    started: &'a str,
    suites: &'a [Suite],
}

/// Writes a document. `started` is a time as `2026-06-01T09:00:00`; without one it is the beginning
/// of 1970, for the schema wants one.
///
/// # Errors
/// When the output cannot be written.
pub fn write(
    package: &str,
    started: Option<&str>,
    suites: &[Suite],
    out: &mut dyn Write,
) -> io::Result<()> {
    let started = started.unwrap_or("1970-01-01T00:00:00");
    Document { package, started, suites }.write_into(&mut { out })
}

impl Suite {
    /// The attributes with the numbers of cases.
    fn counts(&self) -> askama::filters::Safe<String> {
        let (mut skipped, mut failures, mut errors) = (0, 0, 0);
        for case in &self.cases {
            match case.outcome {
                Outcome::Passed => {}
                Outcome::Failed { .. } => failures += 1,
                Outcome::Broken { .. } => errors += 1,
                Outcome::Skipped { .. } => skipped += 1,
            }
        }
        let tests = self.cases.len();
        askama::filters::Safe(format!(
            "tests=\"{tests}\" skipped=\"{skipped}\" errors=\"{errors}\" failures=\"{failures}\""
        ))
    }

    /// What its cases say beside their outcomes.
    fn output(&self) -> String {
        let said = self.cases.iter().filter(|case| !case.output.is_empty());
        let said = said.map(|case| format!("{}\n{}", case.name, case.output.trim_end()));
        let own = (!self.output.is_empty()).then(|| self.output.clone());
        said.chain(own).collect::<Vec<_>>().join("\n\n")
    }
}

/// Without the characters that XML 1.0 has no way to write (section 2.2, `Char`).
fn legal(text: &str) -> Cow<'_, str> {
    let is_forbidden = |ch: char| matches!(ch, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{FFFE}' | '\u{FFFF}');
    if text.contains(is_forbidden) { text.replace(is_forbidden, "").into() } else { text.into() }
}

pub(super) struct JunitReport<'a> {
    out: Box<dyn Write + 'a>,
    /// By file, or by unit where the findings have no file.
    said: BTreeMap<(bool, u32), Said>,
}

/// Where what is said about the settings is kept.
const SETTINGS: (bool, u32) = (true, u32::MAX);

/// What is said about a file or unit.
#[derive(Default)]
struct Said {
    lines: String,
    failing: u64,
    /// Severity, code and sentence of the first of the worst, a cause before what it explains.
    worst: Option<((Severity, bool), &'static str, String)>,
}

impl<'a> JunitReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>) -> Self {
        Self { out, said: BTreeMap::new() }
    }

    fn case(
        &mut self,
        context: &Context,
        name: String,
        class: &str,
        key: (bool, u32),
        file: Option<&FileOutcome>,
    ) -> Case {
        let Said { lines, failing, worst } = self.said.remove(&key).unwrap_or_default();
        let because = file.and_then(|file| super::not_judged_because(context, file));
        let skipped = file.is_some_and(|file| file.status == FileStatus::NotChecked);
        let (outcome, output) = match (because, worst) {
            (Some(message), _) if !skipped => {
                let kind = file.map_or("", super::failure).to_owned();
                (Outcome::Broken { kind, message }, lines)
            }
            (_, Some((_, code, first))) if failing > 0 => {
                let message = match (failing - 1, context.wording.lang) {
                    (0, _) => first,
                    (more, Lang::Ja) => format!("{first}（ほか{more}件）"),
                    (more, Lang::En) => format!("{first} (and {more} more)"),
                };
                let kind = code.to_owned();
                (Outcome::Failed { kind, message, text: lines }, String::new())
            }
            (Some(message), _) => (Outcome::Skipped { message }, lines),
            (None, _) => (Outcome::Passed, lines),
        };
        Case { name, class: class.to_owned(), outcome, output }
    }
}

impl Writer for JunitReport<'_> {
    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()> {
        let key = match (finding.file, finding.unit) {
            (Some(file), _) => (false, file),
            (None, _) if finding.rule.is_about_settings() => SETTINGS,
            (None, unit) => (true, unit.unwrap_or(0)),
        };
        let said = self.said.entry(key).or_default();
        let line = format!("{} {}", finding.rule.code, super::line(context, finding));
        said.lines.push_str(&format!("{} {line}\n", context.pick(finding.severity.label())));
        if finding.severity >= context.profile.fail_on {
            said.failing += 1;
            let weight = (finding.severity, finding.explained_by.is_none());
            if said.worst.as_ref().is_none_or(|(worst, ..)| *worst < weight) {
                said.worst = Some((weight, finding.rule.code, line));
            }
        }
        Ok(())
    }

    fn finish(&mut self, context: &Context, summary: &Summary) -> io::Result<()> {
        let mut cases = Vec::new();
        for (index, file) in summary.files.iter().enumerate() {
            let class = file.kind.map_or("unknown", careplan_spec::FileKind::prefix);
            let key = (false, index as u32);
            cases.push(self.case(context, file.path.clone(), class, key, Some(file)));
        }
        for (index, unit) in summary.units.iter().enumerate() {
            let name = format!("{} → {} {}", unit.sender, unit.receiver, unit.sequence);
            cases.push(self.case(context, name, "send_unit", (true, index as u32), None));
        }
        if let Some((kind, because)) = super::failed_run(context, summary) {
            let (kind, message) = (kind.to_owned(), because.to_owned());
            cases.push(Case {
                name: "careplan-conformance".to_owned(),
                class: "run".to_owned(),
                outcome: Outcome::Broken { kind, message },
                output: String::new(),
            });
        }
        if self.said.contains_key(&SETTINGS) {
            let name = context.settings.clone().unwrap_or_default();
            cases.push(self.case(context, name, "settings", SETTINGS, None));
        }
        let name = "careplan-conformance";
        let mut said = vec![super::verdict_line(context, summary)];
        said.extend(super::not_judged_line(context, summary));
        said.extend(super::hidden_lines(context));
        said.extend(super::settings_line(context));
        let suite = Suite { name: name.to_owned(), cases, output: said.join("\n") };
        write(name, context.started.as_deref(), &[suite], &mut self.out)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_left_out_and_the_rest_escaped() {
        let text = "a\0b\x1b[1m<c> & \"d\" \u{FFFF}\t\n漢字𠮷";
        let case = Case {
            name: text.to_owned(),
            class: "x".to_owned(),
            outcome: Outcome::Failed {
                kind: "F001".to_owned(),
                message: text.to_owned(),
                text: text.to_owned(),
            },
            output: text.to_owned(),
        };
        let mut out = Vec::new();
        let suite = Suite { name: text.to_owned(), cases: vec![case], output: String::new() };
        write("n", None, &[suite], &mut out).expect("memory");
        let out = String::from_utf8(out).expect("UTF-8");
        let escaped = "ab[1m&#60;c&#62; &#38; &#34;d&#34; \t\n漢字𠮷";
        // The name stands before the output of the case as well.
        assert_eq!(out.matches(escaped).count(), 6, "{out}");
    }
}
