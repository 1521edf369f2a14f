//! A finding: a compact value. Text is made from it when it is written.

use std::fmt;
use std::sync::Arc;

pub use careplan_reader::RecordRef;
use careplan_reader::masking::{Showable, fits};
use careplan_spec::{Basis, Field, Text, ms932};

use crate::rule::{Rule, Source, Stage};
use crate::severity::Severity;
use crate::suppression::Suppression;

/// Something that stands in a message: found, expected or an argument. `Debug` shows of a personal
/// one how long it is.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Bytes of the file (MS932), masked in reports when personal.
    Bytes {
        /// At most [`Value::MAX_BYTES`] bytes of the value.
        bytes: Box<[u8]>,
        /// Whether the value may tell something about a person.
        personal: bool,
    },
    /// A fixed text in both languages.
    Text(Text),
    /// A text that is the same in both languages and not personal: a code, a file name.
    Str(Box<str>),
    /// A text made for the occasion in both languages, not personal.
    Both(Text<Box<str>>),
    /// A number.
    Number(i64),
}

impl Value {
    /// How many bytes of a found value are kept.
    pub const MAX_BYTES: usize = 96;

    /// A value of the file; longer values are cut, on a character boundary, to
    /// [`Value::MAX_BYTES`].
    pub fn bytes(bytes: &[u8], personal: bool) -> Self {
        let mut end = bytes.len().min(Self::MAX_BYTES);
        if end < bytes.len() {
            end = ms932::floor_char_boundary(bytes, end);
        }
        Self::Bytes { bytes: bytes[..end].into(), personal }
    }

    /// Makes it personal; a text that is fixed stays.
    fn withhold(&mut self) {
        let text = match self {
            Self::Bytes { personal, .. } => {
                *personal = true;
                return;
            }
            Self::Text(_) => return,
            Self::Number(number) => number.to_string(),
            Self::Str(text) => text.to_string(),
            // Words of ours about a value: of it they hold numbers at most.
            Self::Both(text) if !has_number(&text.ja) && !has_number(&text.en) => return,
            Self::Both(_) => {
                *self = Self::Text(WITHHELD);
                return;
            }
        };
        *self = match ms932::encode(&text) {
            Ok(bytes) => Self::bytes(&bytes, true),
            Err(_) => Self::Text(WITHHELD),
        };
    }
}

/// What stands for a value that cannot even be told by its shape.
const WITHHELD: Text = Text::new("〔伏せた値〕", "〔withheld〕");

/// Whether a text holds a number that is more than a count.
fn has_number(text: &str) -> bool {
    text.as_bytes().windows(4).any(|part| part.iter().all(u8::is_ascii_digit))
}

/// A date of the last century among dates of the insurance was somebody's birthday.
fn is_birth_date(number: i64) -> bool {
    (18_700_101..20_000_101).contains(&number)
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes { bytes, personal: true } => {
                write!(f, "Bytes({} personal bytes)", bytes.len())
            }
            Self::Bytes { bytes, personal: false } => {
                write!(f, "Bytes({:?})", ms932::decode_lossy(bytes))
            }
            Self::Text(text) => write!(f, "Text({:?})", text.en),
            Self::Str(text) => write!(f, "Str({text:?})"),
            Self::Both(text) => write!(f, "Both({:?})", text.en),
            Self::Number(number) => write!(f, "Number({number})"),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text.into())
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl From<Text<String>> for Value {
    fn from(text: Text<String>) -> Self {
        Self::Both(Text::new(text.ja.into(), text.en.into()))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// What should have stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// What the layout row says: length, 書式, codes.
    Row,
    /// A value or a description.
    Value(Value),
}

/// The bytes of the offending record, kept for the first findings of a kind so that a report can
/// show it. `Debug` shows how long it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The record without its line end, cut to [`Excerpt::MAX_BYTES`].
    pub record: Box<[u8]>,
    /// Byte ranges of the fields in `record`, including quotes.
    pub fields: Box<[(u32, u32)]>,
    /// Which of them may be shown where personal values are masked.
    pub showable: Showable,
}

impl Excerpt {
    /// How many bytes of a record are kept.
    pub const MAX_BYTES: usize = 4096;
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Excerpt({} bytes, {} fields)", self.record.len(), self.fields.len())
    }
}

/// Where a field or a record stands as an editor counts: from 1, the end behind the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Line; behind [`RecordRef::line`] where the record has line breaks before.
    pub start_line: u32,
    /// Column, in characters.
    pub start_column: u32,
    /// Line of the end.
    pub end_line: u32,
    /// Column of the end, in characters.
    pub end_column: u32,
    /// Columns of start and end in bytes; `None` where the file had to be converted first.
    pub byte_columns: Option<(u32, u32)>,
}

impl Region {
    /// Of the bytes `start` to `end` of a record that begins a line; `is_converted` where these are
    /// not the bytes of the file.
    pub(crate) fn of(
        record: &[u8],
        (start, end): (usize, usize),
        line: u32,
        is_converted: bool,
    ) -> Self {
        let (start_line, start_column, start_byte) = position(record, start);
        let (end_line, end_column, end_byte) = position(record, end);
        Self {
            start_line: line + start_line,
            start_column,
            end_line: line + end_line,
            end_column,
            byte_columns: (!is_converted).then_some((start_byte, end_byte)),
        }
    }
}

/// Lines before the offset, and its columns in characters and bytes.
fn position(record: &[u8], offset: usize) -> (u32, u32, u32) {
    let before = &record[..offset.min(record.len())];
    let (mut lines, mut begin) = (0, 0);
    // Trail bytes are 40 and above, so a plain look at the bytes is right.
    for (at, byte) in before.iter().enumerate() {
        if *byte == b'\n' || (*byte == b'\r' && record.get(at + 1) != Some(&b'\n')) {
            (lines, begin) = (lines + 1, at + 1);
        }
    }
    let line = &before[begin..];
    (lines, 1 + ms932::characters(line).count() as u32, 1 + line.len() as u32)
}

