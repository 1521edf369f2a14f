//! Before the start: the steps as a whole, the computer, the care software, the IDs. What the guides
//! ask an office to make sure of before it begins (introduction guide 2025-12).

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::routing::get;
use careplan_relay::clock;
use careplan_spec::Text;
use jiff::civil::Date;
use serde::Deserialize;

use crate::sites::Sites;
use crate::sites::page::{Page, PageResult, show};
use crate::sites::visit::Visit;

mod vendors;

use vendors::{Tested, V3, V4};

/// The routes.
pub(super) fn routes() -> Router<Sites> {
    Router::new()
        .route("/start", get(steps))
        .route("/start/computer", get(computer))
        .route("/start/software", get(software))
        .route("/start/software/results", get(results))
        .route("/start/id", get(identity))
        .route("/start/id/lost", get(lost))
}

#[derive(Template)]
#[template(path = "start/steps.html")]
struct StepsPage {
    page: Page,
}

async fn steps(visit: Visit) -> PageResult {
    Ok(show(&StepsPage { page: visit.page() }))
}

/// What a browser says of itself with every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Browser {
    Edge,
    Chrome,
    Other,
}

impl Browser {
    fn of(agent: &str) -> Self {
        // Others that are made from Chromium say that they are Chrome too.
        let is_another = ["Edge/", "OPR/", "Vivaldi/", "YaBrowser/", "SamsungBrowser/"];
        if agent.contains("Edg/") {
            Self::Edge
        } else if agent.contains("Chrome/") && !is_another.iter().any(|name| agent.contains(name)) {
            Self::Chrome
        } else {
            Self::Other
        }
    }
}

/// What a date looks like in the corner of the screen.
#[derive(Debug, Default, Deserialize)]
struct CalendarSeen {
    calendar: Option<String>,
}

#[derive(Template)]
#[template(path = "start/computer.html")]
struct ComputerPage {
    page: Page,
    browser: Browser,
    is_windows: bool,
    western: String,
    japanese: String,
    calendar: String,
}

/// 西暦 and 和暦 of a day, as the corner of the screen writes them.
fn both_calendars(day: Date) -> (String, String) {
    let era = i32::from(day.year()) - 2018;
    let japanese = format!("令和 {era}/{:02}/{:02}", day.month(), day.day());
    (clock::shown_date(day), japanese)
}

async fn computer(
    State(sites): State<Sites>,
    visit: Visit,
    headers: HeaderMap,
    Query(seen): Query<CalendarSeen>,
) -> PageResult {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let agent = agent.unwrap_or_default();
    let (western, japanese) = both_calendars(sites.relay().clock().today());
    Ok(show(&ComputerPage {
        page: visit.page(),
        browser: Browser::of(agent),
        is_windows: agent.contains("Windows NT 10.0"),
        western,
        japanese,
        calendar: seen.calendar.unwrap_or_default(),
    }))
}

#[derive(Template)]
#[template(path = "start/software.html")]
struct SoftwarePage {
    page: Page,
}

async fn software(visit: Visit) -> PageResult {
    Ok(show(&SoftwarePage { page: visit.page() }))
}

/// Which products of the table.
#[derive(Debug, Default, Deserialize)]
struct Search {
    #[serde(default)]
    standard: String,
    #[serde(default)]
    q: String,
    /// `care`, `prevention`, or all.
    #[serde(default)]
    exchange: String,
}

impl Search {
    fn is_v3(&self) -> bool {
        self.standard == "v3"
    }

    fn admits(&self, product: &Tested) -> bool {
        let words = self.q.trim().to_lowercase();
        let text = format!("{} {}", product.company, product.product).to_lowercase();
        let has_all = match self.exchange.as_str() {
            "care" => product.done[..3].iter().all(|done| *done),
            "prevention" => product.done[3..].iter().all(|done| *done),
            _ => true,
        };
        has_all && words.split_whitespace().all(|word| text.contains(word))
    }
}

/// One of the seven exchanges of the table.
#[derive(Debug, Clone, Copy)]
struct Exchange {
    code: &'static str,
    name: Text,
}

/// D1 to D7 (relay.md §7).
static EXCHANGES: [Exchange; 7] = [
    Exchange {
        code: "D1", name: Text::new("ケアプラン（居宅介護支援）", "care plan")
    },
    Exchange {
        code: "D2", name: Text::new("利用票の予定（居宅介護支援）", "planned services")
    },
    Exchange { code: "D3", name: Text::new("実績（居宅介護支援）", "services given") },
    Exchange {
        code: "D4",
        name: Text::new("利用者基本情報（介護予防）", "prevention: basic facts"),
    },
    Exchange { code: "D5", name: Text::new("支援計画（介護予防）", "prevention: plan") },
    Exchange {
        code: "D6", name: Text::new("予定（介護予防）", "prevention: planned services")
    },
    Exchange {
        code: "D7", name: Text::new("実績（介護予防）", "prevention: services given")
    },
];

#[derive(Template)]
#[template(path = "start/results.html")]
struct ResultsPage {
    page: Page,
    search: Search,
    /// Those the standard of the table knows.
    exchanges: &'static [Exchange],
    rows: Vec<&'static Tested>,
}

async fn results(visit: Visit, Query(search): Query<Search>) -> PageResult {
    // Before its fourth version the standard had nothing for prevention.
    let (all, exchanges): (&'static [Tested], _) =
        if search.is_v3() { (&V3, &EXCHANGES[..3]) } else { (&V4, &EXCHANGES[..]) };
    let rows = all.iter().filter(|product| search.admits(product)).collect();
    Ok(show(&ResultsPage { page: visit.page(), search, exchanges, rows }))
}

#[derive(Template)]
#[template(path = "start/identity.html")]
struct IdentityPage {
    page: Page,
}

async fn identity(visit: Visit) -> PageResult {
    Ok(show(&IdentityPage { page: visit.page() }))
}

#[derive(Template)]
#[template(path = "start/lost.html")]
struct LostPage {
    page: Page,
}

async fn lost(visit: Visit) -> PageResult {
    Ok(show(&LostPage { page: visit.page() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_known_by_what_they_say() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(Browser::of(chrome), Browser::Chrome);
        assert_eq!(Browser::of(&format!("{chrome} Edg/140.0.0.0")), Browser::Edge);
        assert_eq!(Browser::of(&format!("{chrome} OPR/124.0.0.0")), Browser::Other);
        assert_eq!(
            Browser::of("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Firefox/140.0"),
            Browser::Other
        );
        let before_chromium = format!("{chrome} Edge/18.17763");
        assert_eq!(Browser::of(&before_chromium), Browser::Other);
    }

    #[test]
    fn a_day_is_written_in_both_calendars() {
        let (western, japanese) = both_calendars(Date::constant(2025, 11, 29));
        assert_eq!((western.as_str(), japanese.as_str()), ("2025/11/29", "令和 7/11/29"));
    }

    #[test]
    fn products_are_found_by_words_and_by_what_they_exchange() {
        let found = |exchange: &str, q: &str| {
            let search =
                Search { exchange: exchange.to_owned(), q: q.to_owned(), ..Search::default() };
            V4.iter().filter(|product| search.admits(product)).count()
        };
        assert_eq!(found("", ""), V4.len());
        assert_eq!(found("", V4[0].product), 1);
        assert!(found("care", "") < V4.len() && found("prevention", "") < found("care", ""));
        assert_eq!(found("", "ない製品"), 0);
    }
}
