//! Labelled mutants and valid units: the checker reports what the labels say, where they say it,
//! and nothing else.

use std::collections::BTreeSet;

use careplan_fixtures::label::Label;
use careplan_fixtures::mutant::{Base, Draft};
use careplan_fixtures::region::offices_of_kind;
use careplan_fixtures::request::all_units;
use careplan_fixtures::{
    GeneratedFile, Request, Richness, corpus, generate, mutant, service, variant,
};
use careplan_judge::{Finding, Profile, Report, Severity, Verdict, rules};
use careplan_spec::layout::{Format, Required};
use careplan_spec::send_unit::Direction;
use careplan_spec::{Basis, Field, FieldId, StandardVersion};

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

/// Every rule has a mutant, at its own severity.
#[test]
fn every_rule_has_a_mutant() {
    let covered: BTreeSet<(&str, &str)> = mutant::all()
        .flat_map(|mutant| mutant.build().1)
        .map(|label| (label.rule, label.severity.id()))
        .collect();
    let missing: Vec<&str> = rules::all()
        .filter(|rule| !covered.contains(&(rule.code, rule.severity.id())))
        .map(|rule| rule.code)
        .collect();
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

/// The rule about values of a form, in the words of the layout tables.
const fn rule_of_form(format: Format) -> Option<&'static str> {
    Some(match format {
        Format::CsvVersion => "F028",
        Format::Month | Format::MonthOrZeros => "F005",
        Format::Date | Format::DateOrZeros => "F004",
        Format::Time | Format::TimeOrNines => "F006",
        Format::InsurerNumber => "F012",
        Format::InsuredNumber => "F014",
        Format::OfficeNumber | Format::OfficeNumberOrNines => "F009",
        Format::Nines => "F024",
        Format::ServiceKind => "F031",
        Format::ServiceCode | Format::ServiceCodeOrTotal => "F015",
        Format::EquipmentCode => "F018",
        Format::Integer => "F007",
        Format::Decimal => "F025",
        Format::SequenceNumber => "F019",
        Format::PerDiemBitmap => "F017",
        Format::PostalCode => "F008",
        Format::Code(_) => "F003",
        Format::Phone => "F032",
        Format::ImageFileName => "F033",
        Format::Unused => "F021",
        Format::Opaque | Format::FreeText => return None,
    })
}

/// What the first two stages of judgement (fields, records) say about the first record of a file
/// when one of its fields is changed.
fn judged(unit: &'static str, field: FieldId, value: &str) -> Vec<(String, Severity, Option<u16>)> {
    let mut draft = Draft::of(&Base::of(unit));
    draft.set(field, 1, value);
    let name = draft.name(field.kind).to_owned();
    let files: Vec<(String, Vec<u8>)> =
        draft.finish().0.into_iter().map(|file| (file.name, file.bytes)).collect();
    let report = Report::collect(&files, &Profile::default());
    let here = |finding: &&Finding| {
        let stage = finding.rule.code.as_bytes()[0];
        finding.at.record == 1
            && matches!(stage, b'B' | b'S' | b'F' | b'R')
            && finding.file.is_some_and(|at| files[at as usize].0 == name)
    };
    let found = report.findings.iter().filter(here);
    found.map(|f| (f.rule.code.to_owned(), f.severity, f.field.map(|own| own.no.into()))).collect()
}

/// Every field of every table.
fn fields() -> Vec<(&'static str, FieldId, &'static Field)> {
    let mut all = Vec::new();
    for unit in all_units().filter(|unit| unit.version == StandardVersion::V4_1) {
        // Y2 holds the tables of Y1 and Y3.
        if unit.id == "Y2" {
            continue;
        }
        for kind in unit.required.iter().chain(unit.attachments) {
            let Some(layout) = kind.layout(unit.version) else { continue };
            for (index, field) in layout.fields.iter().enumerate() {
                all.push((unit.id, FieldId { kind: *kind, index: index as u8 }, field));
            }
        }
    }
    all
}

#[test]
fn a_malformed_value_is_one_finding_in_every_field() {
    for (unit, id, field) in fields() {
        let Some(rule) = rule_of_form(field.format) else { continue };
        let mut found = judged(unit, id, "＊");
        let place = format!("{} {} {}", unit, id.kind.prefix(), field.no);
        // A value where there was none may contradict others: that is about the record.
        found.retain(|(code, ..)| !code.starts_with('R'));
        let [(code, severity, at)] = &found[..] else { panic!("{place}: {found:?}") };
        assert_eq!((code.as_str(), *at), (rule, Some(field.no.into())), "{place}");
        if field.basis() != Basis::Stated {
            assert!(*severity < Severity::Error, "{place}: an inference is no error");
        }
    }
}

#[test]
fn an_empty_value_is_one_finding_in_every_required_field() {
    for (unit, id, field) in fields().into_iter().filter(|f| f.2.required == Required::Yes) {
        let found = judged(unit, id, "");
        let place = format!("{} {} {}", unit, id.kind.prefix(), field.no);
        let [(code, severity, at)] = &found[..] else { panic!("{place}: {found:?}") };
        assert!(matches!(code.as_str(), "F001" | "R026"), "{place}: {code}");
        assert_eq!(*at, Some(field.no.into()), "{place}");
        assert_eq!(*severity == Severity::Error, field.basis() == Basis::Stated, "{place}");
    }
}
