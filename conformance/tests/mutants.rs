//! Labelled mutants and valid units: the checker reports what the labels say, where they say it,
//! and nothing else.

use std::collections::BTreeSet;

use careplan_conformance::{Profile, Report, Verdict, rules};
use careplan_fixtures::label::Label;
use careplan_fixtures::region::offices_of_kind;
use careplan_fixtures::request::all_units;
use careplan_fixtures::{
    GeneratedFile, Request, Richness, corpus, generate, mutant, service, variant,
};
use careplan_spec::send_unit::Direction;

/// Rule, severity, file, record, field.
type Place = (String, String, Option<String>, Option<u32>, Option<u16>);

fn check(files: &[GeneratedFile]) -> (Vec<Place>, Verdict) {
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|file| (file.name.clone(), file.bytes.clone())).collect();
    let report = Report::collect(&files, &Profile::default());
    let mut found: Vec<Place> = report
        .findings
        .iter()
        .map(|finding| {
            (
                finding.rule.code.to_owned(),
                finding.severity.id().to_owned(),
                finding.file.map(|at| files[at as usize].0.clone()),
                (finding.at.record > 0).then_some(finding.at.record),
                finding.field.map(|field| u16::from(field.no)),
            )
        })
        .collect();
    found.sort();
    (found, report.summary.verdict)
}

fn expected(labels: &[Label]) -> Vec<Place> {
    let mut places: Vec<Place> = labels
        .iter()
        .map(|label| {
            (
                label.rule.to_owned(),
                label.severity.id().to_owned(),
                label.file.clone(),
                label.record,
                label.field.map(|field| u16::from(field.no)),
            )
        })
        .collect();
    places.sort();
    places
}

#[test]
fn every_mutant_is_reported_as_labelled_and_nothing_else_is() {
    let mut wrong = Vec::new();
    for mutant in mutant::all() {
        let (files, labels) = mutant.build();
        let (found, _) = check(&files);
        let expected = expected(&labels);
        if found != expected {
            wrong.push(format!("{}\n  labelled {expected:?}\n  reported {found:?}", mutant.name));
        }
    }
    assert!(wrong.is_empty(), "{} mutants:\n{}", wrong.len(), wrong.join("\n"));
}

/// The verdict follows from the labels.
#[test]
fn mutants_with_an_error_are_rejected_and_others_accepted() {
    for mutant in mutant::all() {
        let (files, labels) = mutant.build();
        let (_, verdict) = check(&files);
        let expected =
            if mutant.label(labels).is_accepted() { Verdict::Accepted } else { Verdict::Rejected };
        assert_eq!(verdict, expected, "{}", mutant.name);
    }
}

/// Every rule has a mutant.
#[test]
fn every_rule_has_a_mutant() {
    let covered: BTreeSet<&str> =
        mutant::all().flat_map(|mutant| mutant.build().1).map(|label| label.rule).collect();
    let missing: Vec<&str> =
        rules::all().map(|rule| rule.code).filter(|code| !covered.contains(code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn requests() -> Vec<Request> {
    let mut requests = Vec::new();
    for unit in all_units() {
        let month = if unit.id.starts_with("V3") { mutant::MONTH_V3 } else { mutant::MONTH };
        let base = Request::new(unit.id, month).expect("a known unit");
        for richness in [Richness::Plain, Richness::Rich] {
            for service in service::all() {
                let party = offices_of_kind(service.kind)
                    .find_map(|office| office.party(service.kind))
                    .expect("the region has an office of every kind");
                let base = Request { richness, people: 8, ..base };
                requests.push(match unit.direction {
                    Direction::PlannerToService => Request { to: party, ..base },
                    Direction::ServiceToPlanner => Request { from: party, ..base },
                });
            }
        }
    }
    requests
}

#[test]
fn valid_units_of_every_kind_are_silent() {
    for request in requests() {
        let files = generate(&request).expect("a sensible request");
        let found = check(&files);
        assert_eq!(found, (Vec::new(), Verdict::Accepted), "{} {}", request.unit.id, request.to);
    }
}

/// What is kept in the repository is what was judged here.
#[test]
fn the_corpus_is_labelled_as_it_is_reported() {
    for folder in corpus::folders() {
        let (found, verdict) = check(&folder.files);
        assert_eq!(found, expected(&folder.label.labels), "{}", folder.label.name);
        assert_eq!(verdict == Verdict::Accepted, folder.label.is_accepted());
    }
}

/// The standard is silent about line ends, so that the checker mentions unusual ones (S009, S011)
/// as information; nothing else is said about a variant.
#[test]
fn variants_are_silent_but_for_their_line_ends() {
    for unit in all_units() {
        for richness in [Richness::Plain, Richness::Rich] {
            let month = if unit.id.starts_with("V3") { mutant::MONTH_V3 } else { mutant::MONTH };
            let base = Request::new(unit.id, month).expect("a known unit");
            let all = variant::variants(&Request { richness, ..base }).expect("a sensible request");
            for variant in all {
                let (found, verdict) = check(&variant.files);
                assert_eq!(verdict, Verdict::Accepted);
                assert_eq!(found, expected(&variant.labels()), "{} {}", unit.id, variant.folder);
            }
        }
    }
}
