//! The text of a file in whatever it is written, and back to the same bytes.
//!
//! A byte that belongs to no character, or to one that would be written with other bytes, stands
//! in the text as a private character of its own, so that nothing is lost on the way back.

use careplan_reader::{Encoding, look};
use careplan_spec::ms932;
use careplan_spec::other_encoding::OtherEncoding;

use super::LeftOut;

/// How much of the beginning decides the encoding.
const SAMPLE: usize = 64 * 1024;

/// The private character of byte 0.
const RAW: u32 = 0x10_FE00;

/// What stands for a byte that is no character.
pub(super) const fn raw(byte: u8) -> char {
    match char::from_u32(RAW + byte as u32) {
        Some(ch) => ch,
        None => char::REPLACEMENT_CHARACTER,
    }
}

/// The byte that a character stands for.
pub(super) fn byte(ch: char) -> Option<u8> {
    u32::from(ch).checked_sub(RAW).and_then(|byte| u8::try_from(byte).ok())
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    Ms932,
    Utf8,
    Utf16 { is_big: bool },
    Other(OtherEncoding),
}

/// A file as text.
pub(super) struct Written {
    pub(super) writing: Writing,
    /// Length of the byte order mark.
    pub(super) mark: usize,
    /// What stands behind it.
    pub(super) text: String,
}

impl Written {
    /// # Errors
    /// It cannot be written with the same bytes again.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, LeftOut> {
        let beginning = look(&bytes[..bytes.len().min(SAMPLE)], bytes.len() > SAMPLE);
        let writing = match beginning.encoding {
            Encoding::Ms932 => Writing::Ms932,
            Encoding::Utf8 => Writing::Utf8,
            Encoding::Utf16 => Writing::Utf16 {
                is_big: bytes.starts_with(b"\xFE\xFF")
                    || !bytes.starts_with(b"\xFF\xFE") && bytes.first() == Some(&0),
            },
            Encoding::Other(other) => Writing::Other(other),
        };
        let body = &bytes[beginning.mark..];
        let text = writing.text(body);
        // A private character of somebody's own would be taken for a byte.
        if writing.bytes(&text) != body {
            return Err(LeftOut::NotReversible);
        }
        Ok(Self { writing, mark: beginning.mark, text })
    }
}

impl Writing {
    /// The characters of bytes.
    pub(super) fn text(self, bytes: &[u8]) -> String {
        match self {
            Self::Ms932 => ms932_text(bytes),
            Self::Utf8 => {
                let mut text = String::with_capacity(bytes.len());
                for chunk in bytes.utf8_chunks() {
                    text.push_str(chunk.valid());
                    text.extend(chunk.invalid().iter().copied().map(raw));
                }
                text
            }
            Self::Utf16 { is_big } => utf16_text(bytes, is_big),
            Self::Other(other) => {
                let text = other.decode(bytes);
                match other {
                    OtherEncoding::EucJp if other.encode(&text) != bytes => euc_text(bytes),
                    _ => text,
                }
            }
        }
    }

    /// The bytes of a text.
    pub(super) fn bytes(self, text: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        match self {
            Self::Ms932 => {
                for ch in text.chars() {
                    match (byte(ch), ms932::encode_char(ch)) {
                        (Some(byte), _) => out.push(byte),
                        (None, Some(encoded)) => out.extend_from_slice(encoded.as_bytes()),
                        (None, None) => out.push(b'?'),
                    }
                }
            }
            Self::Utf8 => {
                for ch in text.chars() {
                    match byte(ch) {
                        Some(byte) => out.push(byte),
                        None => out.extend_from_slice(ch.encode_utf8(&mut [0; 4]).as_bytes()),
                    }
                }
            }
            Self::Utf16 { is_big } => {
                let join = if is_big { u16::to_be_bytes } else { u16::to_le_bytes };
                for ch in text.chars() {
                    match byte(ch) {
                        Some(byte) => out.push(byte),
                        None => {
                            let units = ch.encode_utf16(&mut [0; 2]).to_vec();
                            out.extend(units.into_iter().flat_map(join));
                        }
                    }
                }
            }
            Self::Other(other) => {
                for part in text.split_inclusive(|ch| byte(ch).is_some()) {
                    match part.char_indices().next_back() {
                        Some((end, last)) if byte(last).is_some() => {
                            out.extend(other.encode(&part[..end]));
                            out.extend(byte(last));
                        }
                        _ => out.extend(other.encode(part)),
                    }
                }
            }
        }
        out
    }

