//! サービスコード: service kind (2) and item (4). Clauses: L UPPLAN 15, L UPSIKYU 9.

/// What a row's code says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeClass {
    /// A service.
    Service,
    /// `kindAAAA`: subtotal of services inside the monthly limit.
    SubtotalManaged,
    /// `kindEEEE`: subtotal of services outside the limit.
    SubtotalUnmanaged,
    /// `kindZZZZ`: subtotal of short stays over 30 days.
    SubtotalOver30Days,
    /// `999999`: the total row.
    Total,
}

/// What the code of a table 7 row says it is.
pub fn classify(code: &[u8]) -> CodeClass {
    match code {
        b"999999" => CodeClass::Total,
        [_, _, rest @ ..] => match rest {
            b"AAAA" => CodeClass::SubtotalManaged,
            b"EEEE" => CodeClass::SubtotalUnmanaged,
            b"ZZZZ" => CodeClass::SubtotalOver30Days,
            _ => CodeClass::Service,
        },
        _ => CodeClass::Service,
    }
}

/// Whether the characters are those of codes in public tables: a known form of kind, then a digit
/// or letter (never I, O, Q), then three digits.
pub fn has_usual_characters(code: &[u8]) -> bool {
    let [kind @ .., first, a, b, c] = code else { return false };
    let item_first = first.is_ascii_digit()
        || first.is_ascii_uppercase() && !matches!(first, b'I' | b'O' | b'Q');
    kind.len() == 2
        && crate::service_kind::is_well_formed(kind)
        && item_first
        && [a, b, c].iter().all(|byte| byte.is_ascii_digit())
}

/// Whether the code is a rented item, 171001–171013 or 671001–671013, rather than an addition.
pub const fn is_rental_item(code: &[u8]) -> bool {
    matches!(
        code,
        [b'1' | b'6', b'7', b'1', b'0', b'0', b'1'..=b'9']
            | [b'1' | b'6', b'7', b'1', b'0', b'1', b'0'..=b'3']
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudo_codes_are_told_from_services() {
        assert_eq!(classify(b"999999"), CodeClass::Total);
        assert_eq!(classify(b"11AAAA"), CodeClass::SubtotalManaged);
        assert_eq!(classify(b"21ZZZZ"), CodeClass::SubtotalOver30Days);
        assert_eq!(classify(b"112211"), CodeClass::Service);
        assert!(has_usual_characters(b"A2C201") && has_usual_characters(b"112211"));
        assert!(!has_usual_characters(b"11O211") && !has_usual_characters(b"11ABCD"));
        for (code, is_item) in [
            (b"171001", true),
            (b"171009", true),
            (b"171010", true),
            (b"171013", true),
            (b"671013", true),
            (b"171000", false),
            (b"171014", false),
            (b"171101", false),
            (b"178001", false),
            (b"271001", false),
        ] {
            assert_eq!(is_rental_item(code), is_item, "{}", code.escape_ascii());
        }
        assert!(!is_rental_item(b"17100") && !is_rental_item(b"1710011"));
    }
}
