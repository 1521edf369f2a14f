//! How a file is read: bytes, records and lines are counted as they are, however the bytes come.
//! What fuzzing found stays here.

use std::io::{self, Read};

use careplan_fixtures::mutant::EditableUnit;
use careplan_fixtures::{Faulty, Request, Richness, generate};
use careplan_judge::engine::{FileStatus, Input, Verdict, check};
use careplan_judge::message::Wording;
use careplan_judge::profile::Scope;
use careplan_judge::{Finding, Profile, Report};
use careplan_spec::calendar::Month;
use careplan_spec::{FileKind, Lang, ms932};

/// Planned use: several records, and its text as UTF-8.
fn planned_use() -> (String, String) {
    let (name, bytes) = EditableUnit::file_of("K2", FileKind::Upplan).expect("a file");
    let text = ms932::decode(&bytes).expect("units are MS932");
    assert!(text.lines().count() >= 3, "several records are needed");
    (name, text)
}

fn by_code<'a>(report: &'a Report, code: &str) -> Vec<&'a Finding> {
    report.findings.iter().filter(|finding| finding.rule.code == code).collect()
}

/// Gives out a few bytes at a time and is interrupted before each, as a pipe may be.
struct Pipe<'a> {
    rest: &'a [u8],
    interrupted: bool,
}

impl Read for Pipe<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let size = out.len().min(7);
        self.rest.read(&mut out[..size])
    }
}

#[test]
fn the_size_of_a_utf8_file_is_that_of_the_file() {
    let (name, bytes) = EditableUnit::file_of("K1", FileKind::Up1kyo).expect("a file");
    let text = ms932::decode(&bytes).expect("units are MS932");
    for text in [text.clone(), format!("\u{FEFF}{text}")] {
        let report = Report::collect([(&name, text.as_bytes())], &Profile::default());
        assert_eq!(report.summary.files[0].bytes, text.len() as u64);
    }
}

#[test]
fn interrupted_reads_are_taken_up_again() {
    let (name, text) = planned_use();
    // Longer than the sample that decides the encoding.
    let text = format!("\u{FEFF}{}", text.repeat(1 + 80 * 1024 / text.len()));
    for bytes in [text.as_bytes().to_vec(), text.replace('\u{FEFF}', "").into_bytes()] {
        let pipe = Pipe { rest: &bytes, interrupted: false };
        let input = Input::from_reader(name.clone(), pipe);
        let mut findings: Vec<Finding> = Vec::new();
        let summary = check([input], &Profile::default(), &mut findings);
        assert_eq!(summary.files[0].status, FileStatus::Checked);
        let whole = Report::collect([(&name, &bytes)], &Profile::default());
        assert_eq!(summary.counts, whole.summary.counts);
        assert_eq!(summary.files[0].records, whole.summary.files[0].records);
    }
}

/// Places of the findings, to be compared.
fn places(findings: &[Finding]) -> Vec<(&str, u32, u32, Option<u8>)> {
    findings
        .iter()
        .map(|finding| {
            let field = finding.field.map(|field| field.no);
            (finding.rule.code, finding.at.record, finding.at.line, field)
        })
        .collect()
}

#[test]
fn a_pipe_gives_the_report_of_the_file() {
    let (name, text) = planned_use();
    let first = text.lines().next().expect("there are records");
    assert!(first.contains('"'), "a quote, so that length is blamed on it");
    let line = format!("{first}\r\n");
    let bytes = ms932::encode(&line.repeat(1 + 80 * 1024 / line.len())).expect("still MS932");
    let length = ms932::encode(&line).expect("still MS932").len();
    // Too long by a few columns, so that how far reading got matters.
    for max_record in length - 24..length {
        let profile = Profile::default().with_max_record(max_record);
        let whole = Report::collect([(&name, &bytes)], &profile);
        let pipe = Pipe { rest: &bytes, interrupted: false };
        let mut findings: Vec<Finding> = Vec::new();
        check([Input::from_reader(name.clone(), pipe)], &profile, &mut findings);
        assert_eq!(places(&findings), places(&whole.findings));
    }
}

