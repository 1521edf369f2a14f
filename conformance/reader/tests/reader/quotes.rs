//! Quotes, right and wrong, and the way back to records behind a wrong one.

use careplan_reader::{FileHeader, Reader};

use super::transcript::{FOUR, FREE, told, transcript, transcript_of};

#[track_caller]
fn said(bytes: &[u8], expected: &[&str]) {
    let transcript = transcript(bytes);
    let lines: Vec<&str> = transcript.lines().collect();
    assert_eq!(lines[1..], *expected);
}

const GOOD: &str = "1,2,3,4\r\n";

#[test]
fn a_quoted_field_may_hold_every_sign() {
    said(
        b"\"1,b\",\"c\"\"d\",\"e\r\nf\",\"\"\r\n1,2,3,4\r\n",
        &[
            "record 1 in 1 at 0: <1,b> | <c\\\"\\\"d> | <e\\r\\nf> | <>, CrLf",
            "record 2 in 3 at 24: 1 | 2 | 3 | 4, CrLf",
            "2 records, 33 bytes; line ends 2 0 0",
        ],
    );
}

#[test]
fn lines_inside_quotes_are_counted_whatever_ends_them() {
    said(
        b"1,2,3,\"a\nb\rc\r\nd\"\r\n1,2,3,4\r\n",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | <a\\nb\\rc\\r\\nd>, CrLf",
            "record 2 in 5 at 18: 1 | 2 | 3 | 4, CrLf",
            "2 records, 27 bytes; line ends 2 0 0",
        ],
    );
}

#[test]
fn a_quoted_field_may_end_the_file() {
    said(
        b"1,2,3,\"4\"",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | <4>, None",
            "1 records, 9 bytes; line ends 0 0 0, the last has none",
        ],
    );
    said(
        b"1,2,3,\"4\"\r",
        &["record 1 in 1 at 0: 1 | 2 | 3 | <4>, Cr", "1 records, 10 bytes; line ends 0 0 1"],
    );
}

#[test]
fn stray_quotes_are_taken_as_they_stand_where_the_columns_are_right() {
    said(
        b"1,2,3,4\r\n1,a\"b,3,4\r\n1,2,\"a\"b\",4\r\n1,2,3,4\r\n",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "record 2 in 2 at 9: 1 | a\\\"b | 3 | 4, CrLf, InsideUnquoted in 1",
            "record 3 in 3 at 20: 1 | 2 | <a\\\"b> | 4, CrLf, TextAfterClosing in 2",
            "record 4 in 4 at 33: 1 | 2 | 3 | 4, CrLf",
            "4 records, 42 bytes; line ends 4 0 0",
        ],
    );
}

#[test]
fn a_repaired_record_may_be_the_last_and_may_span_lines() {
    said(
        b"1,2,3,4\r\n1,2,3,\"a\"b\"",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "record 2 in 2 at 9: 1 | 2 | 3 | <a\\\"b>, None, TextAfterClosing in 3",
            "2 records, 20 bytes; line ends 1 0 0, the last has none",
        ],
    );
    said(
        b"1,2,3,4\r\n1,2,\"a\"b\nc\",4\n1,2,3,4\r\n",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "record 2 in 2 at 9: 1 | 2 | <a\\\"b\\nc> | 4, Lf, TextAfterClosing in 2",
            "record 3 in 4 at 23: 1 | 2 | 3 | 4, CrLf",
            "3 records, 32 bytes; line ends 2 1 0",
        ],
    );
}

#[test]
fn a_stray_quote_in_a_record_of_other_columns_makes_it_unreadable() {
    said(
        b"1,2,3,4\r\n1,a\"b,3\r\n1,2,3,4\r\n",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "broken 2 in 2 at 9: 1,a\\\"b,3, None, InsideUnquoted in 1",
            "record 3 in 3 at 18: 1 | 2 | 3 | 4, CrLf",
            "3 records, 27 bytes; line ends 2 0 0",
        ],
    );
}

