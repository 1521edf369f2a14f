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
