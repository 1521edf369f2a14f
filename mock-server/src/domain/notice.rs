//! お知らせ and the mailbox of the mock (relay.md §2, §3 M8 – M10, §4).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeCategory {
    /// 証明書.
    Certificate,
    /// ライセンス.
    Licence,
    /// パスワード.
    Password,
    /// システム.
    System,
}

/// A row of お知らせ一覧.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoticeRow {
    /// Identifier.
    pub id: String,
    /// Category.
    pub category: NoticeCategory,
    /// 件名.
    pub title: String,
    /// English.
    pub title_en: String,
    /// 詳細（抜粋）.
    pub excerpt: String,
    /// When it was published.
    pub published_at: Timestamp,
    /// Whether it was not opened yet.
    pub unread: bool,
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoticeView {
    /// Identifier.
    pub id: String,
    /// Category.
    pub category: NoticeCategory,
    /// 件名.
    pub title: String,
    /// English.
    pub title_en: String,
    /// Body.
    pub body: String,
    /// English.
    pub body_en: String,
    /// When it was published.
    pub published_at: Timestamp,
}

/// A mail the mock did not send anywhere but shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MailView {
    /// Identifier.
    pub id: String,
    /// Office number it belongs to.
    pub office: String,
    /// Address.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Body.
    pub body: String,
    /// When it was sent.
    pub sent_at: Timestamp,
}
