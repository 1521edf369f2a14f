//! What must hold for every input.

use std::io::{self, Read};

use careplan_compare::round_trip::{Change, compare};
use careplan_judge::engine::{Counts, FileStatus, Input, NotJudged, Verdict, check};
use careplan_judge::profile::Purpose;
use careplan_judge::{Finding, FindingSink, Profile, Summary};
use careplan_reports::{Format, Reports, TextOptions};
use careplan_spec::file_name::{self, Reading};
use careplan_spec::text::visible;
use serde_json::Value;

use crate::case::Case;

mod masking;
mod plain;
mod repairing;

pub use repairing::check_repair;

/// Runs the case and asserts that the report is sound, adds up and keeps what is personal to
/// itself.
///
/// # Panics
/// When it does not.
pub fn check_case(case: &Case) {
    let whole = Run::of(case, case.inputs(), &[Format::Json, case.format]);
    whole.assert_adds_up(&case.files, &case.profile);
    whole.assert_json(&case.files);
    whole.assert_plain(case);
    whole.assert_round_trip(case);
    if let Some(pieces) = case.pieces {
        let inputs = case
            .files
            .iter()
            .map(|(name, bytes)| Input::from_reader(name.clone(), Pieces::of(bytes, pieces)));
        let again = Run::of(case, inputs, &[Format::Json]);
        let (whole, again) = (&whole.reports[0], &again.reports[0]);
        if let Some(at) =
            (0..whole.len().max(again.len())).find(|&at| whole.get(at) != again.get(at))
        {
            let around = |report: &[u8]| {
                let range = at.saturating_sub(300).min(report.len())..(at + 200).min(report.len());
                String::from_utf8_lossy(&report[range]).into_owned()
            };
            panic!(
                "reading in pieces changes the report:\n{}\n--\n{}",
                around(whole),
                around(again)
            );
        }
    }
}

/// Reads a name and asserts that reading and writing names agree.
///
/// # Panics
/// When they do not.
pub fn check_name(name: &str) {
    match file_name::read(name) {
        Reading::Standard { name: read, quirks } => {
            let composed = read.compose();
            if quirks.is_empty() {
                assert_eq!(composed, name);
            }
            assert_exact(&composed, &read);
        }
        Reading::NearMiss { defects, name: repaired, .. } => {
            assert!(!defects.is_empty(), "{name:?} is a near miss without a defect");
            for defect in &defects {
                let careplan_spec::Text { ja, en } = defect.describe();
                assert!(!ja.is_empty() && !en.is_empty());
            }
            if let Some(repaired) = repaired {
                assert_exact(&repaired.compose(), &repaired);
            }
        }
        Reading::Foreign => {}
    }
}

fn assert_exact(composed: &str, expected: &file_name::FileName) {
    match file_name::read(composed) {
        Reading::Standard { name, quirks } => {
            assert_eq!(&name, expected, "{composed}");
            assert!(quirks.is_empty(), "{composed}: {quirks:?}");
        }
        other => panic!("{composed} was composed but reads as {other:?}"),
    }
}

/// What a run left behind.
struct Run {
    summary: Summary,
    findings: Vec<Finding>,
    reports: Vec<Vec<u8>>,
}

