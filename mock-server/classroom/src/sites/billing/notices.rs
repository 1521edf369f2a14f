//! お知らせ一覧 with its filters, and one notice.

use askama::Template;
use axum::extract::{Path, Query, State};
use careplan_relay::clock;
use careplan_relay::notice::{NoticeCategory, NoticeRow};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use super::caller;
use crate::sites::Sites;
use crate::sites::page::{Page, PageResult, show};
use crate::sites::visit::Visit;

/// Days for which a notice counts as new.
const NEW_DAYS: i64 = 7;

/// Categories with their names on the screen.
const CATEGORIES: [(NoticeCategory, &str, &str); 4] = [
    (NoticeCategory::Certificate, "証明書", "certificate"),
    (NoticeCategory::Licence, "ライセンス", "licence"),
    (NoticeCategory::Password, "パスワード", "password"),
    (NoticeCategory::System, "システム関連", "system"),
];

/// The filters; what is not given does not filter.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    scope: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    keyword: String,
}

impl Filter {
    /// Whether a notice passes. A date that is none does not filter.
    fn admits(&self, row: &NoticeRow, today: Date) -> bool {
        let date = clock::date_of(row.published_at);
        let day = |text: &str| text.parse::<Date>().ok();
        let keyword = self.keyword.trim().to_lowercase();
        let text = format!("{} {} {}", row.title, row.title_en, row.excerpt).to_lowercase();
        let in_scope = match self.scope.as_str() {
            "new" => date >= today.saturating_sub(NEW_DAYS.days()),
            "unread" => row.unread,
            "all" => true,
            // 掲示期間内: what has begun to be shown; nothing says when that ends (Assumed).
            _ => date <= today,
        };
        in_scope
            && day(&self.from).is_none_or(|from| date >= from)
            && day(&self.to).is_none_or(|to| date <= to)
            && (self.category.is_empty() || self.category == row.category.id())
            && keyword.split_whitespace().all(|word| text.contains(word))
    }
}

/// A row of the table.
struct BillingNotice {
    id: String,
    date: String,
    category: &'static str,
    title: String,
    unread: bool,
    is_new: bool,
}

fn category_name(category: NoticeCategory, visit: &Visit) -> &'static str {
    CATEGORIES
        .iter()
        .find(|(known, _, _)| *known == category)
        .map_or("-", |(_, ja, en)| visit.t(ja, en))
}

#[derive(Template)]
#[template(path = "billing/notices.html")]
struct NoticesPage {
    page: Page,
    filter: Filter,
    categories: Vec<(&'static str, &'static str)>,
    rows: Vec<BillingNotice>,
}

impl NoticesPage {
    fn scope_is(&self, scope: &str) -> bool {
        self.filter.scope == scope || (scope == "current" && self.filter.scope.is_empty())
    }
}

pub(super) async fn list(
    State(sites): State<Sites>,
    visit: Visit,
    Query(filter): Query<Filter>,
) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let today = sites.relay().clock().today();
    let notices = sites.relay().turn().await?.account().notices(&caller).await?;
    let rows = notices
        .into_iter()
        .filter(|row| filter.admits(row, today))
        .map(|row| BillingNotice {
            date: clock::shown_date(clock::date_of(row.published_at)),
            is_new: clock::date_of(row.published_at) >= today.saturating_sub(NEW_DAYS.days()),
            category: category_name(row.category, &visit),
            title: visit.t(&row.title, &row.title_en).to_owned(),
            id: row.id,
            unread: row.unread,
        })
        .collect();
    let categories =
        CATEGORIES.iter().map(|(category, ja, en)| (category.id(), visit.t(ja, en))).collect();
    Ok(show(&NoticesPage { page: visit.page(), filter, categories, rows }))
}

#[derive(Template)]
#[template(path = "billing/notice.html")]
struct NoticePage {
    page: Page,
    title: String,
    date: String,
    category: &'static str,
    body: String,
    has_letter: bool,
    is_certificate: bool,
}

pub(super) async fn show_one(
    State(sites): State<Sites>,
    visit: Visit,
    Path(id): Path<String>,
) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let notice = sites.relay().turn().await?.account().notice(&caller, &id).await?;
    Ok(show(&NoticePage {
        date: clock::shown_date(clock::date_of(notice.published_at)),
        category: category_name(notice.category, &visit),
        // The letter with the new password hangs on the notice (relay.md §5, Stated).
        has_letter: notice.title == "証明書発行用パスワード再発行通知",
        is_certificate: notice.category == NoticeCategory::Certificate,
        title: visit.t(&notice.title, &notice.title_en).to_owned(),
        body: visit.t(&notice.body, &notice.body_en).to_owned(),
        page: visit.page(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_work_together() {
        let row = NoticeRow {
            id: "1".to_owned(),
            category: NoticeCategory::Certificate,
            title: "証明書発行完了通知".to_owned(),
            title_en: "Your certificate was issued".to_owned(),
            excerpt: "ダウンロード".to_owned(),
            published_at: "2026-11-20T15:00:00Z".parse().unwrap(),
            unread: true,
        };
        let today = Date::constant(2026, 11, 21);
        let passes = |edit: fn(&mut Filter)| {
            let mut filter = Filter::default();
            edit(&mut filter);
            filter.admits(&row, today)
        };
        assert!(passes(|_| {}));
        assert!(passes(|filter| filter.from = "2026-11-21".to_owned()), "the day in Japan");
        assert!(!passes(|filter| filter.to = "2026-11-20".to_owned()));
        assert!(passes(|filter| filter.scope = "unread".to_owned()));
        assert!(!passes(|filter| filter.category = "licence".to_owned()));
        assert!(passes(|filter| filter.keyword = "発行 ISSUED".to_owned()));
        assert!(!passes(|filter| filter.keyword = "発行 失効".to_owned()));
        assert!(passes(|filter| filter.from = "yesterday".to_owned()));
    }
}
