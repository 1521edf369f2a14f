//! Values as people write them: 令和 dates, times with a colon, codes with their meaning.
//!
//! What does not have its form is shown as it stands.

use careplan_spec::calendar::{self, Date, Month};
use careplan_spec::layout::{Field, Format};
use careplan_spec::{service_code, service_kind};

/// The eras since 1868, newest first: name and first day as YYYYMMDD.
const ERAS: [(&str, u32); 5] = [
    ("令和", 20190501),
    ("平成", 19890108),
    ("昭和", 19261225),
    ("大正", 19120730),
    ("明治", 18680125),
];

/// `令和8年`; the first year of an era is 元年. `day` is YYYYMMDD.
fn era_year(day: u32) -> Option<String> {
    let (era, first) = ERAS.iter().find(|(_, first)| day >= *first)?;
    Some(match day / 10_000 - first / 10_000 + 1 {
        1 => format!("{era}元年"),
        year => format!("{era}{year}年"),
    })
}

/// `令和8年6月1日（2026/06/01）`.
pub(super) fn date(date: Date) -> String {
    let western = format!("{:04}/{:02}/{:02}", date.year(), date.month(), date.day());
    match era_year(date.number()) {
        Some(year) => format!("{year}{}月{}日（{western}）", date.month(), date.day()),
        None => western,
    }
}

/// `令和8年6月（2026/06）`. The month in which an era begins goes by its last day.
pub(super) fn month(month: Month) -> String {
    let western = format!("{:04}/{:02}", month.year(), month.month());
    match era_year(month.number() * 100 + u32::from(month.days())) {
        Some(year) => format!("{year}{}月（{western}）", month.month()),
        None => western,
    }
}

/// `09:00`.
fn time(text: &str) -> Option<String> {
    calendar::parse_time(text.as_bytes())?;
    Some(format!("{}:{}", &text[..2], &text[2..]))
}

/// Whole numbers get a comma every three digits.
fn grouped(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    if !is_plain || digits.len() < 4 {
        return None;
    }
    let mut out = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    Some(out)
}

/// The name of the service kind a service code or kind code begins with.
pub(super) fn kind_name(code: &str) -> Option<&'static str> {
    Some(service_kind::find(code.as_bytes().get(..2)?)?.name)
}

/// What the row of table 7 stands for, in the words of the form; `None` for a plain service.
fn total_name(code: &str) -> Option<String> {
    use careplan_spec::service_code::CodeClass;
    let words = match service_code::classify(code.as_bytes()) {
        CodeClass::Service => return None,
        CodeClass::Total => return Some("合計".to_owned()),
        CodeClass::SubtotalManaged => "種類別小計（区分支給限度内）",
        CodeClass::SubtotalUnmanaged => "種類別小計（限度額対象外）",
        CodeClass::SubtotalOver30Days => "種類別小計（30日超）",
    };
    Some(format!("{} {words}", kind_name(code).unwrap_or_default()).trim_start().to_owned())
}

/// What a service code stands for: the name of its kind, 小計 or 合計; empty where unknown.
pub(super) fn service_name(code: &str) -> String {
    total_name(code).unwrap_or_else(|| kind_name(code).unwrap_or_default().to_owned())
}

/// The value of a field for a cell.
pub(super) fn written(field: &Field, text: &str) -> String {
    let bytes = text.as_bytes();
    let better = match field.format {
        Format::Date | Format::DateOrZeros => calendar::parse_date(bytes).map(date),
        Format::Month | Format::MonthOrZeros => calendar::parse_month(bytes).map(month),
        Format::Time => time(text),
        Format::TimeOrNines if text == "9999" => Some("時刻なし（9999）".to_owned()),
        Format::TimeOrNines => time(text),
        Format::Code(list) => list.label(bytes).map(|label| format!("{label}（{text}）")),
        Format::ServiceKind => kind_name(text).map(|name| format!("{text} {name}")),
        Format::Integer => grouped(text),
        Format::PostalCode if !text.is_empty() => Some(format!("〒{text}")),
        _ => None,
    };
    better.unwrap_or_else(|| text.to_owned())
}

/// The days marked in a 日割対象日, 1-based; `None` where it is not 31 characters 0 or 1.
pub(super) fn marked_days(bitmap: &str) -> Option<Vec<u8>> {
    let bytes = bitmap.as_bytes();
    if bytes.len() != 31 || !bytes.iter().all(|byte| matches!(byte, b'0' | b'1')) {
        return None;
    }
    Some((1..=31).filter(|&day| bytes[usize::from(day) - 1] == b'1').collect())
}

/// Numbers in ascending order as `1-3,7`.
pub(super) fn ranges(numbers: &[u32]) -> String {
    let runs = numbers.chunk_by(|a, b| a.checked_add(1) == Some(*b)).map(|run| match run {
        [first, .., last] => format!("{first}-{last}"),
        [only] => only.to_string(),
        [] => String::new(),
    });
    runs.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use careplan_spec::layout::v4_1::{up1kyo, up3kyo, upplan, upsikyu};

    #[test]
    fn dates_are_written_in_both_calendars() {
        let field = |at: usize| &up1kyo::FIELDS[at];
        let plan_date = field(usize::from(up1kyo::PLAN_DATE.index));
        assert_eq!(written(plan_date, "20260601"), "令和8年6月1日（2026/06/01）");
        assert_eq!(written(plan_date, "20190501"), "令和元年5月1日（2019/05/01）");
        assert_eq!(written(plan_date, "20190430"), "平成31年4月30日（2019/04/30）");
        assert_eq!(written(plan_date, "19261224"), "大正15年12月24日（1926/12/24）");
        assert_eq!(written(plan_date, "20261301"), "20261301");
        let target = &upplan::FIELDS[usize::from(upplan::TARGET_MONTH.index)];
        assert_eq!(written(target, "202606"), "令和8年6月（2026/06）");
    }

    #[test]
    fn codes_times_and_numbers_are_written_for_people() {
        let level = &up1kyo::FIELDS[usize::from(up1kyo::CARE_LEVEL.index)];
        assert_eq!(written(level, "22"), "要介護２（22）");
        assert_eq!(written(level, "99"), "99");
        let start = &up3kyo::FIELDS[usize::from(up3kyo::SERVICE_START_TIME.index)];
        assert_eq!(written(start, "0900"), "09:00");
        assert_eq!(written(start, "9:00"), "9:00");
        let cost = &upsikyu::FIELDS[usize::from(upsikyu::TOTAL_COST_INSURED.index)];
        assert_eq!(written(cost, "1234567"), "1,234,567");
        assert_eq!(written(cost, "-1234"), "-1,234");
        assert_eq!(written(cost, "001234"), "001234");
        assert_eq!(service_name("11AAAA"), "訪問介護 種類別小計（区分支給限度内）");
    }

    #[test]
    fn marked_days_are_those_with_a_one() {
        let bitmap = format!("1{}1", "0".repeat(29));
        assert_eq!(marked_days(&bitmap), Some(vec![1, 31]));
        assert_eq!(marked_days("01"), None);
        assert_eq!(marked_days(&"2".repeat(31)), None);
    }
    #[test]
    fn neighbours_make_a_range() {
        assert_eq!(ranges(&[1, 2, 3, 7, 9, 10]), "1-3,7,9-10");
        assert_eq!(ranges(&[]), "");
    }
}
