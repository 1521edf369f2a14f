//! Lines and columns of findings, against the bytes of the files by a count of our own.

use crate::corpus::MUTANTS;

/// Line, column in characters and column in bytes of an offset, all from 1.
fn position(bytes: &[u8], offset: usize) -> (u32, u32, u32) {
    let (mut line, mut characters, mut column) = (1, 1, 1);
    let mut at = 0;
    while at < offset {
        let double = matches!(bytes[at], 0x81..=0x9F | 0xE0..=0xFC) && at + 1 < offset;
        let length = if double && bytes[at + 1] >= 0x40 { 2 } else { 1 };
        let is_end =
            bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        at += length;
        if is_end {
            (line, characters, column) = (line + 1, 1, 1);
        } else {
            (characters, column) = (characters + 1, column + length as u32);
        }
    }
    (line, characters, column)
}

#[test]
fn lines_and_columns_lead_to_the_bytes_that_a_finding_is_about() {
    let mut compared = 0;
    for judged in MUTANTS.iter() {
        for finding in &judged.report.findings {
            let (Some(file), Some((offset, length)), Some(region)) =
                (finding.file, finding.span, finding.region)
            else {
                assert!(finding.span.is_none() || finding.region.is_some(), "{finding:?}");
                continue;
            };
            let bytes = &judged.files[file as usize].1;
            let (start, end) = (offset as usize, offset as usize + length as usize);
            let (from, to) = (position(bytes, start), position(bytes, end));
            let columns = region.byte_columns.expect("bytes of the file");
            let said = (
                (region.start_line, region.start_column, columns.0),
                (region.end_line, region.end_column, columns.1),
            );
            assert_eq!(said, (from, to), "{}: {finding:?}", judged.mutant.name);
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared}");
}
