//! The characters of a value, whatever the file is written in.

use std::borrow::Cow;
use std::fmt::Write as _;

use careplan_spec::{Lang, ms932};

use crate::masking;

/// How the bytes of a value are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// MS932.
    Ms932,
    /// UTF-8.
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
    pub fn canonical<'v>(self, bytes: &'v [u8]) -> Cow<'v, str> {
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
