//! お知らせ on the sites (relay.md §3 M10).

use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;

use crate::api::caller::OnSite;
use crate::api::problem::{ApiResult, Problem};
use crate::api::{json as write, schema};
use careplan_relay::Relay;

/// お知らせ一覧
#[utoipa::path(
    get, path = "/v1/portal/notices", tag = "sites",
    security(("portal_token" = [])),
    responses(
        (status = 200, body = schema::NoticeList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_notices(
    State(relay): State<Relay>,
    on_site: OnSite,
) -> ApiResult<Response> {
    Ok(write(&json!({ "items": relay.turn().await?.account().notices(&on_site.caller).await? })))
}

/// One notice; it counts as read from now on
#[utoipa::path(
    get, path = "/v1/portal/notices/{id}", tag = "sites",
    security(("portal_token" = [])),
    params(("id" = String, Path, description = "Identifier of the notice")),
    responses(
        (status = 200, body = schema::Notice),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_notice(
    State(relay): State<Relay>,
    on_site: OnSite,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    Ok(write(&relay.turn().await?.account().notice(&on_site.caller, &id).await?))
}