impl Run {
    fn of<'a>(
        case: &Case,
        inputs: impl IntoIterator<Item = Input<'a>>,
        formats: &[Format],
    ) -> Self {
        let mut reports: Vec<Vec<u8>> = vec![Vec::new(); formats.len()];
        let mut findings = Vec::new();
        let options =
            TextOptions { fold: case.wording.show_values.then_some(2), ..TextOptions::default() };
        let summary = {
            let written = Reports::new(case.wording, &case.profile);
            let mut sink = Sink { reports: written, findings: &mut findings };
            for (&format, out) in formats.iter().zip(&mut reports) {
                sink.reports.add(format, out, options);
            }
            let summary = check(inputs, &case.profile, &mut sink);
            sink.reports.finish(&summary).expect("memory takes every report");
            summary
        };
        Self { summary, findings, reports }
    }

    fn assert_adds_up(&self, files: &[(String, Vec<u8>)], profile: &Profile) {
        let summary = &self.summary;
        assert_eq!(summary.files.len(), files.len());
        let mut counted = Counts::default();
        for finding in &self.findings {
            counted.add(finding.severity);
            if let Some(file) = finding.file {
                let outcome = &summary.files[file as usize];
                let content = &files[file as usize].1;
                if let Some((offset, length)) = finding.span {
                    let end = offset + u64::from(length);
                    assert!(end <= content.len() as u64, "{finding:?} ends behind the file");
                }
                let record = u64::from(finding.at.record);
                assert!(record <= outcome.records, "{finding:?}: {} records", outcome.records);
            }
            if let Some(unit) = finding.unit {
                assert!((unit as usize) < summary.units.len());
            }
        }
        assert_eq!(counted, summary.counts, "findings and counts");
        assert_eq!(summary.by_rule.values().sum::<u64>(), counted.total(), "counts by rule");
        for (at, file) in summary.files.iter().enumerate() {
            let own =
                self.findings.iter().filter(|finding| finding.file == Some(at as u32)).count();
            assert_eq!(file.counts.total(), own as u64, "findings of {}", file.path);
            assert_eq!(file.by_rule.values().sum::<u64>(), own as u64);
            let NotJudged { fields, records, files } = file.not_judged;
            assert!(records <= file.records, "{records} of {} records", file.records);
            let columns = file.kind.zip(file.version).and_then(|(kind, version)| {
                kind.layout(version).map(|layout| layout.columns() as u64)
            });
            if let Some(columns) = columns {
                assert!(fields <= (file.records - records) * columns, "{fields} fields not judged");
            }
            assert!(files <= 1);
            match &file.status {
                FileStatus::Checked => assert!(file.kind.is_some()),
                FileStatus::NotChecked => assert_eq!((file.records, file.bytes), (0, 0)),
                FileStatus::Unreadable(reason) => panic!("memory cannot be read: {reason}"),
                FileStatus::InternalError => panic!("a panic while the file was judged"),
            }
        }
        for (at, unit) in summary.units.iter().enumerate() {
            assert!(!unit.files.is_empty());
            for &file in &unit.files {
                assert_eq!(summary.files[file as usize].unit, Some(at as u32));
            }
        }
        let expected = if counted.at_least(profile.fail_on) > 0 {
            Verdict::Rejected
        } else if !summary.files.iter().any(|file| file.status == FileStatus::Checked) {
            Verdict::NothingToCheck
        } else {
            Verdict::Accepted
        };
        assert_eq!(summary.verdict, expected);
    }

    /// Compares with a second reader. Other purposes than `vendor` leave findings out, so they do
    /// not tell how a file was read.
    fn assert_plain(&self, case: &Case) {
        if case.profile.purpose != Purpose::Vendor {
            return;
        }
        for (at, ((_, content), outcome)) in case.files.iter().zip(&self.summary.files).enumerate()
        {
            let own: Vec<&Finding> =
                self.findings.iter().filter(|finding| finding.file == Some(at as u32)).collect();
            plain::assert_counts(content, outcome, &own);
        }
        if !case.wording.show_values {
            assert_eq!(self.shown(case), None, "a masked report shows a personal value");
        }
    }

    /// What comes back as it was given has not changed; what does not come back is said, and masked.
    fn assert_round_trip(&self, case: &Case) {
        let same = compare(&case.files, &case.files);
        let odd = same.differences.iter().find(|found| found.change != Change::Unreadable);
        assert!(odd.is_none(), "a file differs from itself: {odd:?}");
        let changed: Vec<_> = case
            .files
            .iter()
            .map(|(name, content)| (name.clone(), content.iter().rev().copied().collect()))
            .collect();
        for returned in [&[][..], &changed] {
            let comparison = compare(&case.files, returned);
            let texts = [
                comparison.text(case.wording, true).into_bytes(),
                comparison.json(case.wording).to_string().into_bytes(),
            ];
            if !case.wording.show_values && returned.is_empty() {
                let privacy = masking::privacy(&case.files, &self.summary.files, &self.findings);
                let shown = texts.iter().find_map(|text| masking::shown(text, &privacy));
                assert_eq!(shown, None, "a masked comparison shows a personal value");
            }
        }
    }

    /// A personal value that one of the reports shows.
    fn shown(&self, case: &Case) -> Option<String> {
        let privacy = masking::privacy(&case.files, &self.summary.files, &self.findings);
        self.reports.iter().find_map(|report| masking::shown(report, &privacy)).map(str::to_owned)
    }

    fn assert_json(&self, files: &[(String, Vec<u8>)]) {
        let json: Value = serde_json::from_slice(&self.reports[0]).expect("the report is JSON");
        let list = |key: &str| json[key].as_array().expect("a list").clone();
        assert_eq!(json["version"], 1);
        assert_eq!(list("findings").len(), self.findings.len());
        assert_eq!(list("units").len(), self.summary.units.len());
        let paths: Vec<_> = list("files").iter().map(|file| file["path"].clone()).collect();
        // A name is shown without what a terminal obeys.
        let shown = |(name, _): &(String, Vec<u8>)| Value::from(visible(name).into_owned());
        assert_eq!(paths, files.iter().map(shown).collect::<Vec<_>>());
        for finding in list("findings") {
            let message = finding["message"].as_str().expect("every finding has a message");
            assert!(!message.is_empty());
        }
    }
}

