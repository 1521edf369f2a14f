//! Licences and the free pass (relay.md §6).

use careplan_spec::Text;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock;
use crate::store::record::TermRecord;
use crate::switches::Switches;

/// Where a licence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LicenceState {
    /// Never applied for.
    None,
    /// Applied for, the first charge has not come yet.
    Applied,
    /// In force.
    Active,
    /// Past its end.
    Expired,
}

/// Licence or free pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LicenceKind {
    /// ライセンス (本利用).
    Licence,
    /// フリーパス.
    FreePass,
}

/// The form of an application for a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LicenceForm {
    /// 事業所名.
    pub office_name: String,
    /// 代表者氏名.
    pub representative: String,
    /// 担当者氏名.
    pub contact: String,
    /// 電話番号, digits only.
    pub phone: String,
    /// Mail address.
    pub mail: String,
    /// Mail address once more.
    pub mail_again: String,
}

/// An application for a licence or a free pass.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = LicenceOrder)]
pub struct LicenceApplication {
    /// The form.
    pub form: LicenceForm,
    /// 利用規約に同意.
    pub accept_terms: bool,
    /// 個人情報の取扱いに同意.
    pub accept_privacy: bool,
}

/// One term of a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Term)]
pub struct TermView {
    /// Licence or free pass.
    pub kind: LicenceKind,
    /// First day.
    pub term_from: Date,
    /// Last day.
    pub term_to: Date,
    /// What it costs.
    pub fee_yen: u32,
    /// Day of the charge; null before, and for a free pass.
    pub charged_on: Option<Date>,
}

/// The licence panel of the top page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LicencePanel {
    /// State.
    pub state: LicenceState,
    /// Last day of the term; null before the first charge.
    pub valid_until: Option<Date>,
    /// What is left to pay; null before the first charge.
    pub balance_yen: Option<u32>,
    /// Whether it renews by itself; null for those that are renewed by hand.
    pub auto_renewal: Option<bool>,
    /// Whether the term is a free pass.
    pub free_pass: bool,
    /// 有効期限 as the screen shows it: `-` or `2027/05/31`.
    pub valid_until_shown: String,
    /// 残高 as the screen shows it: `-` or `0円`.
    pub balance_shown: String,
}

/// The licence page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Licence)]
pub struct LicenceView {
    /// The panel.
    #[serde(flatten)]
    pub panel: LicencePanel,
    /// State in words.
    pub state_shown: String,
    /// Day of the application the current or last term comes from.
    pub applied_on: Option<Date>,
    /// First day of the current or last term.
    pub term_from: Option<Date>,
    /// Last day of it.
    pub term_to: Option<Date>,
    /// Every term, newest first.
    pub history: Vec<TermView>,
    /// Whether a licence can be applied for.
    pub can_apply: bool,
    /// Whether a free pass can be applied for.
    pub can_apply_free_pass: bool,
    /// What was applied for last.
    pub form: Option<LicenceForm>,
}

/// Applications from this day on renew by themselves (relay.md §6, Stated), and the free pass
/// could be applied for from this day on.
pub const FIRST_DAY_OF_AUTO_RENEWAL: Date = Date::constant(2025, 6, 1);

impl LicenceKind {
    /// The stable identifier.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Licence => "licence",
            Self::FreePass => "free-pass",
        }
    }

    /// The kind of a term.
    pub(crate) fn of(term: &TermRecord) -> Self {
        if term.kind == Self::FreePass.id() { Self::FreePass } else { Self::Licence }
    }
}

/// The last day of a year that begins on `first`: the day before the anniversary (relay.md §6,
/// Stated). Where the anniversary does not exist (29 February) it is the last day of its month.
pub fn last_day_of_year_from(first: Date) -> Date {
    let anniversary = first.saturating_add(1.year());
    if anniversary.day() == first.day() { anniversary.saturating_sub(1.day()) } else { anniversary }
}

/// What a term that begins on `first` costs (relay.md §6): nothing within the waiver.
pub fn fee_from(first: Date, switches: &Switches) -> u32 {
    let waived = switches.fee_waiver_until.0.is_some_and(|until| first <= until);
    if waived { 0 } else { switches.licence_fee_yen }
}

