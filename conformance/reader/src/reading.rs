//! Bytes of a file before they are judged: encoding by a look at the beginning, conversion of
//! UTF-8, and the head of images.

use std::collections::VecDeque;
use std::io::{self, Read};

use careplan_spec::ms932;

/// How the bytes are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Ms932,
    Utf8,
    Utf16,
}

/// What the beginning of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beginning {
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
pub fn read_fully(reader: &mut dyn Read, block: &mut [u8]) -> io::Result<usize> {
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
pub struct Utf8ToMs932<'a> {
    inner: Box<dyn Read + Send + 'a>,
    pending: Vec<u8>,
    written: u64,
    /// How many bytes of the file were read, before conversion.
    pub taken: u64,
    done: bool,
    /// Position in the converted text and the character that had no form there, in order.
    pub lost: VecDeque<(u64, char)>,
}

impl<'a> Utf8ToMs932<'a> {
    pub const PLACEHOLDER: [u8; 2] = [0xF0, 0x40];

    pub fn new(inner: Box<dyn Read + Send + 'a>) -> Self {
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
    pub fn fill(&mut self, buffer: &mut Vec<u8>) -> io::Result<bool> {
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

    fn lose(&mut self, ch: char, buffer: &mut Vec<u8>) {
        self.lost.push_back((self.written, ch));
        buffer.extend_from_slice(&Self::PLACEHOLDER);
        self.written += 2;
    }
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
