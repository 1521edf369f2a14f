//! お知らせ on the sites (relay.md §3 M10).

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::caller::OnSite;
use crate::api::json;
use crate::api::problem::{ApiResult, Problem};
use careplan_relay::Relay;
use careplan_relay::notice::{NoticeRow, NoticeView};

/// Notices.
#[derive(Serialize, ToSchema)]
struct NoticeList {
    /// The newest first.
    items: Vec<NoticeRow>,
}

/// お知らせ一覧
#[utoipa::path(
    get, path = "/v1/portal/notices", tag = "sites",
    security(("portal_token" = [])),
    responses(
        (status = 200, body = NoticeList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_notices(
    State(relay): State<Relay>,
    on_site: OnSite,
) -> ApiResult<Response> {
    let items = relay.turn().await?.account().notices(&on_site.caller).await?;
    Ok(json(&NoticeList { items }))
}

/// One notice; it counts as read from now on
#[utoipa::path(
    get, path = "/v1/portal/notices/{id}", tag = "sites",
    security(("portal_token" = [])),
    params(("id" = String, Path, description = "Identifier of the notice")),
    responses(
        (status = 200, body = NoticeView),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_notice(
    State(relay): State<Relay>,
    on_site: OnSite,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    Ok(json(&relay.turn().await?.account().notice(&on_site.caller, &id).await?))
}