    /// The text as the reader of records sees it: MS932, a user-defined character for what has no
    /// form there.
    pub(super) fn as_ms932(self, text: &str) -> Vec<u8> {
        if self == Self::Ms932 {
            return self.bytes(text);
        }
        let mut out = Vec::with_capacity(text.len());
        for ch in text.chars() {
            match ms932::encode_char(ch) {
                Some(encoded) => out.extend_from_slice(encoded.as_bytes()),
                None => out.extend_from_slice(b"\xF0\x40"),
            }
        }
        out
    }

    /// How many bytes of [`Self::as_ms932`] a character takes.
    pub(super) fn width(self, ch: char) -> u64 {
        let is_one =
            ch.is_ascii() || matches!(ch, '｡'..='ﾟ') || self == Self::Ms932 && byte(ch).is_some();
        if is_one { 1 } else { 2 }
    }
}

fn ms932_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
    for (at, len, ch) in ms932::characters(bytes) {
        let code = &bytes[at..at + len];
        match ch {
            Some(ch)
                if len == 1
                    || ms932::encode_char(ch).is_some_and(|known| known.as_bytes() == code) =>
            {
                text.push(ch);
            }
            _ => text.extend(code.iter().copied().map(raw)),
        }
    }
    text
}

fn utf16_text(bytes: &[u8], is_big: bool) -> String {
    let join = if is_big { u16::from_be_bytes } else { u16::from_le_bytes };
    let apart = if is_big { u16::to_be_bytes } else { u16::to_le_bytes };
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    for unit in char::decode_utf16(pairs.iter().map(|pair| join(*pair))) {
        match unit {
            Ok(ch) => text.push(ch),
            Err(lone) => text.extend(apart(lone.unpaired_surrogate()).map(raw)),
        }
    }
    text.extend(rest.iter().copied().map(raw));
    text
}

/// EUC-JP in which some bytes are no characters.
fn euc_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let len = match bytes[at] {
            0x8F => 3,
            0x8E | 0xA1..=0xFE => 2,
            _ => 1,
        };
        let code = &bytes[at..bytes.len().min(at + len)];
        let one = OtherEncoding::EucJp.decode(code);
        let mut chars = one.chars();
        match (chars.next(), chars.next()) {
            (Some(ch), None)
                if ch != char::REPLACEMENT_CHARACTER
                    && OtherEncoding::EucJp.encode(&one) == code =>
            {
                text.push(ch);
                at += code.len();
            }
            _ => {
                text.push(raw(bytes[at]));
                at += 1;
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_writing_comes_back_byte_for_byte() {
        let text = "202407,\"山田　ﾊﾅｺ\r\n鷗\"\r\n";
        for (bytes, expected) in [
            (b"\x8ER\x93c\xF0\x40\xED\x40\x87\x90\x80,\xFD\x8E".to_vec(), Writing::Ms932),
            (b"\xEF\xBB\xBF\x8ER\x93c".to_vec(), Writing::Ms932),
            (text.as_bytes().to_vec(), Writing::Utf8),
            ([text.repeat(9).as_bytes(), b"\xE5\xB1 \xFF"].concat(), Writing::Utf8),
            (
                [&b"\xFF\xFE"[..], &Writing::Utf16 { is_big: false }.bytes(text), b"\x00\xD8x"]
                    .concat(),
                Writing::Utf16 { is_big: false },
            ),
            (
                [&b"\xFE\xFF"[..], &Writing::Utf16 { is_big: true }.bytes(text)].concat(),
                Writing::Utf16 { is_big: true },
            ),
            (
                OtherEncoding::EucJp.encode("居宅サービス,計画"),
                Writing::Other(OtherEncoding::EucJp),
            ),
            (
                OtherEncoding::Iso2022Jp.encode("居宅サービス,計画"),
                Writing::Other(OtherEncoding::Iso2022Jp),
            ),
        ] {
            let written = Written::read(&bytes).unwrap_or_else(|_| panic!("{bytes:X?} is a text"));
            assert_eq!(written.writing, expected, "{bytes:X?}");
            assert_eq!(written.writing.bytes(&written.text), bytes[written.mark..], "{bytes:X?}");
            let width: u64 = written.text.chars().map(|ch| written.writing.width(ch)).sum();
            assert_eq!(width, written.writing.as_ms932(&written.text).len() as u64);
        }
        let broken = [&OtherEncoding::EucJp.encode("居宅サービス")[..], b"\xA1,1"].concat();
        assert_eq!(euc_text(&broken), format!("居宅サービス{},1", raw(0xA1)));
    }
}
