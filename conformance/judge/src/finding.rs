//! A finding: a compact value. Text is made from it when it is written.

use std::fmt;

pub use careplan_reader::RecordRef;
use careplan_spec::{Basis, Field, Text, ms932};

use crate::rule::{Rule, Source};
use crate::severity::Severity;

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
    /// the findings of the same file or unit. The severity stays that of the finding.
    pub explained_by: Option<&'static Rule>,
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

    /// The basis.
    pub fn basis(&self) -> Basis {
        match (self.rule.source, self.field) {
            (Source::Fixed(_, basis), _) => basis,
            (Source::Row, Some(field)) => field.basis(),
            (Source::Row, None) => Basis::Stated,
        }
    }
}
