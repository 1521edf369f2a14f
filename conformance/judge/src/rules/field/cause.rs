//! Known causes of broken digits: what spreadsheets, keyboards and calendars do to them.

use crate::rules::prelude::*;

/// The cause that the shape of a value gives away.
pub(crate) fn of_digits(value: &[u8]) -> Option<Text> {
    let has = |bytes: &[u8]| value.iter().any(|byte| bytes.contains(byte));
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    if digits > 0 && has(b"E") && has(b"+") {
        return Some(Text::new(
            "表計算ソフトで開いて保存したため、指数表記に変わっています。元の出力を使ってください。",
            "A spreadsheet turned it into scientific notation: use the original export.",
        ));
    }
    if digits > 0 && has(b"/") {
        return Some(Text::new(
            "表計算ソフトが日付に変えた形です。区切りのない数字で出力してください。",
            "A spreadsheet made a date of it: write digits without separators.",
        ));
    }
    if matches!(value.first(), Some(b'R' | b'H' | b'S' | b'T' | b'r' | b'h' | b's'))
        && digits > 0
        && value.len() < 10
    {
        return Some(Text::new("和暦ではなく西暦で出力してください。", "Write the Western year."));
    }
    if value.first() == Some(&b' ') || value.last() == Some(&b' ') {
        return Some(Text::new("前後に空白があります。", "There are spaces around it."));
    }
    // Full-width digits are 824F to 8258.
    if value.windows(2).any(|pair| pair[0] == 0x82 && matches!(pair[1], 0x4F..=0x58)) {
        return Some(Text::new(
            "全角の数字です。半角で出力してください。",
            "Write half-width digits.",
        ));
    }
    if digits > 0 && has(b"-") && value.first() != Some(&b'-') {
        return Some(Text::new("区切りのハイフンは入れません。", "Leave out the hyphens."));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::of_digits;

    /// The first words of the cause, in English.
    fn cause(value: &str) -> Option<&'static str> {
        let value = careplan_spec::ms932::encode(value).expect("characters of MS932");
        let words = of_digits(&value)?.en;
        Some(words.split_once(' ').map_or(words, |(first, _)| first).trim_end_matches(':'))
    }

    #[test]
    fn a_cause_is_told_from_the_shape_of_a_value() {
        let scientific = of_digits(b"1.11E+30");
        assert_eq!(scientific, of_digits(b"4.78E+09"));
        assert_ne!(scientific, of_digits(b"2026/6/1"), "slashes are another thing");
        for slashes in ["2026/6/1", "1/2"] {
            assert_eq!(of_digits(slashes.as_bytes()), of_digits(b"2026/05/23"));
        }
        for era in ["R8.6.1", "H120101", "S180309", "T1", "r8", "h12", "s18", "R12345678"] {
            assert_eq!(cause(era), Some("Write"), "{era}");
            assert_eq!(of_digits(era.as_bytes()), of_digits(b"S180309"), "{era}");
        }
        for spaces in [" 1030", "1030 ", " ", " x"] {
            assert_eq!(cause(spaces), Some("There"), "{spaces:?}");
        }
        for wide in ["１", "x９", "０"] {
            let digits = of_digits(&careplan_spec::ms932::encode("１２").expect("digits"));
            let value = careplan_spec::ms932::encode(wide).expect("digits");
            assert_eq!(of_digits(&value), digits, "{wide}");
        }
        for hyphens in ["2026-06", "1-"] {
            assert_eq!(cause(hyphens), Some("Leave"), "{hyphens}");
        }
    }

    #[test]
    fn other_values_have_no_cause() {
        for value in [
            "",
            "x",
            "E+",
            "1E5",
            "1+",
            "/",
            "R",
            "H",
            "R123456789",
            "-12",
            "-1-2",
            "-",
            "x-y",
            "Ａ",
            "／",
        ] {
            assert_eq!(cause(value), None, "{value:?}");
        }
    }
}
