//! The longest record that is read.

use careplan_reader::Options;

use super::transcript::{FOUR, FREE, transcript_of};

#[track_caller]
fn said(max_record: usize, bytes: &[u8], expected: &[&str]) {
    let transcript = transcript_of(FOUR, bytes, Options { max_record, ..FREE });
    let lines: Vec<&str> = transcript.lines().collect();
    assert_eq!(lines[1..], *expected);
}

#[test]
fn a_record_as_long_as_the_limit_is_read_and_one_byte_more_is_not() {
    let bytes = b"1,2,3,4\r\n1,2,3,45\r\n1,2,3,4\r\n";
    said(
        8,
        bytes,
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "record 2 in 2 at 9: 1 | 2 | 3 | 45, CrLf",
            "record 3 in 3 at 19: 1 | 2 | 3 | 4, CrLf",
            "3 records, 28 bytes; line ends 3 0 0",
        ],
    );
    let transcript = transcript_of(FOUR, bytes, Options { max_record: 7, ..FREE });
    let lines: Vec<&str> = transcript.lines().skip(1).collect();
    assert_eq!(lines[0], "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf");
    assert!(lines[1].starts_with("too long 2 in 2: "), "{}", lines[1]);
    assert_eq!(lines[2], "record 3 in 3 at 19: 1 | 2 | 3 | 4, CrLf");
    assert_eq!(lines[3], "3 records, 28 bytes; line ends 2 0 0");
}

#[test]
fn behind_a_long_line_reading_goes_on_whatever_ends_it() {
    for (end, ends) in [("\r\n", "2 0 0"), ("\n", "0 2 0"), ("\r", "0 0 2")] {
        let long = "x".repeat(1_000_000);
        let bytes = format!("1,2,3,4{end}{long}{end}1,2,3,4{end}").into_bytes();
        let options = Options { max_record: 100, ..FREE };
        let transcript = transcript_of(FOUR, &bytes, options);
        let lines: Vec<&str> = transcript.lines().collect();
        assert!(lines[2].starts_with("too long 2 in 2: "), "{}", lines[2]);
        let at = bytes.len() - 7 - end.len();
        assert!(lines[3].starts_with(&format!("record 3 in 3 at {at}: 1 | ")), "{}", lines[3]);
        let counted = format!("3 records, {} bytes; line ends {ends}", bytes.len());
        assert_eq!(lines[4], counted);
        assert_eq!(lines.len(), 5);
    }
}

#[test]
fn a_long_line_may_be_the_last() {
    for end in ["", "\r\n", "\r"] {
        let bytes = format!("1,2,3,4\r\n{}{end}", "x".repeat(600_000)).into_bytes();
        let transcript = transcript_of(FOUR, &bytes, Options { max_record: 100, ..FREE });
        let lines: Vec<&str> = transcript.lines().collect();
        assert!(lines[2].starts_with("too long 2 in 2: "), "{}", lines[2]);
        let counted = format!("2 records, {} bytes; line ends 1 0 0", bytes.len());
        assert_eq!(lines[3], counted);
    }
}

#[test]
fn a_long_record_with_an_open_quote_is_broken_and_not_too_long() {
    let open = format!("\"{}\r\n", "x".repeat(198));
    let bytes = format!("{open}{}", "1,2,3,4\r\n".repeat(40)).into_bytes();
    // The limit between CR and LF, and behind them.
    for max_record in [200, 201, 220] {
        let transcript = transcript_of(FOUR, &bytes, Options { max_record, ..FREE });
        let lines: Vec<&str> = transcript.lines().collect();
        assert!(lines[1].starts_with("broken 1 in 1 at 0: \\\"xxx"), "{}", lines[1]);
        assert!(lines[1].ends_with("xx, None, Unclosed in 0"), "{}", lines[1]);
        assert_eq!(lines[2], "record 2 in 2 at 201: 1 | 2 | 3 | 4, CrLf");
        assert_eq!(lines.len(), 1 + 41 + 1);
    }
}

