//! What is known of a file before its records are read, and what its first record tells.

use careplan_reader::{FileHeader, KeptFile, Options, Reader, Stretch};
use careplan_spec::{FileKind, StandardVersion};

use super::transcript::{FOUR, FREE, told, transcript_of};

const PLAN: &str = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";

/// The version whose layout a file is read by.
fn version(name: &str, bytes: &[u8], as_of: Option<u32>) -> StandardVersion {
    let options = Options { as_of, ..FREE };
    let header = FileHeader::of(name, as_of).expect("a name");
    let mut reader = Reader::new(header, bytes, options);
    while let Some(stretch) = reader.next_stretch().expect("no errors") {
        if let Stretch::Record(record) = stretch {
            assert_eq!(
                record.header.layout.map(|layout| layout.version),
                Some(record.layout.version)
            );
            return record.layout.version;
        }
    }
    panic!("no record");
}

#[test]
fn names_tell_kind_version_and_month() {
    let header = FileHeader::of(PLAN, None).expect("a name");
    assert_eq!(header.kind, FileKind::Upplan);
    assert_eq!(header.version, StandardVersion::V4_1);
    assert_eq!(header.name_month(), Some(202_606));
    assert!(header.layout.is_none(), "no record was read");
    let header = FileHeader::of(&PLAN.replace("202606", "000000"), None).expect("a name");
    assert_eq!(header.name_month(), None);
    for foreign in ["memo.txt", "", "見積書.CSV"] {
        assert!(FileHeader::of(foreign, None).is_err(), "{foreign}");
    }
}

fn columns(kind: FileKind, version: StandardVersion) -> usize {
    kind.layout(version).expect("a layout").columns()
}

/// A record of so many columns; the first is `first`, the second looks like a number.
fn record(first: &str, columns: usize) -> Vec<u8> {
    format!("{first},479014{}\r\n", ",".repeat(columns - 2)).into_bytes()
}

#[test]
fn the_version_is_told_by_the_first_column_before_the_number_of_columns_before_the_name() {
    use StandardVersion::{V3, V4_1};
    let (old, new) = (columns(FileKind::Upplan, V3), columns(FileKind::Upplan, V4_1));
    let told_by = |first: &str, columns| version(PLAN, &record(first, columns), None);
    let known: Vec<(&str, StandardVersion)> = careplan_spec::csv_version::HISTORY
        .iter()
        .filter_map(|row| Some((row.value, row.standard?)))
        .collect();
    assert!(known.iter().any(|(_, version)| *version == V3));
    assert!(known.iter().any(|(_, version)| *version == V4_1));
    for (value, version) in known {
        for columns in [old, new, 3] {
            assert_eq!(told_by(value, columns), version, "{value} in {columns}");
            assert_eq!(told_by(&format!("\"{value}\""), columns), version, "{value} in quotes");
        }
    }
    assert_ne!(old, new, "the number of columns tells");
    assert_eq!(told_by("999999", old), V3);
    assert_eq!(told_by("999999", new), V4_1);
    assert_eq!(told_by("999999", 3), V4_1, "the name");
}

#[test]
fn a_heading_is_no_record() {
    assert_eq!(
        transcript_of(FOUR, b"version,insurer,a,b\r\n1,2,3,4\r\n", FREE),
        "Ms932, mark of 0\n\
         heading 0 in 1 at 0: version | insurer | a | b, CrLf\n\
         record 1 in 2 at 21: 1 | 2 | 3 | 4, CrLf\n\
         1 records, 30 bytes; line ends 2 0 0"
    );
    // A digit in the first or the second column, or nothing in one of them, is a record.
    for first in ["version1,insurer,a,b", "version,insurer1,a,b", ",insurer,a,b", "version,,a,b"] {
        let bytes = format!("{first}\r\n1,2,3,4\r\n").into_bytes();
        let transcript = transcript_of(FOUR, &bytes, FREE);
        let lines: Vec<&str> = transcript.lines().collect();
        let shown = first.replace(',', " | ");
        assert_eq!(lines[1], format!("record 1 in 1 at 0: {shown}, CrLf"));
        assert!(lines[2].starts_with("record 2 in 2 at "), "{transcript}");
    }
    // A heading may have too few columns.
    let transcript = transcript_of(FOUR, b"version,insurer\r\n1,2,3,4\r\n", FREE);
    assert!(transcript.contains("heading 0 in 1 at 0: version | insurer, CrLf"), "{transcript}");
    // One column is no heading.
    let transcript = transcript_of(FOUR, b"version\r\n1,2,3,4\r\n", FREE);
    assert!(transcript.contains("record 1 in 1 at 0: version, CrLf"), "{transcript}");
}