#[test]
fn the_limit_of_a_record_may_lie_between_cr_and_lf() {
    let name = "DLTPLAN_202606_4770190017_43_4771190024_11_20260525103000.CSV";
    let open = format!("\"{}\r\n", "x".repeat(198));
    let bytes = format!("{open}{}", "1,2,3\r\n".repeat(40)).into_bytes();
    let profile = Profile::default().with_max_record(open.len() - 1);
    let report = Report::collect([(name, &bytes)], &profile);
    assert_eq!(by_code(&report, "S006").len(), 1);
    assert_eq!(by_code(&report, "S007").len(), 40);
}

#[test]
fn the_record_after_an_oversized_one_is_judged() {
    let (name, text) = planned_use();
    // A quote would be blamed for the length.
    let mut lines: Vec<String> = text.lines().map(|line| line.replace('"', "")).collect();
    let longest = lines.iter().map(String::len).max().expect("there are records");
    lines[0].push_str(&"x".repeat(longest));
    // The record behind the long one has a defect that must be found.
    lines[1].push(',');
    let bytes = ms932::encode(&format!("{}\r\n", lines.join("\r\n"))).expect("still MS932");
    let profile = Profile::default().with_max_record(longest);
    let report = Report::collect([(&name, &bytes)], &profile);
    assert_eq!(by_code(&report, "S013").len(), 1);
    let columns = by_code(&report, "S007");
    assert_eq!(columns.len(), 1);
    assert_eq!((columns[0].at.record, columns[0].at.line), (2, 2));
    let file = &report.summary.files[0];
    assert_eq!(file.records, lines.len() as u64);
    assert_eq!(file.not_judged.records, 2);
}

#[test]
fn long_lines_with_another_delimiter_are_counted_once() {
    let (name, text) = planned_use();
    let text = text.replace(',', "\t");
    let records = text.lines().count() as u64;
    let profile = Profile::default().with_max_record(40);
    for text in [text.clone(), text.trim_end().to_owned()] {
        let bytes = ms932::encode(&text).expect("still MS932");
        let report = Report::collect([(&name, &bytes)], &profile);
        assert_eq!(by_code(&report, "S002").len(), 1);
        assert_eq!(report.summary.files[0].records, records);
    }
}

/// The records of the rich first table, of which the last spans many lines, and its name.
fn first_table() -> (String, Vec<Vec<u8>>) {
    let request = Request {
        richness: Richness::Rich,
        people: 4,
        ..Request::new("K1", Month::new(2026, 6).expect("a month")).expect("a known unit")
    };
    let files = generate(&request).expect("a unit");
    let file = files.into_iter().find(|file| file.name.starts_with("UP1KYO")).expect("it has one");
    let text = ms932::decode(&file.bytes).expect("MS932");
    let text = text.strip_suffix("\r\n").expect("a line end");
    let records: Vec<Vec<u8>> = text
        .split("\r\n202407,")
        .enumerate()
        .map(|(at, rest)| if at == 0 { rest.to_owned() } else { format!("202407,{rest}") })
        .map(|record| ms932::encode(&record).expect("still MS932"))
        .collect();
    assert_eq!(records.len(), 4);
    (file.name, records)
}

/// What is said of wrong column counts.
fn column_messages(name: &str, records: &[Vec<u8>]) -> Vec<(u32, u32, String)> {
    let bytes: Vec<u8> =
        records.iter().flat_map(|record| [record, b"\r\n".as_slice()].concat()).collect();
    let report = Report::collect([(name, &bytes)], &Profile::default());
    let wording = Wording { lang: Lang::En, show_values: false };
    by_code(&report, "S007")
        .into_iter()
        .map(|finding| (finding.at.record, finding.at.line, wording.message(finding)))
        .collect()
}

fn lines(record: &[u8]) -> u32 {
    1 + record.iter().filter(|&&byte| byte == b'\n').count() as u32
}

#[test]
fn a_record_of_several_lines_with_a_wrong_number_of_columns_is_counted_itself() {
    const ONE_TOO_MANY: &str = "The record has 29 columns instead of 28. There seems to be one \
        comma too many: look at the end of the line and at empty items.";
    let (name, records) = first_table();
    let last = records.len() - 1;
    assert!(lines(&records[last]) > 20, "many lines, so that many could be taken for records");

    let mut changed = records.clone();
    changed[last].push(b',');
    let line = 1 + records[..last].iter().map(|record| lines(record)).sum::<u32>();
    let number = records.len() as u32;
    assert_eq!(column_messages(&name, &changed), [(number, line, ONE_TOO_MANY.to_owned())]);

    // In first place the number of columns is not known yet.
    changed.swap(0, last);
    assert_eq!(column_messages(&name, &changed), [(1, 1, ONE_TOO_MANY.to_owned())]);
    // Alone in the file.
    assert_eq!(column_messages(&name, &changed[..1]), [(1, 1, ONE_TOO_MANY.to_owned())]);

    // Another defect: two records that lost the line between them.
    let mut joined = records.clone();
    joined[last].extend_from_slice(&b",".repeat(26));
    let [(_, _, message)] = &column_messages(&name, &joined)[..] else { panic!("one finding") };
    assert!(message.starts_with("The record has 54 columns instead of 28. "), "{message}");
}

