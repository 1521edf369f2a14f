//! What the reader says of some bytes.

use std::fmt::Write as _;
use std::io::{self, Read};

use careplan_reader::{FileHeader, Options, Reader, Record, Stretch};

/// A file of four columns in its one version.
pub(super) const FOUR: &str = "DLTYOBO_4779000118_43_4779200247_A6_20260519140033.CSV";

/// What limits nothing here.
pub(super) const FREE: Options = Options { max_record: 1 << 20, as_of: None };

/// The transcript of a file of four columns.
pub(super) fn transcript(bytes: &[u8]) -> String {
    transcript_of(FOUR, bytes, FREE)
}

/// The transcript of any file, the same however its bytes come.
pub(super) fn transcript_of(name: &str, bytes: &[u8], options: Options) -> String {
    let header = || FileHeader::of(name, options.as_of).expect("a name of the standard");
    let whole = told(Reader::new(header(), bytes, options));
    let pipe = Pipe { rest: bytes, size: 1, interrupted: false };
    assert_eq!(told(Reader::new(header(), pipe, options)), whole, "byte by byte");
    whole
}

/// The transcript of a reader that has not begun.
pub(super) fn told(mut reader: Reader<'_>) -> String {
    let mut out = String::new();
    while let Some(stretch) = reader.next_stretch().expect("memory gives no errors") {
        match stretch {
            Stretch::Beginning(beginning) => {
                let _ = writeln!(out, "{:?}, mark of {}", beginning.encoding, beginning.mark);
            }
            Stretch::OtherDelimiter { name, bytes } => {
                let _ = writeln!(out, "parted by {}: {}", name.en, bytes.escape_ascii());
            }
            Stretch::Record(record) => tell(&mut out, "record", &record),
            Stretch::Heading(record) => tell(&mut out, "heading", &record),
            Stretch::Broken(record) => tell(&mut out, "broken", &record),
            Stretch::TooLong { at, bytes } => {
                let (number, line) = (at.record, at.line);
                let _ = writeln!(out, "too long {number} in {line}: {} bytes", bytes.len());
            }
            Stretch::Blank { at, line_end } => {
                let _ = writeln!(out, "blank {} in {}, {line_end:?}", at.record, at.line);
            }
            Stretch::EndMark { at } => {
                let _ = writeln!(out, "end mark {} in {}", at.record, at.line);
            }
        }
    }
    let ends = reader.line_ends();
    let (records, bytes) = (reader.records(), reader.bytes());
    let _ = write!(out, "{records} records, {bytes} bytes; line ends {}", ends.crlf);
    let _ = write!(out, " {} {}", ends.lf, ends.cr);
    if ends.none {
        out.push_str(", the last has none");
    }
    out
}

fn tell(out: &mut String, what: &str, record: &Record<'_>) {
    let _ = write!(out, "{what} {} in {}", record.at.record, record.at.line);
    if let Some(offset) = record.offset {
        let _ = write!(out, " at {offset}");
    }
    if record.fields.is_empty() {
        let _ = write!(out, ": {}", record.bytes.escape_ascii());
    } else {
        let fields: Vec<String> = (0..record.fields.len())
            .map(|at| {
                let value = record.value(at).escape_ascii();
                if record.fields[at].quoted { format!("<{value}>") } else { value.to_string() }
            })
            .collect();
        let _ = write!(out, ": {}", fields.join(" | "));
    }
    let _ = write!(out, ", {:?}", record.line_end);
    if record.control {
        out.push_str(", control");
    }
    if let Some((field, defect)) = record.defect {
        let _ = write!(out, ", {defect:?} in {field}");
    }
    out.push('\n');
}

/// Gives out a few bytes at a time and is interrupted before each, as a pipe may be.
pub(super) struct Pipe<'a> {
    pub(super) rest: &'a [u8],
    pub(super) size: usize,
    pub(super) interrupted: bool,
}

impl Read for Pipe<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let size = out.len().min(self.size);
        self.rest.read(&mut out[..size])
    }
}
