//! The whole state as one file.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::Controls;
use crate::api::problem::{ApiError, ApiResult, Problem};
use crate::api::transport_refusal::{MEDIA_TYPE_WRONG, SAVED_STATE_UNREADABLE};
use crate::api::{attachment, body};
use careplan_relay::outcome::{Error, Failure, Refusal};

/// Save the whole state
///
/// Test authority, keys, clock and seeds included, so that certificates still work after loading.
/// It is the state of one moment; nobody waits for it. What is damaged is not saved: the detail says
/// which table and row. At most 1 GiB, packed and unpacked.
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
/// says which table and row of the archive is wrong. What this release does not know is left out: the
/// answer is 200 then and names it, as the log does; else it is 204. At most 1 GiB, packed and
/// unpacked.
#[utoipa::path(
    put, path = "/v1/controls/state", tag = "controls",
    security((), ("admin_token" = [])),
    request_body(content_type = "application/zip", description = "The archive."),
    responses(
        (status = 204, description = "Loaded."),
        (status = 200, body = Loaded, description = "Loaded, but not everything as it was."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn load_state(
    State(controls): State<Controls>,
    request: Request,
) -> ApiResult<Response> {
    if !body::is_zip(request.headers()) {
        return Err((&MEDIA_TYPE_WRONG).into());
    }
    let saved = body::keep(request).await?;
    let not_taken_over = controls.relay.load_state(saved).await.map_err(explained)?;
    tracing::info!("a saved state was loaded");
    Ok(if not_taken_over.is_empty() {
        StatusCode::NO_CONTENT.into_response()
    } else {
        Json(Loaded { not_taken_over }).into_response()
    })
}

/// What became of a saved state.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Loaded {
    /// What was not taken over as it was, each with its place; also that the disk could not be
    /// flushed.
    #[schema(example = json!(["tables/office.json: colour is unknown and was left out"]))]
    not_taken_over: Vec<String>,
}

fn explained(error: Error) -> ApiError {
    match error {
        Error::Failed(Failure::SavedState(why)) => Refusal::new(&SAVED_STATE_UNREADABLE)
            .because(
                format!(
                    "GET /v1/controls/state で保存したファイルではないか、壊れています（{why}）。"
                ),
                format!("It is no saved state, or it is damaged: {why}."),
            )
            .into(),
        error => error.into(),
    }
}
