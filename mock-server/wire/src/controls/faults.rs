//! Faults on demand; see [`crate::fault`].

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::Controls;
use crate::api::body::JsonBody;
use crate::api::problem::{ApiError, ApiResult, Problem};
use crate::api::transport_refusal::{FAULT_ORDER_WRONG, FAULT_UNKNOWN};
use crate::fault::{ArmedFault, FaultOrder};
use careplan_relay::outcome::Refusal;

/// The faults that are armed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FaultList {
    /// In the order of arming; those used up stay until disarmed.
    items: Vec<ArmedFault>,
}

/// The faults that are armed
#[utoipa::path(
    get, path = "/v1/controls/faults", tag = "controls",
    security((), ("admin_token" = [])),
    responses(
        (status = 200, body = FaultList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_faults(State(controls): State<Controls>) -> Json<FaultList> {
    Json(FaultList { items: controls.faults.list() })
}

/// Arm a fault
#[utoipa::path(
    post, path = "/v1/controls/faults", tag = "controls",
    security((), ("admin_token" = [])),
    request_body = FaultOrder,
    responses(
        (status = 201, body = ArmedFault),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn arm_fault(
    State(controls): State<Controls>,
    JsonBody(order): JsonBody<FaultOrder>,
) -> ApiResult<(StatusCode, Json<ArmedFault>)> {
    let armed = controls.faults.arm(order).map_err(|error| {
        let ja = FAULT_ORDER_WRONG.title.ja;
        ApiError::from(Refusal::new(&FAULT_ORDER_WRONG).because(ja, format!("{error}.")))
    })?;
    Ok((StatusCode::CREATED, Json(armed)))
}

/// Disarm all faults
#[utoipa::path(
    delete, path = "/v1/controls/faults", tag = "controls",
    security((), ("admin_token" = [])),
    responses(
        (status = 204, description = "None is armed."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn disarm_faults(State(controls): State<Controls>) -> StatusCode {
    controls.faults.disarm_all();
    StatusCode::NO_CONTENT
}

/// Disarm one fault
#[utoipa::path(
    delete, path = "/v1/controls/faults/{id}", tag = "controls",
    security((), ("admin_token" = [])),
    params(("id" = u64, Path, description = "Its number")),
    responses(
        (status = 204, description = "Disarmed."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn disarm_fault(
    State(controls): State<Controls>,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    match id.parse().is_ok_and(|id| controls.faults.disarm(id)) {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err((&FAULT_UNKNOWN).into()),
    }
}
