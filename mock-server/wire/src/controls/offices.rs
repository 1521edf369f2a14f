//! Help for one office, and what trainers have done.

use std::net::IpAddr;

use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use careplan_relay::help::OfficeHelp;
use careplan_spec::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Controls;
use crate::api::body::JsonBody;
use crate::api::problem::{ApiResult, Problem};
use crate::listener::connection::Peer;
use crate::logbook::{Deed, Through};

/// What an office needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HelpOrder {
    /// What is done: `unlock` forgets locks and wrong tries; `temporary-password` issues a new
    /// 仮パスワード, which `GET /v1/controls/accounts` and the letter show; `end-logins` ends every
    /// login, on sites and terminals; `put-certificate` installs the office's certificate on its
    /// first terminal, issued at once where it has none that counts; `before-first-login` takes
    /// mail addresses, certificates, licence and logins away, messages stay.
    help: OfficeHelp,
}

/// What trainers have done.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeedList {
    /// The latest first: five hundred at most.
    items: Vec<Deed>,
}

/// Help one office
///
/// All others go on as they are. The console does the same.
#[utoipa::path(
    post, path = "/v1/controls/offices/{office}/help", tag = "controls",
    security((), ("admin_token" = [])),
    params(("office" = String, Path, description = "Office number")),
    request_body = HelpOrder,
    responses(
        (status = 204, description = "Done."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn help_office(
    State(controls): State<Controls>,
    Path(office): Path<String>,
    peer: Option<Extension<Peer>>,
    JsonBody(order): JsonBody<HelpOrder>,
) -> ApiResult<StatusCode> {
    controls.relay.help(&office, order.help).await?;
    if let Some(terminals) = &controls.terminals {
        terminals.follow(&office, order.help).await?;
    }
    let address: Option<IpAddr> = peer.map(|Extension(peer)| peer.address);
    let Text { ja, en } = order.help.name();
    controls.logbook.note(Through::Controls, address, Some(&office), Text::made(ja, en));
    Ok(StatusCode::NO_CONTENT)
}

/// What trainers have done, on the console and by the controls
#[utoipa::path(
    get, path = "/v1/controls/deeds", tag = "controls",
    security((), ("admin_token" = [])),
    responses(
        (status = 200, body = DeedList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_deeds(State(controls): State<Controls>) -> Json<DeedList> {
    Json(DeedList { items: controls.logbook.deeds() })
}
