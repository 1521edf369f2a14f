//! Whether two values of a field say the same.

use std::borrow::Cow;

use careplan_spec::layout::{Field, FieldId, Format};

use super::cause::{Cause, recognise, to_half};
use super::treatment::{self, Treatment};
use super::{Change, Grade};

/// What became of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) change: Change,
    pub(super) grade: Grade,
    pub(super) cause: Option<Cause>,
    pub(super) reason: Option<&'static Treatment>,
}

/// Compares two values as [`careplan_reader::KeptRecord::canonical`] gives them; `None` where they are
/// the same.
pub(super) fn judge(id: FieldId, field: &Field, given: &str, returned: &str) -> Option<Judged> {
    if given == returned {
        return None;
    }
    let change = match (given.is_empty(), returned.is_empty()) {
        (false, true) => Change::ValueLost,
        (true, false) => Change::ValueAdded,
        _ => Change::ValueChanged,
    };
    let cause = match change {
        Change::ValueChanged => recognise(field, given, returned),
        _ => None,
    };
    let own = treatment::of(id, field).filter(|own| match field.format {
        // Where the name of an image is missing on one side, the image is.
        Format::ImageFileName => change == Change::ValueChanged,
        // A product may put its own value there, but neither nothing nor a damaged one.
        _ => {
            let is_damaged = cause.is_some_and(Cause::is_damage);
            own.grade == Grade::Free || change != Change::ValueLost && !is_damaged
        }
    });
    let reason = own.or_else(|| writing(field, change, cause, given, returned));
    Some(Judged { change, grade: reason.map_or(Grade::Loss, |reason| reason.grade), cause, reason })
}

/// The reason why two writings may stand for the same.
fn writing(
    field: &Field,
    change: Change,
    cause: Option<Cause>,
    given: &str,
    returned: &str,
) -> Option<&'static Treatment> {
    let is_text = field.format.is_free_text();
    let is_number = matches!(field.format, Format::Integer | Format::Decimal);
    if is_number {
        let zero = |text: &str| number(text).is_some_and(|plain| plain == "0");
        let one_is_empty = given.is_empty() || returned.is_empty();
        if one_is_empty && (zero(given) || zero(returned)) {
            return Some(&treatment::ZERO);
        }
    }
    if change == Change::ValueAdded {
        return Some(&treatment::ADDED);
    }
    if matches!(field.format, Format::Integer | Format::Decimal | Format::SequenceNumber)
        && number(given).is_some()
        && number(given) == number(returned)
    {
        return Some(&treatment::NUMBER);
    }
    match (cause, field.format) {
        (Some(Cause::Width { .. }), _) if is_text => Some(&treatment::WIDTH),
        (Some(Cause::Spaces), _) if is_text => Some(&treatment::SPACES),
        (_, Format::Phone) if dialled(given) == dialled(returned) => Some(&treatment::PHONE),
        (_, Format::Time | Format::TimeOrNines)
            if matches!((given, returned), ("2400", "0000") | ("0000", "2400")) =>
        {
            Some(&treatment::MIDNIGHT)
        }
        (Some(Cause::Width { .. }), Format::EquipmentCode)
            if to_half(given) == to_half(returned) =>
        {
            Some(&treatment::HYPHEN)
        }
        _ => None,
    }
}

/// A number in one writing: no padding, no decimals that say nothing.
fn number(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_plain(whole) || !is_plain(part) || digits.ends_with('.') {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let part = part.trim_end_matches('0');
    Some(match (whole, part) {
        ("", "") => "0".to_owned(),
        ("", part) => format!("{sign}0.{part}"),
        (whole, "") => format!("{sign}{whole}"),
        (whole, part) => format!("{sign}{whole}.{part}"),
    })
}

/// The digits of a phone number, with the signs that are no punctuation.
fn dialled(text: &str) -> String {
    to_half(text).chars().filter(|ch| !matches!(ch, '-' | '(' | ')' | ' ' | 'ー' | '―')).collect()
}

/// The value in the form in which records are recognised: what [`judge`] finds free is the same.
pub(super) fn recognisable<'v>(field: &Field, text: Cow<'v, str>) -> Cow<'v, str> {
    match field.format {
        Format::Integer | Format::Decimal | Format::SequenceNumber => {
            number(&text).map_or(text, Cow::Owned)
        }
        _ => text,
    }
}

