//! Reads the records of a file with their values, and with the numbers that findings use.
//!
//! The checker streams and keeps nothing; forms and comparisons need the values. All read with the
//! same scanner, so that record 12 of a finding is record 12 here.

use std::borrow::Cow;
use std::fmt::Write as _;

use careplan_spec::file_name::{self, Reading, base_name_in_archive};
use careplan_spec::layout::{Field, FieldId, Layout};
use careplan_spec::{FileKind, Lang, StandardVersion, ms932};

use crate::header::{FileHeader, choose_layout, is_header, other_delimiter};
use crate::reading::{Encoding, look};
use crate::scanner::{LineEnd, Scanner, Slot, Step, line_end_from};
use crate::{BLOCK, Options, masking};

/// How much of the beginning decides the encoding, as in the checker.
const SAMPLE: usize = 64 * 1024;
/// How much of a stretch that fits no form is shown, in bytes.
const MOST_STRAY: usize = 16 * 1024;

/// How the bytes of a value are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    Ms932,
    Utf8,
}

impl Script {
    /// The characters; `Err` holds the bytes of a sequence that is none.
    fn characters(self, bytes: &[u8]) -> Vec<Result<char, Vec<u8>>> {
        match self {
            Self::Ms932 => ms932::characters(bytes)
                .map(|(at, len, ch)| ch.ok_or_else(|| bytes[at..at + len].to_vec()))
                .collect(),
            Self::Utf8 => bytes
                .utf8_chunks()
                .flat_map(|chunk| {
                    let bad = Some(chunk.invalid()).filter(|bad| !bad.is_empty());
                    chunk.valid().chars().map(Ok).chain(bad.map(|bad| Err(bad.to_vec())))
                })
                .collect(),
        }
    }

    /// The text. Line breaks stay; other control characters, characters that turn the writing
    /// direction, and bytes that are no character become visible.
    pub fn text(self, bytes: &[u8]) -> String {
        let mut out = String::with_capacity(bytes.len() + bytes.len() / 2);
        let mut characters = self.characters(bytes).into_iter().peekable();
        while let Some(ch) = characters.next() {
            match ch {
                Ok('\r') if characters.peek() == Some(&Ok('\n')) => {}
                Ok('\r' | '\n') => out.push('\n'),
                Ok(ch) if is_unseen(ch) => {
                    let _ = write!(out, "〈U+{:04X}〉", u32::from(ch));
                }
                Ok(ch) => out.push(ch),
                Err(bytes) => {
                    out.push('〈');
                    for byte in bytes {
                        let _ = write!(out, "{byte:02X}");
                    }
                    out.push('〉');
                }
            }
        }
        out
    }

    /// The text in one form whatever the writing: line breaks are LF. A byte that is no character
    /// becomes a private one of its own, so that nothing is equal to it by accident.
    fn canonical<'v>(self, bytes: &'v [u8]) -> Cow<'v, str> {
        if bytes.is_ascii() && !bytes.contains(&b'\r') {
            // ASCII is the same in both scripts.
            return std::str::from_utf8(bytes).map_or_else(|_| String::new().into(), Cow::Borrowed);
        }
        let mut out = String::with_capacity(bytes.len() * 2);
        let mut characters = self.characters(bytes).into_iter().peekable();
        while let Some(ch) = characters.next() {
            match ch {
                Ok('\r') if characters.peek() == Some(&Ok('\n')) => {}
                Ok('\r') => out.push('\n'),
                Ok(ch) => out.push(ch),
                Err(bytes) => {
                    out.extend(bytes.into_iter().map(|byte| {
                        char::from_u32(0x10_FE00 + u32::from(byte)).unwrap_or('\u{FFFD}')
                    }))
                }
            }
        }
        out.into()
    }

    /// What may be shown instead of a personal value.
    pub fn shape(self, bytes: &[u8], lang: Lang) -> String {
        match self {
            Self::Ms932 => masking::shape(bytes, lang),
            Self::Utf8 => {
                let mut as_ms932 = Vec::with_capacity(bytes.len());
                for ch in self.characters(bytes) {
                    match ch.ok().and_then(ms932::encode_char) {
                        Some(encoded) => as_ms932.extend_from_slice(encoded.as_bytes()),
                        // Any full-width character will do: only its width is told.
                        None => as_ms932.extend_from_slice(b"\x81\xAC"),
                    }
                }
                masking::shape(&as_ms932, lang)
            }
        }
    }
}

