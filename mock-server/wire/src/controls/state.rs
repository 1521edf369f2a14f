//! The whole state as one file.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Controls;
use crate::api::problem::{ApiError, ApiResult, Problem};
use crate::api::transport_refusal::{MEDIA_TYPE_WRONG, SAVED_STATE_UNREADABLE};
use crate::api::{attachment, body};
use careplan_relay::outcome::{Error, Failure, Refusal};

/// Save the whole state
///
/// Test authority, keys, clock and seeds included, so that certificates still work after loading.
/// It is the state of one moment; nobody waits for it. At most 1 GiB, packed and unpacked.
#[utoipa::path(
    get, path = "/v1/controls/state", tag = "controls",
    security((), ("admin_token" = [])),
    responses(
        (status = 200, content_type = "application/zip", description = "One archive."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn save_state(State(controls): State<Controls>) -> ApiResult<Response> {
    let saved = controls.relay.save_state().await?;
    Ok(attachment(body::of_saved(saved), "application/zip", "careplan-testbed-state.zip"))
}

/// Load a saved state
///
/// Of this release or an older one. Replaces everything; on an error nothing changes, and the detail
/// says which table and row of the archive is wrong. What an older release knew and this one does
/// not is left out, and logged. At most 1 GiB, packed and unpacked.
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
    let saved = body::keep(request.into_body()).await?;
    controls.relay.load_state(saved).await.map_err(explained)?;
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
