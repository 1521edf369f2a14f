//! What people read: message, what was expected and advice of every finding about every mutant, in
//! both languages, rule by rule. One snapshot a stage; `cargo insta review` takes changes over.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use careplan_judge::message::Wording;
use careplan_judge::{Finding, Rule, Stage, rules};
use careplan_spec::file_name::{self, Reading};
use careplan_spec::{Field, Lang, StandardVersion, ms932};

use crate::corpus::{Judged, MUTANTS};

fn write_rule(out: &mut String, rule: &Rule, lang: Lang) {
    let wording = Wording { lang, show_values: true };
    let _ = writeln!(out, "{} {}\n  {}", rule.code, rule.title.get(lang), rule.fix.get(lang));
    for judged in MUTANTS.iter() {
        let mut said_before = BTreeSet::new();
        for finding in judged.report.findings.iter().filter(|finding| finding.rule == rule) {
            let mut said = wording.message(finding);
            if let Some(expected) = wording.expected(finding) {
                let _ = write!(said, " → {expected}");
            }
            // The same in many records is one thing to read.
            if !said_before.contains(&said) {
                let _ = writeln!(out, "  {}: {said}", judged.mutant.name);
                said_before.insert(said);
            }
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

/// The values of a record that a finding shows, as far as they may tell somebody something: of every
/// field that is personal, four characters or more, and that are no word of our own sentences.
fn personal_values(judged: &Judged, finding: &Finding) -> Vec<String> {
    let Some(excerpt) = &finding.excerpt else {
        return Vec::new();
    };
    let name = &judged.files[finding.file.expect("a record is in a file") as usize].0;
    let version = finding.field.map_or(StandardVersion::V4_1, |field| field.version);
    let Reading::Standard { name, .. } = file_name::read(name) else { return Vec::new() };
    let Some(layout) = name.kind.layout(version) else { return Vec::new() };
    let cells = layout.fields.iter().zip(&*excerpt.fields).filter(|(field, _)| field.is_personal());
    let text = |(_, &(from, to)): (&Field, &(u32, u32))| {
        // A long record is cut.
        let cell = excerpt.record.get(from as usize..to as usize).unwrap_or_default();
        ms932::decode_lossy(cell).trim_matches('"').to_owned()
    };
    cells.map(text).filter(|value| value.chars().count() >= 4).collect()
}

/// Whatever rule reports a mutant, and whatever field it is about: no sentence and no `Debug` has a
/// personal value of its record.
#[test]
fn no_mutant_lets_a_personal_value_out() {
    let mut looked_at = 0;
    for judged in MUTANTS.iter() {
        for finding in &judged.report.findings {
            let mut said = format!("{finding:?}");
            for lang in [Lang::Ja, Lang::En] {
                let wording = Wording { lang, show_values: false };
                said += &wording.message(finding);
                said += &wording.found(finding).unwrap_or_default();
                said += &wording.expected(finding).unwrap_or_default();
                said += &finding.hint.as_ref().map_or_else(String::new, |it| wording.value(it));
            }
            for value in personal_values(judged, finding) {
                looked_at += 1;
                assert!(!said.contains(&value), "{}: {value} in {said}", judged.mutant.name);
            }
        }
    }
    assert!(looked_at > 500, "{looked_at}");
}

/// X007 names an image; what is no name of the standard may be that of a person.
#[test]
fn an_image_named_after_a_person_is_masked() {
    let judged = MUTANTS.iter().find(|judged| judged.mutant.name == "image-name-of-its-own");
    let judged = judged.expect("a mutant");
    let finding = judged.report.findings.iter().find(|finding| finding.rule.code == "X007");
    let finding = finding.expect("its image is not sent");
    let say = |show_values| Wording { lang: Lang::Ja, show_values }.message(finding);
    assert!(say(true).contains("kazoku.jpg"), "{}", say(true));
    assert!(!say(false).contains("kazoku"), "{}", say(false));
    assert!(say(false).contains("〔半角英字6文字・"), "{}", say(false));
    let printed = format!("{finding:?}");
    assert!(printed.contains("10 personal bytes") && !printed.contains("107, 97"), "{printed}");
}