/// Control characters and marks that change how their surroundings are read.
fn is_unseen(ch: char) -> bool {
    ch.is_control()
        || matches!(ch, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(ch, '\u{061C}' | '\u{FEFF}')
}

/// One record that has the columns of its layout.
#[derive(Debug)]
pub struct Record {
    /// Index of the file in the run.
    pub file: u32,
    /// 1-based, as findings count.
    pub number: u32,
    pub layout: &'static Layout,
    script: Script,
    /// Without quotes, in the order of the layout.
    values: Vec<Box<[u8]>>,
}

impl Record {
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
    Columns { found: usize, expected: usize },
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
    pub line: u32,
    pub reason: Reason,
    script: Script,
    bytes: Box<[u8]>,
    /// Whether there was more than is kept.
    pub cut: bool,
}

impl Stray {
    pub fn text(&self) -> String {
        self.script.text(&self.bytes)
    }

    pub fn shape(&self, lang: Lang) -> String {
        self.script.shape(&self.bytes, lang)
    }
}

/// What a file holds for display.
#[derive(Debug)]
pub struct Content<'a> {
    pub path: &'a str,
    /// The last part of the path.
    pub base: &'a str,
    /// `None` for a file that is none of the standard's.
    pub kind: Option<FileKind>,
    pub records: Vec<Record>,
    pub strays: Vec<Stray>,
    /// The bytes of an image.
    pub image: Option<&'a [u8]>,
}

/// Reads a file.
pub fn read<'a>(index: u32, path: &'a str, bytes: &'a [u8], options: Options) -> Content<'a> {
    let base = base_name_in_archive(path);
    let reading = file_name::read(base);
    let (kind, version, name) = match &reading {
        Reading::Standard { name, .. } => (Some(name.kind), Some(name.version), Some(name.clone())),
        Reading::NearMiss { kind, version, name, .. } => (*kind, *version, name.clone()),
        Reading::Foreign => (None, None, None),
    };
    let mut content =
        Content { path, base, kind, records: Vec::new(), strays: Vec::new(), image: None };
    let Some(kind) = kind else { return content };
    if !kind.is_csv() {
        content.image = Some(bytes);
        return content;
    }
    let header = FileHeader {
        base_name: base.to_owned(),
        reading,
        name,
        kind,
        version: version.unwrap_or_else(|| {
            options
                .as_of
                .map_or(StandardVersion::V4_1, careplan_spec::csv_version::standard_for_month)
        }),
        layout: None,
    };
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let beginning = look(sample, sample.len() < bytes.len());
    let body = &bytes[beginning.mark.min(bytes.len())..];
    let mut reader = Reader { index, content: &mut content, script: Script::Ms932 };
    match beginning.encoding {
        Encoding::Ms932 => reader.run(header, body, options.max_record),
        Encoding::Utf8 => {
            // Commas, quotes and line ends are the same bytes, so the text can stay as it is.
            reader.script = Script::Utf8;
            reader.run(header, body, options.max_record);
        }
        Encoding::Utf16 => {
            reader.script = Script::Utf8;
            reader.run(header, utf16(bytes, body).as_bytes(), options.max_record);
        }
    }
    content
}

