//! The relay: what the client of an office talks to, over TLS with a certificate.

mod authority;
mod downloads;
mod inbox;
mod list;
mod login;
mod messages;
mod outbox;
mod top;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use careplan_relay::Relay;

pub(crate) use inbox::NAMES as INBOX_NAMES;
pub(crate) use outbox::NAMES as OUTBOX_NAMES;

/// The routes, in the order a client meets them.
pub(super) fn routes() -> OpenApiRouter<Relay> {
    OpenApiRouter::new()
        .routes(routes!(authority::show_authority))
        .routes(routes!(login::login_terminal))
        .routes(routes!(login::login_office))
        .routes(routes!(login::refresh_token))
        .routes(routes!(login::logout))
        .routes(routes!(top::show_top))
        .routes(routes!(top::list_notices))
        .routes(routes!(top::show_notice))
        .routes(routes!(top::show_office))
        .merge(messages::routes())
        .routes(routes!(inbox::list_inbox))
        .routes(routes!(inbox::show_inbox_item))
        .routes(routes!(inbox::claim_message))
        .routes(routes!(downloads::download))
        .routes(routes!(downloads::confirm_download))
        .routes(routes!(outbox::list_outbox))
        .routes(routes!(outbox::show_outbox_item))
}
