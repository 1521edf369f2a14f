//! Records, lines and their ends (S 4.2, quoting footnote of the layout tables).

use careplan_reader::{FileHeader, Reader};

use super::transcript::{FOUR, FREE, told, transcript};

#[track_caller]
fn said(bytes: &[u8], expected: &[&str]) {
    let transcript = transcript(bytes);
    let lines: Vec<&str> = transcript.lines().collect();
    assert_eq!(lines[0], "Ms932, mark of 0");
    assert_eq!(lines[1..], *expected);
}

#[test]
fn records_and_lines_are_counted_from_one() {
    said(
        b"202407,479014,0982852391,20260509\r\n202407,479022,0370272880,20260510\r\n",
        &[
            "record 1 in 1 at 0: 202407 | 479014 | 0982852391 | 20260509, CrLf",
            "record 2 in 2 at 35: 202407 | 479022 | 0370272880 | 20260510, CrLf",
            "2 records, 70 bytes; line ends 2 0 0",
        ],
    );
}

#[test]
fn an_empty_file_has_a_beginning_and_nothing_else() {
    said(b"", &["0 records, 0 bytes; line ends 0 0 0"]);
}

#[test]
fn every_line_end_ends_a_record() {
    said(
        b"1,2,3,4\r\n1,2,3,4\n1,2,3,4\r1,2,3,4",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "record 2 in 2 at 9: 1 | 2 | 3 | 4, Lf",
            "record 3 in 3 at 17: 1 | 2 | 3 | 4, Cr",
            "record 4 in 4 at 25: 1 | 2 | 3 | 4, None",
            "4 records, 32 bytes; line ends 1 1 1, the last has none",
        ],
    );
}

#[test]
fn a_carriage_return_at_the_end_of_the_file_is_a_line_end() {
    said(
        b"1,2,3,4\r",
        &["record 1 in 1 at 0: 1 | 2 | 3 | 4, Cr", "1 records, 8 bytes; line ends 0 0 1"],
    );
}

#[test]
fn empty_lines_are_no_records() {
    said(
        b"\r\n1,2,3,4\r\n\r\n\n1,2,3,4\r\n\r\n",
        &[
            "blank 0 in 1, CrLf",
            "record 1 in 2 at 2: 1 | 2 | 3 | 4, CrLf",
            "blank 0 in 3, CrLf",
            "blank 0 in 4, Lf",
            "record 2 in 5 at 14: 1 | 2 | 3 | 4, CrLf",
            "blank 0 in 6, CrLf",
            "2 records, 25 bytes; line ends 5 1 0",
        ],
    );
}

#[test]
fn the_old_end_of_a_file_is_no_record_and_no_line_end() {
    said(
        b"1,2,3,4\r\n\x1A",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "end mark 0 in 2",
            "1 records, 10 bytes; line ends 1 0 0",
        ],
    );
    // Only at the end, and only alone.
    said(
        b"1,2,3,4\r\n\x1A\r\n1,2,3,\x1A",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "record 2 in 2 at 9: \\x1a, CrLf, control",
            "record 3 in 3 at 12: 1 | 2 | 3 | \\x1a, None, control",
            "3 records, 19 bytes; line ends 2 0 0, the last has none",
        ],
    );
    // Any other byte alone is a record of one column.
    said(
        b"1,2,3,4\r\nx",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "record 2 in 2 at 9: x, None",
            "2 records, 10 bytes; line ends 1 0 0, the last has none",
        ],
    );
}

#[test]
fn empty_columns_are_columns() {
    said(
        b",,,\r\n,,\r\n,,,,\r\n\"\"\r\n",
        &[
            "record 1 in 1 at 0:  |  |  | , CrLf",
            "record 2 in 2 at 5:  |  | , CrLf",
            "record 3 in 3 at 9:  |  |  |  | , CrLf",
            "record 4 in 4 at 15: <>, CrLf",
            "4 records, 19 bytes; line ends 4 0 0",
        ],
    );
}

#[test]
fn control_characters_are_told_and_line_ends_are_none() {
    for byte in [0x01, b'\t', 0x1F, 0x7F] {
        let bytes = [b"1,2,3,4\r\n1,2,\"a", &[byte][..], b"b\",4\r\n"].concat();
        let shown = [byte].escape_ascii().to_string();
        let second = format!("record 2 in 2 at 9: 1 | 2 | <a{shown}b> | 4, CrLf, control");
        said(
            &bytes,
            &[
                "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
                &second,
                "2 records, 22 bytes; line ends 2 0 0",
            ],
        );
    }
    // The first printable ones on either side.
    said(
        b"1,2, ,~\r\n",
        &["record 1 in 1 at 0: 1 | 2 |   | ~, CrLf", "1 records, 9 bytes; line ends 1 0 0"],
    );
}

