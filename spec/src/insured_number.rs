//! 被保険者番号: 10 digits, or `H` and 9 digits for people on public assistance alone (生保単独).
//! Clause: `L` (every table, item 3). There is no check digit.

/// Whether the bytes are ten digits or `H` and nine digits.
#[inline]
pub fn shape_is_valid(bytes: &[u8]) -> bool {
    let [first, rest @ ..] = bytes else { return false };
    rest.len() == 9
        && (first.is_ascii_digit() || *first == b'H')
        && rest.iter().all(u8::is_ascii_digit)
}

/// Whether the number is that of a person on public assistance alone.
pub fn is_public_assistance(bytes: &[u8]) -> bool {
    bytes.first() == Some(&b'H') && shape_is_valid(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_accepted_and_nothing_else() {
        assert!(shape_is_valid(b"0000123456"));
        assert!(shape_is_valid(b"H123456789"));
        assert!(is_public_assistance(b"H123456789"));
        assert!(!is_public_assistance(b"0123456789"));
        for wrong in ["123456789", "h123456789", "H12345678", "12345678901", " 123456789", ""] {
            assert!(!shape_is_valid(wrong.as_bytes()), "{wrong}");
        }
    }
}
