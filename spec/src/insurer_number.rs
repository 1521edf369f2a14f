//! 保険者番号: 6 digits. Shape: `L` (every table); the rest is plausibility.

use crate::check_digit::check_digit;

/// Why a well-formed number is doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The first two digits are no prefecture (01 to 47).
    Prefecture,
    /// It is the 全国地方公共団体コード of the municipality, whose last digit is another one.
    MunicipalityCode {
        /// The last digit of the insurer number, 0 to 9.
        expected: u8,
    },
    /// The last digit does not follow from the others.
    CheckDigit {
        /// The digit that would, 0 to 9.
        expected: u8,
    },
}

/// Whether the bytes are six digits.
#[inline]
pub fn shape_is_valid(bytes: &[u8]) -> bool {
    bytes.len() == 6 && bytes.iter().all(u8::is_ascii_digit)
}

/// What is doubtful about a well-formed number.
pub fn doubt(bytes: &[u8]) -> Option<Doubt> {
    if !shape_is_valid(bytes) {
        return None;
    }
    if !matches!(&bytes[..2], [b'0', b'1'..=b'9'] | [b'1'..=b'3', _] | [b'4', b'0'..=b'7']) {
        return Some(Doubt::Prefecture);
    }
    let expected = check_digit(&bytes[..5])?;
    let last = bytes[5] - b'0';
    if last == expected {
        return None;
    }
    if municipality_digit(&bytes[..5]) == last {
        return Some(Doubt::MunicipalityCode { expected });
    }
    Some(Doubt::CheckDigit { expected })
}

/// The last digit of a 全国地方公共団体コード: modulus 11, weights 6 5 4 3 2.
fn municipality_digit(body: &[u8]) -> u8 {
    let sum: u32 = body
        .iter()
        .zip([6, 5, 4, 3, 2])
        .map(|(byte, weight)| u32::from(byte - b'0') * weight)
        .sum();
    ((11 - sum % 11) % 10) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_municipality_code_is_recognised() {
        let expected = check_digit(b"47201").expect("digits");
        assert_eq!(doubt(format!("47201{expected}").as_bytes()), None);
        let code = format!("47201{}", municipality_digit(b"47201"));
        assert_eq!(code, "472018");
        assert_eq!(doubt(code.as_bytes()), Some(Doubt::MunicipalityCode { expected }));
        assert_eq!(doubt(b"480001"), Some(Doubt::Prefecture));
        assert_eq!(doubt(b"47201"), None, "not six digits: judged by shape");
    }
}
