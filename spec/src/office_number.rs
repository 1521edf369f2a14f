//! 事業所番号: 10 characters. Shape: `L` (every table); the rest is plausibility (資料13).

use std::fmt;

use crate::check_digit::check_digit;

/// Why a well-formed number is doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The first two digits are no prefecture (01 to 47).
    Prefecture,
    /// The letters I, O and Q are never used.
    UnusedLetter,
    /// The third character is no known 事業所区分.
    UnknownKind,
    /// The last digit does not follow from the others.
    CheckDigit {
        /// The digit that would, 0 to 9.
        expected: u8,
    },
    /// The same digit ten times: a placeholder.
    AllSameDigit,
}

/// Numbers that official documents print as examples; never doubted.
pub const OFFICIAL_EXAMPLES: [&str; 7] = [
    "0300000100",
    "0300000005",
    "90A0100040",
    "2468135790",
    "0899999991",
    "0899999997",
    "1234567890",
];

/// Whether the bytes are `[0-9]{2}[0-9A-Z][0-9]{7}`.
#[inline]
pub fn shape_is_valid(bytes: &[u8]) -> bool {
    let [a, b, kind, rest @ ..] = bytes else { return false };
    rest.len() == 7
        && a.is_ascii_digit()
        && b.is_ascii_digit()
        && (kind.is_ascii_digit() || kind.is_ascii_uppercase())
        && rest.iter().all(u8::is_ascii_digit)
}

/// What is doubtful about a well-formed number; `None` also for any other bytes.
pub fn doubt(bytes: &[u8]) -> Option<Doubt> {
    if !shape_is_valid(bytes) || OFFICIAL_EXAMPLES.iter().any(|known| known.as_bytes() == bytes) {
        return None;
    }
    if bytes.iter().all(|byte| *byte == bytes[0]) {
        return Some(Doubt::AllSameDigit);
    }
    if !matches!(&bytes[..2], [b'0', b'1'..=b'9'] | [b'1'..=b'3', _] | [b'4', b'0'..=b'7']) {
        return Some(Doubt::Prefecture);
    }
    match bytes[2] {
        b'I' | b'O' | b'Q' => return Some(Doubt::UnusedLetter),
        b'0' | b'1' | b'3'..=b'9' | b'A' | b'B' => {}
        _ => return Some(Doubt::UnknownKind),
    }
    let expected = check_digit(&bytes[..9])?;
    let last = bytes[9] - b'0';
    // Numbers made from the codes of medical institutions in Saitama, Chiba, Tokyo and Kanagawa
    // keep the digit of that seven-digit code.
    let medical = matches!(&bytes[..2], b"11" | b"12" | b"13" | b"14")
        && check_digit(&bytes[3..9]) == Some(last);
    (last != expected && !medical).then_some(Doubt::CheckDigit { expected })
}

/// A well-formed office number.
///
/// ```
/// use careplan_spec::office_number::{OfficeNumber, doubt};
///
/// let office = OfficeNumber::with_check_digit("477900011").expect("nine characters");
/// assert_eq!(office.as_str(), "4779000118");
/// assert_eq!(OfficeNumber::parse(b"4779000118"), Some(office));
/// assert_eq!(OfficeNumber::parse("４７７９０００１１８".as_bytes()), None);
/// // Well-formed is not yet right: the check digit is asked for apart.
/// assert!(doubt(b"4779000118").is_none() && doubt(b"4779000119").is_some());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfficeNumber([u8; 10]);

impl OfficeNumber {
    /// The number, if the shape is right.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        shape_is_valid(bytes).then(|| Self(bytes.try_into().expect("the shape has ten characters")))
    }

    /// The number whose first nine characters are `body`, with its check digit.
    pub fn with_check_digit(body: &str) -> Option<Self> {
        let digit = check_digit(body.as_bytes())?;
        Self::parse(format!("{body}{digit}").as_bytes())
    }

    /// The ten characters.
    pub const fn as_bytes(&self) -> &[u8; 10] {
        &self.0
    }

    /// The ten characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("the shape is ASCII")
    }
}

impl fmt::Display for OfficeNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn official_examples_are_never_doubted() {
        for number in OFFICIAL_EXAMPLES {
            assert!(shape_is_valid(number.as_bytes()), "{number}");
            assert_eq!(doubt(number.as_bytes()), None, "{number}");
        }
    }

    #[test]
    fn doubts_are_named() {
        assert_eq!(doubt(b"2761690714"), None);
        assert_eq!(doubt(b"2761690715"), Some(Doubt::CheckDigit { expected: 4 }));
        assert_eq!(doubt(b"9999999999"), Some(Doubt::AllSameDigit));
        assert_eq!(doubt(b"4870100010"), Some(Doubt::Prefecture));
        assert_eq!(doubt(b"47O0100010"), Some(Doubt::UnusedLetter));
        assert_eq!(doubt(b"4720100010"), Some(Doubt::UnknownKind));
        // A medical office of Tokyo with the digit of its seven-digit code.
        let seven = format!("131123456{}", check_digit(b"123456").expect("digits"));
        assert_eq!(doubt(seven.as_bytes()), None);
        assert!(!shape_is_valid(b"477019001"));
        assert!(!shape_is_valid(b"47a0190017"));
    }
}