/// Whose record it is: equal for one insurer and one insured number within a run. Reports count
/// people by it and show nothing of it; `Debug` neither.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Person(pub(crate) u64);

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person")
    }
}

/// One thing that is wrong, or worth knowing.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// Severity after the profile and the confidence of the row.
    pub severity: Severity,
    /// Index into the files of the run; `None` for a finding about a unit or the batch.
    pub file: Option<u32>,
    /// Index into the units of the run, for findings about a unit.
    pub unit: Option<u32>,
    /// Record and line; record 0 for the whole file.
    pub at: RecordRef,
    /// The field, if it is about one.
    pub field: Option<&'static Field>,
    /// Byte offset and length in the file as it was sent; `None` where the file had to be
    /// converted first.
    pub span: Option<(u64, u32)>,
    /// The same for editors; `None` where it is about the file, or about records that went by.
    pub region: Option<Region>,
    /// Whose record it is about, where that can be told.
    pub person: Option<Person>,
    /// What was found.
    pub found: Option<Value>,
    /// What was expected.
    pub expected: Option<Expected>,
    /// Arguments `{0}`, `{1}` … of the message.
    pub args: Vec<Value>,
    /// One more sentence for a known cause.
    pub hint: Option<Value>,
    /// What it is about, as a number: offices, month, person, key of the record and field, as far
    /// as it has them. Survives moved lines and new sequences.
    pub fingerprint: u64,
    /// The record, for display; only on the first findings of each rule and field in a file.
    pub excerpt: Option<Box<Excerpt>>,
    /// The cause, a rule whose code begins with `C`, that explains this finding and stands among
    /// the findings of the same file or unit; for the mark of UTF-8 the encoding (B001). The severity stays that of the finding.
    pub explained_by: Option<&'static Rule>,
    /// The suppression that holds for it: it is in no count, and programs alone are told of it.
    pub suppressed: Option<Arc<Suppression>>,
}

impl Finding {
    /// The clause: `S 2.4`, `L UPPLAN 10`.
    pub fn clause(&self) -> String {
        match (self.rule.source, self.field) {
            (Source::Fixed(clause, _), _) => clause.to_owned(),
            (Source::Row, Some(field)) => field.clause(),
            (Source::Row, None) => "L".to_owned(),
        }
    }

    /// Masks what may tell something about a person although its column does not. Where a record
    /// looks shifted, that is whatever was taken from it or reckoned with it.
    pub(crate) fn withhold(&mut self, is_displaced: bool) {
        if let (Some(Value::Bytes { bytes, personal }), Some(field)) = (&mut self.found, self.field)
        {
            let is_whole = bytes.len() < Value::MAX_BYTES;
            let is_one_character =
                self.rule.code.starts_with(Stage::Bytes.letter()) && bytes.len() <= 2;
            *personal |= !(is_one_character || is_whole && fits(field, bytes));
        }
        // What rules about bytes and framing, and causes, say beside values are counts and codes.
        let is_structural = matches!(self.rule.code.as_bytes()[0], b'B' | b'S' | b'C');
        let expected = match &mut self.expected {
            Some(Expected::Value(value)) => Some(value),
            _ => None,
        };
        let values = self.found.iter_mut().chain(expected).chain(&mut self.args);
        for value in values.chain(&mut self.hint) {
            match value {
                // The character that a rule about bytes is about stands alone.
                Value::Bytes { bytes, personal } if is_displaced => *personal |= bytes.len() > 2,
                _ if is_displaced && !is_structural => value.withhold(),
                Value::Number(number) if is_birth_date(*number) => value.withhold(),
                _ => {}
            }
        }
    }

    /// The basis.
    pub fn basis(&self) -> Basis {
        match (self.rule.source, self.field) {
            (Source::Fixed(_, basis), _) => basis,
            (Source::Row, Some(field)) => field.basis(),
            (Source::Row, None) => Basis::Stated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_characters_and_in_bytes_from_the_line_that_the_field_begins_in() {
        // 「あ」 is two bytes; 'ｱ' one; the second field has a line break inside.
        let record = b"\"\x82\xA0\",\xB1,\"a\r\nb\rc\nd\",e";
        let of = |from: &[u8], to: &[u8]| {
            let find = |what: &[u8]| record.windows(what.len()).position(|part| part == what);
            let (start, end) = (find(from).expect("there"), find(to).expect("there") + to.len());
            Region::of(record, (start, end), 7, false)
        };
        let region = |start: (u32, u32, u32), end: (u32, u32, u32)| Region {
            start_line: start.0,
            start_column: start.1,
            end_line: end.0,
            end_column: end.1,
            byte_columns: Some((start.2, end.2)),
        };
        assert_eq!(of(b"\"\x82\xA0\"", b"\x82\xA0\""), region((7, 1, 1), (7, 4, 5)));
        assert_eq!(of(b"\xB1", b"\xB1"), region((7, 5, 6), (7, 6, 7)));
        assert_eq!(of(b"\"a", b"d\""), region((7, 7, 8), (10, 3, 3)));
        assert_eq!(of(b"e", b"e"), region((10, 4, 4), (10, 5, 5)));
        assert_eq!(Region::of(record, (0, 2), 1, true).byte_columns, None);
        // Damage never leads behind the record.
        assert_eq!(Region::of(b"a", (0, 9), 1, false), region((1, 1, 1), (1, 2, 2)));
    }
}
