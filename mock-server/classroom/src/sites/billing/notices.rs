//! お知らせ一覧 with its filters, and one notice.

use askama::Template;
use axum::extract::{Path, Query, State};
use careplan_relay::clock;
use careplan_relay::notice::{NoticeCategory, NoticeRow};
use careplan_spec::{Lang, Text};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use super::caller;
use super::entrance::PublicNotice;
use crate::sites::Sites;
use crate::sites::page::{Page, PageResult, show};
use crate::sites::visit::Visit;

/// Days for which a notice counts as new.
pub(super) const NEW_DAYS: i64 = 7;

/// Rows of a page (Assumed: the guide shows one page of six).
const ROWS: usize = 10;

/// The categories of this site (certificate guide 2025-06; introduction guide 2025-12), with their
/// names in addresses.
const CATEGORIES: [(&str, Text); 5] = [
    ("schedule", Text::new("スケジュール", "schedule")),
    ("certificate", Text::new("証明書", "certificate")),
    ("reference", Text::new("参考資料", "reference")),
    ("system", Text::new("システム関連", "system")),
    ("other", Text::new("その他", "other")),
];

/// The category of this site that a notice of the system belongs to.
fn category_of(category: NoticeCategory) -> &'static str {
    match category {
        NoticeCategory::Certificate => "certificate",
        NoticeCategory::Password | NoticeCategory::System => "system",
        NoticeCategory::Licence => "other",
    }
}

pub(super) fn category_name(id: &str, lang: Lang) -> &'static str {
    CATEGORIES.iter().find(|(known, _)| *known == id).map_or("-", |(_, name)| name.get(lang))
}

/// The filters; what is not given does not filter.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    scope: String,
    /// The first day: year, month, day.
    #[serde(default)]
    fy: String,
    #[serde(default)]
    fm: String,
    #[serde(default)]
    fd: String,
    /// The last day.
    #[serde(default)]
    ty: String,
    #[serde(default)]
    tm: String,
    #[serde(default)]
    td: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    keyword: String,
    #[serde(default)]
    page: String,
}

/// A day from three lists; without a year none, and a year or a month alone is the whole of it.
fn chosen_day(year: &str, month: &str, day: &str, is_last: bool) -> Option<Date> {
    let year: i16 = year.parse().ok()?;
    let month = month.parse().ok();
    let first = Date::new(year, month.unwrap_or(if is_last { 12 } else { 1 }), 1).ok()?;
    let last = first.last_of_month();
    let whole = if is_last { last } else { first };
    // 31 April is the end of April.
    Some(match (month, day.parse::<i8>()) {
        (Some(_), Ok(day)) => first.with().day(day).build().unwrap_or(last),
        _ => whole,
    })
}

impl Filter {
    /// Whether a notice passes.
    fn admits(&self, row: &BillingNotice, today: Date) -> bool {
        let keyword = self.keyword.trim().to_lowercase();
        let in_scope = match self.scope.as_str() {
            "new" => row.day >= today.saturating_sub(NEW_DAYS.days()),
            "unread" => row.unread,
            "all" => true,
            // 掲示期間内: what has begun to be shown; nothing says when that ends (Assumed).
            _ => row.day <= today,
        };
        in_scope
            && chosen_day(&self.fy, &self.fm, &self.fd, false).is_none_or(|from| row.day >= from)
            && chosen_day(&self.ty, &self.tm, &self.td, true).is_none_or(|to| row.day <= to)
            && (self.category.is_empty() || self.category == row.category)
            && keyword.split_whitespace().all(|word| row.words.contains(word))
    }

    /// The same list, another page of it.
    fn at_page(&self, page: usize) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let given = [
            ("scope", &self.scope),
            ("fy", &self.fy),
            ("fm", &self.fm),
            ("fd", &self.fd),
            ("ty", &self.ty),
            ("tm", &self.tm),
            ("td", &self.td),
            ("category", &self.category),
            ("keyword", &self.keyword),
        ];
        for (name, value) in given.into_iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        query.append_pair("page", &page.to_string());
        format!("/billing/notices?{}", query.finish())
    }
}

/// A row of the table.
struct BillingNotice {
    path: String,
    day: Date,
    date: String,
    category: &'static str,
    category_name: &'static str,
    title: String,
    /// What a keyword is looked for in.
    words: String,
    unread: bool,
    is_new: bool,
}

impl BillingNotice {
    fn of(row: NoticeRow, today: Date, visit: &Visit) -> Self {
        let day = clock::date_of(row.published_at);
        let category = category_of(row.category);
        Self {
            path: format!("/billing/notices/{}", row.id),
            day,
            date: clock::shown_date(day),
            category,
            category_name: category_name(category, visit.lang),
            words: format!("{} {} {}", row.title, row.title_en, row.excerpt).to_lowercase(),
            title: visit.t(&row.title, &row.title_en).to_owned(),
            unread: row.unread,
            is_new: day >= today.saturating_sub(NEW_DAYS.days()),
        }
    }

