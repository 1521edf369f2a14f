//! Labelled mutants and valid units: the checker reports what the labels say, where they say it,
//! and nothing else.

use std::collections::BTreeSet;
use std::fmt;

use careplan_fixtures::label::{Label, Said};
use careplan_fixtures::mutant::{self, Base, EditableUnit};
use careplan_fixtures::region::offices_of_kind;
use careplan_fixtures::request::all_units;
use careplan_fixtures::{Request, Richness, corpus, generate, service, variant};
use careplan_judge::message::Wording;
use careplan_judge::{Finding, Profile, Report, Severity, Value, Verdict, rules};
use careplan_spec::layout::{Format, Required};
use careplan_spec::send_unit::Direction;
use careplan_spec::{Basis, Field, FieldId, Lang, StandardVersion, Text};

use crate::corpus::{MUTANTS, in_threads, pairs};

/// What a label states, of a label and of a finding: where, and what a person reads there.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Stated {
    rule: String,
    severity: &'static str,
    file: Option<String>,
    record: Option<u32>,
    field: Option<u16>,
    said: Said,
    explains: usize,
}

impl fmt::Debug for Stated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, severity, file, record, field, said, explains } = self;
        let file = file.as_deref().unwrap_or("the unit");
        write!(f, "{severity} {rule} {file} record {record:?} field {field:?}")?;
        if *explains > 0 {
            write!(f, " explains {explains}")?;
        }
        for (name, words) in
            [("found", &said.found), ("expected", &said.expected), ("hint", &said.hint)]
        {
            if let Some(Text { ja, en }) = words {
                write!(f, "\n      {name}: {ja} / {en}")?;
            }
        }
        for Text { ja, en } in &said.arguments {
            write!(f, "\n      names: {ja} / {en}")?;
        }
        Ok(())
    }
}

impl Stated {
    fn of_finding(finding: &Finding, report: &Report, files: &[(String, Vec<u8>)]) -> Self {
        // The people of the fixtures are invented: their values may be shown.
        let wording = |lang| Wording { lang, show_values: true };
        let words = |say: &dyn Fn(Wording) -> Option<String>| {
            Some(Text { ja: say(wording(Lang::Ja))?, en: say(wording(Lang::En))? })
        };
        let value = |value: &Value| words(&|wording| Some(wording.value(value)));
        Self {
            rule: finding.rule.code.to_owned(),
            severity: finding.severity.id(),
            file: finding.file.map(|at| files[at as usize].0.clone()),
            record: (finding.at.record > 0).then_some(finding.at.record),
            field: finding.field.map(|field| u16::from(field.no)),
            said: Said {
                found: words(&|wording| wording.found(finding)),
                expected: words(&|wording| wording.expected(finding)),
                arguments: finding.args.iter().filter_map(value).collect(),
                hint: finding.hint.as_ref().and_then(value),
            },
            explains: explained(report, finding),
        }
    }

    fn of_label(label: &Label) -> Self {
        Self {
            rule: label.rule.to_owned(),
            severity: label.severity.id(),
            file: label.file.clone(),
            record: label.record,
            field: label.field.map(|field| u16::from(field.no)),
            said: label.said.clone(),
            explains: label.explains,
        }
    }
}

/// How many findings a cause explains: in its file, or about its unit.
fn explained(report: &Report, cause: &Finding) -> usize {
    let unit = cause.file.and_then(|at| report.summary.files[at as usize].unit).or(cause.unit);
    let is_explained = |finding: &&Finding| {
        let same_file = finding.file.is_some() && finding.file == cause.file;
        let same_unit = finding.unit.is_some() && finding.unit == unit;
        finding.explained_by == Some(cause.rule) && (same_file || same_unit)
    };
    report.findings.iter().filter(is_explained).count()
}

/// What is reported; what a cause explains only as far as it has a label.
fn stated(report: &Report, files: &[(String, Vec<u8>)], labels: &[Stated]) -> Vec<Stated> {
    let findings = report.findings.iter();
    let mut found: Vec<Stated> = findings
        .map(|finding| (finding, Stated::of_finding(finding, report, files)))
        .filter(|(finding, stated)| finding.explained_by.is_none() || labels.contains(stated))
        .map(|(_, stated)| stated)
        .collect();
    found.sort();
    found
}

fn check(files: &[(String, Vec<u8>)], labels: &[Stated]) -> (Vec<Stated>, Verdict) {
    let report = Report::collect(files, &Profile::default());
    (stated(&report, files, labels), report.summary.verdict)
}

fn expected(labels: &[Label]) -> Vec<Stated> {
    let mut stated: Vec<Stated> = labels.iter().map(Stated::of_label).collect();
    stated.sort();
    stated
}

#[test]
fn every_mutant_is_reported_as_labelled_and_nothing_else_is() {
    let mut wrong = Vec::new();
    for judged in MUTANTS.iter() {
        let expected = expected(&judged.labels);
        let found = stated(&judged.report, &judged.files, &expected);
        if found != expected {
            let list = |all: &[Stated]| -> String {
                all.iter().map(|one| format!("\n    {one:?}")).collect()
            };
            wrong.push(format!(
                "{}\n  labelled{}\n  reported{}",
                judged.mutant.name,
                list(&expected),
                list(&found)
            ));
        }
    }
    assert!(wrong.is_empty(), "{} mutants:\n{}", wrong.len(), wrong.join("\n"));
}

