//! Causes: what is visible, what is folded under it, and that nothing else changes.

use careplan_fixtures::mutant::{self, EditableUnit};
use careplan_judge::engine::MOST_HELD;
use careplan_judge::message::Wording;
use careplan_judge::profile::{Purpose, Scope};
use careplan_judge::{Finding, Profile, Report, Severity, Verdict, rules};
use careplan_spec::other_encoding::OtherEncoding;
use careplan_spec::{Basis, FileKind, Lang, ms932};

use crate::corpus::{MUTANTS, pairs};

/// Codes of the findings that no cause explains, each once a file.
fn visible(report: &Report) -> Vec<&'static str> {
    let mut seen: Vec<(Option<u32>, &str)> = report
        .findings
        .iter()
        .filter(|finding| finding.explained_by.is_none())
        .map(|finding| (finding.file, finding.rule.code))
        .collect();
    seen.dedup();
    seen.into_iter().map(|(_, code)| code).collect()
}

fn of_mutant(name: &str, profile: &Profile) -> Report {
    let (files, _) = mutant::find(name).expect("a mutant").build();
    Report::collect(&pairs(files), profile)
}

fn actuals() -> (String, String) {
    let (name, bytes) = EditableUnit::file_of("S1", FileKind::Upjsk).expect("a file");
    (name, ms932::decode(&bytes).expect("units are MS932"))
}

fn judged(name: &str, text: &str) -> Report {
    let bytes = ms932::encode(text).expect("still MS932");
    Report::collect([(name, &bytes)], &Profile::default().with_scope(Scope::File))
}

fn message(report: &Report, code: &str) -> String {
    let of_rule = |finding: &&Finding| finding.rule.code == code;
    let finding = report.findings.iter().find(of_rule);
    let finding = finding.unwrap_or_else(|| panic!("{code} is not said: {:?}", visible(report)));
    Wording { lang: Lang::En, show_values: false }.message(finding)
}

/// A cause stands before what it explains, in the same file or unit.
#[test]
fn a_cause_is_said_before_what_it_explains() {
    let mut looked_at = 0;
    for judged in MUTANTS.iter() {
        let findings = &judged.report.findings;
        for (at, finding) in findings.iter().enumerate() {
            let Some(cause) = finding.explained_by else { continue };
            looked_at += 1;
            let before = findings[..at].iter().any(|earlier| {
                earlier.rule == cause
                    && (earlier.file == finding.file
                        || finding.file.is_none()
                        || earlier.unit.is_some() && earlier.unit == finding.unit)
            });
            assert!(before, "{}: {} before {finding:?}", judged.mutant.name, cause.code);
        }
    }
    assert!(looked_at > 400, "{looked_at}");
}

/// A cause is never worse than what it explains, and what is inferred is no error.
#[test]
fn a_cause_changes_no_verdict() {
    for judged in MUTANTS.iter() {
        for fail_on in [Severity::Info, Severity::Warning, Severity::Error] {
            let with = Profile::default().with_fail_on(fail_on);
            let mut without = with.clone();
            for rule in rules::all().filter(|rule| rule.code.starts_with('C')) {
                // Encodings and what is no CSV are stated; the two others explain nothing.
                if rule.severity < Severity::Error && !["C025", "C027"].contains(&rule.code) {
                    without.set(rule.code, None).expect("a code");
                }
            }
            let verdict = |profile| Report::collect(&judged.files, profile).summary.verdict;
            assert_eq!(verdict(&with), verdict(&without), "{}", judged.mutant.name);
        }
        for finding in &judged.report.findings {
            let inferred = finding.basis() != Basis::Stated && finding.rule.code.starts_with('C');
            assert!(!inferred || finding.severity < Severity::Error, "{finding:?}");
        }
    }
}

