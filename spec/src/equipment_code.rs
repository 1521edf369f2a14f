//! TAISコード and 福祉用具届出コード: `00001-000010`. Clauses: L UPPLAN 16, 17.
//!
//! The standard prints a full-width hyphen in a field of 12 characters; half width is meant
//! (Inferred). The alphabet of 届出コード is not given: letters are accepted in the first part.

/// Whether the bytes are `[0-9A-Z]{5}-[0-9]{6}`, half width.
#[inline]
pub fn shape_is_valid(bytes: &[u8]) -> bool {
    bytes.len() == 12
        && bytes[..5].iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && bytes[5] == b'-'
        && bytes[6..].iter().all(u8::is_ascii_digit)
}

/// The half-width form of a code written with full-width digits or another hyphen, if that makes
/// it valid.
pub fn normalise(text: &str) -> Option<String> {
    let half: String =
        text.chars()
            .map(|ch| match ch {
                '０'..='９' | 'Ａ'..='Ｚ' => char::from_u32(u32::from(ch) - 0xFEE0)
                    .expect("full-width ASCII has a half width"),
                '－' | '―' | '‐' | 'ー' | '−' | '–' | 'ｰ' => '-',
                other => other,
            })
            .collect();
    (half != text && shape_is_valid(half.as_bytes())).then_some(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_example_is_normalised() {
        assert!(shape_is_valid(b"00001-000010"));
        assert_eq!(normalise("00001－000010").as_deref(), Some("00001-000010"));
        assert_eq!(normalise("00001-000010"), None);
        assert_eq!(normalise("手すり"), None);
    }
}
