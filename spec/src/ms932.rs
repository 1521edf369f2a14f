//! MS932 (CP932, the Shift-JIS of Windows), judged on raw bytes. Clause: S 4.3.
//!
//! Decoding is that of Windows: NEC row 13 (①, ㈱, Ⅱ) and the IBM extension (髙, 﨑) are legal.
//! Not legal are 外字 (F040–F9FC), the single bytes 80, A0, FD–FF, lead bytes without a trail and
//! pairs without a character. Encoding never substitutes.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use encoding_rs::SHIFT_JIS;

use crate::text::Text;

/// Why bytes are not MS932.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BadKind {
    /// 外字, F040–F9FC: a character someone drew on one machine.
    UserDefined,
    /// A well-formed pair to which no character is assigned.
    Unassigned,
    /// A lead byte that no trail byte follows.
    BrokenPair,
    /// 80, A0, FD, FE or FF.
    SingleByte,
}

/// One sequence that is not MS932.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadBytes {
    /// Offset of the first byte, 0-based.
    pub offset: usize,
    /// 1 or 2.
    pub len: usize,
    /// Why.
    pub kind: BadKind,
}

impl fmt::Display for BadBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.kind {
            BadKind::UserDefined => "外字, a character of one machine",
            BadKind::Unassigned => "a pair without a character",
            BadKind::BrokenPair => "half a pair",
            BadKind::SingleByte => "no byte of MS932",
        };
        write!(f, "not MS932 at byte {}: {why}", self.offset)
    }
}

impl std::error::Error for BadBytes {}

/// The character of each two-byte code, all of them in the BMP: 0 none, E000–F8FF 外字.
static PAIRS: LazyLock<Box<[u16; 0x1_0000]>> = LazyLock::new(|| {
    let mut table = Box::new([0; 0x1_0000]);
    for lead in 0x81..=0xFCu8 {
        if !is_lead(lead) {
            continue;
        }
        for trail in 0x40..=0xFCu8 {
            let bytes = [lead, trail];
            let decoded = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&bytes);
            let ch = decoded.as_deref().and_then(|text| text.chars().next());
            let unit = ch.and_then(|ch| u16::try_from(u32::from(ch)).ok());
            table[usize::from(lead) << 8 | usize::from(trail)] = unit.unwrap_or(0);
        }
    }
    table
});

/// Whether an entry of the table is a character that MS932 has.
const fn is_assigned(unit: u16) -> bool {
    unit != 0 && !matches!(unit, 0xE000..=0xF8FF)
}

const fn is_lead(byte: u8) -> bool {
    matches!(byte, 0x81..=0x9F | 0xE0..=0xFC)
}

/// The first sequence that is not MS932.
#[inline]
pub fn first_bad(bytes: &[u8]) -> Option<BadBytes> {
    first_bad_from(bytes, 0)
}

/// Every sequence that is not MS932, in order.
pub fn bad_bytes(bytes: &[u8]) -> impl Iterator<Item = BadBytes> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let bad = first_bad_from(bytes, from)?;
        from = bad.offset + bad.len;
        Some(bad)
    })
}

fn first_bad_from(bytes: &[u8], from: usize) -> Option<BadBytes> {
    let pairs: &[u16; 0x1_0000] = &PAIRS;
    let mut at = from;
    while at < bytes.len() {
        // Long runs of ASCII are the rule in these files.
        while let Some(block) = bytes.get(at..at + 16) {
            let block: &[u8; 16] = block.try_into().expect("the slice has 16 bytes");
            if u128::from_le_bytes(*block) & 0x8080_8080_8080_8080_8080_8080_8080_8080 != 0 {
                break;
            }
            at += 16;
        }
        let Some(&byte) = bytes.get(at) else { break };
        match byte {
            0..=0x7F | 0xA1..=0xDF => at += 1,
            0x80 | 0xA0 | 0xFD..=0xFF => {
                return Some(BadBytes { offset: at, len: 1, kind: BadKind::SingleByte });
            }
            lead => {
                let trail = bytes.get(at + 1).copied().unwrap_or(0);
                if !is_assigned(pairs[usize::from(lead) << 8 | usize::from(trail)]) {
                    return Some(judge_pair(lead, trail, at));
                }
                at += 2;
            }
        }
    }
    None
}