/// A key without what is lost most often: leading zeros, spaces, width, the H of public
/// assistance.
pub(super) fn loose(text: &str) -> String {
    let half: String = to_half(text).chars().filter(|ch| !ch.is_whitespace()).collect();
    let bare = half.trim_start_matches(['H', 'h']).trim_start_matches('0');
    bare.replace(['/', '-'], "")
}

#[cfg(test)]
mod tests {
    use careplan_spec::layout::v4_1::{uphosoku, upjsk, upplan};

    use super::*;

    fn judged(id: FieldId, given: &str, returned: &str) -> Option<(Change, Grade)> {
        let fields = match id.kind {
            careplan_spec::FileKind::Upplan => upplan::FIELDS,
            careplan_spec::FileKind::Upjsk => upjsk::FIELDS,
            _ => uphosoku::FIELDS,
        };
        judge(id, &fields[usize::from(id.index)], given, returned)
            .map(|judged| (judged.change, judged.grade))
    }

    #[test]
    fn codes_and_numbers_of_people_must_come_back() {
        let changed = Some((Change::ValueChanged, Grade::Loss));
        assert_eq!(judged(upplan::INSURED_NUMBER, "0012345678", "12345678"), changed);
        assert_eq!(judged(upplan::SERVICE_START_TIME, "0900", "900"), changed);
        assert_eq!(judged(upplan::SERVICE_CODE, "111111", "１１１１１１"), changed);
        assert_eq!(judged(upplan::UNITS, "245", "0"), changed, "0 stands for nothing, not for 245");
        assert_eq!(judged(upplan::UNITS, "245", "245."), changed, "no number");
        let lost = Some((Change::ValueLost, Grade::Loss));
        assert_eq!(judged(upplan::CREATED_DATE, "20260501", ""), lost, "another day, not none");
        assert_eq!(judged(upplan::TAIS_CODE, "00001-000010", ""), lost);
    }

    #[test]
    fn what_the_standard_leaves_open_is_for_a_person_to_judge() {
        let review = Some((Change::ValueChanged, Grade::Review));
        assert_eq!(judged(uphosoku::USER_PHONE, "03-0000-0000", "0300000000"), review);
        assert_eq!(judged(uphosoku::USER_NAME_KANA, "ﾐﾎﾝ", "ミホン"), review);
        assert_eq!(judged(upplan::CREATED_DATE, "20260501", "20260601"), review);
        // What cuts a name is no list of names.
        let office = upplan::SERVICE_OFFICE_NAME;
        assert_eq!(judged(office, "見本訪問介護", "見本訪問介護事業所"), review);
        let cut = Some((Change::ValueChanged, Grade::Loss));
        assert_eq!(judged(office, "見本訪問介護事業所", "見本訪問"), cut);
        assert_eq!(judged(upplan::SERVICE_END_TIME, "2400", "0000"), review);
        assert_eq!(judged(upjsk::UNITS, "0", ""), Some((Change::ValueLost, Grade::Review)));
        let added = Some((Change::ValueAdded, Grade::Review));
        assert_eq!(judged(uphosoku::USER_PHONE, "", "0300000000"), added);
    }

    #[test]
    fn writings_of_the_same_are_free() {
        let free = Some((Change::ValueChanged, Grade::Free));
        assert_eq!(judged(upplan::UNITS, "245", "000245"), free);
        assert_eq!(
            judged(upplan::IDENTIFIER_UNUSED, "1", ""),
            Some((Change::ValueLost, Grade::Free))
        );
        assert_eq!(judged(upplan::UNITS, "245", "245"), None);
        assert_eq!(number("-0"), Some("0".to_owned()));
        assert_eq!(number("10.50"), Some("10.5".to_owned()));
        assert_eq!(number("1,000"), None);
    }
}
