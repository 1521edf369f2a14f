//! ファイル連番: the 14 digits YYYYMMDDHHMMSS at the end of a name. Clauses: S 2.4, S 3.4.

use crate::calendar::{is_date, parse_time};

/// Whether the bytes are a real date and time, 14 digits.
pub fn is_valid(bytes: &[u8]) -> bool {
    let (Some(date), Some(time), Some(seconds)) =
        (bytes.get(..8), bytes.get(8..12), bytes.get(12..))
    else {
        return false;
    };
    is_date(date)
        && parse_time(time).is_some_and(|minutes| minutes < 24 * 60)
        && matches!(seconds, [b'0'..=b'5', b'0'..=b'9'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_real_date_and_time_is_a_sequence() {
        assert!(is_valid(b"20191025200201"));
        for wrong in ["20191025240000", "20190229100000", "201910252002011", "2019102520020", ""] {
            assert!(!is_valid(wrong.as_bytes()), "{wrong}");
        }
    }
}