#[test]
fn an_open_quote_costs_its_record_and_no_other() {
    said(
        b"1,2,3,4\r\n1,2,\"a,4\r\n1,2,3,4\r\n1,2,3,4\r\n",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "broken 2 in 2 at 9: 1,2,\\\"a,4, None, Unclosed in 2",
            "record 3 in 3 at 19: 1 | 2 | 3 | 4, CrLf",
            "record 4 in 4 at 28: 1 | 2 | 3 | 4, CrLf",
            "4 records, 37 bytes; line ends 3 0 0",
        ],
    );
    // The same in the first record, where the number of columns is not known yet.
    said(
        b"1,2,\"a,4\r\n1,2,3,4\r\n",
        &[
            "broken 1 in 1 at 0: 1,2,\\\"a,4, None, Unclosed in 2",
            "record 2 in 2 at 10: 1 | 2 | 3 | 4, CrLf",
            "2 records, 19 bytes; line ends 1 0 0",
        ],
    );
    // And in the last one.
    said(
        b"1,2,3,4\r\n1,2,3,\"a\r\n",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "broken 2 in 2 at 9: 1,2,3,\\\"a, None, Unclosed in 3",
            "2 records, 19 bytes; line ends 1 0 0",
        ],
    );
}

#[test]
fn a_lost_quote_that_meets_the_next_one_does_not_swallow_the_records_between() {
    // The second record's quote stays open and closes at the fourth's first quote.
    said(
        b"1,2,3,4\r\n1,2,\"a,4\r\n5,6,7,8\r\n\",\"b\",4\r\n1,2,3,4\r\n",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "broken 2 in 2 at 9: 1,2,\\\"a,4, None, Unclosed in 2",
            "record 3 in 3 at 19: 5 | 6 | 7 | 8, CrLf",
            "broken 4 in 4 at 28: \\\",\\\"b\\\",4, None, Unclosed in 0",
            "record 5 in 5 at 37: 1 | 2 | 3 | 4, CrLf",
            "5 records, 46 bytes; line ends 3 0 0",
        ],
    );
}

#[test]
fn a_lost_quote_is_told_of_the_field_that_runs_over_the_line() {
    said(
        b"1,2,3,4\r\n1,\"x\",\"a,4\r\n1,2,3,4\r\n\",4,5\r\n",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "broken 2 in 2 at 9: 1,\\\"x\\\",\\\"a,4, None, Unclosed in 2",
            "record 3 in 3 at 21: 1 | 2 | 3 | 4, CrLf",
            "broken 4 in 4 at 30: \\\",4,5, None, Unclosed in 0",
            "4 records, 37 bytes; line ends 2 0 0",
        ],
    );
}

#[test]
fn the_first_record_may_be_the_one_with_the_lost_quote() {
    said(
        b"1,\"x\",\"a,4\r\n1,2,3,4\r\n\",4,5\r\n",
        &[
            "broken 1 in 1 at 0: 1,\\\"x\\\",\\\"a,4, None, Unclosed in 2",
            "record 2 in 2 at 12: 1 | 2 | 3 | 4, CrLf",
            "broken 3 in 3 at 21: \\\",4,5, None, Unclosed in 0",
            "3 records, 28 bytes; line ends 1 0 0",
        ],
    );
}

#[test]
fn what_cannot_be_read_may_be_several_lines() {
    said(
        b"1,2,3,4\r\n1,2,\"a\rb,c\r\nd\n1,2,3,4\r\n",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "broken 2 in 2 at 9: 1,2,\\\"a\\rb,c\\r\\nd, None, Unclosed in 2",
            "record 3 in 5 at 23: 1 | 2 | 3 | 4, CrLf",
            "3 records, 32 bytes; line ends 2 0 0",
        ],
    );
}

