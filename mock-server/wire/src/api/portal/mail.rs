//! Mail addresses and their four-digit codes (relay.md §3 M8, §4).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::api::caller::OnSite;
use crate::api::problem::{ApiResult, Problem};
use crate::api::{json as write, schema};
use careplan_relay::Relay;
use careplan_relay::account::MailPurpose;

/// What a mail address is for.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Purpose {
    /// お知らせ用.
    Notice,
    /// セキュリティ用.
    Security,
}

impl From<Purpose> for MailPurpose {
    fn from(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Notice => Self::Notice,
            Purpose::Security => Self::Security,
        }
    }
}

/// An address to be registered.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct MailAddress {
    /// What it is for.
    purpose: Purpose,
    /// The address.
    address: String,
}

/// The code that was mailed.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct MailConfirmation {
    /// What the address is for.
    purpose: Purpose,
    /// Four digits; see `GET /v1/controls/mailbox`.
    code: String,
}

/// Have a code mailed to an address
///
/// No mail leaves the mock; the controls show it.
#[utoipa::path(
    post, path = "/v1/portal/mail", tag = "sites",
    security(("portal_token" = [])),
    request_body = MailAddress,
    responses(
        (status = 202, body = schema::MailCode),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn request_mail_code(
    State(relay): State<Relay>,
    on_site: OnSite,
    JsonBody(mail): JsonBody<MailAddress>,
) -> ApiResult<Response> {
    let ends = relay
        .turn()
        .await?
        .account()
        .request_mail_code(&on_site.caller, mail.purpose.into(), &mail.address)
        .await?;
    Ok((StatusCode::ACCEPTED, write(&json!({ "code_expires_at": ends }))).into_response())
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
        .confirm_mail_code(&on_site.caller, mail.purpose.into(), &mail.code)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