/// A term of a year. A free pass costs nothing and is never charged.
pub(crate) fn new_term(
    licence: &str,
    office: &str,
    kind: LicenceKind,
    first_day: Date,
    switches: &Switches,
    charged_at_once: bool,
) -> TermRecord {
    let paid = kind == LicenceKind::Licence;
    TermRecord {
        id: format!("{licence}:{first_day}"),
        licence: licence.to_owned(),
        office: office.to_owned(),
        kind: kind.id().to_owned(),
        first_day,
        last_day: last_day_of_year_from(first_day),
        fee_yen: if paid { fee_from(first_day, switches) } else { 0 },
        charged_on: (paid && charged_at_once).then_some(first_day),
    }
}

/// When a term that is not charged yet will be (relay.md §6: set off against benefits later).
pub(crate) fn charge_time(term: &TermRecord, switches: &Switches) -> Option<Timestamp> {
    let waits = LicenceKind::of(term) == LicenceKind::Licence && term.charged_on.is_none();
    let days = i64::from(switches.licence_charge_days).days();
    waits.then(|| clock::start_of(term.first_day.saturating_add(days)))
}

/// 有効期限 as the screen shows it.
pub fn shown_date(date: Option<Date>) -> String {
    date.map_or_else(|| "-".to_owned(), clock::shown_date)
}

/// 残高 as the screen shows it.
pub fn shown_yen(yen: Option<u32>) -> String {
    let Some(yen) = yen else { return "-".to_owned() };
    let digits = yen.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text.push('円');
    text
}

/// What is wrong with a form; nothing where it is complete.
pub fn problem_of(form: &LicenceForm) -> Option<Text> {
    let blank = |text: &str| text.trim().is_empty() || text.chars().count() > 100;
    if blank(&form.office_name) || blank(&form.representative) || blank(&form.contact) {
        return Some(Text::new(
            "事業所名、代表者氏名、担当者氏名を100文字以内で入力してください。",
            "Office name, representative and contact are needed, 100 characters at most.",
        ));
    }
    if !(10..=11).contains(&form.phone.len()) || !form.phone.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Text::new(
            "電話番号はハイフンなしの10桁または11桁の半角数字で入力してください。",
            "The phone number has 10 or 11 digits, without hyphens.",
        ));
    }
    if !super::notice::is_mail_address(&form.mail) {
        return Some(Text::new(
            "メールアドレスの形式に誤りがあります。",
            "The mail address does not have the right form.",
        ));
    }
    (form.mail != form.mail_again).then_some(Text::new(
        "2つのメールアドレスが一致しません。",
        "The two mail addresses differ.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_ends_the_day_before_its_anniversary() {
        for (first, last) in [
            ("2025-07-01", "2026-06-30"),
            ("2026-01-01", "2026-12-31"),
            ("2024-02-29", "2025-02-28"),
            ("2023-03-01", "2024-02-29"),
            ("2023-02-28", "2024-02-27"),
        ] {
            let first: Date = first.parse().expect("a date");
            assert_eq!(last_day_of_year_from(first).to_string(), last);
        }
    }

    #[test]
    fn names_and_numbers_of_a_form_have_their_lengths() {
        let form = |chars: usize, digits: usize| LicenceForm {
            office_name: "あ".repeat(chars),
            representative: "計良　みどり".to_owned(),
            contact: "浜野　さゆり".to_owned(),
            phone: "0".repeat(digits),
            mail: "office@example.jp".to_owned(),
            mail_again: "office@example.jp".to_owned(),
        };
        for (chars, digits, complete) in [
            (1, 10, true),
            (100, 11, true),
            (0, 10, false),
            (101, 10, false),
            (1, 9, false),
            (1, 12, false),
        ] {
            assert_eq!(problem_of(&form(chars, digits)).is_none(), complete, "{chars} {digits}");
        }
    }

    #[test]
    fn amounts_are_shown_with_commas() {
        assert_eq!(shown_yen(None), "-");
        assert_eq!(shown_yen(Some(0)), "0円");
        assert_eq!(shown_yen(Some(300)), "300円");
        assert_eq!(shown_yen(Some(21_000)), "21,000円");
        assert_eq!(shown_yen(Some(1_234_567)), "1,234,567円");
    }

    #[test]
    fn the_waiver_ends_on_its_day() {
        let switches = Switches::default();
        assert_eq!(fee_from(Date::constant(2027, 3, 31), &switches), 0);
        assert_eq!(fee_from(Date::constant(2027, 4, 1), &switches), 21_000);
    }
}
