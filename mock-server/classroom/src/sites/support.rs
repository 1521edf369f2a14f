//! サポートサイト: notices, what every message means, the directory, sample files, a check.

pub(super) mod check;
mod download;
mod faq;
mod guide;
mod prefecture;
mod questions;
pub(super) mod samples;

use std::collections::BTreeSet;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use careplan_relay::licence::LicenceState;
use serde::Deserialize;

use super::Sites;
use super::client::{kind_in_words, kinds_in_words};
use super::page::{Page, PageResult, show};
use super::visit::Visit;

/// The routes.
pub(super) fn routes() -> Router<Sites> {
    Router::new()
        .route("/support", get(top))
        .route("/support/begin", get(guide::begin))
        .route("/support/faq", get(faq::page))
        .route("/support/download", get(download::page).post(download::ask))
        .route("/support/download/product", get(download::product))
        .route("/support/combinations", get(guide::combinations))
        .route("/support/contact", get(guide::contact))
        .route("/support/numbers", get(guide::numbers))
        .route("/support/2027", get(guide::next))
        .route("/support/offices", get(offices))
        .route("/support/samples", get(samples::page))
        .route("/support/samples/{id}", get(samples::fetch))
        .route("/support/check", get(check::page).post(check::run))
}

/// Rows of the directory, at most.
const ROWS: usize = 200;

#[derive(Template)]
#[template(path = "support/top.html")]
struct TopPage {
    page: Page,
}

async fn top(visit: Visit) -> PageResult {
    Ok(show(&TopPage { page: visit.page() }))
}

#[derive(Debug, Default, Deserialize)]
struct OfficeSearch {
    #[serde(default)]
    q: String,
    /// First two digits of the number.
    #[serde(default)]
    prefecture: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    kind: String,
    /// `yes` for those that use the system.
    #[serde(default)]
    uses: String,
}

/// An office of the directory.
struct Office {
    number: String,
    name: String,
    kinds: String,
    uses: bool,
}

#[derive(Template)]
#[template(path = "support/offices.html")]
struct OfficesPage {
    page: Page,
    search: OfficeSearch,
    prefectures: Vec<(String, &'static str)>,
    kinds: Vec<(String, String)>,
    offices: Vec<Office>,
    total: usize,
}

/// Who uses the system: what WAM NET shows of the real one (relay.md §6).
async fn offices(
    State(sites): State<Sites>,
    visit: Visit,
    Query(search): Query<OfficeSearch>,
) -> PageResult {
    let words: Vec<String> = search.q.split_whitespace().map(str::to_lowercase).collect();
    let accounts = sites.relay().turn().await?.operator().accounts().await?;
    let mut prefectures = BTreeSet::new();
    let mut kinds = BTreeSet::new();
    for account in &accounts {
        prefectures.extend(account.office.get(..2).map(str::to_owned));
        kinds.extend(account.service_kinds.iter().cloned());
    }
    let number = search.number.trim();
    let mut found: Vec<Office> = accounts
        .into_iter()
        .filter(|account| {
            account.office.starts_with(&search.prefecture)
                && account.office.contains(number)
                && (search.kind.is_empty() || account.service_kinds.contains(&search.kind))
        })
        .map(|account| Office {
            uses: account.kj_id.is_some()
                && matches!(account.licence.state, LicenceState::Active | LicenceState::Applied),
            kinds: kinds_in_words(&account.service_kinds),
            number: account.office,
            name: account.name,
        })
        .filter(|office| office.uses || search.uses != "yes")
        .filter(|office| {
            let text = format!("{} {} {}", office.number, office.name, office.kinds).to_lowercase();
            words.iter().all(|word| text.contains(word))
        })
        .collect();
    let total = found.len();
    found.truncate(ROWS);
    let prefectures = prefectures.into_iter().map(|code| {
        let name = prefecture::find(&code).map_or("-", |name| name.get(visit.lang));
        (code, name)
    });
    let kinds = kinds.into_iter().map(|kind| {
        let words = kind_in_words(&kind);
        (kind, words)
    });
    Ok(show(&OfficesPage {
        page: visit.page(),
        prefectures: prefectures.collect(),
        kinds: kinds.collect(),
        search,
        offices: found,
        total,
    }))
}
