//! 送信一覧 (relay.md §2).

use axum::extract::{Path, State};
use axum::response::Response;

use super::list::{Names, Parameters};
use crate::api::body::UrlQuery;
use crate::api::caller::SignedIn;
use crate::api::json;
use crate::api::problem::{ApiResult, Problem};
use careplan_relay::Relay;
use careplan_relay::listing::{OutboxDetail, OutboxPage};

/// What this list calls things.
pub(crate) const NAMES: Names =
    Names { time: "sent_at", office: "to", waiting: "not_downloaded", fetched: "downloaded" };

/// 送信一覧: what was sent, and whether the receiver has it
#[utoipa::path(
    get, path = "/v1/outbox", tag = "send",
    security(("access_token" = [])),
    params(
        ("page" = Option<u32>, Query, description = "Page, 1-based"),
        ("per_page" = Option<u32>, Query, description = "Rows of a page; without it as the switch `page-rows` (20) says, and more than `max-page-rows` (200) are as many as that"),
        ("after" = Option<String>, Query, description = "In place of `page`: `next` of the page before this one, with the same `sort`, `state`, office and `query`. What has arrived meanwhile moves no row to another page. One of another list, or of before a reset, is refused: `list-cursor-unknown`"),
        ("sort" = Option<String>, Query, description = "Order, `-` backwards; without it `-sent_at`, the newest first. Others are refused: `query-malformed`"),
        ("state" = Option<String>, Query, description = "Only those in this state. Others are refused: `query-malformed`"),
        ("to" = Option<String>, Query, description = "Office number of the receiver, 10 characters"),
        ("query" = Option<String>, Query, max_length = 100, description = "Text in the number or name of an office, or in a file name; upper and lower case are the same. More than 100 characters are refused: `search-text-too-long`"),
        ("file_names" = Option<bool>, Query, description = "With `true`, every row has the names of its files"),
    ),
    responses(
        (status = 200, body = OutboxPage),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_outbox(
    State(relay): State<Relay>,
    signed_in: SignedIn,
    UrlQuery(parameters): UrlQuery<Parameters>,
) -> ApiResult<Response> {
    let query = parameters.into_query(&NAMES)?;
    Ok(json(&*relay.turn().await?.exchange().outbox(&signed_in.caller, &query).await?))
}

/// One row of 送信一覧, with its files
#[utoipa::path(
    get, path = "/v1/outbox/{id}", tag = "send",
    security(("access_token" = [])),
    params(("id" = String, Path, description = "Identifier of the message")),
    responses(
        (status = 200, body = OutboxDetail),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_outbox_item(
    State(relay): State<Relay>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    Ok(json(&relay.turn().await?.exchange().outbox_item(&signed_in.caller, &id).await?))
}