#[cold]
fn judge_pair(lead: u8, trail: u8, offset: usize) -> BadBytes {
    let is_trail = matches!(trail, 0x40..=0x7E | 0x80..=0xFC);
    let (len, kind) = match (is_trail, lead) {
        (true, 0xF0..=0xF9) => (2, BadKind::UserDefined),
        (true, _) => (2, BadKind::Unassigned),
        (false, _) => (1, BadKind::BrokenPair),
    };
    BadBytes { offset, len, kind }
}

/// The characters with byte offset and length; `None` for a sequence that is not MS932.
pub fn characters(bytes: &[u8]) -> impl Iterator<Item = (usize, usize, Option<char>)> {
    let pairs: &[u16; 0x1_0000] = &PAIRS;
    let mut at = 0;
    std::iter::from_fn(move || {
        let &byte = bytes.get(at)?;
        let start = at;
        let (len, ch) = match byte {
            0..=0x7F => (1, Some(char::from(byte))),
            0xA1..=0xDF => (1, char::from_u32(0xFF61 + u32::from(byte) - 0xA1)),
            0x80 | 0xA0 | 0xFD..=0xFF => (1, None),
            lead => {
                let trail = bytes.get(at + 1).copied().unwrap_or(0);
                let unit = pairs[usize::from(lead) << 8 | usize::from(trail)];
                if is_assigned(unit) {
                    (2, char::from_u32(u32::from(unit)))
                } else {
                    (judge_pair(lead, trail, 0).len, None)
                }
            }
        };
        at += len;
        Some((start, len, ch))
    })
}

/// The last character boundary at or before `index`.
pub fn floor_char_boundary(bytes: &[u8], index: usize) -> usize {
    if index >= bytes.len() {
        return bytes.len();
    }
    let mut end = 0;
    for (at, len, _) in characters(bytes) {
        if at + len > index {
            break;
        }
        end = at + len;
    }
    end
}

/// Decodes the bytes.
///
/// # Errors
/// The first sequence that is not MS932.
pub fn decode(bytes: &[u8]) -> Result<String, BadBytes> {
    match first_bad(bytes) {
        Some(bad) => Err(bad),
        None => Ok(SHIFT_JIS.decode_without_bom_handling(bytes).0.into_owned()),
    }
}

/// Decodes the bytes; every sequence that is not MS932, 外字 too, becomes U+FFFD.
pub fn decode_lossy(bytes: &[u8]) -> String {
    match decode(bytes) {
        Ok(text) => text,
        Err(_) => {
            characters(bytes).map(|(_, _, ch)| ch.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
    }
}

/// The bytes of one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoded {
    bytes: [u8; 2],
    len: u8,
}

impl Encoded {
    /// One or two bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

/// A character that has no MS932 form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unencodable {
    /// The character.
    pub ch: char,
    /// Its offset in the text, in bytes of UTF-8.
    pub byte_offset: usize,
}

impl fmt::Display for Unencodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ch, byte_offset } = self;
        write!(f, "{ch} (U+{:04X}) at byte {byte_offset} has no MS932 form", u32::from(*ch))
    }
}

impl std::error::Error for Unencodable {}

/// Encodes one character as Windows does, without ever substituting: `¥`, `‾`, U+2212 and 外字
/// are refused.
pub fn encode_char(ch: char) -> Option<Encoded> {
    if ch.is_ascii() {
        return Some(Encoded { bytes: [ch as u8, 0], len: 1 });
    }
    // The three characters that the general encoder folds onto others.
    if matches!(ch, '\u{A5}' | '\u{203E}' | '\u{2212}' | '\u{80}') {
        return None;
    }
    let mut text = [0; 4];
    let (bytes, _, replaced) = SHIFT_JIS.encode(ch.encode_utf8(&mut text));
    match (replaced, &*bytes) {
        (false, &[one]) => Some(Encoded { bytes: [one, 0], len: 1 }),
        (false, &[lead, trail]) => Some(Encoded { bytes: [lead, trail], len: 2 }),
        _ => None,
    }
}