struct Sink<'a> {
    reports: Reports<'a>,
    findings: &'a mut Vec<Finding>,
}

impl FindingSink for Sink<'_> {
    fn start_file(&mut self, index: u32, path: &str) {
        self.reports.start_file(index, path);
    }

    fn finding(&mut self, path: Option<&str>, finding: Finding) {
        self.reports.finding(path, finding.clone());
        self.findings.push(finding);
    }
}

/// Gives out bytes a few at a time, interrupted now and then, as a pipe does.
struct Pieces<'a> {
    rest: &'a [u8],
    size: usize,
    interrupted: bool,
}

impl<'a> Pieces<'a> {
    fn of(bytes: &'a [u8], size: usize) -> Self {
        Self { rest: bytes, size, interrupted: false }
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let size = self.size.min(out.len()).min(self.rest.len());
        let (now, later) = self.rest.split_at(size);
        out[..size].copy_from_slice(now);
        self.rest = later;
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use careplan_fixtures::mutant::EditableUnit;
    use careplan_judge::Stage;
    use careplan_spec::FileKind;

    /// Table 3 of a home care plan without its quotes.
    fn unquoted() -> (String, Vec<u8>) {
        let (name, content) = EditableUnit::file_of("K1", FileKind::Up3kyo).expect("a file");
        (name, content.into_iter().filter(|byte| *byte != b'"').collect())
    }

    fn case(show_values: bool) -> Case {
        let mut case = Case::read(&[]);
        case.wording.show_values = show_values;
        case.files = vec![unquoted()];
        let text = "自由記述欄".repeat(2);
        let encoded = careplan_spec::ms932::encode(&text).expect("plain kanji");
        let at = case.files[0].1.windows(2).rposition(|pair| pair == b"\r\n").expect("a record");
        // The last item, 週単位以外のサービス, is free text too.
        case.files[0].1.splice(at..at, encoded);
        case
    }

    #[test]
    fn what_a_report_shows_is_seen() {
        let mut open = case(true);
        // What a cause explains is folded in the text.
        for rule in careplan_judge::rules::all().filter(|rule| rule.stage() == Stage::Cause) {
            open.profile.set(rule.code, None).expect("a rule");
        }
        // The other formats have no room for values.
        for format in [Format::Text, Format::Json, Format::Csv] {
            let run = Run::of(&open, open.inputs(), &[format]);
            assert!(run.shown(&open).is_some(), "{format:?}");
        }
        check_case(&case(false));
    }

    #[test]
    fn a_name_is_expected_as_it_is_shown() {
        let mut case = case(false);
        case.files[0].0 = "UP3KYO\r\u{1b}[31m.CSV".to_owned();
        check_case(&case);
    }

    #[test]
    fn the_second_reader_counts_alike() {
        let case = case(false);
        let run = Run::of(&case, case.inputs(), &[Format::Json]);
        run.assert_plain(&case);
        let mut wrong = run.summary.clone();
        wrong.files[0].records += 1;
        let own: Vec<&Finding> = run.findings.iter().collect();
        let records = plain::records(&case.files[0].1, &wrong.files[0], &own);
        assert_ne!(records.map(|records| records.len() as u64), Some(wrong.files[0].records));
    }

    #[test]
    fn a_line_about_the_file_is_no_record() {
        for line in [b"sep=,\r\n".as_slice(), b"#TYPE Selected\r\n", b"\"sep=,\"\r\n"] {
            let mut case = case(false);
            case.files[0].1.splice(0..0, line.iter().copied());
            check_case(&case);
        }
    }

    #[test]
    fn repairs_do_no_harm() {
        let (name, content) = unquoted();
        check_repair(&name, &content);
    }
}
