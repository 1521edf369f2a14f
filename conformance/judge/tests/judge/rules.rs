//! The registry and every example of every rule.

use std::collections::{BTreeMap, BTreeSet};

use careplan_fixtures::label::Label;
use careplan_fixtures::{example, mutant};
use careplan_judge::rule::{Examples, Relay, RelayMessage, Source};
use careplan_judge::{Profile, Report, Severity, Stage, rules};
use careplan_spec::{Basis, Lang};

use crate::corpus::{MUTANTS, pairs};

#[test]
fn codes_names_and_stages_are_consistent() {
    let mut codes = BTreeSet::new();
    let mut names = BTreeSet::new();
    let mut last = (0, String::new());
    for rule in rules::all() {
        assert!(codes.insert(rule.code), "{} twice", rule.code);
        assert!(names.insert(rule.name), "{} twice", rule.name);
        let digits = &rule.code[1..];
        assert!(digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()), "{}", rule.code);
        let place = (rule.stage() as u8, rule.code.to_owned());
        assert!(place > last, "{} is out of order", rule.code);
        last = place;
        for word in ["invalid-", "bad-", "check-", "must-", "use-", "prefer-"] {
            assert!(!rule.name.starts_with(word), "{} names the defect", rule.name);
        }
    }
}

#[test]
fn only_stated_rules_are_errors() {
    for rule in rules::all() {
        if let Source::Fixed(clause, basis) = rule.source {
            // S013 is a limit of the checker: what was not judged cannot pass.
            let exempt = rule.code == "S013";
            assert!(
                rule.severity < Severity::Error || basis == Basis::Stated || exempt,
                "{} is an error without a stated clause",
                rule.code
            );
            assert_eq!(clause == "—", basis != Basis::Stated && clause == "—", "{}", rule.code);
        }
    }
}

/// Whoever writes a rule that makes an error says what the central server does about it.
#[test]
fn an_error_says_whether_the_relay_refuses_and_nothing_else_is_refused() {
    for rule in rules::all() {
        match rule.relay {
            Relay::Delivers => assert!(rule.severity < Severity::Error, "{}", rule.code),
            Relay::Refuses(message) => {
                assert_eq!(rule.severity, Severity::Error, "{}", rule.code);
                // What is in the files is format; only names and combinations have their own text.
                let inside = !matches!(rule.stage(), Stage::File | Stage::Unit);
                assert!(!inside || message == RelayMessage::Format, "{}", rule.code);
            }
            Relay::Overlooks(why) => {
                assert_eq!(rule.severity, Severity::Error, "{}", rule.code);
                assert!(!why.is_empty(), "{}", rule.code);
            }
        }
    }
}

#[test]
fn texts_are_complete_in_both_languages() {
    for rule in rules::all() {
        for text in [rule.title, rule.explanation, rule.message, rule.fix] {
            for lang in [Lang::Ja, Lang::En] {
                assert!(!text.get(lang).trim().is_empty(), "{}", rule.code);
            }
            assert!(!text.ja.is_ascii(), "{}: the Japanese text is Japanese", rule.code);
        }
        for text in [rule.title, rule.explanation, rule.fix] {
            assert!(!text.ja.contains('{'), "{}: only a message names values", rule.code);
        }
        let placeholders = |text: &str| {
            let mut found: Vec<String> =
                text.split('{').skip(1).filter_map(|p| Some(p.split_once('}')?.0.into())).collect();
            found.sort();
            found.dedup();
            found
        };
        assert_eq!(
            placeholders(rule.message.ja),
            placeholders(rule.message.en),
            "{}: both languages say the same",
            rule.code
        );
    }
}

/// The rules that a label and the checker name.
type Named = (BTreeSet<&'static str>, BTreeSet<&'static str>);

/// What is said about the examples that rules name, by name.
fn named_in_examples() -> BTreeMap<&'static str, Named> {
    let codes = |report: &Report| report.findings.iter().map(|found| found.rule.code).collect();
    let label = |labels: &[Label]| labels.iter().map(|label| label.rule).collect();
    let mut named: BTreeMap<&str, Named> = MUTANTS
        .iter()
        .map(|judged| (judged.mutant.name, (label(&judged.labels), codes(&judged.report))))
        .collect();
    let examples = rules::all().map(|rule| rule.examples);
    for name in examples.flat_map(|examples| examples.fails.iter().chain(examples.passes)) {
        if named.contains_key(name) {
            continue;
        }
        let unit = example::find(name).unwrap_or_else(|| panic!("there is no example {name}"));
        let report = Report::collect(&pairs(unit.files), &Profile::default());
        named.insert(name, (label(&unit.labels), codes(&report)));
    }
    named
}

#[test]
fn every_rule_names_examples_and_they_hold() {
    let named = named_in_examples();
    for rule in rules::all().filter(|rule| !rule.is_about_settings()) {
        let Examples { fails, passes } = rule.examples;
        assert!(!fails.is_empty(), "{} fails nowhere", rule.code);
        assert!(!passes.is_empty(), "{} passes nowhere", rule.code);
        for name in fails {
            let (labelled, reported) = &named[name];
            assert!(labelled.contains(rule.code), "{} {name}: {labelled:?}", rule.code);
            assert!(reported.contains(rule.code), "{} {name}: {reported:?}", rule.code);
        }
        for name in passes {
            let (_, reported) = &named[name];
            assert!(!reported.contains(rule.code), "{} {name}: {reported:?}", rule.code);
        }
    }
}

/// What lies on the edge of a rule is the example of one.
#[test]
fn every_mutant_shows_a_rule() {
    let examples = rules::all().map(|rule| rule.examples);
    let named: BTreeSet<&str> = examples
        .flat_map(|examples| examples.fails.iter().chain(examples.passes))
        .copied()
        .collect();
    let idle: Vec<_> = mutant::all()
        .filter(|mutant| mutant.failure.is_none() && !named.contains(mutant.name))
        .map(|mutant| mutant.name)
        .collect();
    assert!(idle.is_empty(), "{idle:?}");
}
