//! The one loop over the records of a file.

use std::io::{self, Cursor, Read};

use careplan_spec::{Layout, Text};

use crate::encoding::{Beginning, Encoding, Utf8ToMs932, look, read_fully, utf16};
use crate::header::{choose_layout, is_heading, other_delimiter, preamble};
use crate::scanner::{LineEnd, QuoteDefect, Scanner, Slot, Step, line_end_from};
use crate::{FileHeader, Options, Preamble, RecordRef};

/// How much is read at once.
const BLOCK: usize = 256 * 1024;
/// How much of the beginning decides the encoding.
const SAMPLE: usize = 64 * 1024;

/// A part of a file, in the order of the file. Everything that belongs to it is in it, and it is
/// gone when the next one is asked for.
#[derive(Debug)]
pub enum Stretch<'r> {
    /// What the first bytes say; always the first.
    Beginning(Beginning),
    /// Columns are parted by something else than commas, so there are no records to tell apart;
    /// always the last.
    OtherDelimiter {
        /// What seems to part them.
        name: Text,
        /// The beginning of the text.
        bytes: &'r [u8],
    },
    /// A record: its fields could be told apart, right or wrong in number.
    Record(Record<'r>),
    /// Names of columns before the first record, or a [`Preamble`]; no record, so its number is 0.
    Heading(Record<'r>),
    /// A quote without its partner; reading goes on behind it. It has no fields.
    Broken(Record<'r>),
    /// Longer than the limit.
    TooLong {
        /// Where.
        at: RecordRef,
        /// The beginning.
        bytes: &'r [u8],
    },
    /// A line without anything; the number is 0.
    Blank {
        /// Where.
        at: RecordRef,
        /// How it ends.
        line_end: LineEnd,
    },
    /// The byte that ended files on old systems; the number is 0.
    EndMark {
        /// Where.
        at: RecordRef,
    },
}

/// A record with everything that is known of it.
#[derive(Debug, Clone, Copy)]
pub struct Record<'r> {
    /// The file, as far as it has been read.
    pub header: &'r FileHeader,
    /// What its fields are measured by.
    pub layout: &'static Layout,
    /// Number and line.
    pub at: RecordRef,
    /// The bytes without the line end.
    pub bytes: &'r [u8],
    /// The fields, in order.
    pub fields: &'r [Slot],
    /// Where it begins in the file as it was sent; `None` where the text had to be converted.
    pub offset: Option<u64>,
    /// How it ends.
    pub line_end: LineEnd,
    /// Whether it may hold control characters.
    pub control: bool,
    /// What is wrong with its quotes, and in which 0-based field.
    pub defect: Option<(usize, QuoteDefect)>,
    lost: Lost<'r>,
}

/// Characters that have no MS932 form, with their positions in the converted text.
#[derive(Debug, Clone, Copy)]
struct Lost<'r> {
    all: &'r [(u64, char)],
    /// Position of the record.
    from: u64,
}

impl<'r> Record<'r> {
    /// The value of a 0-based field, without its quotes.
    pub fn value(&self, at: usize) -> &'r [u8] {
        self.fields.get(at).map_or(b"", |slot| slot.value(self.bytes))
    }

    /// The same record without its fields, for what is about all of it.
    pub fn whole(&self) -> Self {
        Self { fields: &[], ..*self }
    }

    /// What it is where a program wrote it about the file.
    pub fn preamble(&self) -> Option<Preamble> {
        preamble(self.bytes)
    }

    /// Whether a character of it has no MS932 form.
    pub fn has_lost_characters(&self) -> bool {
        let end = self.lost.from + self.bytes.len() as u64;
        self.lost.all.first().is_some_and(|(at, _)| *at < end)
    }

    /// The character without MS932 form that stood at an offset of the record.
    pub fn lost_at(&self, offset: usize) -> Option<char> {
        let at = self.lost.from + offset as u64;
        let index = self.lost.all.binary_search_by_key(&at, |(lost, _)| *lost).ok()?;
        Some(self.lost.all[index].1)
    }
}

/// How many lines end how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LineEnds {
    /// CR and LF.
    pub crlf: u64,
    /// LF alone.
    pub lf: u64,
    /// CR alone.
    pub cr: u64,
    /// The last one has none.
    pub none: bool,
}

impl LineEnds {
    fn count(&mut self, end: LineEnd) {
        match end {
            LineEnd::CrLf => self.crlf += 1,
            LineEnd::Lf => self.lf += 1,
            LineEnd::Cr => self.cr += 1,
            LineEnd::None => self.none = true,
        }
    }
}