#[test]
fn only_the_first_line_can_be_a_heading() {
    let bytes = b"1,2,3,4\r\nversion,insurer,a,b\r\n";
    let transcript = transcript_of(FOUR, bytes, FREE);
    assert!(transcript.contains("record 2 in 2 at 9: version | insurer | a | b, CrLf"));
    // A second heading behind the first is one, too: no record has come yet.
    let bytes = b"version,insurer,a,b\r\nversion,insurer,a,b\r\n1,2,3,4\r\n";
    let transcript = transcript_of(FOUR, bytes, FREE);
    assert!(transcript.contains("heading 0 in 2 at 21: "), "{transcript}");
    assert!(transcript.contains("record 1 in 3 at 42: "), "{transcript}");
}

#[test]
fn other_delimiters_are_named() {
    let comma = record("202407", columns(FileKind::Upplan, StandardVersion::V4_1));
    let text = String::from_utf8(comma).expect("ASCII");
    let cases = [("\t", "tab"), (";", "semicolon"), ("|", "vertical bar")];
    for (delimiter, name) in cases {
        let bytes = text.replace(',', delimiter).repeat(3).into_bytes();
        let shown = bytes.escape_ascii();
        assert_eq!(
            transcript_of(PLAN, &bytes, FREE),
            format!(
                "Ms932, mark of 0\nparted by {name}: {shown}\n\
                 3 records, {} bytes; line ends 0 0 0",
                bytes.len()
            )
        );
    }
    let mut wide = Vec::new();
    for byte in text.bytes() {
        if byte == b',' { wide.extend_from_slice(b"\x81\x43") } else { wide.push(byte) }
    }
    assert!(transcript_of(PLAN, &wide, FREE).contains("parted by full-width comma: "));
}

#[test]
fn as_many_signs_as_half_the_columns_part_them() {
    let columns = columns(FileKind::Upplan, StandardVersion::V4_1);
    for (signs, parted) in [(columns / 2, true), (columns / 2 - 1, false)] {
        let bytes = format!("202407{}\r\n", ";".repeat(signs)).into_bytes();
        let transcript = transcript_of(PLAN, &bytes, FREE);
        assert_eq!(transcript.contains("parted by"), parted, "{transcript}");
    }
    // A few commas may stand in the text; more of them part the columns.
    for (commas, parted) in [(columns / 4, true), (columns / 4 + 1, false)] {
        let text = format!("202407{}{}\r\n", ";".repeat(columns), ",".repeat(commas));
        let transcript = transcript_of(PLAN, text.as_bytes(), FREE);
        assert_eq!(transcript.contains("parted by"), parted, "{transcript}");
    }
}

#[test]
fn lines_of_another_delimiter_are_counted_without_the_empty_ones() {
    let line = format!("202407{}", ";".repeat(30));
    for (text, records) in [
        (format!("{line}\r\n{line}\r\n"), 2),
        (format!("{line}\r\n\r\n{line}"), 2),
        (format!("{line}\n{line}\n\n\n"), 2),
        (line.clone(), 1),
    ] {
        let header = FileHeader::of(PLAN, None).expect("a name");
        for max_record in [10, 1 << 20] {
            let options = Options { max_record, ..FREE };
            let transcript = told(Reader::new(header.clone(), text.as_bytes(), options));
            assert!(transcript.contains(&format!("\n{records} records, ")), "{transcript}");
        }
        // More than is looked at at once.
        let long = format!("{}{text}", format!("{line}\r\n").repeat(20_000));
        let transcript = transcript_of(PLAN, long.as_bytes(), Options { max_record: 20, ..FREE });
        assert!(transcript.contains(&format!("\n{} records, ", 20_000 + records)));
    }
}

#[test]
fn a_file_that_is_none_of_the_standards_is_kept_without_records() {
    let file = KeptFile::read(3, "folder/memo.txt", b"1,2,3,4\r\n", FREE);
    assert_eq!((file.path, file.base), ("folder/memo.txt", "memo.txt"));
    assert_eq!(file.kind, None);
    assert!(file.records.is_empty() && file.strays.is_empty() && !file.failed);
    assert!(file.image.is_none());
}
