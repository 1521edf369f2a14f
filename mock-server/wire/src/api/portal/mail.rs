//! Mail addresses and their four-digit codes (relay.md §3 M8, §4).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::api::caller::OnSite;
use crate::api::json;
use crate::api::problem::{ApiResult, Problem};
use careplan_relay::Relay;
use careplan_relay::account::MailPurpose;

/// An address to be registered.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct MailAddress {
    /// What it is for.
    purpose: MailPurpose,
    /// The address.
    address: String,
}

/// The code that was mailed.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct MailConfirmation {
    /// What the address is for.
    purpose: MailPurpose,
    /// Four digits; see `GET /v1/controls/mailbox`.
    code: String,
}

/// A code was mailed.
#[derive(Serialize, ToSchema)]
struct MailCode {
    /// When the code ends.
    code_expires_at: Timestamp,
}

/// Have a code mailed to an address
///
/// No mail leaves the mock; the controls show it.
#[utoipa::path(
    post, path = "/v1/portal/mail", tag = "sites",
    security(("portal_token" = [])),
    request_body = MailAddress,
    responses(
        (status = 202, body = MailCode),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn request_mail_code(
    State(relay): State<Relay>,
    on_site: OnSite,
    JsonBody(mail): JsonBody<MailAddress>,
) -> ApiResult<Response> {
    let code_expires_at = relay
        .turn()
        .await?
        .account()
        .request_mail_code(&on_site.caller, mail.purpose, &mail.address)
        .await?;
    Ok((StatusCode::ACCEPTED, json(&MailCode { code_expires_at })).into_response())
}

/// Register the address the code went to
#[utoipa::path(
    post, path = "/v1/portal/mail/confirm", tag = "sites",
    security(("portal_token" = [])),
    request_body = MailConfirmation,
    responses(
        (status = 204, description = "Registered."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn confirm_mail_code(
    State(relay): State<Relay>,
    on_site: OnSite,
    JsonBody(mail): JsonBody<MailConfirmation>,
) -> ApiResult<StatusCode> {
    relay
        .turn()
        .await?
        .account()
        .confirm_mail_code(&on_site.caller, mail.purpose, &mail.code)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