enum Source<'a> {
    Raw(Box<dyn Read + Send + 'a>),
    Utf8(Box<Utf8ToMs932<'a>>),
}

impl Source<'_> {
    /// Appends up to a block; false at the end.
    fn fill(&mut self, buffer: &mut Vec<u8>, bytes: &mut u64) -> io::Result<bool> {
        match self {
            Self::Raw(reader) => {
                let len = buffer.len();
                buffer.resize(len + BLOCK, 0);
                let read = read_fully(reader, &mut buffer[len..]);
                buffer.truncate(len + *read.as_ref().unwrap_or(&0));
                *bytes += read.as_ref().map_or(0, |&read| read as u64);
                Ok(read? > 0)
            }
            Self::Utf8(converter) => {
                let (len, taken) = (buffer.len(), converter.taken);
                while buffer.len() - len < BLOCK {
                    if !converter.fill(buffer)? {
                        break;
                    }
                }
                *bytes += converter.taken - taken;
                Ok(buffer.len() > len)
            }
        }
    }
}

/// Where the reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Unopened,
    Begun,
    Records,
    /// Behind the beginning of a line that is too long.
    InLongLine,
    OtherDelimiter,
    End,
}

/// A stretch by its place in the buffer.
struct Found {
    what: What,
    start: usize,
    end: usize,
    at: RecordRef,
    line_end: LineEnd,
    control: bool,
    defect: Option<(usize, QuoteDefect)>,
}

enum What {
    Beginning(Beginning),
    OtherDelimiter(Text),
    Record(&'static Layout),
    Heading(&'static Layout),
    Broken(&'static Layout),
    TooLong,
    Blank,
    EndMark,
}

impl Found {
    fn of(what: What, start: usize, end: usize, at: RecordRef) -> Self {
        Self { what, start, end, at, line_end: LineEnd::None, control: false, defect: None }
    }
}

/// Reads a CSV file of the standard stretch by stretch. Memory is bounded by the longest record.
pub struct Reader<'a> {
    header: FileHeader,
    options: Options,
    source: Source<'a>,
    /// Text that is not MS932 stays as it is written.
    as_written: bool,
    stage: Stage,
    scanner: Scanner,
    buffer: Vec<u8>,
    /// Where reading goes on in the buffer.
    start: usize,
    /// Offset of the buffer's first byte in the file, or in the converted text.
    base: u64,
    converted: bool,
    eof: bool,
    /// The fields of the record that is lent.
    fields: Vec<Slot>,
    layout: Option<&'static Layout>,
    /// Record and line that come next are counted from here.
    at: RecordRef,
    bytes: u64,
    line_ends: LineEnds,
}

impl<'a> Reader<'a> {
    /// Reads `content`. UTF-8, EUC-JP and ISO-2022-JP are converted to MS932; UTF-16 and what is no
    /// text of records have a beginning and no records.
    pub fn new(header: FileHeader, content: impl Read + Send + 'a, options: Options) -> Self {
        Self {
            header,
            options,
            source: Source::Raw(Box::new(content)),
            as_written: false,
            stage: Stage::Unopened,
            scanner: Scanner::new(0, options.max_record),
            buffer: Vec::with_capacity(BLOCK + BLOCK / 2),
            start: 0,
            base: 0,
            converted: false,
            eof: false,
            fields: Vec::new(),
            layout: None,
            at: RecordRef { record: 0, line: 1 },
            bytes: 0,
            line_ends: LineEnds::default(),
        }
    }

    /// Reads `content` without converting it to MS932: UTF-8 stays, other encodings become UTF-8.
    pub fn as_written(
        header: FileHeader,
        content: impl Read + Send + 'a,
        options: Options,
    ) -> Self {
        Self { as_written: true, ..Self::new(header, content, options) }
    }

    /// The file, as far as it has been read.
    pub fn header(&self) -> &FileHeader {
        &self.header
    }

    /// How many bytes of the file were read.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many records went by, those that could not be read included.
    pub fn records(&self) -> u32 {
        self.at.record
    }

    /// How the lines that went by end.
    pub fn line_ends(&self) -> LineEnds {
        self.line_ends
    }

    /// The next stretch; `None` at the end.
    ///
    /// # Errors
    /// What the content says when it is read.
    pub fn next_stretch(&mut self) -> io::Result<Option<Stretch<'_>>> {
        let found = self.advance()?;
        Ok(found.map(|found| self.lend(&found)))
    }

    fn lend(&self, found: &Found) -> Stretch<'_> {
        let bytes = &self.buffer[found.start..found.end];
        let record = |layout, fields| Record {
            header: &self.header,
            layout,
            at: found.at,
            bytes,
            fields,
            offset: (!self.converted).then_some(self.base + found.start as u64),
            line_end: found.line_end,
            control: found.control,
            defect: found.defect,
            lost: self.lost(found.start),
        };
        match found.what {
            What::Beginning(beginning) => Stretch::Beginning(beginning),
            What::OtherDelimiter(name) => Stretch::OtherDelimiter { name, bytes },
            What::Record(layout) => Stretch::Record(record(layout, &self.fields)),
            What::Heading(layout) => Stretch::Heading(record(layout, &self.fields)),
            What::Broken(layout) => Stretch::Broken(record(layout, &[])),
            What::TooLong => Stretch::TooLong { at: found.at, bytes },
            What::Blank => Stretch::Blank { at: found.at, line_end: found.line_end },
            What::EndMark => Stretch::EndMark { at: found.at },
        }
    }

