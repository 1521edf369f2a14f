//! Claims: what was fetched, and taking it back.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::Controls;
use crate::api::json;
use crate::api::problem::{ApiResult, Problem};
use careplan_relay::control::FetchedView;

/// What was fetched.
#[derive(Serialize, ToSchema)]
struct FetchedList {
    /// The latest first: a hundred at most.
    items: Vec<FetchedView>,
}

/// What was fetched last
#[utoipa::path(
    get, path = "/v1/controls/claims", tag = "controls",
    security((), ("admin_token" = [])),
    responses(
        (status = 200, body = FetchedList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_claims(State(controls): State<Controls>) -> ApiResult<Response> {
    let items = controls.relay.turn().await?.operator().fetched_last().await?;
    Ok(json(&FetchedList { items }))
}

/// Release a claim: the message can be fetched again
///
/// Nobody has fetched it then, in both lists. The download token of the claim opens nothing any
/// more, and a claim under the same key is a new one. A message that nobody has fetched stays as it
/// is. The real system is not known to have this.
#[utoipa::path(
    post, path = "/v1/controls/claims/{id}/release", tag = "controls",
    security((), ("admin_token" = [])),
    params(("id" = String, Path, description = "Identifier of the message")),
    responses(
        (status = 204, description = "Nobody has fetched it."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn release_claim(
    State(controls): State<Controls>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    controls.relay.turn().await?.operator().release_claim(&id).await?;
    tracing::info!(message = id, "a claim was released");
    Ok(StatusCode::NO_CONTENT)
}
