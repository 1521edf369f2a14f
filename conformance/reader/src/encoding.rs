//! Encodings: by a look at the beginning, conversion of what is not MS932; what is no text of
//! records at all; and the head of images.

use std::collections::VecDeque;
use std::io::{self, Read};

use careplan_spec::other_encoding::{Decoder, OtherEncoding};
use careplan_spec::{Text, ms932};

/// How the bytes are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As the standard wants.
    Ms932,
    /// UTF-8.
    Utf8,
    /// UTF-16 of either byte order.
    Utf16,
    /// EUC-JP or ISO-2022-JP.
    Other(OtherEncoding),
}

/// Something that bears the name of a CSV file and is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// A workbook of a spreadsheet: a ZIP archive (.xlsx, .ods) or the older form (.xls).
    Workbook,
    /// An archive.
    Archive,
    /// A page of a web site.
    Html,
    /// XML.
    Xml,
    /// JSON.
    Json,
    /// PDF.
    Pdf,
    /// An image.
    Image,
}

impl Foreign {
    /// What it is called.
    pub const fn name(self) -> Text {
        match self {
            Self::Workbook => Text::new("Excelなどのブック", "a workbook of a spreadsheet"),
            Self::Archive => Text::new("圧縮ファイル", "a compressed archive"),
            Self::Html => Text::new("ウェブページ（HTML）", "a web page (HTML)"),
            Self::Xml => Text::new("XML", "XML"),
            Self::Json => Text::new("JSON", "JSON"),
            Self::Pdf => Text::new("PDF", "PDF"),
            Self::Image => Text::new("画像", "an image"),
        }
    }

    fn of(sample: &[u8]) -> Option<Self> {
        let holds = |word: &[u8]| sample.windows(word.len()).any(|part| part == word);
        match sample {
            [b'P', b'K', 3, 4, ..] if holds(b"[Content_Types].xml") || holds(b"spreadsheet") => {
                return Some(Self::Workbook);
            }
            [0xD0, 0xCF, 0x11, 0xE0, ..] => return Some(Self::Workbook),
            [b'P', b'K', 3 | 5, 4 | 6, ..] | [0x1F, 0x8B, ..] => return Some(Self::Archive),
            [0xFF, 0xD8, 0xFF, ..] | [0x89, b'P', b'N', b'G', ..] => return Some(Self::Image),
            _ => {}
        }
        let text = sample.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(sample).trim_ascii_start();
        let begins = |word: &str| {
            text.get(..word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
        };
        if ["<!doctype html", "<html", "<head", "<table", "<script"].into_iter().any(begins) {
            Some(Self::Html)
        } else if begins("<?xml") {
            Some(Self::Xml)
        } else if begins("%PDF-") {
            Some(Self::Pdf)
        } else if begins("{") || begins("[") {
            Some(Self::Json)
        } else {
            None
        }
    }
}

/// What the beginning of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beginning {
    /// How the rest is to be understood.
    pub encoding: Encoding,
    /// Length of the byte order mark, 0 without one.
    pub mark: usize,
    /// What it is, where it is no text of records at all.
    pub foreign: Option<Foreign>,
}

/// Looks at the beginning. `truncated`: more follows.
pub fn look(sample: &[u8], truncated: bool) -> Beginning {
    let (encoding, mark) = encoding_of(sample, truncated);
    Beginning { encoding, mark, foreign: Foreign::of(sample) }
}

fn encoding_of(sample: &[u8], truncated: bool) -> (Encoding, usize) {
    if let Some(rest) = sample.strip_prefix(b"\xEF\xBB\xBF") {
        // Some software puts the mark before MS932 text: then the mark alone is wrong.
        let is_utf8 = rest.is_ascii() || ms932::looks_like_utf8(rest, truncated);
        return (if is_utf8 { Encoding::Utf8 } else { Encoding::Ms932 }, 3);
    }
    if sample.starts_with(b"\xFF\xFE") || sample.starts_with(b"\xFE\xFF") {
        return (Encoding::Utf16, 2);
    }
    let head = &sample[..sample.len().min(512)];
    let zeros = head.iter().filter(|&&byte| byte == 0).count();
    if head.len() >= 8 && zeros * 4 >= head.len() {
        return (Encoding::Utf16, 0);
    }
    let encoding = if ms932::looks_like_utf8(sample, truncated) {
        Encoding::Utf8
    } else {
        OtherEncoding::of(sample, truncated).map_or(Encoding::Ms932, Encoding::Other)
    };
    (encoding, 0)
}

