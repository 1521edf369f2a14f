//! The accounts of the scenario, and the mails that were not sent anywhere.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Controls;
use crate::api::body::UrlQuery;
use crate::api::json;
use crate::api::problem::{ApiResult, Problem};
use careplan_relay::beginning::Origin;
use careplan_relay::control::AccountView;
use careplan_relay::notice::MailView;

/// The accounts there are.
#[derive(Serialize, ToSchema)]
struct AccountList {
    /// The scenario they come from.
    scenario: String,
    /// Its seed.
    seed: u64,
    /// Every office.
    items: Vec<AccountView>,
}

/// Mails.
#[derive(Serialize, ToSchema)]
struct Mailbox {
    /// The newest first.
    items: Vec<MailView>,
}

/// Every office with its IDs and passwords
#[utoipa::path(
    get, path = "/v1/controls/accounts", tag = "controls",
    security((), ("admin_token" = [])),
    responses(
        (status = 200, body = AccountList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_accounts(State(controls): State<Controls>) -> ApiResult<Response> {
    let items = controls.relay.turn().await?.operator().accounts().await?;
    let Origin { name: scenario, seed } = controls.relay.origin();
    Ok(json(&AccountList { scenario, seed, items }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WhoseMail {
    office: Option<String>,
}

/// Mails of one office, or of all
#[utoipa::path(
    get, path = "/v1/controls/mailbox", tag = "controls",
    security((), ("admin_token" = [])),
    params(("office" = Option<String>, Query, description = "Office number")),
    responses(
        (status = 200, body = Mailbox),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_mailbox(
    State(controls): State<Controls>,
    UrlQuery(whose): UrlQuery<WhoseMail>,
) -> ApiResult<Response> {
    let items = controls.relay.turn().await?.operator().mailbox(whose.office.as_deref()).await?;
    Ok(json(&Mailbox { items }))
}
