//! 受信一覧, and fetching once (relay.md §2).

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::list::{Names, Parameters};
use super::messages::optional_key_of;
use crate::api::body::UrlQuery;
use crate::api::caller::SignedIn;
use crate::api::json;
use crate::api::problem::{ApiResult, Problem};
use careplan_relay::Relay;
use careplan_relay::download::Claim;
use careplan_relay::listing::{InboxDetail, InboxPage};

/// What this list calls things.
pub(crate) const NAMES: Names =
    Names { time: "received_at", office: "from", waiting: "unfetched", fetched: "fetched" };

/// 受信一覧: what has arrived
#[utoipa::path(
    get, path = "/v1/inbox", tag = "receive",
    security(("access_token" = [])),
    params(
        ("page" = Option<u32>, Query, description = "Page, 1-based"),
        ("per_page" = Option<u32>, Query, description = "Rows of a page; without it as the switch `page-rows` (20) says, and more than `max-page-rows` (200) are as many as that"),
        ("after" = Option<String>, Query, description = "In place of `page`: `next` of the page before this one, with the same `sort`, `state`, office and `query`. What has arrived meanwhile moves no row to another page. One of another list, or of before a reset, is refused: `list-cursor-unknown`"),
        ("sort" = Option<String>, Query, description = "Order, `-` backwards; without it `-received_at`, the newest first. Others are refused: `query-malformed`"),
        ("state" = Option<String>, Query, description = "Only those in this state. Others are refused: `query-malformed`"),
        ("from" = Option<String>, Query, description = "Office number of the sender, 10 characters"),
        ("query" = Option<String>, Query, max_length = 100, description = "Text in the number or name of an office, or in a file name; upper and lower case are the same. More than 100 characters are refused: `search-text-too-long`"),
        ("file_names" = Option<bool>, Query, description = "With `true`, every row has the names of its files"),
    ),
    responses(
        (status = 200, body = InboxPage),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_inbox(
    State(relay): State<Relay>,
    signed_in: SignedIn,
    UrlQuery(parameters): UrlQuery<Parameters>,
) -> ApiResult<Response> {
    let query = parameters.into_query(&NAMES)?;
    Ok(json(&*relay.turn().await?.exchange().inbox(&signed_in.caller, &query).await?))
}

/// One row of 受信一覧, with its files
#[utoipa::path(
    get, path = "/v1/inbox/{id}", tag = "receive",
    security(("access_token" = [])),
    params(("id" = String, Path, description = "Identifier of the message")),
    responses(
        (status = 200, body = InboxDetail),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_inbox_item(
    State(relay): State<Relay>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    Ok(json(&relay.turn().await?.exchange().inbox_item(&signed_in.caller, &id).await?))
}

/// Fetch a message: works once
///
/// Of any number of requests exactly one gets a download token; the others read 410
/// `already-fetched`. With the token, the bytes can be fetched again until the download is
/// confirmed or has ended.
///
/// A client that may lose the answer claims under an `Idempotency-Key` that it keeps beforehand: the
/// same key with the same certificate gets the same answer again, also after the download has ended.
/// With another key or certificate, or without a key, the message is fetched already.
#[utoipa::path(
    post, path = "/v1/inbox/{id}/claim", tag = "receive",
    security(("access_token" = [])),
    params(
        ("id" = String, Path, description = "Identifier of the message"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 64 letters, digits, or - _ . : that nobody guesses"),
    ),
    responses(
        (status = 200, body = Claim),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn claim_message(
    State(relay): State<Relay>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let key = optional_key_of(&headers)?;
    let exchange = relay.turn().await?.exchange();
    Ok(json(&exchange.claim(&signed_in.caller, &id, key.as_deref()).await?))
}