/// The verdict follows from the labels.
#[test]
fn mutants_with_an_error_are_rejected_and_others_accepted() {
    for judged in MUTANTS.iter() {
        let label = judged.mutant.label(judged.labels.clone());
        let expected = if label.is_accepted() { Verdict::Accepted } else { Verdict::Rejected };
        assert_eq!(judged.report.summary.verdict, expected, "{}", judged.mutant.name);
    }
}

/// The mildest severity that rejects is a setting; whatever is worse rejects too.
#[test]
fn what_is_worse_than_the_mildest_severity_that_rejects_does_too() {
    for (name, worst) in [
        ("month-thirteen", Severity::Error),
        ("extension-in-lower-case", Severity::Warning),
        ("unused-item-filled", Severity::Info),
    ] {
        let judged = MUTANTS.iter().find(|judged| judged.mutant.name == name).expect(name);
        for fail_on in [Severity::Info, Severity::Warning, Severity::Error] {
            let profile = Profile::default().with_fail_on(fail_on);
            let verdict = Report::collect(&judged.files, &profile).summary.verdict;
            let expected = if worst >= fail_on { Verdict::Rejected } else { Verdict::Accepted };
            assert_eq!(verdict, expected, "{name}, rejected from {} on", fail_on.id());
        }
    }
}

/// Every rule has a mutant, at its own severity.
#[test]
fn every_rule_has_a_mutant() {
    let labels = MUTANTS.iter().flat_map(|judged| &judged.labels);
    let covered: BTreeSet<(&str, &str)> =
        labels.map(|label| (label.rule, label.severity.id())).collect();
    let missing: Vec<&str> = rules::all()
        .filter(|rule| !rule.is_about_settings())
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
    in_threads(&requests(), |request| {
        let files = pairs(generate(request).expect("a sensible request"));
        let found = check(&files, &[]);
        assert_eq!(found, (Vec::new(), Verdict::Accepted), "{} {}", request.unit.id, request.to);
    });
}

/// What is kept in the repository besides mutants.
#[test]
fn the_corpus_is_labelled_as_it_is_reported() {
    let mutants: BTreeSet<String> =
        MUTANTS.iter().map(|judged| judged.mutant.folder(&judged.labels)).collect();
    for folder in corpus::folders() {
        if mutants.contains(&folder.label.name) {
            continue;
        }
        let labels = expected(&folder.label.labels);
        let (found, verdict) = check(&pairs(folder.files), &labels);
        assert_eq!(found, labels, "{}", folder.label.name);
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
                let labels = expected(&variant.labels());
                let (found, verdict) = check(&pairs(variant.files), &labels);
                assert_eq!(verdict, Verdict::Accepted);
                assert_eq!(found, labels, "{} {}", unit.id, variant.folder);
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

/// Rule, severity and field of what is said about a unit.
type RuleAtField = (&'static str, Severity, Option<u16>);

/// What is said about a unit when a field of the first record of a file is changed.
fn judged(unit: &EditableUnit, field: FieldId, value: &str) -> Vec<RuleAtField> {
    let mut draft = unit.clone();
    draft.set(field, 1, value);
    let report = Report::collect(&pairs(draft.finish().0), &Profile::default());
    let place = |f: &Finding| (f.rule.code, f.severity, f.field.map(|own| own.no.into()));
    report.findings.iter().map(place).collect()
}

/// A field of a table, in a unit that has it.
struct Cell {
    draft: EditableUnit,
    id: FieldId,
    field: &'static Field,
    place: String,
}

/// Every field of every table.
fn cells() -> Vec<Cell> {
    let mut all = Vec::new();
    for unit in all_units().filter(|unit| unit.version == StandardVersion::V4_1) {
        // Y2 holds the tables of Y1 and Y3.
        if unit.id == "Y2" {
            continue;
        }
        let draft = EditableUnit::of(&Base::of(unit.id)).expect("a unit");
        for kind in unit.required.iter().chain(unit.attachments) {
            let Some(layout) = kind.layout(unit.version) else { continue };
            for (index, field) in layout.fields.iter().enumerate() {
                let place = format!("{} {} {}", unit.id, kind.prefix(), field.no);
                let id = FieldId { kind: *kind, index: index as u8 };
                all.push(Cell { draft: draft.clone(), id, field, place });
            }
        }
    }
    all
}

#[test]
fn a_malformed_value_is_one_finding_in_every_field() {
    in_threads(&cells(), |Cell { draft, id, field, place }| {
        let Some(rule) = rule_of_form(field.format) else { return };
        let mut found = judged(draft, *id, "＊");
        // A value where there was none may contradict others: that is about the record.
        found.retain(|(code, ..)| !code.starts_with('R'));
        // A name of another form is still the name of an image, which is not there.
        if field.format == Format::ImageFileName {
            found.retain(|(code, ..)| !matches!(*code, "X007" | "X008"));
        }
        let [(code, severity, at)] = &found[..] else {
            panic!("{place}: {found:?}");
        };
        assert_eq!((*code, *at), (rule, Some(field.no.into())), "{place}");
        if field.basis() != Basis::Stated {
            assert!(*severity < Severity::Error, "{place}: an inference is no error");
        }
    });
}

#[test]
fn an_empty_value_is_one_finding_in_every_required_field() {
    in_threads(&cells(), |Cell { draft, id, field, place }| {
        if field.required != Required::Yes {
            return;
        }
        let found = judged(draft, *id, "");
        let [(code, severity, at)] = &found[..] else {
            panic!("{place}: {found:?}");
        };
        assert!(matches!(*code, "F001" | "R026"), "{place}: {code}");
        assert_eq!(*at, Some(field.no.into()), "{place}");
        assert_eq!(*severity == Severity::Error, field.basis() == Basis::Stated, "{place}");
    });
}
