//! What people read: message, what was expected and advice of every finding about every mutant, in
//! both languages, rule by rule. One snapshot a stage; `cargo insta review` takes changes over.

use std::fmt::Write as _;

use careplan_judge::message::Wording;
use careplan_judge::{Rule, Stage, rules};
use careplan_spec::Lang;

use crate::corpus::MUTANTS;

fn write_rule(out: &mut String, rule: &Rule, lang: Lang) {
    let wording = Wording { lang, show_values: true };
    let _ = writeln!(out, "{} {}\n  {}", rule.code, rule.title.get(lang), rule.fix.get(lang));
    for judged in MUTANTS.iter() {
        let mut last = String::new();
        for finding in judged.report.findings.iter().filter(|finding| finding.rule == rule) {
            let mut said = wording.message(finding);
            if let Some(expected) = wording.expected(finding) {
                let _ = write!(said, " → {expected}");
            }
            // The same in many records is one thing to read.
            if said != last {
                let _ = writeln!(out, "  {}: {said}", judged.mutant.name);
            }
            last = said;
        }
    }
    out.push('\n');
}

#[test]
fn people_read_the_same_as_before() {
    for stage in Stage::ALL {
        for (id, lang) in [("ja", Lang::Ja), ("en", Lang::En)] {
            let mut out = String::new();
            for rule in rules::all().filter(|rule| rule.stage() == stage) {
                write_rule(&mut out, rule, lang);
            }
            insta::assert_snapshot!(format!("{}_{id}", stage.id()), out);
        }
    }
}
