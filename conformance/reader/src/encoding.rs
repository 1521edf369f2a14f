//! Encodings: by a look at the beginning, conversion of UTF-8 and UTF-16; and the head of images.

use std::collections::VecDeque;
use std::io::{self, Read};

use careplan_spec::ms932;

/// How the bytes are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As the standard wants.
    Ms932,
    /// UTF-8.
    Utf8,
    /// UTF-16 of either byte order.
    Utf16,
}

/// What the beginning of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beginning {
    /// How the rest is to be understood.
    pub encoding: Encoding,
    /// Length of the byte order mark, 0 without one.
    pub mark: usize,
}

/// Looks at the beginning. `truncated`: more follows.
pub fn look(sample: &[u8], truncated: bool) -> Beginning {
    if let Some(rest) = sample.strip_prefix(b"\xEF\xBB\xBF") {
        // Some software puts the mark before MS932 text: then the mark alone is wrong.
        let is_utf8 = rest.is_ascii() || ms932::looks_like_utf8(rest, truncated);
        let encoding = if is_utf8 { Encoding::Utf8 } else { Encoding::Ms932 };
        return Beginning { encoding, mark: 3 };
    }
    if sample.starts_with(b"\xFF\xFE") || sample.starts_with(b"\xFE\xFF") {
        return Beginning { encoding: Encoding::Utf16, mark: 2 };
    }
    let head = &sample[..sample.len().min(512)];
    let zeros = head.iter().filter(|&&byte| byte == 0).count();
    if head.len() >= 8 && zeros * 4 >= head.len() {
        return Beginning { encoding: Encoding::Utf16, mark: 0 };
    }
    let encoding =
        if ms932::looks_like_utf8(sample, truncated) { Encoding::Utf8 } else { Encoding::Ms932 };
    Beginning { encoding, mark: 0 }
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

/// Converts UTF-8 to MS932 while reading. A character without MS932 form becomes
/// [`Utf8ToMs932::PLACEHOLDER`], a 外字 code that `lost` explains by its position.
pub(crate) struct Utf8ToMs932<'a> {
    inner: Box<dyn Read + Send + 'a>,
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

    pub(crate) fn new(inner: Box<dyn Read + Send + 'a>) -> Self {
        Self {
            inner,
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
        self.pending.extend_from_slice(&block[..read]);
        self.done = read == 0;
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
