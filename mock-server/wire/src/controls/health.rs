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
use careplan_relay::outcome::{Error, Failure, Refusal};
use careplan_relay::store::StoreError;

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

/// Whether requests can be answered: what is written is read back, and what was due is done
#[utoipa::path(
    get, path = "/readyz", tag = "controls",
    responses(
        (status = 200, body = Health),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_readiness(State(controls): State<Controls>) -> ApiResult<Json<Health>> {
    match controls.relay.check().await {
        Ok(()) => Ok(Json(GOOD)),
        Err(error) => {
            tracing::error!(%error, "not ready");
            let (ja, en) = what_is_wrong(&error);
            Err(Refusal::new(&NOT_READY).because(ja, en).into())
        }
    }
}

/// For whoever asks: no paths and no rows.
fn what_is_wrong(error: &Error) -> (&'static str, &'static str) {
    match error {
        Error::Failed(Failure::Store(error)) => match error {
            StoreError::Full(_) => ("ディスクがいっぱいです。", "The disk is full."),
            StoreError::Disk(_) => ("ディスクに書き込めません。", "The disk cannot be written."),
            StoreError::NotReadBack => {
                ("書き込んだ内容を読み出せません。", "What is written is not read back.")
            }
            _ => ("状態を読み書きできません。", "The state cannot be read or written."),
        },
        _ => ("期限の来た処理を終えられません。", "What has fallen due cannot be done."),
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