#[test]
fn a_stray_quote_does_not_make_a_record_of_lines_that_are_records_themselves() {
    said(
        b"1,2,3,4\r\n1,2,\"a\"b\r\n5,6,7,8\r\nc\",4\r\n",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "broken 2 in 2 at 9: 1,2,\\\"a\\\"b, None, Unclosed in 2",
            "record 3 in 3 at 19: 5 | 6 | 7 | 8, CrLf",
            "broken 4 in 4 at 28: c\\\",4, None, InsideUnquoted in 0",
            "4 records, 34 bytes; line ends 2 0 0",
        ],
    );
}

#[test]
fn a_repaired_record_may_end_in_any_line_end() {
    said(
        b"1,2,3,4\r1,a\"b,3,4\r1,a\"b,3,4\n1,2,3,4\r",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, Cr",
            "record 2 in 2 at 8: 1 | a\\\"b | 3 | 4, Cr, InsideUnquoted in 1",
            "record 3 in 3 at 18: 1 | a\\\"b | 3 | 4, Lf, InsideUnquoted in 1",
            "record 4 in 4 at 28: 1 | 2 | 3 | 4, Cr",
            "4 records, 36 bytes; line ends 0 1 3",
        ],
    );
}

#[test]
fn a_text_may_hold_a_line_that_reads_as_a_record() {
    said(
        b"1,2,3,4\r\n1,2,3,\"a\r\n5,6,7,8\r\nb\"\r\n1,2,3,4\r\n",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "record 2 in 2 at 9: 1 | 2 | 3 | <a\\r\\n5,6,7,8\\r\\nb>, CrLf",
            "record 3 in 5 at 32: 1 | 2 | 3 | 4, CrLf",
            "3 records, 41 bytes; line ends 3 0 0",
        ],
    );
}

#[test]
fn a_record_of_several_lines_keeps_its_own_columns() {
    // No line of it reads as a record: the columns told are those of the record itself.
    said(
        b"1,2,3,4\r\n1,\"a\r\nb\",3\r\n1,\"a\r\nb\",3,4,5\r\n",
        &[
            "record 1 in 1 at 0: 1 | 2 | 3 | 4, CrLf",
            "record 2 in 2 at 9: 1 | <a\\r\\nb> | 3, CrLf",
            "record 3 in 4 at 21: 1 | <a\\r\\nb> | 3 | 4 | 5, CrLf",
            "3 records, 37 bytes; line ends 3 0 0",
        ],
    );
}

#[test]
fn the_thirty_five_bytes() {
    let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
    let bytes = b"\"\r\n\",\r\n\",,,,,,,,,,,,,,,,,,,,,,,,,x\"";
    let expected = "Ms932, mark of 0\n\
        record 1 in 1 at 0: <\\r\\n> | , CrLf\n\
        record 2 in 3 at 7: <,,,,,,,,,,,,,,,,,,,,,,,,,x>, None\n\
        2 records, 35 bytes; line ends 1 0 0, the last has none";
    assert_eq!(transcript_of(name, bytes, FREE), expected);
}

#[test]
fn hostile_quotes_cost_time_once_and_records_behind_them_are_read() {
    // Nothing closes any of these quotes: looked at again and again up to the longest record, they
    // would take hours.
    let lines = "\"a,\"b\r\n".repeat(200_000);
    let text = format!("{GOOD}{lines}1,\"a\",3,4\r\n1,2,\"a,4\r\n1,\"a\nb\",3,4\r\n{GOOD}");
    let header = FileHeader::of(FOUR, None).expect("a name");
    let transcript = told(Reader::new(header, text.as_bytes(), FREE));
    let lines: Vec<&str> = transcript.lines().rev().take(6).collect();
    let from = text.len() - 43;
    assert_eq!(lines[5], format!("record 200002 in 200002 at {from}: 1 | <a> | 3 | 4, CrLf"));
    let from = from + 11;
    assert!(lines[4].starts_with(&format!("broken 200003 in 200003 at {from}: ")), "{}", lines[4]);
    assert_eq!(
        lines[1],
        format!("record 200006 in 200006 at {}: 1 | 2 | 3 | 4, CrLf", text.len() - 9)
    );
}