    fn lost(&self, start: usize) -> Lost<'_> {
        let from = self.base + start as u64;
        let all = match &self.source {
            Source::Utf8(converter) => converter.lost_from(from),
            Source::Raw(_) => &[],
        };
        Lost { all, from }
    }

    fn advance(&mut self) -> io::Result<Option<Found>> {
        match self.stage {
            Stage::Unopened => self.open().map(Some),
            Stage::Begun => {
                self.refill()?;
                self.stage = Stage::Records;
                match self.other_delimiter() {
                    Some(name) => {
                        self.stage = Stage::OtherDelimiter;
                        let (what, end) = (What::OtherDelimiter(name), self.buffer.len());
                        Ok(Some(Found::of(what, 0, end, RecordRef::default())))
                    }
                    None => self.record(),
                }
            }
            Stage::InLongLine => {
                self.skip_line()?;
                self.stage = Stage::Records;
                self.record()
            }
            Stage::Records => self.record(),
            Stage::OtherDelimiter => self.pass_over().map(|()| None),
            Stage::End => Ok(None),
        }
    }

    /// The beginning decides the encoding.
    fn open(&mut self) -> io::Result<Found> {
        let Source::Raw(content) = &mut self.source else { unreachable!("opened once") };
        let mut content = std::mem::replace(content, Box::new(io::empty()));
        let mut sample = Vec::with_capacity(SAMPLE);
        (&mut content).take(SAMPLE as u64).read_to_end(&mut sample)?;
        let beginning = look(&sample, sample.len() == SAMPLE);
        let Beginning { encoding, mark, foreign } = beginning;
        self.bytes = mark as u64;
        self.stage = Stage::Begun;
        match encoding {
            _ if foreign.is_some() => self.pass_by(&sample, content)?,
            Encoding::Other(other) if self.as_written => {
                content.read_to_end(&mut sample)?;
                self.bytes = sample.len() as u64;
                self.buffer = other.decode(&sample).into_bytes();
                self.converted = true;
            }
            Encoding::Other(other) => {
                let chained = Box::new(Cursor::new(sample).chain(content));
                let converter = Utf8ToMs932::new(chained, Some(other.decoder()));
                self.source = Source::Utf8(Box::new(converter));
                self.converted = true;
            }
            Encoding::Utf16 if self.as_written => {
                content.read_to_end(&mut sample)?;
                self.bytes = sample.len() as u64;
                self.buffer = utf16(&sample, mark).into_bytes();
                self.converted = true;
            }
            Encoding::Utf16 => self.pass_by(&sample, content)?,
            Encoding::Ms932 | Encoding::Utf8 => {
                sample.drain(..mark);
                let chained = Box::new(Cursor::new(sample).chain(content));
                if encoding == Encoding::Utf8 && !self.as_written {
                    self.source = Source::Utf8(Box::new(Utf8ToMs932::new(chained, None)));
                    self.converted = true;
                } else {
                    self.source = Source::Raw(chained);
                    self.base = mark as u64;
                }
            }
        }
        Ok(Found::of(What::Beginning(beginning), 0, 0, RecordRef::default()))
    }

    /// Counts the bytes of what has no records.
    fn pass_by(&mut self, sample: &[u8], mut content: impl Read) -> io::Result<()> {
        self.bytes = sample.len() as u64 + io::copy(&mut content, &mut io::sink())?;
        self.stage = Stage::End;
        Ok(())
    }

    /// The next record or line.
    fn record(&mut self) -> io::Result<Option<Found>> {
        loop {
            let start = self.start;
            let step = self.scanner.step(&self.buffer, start, self.eof, &mut self.fields);
            let (end, next, line_end, lines, control, defect) = match step {
                Step::NeedMore => {
                    self.refill()?;
                    continue;
                }
                Step::End => {
                    self.stage = Stage::End;
                    return Ok(None);
                }
                Step::Oversized => {
                    self.at.record += 1;
                    self.stage = Stage::InLongLine;
                    return Ok(Some(Found::of(What::TooLong, start, self.buffer.len(), self.at)));
                }
                Step::Record { end, next, line_end, lines, control } => {
                    (end, next, line_end, lines, control, None)
                }
                Step::Repaired { end, next, line_end, lines, slot, defect } => {
                    (end, next, line_end, lines, false, Some((slot, defect)))
                }
                Step::Broken { end, next, lines, slot, defect } => {
                    let Some(layout) = self.layout else {
                        // Without a layout the scanner could not look for the way back.
                        self.choose_layout(start, end, 0);
                        continue;
                    };
                    self.at.record += 1;
                    let found = Found::of(What::Broken(layout), start, end, self.at);
                    self.at.line += lines;
                    self.start = next;
                    return Ok(Some(Found { defect: Some((slot, defect)), ..found }));
                }
            };
            let line = RecordRef { record: 0, line: self.at.line };
            let is_end_mark =
                end - start == 1 && self.buffer[start] == 0x1A && line_end == LineEnd::None;
            let (what, at) = if end == start && self.fields.len() == 1 {
                (What::Blank, line)
            } else if is_end_mark {
                (What::EndMark, line)
            } else if let Some(layout) = self.layout {
                self.at.record += 1;
                (What::Record(layout), self.at)
            } else {
                let layout = self.choose_layout(start, end, self.fields.len());
                if self.fields.len() != layout.columns() && lines > 1 {
                    // Now that the number of columns is known, read it again.
                    continue;
                }
                if is_heading(&self.buffer[start..end], &self.fields)
                    || preamble(&self.buffer[start..end]).is_some()
                {
                    // The version is decided by the first record, not by the heading.
                    self.layout = None;
                    (What::Heading(layout), line)
                } else {
                    self.at.record += 1;
                    (What::Record(layout), self.at)
                }
            };
            if !is_end_mark {
                self.line_ends.count(line_end);
            }
            self.at.line += lines - u32::from(line_end == LineEnd::None);
            self.start = next;
            if let Source::Utf8(converter) = &mut self.source {
                converter.forget_lost(self.base + start as u64);
            }
            return Ok(Some(Found {
                line_end,
                control,
                defect,
                ..Found::of(what, start, end, at)
            }));
        }
    }

    fn choose_layout(&mut self, start: usize, end: usize, columns: usize) -> &'static Layout {
        let layout = choose_layout(&mut self.header, &self.buffer[start..end], columns);
        self.scanner.set_columns(layout.columns());
        self.layout = Some(layout);
        layout
    }

    /// The name of the delimiter the first line seems to use instead of the comma.
    fn other_delimiter(&self) -> Option<Text> {
        let layout = self.header.kind.layout(self.header.version)?;
        let line = |start: usize| match line_end_from(&self.buffer, start, self.buffer.len()) {
            Some((end, next)) => (&self.buffer[start..end], next),
            None => (&self.buffer[start..], self.buffer.len()),
        };
        let (mut first, next) = line(0);
        if preamble(first).is_some() {
            (first, _) = line(next);
        }
        other_delimiter(first, layout.columns())
    }

    /// Counts the lines of a file whose records cannot be told apart.
    fn pass_over(&mut self) -> io::Result<()> {
        // Whether the beginning of the line at hand was dropped already.
        let mut begun = false;
        loop {
            while let Some((at, next)) = line_end_from(&self.buffer, self.start, self.buffer.len())
            {
                self.at.record += u32::from(begun || at > self.start);
                begun = false;
                self.start = next;
            }
            if self.eof {
                break;
            }
            if self.buffer.len() - self.start > self.options.max_record {
                begun = true;
                self.start = self.buffer.len();
            }
            self.refill()?;
        }
        self.at.record += u32::from(begun || self.start < self.buffer.len());
        self.stage = Stage::End;
        Ok(())
    }

    /// Drops what was read, reads more behind what is left.
    fn refill(&mut self) -> io::Result<()> {
        self.base += self.start as u64;
        self.buffer.drain(..self.start);
        self.start = 0;
        if !self.source.fill(&mut self.buffer, &mut self.bytes)? {
            self.eof = true;
        }
        Ok(())
    }

    /// Passes over the rest of a line that is too long.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            if let Some((at, next)) = line_end_from(&self.buffer, self.start, self.buffer.len()) {
                let cr_at_edge = self.buffer[at] == b'\r' && next == self.buffer.len() && !self.eof;
                if !cr_at_edge {
                    self.start = next;
                    self.at.line += 1;
                    return Ok(());
                }
                self.start = at;
            } else {
                self.start = self.buffer.len();
            }
            if self.eof {
                self.start = self.buffer.len();
                return Ok(());
            }
            self.refill()?;
        }
    }
}
