//! Licence and free pass (relay.md §6).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::api::caller::OnSite;
use crate::api::json;
use crate::api::problem::{ApiResult, Problem};
use careplan_relay::Relay;
use careplan_relay::licence::{LicenceApplication, LicenceView};

/// Whether the licence shall renew by itself.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct AutoRenewal {
    /// On or off.
    on: bool,
}

/// The licence page
#[utoipa::path(
    get, path = "/v1/portal/licence", tag = "sites",
    security(("portal_token" = [])),
    responses(
        (status = 200, body = LicenceView),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_licence(
    State(relay): State<Relay>,
    on_site: OnSite,
) -> ApiResult<Response> {
    Ok(json(&relay.turn().await?.licences().view(&on_site.caller).await?))
}

/// Apply for a licence
#[utoipa::path(
    post, path = "/v1/portal/licence", tag = "sites",
    security(("portal_token" = [])),
    request_body = LicenceApplication,
    responses(
        (status = 201, body = LicenceView),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn apply_for_licence(
    State(relay): State<Relay>,
    on_site: OnSite,
    JsonBody(order): JsonBody<LicenceApplication>,
) -> ApiResult<Response> {
    let licence = relay.turn().await?.licences().apply(&on_site.caller, order).await?;
    Ok((StatusCode::CREATED, json(&licence)).into_response())
}

/// Apply for a free pass
#[utoipa::path(
    post, path = "/v1/portal/free-pass", tag = "sites",
    security(("portal_token" = [])),
    request_body = LicenceApplication,
    responses(
        (status = 201, body = LicenceView),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn apply_for_free_pass(
    State(relay): State<Relay>,
    on_site: OnSite,
    JsonBody(order): JsonBody<LicenceApplication>,
) -> ApiResult<Response> {
    let licence =
        relay.turn().await?.licences().apply_for_free_pass(&on_site.caller, order).await?;
    Ok((StatusCode::CREATED, json(&licence)).into_response())
}

/// Stop or resume the renewal at the end of the term
#[utoipa::path(
    put, path = "/v1/portal/licence/auto-renewal", tag = "sites",
    security(("portal_token" = [])),
    request_body = AutoRenewal,
    responses(
        (status = 200, body = LicenceView),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn set_auto_renewal(
    State(relay): State<Relay>,
    on_site: OnSite,
    JsonBody(renewal): JsonBody<AutoRenewal>,
) -> ApiResult<Response> {
    Ok(json(&relay.turn().await?.licences().set_auto_renewal(&on_site.caller, renewal.on).await?))
}

/// Ask to cancel in the term: always refused
#[utoipa::path(
    post, path = "/v1/portal/licence/cancel", tag = "sites",
    security(("portal_token" = [])),
    responses(
        (status = 204, description = "Never: a licence cannot be cancelled in its term."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn cancel_licence(
    State(relay): State<Relay>,
    on_site: OnSite,
) -> ApiResult<StatusCode> {
    relay.turn().await?.licences().cancel(&on_site.caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
