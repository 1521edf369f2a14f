//! The two stages of the login, and tokens (relay.md §2, §8).

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::messages::optional_key_of;
use crate::api::body::JsonBody;
use crate::api::caller::{Certificate, FirstStage, SignedIn};
use crate::api::json;
use crate::api::problem::{ApiResult, Problem};
use careplan_relay::Relay;
use careplan_relay::login::{TerminalLogin, Tokens};
use careplan_relay::secret::Secret;

/// An ID and its password.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Credentials {
    /// User ID.
    #[schema(example = "KJ131370000010")]
    user_id: String,
    /// Its password.
    #[schema(value_type = String, format = Password)]
    password: Secret,
}

/// A refresh token.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Refresh {
    /// From the login or the last refresh.
    #[schema(value_type = String)]
    refresh_token: Secret,
}

/// Both stages are done.
#[derive(Serialize, ToSchema)]
struct OfficeLogin {
    /// `Bearer`.
    token_type: &'static str,
    #[serde(flatten)]
    tokens: Tokens,
}

impl OfficeLogin {
    const fn with(tokens: Tokens) -> Self {
        Self { token_type: "Bearer", tokens }
    }
}

/// Stage 1: the personal ID (c-…)
///
/// No certificate is needed yet. The token is good for one second stage; wrong office logins end it
/// only when they are many (switch `stage2-tries`). Three failures in a row lock an ID for half an
/// hour.
#[utoipa::path(
    post, path = "/v1/login/terminal", tag = "login",
    request_body = Credentials,
    responses(
        (status = 200, body = TerminalLogin),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn login_terminal(
    State(relay): State<Relay>,
    JsonBody(who): JsonBody<Credentials>,
) -> ApiResult<Response> {
    Ok(json(&relay.turn().await?.doors().terminal(&who.user_id, &who.password).await?))
}

/// Stage 2: the office's ID (KJ…), with its certificate
///
/// The bearer token is that of stage 1. What is wrong with a certificate is told here, with the
/// official text.
#[utoipa::path(
    post, path = "/v1/login/office", tag = "login",
    security(("terminal_token" = [])),
    request_body = Credentials,
    responses(
        (status = 200, body = OfficeLogin),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn login_office(
    State(relay): State<Relay>,
    Certificate(presented): Certificate,
    FirstStage(first): FirstStage,
    JsonBody(who): JsonBody<Credentials>,
) -> ApiResult<Response> {
    let login = relay
        .turn()
        .await?
        .doors()
        .office(&first, &who.user_id, &who.password, presented.as_deref())
        .await?;
    Ok(json(&OfficeLogin::with(login)))
}

/// New tokens for a refresh token, which ends
///
/// Both old tokens end at once. A refresh token works once: one that comes again ends the whole
/// login (401 `token-reused`), also where the answer to the first refresh was lost. Log in again
/// then.
///
/// A client that may lose the answer refreshes under an `Idempotency-Key` that it keeps beforehand:
/// the same token with the same key and certificate gets the same answer again, until the new
/// refresh token is used.
#[utoipa::path(
    post, path = "/v1/token/refresh", tag = "login",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 64 letters, digits, or - _ . : that nobody guesses"),
    ),
    request_body = Refresh,
    responses(
        (status = 200, body = OfficeLogin),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn refresh_token(
    State(relay): State<Relay>,
    Certificate(presented): Certificate,
    headers: HeaderMap,
    JsonBody(refresh): JsonBody<Refresh>,
) -> ApiResult<Response> {
    let key = optional_key_of(&headers)?;
    let doors = relay.turn().await?.doors();
    let login = doors.refresh(&refresh.refresh_token, key.as_deref(), presented.as_deref()).await?;
    Ok(json(&OfficeLogin::with(login)))
}

/// Log out
#[utoipa::path(
    post, path = "/v1/logout", tag = "login",
    security(("access_token" = [])),
    responses(
        (status = 204, description = "Logged out."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn logout(
    State(relay): State<Relay>,
    signed_in: SignedIn,
) -> ApiResult<StatusCode> {
    relay.turn().await?.doors().logout(&signed_in.token).await?;
    Ok(StatusCode::NO_CONTENT)
}
