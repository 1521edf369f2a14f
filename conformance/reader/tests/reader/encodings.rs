//! Encodings: what the beginning says, and what conversion keeps (S 4.2: MS932).

use careplan_reader::{
    Beginning, Encoding, FileHeader, Foreign, Reader, Stretch, look, read_image,
};
use careplan_spec::other_encoding::OtherEncoding;

use super::transcript::{FOUR, FREE, Pipe, told, transcript};

fn beginning(sample: &[u8], truncated: bool) -> (Encoding, usize) {
    let Beginning { encoding, mark, .. } = look(sample, truncated);
    (encoding, mark)
}

/// 居宅 in MS932 and in UTF-8.
const MS932: &[u8] = b"\x8B\x8F\x91\xEE";
const UTF8: &[u8] = "居宅".as_bytes();

#[test]
fn the_beginning_tells_the_encoding() {
    use Encoding::{Ms932, Utf8, Utf16};
    assert_eq!(beginning(b"", false), (Ms932, 0));
    assert_eq!(beginning(b"1,2,3,4\r\n", false), (Ms932, 0), "ASCII is MS932");
    assert_eq!(beginning(MS932, false), (Ms932, 0));
    assert_eq!(beginning(UTF8, false), (Utf8, 0));
    assert_eq!(beginning(b"\xEF\xBB\xBF", false), (Utf8, 3));
    assert_eq!(beginning(b"\xEF\xBB\xBF1,2", false), (Utf8, 3));
    assert_eq!(beginning(&[b"\xEF\xBB\xBF", UTF8].concat(), false), (Utf8, 3));
    assert_eq!(
        beginning(&[b"\xEF\xBB\xBF", MS932].concat(), false),
        (Ms932, 3),
        "a mark before MS932: the mark alone is wrong"
    );
    assert_eq!(beginning(b"\xFF\xFE1\0", false), (Utf16, 2));
    assert_eq!(beginning(b"\xFE\xFF\x001", false), (Utf16, 2));
}

#[test]
fn text_in_two_bytes_without_a_mark_is_known_by_its_zeros() {
    // A quarter of at least eight bytes.
    assert_eq!(beginning(b"1\x002\x003\x004\x00", false), (Encoding::Utf16, 0));
    assert_eq!(beginning(b"1234\x005\x006", false), (Encoding::Utf16, 0));
    assert_eq!(beginning(b"12345\x00678\x00", false).0, Encoding::Ms932, "two of ten");
    assert_eq!(beginning(b"1\x002\x003\x004", false).0, Encoding::Ms932, "seven bytes");
    // Only the first 512 bytes count.
    let late = [[b'1'; 512].as_slice(), &[0; 512]].concat();
    assert_eq!(beginning(&late, false).0, Encoding::Ms932);
    let early = [[b'1'; 384].as_slice(), &[0; 128], &[b'1'; 512]].concat();
    assert_eq!(beginning(&early, false).0, Encoding::Utf16);
}

#[test]
fn a_sample_may_end_inside_a_character() {
    let cut = &UTF8[..UTF8.len() - 1];
    assert_eq!(beginning(cut, true).0, Encoding::Utf8);
    assert_eq!(beginning(cut, false).0, Encoding::Ms932);
}

#[test]
fn what_decides_may_end_inside_a_character_of_a_longer_file() {
    /// How much of a file decides.
    const SAMPLE: usize = 64 * 1024;
    let start = "1,居宅,3,4\r\n";
    for distance in 1..=3 {
        let filler = "x".repeat(SAMPLE - start.len() - "1,2,".len() - distance);
        let text = format!("{start}1,2,{filler}居,4\r\n");
        let transcript = transcript(text.as_bytes());
        assert!(transcript.starts_with("Utf8, mark of 0\n"), "{distance}: {transcript:.80}");
        assert!(transcript.contains("x\\x8b\\x8f | 4, CrLf\n2 records, "), "{distance}");
    }
    // A file that ends there is cut: too little of it is text to tell.
    let cut = transcript(&start.as_bytes()[..7]);
    assert!(cut.starts_with("Ms932, mark of 0\n"), "{cut}");
}

#[test]
fn utf8_is_converted_and_its_own_bytes_are_counted() {
    let text = "1,居宅,\"訪\n介\",4\r\n1,2,3,4\r\n";
    let records = "record 1 in 1: 1 | \\x8b\\x8f\\x91\\xee | <\\x96K\\n\\x89\\xee> | 4, CrLf\n\
        record 2 in 3: 1 | 2 | 3 | 4, CrLf\n";
    assert_eq!(
        transcript(text.as_bytes()),
        format!("Utf8, mark of 0\n{records}2 records, 31 bytes; line ends 2 0 0")
    );
    assert_eq!(
        transcript(format!("\u{FEFF}{text}").as_bytes()),
        format!("Utf8, mark of 3\n{records}2 records, 34 bytes; line ends 2 0 0")
    );
}

