//! What was asked; see [`crate::journal`].

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use super::Controls;
use crate::api::body::{UrlQuery, wrong_value};
use crate::api::problem::{ApiResult, Problem};
use crate::api::transport_refusal::TRANSPORT_REFUSALS;
use crate::journal::{JournalView, LISTENERS};
use careplan_relay::refusal::REFUSALS;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    limit: Option<usize>,
    listener: Option<String>,
    office: Option<String>,
    request_id: Option<String>,
    code: Option<String>,
}

/// Requests shown where no number is asked for.
const DEFAULT_LIMIT: usize = 100;

/// The last requests to the sites and the relay
#[utoipa::path(
    get, path = "/v1/controls/journal", tag = "controls",
    security((), ("admin_token" = [])),
    params(
        ("limit" = Option<usize>, Query, description = "How many; default 100"),
        ("listener" = Option<String>, Query, description = "Where it was asked"),
        ("office" = Option<String>, Query, description = "Office number"),
        ("request_id" = Option<String>, Query, description = "Identifier of one request"),
        ("code" = Option<String>, Query, description = "Code of the problem document"),
    ),
    responses(
        (status = 200, body = JournalView),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_journal(
    State(controls): State<Controls>,
    UrlQuery(which): UrlQuery<Which>,
) -> ApiResult<Json<JournalView>> {
    let is_any = |wanted: &Option<String>, all: &[&str]| {
        wanted.as_deref().is_none_or(|wanted| all.contains(&wanted))
    };
    if !is_any(&which.listener, &LISTENERS) {
        return Err(wrong_value("listener", &LISTENERS.join(", ")));
    }
    let ours = TRANSPORT_REFUSALS.iter().map(|(row, _)| row);
    let codes: Vec<&str> = REFUSALS.iter().chain(ours).map(|row| row.code).collect();
    if !is_any(&which.code, &codes) {
        return Err(wrong_value("code", "the code of a refusal"));
    }
    let is = |wanted: &Option<String>, found: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| Some(wanted) == found)
    };
    let view = controls.journal.last(which.limit.unwrap_or(DEFAULT_LIMIT), |entry| {
        is(&which.listener, Some(entry.listener))
            && is(&which.office, entry.office.as_deref())
            && is(&which.request_id, Some(&entry.request_id))
            && is(&which.code, entry.code)
    });
    Ok(Json(view))
}

/// Empty the journal
#[utoipa::path(
    delete, path = "/v1/controls/journal", tag = "controls",
    security((), ("admin_token" = [])),
    responses(
        (status = 204, description = "It is empty."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn clear_journal(State(controls): State<Controls>) -> StatusCode {
    controls.journal.clear();
    StatusCode::NO_CONTENT
}