/// Encodes a text, never substituting.
///
/// ```
/// use careplan_spec::ms932;
///
/// assert_eq!(ms932::encode("髙﨑")?, [0xFB, 0xFC, 0xFA, 0xB1]);
/// assert_eq!(ms932::decode(&[0xFB, 0xFC, 0xFA, 0xB1]).as_deref(), Ok("髙﨑"));
/// assert_eq!(ms932::encode("田𠮷").unwrap_err().byte_offset, "田".len());
/// # Ok::<(), ms932::Unencodable>(())
/// ```
///
/// # Errors
/// The first character that has no MS932 form.
pub fn encode(text: &str) -> Result<Vec<u8>, Unencodable> {
    let mut out = Vec::with_capacity(text.len());
    for (byte_offset, ch) in text.char_indices() {
        match encode_char(ch) {
            Some(encoded) => out.extend_from_slice(encoded.as_bytes()),
            None => return Err(Unencodable { ch, byte_offset }),
        }
    }
    Ok(out)
}

/// Whether a lead byte opens a row of NEC-selected IBM characters (ED, EE): legal, but Windows
/// writes these characters as FA–FC.
pub const fn is_nec_selected(lead: u8) -> bool {
    matches!(lead, 0xED | 0xEE)
}

/// Whether a pair is the code of a sign that has another one, which alone Windows writes: nine
/// signs of NEC row 13 that JIS has too, and Ⅰ to Ⅹ, ￢, ㈱, №, ℡ and ∵ of the IBM extension. The
/// pairs of [`is_nec_selected`] are not among these 24.
#[inline]
pub const fn is_second_code(pair: &[u8]) -> bool {
    matches!(
        pair,
        [0x87, 0x90..=0x92 | 0x95..=0x97 | 0x9A..=0x9C] | [0xFA, 0x4A..=0x54 | 0x58..=0x5B]
    )
}

/// Why a character is trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemClass {
    /// Not in MS932 at all.
    Outside,
    /// Two code points for one MS932 code; one of them has no form.
    DualMapping,
    /// A combining mark: the text is decomposed (NFD).
    Combining,
}

/// A character that vendors get wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProblemCharacter {
    /// The character.
    pub ch: char,
    /// Why it is trouble.
    pub class: ProblemClass,
    /// What to know.
    pub note: Text,
    /// What can stand for it, in MS932.
    pub replacement: Option<&'static str>,
    /// Whether the replacement is the one faithful form, safe to apply without asking.
    pub faithful: bool,
}

const DUAL: Text = Text::new(
    "同じ文字に2つの符号があり、Windowsはもう一方を使います。",
    "The character has two code points; Windows uses the other one.",
);
const NEW_FORM: Text = Text::new(
    "MS932に無い字体です。読みと意味が同じ字にするか、かなで書いてください。",
    "This form is not in MS932: use the common form or kana.",
);
const DASH: Text = Text::new(
    "ワープロや携帯端末が自動で入れるダッシュです。",
    "A dash that word processors and phones insert.",
);

const fn dual(ch: char, replacement: &'static str) -> ProblemCharacter {
    ProblemCharacter {
        ch,
        class: ProblemClass::DualMapping,
        note: DUAL,
        replacement: Some(replacement),
        faithful: true,
    }
}

const fn outside(ch: char, note: Text, replacement: &'static str) -> ProblemCharacter {
    ProblemCharacter {
        ch,
        class: ProblemClass::Outside,
        note,
        replacement: Some(replacement),
        faithful: false,
    }
}

const MARK: Text = Text::new(
    "濁点・半濁点が分かれた文字（NFD）です。合成した文字に直してください。",
    "A voiced mark apart from its letter (NFD): compose the text.",
);

