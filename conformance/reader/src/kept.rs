//! A file held in memory: its records with their values, for those who need them all at once.
//!
//! Record 12 of a finding is record 12 here, because both come from the same reader.

use std::borrow::Cow;

use careplan_spec::file_name::base_name_in_archive;
use careplan_spec::layout::{Field, FieldId, Layout};
use careplan_spec::{FileKind, Lang, StandardVersion};

use crate::encoding::Encoding;
use crate::masking::Showable;
use crate::reader::{Reader, Record, Stretch};
use crate::script::Script;
use crate::{FileHeader, Options, RecordRef, contained};

/// How much of a stretch that fits no form is shown, in bytes.
const MOST_STRAY: usize = 16 * 1024;

/// One record that has the columns of its layout.
#[derive(Debug)]
pub struct KeptRecord {
    /// Index of the file in the run.
    pub file: u32,
    /// 1-based, as findings count.
    pub number: u32,
    /// The layout, whose columns it has.
    pub layout: &'static Layout,
    script: Script,
    showable: Showable,
    /// Without quotes, in the order of the layout.
    values: Vec<Box<[u8]>>,
}

impl KeptRecord {
    /// The row of the layout; `None` where this version or kind lacks the field.
    pub fn field(&self, id: FieldId) -> Option<&'static Field> {
        self.layout.fields.get(self.layout.position(id)?)
    }

    /// The bytes of a field; empty where there is no such field.
    pub fn bytes(&self, id: FieldId) -> &[u8] {
        let at = self.layout.position(id);
        at.and_then(|at| self.values.get(at)).map_or(b"", |value| value)
    }

    /// The text of a field in one form whatever the writing; see [`Script::canonical`].
    pub fn canonical(&self, id: FieldId) -> Cow<'_, str> {
        self.script.canonical(self.bytes(id))
    }

    /// Whether a field may be shown where personal values may not; see [`Showable`].
    pub fn may_show(&self, id: FieldId) -> bool {
        self.layout.position(id).is_some_and(|at| self.showable.has(at))
    }

    /// How the bytes of the record are to be understood.
    pub fn script(&self) -> Script {
        self.script
    }

    /// The text of a field as it is shown when nothing is masked.
    pub fn text(&self, id: FieldId) -> String {
        self.script.text(self.bytes(id))
    }

    /// The shape of a field.
    pub fn shape(&self, id: FieldId, lang: Lang) -> String {
        self.script.shape(self.bytes(id), lang)
    }

    /// The fields of the record as 4.1 names them, in order.
    pub fn ids(&self) -> impl Iterator<Item = FieldId> {
        let reference = self.layout.kind.layout(StandardVersion::V4_1);
        self.layout.fields.iter().filter_map(move |field| id_of(reference?, field))
    }
}

/// The 4.1 name of a field of any version.
pub fn id_of(reference: &Layout, field: &Field) -> Option<FieldId> {
    if reference.kind != field.kind {
        return None;
    }
    let at = reference.fields.iter().position(|row| row.constant == field.constant)?;
    Some(FieldId { kind: field.kind, index: u8::try_from(at).ok()? })
}

/// Why something could not be put on a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The number of columns is not that of the layout: values would land in wrong cells.
    Columns {
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A quote without its partner.
    Quotes,
    /// Longer than the limit; only the beginning is shown.
    TooLong,
    /// Columns are not parted by commas.
    Delimiter,
}

/// A stretch of a file that could not be put on a form.
#[derive(Debug)]
pub struct Stray {
    /// 1-based record number; 0 for the whole file.
    pub number: u32,
    /// 1-based line.
    pub line: u32,
    /// Why it stands here.
    pub reason: Reason,
    script: Script,
    bytes: Box<[u8]>,
    /// Whether there was more than is kept.
    pub cut: bool,
}

impl Stray {
    /// What it says, as it is shown when nothing is masked.
    pub fn text(&self) -> String {
        self.script.text(&self.bytes)
    }

    /// Its shape.
    pub fn shape(&self, lang: Lang) -> String {
        self.script.shape(&self.bytes, lang)
    }
}

