//! What stands before the login: 総合窓口, the notices everybody may read, 「はじめての方」
//! (introduction guide 2025-12, on the letter).

use askama::Template;
use axum::extract::{Path, State};
use careplan_relay::clock;
use careplan_spec::Text;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::sites::Sites;
use crate::sites::page::{Page, PageError, PageResult, show};
use crate::sites::visit::Visit;

/// When a notice was put up.
#[derive(Debug, Clone, Copy)]
enum Since {
    /// On the first of every month.
    EveryMonth,
    /// On a day.
    Day(Date),
}

/// A notice for everybody. Titles are those of the guide's pictures, texts our own.
#[derive(Debug)]
pub(super) struct PublicNotice {
    pub(super) id: &'static str,
    since: Since,
    /// Its category, as the list after the login names it in addresses.
    pub(super) category: &'static str,
    title: Text,
    pub(super) body: Text,
    /// Whether offices have it among their own notices too.
    pub(super) is_sent_too: bool,
}

impl PublicNotice {
    /// The day it was put up, as seen from a day.
    pub(super) fn day(&self, today: Date) -> Date {
        match self.since {
            Since::EveryMonth => today.first_of_month(),
            Since::Day(day) => day,
        }
    }

    /// Its title; of what comes every month, with the month.
    pub(super) fn title(&self, today: Date) -> Text<String> {
        match self.since {
            Since::EveryMonth => Text::new(
                format!("{}{}", today.month(), self.title.ja),
                format!("{} {}", self.title.en, today.strftime("%B")),
            ),
            Since::Day(_) => Text::new(self.title.ja.to_owned(), self.title.en.to_owned()),
        }
    }

    /// Those that are up, the newest first.
    pub(super) fn up(today: Date) -> Vec<&'static Self> {
        let mut up: Vec<_> = PUBLIC.iter().filter(|notice| notice.day(today) <= today).collect();
        up.sort_by_key(|notice| std::cmp::Reverse(notice.day(today)));
        up
    }

    /// The one with this name.
    pub(super) fn find(id: &str) -> Option<&'static Self> {
        PUBLIC.iter().find(|notice| notice.id == id)
    }
}

static PUBLIC: [PublicNotice; 6] = [
    PublicNotice {
        id: "claims",
        since: Since::EveryMonth,
        category: "schedule",
        title: Text::new("月請求受付期間について", "Claims of"),
        body: Text::new(
            "介護給付費等の請求は、毎月1日から10日までに送信してください。模擬環境では請求を扱いません。",
            "Claims for benefits are sent from the 1st to the 10th of each month. The mock takes none.",
        ),
        is_sent_too: false,
    },
    PublicNotice {
        id: "renamed",
        since: Since::Day(Date::constant(2025, 10, 1)),
        category: "system",
        title: Text::new(
            "請求委任事業所用ケアプラン証明書の名称変更について",
            "請求委任事業所用ケアプラン証明書 has a new name",
        ),
        body: Text::new(
            "名称が「介護DX証明書」に変わりました。変更前に発行された証明書も、引き続き利用できます。",
            "It is now called 介護DX証明書. Certificates issued under the old name go on working.",
        ),
        is_sent_too: true,
    },
    PublicNotice {
        id: "renewal",
        since: Since::Day(Date::constant(2025, 6, 20)),
        category: "reference",
        title: Text::new(
            "電子証明書の有効期限切れに伴う更新申請について",
            "Renewal of certificates before they expire",
        ),
        body: Text::new(
            "電子証明書には有効期間があります。終わる日が近づいたら、証明書のメニューから更新を申請してください。",
            "Certificates end. Renew yours in good time, in the menu of certificates.",
        ),
        is_sent_too: false,
    },
    PublicNotice {
        id: "application",
        since: Since::Day(Date::constant(2025, 4, 1)),
        category: "system",
        title: Text::new("電子証明書発行申請時の注意", "Before you apply for a certificate"),
        body: Text::new(
            "発行申請で入力した証明書発行用パスワードは、インストールするときにも必要です。大切に保管してください。",
            "The certificate issue password of the application is needed again for the installation. Keep it safe.",
        ),
        is_sent_too: false,
    },
    PublicNotice {
        id: "manuals",
        since: Since::Day(Date::constant(2025, 2, 3)),
        category: "reference",
        title: Text::new(
            "電子請求受付システムマニュアルリリースのお知らせ",
            "New manuals of the billing site",
        ),
        body: Text::new(
            "操作マニュアルの新しい版は、実際の電子請求受付システムで入手してください。模擬環境にはありません。",
            "Get the manuals on the real site; the mock has none.",
        ),
        is_sent_too: false,
    },
    PublicNotice {
        id: "payment",
        since: Since::Day(Date::constant(2025, 1, 27)),
        category: "other",
        title: Text::new("令和7年度介護給付費等の支払日について", "Days of payment in fiscal 2025"),
        body: Text::new(
            "支払日の一覧は、実際の国保連合会のお知らせで確認してください。模擬環境では支払いを扱いません。",
            "See the real federation's notice for the days. The mock pays nothing.",
        ),
        is_sent_too: false,
    },
];