/// The characters that vendors get wrong.
pub static PROBLEM_CHARACTERS: [ProblemCharacter; 20] = [
    dual('〜', "～"),
    dual('\u{2212}', "－"),
    dual('‖', "∥"),
    dual('¢', "￠"),
    dual('£', "￡"),
    dual('¬', "￢"),
    outside('—', DASH, "―"),
    outside('–', DASH, "－"),
    outside(
        '¥',
        Text::new("円記号U+00A5はMS932にありません。", "The yen sign U+00A5 is not in MS932."),
        "￥",
    ),
    outside('‾', Text::new("上線はMS932にありません。", "The overline is not in MS932."), "￣"),
    outside('\u{A0}', Text::new("改行しない空白です。", "A no-break space."), " "),
    outside('𠮷', NEW_FORM, "吉"),
    outside('鷗', NEW_FORM, "鴎"),
    outside('噓', NEW_FORM, "嘘"),
    outside('剝', NEW_FORM, "剥"),
    outside('頰', NEW_FORM, "頬"),
    outside('㐂', NEW_FORM, "喜"),
    outside('𩸽', NEW_FORM, "ほっけ"),
    ProblemCharacter {
        ch: '\u{3099}',
        class: ProblemClass::Combining,
        note: MARK,
        replacement: None,
        faithful: false,
    },
    ProblemCharacter {
        ch: '\u{309A}',
        class: ProblemClass::Combining,
        note: MARK,
        replacement: None,
        faithful: false,
    },
];

/// What is known about a character.
pub fn problem(ch: char) -> Option<&'static ProblemCharacter> {
    PROBLEM_CHARACTERS.iter().find(|problem| problem.ch == ch)
}

/// Joins kana with the combining voiced marks U+3099 and U+309A that follow them.
pub fn compose_kana(text: &str) -> Cow<'_, str> {
    if !text.contains(['\u{3099}', '\u{309A}']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        let composed = match ch {
            '\u{3099}' => out.chars().next_back().and_then(voiced),
            '\u{309A}' => out.chars().next_back().and_then(half_voiced),
            _ => None,
        };
        match composed {
            Some(composed) => {
                out.pop();
                out.push(composed);
            }
            None => out.push(ch),
        }
    }
    Cow::Owned(out)
}

fn voiced(ch: char) -> Option<char> {
    match ch {
        'か' | 'き' | 'く' | 'け' | 'こ' | 'さ' | 'し' | 'す' | 'せ' | 'そ' | 'た' | 'ち'
        | 'つ' | 'て' | 'と' | 'は' | 'ひ' | 'ふ' | 'へ' | 'ほ' | 'カ' | 'キ' | 'ク' | 'ケ'
        | 'コ' | 'サ' | 'シ' | 'ス' | 'セ' | 'ソ' | 'タ' | 'チ' | 'ツ' | 'テ' | 'ト' | 'ハ'
        | 'ヒ' | 'フ' | 'ヘ' | 'ホ' | 'ゝ' | 'ヽ' => char::from_u32(u32::from(ch) + 1),
        'ウ' => Some('ヴ'),
        _ => None,
    }
}

fn half_voiced(ch: char) -> Option<char> {
    match ch {
        'は' | 'ひ' | 'ふ' | 'へ' | 'ほ' | 'ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ' => {
            char::from_u32(u32::from(ch) + 2)
        }
        _ => None,
    }
}

/// Whether the beginning of a file is UTF-8 rather than MS932. `truncated`: more follows, so the
/// last character may be cut.
///
/// Plain ASCII is not called UTF-8. Where the bytes are valid both ways, UTF-8 wins only if every
/// character beyond ASCII is one that Japanese text holds.
pub fn looks_like_utf8(sample: &[u8], truncated: bool) -> bool {
    let text = match std::str::from_utf8(sample) {
        Ok(text) => text,
        Err(error) if truncated && error.error_len().is_none() => {
            std::str::from_utf8(&sample[..error.valid_up_to()]).expect("valid up to there")
        }
        Err(_) => return mostly_utf8(sample),
    };
    let mut beyond = text.chars().filter(|ch| !ch.is_ascii()).peekable();
    if beyond.peek().is_none() {
        return false;
    }
    let is_ms932 = match first_bad(text.as_bytes()) {
        None => true,
        Some(bad) => bad.offset + bad.len >= text.len(),
    };
    !is_ms932 || beyond.all(is_japanese)
}