/// What a file holds.
#[derive(Debug)]
pub struct KeptFile<'a> {
    /// As it was given.
    pub path: &'a str,
    /// The last part of the path.
    pub base: &'a str,
    /// `None` for a file that is none of the standard's.
    pub kind: Option<FileKind>,
    /// Records that have the columns of their layout, in order.
    pub records: Vec<KeptRecord>,
    /// Everything else that is no line between records.
    pub strays: Vec<Stray>,
    /// The bytes of an image.
    pub image: Option<&'a [u8]>,
    /// An internal error: how much of it was read is not known.
    pub failed: bool,
}

impl<'a> KeptFile<'a> {
    /// Reads a file.
    pub fn read(index: u32, path: &'a str, bytes: &'a [u8], options: Options) -> Self {
        contained(|| Self::read_all(index, path, bytes, options))
            .unwrap_or_else(|| Self { failed: true, ..Self::named(path) })
    }

    fn named(path: &'a str) -> Self {
        Self {
            path,
            base: base_name_in_archive(path),
            kind: None,
            records: Vec::new(),
            strays: Vec::new(),
            image: None,
            failed: false,
        }
    }

    fn read_all(index: u32, path: &'a str, bytes: &'a [u8], options: Options) -> Self {
        let mut file = Self::named(path);
        let Ok(header) = FileHeader::of(file.base, options.as_of) else { return file };
        file.kind = Some(header.kind);
        if !header.kind.is_csv() {
            file.image = Some(bytes);
            return file;
        }
        let mut reader = Reader::as_written(header, bytes, options);
        let mut script = Script::Ms932;
        // Memory gives no errors.
        while let Ok(Some(stretch)) = reader.next_stretch() {
            match stretch {
                Stretch::Beginning(beginning) if beginning.encoding != Encoding::Ms932 => {
                    script = Script::Utf8;
                }
                Stretch::Record(record) => file.keep(index, script, &record),
                Stretch::Broken(record) => {
                    file.stray(script, record.at, Reason::Quotes, record.bytes);
                }
                Stretch::TooLong { at, bytes } => file.stray(script, at, Reason::TooLong, bytes),
                Stretch::OtherDelimiter { bytes, .. } => {
                    let whole = RecordRef { record: 0, line: 1 };
                    file.stray(script, whole, Reason::Delimiter, bytes);
                }
                Stretch::Beginning(_)
                | Stretch::Heading(_)
                | Stretch::Blank { .. }
                | Stretch::EndMark { .. } => {}
            }
        }
        file
    }

    fn keep(&mut self, index: u32, script: Script, record: &Record<'_>) {
        let (found, expected) = (record.fields.len(), record.layout.columns());
        if found != expected {
            self.stray(script, record.at, Reason::Columns { found, expected }, record.bytes);
            return;
        }
        let values: Vec<Box<[u8]>> = record
            .fields
            .iter()
            .map(|slot| {
                let value = slot.value(record.bytes);
                if slot.quoted { single_quotes(value) } else { value.into() }
            })
            .collect();
        self.records.push(KeptRecord {
            file: index,
            number: record.at.record,
            layout: record.layout,
            script,
            showable: Showable::of(record.layout, values.iter().map(|value| &**value)),
            values,
        });
    }

    fn stray(&mut self, script: Script, at: RecordRef, reason: Reason, bytes: &[u8]) {
        let kept = &bytes[..bytes.len().min(MOST_STRAY)];
        self.strays.push(Stray {
            number: at.record,
            line: at.line,
            reason,
            script,
            bytes: kept.into(),
            cut: kept.len() < bytes.len(),
        });
    }
}

/// Takes the doubling of quotes back.
fn single_quotes(value: &[u8]) -> Box<[u8]> {
    let mut out = Vec::with_capacity(value.len());
    let mut after_quote = false;
    for &byte in value {
        after_quote = byte == b'"' && !after_quote;
        if byte != b'"' || after_quote {
            out.push(byte);
        }
    }
    out.into()
}
