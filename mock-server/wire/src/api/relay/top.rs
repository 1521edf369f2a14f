//! Top page, notices and the directory (relay.md §2).

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::body::UrlQuery;
use crate::api::caller::SignedIn;
use crate::api::json;
use crate::api::problem::{ApiResult, Problem};
use crate::openapi::Addresses;
use careplan_relay::Relay;
use careplan_relay::account::OfficeView;
use careplan_relay::notice::{NoticePage, NoticeView};
use careplan_relay::top::TopPage;

/// What the client shows first.
#[derive(Serialize, ToSchema)]
pub(super) struct Top {
    #[serde(flatten)]
    page: TopPage,
    /// 利用状況Webサイト, to be opened in a browser.
    usage_site: String,
}

/// Top page of the client
#[utoipa::path(
    get, path = "/v1/top", tag = "top",
    security(("access_token" = [])),
    responses(
        (status = 200, body = Top),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_top(
    State(relay): State<Relay>,
    Extension(at): Extension<Arc<Addresses>>,
    signed_in: SignedIn,
) -> ApiResult<Response> {
    let page = relay.turn().await?.exchange().top(&signed_in.caller).await?;
    Ok(json(&Top { page, usage_site: at.usage_site() }))
}

/// Which page is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoticeQuery {
    page: Option<u32>,
    per_page: Option<u32>,
}

/// お知らせ一覧
#[utoipa::path(
    get, path = "/v1/notices", tag = "top",
    security(("access_token" = [])),
    params(
        ("page" = Option<u32>, Query, description = "Page, 1-based"),
        ("per_page" = Option<u32>, Query, description = "Rows of a page; 10 without it, and more than `max-page-rows` (200) are as many as that"),
    ),
    responses(
        (status = 200, body = NoticePage),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_notices(
    State(relay): State<Relay>,
    signed_in: SignedIn,
    UrlQuery(query): UrlQuery<NoticeQuery>,
) -> ApiResult<Response> {
    let (page, per_page) = (query.page.unwrap_or(0), query.per_page.unwrap_or(0));
    let exchange = relay.turn().await?.exchange();
    Ok(json(&exchange.notices(&signed_in.caller, page, per_page).await?))
}

/// One notice; it counts as read from now on
#[utoipa::path(
    get, path = "/v1/notices/{id}", tag = "top",
    security(("access_token" = [])),
    params(("id" = String, Path, description = "Identifier of the notice")),
    responses(
        (status = 200, body = NoticeView),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_notice(
    State(relay): State<Relay>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    Ok(json(&relay.turn().await?.exchange().notice(&signed_in.caller, &id).await?))
}

/// An office in the directory
#[utoipa::path(
    get, path = "/v1/offices/{number}", tag = "top",
    security(("access_token" = [])),
    params(("number" = String, Path, description = "Office number")),
    responses(
        (status = 200, body = OfficeView),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_office(
    State(relay): State<Relay>,
    signed_in: SignedIn,
    Path(number): Path<String>,
) -> ApiResult<Response> {
    Ok(json(&relay.turn().await?.exchange().office(&signed_in.caller, &number).await?))
}
