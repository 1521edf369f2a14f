//! A failing export becomes one that can be shared: the same defects, nobody of its own.

use careplan_compare::anonymise::{Anonymiser, Options};
use careplan_fixtures::mutant;
use careplan_judge::baseline::Key;
use careplan_judge::{Profile, Report};

type File = (String, Vec<u8>);

fn shared(key: u8, files: &[File]) -> Vec<(usize, File)> {
    let mut anonymiser = Anonymiser::new(Key::new([key; 32]), Options::default());
    for (name, bytes) in files {
        anonymiser.learn(base(name), bytes);
    }
    anonymiser.learnt();
    let mut all = Vec::new();
    for (at, (name, bytes)) in files.iter().enumerate() {
        if let Ok(shared) = anonymiser.file(base(name), bytes) {
            let name: Vec<String> = name.split('/').map(|part| anonymiser.name(part)).collect();
            all.push((at, (name.join("/"), shared.bytes)));
        }
    }
    all
}

fn base(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// What was found and where, by the places of the files in `places`.
fn findings(files: &[File], places: &[usize]) -> Vec<String> {
    let report = Report::collect(files, &Profile::default());
    let mut all: Vec<String> = report
        .findings
        .iter()
        .map(|finding| {
            let file = finding.file.map(|at| places[at as usize]);
            let field = finding.field.map(|field| field.no);
            let cause = finding.explained_by.map(|rule| rule.code);
            let (at, severity) = (finding.at, finding.severity.id());
            let (record, line) = (at.record, at.line);
            format!("{file:?} {} {severity} {record} {line} {field:?} {cause:?}", finding.rule.code)
        })
        .collect();
    all.sort();
    all
}

/// How the findings of files and of what is shared of them differ.
fn difference(files: &[File]) -> Option<String> {
    let shared = shared(7, files);
    let places: Vec<usize> = shared.iter().map(|(at, _)| *at).collect();
    let before: Vec<File> = places.iter().map(|at| files[*at].clone()).collect();
    let after: Vec<File> = shared.into_iter().map(|(_, file)| file).collect();
    let (before, after) = (findings(&before, &places), findings(&after, &places));
    let only = |one: &[String], other: &[String]| -> Vec<String> {
        one.iter().filter(|finding| !other.contains(finding)).take(4).cloned().collect()
    };
    (before != after).then(|| {
        format!("\n    lost {:#?}\n    new {:#?}", only(&before, &after), only(&after, &before))
    })
}

fn files(generated: Vec<careplan_fixtures::GeneratedFile>) -> Vec<File> {
    generated.into_iter().map(|file| (file.name, file.bytes)).collect()
}

#[test]
fn every_mutant_keeps_its_findings() {
    let mut wrong = Vec::new();
    // Those that are large are so for what they count, and take minutes.
    for mutant in mutant::all().filter(|mutant| !mutant.is_large) {
        let files = files(mutant.build().0);
        if let Some(difference) = difference(&files) {
            wrong.push(format!("{}{difference}", mutant.name));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