/// Turned off, a cause explains nothing, and what it explained is as it was.
#[test]
fn a_cause_that_is_turned_off_explains_nothing() {
    let mut profile = Profile::default();
    profile.set("C019", None).expect("a code");
    let report = of_mutant("leading-zero-lost", &profile);
    assert!(
        report.findings.iter().all(|finding| finding.explained_by.is_none_or(|c| c.code != "C019"))
    );
    let mut relay = Profile::new(Purpose::Relay);
    relay.fail_on = Severity::Error;
    let report = of_mutant("leading-zero-lost", &relay);
    assert!(report.findings.iter().all(|finding| finding.explained_by.is_none()));
    assert_eq!(of_mutant("file-in-euc-jp", &relay).summary.verdict, Verdict::Rejected);
}

/// Few findings say well enough themselves what is wrong; from four records on there is a cause.
#[test]
fn three_records_have_no_cause_and_four_have() {
    let (name, text) = actuals();
    let with = |records: usize| {
        let lines: Vec<String> =
            text.lines().take(records).map(|line| line.replacen("202407,", "202410,", 1)).collect();
        judged(&name, &format!("{}\r\n", lines.join("\r\n")))
    };
    assert!(!visible(&with(3)).contains(&"C020"), "{:?}", visible(&with(3)));
    assert!(visible(&with(4)).contains(&"C020"), "{:?}", visible(&with(4)));
}

/// In an export with very many findings the first ones decide, and nothing is lost.
#[test]
fn of_very_many_findings_the_first_decide_and_all_are_passed_on() {
    let (name, text) = actuals();
    let lines: Vec<String> = text
        .lines()
        .cycle()
        .take(MOST_HELD + 100)
        .map(|line| line.replacen("202407,", "202410,", 1))
        .collect();
    let report = judged(&name, &format!("{}\r\n", lines.join("\r\n")));
    let of_version: Vec<&Finding> =
        report.findings.iter().filter(|finding| finding.rule.code == "F028").collect();
    assert_eq!(of_version.len(), MOST_HELD + 100);
    assert!(of_version.iter().all(|finding| finding.explained_by.map(|c| c.code) == Some("C020")));
    assert_eq!(report.findings[0].rule.code, "C020");
    assert_eq!(report.summary.by_rule["F028"], (MOST_HELD + 100) as u64);
    assert_eq!(report.summary.counts.total(), report.findings.len() as u64);
}

#[test]
fn where_columns_are_off_is_said() {
    let (name, text) = actuals();
    let edited = |edit: fn(&mut Vec<&str>)| {
        let rows: Vec<String> = text
            .lines()
            .map(|line| {
                let mut cells: Vec<&str> = line.split(',').collect();
                edit(&mut cells);
                cells.join(",")
            })
            .collect();
        judged(&name, &format!("{}\r\n", rows.join("\r\n")))
    };
    let report = edited(|cells| {
        cells.remove(1);
    });
    assert_eq!(visible(&report), ["C016"]);
    assert!(
        message(&report, "C016").contains("24 columns instead of 25: about item 2, 1 seem"),
        "{}",
        message(&report, "C016")
    );
    let report = edited(|cells| {
        cells.insert(0, "1");
        cells.insert(0, "1");
    });
    assert_eq!(visible(&report), ["C016"]);
    assert!(
        message(&report, "C016").contains("27 columns instead of 25: about item 1, 2 seem"),
        "{}",
        message(&report, "C016")
    );
    // A column left out, and one more at the end.
    let report = edited(|cells| {
        cells.remove(2);
        cells.push("");
    });
    assert_eq!(visible(&report)[0], "C013", "{}", message(&report, "C014"));
    assert!(
        message(&report, "C013").contains("one column before their own"),
        "{}",
        message(&report, "C013")
    );
    // An item written at another place.
    let report = edited(|cells| {
        let code = cells.remove(14);
        cells.insert(1, code);
    });
    assert_eq!(visible(&report)[0], "C014", "{:?}", visible(&report));
    assert!(message(&report, "C014").contains("item 15"), "{}", message(&report, "C014"));
}