#[derive(Template)]
#[template(path = "billing/entrance.html")]
struct EntrancePage {
    page: Page,
}

/// 総合窓口.
pub(super) async fn entrance(visit: Visit) -> PageResult {
    Ok(show(&EntrancePage { page: visit.page() }))
}

struct Row {
    id: &'static str,
    date: String,
    is_new: bool,
    category: &'static str,
    title: String,
}

#[derive(Template)]
#[template(path = "billing/welcome.html")]
struct WelcomePage {
    page: Page,
    rows: Vec<Row>,
}

/// お知らせ一覧 before the login.
pub(super) async fn welcome(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let today = sites.relay().clock().today();
    let rows = PublicNotice::up(today).into_iter().map(|notice| {
        let day = notice.day(today);
        Row {
            id: notice.id,
            date: clock::shown_date(day),
            is_new: day >= today.saturating_sub(super::notices::NEW_DAYS.days()),
            category: super::notices::category_name(notice.category, visit.lang),
            title: notice.title(today).get(visit.lang).to_owned(),
        }
    });
    Ok(show(&WelcomePage { rows: rows.collect(), page: visit.page() }))
}

#[derive(Template)]
#[template(path = "billing/public.html")]
struct PublicPage {
    page: Page,
    date: String,
    category: &'static str,
    title: Text<String>,
    body: Text,
    is_inside: bool,
}

/// A notice for everybody.
pub(super) async fn public(
    State(sites): State<Sites>,
    visit: Visit,
    Path(id): Path<String>,
) -> PageResult {
    let today = sites.relay().clock().today();
    let notice = PublicNotice::find(&id).filter(|notice| notice.day(today) <= today);
    let notice = notice.ok_or(PageError::NotFound)?;
    let page = visit.page();
    Ok(show(&PublicPage {
        is_inside: page.who.is_some(),
        page,
        date: clock::shown_date(notice.day(today)),
        category: super::notices::category_name(notice.category, visit.lang),
        title: notice.title(today),
        body: notice.body,
    }))
}

#[derive(Template)]
#[template(path = "billing/first.html")]
struct FirstPage {
    page: Page,
}

/// 「はじめての方」: 電子請求をはじめる前に.
pub(super) async fn first(visit: Visit) -> PageResult {
    Ok(show(&FirstPage { page: visit.page() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_are_up_from_their_day_on() {
        let ids = |year, month, day| {
            let up = PublicNotice::up(Date::constant(year, month, day));
            up.iter().map(|notice| notice.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(2025, 9, 30)[..2], ["claims", "renewal"]);
        assert_eq!(ids(2025, 10, 1).len(), 6);
        assert!(ids(2025, 10, 1).contains(&"renamed") && !ids(2025, 9, 30).contains(&"renamed"));
        let claims = PublicNotice::find("claims").unwrap();
        assert_eq!(claims.title(Date::constant(2025, 11, 29)).ja, "11月請求受付期間について");
        assert_eq!(claims.day(Date::constant(2025, 11, 29)), Date::constant(2025, 11, 1));
    }
}
