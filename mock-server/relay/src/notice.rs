//! お知らせ and the mailbox of the mock (relay.md §2, §3 M8 – M10, §4).

use careplan_spec::Text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::store::Announcement;
use crate::store::record::{MailRecord, NoticeRecord};

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
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

/// A page of お知らせ一覧.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoticePage {
    /// The rows, the newest first.
    pub items: Vec<NoticeRow>,
    /// Page, 1-based.
    pub page: u32,
    /// Rows of a page.
    pub per_page: u32,
    /// Rows on all pages.
    pub total: u64,
    /// How many on all pages were not opened yet.
    pub unread: u64,
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Notice)]
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

/// A mail the mock shows instead of sending it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Mail)]
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

impl NoticeCategory {
    /// The stable identifier.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Licence => "licence",
            Self::Password => "password",
            Self::System => "system",
        }
    }

    pub(crate) fn from_id(id: &str) -> Self {
        [Self::Certificate, Self::Licence, Self::Password]
            .into_iter()
            .find(|category| category.id() == id)
            .unwrap_or(Self::System)
    }
}

/// Whether a text can be a mail address; no more is asked, nothing is ever sent.
pub fn is_mail_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"@,;:<>()\"[]\\".contains(&byte))
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
    };
    text.len() <= 254 && plain(local) && plain(domain) && domain.contains('.')
}

/// The words of a notice.
#[derive(Debug, Clone)]
pub(crate) struct Wording {
    pub(crate) category: NoticeCategory,
    pub(crate) title: Text<String>,
    pub(crate) body: Text<String>,
}

/// The notice of an office in these words; the identifier makes publishing it again harmless.
pub(crate) fn announcement(
    id: String,
    office: &str,
    address: Option<&str>,
    wording: Wording,
    at: Timestamp,
) -> Announcement {
    let mail = address.map(|address| MailRecord {
        id: format!("{id}-mail"),
        office: office.to_owned(),
        address: address.to_owned(),
        subject: format!("【TEST】{}", wording.title.ja),
        body: wording.body.ja.clone().into(),
        sent_at: at,
    });
    let notice = NoticeRecord {
        id,
        office: office.to_owned(),
        category: wording.category.id().to_owned(),
        title: wording.title.ja,
        title_en: wording.title.en,
        body: wording.body.ja,
        body_en: wording.body.en,
        published_at: at,
        read_at: None,
    };
    Announcement { notice, mail }
}

/// Characters of 詳細（抜粋）.
const EXCERPT: usize = 40;

impl From<NoticeRecord> for NoticeRow {
    fn from(record: NoticeRecord) -> Self {
        let mut excerpt: String = record.body.chars().take(EXCERPT).collect();
        if record.body.chars().nth(EXCERPT).is_some() {
            excerpt.push('…');
        }
        Self {
            id: record.id,
            category: NoticeCategory::from_id(&record.category),
            title: record.title,
            title_en: record.title_en,
            excerpt,
            published_at: record.published_at,
            unread: record.read_at.is_none(),
        }
    }
}

impl From<NoticeRecord> for NoticeView {
    fn from(record: NoticeRecord) -> Self {
        Self {
            id: record.id,
            category: NoticeCategory::from_id(&record.category),
            title: record.title,
            title_en: record.title_en,
            body: record.body,
            body_en: record.body_en,
            published_at: record.published_at,
        }
    }
}

impl From<MailRecord> for MailView {
    fn from(record: MailRecord) -> Self {
        Self {
            id: record.id,
            office: record.office,
            to: record.address,
            subject: record.subject,
            body: record.body.reveal().to_owned(),
            sent_at: record.sent_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_addresses_have_two_plain_parts() {
        for good in ["office@example.jp", "a.b+c@mail.example.co.jp"] {
            assert!(is_mail_address(good), "{good}");
        }
        for bad in ["", "office", "@example.jp", "a@b", "a b@example.jp", "a@b@example.jp", "a@.jp"]
        {
            assert!(!is_mail_address(bad), "{bad}");
        }
    }
}