#[test]
fn other_encodings_are_one_finding_and_the_text_is_judged() {
    let (name, bytes) = EditableUnit::file_of("K1", FileKind::Up1kyo).expect("a file");
    let text = ms932::decode(&bytes).expect("units are MS932");
    let spoilt = text.replacen("202407", "202410", 1);
    for (encoding, code) in [(OtherEncoding::EucJp, "C001"), (OtherEncoding::Iso2022Jp, "C002")] {
        let profile = Profile::default().with_scope(Scope::File);
        let of = |text: &str| Report::collect([(&name, &encoding.encode(text))], &profile);
        assert_eq!(visible(&of(&text)), [code]);
        assert_eq!(of(&text).summary.verdict, Verdict::Rejected);
        assert!(visible(&of(&spoilt)).contains(&"F028"), "the text behind it is judged");
    }
}

/// The actuals with every row edited, and one more thing wrong that the cause has nothing to do with.
fn with_something_else(edit: fn(&mut Vec<&str>), else_wrong: fn(&mut Vec<&str>)) -> Report {
    let (name, text) = actuals();
    let rows: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(at, line)| {
            let mut cells: Vec<&str> = line.split(',').collect();
            edit(&mut cells);
            if at == 2 {
                else_wrong(&mut cells);
            }
            cells.join(",")
        })
        .collect();
    // A blank line in the middle, too.
    judged(&name, &format!("{}\r\n\r\n{}\r\n", rows[..3].join("\r\n"), rows[3..].join("\r\n")))
}

/// What a cause explains is its own: whatever else is wrong in the file stays visible.
#[test]
fn what_else_is_wrong_stays_visible_beside_a_cause() {
    let no_date: fn(&mut Vec<&str>) = |cells| cells[9] = "20260631";
    let no_version: fn(&mut Vec<&str>) = |cells| cells[0] = "2024";
    type Edit = fn(&mut Vec<&str>);
    let cases: [(&str, Edit, Edit, &str); 4] = [
        ("C024", |cells| cells[19] = "4779100199", no_date, "F004"),
        (
            "C013",
            |cells| {
                cells.remove(2);
                cells.push("");
            },
            no_version,
            "F028",
        ),
        (
            "C014",
            |cells| {
                let code = cells.remove(14);
                cells.insert(1, code);
            },
            |cells| cells[22] = "2",
            "F003",
        ),
        ("C021", |cells| cells[4] = "202613", no_date, "F004"),
    ];
    for (cause, edit, else_wrong, code) in cases {
        let report = with_something_else(edit, else_wrong);
        let visible = visible(&report);
        for expected in [cause, code, "S012"] {
            assert!(visible.contains(&expected), "{cause}: {expected} not in {visible:?}");
        }
    }
}

/// A line end or a cell alone is no habit of a program.
#[test]
fn what_happens_once_has_no_cause() {
    let (name, text) = actuals();
    let one = text.lines().next().expect("a record");
    let report = judged(&name, &format!("{one}\r\r\n"));
    assert!(!visible(&report).contains(&"C007"), "{:?}", visible(&report));
    let some: Vec<&str> = text.lines().take(4).collect();
    let report = judged(&name, &format!("{}\r\r\n{}\r\r\n", some[..3].join("\r"), some[3]));
    assert!(!visible(&report).contains(&"C007"), "half of them: {:?}", visible(&report));
    let report = judged(&name, &text.replacen(",0982852391,", ",=\"0982852391\",", 1));
    assert!(!visible(&report).contains(&"C018"), "{:?}", visible(&report));
    let report = judged(&name, &text.replace(",0982852391,", ",=\"0982852391\","));
    assert!(visible(&report).contains(&"C018"), "{:?}", visible(&report));
}

/// A row a service with a column a day is known by its rows, without a heading of days.
#[test]
fn a_grid_of_days_needs_no_heading() {
    let (files, _) = mutant::find("day-grid").expect("a mutant").build();
    let found = pairs(files).into_iter().find(|(name, _)| name.starts_with("UPJSK"));
    let (name, bytes) = found.expect("actuals");
    let text = ms932::decode(&bytes).expect("MS932");
    let (_, rows) = text.split_once('\n').expect("a heading");
    assert!(visible(&judged(&name, rows)).contains(&"C012"), "{:?}", visible(&judged(&name, rows)));
}