#[test]
fn offsets_of_a_file_behind_its_mark_are_those_of_the_file() {
    let bytes = [b"\xEF\xBB\xBF1,", MS932, b",3,4\r\n1,2,3,4\r\n"].concat();
    assert_eq!(
        transcript(&bytes),
        "Ms932, mark of 3\n\
         record 1 in 1 at 3: 1 | \\x8b\\x8f\\x91\\xee | 3 | 4, CrLf\n\
         record 2 in 2 at 15: 1 | 2 | 3 | 4, CrLf\n\
         2 records, 24 bytes; line ends 2 0 0"
    );
}

#[test]
fn utf16_has_a_beginning_and_no_records() {
    let bytes: Vec<u8> = "\u{FEFF}1,2,3,4\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(transcript(&bytes), "Utf16, mark of 2\n0 records, 20 bytes; line ends 0 0 0");
    // Longer than what decides the encoding.
    let long = [bytes.as_slice(), &b"1\0".repeat(100_000)].concat();
    assert_eq!(transcript(&long), "Utf16, mark of 2\n0 records, 200020 bytes; line ends 0 0 0");
}

#[test]
fn as_written_utf8_stays_and_utf16_becomes_utf8() {
    let header = || FileHeader::of(FOUR, None).expect("a name");
    let text = "1,居宅,3,4\r\n";
    let record = "1 | \\xe5\\xb1\\x85\\xe5\\xae\\x85 | 3 | 4, CrLf";
    assert_eq!(
        told(Reader::as_written(header(), text.as_bytes(), FREE)),
        format!(
            "Utf8, mark of 0\nrecord 1 in 1 at 0: {record}\n1 records, 14 bytes; line ends 1 0 0"
        )
    );
    let units = |mark: bool| [0xFEFF].into_iter().filter(move |_| mark).chain(text.encode_utf16());
    let little: Vec<u8> = units(true).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units(true).flat_map(u16::to_be_bytes).collect();
    let bare_little: Vec<u8> = units(false).flat_map(u16::to_le_bytes).collect();
    let bare_big: Vec<u8> = units(false).flat_map(u16::to_be_bytes).collect();
    for (bytes, mark) in [(&little, 2), (&big, 2), (&bare_little, 0), (&bare_big, 0)] {
        let length = bytes.len();
        assert_eq!(
            told(Reader::as_written(header(), bytes.as_slice(), FREE)),
            format!(
                "Utf16, mark of {mark}\nrecord 1 in 1: {record}\n\
                 1 records, {length} bytes; line ends 1 0 0"
            )
        );
    }
}

/// A record, whether it says that characters of it have no form, and those by their offsets.
type Lost = (u32, bool, Vec<(usize, char)>);

/// Which characters have no form, by the records and the offsets they are asked at.
fn lost(bytes: &[u8]) -> Vec<Lost> {
    let header = FileHeader::of(FOUR, None).expect("a name");
    let mut reader = Reader::new(header, Pipe { rest: bytes, size: 5, interrupted: false }, FREE);
    let mut lost = Vec::new();
    while let Some(stretch) = reader.next_stretch().expect("no errors") {
        if let Stretch::Record(record) = stretch {
            let at = (0..record.bytes.len())
                .filter_map(|offset| Some((offset, record.lost_at(offset)?)))
                .collect();
            lost.push((record.at.record, record.has_lost_characters(), at));
        }
    }
    lost
}

#[test]
fn characters_without_a_form_are_known_by_their_place() {
    // The first of a record, the last of a record, none, and several.
    let text = "😀,2,3,4\r\n1,2,3,😀\r\n1,2,3,4\r\n1,あ😀,é,4\r\n";
    assert_eq!(
        lost(text.as_bytes()),
        [
            (1, true, vec![(0, '😀')]),
            (2, true, vec![(6, '😀')]),
            (3, false, vec![]),
            (4, true, vec![(4, '😀'), (7, 'é')]),
        ]
    );
}

#[test]
fn many_lost_characters_are_each_at_their_place() {
    // Several blocks.
    let text = "1,😀é,3,4\r\n".repeat(60_000);
    let lost = lost(text.as_bytes());
    assert_eq!(lost.len(), 60_000);
    for (record, has, at) in lost {
        assert_eq!((has, at), (true, vec![(2, '😀'), (4, 'é')]), "record {record}");
    }
}

#[test]
fn bytes_that_are_no_utf8_are_replaced_one_sequence_at_a_time() {
    // A record of so many columns is no heading when a digit begins it.
    let good = format!("1{}", "居宅,".repeat(20_000));
    for (bad, replaced) in [(&b"\xFF"[..], 1), (b"\xE5\xB1", 1), (b"\xFF\xFE", 2)] {
        // Behind what decides the encoding.
        let bytes = [good.as_bytes(), bad, b"x,3\r\n"].concat();
        let found = lost(&bytes);
        let [(1, true, at)] = &found[..] else { panic!("{found:?}") };
        let start = 1 + 5 * 20_000;
        let expected: Vec<(usize, char)> =
            (0..replaced).map(|n| (start + 2 * n, char::REPLACEMENT_CHARACTER)).collect();
        assert_eq!(*at, expected);
        // At the end of the file as well.
        let bytes = [good.as_bytes(), bad].concat();
        let found = lost(&bytes);
        let [(1, true, at)] = &found[..] else { panic!("{found:?}") };
        assert_eq!(*at, expected);
    }
}

