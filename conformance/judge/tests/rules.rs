//! The registry and every example of every rule.

use std::collections::BTreeSet;

use careplan_judge::rule::{Check, Relay, RelayMessage, Source};
use careplan_judge::{Profile, Report, Severity, Stage, rules, sample};
use careplan_spec::{Basis, Lang};

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

#[test]
fn every_rule_has_examples_and_they_hold() {
    let profile = Profile::default();
    let mut failures = Vec::new();
    for rule in rules::all() {
        assert!(rule.examples.iter().any(|example| example.fails), "{} fails nowhere", rule.code);
        assert!(rule.examples.iter().any(|example| !example.fails), "{} passes nowhere", rule.code);
        for example in rule.examples {
            let report = Report::collect(&(example.build)().files(), &profile);
            let raised = report.findings.iter().any(|finding| finding.rule == rule);
            if raised != example.fails {
                let others: Vec<_> = report.findings.iter().map(|f| f.rule.code).collect();
                failures.push(format!("{} {} raised {others:?}", rule.code, example.what.en));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_samples_are_silent() {
    for (name, set) in sample::all() {
        let report = Report::collect(&set.files(), &Profile::default());
        let found: Vec<_> = report
            .findings
            .iter()
            .map(|f| (f.rule.code, f.at.record, f.field.map(|field| field.no)))
            .collect();
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

#[test]
fn reader_rules_belong_to_the_first_two_stages() {
    for rule in rules::all() {
        let early = matches!(rule.code.as_bytes()[0], b'B' | b'S');
        if matches!(rule.check, Check::Reader) {
            assert!(early, "{}", rule.code);
        }
    }
}
