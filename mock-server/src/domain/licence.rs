//! Licences and the free pass (relay.md §6).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Whether an office may use the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LicenceKind {
    /// ライセンス (本利用).
    Licence,
    /// フリーパス.
    FreePass,
}

/// The form of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenceApplication {
    /// The form.
    pub form: LicenceForm,
    /// 利用規約に同意.
    pub accept_terms: bool,
    /// 個人情報の取扱いに同意.
    pub accept_privacy: bool,
}

/// One term of a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TermView {
    /// Licence or free pass.
    pub kind: LicenceKind,
    /// First day.
    pub term_from: Date,
    /// Last day.
    pub term_to: Date,
    /// What it costs.
    pub fee_yen: u32,
    /// Day of the charge; none before, and for a free pass.
    pub charged_on: Option<Date>,
}

/// The licence panel of the top page (relay.md §2, §6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LicencePanel {
    /// State.
    pub state: LicenceState,
    /// Last day of the term; none before the first charge.
    pub valid_until: Option<Date>,
    /// What is left to pay; none before the first charge.
    pub balance_yen: Option<u32>,
    /// Whether it renews by itself; none for those that are renewed by hand.
    pub auto_renewal: Option<bool>,
    /// Whether the term is a free pass.
    pub free_pass: bool,
    /// 有効期限 as the screen shows it: `-` or `2027/05/31`.
    pub valid_until_shown: String,
    /// 残高 as the screen shows it: `-` or `0円`.
    pub balance_shown: String,
}

/// The licence page of the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LicenceView {
    /// The panel.
    #[serde(flatten)]
    pub panel: LicencePanel,
    /// State in words (relay.md §3 M3 – M5).
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