/// Fills the block; less is read only at the end. Where the way back from a broken quote is looked
/// for depends on how much is at hand, and a pipe must not give another report than a file.
pub(crate) fn read_fully(reader: &mut dyn Read, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match reader.read(&mut block[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Converts UTF-8, or what `decoder` makes UTF-8 of, to MS932 while reading. A character without MS932 form becomes
/// [`Utf8ToMs932::PLACEHOLDER`], a 外字 code that `lost` explains by its position.
pub(crate) struct Utf8ToMs932<'a> {
    inner: Box<dyn Read + Send + 'a>,
    decoder: Option<Decoder>,
    pending: Vec<u8>,
    written: u64,
    /// How many bytes of the file were read, before conversion.
    pub(crate) taken: u64,
    done: bool,
    /// Position in the converted text and the character that had no form there, in order.
    lost: VecDeque<(u64, char)>,
}

impl<'a> Utf8ToMs932<'a> {
    const PLACEHOLDER: [u8; 2] = [0xF0, 0x40];

    pub(crate) fn new(inner: Box<dyn Read + Send + 'a>, decoder: Option<Decoder>) -> Self {
        Self {
            inner,
            decoder,
            pending: Vec::new(),
            written: 0,
            taken: 0,
            done: false,
            lost: VecDeque::new(),
        }
    }

    /// Reads and converts up to a block; false at the end.
    pub(crate) fn fill(&mut self, buffer: &mut Vec<u8>) -> io::Result<bool> {
        if self.done {
            return Ok(false);
        }
        let mut block = [0; 16 * 1024];
        let read = read_fully(&mut self.inner, &mut block)?;
        self.taken += read as u64;
        self.done = read == 0;
        match &mut self.decoder {
            Some(decoder) => decoder.decode(&block[..read], self.done, &mut self.pending),
            None => self.pending.extend_from_slice(&block[..read]),
        }
        let mut start = 0;
        while start < self.pending.len() {
            let (valid, skip) = match std::str::from_utf8(&self.pending[start..]) {
                Ok(text) => (text.len(), 0),
                Err(error) => match error.error_len() {
                    Some(len) => (error.valid_up_to(), len),
                    None if self.done => {
                        (error.valid_up_to(), self.pending.len() - start - error.valid_up_to())
                    }
                    None => (error.valid_up_to(), 0),
                },
            };
            let text = std::str::from_utf8(&self.pending[start..start + valid])
                .expect("validated just above")
                .to_owned();
            for ch in text.chars() {
                match ms932::encode_char(ch) {
                    Some(encoded) => {
                        buffer.extend_from_slice(encoded.as_bytes());
                        self.written += encoded.as_bytes().len() as u64;
                    }
                    None => self.lose(ch, buffer),
                }
            }
            start += valid;
            if skip == 0 {
                break;
            }
            self.lose(char::REPLACEMENT_CHARACTER, buffer);
            start += skip;
        }
        self.pending.drain(..start);
        Ok(!self.done || !self.pending.is_empty())
    }

    /// Forgets the characters lost before a position of the converted text.
    pub(crate) fn forget_lost(&mut self, before: u64) {
        while self.lost.front().is_some_and(|(at, _)| *at < before) {
            self.lost.pop_front();
        }
        self.lost.make_contiguous();
    }

    /// The characters lost at a position or behind it, as far as they stand together.
    pub(crate) fn lost_from(&self, from: u64) -> &[(u64, char)] {
        let (lost, _) = self.lost.as_slices();
        &lost[lost.partition_point(|(at, _)| *at < from)..]
    }

    fn lose(&mut self, ch: char, buffer: &mut Vec<u8>) {
        self.lost.push_back((self.written, ch));
        buffer.extend_from_slice(&Self::PLACEHOLDER);
        self.written += 2;
    }
}

/// The text of a UTF-16 file behind its mark, little endian unless the mark or the zeros say
/// otherwise.
pub(crate) fn utf16(whole: &[u8], mark: usize) -> String {
    let big = whole.starts_with(b"\xFE\xFF")
        || !whole.starts_with(b"\xFF\xFE") && whole.first() == Some(&0);
    let units = whole[mark..].chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    });
    char::decode_utf16(units).map(|ch| ch.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Reads an image: keeps its first bytes, counts the rest.
pub fn read_image(content: &mut dyn Read, head: &mut Vec<u8>) -> io::Result<u64> {
    let mut block = [0; 16 * 1024];
    let mut size = 0;
    loop {
        let read = match content.read(&mut block) {
            Ok(0) => return Ok(size),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let missing = 16 - head.len().min(16);
        head.extend_from_slice(&block[..read.min(missing)]);
        size += read as u64;
    }
}
