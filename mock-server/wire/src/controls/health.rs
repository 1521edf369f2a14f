//! Whether the server lives, whether it is ready, and its numbers.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::Controls;
use crate::api::problem::{ApiResult, Problem};
use crate::api::transport_refusal::NOT_READY;

/// A good state.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`.
    status: &'static str,
    /// Version of the program.
    version: &'static str,
}

const GOOD: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

/// Whether the process lives
#[utoipa::path(
    get, path = "/healthz", tag = "controls",
    responses(
        (status = 200, body = Health),
    )
)]
pub(super) async fn show_health() -> Json<Health> {
    Json(GOOD)
}

/// Whether requests can be answered: the store works, and what was due is done
#[utoipa::path(
    get, path = "/readyz", tag = "controls",
    responses(
        (status = 200, body = Health),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_readiness(State(controls): State<Controls>) -> ApiResult<Json<Health>> {
    match controls.relay.settle().await {
        Ok(()) => Ok(Json(GOOD)),
        Err(error) => {
            tracing::error!(%error, "not ready");
            Err((&NOT_READY).into())
        }
    }
}

/// Numbers for Prometheus
#[utoipa::path(
    get, path = "/metrics", tag = "controls",
    security((), ("admin_token" = [])),
    responses(
        (status = 200, content_type = "text/plain", body = String),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_metrics(State(controls): State<Controls>) -> Response {
    let text = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, text)], controls.metrics.render()).into_response()
}
