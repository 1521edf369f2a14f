//! How a file is read: bytes, records and lines are counted as they are, however the bytes come.
//! What fuzzing found stays here.

use std::io::{self, Read};

use careplan_conformance::engine::{FileStatus, Input, check};
use careplan_conformance::sample::SampleSet;
use careplan_conformance::{Finding, Profile, Report};
use careplan_spec::{FileKind, ms932};

fn one(set: SampleSet, kind: FileKind) -> (String, Vec<u8>) {
    set.only(kind).files().remove(0)
}

/// The planned use of the samples: several records, and its text as UTF-8.
fn planned_use() -> (String, String) {
    let (name, bytes) = one(SampleSet::planned_use(), FileKind::Upplan);
    let text = ms932::decode(&bytes).expect("samples are MS932");
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
        let size = out.len().min(509);
        self.rest.read(&mut out[..size])
    }
}

#[test]
fn the_size_of_a_utf8_file_is_that_of_the_file() {
    let (name, bytes) = one(SampleSet::home_plan(), FileKind::Up1kyo);
    let text = ms932::decode(&bytes).expect("samples are MS932");
    for text in [text.clone(), format!("\u{FEFF}{text}")] {
        let report =
            Report::collect(&[(name.clone(), text.as_bytes().to_vec())], &Profile::default());
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
        let whole = Report::collect(&[(name.clone(), bytes)], &Profile::default());
        assert_eq!(summary.counts, whole.summary.counts);
        assert_eq!(summary.files[0].records, whole.summary.files[0].records);
    }
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
    let profile = Profile { max_record: longest, ..Profile::default() };
    let report = Report::collect(&[(name, bytes)], &profile);
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
    let profile = Profile { max_record: 40, ..Profile::default() };
    for text in [text.clone(), text.trim_end().to_owned()] {
        let bytes = ms932::encode(&text).expect("still MS932");
        let report = Report::collect(&[(name.clone(), bytes)], &profile);
        assert_eq!(by_code(&report, "S002").len(), 1);
        assert_eq!(report.summary.files[0].records, records);
    }
}