#[test]
fn broken_quotes_before_lines_that_look_like_records_are_findings() {
    let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
    let bytes = b"\"\r\n\",\r\n\",,,,,,,,,,,,,,,,,,,,,,,,,x\"".to_vec();
    assert_eq!(bytes.len(), 35);
    let report = Report::collect([(name, &bytes)], &Profile::default());
    assert_eq!(report.summary.verdict, Verdict::Rejected);
    let places: Vec<(u32, u32, Option<String>)> = by_code(&report, "S007")
        .into_iter()
        .map(|finding| (finding.at.record, finding.at.line, Wording::default().found(finding)))
        .collect();
    assert_eq!(places, [(1, 1, Some("2".to_owned())), (2, 3, Some("1".to_owned()))]);
}

#[test]
fn a_panic_costs_one_file_and_is_never_a_pass() {
    let (name, text) = planned_use();
    let other = name.replace("UPPLAN", "UPJSK");
    let bytes = ms932::encode(&text.replacen(',', "", 1)).expect("still MS932");
    let profile = Profile::default().with_scope(Scope::File);
    let alone = Report::collect([(&name, &bytes)], &profile);
    assert!(!alone.findings.is_empty());
    let inputs = [Input::from_reader(other, Faulty), Input::from_bytes(name, &bytes)];
    let mut findings: Vec<Finding> = Vec::new();
    let summary = check(inputs, &profile, &mut findings);
    assert_eq!(summary.verdict, Verdict::InternalError);
    assert_eq!(summary.verdict.id(), "rejected");
    assert_eq!(summary.files[0].status, FileStatus::InternalError);
    assert_eq!(summary.files[1].status, FileStatus::Checked);
    assert_eq!(places(&findings), places(&alone.findings));
}

/// The first record of a file with one cell replaced; codes of what is found.
fn with_cell(unit: &'static str, kind: FileKind, at: usize, value: &str) -> Vec<&'static str> {
    let (name, bytes) = EditableUnit::file_of(unit, kind).expect("a file");
    let text = ms932::decode(&bytes).expect("units are MS932");
    let (first, rest) = text.split_once("\r\n").expect("a record");
    let mut cells: Vec<&str> = first.split(',').collect();
    cells[at] = value;
    let bytes = ms932::encode(&format!("{}\r\n{rest}", cells.join(","))).expect("still MS932");
    let report = Report::collect([(name, &bytes)], &Profile::default().with_scope(Scope::File));
    report.findings.iter().map(|finding| finding.rule.code).collect()
}

#[test]
fn every_table_with_a_day_of_creation_is_looked_at() {
    for (unit, kind) in [
        ("K1", FileKind::Up1kyo),
        ("K1", FileKind::Up2kyo),
        ("K1", FileKind::Up3kyo),
        ("K2", FileKind::Upplan),
        ("K2", FileKind::Upsikyu),
        ("S1", FileKind::Upjsk),
    ] {
        assert!(with_cell(unit, kind, 3, "20261231").contains(&"L040"), "{kind:?}");
    }
}

#[test]
fn every_way_in_which_a_text_was_translated_is_known() {
    for (text, code) in [
        ("処遇改善加算T", "B024"),
        ("処遇改善加算U", "B024"),
        ("処遇改善加算V", "B024"),
        ("処遇改善加算W", "B024"),
        ("処遇改善加算X", "B024"),
        ("ほほえみ\\x{9AD9}", "B020"),
        ("ほほえみ%u9AD9", "B020"),
        ("一行\\r\\n二行", "B021"),
        ("一行_x000A_二行", "B021"),
    ] {
        let found = with_cell("S1", FileKind::Upjsk, 20, &format!("\"{text}\""));
        assert!(found.contains(&code), "{text}: {found:?}");
    }
}
