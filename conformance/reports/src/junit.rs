//! JUnit XML: one test suite, one test case a file and one a send unit.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use askama::Template;
use careplan_judge::engine::{FileOutcome, FileStatus, Summary};
use careplan_judge::finding::Finding;
use careplan_spec::{Lang, counted};

use super::{Context, Writer};

/// A test suite.
#[derive(Debug)]
pub struct Suite {
    /// Name.
    pub name: String,
    /// Its cases.
    pub cases: Vec<Case>,
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
    /// What it says beside its outcome; may be empty.
    pub output: String,
}

/// What came of a test case.
#[derive(Debug)]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It failed.
    Failed {
        /// In short.
        message: String,
        /// In full.
        text: String,
    },
    /// It could not be run to its end.
    Broken {
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
    name: &'a str,
    suites: &'a [Suite],
}

/// Writes a document.
///
/// # Errors
/// When the output cannot be written.
pub fn write(name: &str, suites: &[Suite], out: &mut dyn Write) -> io::Result<()> {
    Document { name, suites }.write_into(&mut { out })
}

/// The attributes with the numbers of cases.
fn counts(suites: &[Suite]) -> askama::filters::Safe<String> {
    let (mut tests, mut skipped, mut failures, mut errors) = (0, 0, 0, 0);
    for case in suites.iter().flat_map(|suite| &suite.cases) {
        tests += 1;
        match case.outcome {
            Outcome::Passed => {}
            Outcome::Failed { .. } => failures += 1,
            Outcome::Broken { .. } => errors += 1,
            Outcome::Skipped { .. } => skipped += 1,
        }
    }
    askama::filters::Safe(format!(
        "tests=\"{tests}\" skipped=\"{skipped}\" errors=\"{errors}\" failures=\"{failures}\""
    ))
}

/// Without the characters that XML 1.0 has no way to write (section 2.2, `Char`).
fn legal(text: &str) -> Cow<'_, str> {
    let is_forbidden = |ch: char| matches!(ch, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{FFFE}' | '\u{FFFF}');
    if text.contains(is_forbidden) { text.replace(is_forbidden, "").into() } else { text.into() }
}

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

    fn case(
        &mut self,
        context: &Context,
        name: String,
        class: &str,
        key: (bool, u32),
        file: Option<&FileOutcome>,
    ) -> Case {
        let said = self.lines.remove(&key).unwrap_or_default();
        let failing = self.failing.get(&key).copied().unwrap_or(0);
        let because = file.and_then(|file| super::not_judged_because(context, file));
        let skipped = file.is_some_and(|file| file.status == FileStatus::NotChecked);
        let (outcome, output) = match because {
            Some(message) if !skipped => (Outcome::Broken { message }, said),
            _ if failing > 0 => {
                let message = match context.wording.lang {
                    Lang::Ja => format!("指摘{failing}件"),
                    Lang::En => counted(failing, "finding"),
                };
                (Outcome::Failed { message, text: said }, String::new())
            }
            Some(message) => (Outcome::Skipped { message }, said),
            None => (Outcome::Passed, said),
        };
        Case { name, class: class.to_owned(), outcome, output }
    }
}

impl Writer for JunitReport<'_> {
    fn finding(&mut self, context: &Context, finding: &Finding) -> io::Result<()> {
        let key = match (finding.file, finding.unit) {
            (Some(file), _) => (false, file),
            (None, unit) => (true, unit.unwrap_or(0)),
        };
        let lines = self.lines.entry(key).or_default();
        lines.push_str(&format!(
            "{} {} {}\n",
            context.pick(finding.severity.label()),
            finding.rule.code,
            super::line(context, finding)
        ));
        if finding.severity >= context.profile.fail_on {
            *self.failing.entry(key).or_default() += 1;
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
        let name = "careplan-conformance";
        write(name, &[Suite { name: name.to_owned(), cases }], &mut self.out)?;
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
            outcome: Outcome::Failed { message: text.to_owned(), text: text.to_owned() },
            output: text.to_owned(),
        };
        let mut out = Vec::new();
        write("n", &[Suite { name: text.to_owned(), cases: vec![case] }], &mut out)
            .expect("memory");
        let out = String::from_utf8(out).expect("UTF-8");
        let escaped = "ab[1m&#60;c&#62; &#38; &#34;d&#34; \t\n漢字𠮷";
        assert_eq!(out.matches(escaped).count(), 5, "{out}");
    }
}
