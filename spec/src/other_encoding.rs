//! Encodings of Japanese text that are not the standard's: told from the bytes, and decoded.
//!
//! Clause: S 4.3 (Shift_JIS, MS932).

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP};

/// An encoding that systems other than Windows write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherEncoding {
    /// EUC-JP, of old UNIX systems.
    EucJp,
    /// ISO-2022-JP, the "JIS" of mail.
    Iso2022Jp,
}

impl OtherEncoding {
    /// What the beginning of a text says, if it is one of these; `truncated`: more follows.
    ///
    /// ```
    /// use careplan_spec::ms932;
    /// use careplan_spec::other_encoding::OtherEncoding;
    ///
    /// let text = "訪問介護のケアプラン";
    /// for encoding in [OtherEncoding::EucJp, OtherEncoding::Iso2022Jp] {
    ///     let bytes = encoding.encode(text);
    ///     assert_eq!(OtherEncoding::of(&bytes, false), Some(encoding));
    ///     assert_eq!(encoding.decode(&bytes), text);
    /// }
    /// let bytes = ms932::encode(text).expect("it has a form there");
    /// assert_eq!(OtherEncoding::of(&bytes, false), None);
    /// ```
    pub fn of(sample: &[u8], truncated: bool) -> Option<Self> {
        if sample.is_ascii() {
            let escapes = |pair: &[u8]| matches!(pair, b"\x1B$B" | b"\x1B$@" | b"\x1B$(");
            return sample.windows(3).any(escapes).then_some(Self::Iso2022Jp);
        }
        is_euc_jp(sample, truncated).then_some(Self::EucJp)
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EucJp => "EUC-JP",
            Self::Iso2022Jp => "ISO-2022-JP",
        }
    }

    const fn encoding(self) -> &'static Encoding {
        match self {
            Self::EucJp => EUC_JP,
            Self::Iso2022Jp => ISO_2022_JP,
        }
    }

    /// The text; what cannot be read becomes U+FFFD.
    pub fn decode(self, bytes: &[u8]) -> String {
        self.encoding().decode_without_bom_handling(bytes).0.into_owned()
    }

    /// A decoder for text that comes in pieces.
    pub fn decoder(self) -> Decoder {
        Decoder(self.encoding().new_decoder_without_bom_handling())
    }

    /// The bytes of a text, for tests and examples; a character without a form becomes a
    /// numeric reference.
    pub fn encode(self, text: &str) -> Vec<u8> {
        self.encoding().encode(text).0.into_owned()
    }
}

/// Decodes text that comes in pieces.
pub struct Decoder(encoding_rs::Decoder);

impl Decoder {
    /// Appends the text of the next bytes as UTF-8; `last`: no more follow.
    pub fn decode(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>) {
        let room = self.0.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3 + 16);
        let mut text = String::with_capacity(room);
        let _ = self.0.decode_to_string(bytes, &mut text, last);
        out.extend_from_slice(text.as_bytes());
    }
}

/// Every high byte belongs to a pair of EUC-JP, and enough of them are no half-width kana, which
/// MS932 writes as single bytes of the same range.
fn is_euc_jp(sample: &[u8], truncated: bool) -> bool {
    let is_trail = |at: usize, last: u8| match sample.get(at) {
        Some(byte) => (0xA1..=last).contains(byte),
        None => truncated,
    };
    let (mut pairs, mut telling, mut at) = (0_usize, 0_usize, 0);
    while let Some(&byte) = sample.get(at) {
        let len = match byte {
            0..=0x7F => 1,
            0x8E if is_trail(at + 1, 0xDF) => 2,
            0x8F if is_trail(at + 1, 0xFE) && is_trail(at + 2, 0xFE) => 3,
            0xA1..=0xFE if is_trail(at + 1, 0xFE) => {
                let trail = sample.get(at + 1).copied().unwrap_or_default();
                // Hiragana and katakana have these leads; half-width kana end at DF.
                telling += usize::from(matches!(byte, 0xA4 | 0xA5) || byte.max(trail) > 0xDF);
                2
            }
            _ => return false,
        };
        pairs += usize::from(len > 1);
        at += len;
    }
    pairs >= 4 && telling * 4 >= pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ms932;

    #[test]
    fn text_of_ms932_is_neither() {
        for text in [
            "居宅サービス計画書",
            "ﾔﾏﾀﾞ ﾊﾅｺ",
            "ﾔﾏﾀﾞﾊﾅｺ",
            "カクウ ハナコ",
            "﨑",
            "202407,131016",
            "ﾃｽﾘﾃｽﾘ",
        ] {
            let bytes = ms932::encode(text).expect("a form in MS932");
            assert_eq!(OtherEncoding::of(&bytes, false), None, "{text}");
        }
        assert_eq!(OtherEncoding::of(b"", false), None);
        assert_eq!(OtherEncoding::of(b"1,\x1B[31m,2", false), None, "another escape");
    }

    #[test]
    fn a_cut_pair_is_one_only_where_more_follows() {
        let bytes = OtherEncoding::EucJp.encode("ケアプラン");
        let cut = &bytes[..bytes.len() - 1];
        assert_eq!(OtherEncoding::of(cut, true), Some(OtherEncoding::EucJp));
        assert_eq!(OtherEncoding::of(cut, false), None);
    }

    #[test]
    fn four_characters_tell_and_three_do_not() {
        let of = |text| OtherEncoding::of(&OtherEncoding::EucJp.encode(text), false);
        assert_eq!(of("ケアプラ"), Some(OtherEncoding::EucJp));
        assert_eq!(of("ケアプ"), None);
    }

    #[test]
    fn pieces_give_the_same_text_as_the_whole() {
        let text = "居宅,\"訪問\"\r\nｶﾅ髙";
        for encoding in [OtherEncoding::EucJp, OtherEncoding::Iso2022Jp] {
            let bytes = encoding.encode(text);
            let (mut decoder, mut out) = (encoding.decoder(), Vec::new());
            for piece in bytes.chunks(3) {
                decoder.decode(piece, false, &mut out);
            }
            decoder.decode(b"", true, &mut out);
            assert_eq!(String::from_utf8(out).expect("UTF-8"), encoding.decode(&bytes));
        }
    }
}