/// The text of a UTF-16 file, little endian unless its mark or its zeros say otherwise.
fn utf16(whole: &[u8], body: &[u8]) -> String {
    let big = whole.starts_with(b"\xFE\xFF")
        || !whole.starts_with(b"\xFF\xFE") && whole.first() == Some(&0);
    let units = body.chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    });
    char::decode_utf16(units).map(|ch| ch.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

struct Reader<'r, 'a> {
    index: u32,
    content: &'r mut Content<'a>,
    script: Script,
}

impl Reader<'_, '_> {
    /// The steps of the checker, without the judgement.
    fn run(&mut self, mut header: FileHeader, bytes: &[u8], max_record: usize) {
        let first_line =
            line_end_from(bytes, 0, bytes.len()).map_or(bytes, |(end, _)| &bytes[..end]);
        let columns = header.kind.layout(header.version).map_or(0, Layout::columns);
        if other_delimiter(first_line, columns).is_some() {
            self.stray(0, 1, Reason::Delimiter, bytes);
            return;
        }
        let mut scanner = Scanner::new(0, max_record);
        let mut layout: Option<&'static Layout> = None;
        let (mut start, mut number, mut line) = (0, 0, 1);
        // Where reading goes on behind a broken quote depends on how much is at hand, so the file
        // is taken in the blocks that the checker takes.
        let (mut known, mut eof) = (bytes.len().min(BLOCK), false);
        loop {
            let (end, next, line_end, lines) = match scanner.step(&bytes[..known], start, eof) {
                Step::NeedMore if eof => return,
                Step::NeedMore => {
                    eof = known == bytes.len();
                    known = bytes.len().min(known + BLOCK);
                    continue;
                }
                Step::End => return,
                Step::Oversized => {
                    number += 1;
                    self.stray(number, line, Reason::TooLong, &bytes[start..]);
                    let Some((at, next)) = line_end_from(bytes, start, bytes.len()) else { return };
                    while next > known || next == known && bytes[at] == b'\r' && !eof {
                        eof = known == bytes.len();
                        known = bytes.len().min(known + BLOCK);
                    }
                    (start, line) = (next, line + 1);
                    continue;
                }
                Step::Broken { end, next, lines, .. } => {
                    if layout.is_none() {
                        let chosen = choose_layout(&mut header, &bytes[start..end], 0);
                        scanner.set_columns(chosen.columns());
                        layout = Some(chosen);
                        continue;
                    }
                    number += 1;
                    self.stray(number, line, Reason::Quotes, &bytes[start..end]);
                    (start, line) = (next, line + lines);
                    continue;
                }
                Step::Record { end, next, line_end, lines, .. }
                | Step::Repaired { end, next, line_end, lines, .. } => (end, next, line_end, lines),
            };
            let slots = std::mem::take(&mut scanner.slots);
            let record = &bytes[start..end];
            let is_end_mark = record == b"\x1A" && line_end == LineEnd::None;
            if !record.is_empty() && !is_end_mark {
                let known = match layout {
                    Some(known) => known,
                    None => {
                        let chosen = choose_layout(&mut header, record, slots.len());
                        scanner.set_columns(chosen.columns());
                        layout = Some(chosen);
                        if slots.len() != chosen.columns() && lines > 1 {
                            continue;
                        }
                        if is_header(record, &slots) {
                            line += lines;
                            scanner.slots = slots;
                            start = next;
                            layout = None;
                            continue;
                        }
                        chosen
                    }
                };
                number += 1;
                self.record(number, line, known, record, &slots);
            }
            line += lines - u32::from(line_end == LineEnd::None);
            scanner.slots = slots;
            start = next;
        }
    }

    fn record(
        &mut self,
        number: u32,
        line: u32,
        layout: &'static Layout,
        bytes: &[u8],
        slots: &[Slot],
    ) {
        let (found, expected) = (slots.len(), layout.columns());
        if found != expected {
            self.stray(number, line, Reason::Columns { found, expected }, bytes);
            return;
        }
        let values = slots
            .iter()
            .map(|slot| {
                let value = slot.value(bytes);
                if slot.quoted { single_quotes(value) } else { value.into() }
            })
            .collect();
        self.content.records.push(Record {
            file: self.index,
            number,
            layout,
            script: self.script,
            values,
        });
    }

    fn stray(&mut self, number: u32, line: u32, reason: Reason, bytes: &[u8]) {
        let kept = &bytes[..bytes.len().min(MOST_STRAY)];
        self.content.strays.push(Stray {
            number,
            line,
            reason,
            script: self.script,
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