#[test]
fn long_values_in_quotes_are_read_up_to_the_limit() {
    let record = format!("1,2,\"{}\",4", "a\r\n".repeat(60));
    let bytes = format!("1,2,3,4\r\n{record}\r\n1,2,3,4\r\n").into_bytes();
    let read = transcript_of(FOUR, &bytes, Options { max_record: record.len(), ..FREE });
    let value = "a\\r\\n".repeat(60);
    let lines: Vec<&str> = read.lines().collect();
    assert_eq!(lines[2], format!("record 2 in 2 at 9: 1 | 2 | <{value}> | 4, CrLf"));
    assert!(lines[3].starts_with("record 3 in 63 at "), "{}", lines[3]);
    // One byte less: a quote is blamed, because lines seem to have been swallowed.
    let not = transcript_of(FOUR, &bytes, Options { max_record: record.len() - 1, ..FREE });
    let lines: Vec<&str> = not.lines().collect();
    assert!(lines[2].starts_with("broken 2 in 2 at 9: "), "{}", lines[2]);
    assert!(lines[2].ends_with("Unclosed in 4"), "{}", lines[2]);
}

#[test]
fn a_last_record_without_a_line_end_may_be_as_long_as_the_limit() {
    for text in ["1,2,3,4", "1,2,3,\"4\""] {
        let at = |max_record| transcript_of(FOUR, text.as_bytes(), Options { max_record, ..FREE });
        assert!(at(text.len()).contains("record 1 in 1 at 0: 1 | 2 | 3 | "), "{}", at(text.len()));
        assert!(at(text.len() - 1).contains("too long 1 in 1: "), "{}", at(text.len() - 1));
        let behind = format!("{}{text}", "1,2,3,4\r\n".repeat(3));
        let options = Options { max_record: text.len(), ..FREE };
        let transcript = transcript_of(FOUR, behind.as_bytes(), options);
        assert!(transcript.contains("record 4 in 4 at 27: 1 | 2 | 3 | "), "{transcript}");
    }
}

#[test]
fn a_long_record_on_one_line_is_too_long_whatever_its_quotes() {
    let bytes = b"1,2,3,4\r\n1,2,\"xxxxxxxx\",4\r\n1,2,3,4\r\n";
    let transcript = transcript_of(FOUR, bytes, Options { max_record: 10, ..FREE });
    let lines: Vec<&str> = transcript.lines().collect();
    assert!(lines[2].starts_with("too long 2 in 2: "), "{}", lines[2]);
    assert_eq!(lines[3], "record 3 in 3 at 27: 1 | 2 | 3 | 4, CrLf");
}

#[test]
fn a_long_line_with_a_stray_quote_is_one_record_and_no_more() {
    let x = "x".repeat(600_000);
    for (start, max_record) in [("1,a\"b,3,", 100), ("1,2,\"a\"b", 100), ("1,a\"b,", 1 << 19)] {
        let bytes = format!("1,2,3,4\r\n{start}{x}\r\n5,6,7,8\r\n").into_bytes();
        let transcript = transcript_of(FOUR, &bytes, Options { max_record, ..FREE });
        let lines: Vec<&str> = transcript.lines().collect();
        assert!(lines[2].starts_with("too long 2 in 2: "), "{:.200}", lines[2]);
        let at = bytes.len() - 9;
        assert_eq!(lines[3], format!("record 3 in 3 at {at}: 5 | 6 | 7 | 8, CrLf"));
    }
    // Within the limit, though longer than what is read at once, it is what it is.
    let bytes = format!("1,2,3,4\r\n1,a\"b,{x}\r\n5,6,7,8\r\n").into_bytes();
    let transcript = transcript_of(FOUR, &bytes, FREE);
    let lines: Vec<&str> = transcript.lines().collect();
    assert!(lines[2].starts_with("broken 2 in 2 at 9: 1,a\\\"b,xxx"), "{:.200}", lines[2]);
    assert!(lines[2].ends_with("xxx, None, InsideUnquoted in 1"));
    assert!(lines[3].starts_with("record 3 in 3 at "), "{}", lines[3]);
}

#[test]
fn a_stray_quote_is_repaired_far_from_the_end_as_well() {
    let bytes = format!("1,2,3,4\r\n1,a\"b,3,4\r\n{}", "5,6,7,8\r\n".repeat(20)).into_bytes();
    for max_record in [11, 12, 30, 100] {
        let transcript = transcript_of(FOUR, &bytes, Options { max_record, ..FREE });
        let lines: Vec<&str> = transcript.lines().collect();
        let repaired = "record 2 in 2 at 9: 1 | a\\\"b | 3 | 4, CrLf, InsideUnquoted in 1";
        assert_eq!(lines[2], repaired, "{max_record}");
        assert_eq!(lines[3], "record 3 in 3 at 20: 5 | 6 | 7 | 8, CrLf");
        assert_eq!(lines.len(), 1 + 22 + 1);
    }
}
