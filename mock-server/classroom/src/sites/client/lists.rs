//! 受信一覧 and 送信一覧.

use askama::Template;
use axum::extract::{Path, Query, State};
use careplan_client_core::wire::{ManifestFile, UnitHead};
use careplan_client_core::{Code, DownloadState, Error, FetchState};
use careplan_relay::clock;
use serde::Deserialize;

use super::{At, Partner};
use crate::sites::Sites;
use crate::sites::page::{Page, PageError, PageResult, show};
use crate::sites::visit::Visit;

/// Page and search of a list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    page: String,
    #[serde(default)]
    text: String,
}

impl Wanted {
    /// The page asked for; what is no number is the first one.
    fn page(&self) -> u32 {
        self.page.parse().map_or(1, |page: u32| page.max(1))
    }

    fn text(&self) -> Option<String> {
        let text = self.text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

/// What went wrong is said; a text that is too long, above the whole list.
fn not_listed(at: &At, list: &str, error: &Error) -> PageError {
    if *error.code() == Code::SearchTextTooLong {
        at.tell(error);
        return at.to(list);
    }
    at.broken(error)
}

/// A row of either list.
struct MessageRow {
    id: String,
    at: String,
    partner: Partner,
    units: String,
    files: u64,
    size: String,
    has_text: bool,
    /// Fetched or downloaded.
    done: bool,
    done_at: String,
}

/// Where a list stands.
struct Pager {
    page: u64,
    last: u64,
    total: u64,
    text: String,
}

impl Pager {
    fn new(page: u64, per_page: u64, total: u64, text: String) -> Self {
        Self { page: page.max(1), last: total.div_ceil(per_page.max(1)).max(1), total, text }
    }

    fn to(&self, page: &u64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("page", &page.to_string());
        if !self.text.is_empty() {
            query.append_pair("text", &self.text);
        }
        format!("?{}", query.finish())
    }

    fn previous(&self) -> Option<u64> {
        (self.page > 1).then(|| self.page - 1)
    }

    fn next(&self) -> Option<u64> {
        (self.page < self.last).then(|| self.page + 1)
    }
}

/// Send units in words: `サービス利用票（2026年12月）`.
pub(super) fn units_in_words(units: &[UnitHead], visit: &Visit) -> String {
    let words = units.iter().map(|unit| {
        let title = careplan_fixtures::request::find_unit(&unit.unit)
            .map_or(unit.unit.as_str(), |known| known.title.get(visit.lang));
        match &unit.service_month {
            Some(month) => format!("{title}（{}）", month_in_words(month, visit)),
            None => title.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join("、")
}

/// A month of six digits for people.
pub(super) fn month_in_words(month: &str, visit: &Visit) -> String {
    match month.split_at_checked(4) {
        Some((year, month)) if month.len() == 2 => {
            let number = month.trim_start_matches('0');
            let ja = format!("{year}年{number}月");
            visit.t(&ja, &format!("{year}-{month}")).to_owned()
        }
        _ => month.to_owned(),
    }
}

/// Bytes for people.
pub(super) fn size_in_words(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KB", bytes.div_ceil(1_024)),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

#[derive(Template)]
#[template(path = "client/inbox.html")]
struct InboxPage {
    page: Page,
    rows: Vec<MessageRow>,
    pager: Pager,
}

pub(super) async fn inbox(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let mut list = client.inbox();
    if let Some(text) = wanted.text() {
        list = list.text(text);
    }
    let list = list.page(wanted.page()).await;
    let list = list.map_err(|error| not_listed(&at, "/inbox", &error))?;
    let rows = list
        .items
        .iter()
        .map(|item| MessageRow {
            id: item.id.to_string(),
            at: clock::shown(item.received_at),
            partner: Partner::from(&item.from),
            units: units_in_words(&item.units, &at.visit),
            files: item.files,
            size: size_in_words(item.bytes),
            has_text: item.has_text,
            done: item.state == FetchState::Fetched,
            done_at: item.fetched_at.map(clock::shown).unwrap_or_default(),
        })
        .collect();
    let pager = Pager::new(list.page, list.per_page, list.total, wanted.text);
    Ok(show(&InboxPage { page: at.page(), rows, pager }))
}

#[derive(Template)]
#[template(path = "client/outbox.html")]
struct OutboxPage {
    page: Page,
    rows: Vec<MessageRow>,
    pager: Pager,
}

pub(super) async fn outbox(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let mut list = client.outbox();
    if let Some(text) = wanted.text() {
        list = list.text(text);
    }
    let list = list.page(wanted.page()).await;
    let list = list.map_err(|error| not_listed(&at, "/outbox", &error))?;
    let rows = list
        .items
        .iter()
        .map(|item| MessageRow {
            id: item.id.to_string(),
            at: clock::shown(item.sent_at),
            partner: Partner::from(&item.to),
            units: units_in_words(&item.units, &at.visit),
            files: item.files,
            size: size_in_words(item.bytes),
            has_text: item.has_text,
            done: item.state == DownloadState::Downloaded,
            done_at: item.downloaded_at.map(clock::shown).unwrap_or_default(),
        })
        .collect();
    let pager = Pager::new(list.page, list.per_page, list.total, wanted.text);
    Ok(show(&OutboxPage { page: at.page(), rows, pager }))
}

#[derive(Template)]
#[template(path = "client/item.html")]
struct ItemPage {
    page: Page,
    is_received: bool,
    row: MessageRow,
    files: Vec<ManifestFile>,
}

pub(super) async fn inbox_item(
    State(sites): State<Sites>,
    visit: Visit,
    Path((terminal, id)): Path<(String, String)>,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let item = client.inbox_item(&id.into()).await.map_err(|error| at.broken(&error))?;
    let row = MessageRow {
        id: item.id.to_string(),
        at: clock::shown(item.received_at),
        partner: Partner::from(&item.from),
        units: units_in_words(&item.units, &at.visit),
        files: item.files,
        size: size_in_words(item.bytes),
        has_text: item.has_text,
        done: item.state == FetchState::Fetched,
        done_at: item.fetched_at.map(clock::shown).unwrap_or_default(),
    };
    let files = item.manifest_files;
    Ok(show(&ItemPage { page: at.page(), is_received: true, row, files }))
}

pub(super) async fn outbox_item(
    State(sites): State<Sites>,
    visit: Visit,
    Path((terminal, id)): Path<(String, String)>,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let item = client.outbox_item(&id.into()).await.map_err(|error| at.broken(&error))?;
    let row = MessageRow {
        id: item.id.to_string(),
        at: clock::shown(item.sent_at),
        partner: Partner::from(&item.to),
        units: units_in_words(&item.units, &at.visit),
        files: item.files,
        size: size_in_words(item.bytes),
        has_text: item.has_text,
        done: item.state == DownloadState::Downloaded,
        done_at: item.downloaded_at.map(clock::shown).unwrap_or_default(),
    };
    let files = item.manifest_files;
    Ok(show(&ItemPage { page: at.page(), is_received: false, row, files }))
}
