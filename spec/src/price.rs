//! Unit prices (単位数単価) and benefit rates (給付率). Public tariff data (Inferred); municipal
//! services may have prices of their own.

/// The legal unit prices, in hundredths of a yen, ascending.
pub static UNIT_PRICES: [u16; 22] = [
    1000, 1014, 1017, 1021, 1027, 1033, 1042, 1045, 1054, 1055, 1066, 1068, 1070, 1072, 1083, 1084,
    1088, 1090, 1105, 1110, 1112, 1140,
];

/// The benefit rates that occur, in percent: 90, 80 and 70 usually, 60 and 100 rarely, 0 for
/// people on public assistance alone and for days over 30.
pub static BENEFIT_RATES: [u16; 6] = [0, 60, 70, 80, 90, 100];

/// A price of the form `99.99`, in hundredths of a yen.
pub fn parse_unit_price(bytes: &[u8]) -> Option<u16> {
    let [whole @ .., b'.', a, b] = bytes else { return None };
    if whole.is_empty() || whole.len() > 3 {
        return None;
    }
    whole.iter().chain([a, b]).try_fold(0u16, |sum, byte| {
        if !byte.is_ascii_digit() {
            return None;
        }
        sum.checked_mul(10)?.checked_add(u16::from(byte - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_have_two_decimals() {
        assert_eq!(parse_unit_price(b"11.40"), Some(1140));
        assert_eq!(parse_unit_price(b"10"), None);
        assert_eq!(parse_unit_price(b"10.5"), None);
        assert_eq!(parse_unit_price(b"999.99"), None, "beyond any price");
        assert!(UNIT_PRICES.is_sorted());
    }
}
