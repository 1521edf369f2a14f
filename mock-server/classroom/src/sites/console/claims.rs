//! What was fetched, and taking it back.

use askama::Template;
use axum::extract::State;
use careplan_relay::clock;
use careplan_relay::control::FetchedView;

use super::admit;
use crate::sites::Sites;
use crate::sites::alert::Alert;
use crate::sites::page::{Page, PageResult, see, show};
use crate::sites::portal;
use crate::sites::posted::Posted;
use crate::sites::visit::Visit;

/// A fetched message as a row.
struct FetchedRow {
    id: String,
    fetched: String,
    confirmed: Option<String>,
    from: String,
    to: String,
    sent: String,
}

impl From<FetchedView> for FetchedRow {
    fn from(view: FetchedView) -> Self {
        Self {
            id: view.id,
            fetched: clock::shown(view.fetched_at),
            confirmed: view.confirmed_at.map(clock::shown),
            from: format!("{} {}", view.from, view.from_name),
            to: format!("{} {}", view.to, view.to_name),
            sent: clock::shown(view.sent_at),
        }
    }
}

#[derive(Template)]
#[template(path = "console/claims.html")]
struct ClaimsPage {
    page: Page,
    rows: Vec<FetchedRow>,
}

pub(super) async fn page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    admit(&visit)?;
    let fetched = sites.relay().turn().await?.operator().fetched_last().await?;
    let rows = fetched.into_iter().map(FetchedRow::from).collect();
    Ok(show(&ClaimsPage { page: visit.page(), rows }))
}

/// Makes a fetched message one that can be fetched.
pub(super) async fn release(
    State(sites): State<Sites>,
    visit: Visit,
    posted: Posted,
) -> PageResult {
    admit(&visit)?;
    let id = posted.trimmed("id");
    match sites.relay().turn().await?.operator().release_claim(id).await {
        Ok(()) => visit.say(Alert::good(
            "取得を取り消しました。受信一覧では未取得に、送信一覧では未ダウンロードに戻りました。",
            "The claim is released: it can be fetched again, and is not downloaded for the sender.",
        )),
        Err(error) => portal::tell(&visit, error)?,
    }
    Ok(see("/console/claims"))
}
