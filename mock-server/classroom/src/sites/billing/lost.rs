//! The ID or the password is missing: asking the federation, and the letter that comes by post
//! (introduction guide 2025-12, ID・パスワードが分からない場合).

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use careplan_relay::clock;
use careplan_relay::control::AccountView;
use careplan_relay::help::OfficeHelp;
use jiff::{Timestamp, ToSpan};

use crate::sites::Sites;
use crate::sites::page::{Page, PageError, PageResult, see, show};
use crate::sites::posted::Posted;
use crate::sites::visit::Visit;

/// Days a letter is on its way (relay.md §4, Stated: some days to about two weeks).
const DAYS_BY_POST: i64 = 14;

/// Letters that were posted, by office: when they come. What is kept of an office that has its first
/// password again is of before.
#[derive(Debug, Default)]
pub(in crate::sites) struct Post(Mutex<BTreeMap<String, Timestamp>>);

impl Post {
    fn send(&self, office: &str, arrives: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(office.to_owned(), arrives);
    }

    fn arrival(&self, office: &str) -> Option<Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(office).copied()
    }
}

/// What is wrong with the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Missing,
    Malformed,
    Unknown,
}

#[derive(Template)]
#[template(path = "billing/lost.html")]
struct LostPage {
    page: Page,
    office: String,
    wrong: Option<Wrong>,
    /// Others can reach the server: the trainer issues the password.
    asks_trainer: bool,
}

/// Whether whoever asks gets a letter: where others can reach the server, nobody ends the password
/// of another office, and the trainer is the federation.
fn asks_trainer(sites: &Sites) -> bool {
    sites.parts.admin_token.is_some()
}

pub(super) async fn page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    Ok(show(&LostPage {
        page: visit.page(),
        office: String::new(),
        wrong: None,
        asks_trainer: asks_trainer(&sites),
    }))
}

async fn account_of(sites: &Sites, office: &str) -> Result<Option<AccountView>, PageError> {
    let accounts = sites.relay().turn().await?.operator().accounts().await?;
    Ok(accounts.into_iter().find(|account| account.office == office && account.kj_id.is_some()))
}

pub(super) async fn ask(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    if asks_trainer(&sites) {
        return Ok(see("/billing/lost"));
    }
    let office = posted.trimmed("office").to_owned();
    let is_number = office.len() == 10 && office.bytes().all(|byte| byte.is_ascii_digit());
    let wrong = match office.as_str() {
        "" => Some(Wrong::Missing),
        _ if !is_number => Some(Wrong::Malformed),
        _ if account_of(&sites, &office).await?.is_none() => Some(Wrong::Unknown),
        _ => None,
    };
    if wrong.is_some() {
        let page = LostPage { page: visit.page(), office, wrong, asks_trainer: false };
        let mut response = show(&page);
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    sites.relay().help(&office, OfficeHelp::TemporaryPassword).await?;
    let day = sites.relay().clock().today().saturating_add(DAYS_BY_POST.days());
    sites.post.send(&office, clock::start_of(day));
    Ok(see(&format!("/billing/lost/{office}")))
}

#[derive(Template)]
#[template(path = "billing/lost_asked.html")]
struct AskedPage {
    page: Page,
    office: String,
    name: String,
    arrives: String,
    has_arrived: bool,
}

/// Where the letter of an office is.
pub(super) async fn asked(
    State(sites): State<Sites>,
    visit: Visit,
    Path(office): Path<String>,
) -> PageResult {
    let account = account_of(&sites, &office).await?.ok_or(PageError::NotFound)?;
    let arrives = sites.post.arrival(&office).filter(|_| account.reissued);
    let arrives = arrives.ok_or_else(|| PageError::Elsewhere("/billing/lost".to_owned()))?;
    Ok(show(&AskedPage {
        page: visit.page(),
        office,
        name: account.name,
        arrives: clock::shown_date(clock::date_of(arrives)),
        has_arrived: arrives <= sites.relay().clock().now(),
    }))
}
