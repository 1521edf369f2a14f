//! Any bytes, and what another library writes.

use careplan_reader::{FileHeader, KeptFile, Options, Reader, Stretch};
use careplan_spec::FileKind;
use careplan_spec::layout::FieldId;
use proptest::prelude::*;

use super::transcript::{FOUR, FREE, Pipe, told};

/// Bytes that are mostly signs.
fn signs() -> impl Strategy<Value = Vec<u8>> {
    let sign = prop_oneof![
        4 => Just(b','), 3 => Just(b'"'), 2 => Just(b'\n'), 1 => Just(b'\r'),
        3 => prop::sample::select(b"a1 \x81\x8B\x8F\xFF\x00\x1A\xE5".to_vec()),
    ];
    prop::collection::vec(sign, 0..300)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// However the bytes come, the same is said.
    #[test]
    fn pieces_do_not_matter(bytes in signs(), size in 1_usize..40, max_record in 1_usize..400) {
        let options = Options { max_record, ..FREE };
        let header = || FileHeader::of(FOUR, None).expect("a name");
        let pipe = Pipe { rest: &bytes, size, interrupted: false };
        prop_assert_eq!(
            told(Reader::new(header(), pipe, options)),
            told(Reader::new(header(), bytes.as_slice(), options))
        );
    }

    /// Every byte of a file that is not converted stands in one stretch, is an end of a line, or
    /// belongs to a line that is too long; stretches follow each other, and their fields stand in
    /// them, parted by single commas.
    #[test]
    fn nothing_is_passed_over(bytes in signs()) {
        let header = FileHeader::of(FOUR, None).expect("a name");
        let mut reader = Reader::as_written(header, bytes.as_slice(), FREE);
        let mut at = None;
        let mut number = 0;
        while let Some(stretch) = reader.next_stretch().expect("no errors") {
            let record = match stretch {
                Stretch::Beginning(beginning) => {
                    if beginning.encoding == careplan_reader::Encoding::Utf16 {
                        return Ok(());
                    }
                    at = Some(beginning.mark);
                    continue;
                }
                Stretch::Record(record) | Stretch::Broken(record) => {
                    number += 1;
                    prop_assert_eq!(record.at.record, number);
                    record
                }
                Stretch::Heading(record) => record,
                Stretch::OtherDelimiter { .. } | Stretch::EndMark { .. } => continue,
                Stretch::TooLong { .. } => { prop_assert!(false, "nothing is too long"); continue }
                Stretch::Blank { .. } => continue,
            };
            let start = record.offset.expect("not converted") as usize;
            let from = at.expect("the beginning comes first");
            prop_assert!(bytes[from..start].iter().all(|byte| b"\r\n".contains(byte)));
            prop_assert_eq!(&bytes[start..start + record.bytes.len()], record.bytes);
            at = Some(start + record.bytes.len());
            let mut next = 0;
            for slot in record.fields {
                prop_assert_eq!(slot.start, next);
                prop_assert!(slot.end >= slot.start + 2 * u32::from(slot.quoted));
                next = slot.end + 1;
            }
            if !record.fields.is_empty() {
                prop_assert_eq!(next as usize, record.bytes.len() + 1);
            }
        }
        let from = at.expect("the beginning comes first");
        prop_assert!(bytes[from..].iter().all(|byte| b"\r\n\x1A".contains(byte)), "{:?}", &bytes[from..]);
        prop_assert_eq!(reader.records(), number);
        prop_assert_eq!(reader.bytes(), bytes.len() as u64);
    }

    /// What another library writes, in each of its ways to quote, is what is read.
    #[test]
    fn what_another_library_writes_is_read(
        rows in prop::collection::vec(prop::array::uniform4("[ -:<-{}~\n]{0,20}"), 1..20),
        style in prop::sample::select(vec![
            csv::QuoteStyle::Always, csv::QuoteStyle::Necessary, csv::QuoteStyle::NonNumeric,
        ]),
        crlf in any::<bool>(),
    ) {
        // A digit in the first column, and no sign that could be taken for the comma's stand-in, so that nothing is a heading or an empty line.
        let rows: Vec<[String; 4]> =
            rows.into_iter().map(|[a, b, c, d]| [format!("1{a}"), b, c, d]).collect();
        let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer =
            csv::WriterBuilder::new().quote_style(style).terminator(terminator).from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).expect("memory");
        }
        let bytes = writer.into_inner().expect("memory");
        let file = KeptFile::read(0, FOUR, &bytes, FREE);
        prop_assert!(file.strays.is_empty(), "{:?}", file.strays);
        let read: Vec<[String; 4]> = file
            .records
            .iter()
            .map(|record| {
                [0, 1, 2, 3].map(|index| {
                    let value = record.bytes(FieldId { kind: FileKind::Dltyobo, index });
                    String::from_utf8(value.to_vec()).expect("ASCII")
                })
            })
            .collect();
        prop_assert_eq!(read, rows);
    }
}
