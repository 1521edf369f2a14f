//! Login on the sites, passwords and the c-ID (relay.md §4).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::api::caller::{OnSite, OnSiteChangingPassword};
use crate::api::json;
use crate::api::problem::{ApiResult, Problem};
use careplan_relay::Relay;
use careplan_relay::account::{PortalLogin, TerminalAccount};
use careplan_relay::secret::Secret;

/// A KJ ID and its password.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct PortalCredentials {
    /// KJ ID.
    #[schema(example = "KJ131370000010")]
    user_id: String,
    /// Its password.
    #[schema(value_type = String, format = Password)]
    password: Secret,
}

/// A change of password.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct PasswordChange {
    /// The password until now.
    #[schema(value_type = String, format = Password)]
    current: Secret,
    /// The new one: 8 to 16 letters and digits, with both.
    #[schema(value_type = String, format = Password)]
    new: Secret,
    /// Whether the terms are accepted.
    accept_terms: bool,
}

/// Log in on the sites
///
/// Temporary and expired passwords are let in, to be changed.
#[utoipa::path(
    post, path = "/v1/portal/login", tag = "sites",
    request_body = PortalCredentials,
    responses(
        (status = 200, body = PortalLogin),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn portal_login(
    State(relay): State<Relay>,
    JsonBody(who): JsonBody<PortalCredentials>,
) -> ApiResult<Response> {
    Ok(json(&relay.turn().await?.doors().portal(&who.user_id, &who.password).await?))
}

/// Log out of the sites
#[utoipa::path(
    post, path = "/v1/portal/logout", tag = "sites",
    security(("portal_token" = [])),
    responses(
        (status = 204, description = "Logged out."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn portal_logout(
    State(relay): State<Relay>,
    on_site: OnSite,
) -> ApiResult<StatusCode> {
    relay.turn().await?.doors().portal_logout(&on_site.token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change the password
///
/// Every other login of the KJ ID ends, on the sites and on the relay, and their refresh tokens; the
/// one that asks stays.
#[utoipa::path(
    post, path = "/v1/portal/password", tag = "sites",
    security(("portal_token" = [])),
    request_body = PasswordChange,
    responses(
        (status = 204, description = "Changed."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn change_password(
    State(relay): State<Relay>,
    OnSiteChangingPassword(caller): OnSiteChangingPassword,
    JsonBody(change): JsonBody<PasswordChange>,
) -> ApiResult<StatusCode> {
    relay
        .turn()
        .await?
        .account()
        .change_password(&caller, &change.current, &change.new, change.accept_terms)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The c-ID of the office and its password
#[utoipa::path(
    get, path = "/v1/portal/terminal-account", tag = "sites",
    security(("portal_token" = [])),
    responses(
        (status = 200, body = TerminalAccount),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_terminal_account(
    State(relay): State<Relay>,
    on_site: OnSite,
) -> ApiResult<Response> {
    Ok(json(&relay.turn().await?.account().terminal_account(&on_site.caller).await?))
}