    /// One for everybody, which nobody marks as read.
    fn public(notice: &PublicNotice, today: Date, visit: &Visit) -> Self {
        let day = notice.day(today);
        let title = notice.title(today);
        Self {
            path: format!("/billing/public/{}", notice.id),
            day,
            date: clock::shown_date(day),
            category: notice.category,
            category_name: category_name(notice.category, visit.lang),
            words: format!("{} {} {} {}", title.ja, title.en, notice.body.ja, notice.body.en)
                .to_lowercase(),
            title: title.get(visit.lang).to_owned(),
            unread: false,
            is_new: day >= today.saturating_sub(NEW_DAYS.days()),
        }
    }
}

#[derive(Template)]
#[template(path = "billing/notices.html")]
struct NoticesPage {
    page: Page,
    filter: Filter,
    years: Vec<String>,
    rows: Vec<BillingNotice>,
    total: usize,
    number: usize,
    pages: usize,
}

impl NoticesPage {
    fn scope_is(&self, scope: &str) -> bool {
        self.filter.scope == scope || (scope == "current" && self.filter.scope.is_empty())
    }

    /// The three lists of a day: name, what stands behind, what can be chosen, what was.
    fn lists(&self, is_last: bool) -> [(&'static str, &'static str, Vec<String>, &str); 3] {
        let numbers = |to: i8| (1..=to).map(|number| number.to_string()).collect();
        let Filter { fy, fm, fd, ty, tm, td, .. } = &self.filter;
        let (y, m, d) = if is_last { (ty, tm, td) } else { (fy, fm, fd) };
        [
            (if is_last { "ty" } else { "fy" }, self.page.t("年", "year"), self.years.clone(), y),
            (if is_last { "tm" } else { "fm" }, self.page.t("月", "month"), numbers(12), m),
            (if is_last { "td" } else { "fd" }, self.page.t("日", "day"), numbers(31), d),
        ]
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
    let own = notices.into_iter().map(|row| BillingNotice::of(row, today, &visit));
    let public = PublicNotice::up(today).into_iter().filter(|notice| !notice.is_sent_too);
    let public = public.map(|notice| BillingNotice::public(notice, today, &visit));
    let mut rows: Vec<_> = own.chain(public).filter(|row| filter.admits(row, today)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.day));
    let total = rows.len();
    let pages = total.div_ceil(ROWS).max(1);
    let number = filter.page.parse::<usize>().unwrap_or(1).clamp(1, pages);
    let rows = rows.into_iter().skip((number - 1) * ROWS).take(ROWS).collect();
    let years = (2021..=today.year()).rev().map(|year| year.to_string()).collect();
    Ok(show(&NoticesPage { page: visit.page(), filter, years, rows, total, number, pages }))
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
        category: category_name(category_of(notice.category), visit.lang),
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
        let row = BillingNotice {
            path: String::new(),
            day: Date::constant(2026, 11, 21),
            date: String::new(),
            category: "certificate",
            category_name: "証明書",
            title: "証明書発行完了通知".to_owned(),
            words: "証明書発行完了通知 your certificate was issued".to_owned(),
            unread: true,
            is_new: true,
        };
        let today = Date::constant(2026, 11, 21);
        let passes = |edit: fn(&mut Filter)| {
            let mut filter = Filter::default();
            edit(&mut filter);
            filter.admits(&row, today)
        };
        assert!(passes(|_| {}));
        let on = |filter: &mut Filter, day: &str| {
            (filter.fy, filter.fm, filter.fd) = ("2026".into(), "11".into(), day.into());
        };
        let mut filter = Filter::default();
        on(&mut filter, "21");
        assert!(filter.admits(&row, today), "the day itself");
        on(&mut filter, "22");
        assert!(!filter.admits(&row, today));
        assert!(!passes(|filter| {
            (filter.ty, filter.tm, filter.td) = ("2026".into(), "11".into(), "20".into());
        }));
        assert!(passes(|filter| filter.scope = "unread".to_owned()));
        assert!(!passes(|filter| filter.category = "other".to_owned()));
        assert!(passes(|filter| filter.keyword = "発行 ISSUED".to_owned()));
        assert!(!passes(|filter| filter.keyword = "発行 失効".to_owned()));
        assert!(passes(|filter| filter.fd = "30".to_owned()), "no year is no day");
    }

    #[test]
    fn a_day_is_chosen_from_three_lists() {
        let day = |year, month, day, is_last| {
            chosen_day(year, month, day, is_last).map(|day| day.to_string())
        };
        assert_eq!(day("2025", "11", "29", false).as_deref(), Some("2025-11-29"));
        assert_eq!(day("2025", "", "", false).as_deref(), Some("2025-01-01"));
        assert_eq!(day("2025", "", "", true).as_deref(), Some("2025-12-31"));
        assert_eq!(day("2024", "2", "", true).as_deref(), Some("2024-02-29"));
        assert_eq!(day("2025", "4", "31", true).as_deref(), Some("2025-04-30"));
        assert_eq!(day("", "4", "1", false), None);
        assert_eq!(day("x", "4", "1", false), None);
    }

    #[test]
    fn a_page_keeps_what_was_searched() {
        let filter =
            Filter { keyword: "証明".to_owned(), page: "1".to_owned(), ..Filter::default() };
        assert_eq!(filter.at_page(2), "/billing/notices?keyword=%E8%A8%BC%E6%98%8E&page=2");
    }
}