#[test]
fn of_an_image_the_head_is_kept_and_the_size_is_counted() {
    for size in [0, 1, 15, 16, 17, 40_000] {
        let bytes: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
        for piece in [1, 7, 16, 100_000] {
            let mut head = Vec::new();
            let mut pipe = Pipe { rest: &bytes, size: piece, interrupted: false };
            assert_eq!(read_image(&mut pipe, &mut head).expect("no errors"), size as u64);
            assert_eq!(head, bytes[..bytes.len().min(16)]);
        }
    }
}

#[test]
fn other_encodings_of_japanese_are_converted() {
    let text = "1,居宅介護支援,\"訪\n介\",4\r\n1,2,3,4\r\n";
    let of_utf8 = transcript(text.as_bytes());
    let records = of_utf8.lines().skip(1).take(2).collect::<Vec<_>>().join("\n");
    for encoding in [OtherEncoding::EucJp, OtherEncoding::Iso2022Jp] {
        let bytes = encoding.encode(text);
        let told = transcript(&bytes);
        assert!(
            told.starts_with(&format!("Other({encoding:?}), mark of 0\n{records}\n")),
            "{told}"
        );
        assert!(told.ends_with(&format!("2 records, {} bytes; line ends 2 0 0", bytes.len())));
    }
}

#[test]
fn as_written_other_encodings_become_utf8() {
    let header = || FileHeader::of(FOUR, None).expect("a name");
    let bytes = OtherEncoding::Iso2022Jp.encode("1,居宅,3,4\r\n");
    assert_eq!(
        told(Reader::as_written(header(), &*bytes, FREE)),
        format!(
            "Other(Iso2022Jp), mark of 0\nrecord 1 in 1: 1 | \\xe5\\xb1\\x85\\xe5\\xae\\x85 | 3 | 4, CrLf\n\
             1 records, {} bytes; line ends 1 0 0",
            bytes.len()
        )
    );
}

#[test]
fn what_is_no_csv_is_known_by_its_first_bytes_and_has_no_records() {
    use Foreign::{Archive, Html, Image, Json, Pdf, Workbook, Xml};
    for (bytes, foreign) in [
        (&b"PK\x03\x04....[Content_Types].xml"[..], Workbook),
        (b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.spreadsheet", Workbook),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Workbook),
        (b"PK\x03\x04....notes.txt", Archive),
        (b"PK\x05\x06", Archive),
        (b"\x1F\x8B\x08", Archive),
        (b"\r\n <!DOCTYPE html><html>", Html),
        (b"\xEF\xBB\xBF<HTML>", Html),
        (b"<table border=1>", Html),
        (b"<?xml version=\"1.0\"?>", Xml),
        (b"%PDF-1.7", Pdf),
        (b"{\"error\":1}", Json),
        (b"[]", Json),
        (b"\xFF\xD8\xFF\xE0", Image),
        (b"\x89PNG\r\n", Image),
    ] {
        assert_eq!(look(bytes, false).foreign, Some(foreign), "{}", bytes.escape_ascii());
        let told = transcript(bytes);
        assert!(told.contains(&format!("\n0 records, {} bytes", bytes.len())), "{told}");
    }
    for bytes in [&b"PK,1"[..], b"<1,2", b"1,{}", b"\"<html>\",2", b"", b"%,PDF"] {
        assert_eq!(look(bytes, false).foreign, None, "{}", bytes.escape_ascii());
    }
}

#[test]
fn a_line_about_the_file_is_no_record() {
    let heading = |bytes: &[u8]| transcript(bytes).contains("heading 0 in 1");
    let records = |bytes: &[u8]| transcript(bytes).contains("\n1 records");
    for line in ["sep=,", "SEP=;", "\"sep=,\"", "#TYPE System.Object"] {
        let bytes = format!("{line}\r\n1,2,3,4\r\n");
        assert!(heading(bytes.as_bytes()) && records(bytes.as_bytes()), "{line}");
    }
    for line in ["sep=,1,2,3,4", "#TYPE", "1,sep=,3,4"] {
        let bytes = format!("{line}\r\n1,2,3,4\r\n");
        assert!(!heading(bytes.as_bytes()), "{line}");
    }
}

#[test]
fn a_record_longer_than_what_is_converted_at_once_is_read_to_its_end() {
    let text = format!("1,\"{}\",3,4\r\n1,2,3,4\r\n", "居宅".repeat(100_000));
    let header = FileHeader::of(FOUR, None).expect("a name");
    let mut reader = Reader::new(header, text.as_bytes(), FREE);
    let mut lengths = Vec::new();
    while let Some(stretch) = reader.next_stretch().expect("memory gives no errors") {
        if let Stretch::Record(record) = stretch {
            lengths.push(record.bytes.len());
        }
    }
    assert_eq!(lengths, [400_008, 7]);
}
