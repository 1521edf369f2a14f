//! The whole state as one file.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Controls;
use crate::api::problem::{ApiError, ApiResult, Problem};
use crate::api::transport_refusal::{MEDIA_TYPE_WRONG, SAVED_STATE_UNREADABLE};
use crate::api::{attachment, body};
use careplan_relay::outcome::{Error, Failure, Refusal};
use careplan_relay::saved_state::LARGEST_STATE;

/// Save the whole state
///
/// Test authority, keys, clock and seeds included, so that certificates still work after loading.
#[utoipa::path(
    get, path = "/v1/controls/state", tag = "controls",
    security((), ("admin_token" = [])),
    responses(
        (status = 200, content_type = "application/zip", description = "One archive."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn save_state(State(controls): State<Controls>) -> ApiResult<Response> {
    let archive = controls.relay.save_state().await?;
    Ok(attachment(archive, "application/zip", "careplan-testbed-state.zip"))
}

/// Load a saved state
///
/// Replaces everything; on an error nothing changes.
#[utoipa::path(
    put, path = "/v1/controls/state", tag = "controls",
    security((), ("admin_token" = [])),
    request_body(content_type = "application/zip", description = "The archive."),
    responses(
        (status = 204, description = "Loaded."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn load_state(
    State(controls): State<Controls>,
    request: Request,
) -> ApiResult<StatusCode> {
    if !body::is_zip(request.headers()) {
        return Err((&MEDIA_TYPE_WRONG).into());
    }
    let archive = body::collect(request.into_body(), LARGEST_STATE).await?;
    controls.relay.load_state(archive).await.map_err(explained)?;
    tracing::info!("a saved state was loaded");
    Ok(StatusCode::NO_CONTENT)
}

fn explained(error: Error) -> ApiError {
    match error {
        Error::Failed(Failure::SavedState(why)) => Refusal::new(&SAVED_STATE_UNREADABLE)
            .because(
                "GET /v1/controls/state で保存したファイルではないか、壊れています。",
                format!("It is no saved state, or it is damaged: {why}."),
            )
            .into(),
        error => error.into(),
    }
}