/// UTF-8 with a few broken bytes in it, as left by a cut or a careless join.
fn mostly_utf8(sample: &[u8]) -> bool {
    let text = String::from_utf8_lossy(sample);
    let (mut good, mut bad) = (0usize, 0usize);
    for ch in text.chars() {
        match ch {
            char::REPLACEMENT_CHARACTER => bad += 1,
            ch if is_japanese(ch) => good += 1,
            _ => {}
        }
    }
    good >= 8 && good > bad * 8
}

const fn is_japanese(ch: char) -> bool {
    matches!(ch,
        '\u{3000}'..='\u{30FF}' | '\u{3200}'..='\u{33FF}' | '\u{3400}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{2010}'..='\u{266F}'
        | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bad(bytes: &[u8]) -> Vec<(usize, usize, BadKind)> {
        bad_bytes(bytes).map(|bad| (bad.offset, bad.len, bad.kind)).collect()
    }

    #[test]
    fn characters_of_windows_are_legal() {
        for (text, bytes) in [
            ("髙", [0xFB, 0xFC]),
            ("﨑", [0xFA, 0xB1]),
            ("①", [0x87, 0x40]),
            ("Ⅱ", [0x87, 0x55]),
            ("㈱", [0x87, 0x8A]),
            ("～", [0x81, 0x60]),
        ] {
            assert_eq!(encode(text).expect("legal"), bytes, "{text}");
            assert_eq!(bad(&bytes), []);
            assert_eq!(decode(&bytes).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_no_ms932_is_an_error_that_says_where() {
        let said = |bytes: &[u8]| decode(bytes).expect_err("bad").to_string();
        assert_eq!(said(b"a\xF0\x40"), "not MS932 at byte 1: 外字, a character of one machine");
        assert_eq!(said(b"\x81\xAD"), "not MS932 at byte 0: a pair without a character");
        assert_eq!(said(b"ab\x81"), "not MS932 at byte 2: half a pair");
        assert_eq!(said(b"\xFF"), "not MS932 at byte 0: no byte of MS932");
        let said = encode("田𠮷").expect_err("not in MS932").to_string();
        assert_eq!(said, "𠮷 (U+20BB7) at byte 3 has no MS932 form");
    }

    #[test]
    fn every_kind_of_bad_byte_is_named() {
        assert_eq!(
            bad(b"\xF0\x40a\xF9\xFC"),
            [(0, 2, BadKind::UserDefined), (3, 2, BadKind::UserDefined)]
        );
        assert_eq!(bad(b"a\x80b\xA0\xFD\xFE\xFF").len(), 5);
        assert_eq!(bad(b"ab\x81,"), [(2, 1, BadKind::BrokenPair)]);
        assert_eq!(bad(b"ab\x81"), [(2, 1, BadKind::BrokenPair)]);
        assert_eq!(bad(b"\x85\x40"), [(0, 2, BadKind::Unassigned)]);
        assert_eq!(bad(b"0123456789abcdef0123\xFF"), [(20, 1, BadKind::SingleByte)]);
    }

    #[test]
    fn decoding_agrees_with_the_reference_for_every_pair() {
        for lead in 0x81..=0xFCu8 {
            for trail in 0..=0xFFu8 {
                let pair = [lead, trail];
                let reference =
                    SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&pair);
                let gaiji = matches!(lead, 0xF0..=0xF9);
                let legal = first_bad(&pair).is_none();
                match reference {
                    Some(_) if gaiji && trail >= 0x40 => assert!(!legal, "{pair:02X?}"),
                    Some(_) => {
                        let single = [0x80, 0xA0, 0xFD, 0xFE, 0xFF];
                        let excluded = single.contains(&lead) || single.contains(&trail);
                        assert!(legal || excluded, "{pair:02X?}");
                    }
                    None => assert!(!legal, "{pair:02X?}"),
                }
            }
        }
    }

    /// By the definition: a legal pair whose character Windows writes with another one.
    #[test]
    fn the_codes_windows_never_writes_are_known() {
        let mut second = 0;
        for lead in 0x81..=0xFCu8 {
            for trail in 0x40..=0xFCu8 {
                let pair = [lead, trail];
                let Ok(text) = decode(&pair) else { continue };
                let [ch] = text.chars().collect::<Vec<_>>()[..] else { continue };
                let usual = encode_char(ch).expect("what was decoded has a code");
                let is_second = *usual.as_bytes() != pair && !is_nec_selected(lead);
                assert_eq!(is_second_code(&pair), is_second, "{ch} {pair:02X?}");
                second += usize::from(is_second);
            }
        }
        assert_eq!(second, 24);
        assert!(!is_second_code(b"\x87") && !is_second_code(b"\x87\x90\x90"));
    }

    #[test]
    fn encoding_never_substitutes() {
        for ch in ['¥', '‾', '\u{2212}', '〜', '𠮷', '鷗', '—', '\u{E000}', '😀', 'é', '\u{80}']
        {
            assert_eq!(encode_char(ch), None, "{ch}");
        }
        let error = encode("山田𠮷郎").expect_err("𠮷 has no form");
        assert_eq!((error.ch, error.byte_offset), ('𠮷', 6));
    }

    #[test]
    fn replacements_have_an_ms932_form_and_originals_have_none() {
        for problem in &PROBLEM_CHARACTERS {
            assert_eq!(encode_char(problem.ch), None, "{}", problem.ch);
            assert_eq!(super::problem(problem.ch), Some(problem));
            if let Some(replacement) = problem.replacement {
                assert!(encode(replacement).is_ok(), "{replacement}");
            }
        }
    }

    #[test]
    fn decomposed_kana_are_joined() {
        assert_eq!(compose_kana("か\u{3099}っこう ハ\u{309A}ン"), "がっこう パン");
        assert_eq!(compose_kana("あ\u{3099}"), "あ\u{3099}");
        assert_eq!(compose_kana("ウ\u{3099}ひ\u{309A}ソ\u{309A}"), "ヴぴソ\u{309A}");
    }

    #[test]
    fn the_two_encodings_of_japanese_text_are_told_apart() {
        for text in [
            "介護",
            "ﾃｽﾄ",
            "ｱｲｳｴｵ",
            "山田　太郎",
            "居宅サービス計画書",
            "ﾔﾏﾀﾞ ﾀﾛｳ",
            "①㈱髙﨑",
            "東京都千代田区",
            "はい",
            "ヤマダ",
            "亜",
        ] {
            assert!(looks_like_utf8(text.as_bytes(), false), "UTF-8 {text}");
            let ms932 = encode(text).expect("Japanese");
            assert!(!looks_like_utf8(&ms932, false), "MS932 {text}");
        }
        assert!(!looks_like_utf8(b"202407,131016", false));
        // A few broken bytes among Japanese text: eight good characters at least, and more than
        // eight for each bad one.
        let broken = |good: &str, bad: usize| {
            let mut bytes = good.as_bytes().to_vec();
            bytes.extend(std::iter::repeat_n(0xFF, bad));
            looks_like_utf8(&bytes, false)
        };
        assert!(broken("居宅介護支援計画書", 1));
        assert!(!broken("居宅介護支援計画", 1), "eight for one bad byte");
        assert!(!broken("居宅介護支援計画書居宅介護支援計", 2), "sixteen for two");
        assert!(broken("居宅介護支援計画書居宅介護支援計画", 2), "seventeen for two");
        assert!(looks_like_utf8(&"計画".as_bytes()[..5], true));
    }

    #[test]
    fn cutting_respects_characters() {
        let bytes = encode("あいう").expect("kana");
        assert_eq!(floor_char_boundary(&bytes, 3), 2);
        assert_eq!(floor_char_boundary(&bytes, 6), 6);
    }
}