#[test]
fn bytes_that_look_like_signs_inside_a_character_are_none() {
    // 表 is 95 5C, ー is 81 5B: no trail byte is a quote, a comma or a line end.
    said(
        b"1\x95\x5C,\x81\x5B,\x83\x7C,\xFC\x4B\r\n",
        &[
            "record 1 in 1 at 0: 1\\x95\\\\ | \\x81[ | \\x83| | \\xfcK, CrLf",
            "1 records, 14 bytes; line ends 1 0 0",
        ],
    );
}

#[test]
fn a_value_may_be_longer_than_what_is_looked_at_at_once() {
    // 63 to 65 bytes before each sign, and beyond.
    for length in [1, 31, 62, 63, 64, 65, 127, 128, 129, 300] {
        let long = "1".repeat(length);
        let bytes = format!("{long},\"{long}\r\n{long}\",{long},4\r\n1,2,3,4\r\n").into_bytes();
        let next = bytes.len() - 9;
        let first = format!("record 1 in 1 at 0: {long} | <{long}\\r\\n{long}> | {long} | 4, CrLf");
        let second = format!("record 2 in 3 at {next}: 1 | 2 | 3 | 4, CrLf");
        let counted = format!("2 records, {} bytes; line ends 2 0 0", bytes.len());
        said(&bytes, &[&first, &second, &counted]);
    }
}

/// Gives an error once, then nothing more.
struct Interrupted<'a> {
    rest: &'a [u8],
    failed: bool,
}

impl std::io::Read for Interrupted<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        match self.rest.read(out)? {
            0 if !self.failed => {
                self.failed = true;
                Err(std::io::Error::other("the stick was pulled out"))
            }
            read => Ok(read),
        }
    }
}

#[test]
fn what_cannot_be_read_on_is_an_error_and_never_the_end() {
    let long = "1,2,3,4\r\n".repeat(20_000);
    for text in ["1,2,3,4\r\n", long.as_str(), "1,居宅,3,4\r\n", ""] {
        let content = Interrupted { rest: text.as_bytes(), failed: false };
        let header = FileHeader::of(FOUR, None).expect("a name");
        let mut reader = Reader::new(header, content, FREE);
        let error = loop {
            match reader.next_stretch() {
                Ok(Some(_)) => {}
                Ok(None) => panic!("it ended"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.to_string(), "the stick was pulled out");
    }
    let mut content = Interrupted { rest: b"image", failed: false };
    assert!(careplan_reader::read_image(&mut content, &mut Vec::new()).is_err());
}

/// What is said of a text that begins so many bytes behind the beginning of a file, in lines
/// without numbers.
fn behind(distance: usize, text: &[u8]) -> Vec<String> {
    let first = format!("1,2,3,{}\r\n", "4".repeat(distance - 8));
    let bytes = [first.as_bytes(), text].concat();
    let header = FileHeader::of(FOUR, None).expect("a name");
    let transcript = told(Reader::new(header, bytes.as_slice(), FREE));
    let said = transcript.lines().skip(2).filter_map(|line| {
        let (what, rest) = line.split_once(": ")?;
        Some(format!("{} {rest}", what.split(' ').next()?))
    });
    said.collect()
}

#[test]
fn where_a_block_ends_does_not_matter() {
    // What is read at once.
    const BLOCK: usize = 256 * 1024;
    let texts: [&[u8]; 5] = [
        b"1,2,3,4\r\n5,6,7,8\r\n",
        b"1,\"a\"\"b\",\"c\r\nd\",4\r\n5,6,7,8\r\n",
        b"1,a\"b,3,4\r\n1,2,3,4\r\n",
        b"1,a\"b,3\r\n1,2,3,4\r\n",
        b"1,2,\"a,4\r\n1,2,3,4\r\n5,6,7,8\r\n",
    ];
    for text in texts {
        let expected = behind(100, text);
        assert!(expected.len() >= 2, "{expected:?}");
        for distance in BLOCK - text.len() - 2..BLOCK + 2 {
            assert_eq!(behind(distance, text), expected, "{distance}");
        }
    }
}

#[test]
fn a_long_text_may_go_on_behind_the_end_of_a_block() {
    let text = format!("1,\"{}\",3,4\r\n5,6,7,8\r\n", "a\r\n".repeat(40_000));
    let expected = behind(100, text.as_bytes());
    assert_eq!(expected.len(), 2);
    assert!(
        expected[0].starts_with("record 1 | <a\\r\\na") && expected[0].ends_with("> | 3 | 4, CrLf")
    );
    for distance in [150_000, 200_000, 250_000, 262_000, 262_143] {
        assert!(behind(distance, text.as_bytes()) == expected, "{distance}");
    }
}
