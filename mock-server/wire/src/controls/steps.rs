//! Steps that fell due and could not be done.

use axum::Json;
use axum::extract::{Path, State};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Controls;
use crate::api::problem::{ApiResult, Problem};
use careplan_relay::store::SetAside;

/// A step that fell due and could not be done. Nothing waits for it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StepRow {
    /// Identifier.
    id: String,
    /// When it fell due; null where that cannot be read.
    due_at: Option<Timestamp>,
    /// `certificate-issue`, `certificate-notice`, `licence-charge`, `licence-notice` or
    /// `licence-end`.
    kind: String,
    /// What it is about: identifier of a certificate or of a term of a licence.
    subject: String,
    /// Why it could not be done.
    why: String,
}

/// Every step that is set aside.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StepList {
    /// The earliest first.
    items: Vec<StepRow>,
}

impl From<Vec<SetAside>> for StepList {
    fn from(steps: Vec<SetAside>) -> Self {
        let row = |SetAside { id, at, kind, subject, why }| StepRow {
            id,
            due_at: at,
            kind,
            subject,
            why,
        };
        Self { items: steps.into_iter().map(row).collect() }
    }
}

/// Steps that could not be done
///
/// Each was set aside, and what fell due behind it went on.
#[utoipa::path(
    get, path = "/v1/controls/steps", tag = "controls",
    security((), ("admin_token" = [])),
    responses(
        (status = 200, body = StepList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_steps(State(controls): State<Controls>) -> ApiResult<Json<StepList>> {
    Ok(Json(controls.relay.turn().await?.operator().set_aside().await?.into()))
}

/// Try a step again
///
/// After mending what was wrong. The answer lists what is set aside then: the step too, if it still
/// cannot be done.
#[utoipa::path(
    post, path = "/v1/controls/steps/{id}/retry", tag = "controls",
    security((), ("admin_token" = [])),
    params(("id" = String, Path, description = "Identifier of the step")),
    responses(
        (status = 200, body = StepList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn retry_step(
    State(controls): State<Controls>,
    Path(id): Path<String>,
) -> ApiResult<Json<StepList>> {
    Ok(Json(controls.relay.turn().await?.operator().retry_step(&id).await?.into()))
}

/// Remove a step
///
/// It will never be done. The answer lists what is set aside then.
#[utoipa::path(
    delete, path = "/v1/controls/steps/{id}", tag = "controls",
    security((), ("admin_token" = [])),
    params(("id" = String, Path, description = "Identifier of the step")),
    responses(
        (status = 200, body = StepList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn drop_step(
    State(controls): State<Controls>,
    Path(id): Path<String>,
) -> ApiResult<Json<StepList>> {
    Ok(Json(controls.relay.turn().await?.operator().drop_step(&id).await?.into()))
}
