//! A file with its values.

use careplan_reader::{KeptFile, Options, Reason, Script, contained, id_of};
use careplan_spec::layout::FieldId;
use careplan_spec::{FileKind, Lang, StandardVersion};

use super::transcript::{FOUR, FREE};

fn id(index: u8) -> FieldId {
    FieldId { kind: FileKind::Dltyobo, index }
}

fn read(bytes: &[u8]) -> KeptFile<'_> {
    KeptFile::read(7, FOUR, bytes, FREE)
}

#[test]
fn values_stand_without_quotes_and_doubled_ones_are_single() {
    let file = read(b"1,\"b\"\"c\"\"\"\"\",\"\",\"d\r\ne\"\r\n");
    let [record] = &file.records[..] else { panic!("{file:?}") };
    assert_eq!((record.file, record.number), (7, 1));
    assert_eq!(record.bytes(id(0)), b"1");
    assert_eq!(record.bytes(id(1)), b"b\"c\"\"");
    assert_eq!(record.bytes(id(2)), b"");
    assert_eq!(record.bytes(id(3)), b"d\r\ne");
    assert_eq!(record.text(id(3)), "d\ne");
    assert_eq!(record.canonical(id(3)), "d\ne");
    assert_eq!(record.shape(id(0), Lang::En), "〔1 digit〕");
    assert_eq!(record.script(), Script::Ms932);
    assert_eq!(file.kind, Some(FileKind::Dltyobo));
    assert!(file.strays.is_empty() && !file.failed && file.image.is_none());
    // A value in bare quotes keeps a quote that was not doubled.
    let file = read(b"1,2,3,4\r\n1,2,\"a\"b\",4\r\n");
    assert_eq!(file.records[1].bytes(id(2)), b"a\"b");
}

#[test]
fn a_field_of_another_kind_is_empty() {
    let file = read(b"1,2,3,4\r\n");
    let other = FieldId { kind: FileKind::Upplan, index: 0 };
    assert_eq!(file.records[0].bytes(other), b"");
    assert!(file.records[0].field(other).is_none());
    let field = file.records[0].field(id(2)).expect("a field");
    assert_eq!(field.no, 3);
}

#[test]
fn fields_go_by_the_name_they_have_in_the_present_version() {
    let file = read(b"1,2,3,4\r\n");
    assert_eq!(file.records[0].ids().collect::<Vec<_>>(), [id(0), id(1), id(2), id(3)]);
    for kind in FileKind::ALL {
        for version in [StandardVersion::V3, StandardVersion::V4_1] {
            let (Some(layout), Some(reference)) =
                (kind.layout(version), kind.layout(StandardVersion::V4_1))
            else {
                continue;
            };
            for field in layout.fields {
                if let Some(found) = id_of(reference, field) {
                    assert_eq!(found.kind, kind);
                    let named = &reference.fields[usize::from(found.index)];
                    assert_eq!(named.constant, field.constant);
                }
            }
        }
    }
    let plan = FileKind::Upplan.layout(StandardVersion::V4_1).expect("a layout");
    let other = FileKind::Upjsk.layout(StandardVersion::V4_1).expect("a layout");
    assert_eq!(id_of(plan, &other.fields[0]), None, "of another kind");
}

#[test]
fn what_fits_no_form_is_kept_with_its_reason_and_place() {
    let file = read(b"1,2,3,4\r\n\r\n1,2,3\r\n1,2,3,\"4\r\n1,2,3,4,5\r\n");
    let numbers: Vec<u32> = file.records.iter().map(|record| record.number).collect();
    assert_eq!(numbers, [1]);
    let strays: Vec<(u32, u32, Reason, String, bool)> = file
        .strays
        .iter()
        .map(|stray| (stray.number, stray.line, stray.reason, stray.text(), stray.cut))
        .collect();
    let columns = |found| Reason::Columns { found, expected: 4 };
    assert_eq!(
        strays,
        [
            (2, 3, columns(3), "1,2,3".to_owned(), false),
            (3, 4, Reason::Quotes, "1,2,3,\"4".to_owned(), false),
            (4, 5, columns(5), "1,2,3,4,5".to_owned(), false),
        ]
    );
    assert_eq!(file.strays[0].shape(Lang::En), "〔1 digit, 1 symbol, 1 digit, 1 symbol, 1 digit〕");
}

#[test]
fn of_a_long_stretch_the_beginning_is_kept() {
    const MOST: usize = 16 * 1024;
    for (length, cut) in [(MOST, false), (MOST + 1, true)] {
        let line = "x".repeat(length);
        let bytes = format!("1,2,3,4\r\n{line}\r\n").into_bytes();
        let file = read(&bytes);
        let [stray] = &file.strays[..] else { panic!("one") };
        assert_eq!(stray.reason, Reason::Columns { found: 1, expected: 4 });
        assert_eq!((stray.text().len(), stray.cut), (MOST, cut));
    }
    let bytes = format!("1,2,3,4\r\n{}\r\n1,2,3,4\r\n", "x".repeat(60)).into_bytes();
    let file = KeptFile::read(0, FOUR, &bytes, Options { max_record: 40, ..FREE });
    assert_eq!(file.records.len(), 2);
    assert_eq!((file.strays[0].reason, file.strays[0].number), (Reason::TooLong, 2));
}

#[test]
fn a_file_of_another_delimiter_is_one_stray() {
    let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
    let bytes = format!("202407{}\r\n", "\t".repeat(30)).into_bytes();
    let file = KeptFile::read(0, name, &bytes, FREE);
    let [stray] = &file.strays[..] else { panic!("one") };
    assert_eq!((stray.number, stray.line, stray.reason), (0, 1, Reason::Delimiter));
    assert!(file.records.is_empty());
}

#[test]
fn text_is_told_whatever_it_is_written_in() {
    let text = "1,居宅,3,4\r\n";
    let utf16: Vec<u8> =
        format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let ms932 = b"1,\x8B\x8F\x91\xEE,3,4\r\n";
    for (bytes, script) in
        [(ms932.as_slice(), Script::Ms932), (text.as_bytes(), Script::Utf8), (&utf16, Script::Utf8)]
    {
        let file = read(bytes);
        assert_eq!(file.records[0].script(), script);
        assert_eq!(file.records[0].text(id(1)), "居宅");
        assert_eq!(file.records[0].canonical(id(1)), "居宅");
        assert_eq!(file.records[0].shape(id(1), Lang::Ja), "〔全角2文字〕");
    }
}

#[test]
fn an_image_is_its_bytes() {
    let name = "UPKIHON_IMAGE_4779000118_43_4779200247_A6_20260520141316_0001.jpg";
    let bytes = b"\xFF\xD8\xFF,\"\r\n";
    let file = KeptFile::read(0, name, bytes, FREE);
    assert!(file.kind.is_some_and(|kind| !kind.is_csv()), "{file:?}");
    assert_eq!(file.image, Some(bytes.as_slice()));
    assert!(file.records.is_empty() && file.strays.is_empty());
}

#[test]
fn a_panic_is_none_and_everything_else_is_some() {
    assert_eq!(contained(|| 3), Some(3));
    assert_eq!(contained(|| -> u32 { panic!("a fault of the program") }), None);
}
