//! A plain second reader: what the `csv` crate makes of a file whose quotes are sound.

use careplan_judge::Finding;
use careplan_judge::engine::{FileOutcome, FileStatus};

/// Quotes that do not pair, and a separator other than the comma: readers may differ about the
/// records.
const AMBIGUOUS: [&str; 4] = ["S002", "S004", "S005", "S006"];
/// Lines that are no records: headings, and what Excel and PowerShell write about the file.
const NO_RECORD: [&str; 3] = ["S008", "C005", "C006"];
const OVERSIZED: &str = "S013";

/// The records of a CSV file as raw bytes, heading included, blank lines and the end mark left
/// out; `None` where the file leaves room for another reading.
pub(super) fn records(
    content: &[u8],
    outcome: &FileOutcome,
    own: &[&Finding],
) -> Option<Vec<Vec<Vec<u8>>>> {
    let is_csv = outcome.kind.is_some_and(careplan_spec::FileKind::is_csv);
    if !is_csv || outcome.status != FileStatus::Checked || outcome.not_judged.files > 0 {
        return None;
    }
    let has_quotes = content.contains(&b'"');
    // A line that a program wrote about the file ends with its line, whatever quote it opens.
    let quoted_line = without_marks(content).starts_with(b"\"");
    let ambiguous = |finding: &&&Finding| {
        let code = finding.rule.code;
        AMBIGUOUS.contains(&code)
            || (code == OVERSIZED && has_quotes)
            || (NO_RECORD[1..].contains(&code) && quoted_line)
    };
    if own.iter().any(|finding| ambiguous(&finding)) {
        return None;
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(without_marks(content));
    let records = reader.byte_records().map(|record| {
        let record = record.expect("memory can be read, and flexible readers take every length");
        record.iter().map(<[u8]>::to_vec).collect()
    });
    Some(records.collect())
}

/// Without a byte order mark, and without the end mark (0x1A) on a line of its own.
fn without_marks(content: &[u8]) -> &[u8] {
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    match content {
        [0x1A] => b"",
        [rest @ .., 0x1A] if rest.ends_with(b"\n") || rest.ends_with(b"\r") => rest,
        _ => content,
    }
}

/// Asserts that bytes, records and lines are counted as the second reader counts them.
pub(super) fn assert_counts(content: &[u8], outcome: &FileOutcome, own: &[&Finding]) {
    if outcome.status == FileStatus::Checked {
        assert_eq!(outcome.bytes, content.len() as u64, "size of {}", outcome.path);
    }
    let Some(records) = records(content, outcome, own) else { return };
    let others = own.iter().filter(|finding| NO_RECORD.contains(&finding.rule.code)).count();
    assert_eq!(outcome.records as usize + others, records.len(), "records of {}", outcome.path);
    if !content.contains(&b'"') {
        assert_lines(content, own);
    }
}

/// Without quotes every line that is not blank is a record.
fn assert_lines(content: &[u8], own: &[&Finding]) {
    let others: Vec<u32> = own
        .iter()
        .filter(|finding| NO_RECORD.contains(&finding.rule.code))
        .map(|finding| finding.at.line)
        .collect();
    let mut starts = Vec::new();
    for (at, line) in lines(without_marks(content)).into_iter().enumerate() {
        let number = at as u32 + 1;
        if !line.is_empty() && !others.contains(&number) {
            starts.push(number);
        }
    }
    for finding in own {
        if let Some(before) = finding.at.record.checked_sub(1) {
            assert_eq!(
                starts.get(before as usize),
                Some(&finding.at.line),
                "{} record {}",
                finding.rule.code,
                finding.at.record
            );
        }
    }
}

fn lines(content: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut rest = content;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
        lines.push(&rest[..at]);
        let length = if rest[at..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = &rest[at + length..];
    }
    lines.push(rest);
    lines
}
