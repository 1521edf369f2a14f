//! Judges files with a sink of its own, which keeps the first finding of every rule:
//! `cargo run -p careplan-judge --example own_sink -- FILE…`

use std::collections::BTreeMap;
use std::fs::File;

use careplan_judge::message::Wording;
use careplan_judge::{Finding, FindingSink, Input, Profile, check};
use careplan_spec::Lang;

#[derive(Default)]
struct First(BTreeMap<&'static str, String>);

impl FindingSink for First {
    fn finding(&mut self, path: Option<&str>, finding: Finding) {
        let wording = Wording { lang: Lang::Ja, show_values: false };
        self.0.entry(finding.rule.code).or_insert_with(|| {
            format!("{} {}", path.unwrap_or("送信単位"), wording.message(&finding))
        });
    }
}

fn main() {
    let inputs = std::env::args().skip(1).map(|path| match File::open(&path) {
        Ok(file) => Input::from_reader(path, file),
        // Never a pass.
        Err(error) => Input::unreadable(path, error.to_string()),
    });
    let mut first = First::default();
    let summary = check(inputs, &Profile::default(), &mut first);
    for (code, said) in &first.0 {
        println!("{code} {said}");
    }
    println!("{}: {}", summary.verdict.id(), summary.counts.english());
}
