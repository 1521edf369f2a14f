//! The pages: the two web sites an office uses, the client as a virtual terminal, the trainer's
//! console and the support site.
//!
//! Plain HTTP on the sites listener. Pages are made on the server and work without JavaScript; the
//! one script only adds drag and drop. Pages call the domain as the JSON interface does; the
//! virtual terminals alone go over the wire, with the real client.
//!
//! Every page carries a band that says that this is a mock. There are no official logos.

mod alert;
mod assets;
mod billing;
mod client;
mod console;
mod home;
mod page;
mod portal;
mod posted;
mod session;
mod support;
mod terminal;
mod usage;
mod visit;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use careplan_relay::Relay;
use careplan_spec::Text;
use careplan_wire::api::route_unknown;
use careplan_wire::logbook::Through;
use careplan_wire::serve::{Options, PageParts, Pages, Server, StartError};
use careplan_wire::terminals::Terminals;

use crate::scenario::ReadyMade;

/// What the pages are made from. Clones are the same.
#[derive(Clone)]
pub struct Sites {
    parts: Arc<PageParts>,
    sessions: Arc<session::Sessions>,
    rack: Arc<terminal::Rack>,
    backstage: Arc<console::Backstage>,
    post: Arc<billing::lost::Post>,
}

impl std::fmt::Debug for Sites {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sites").finish_non_exhaustive()
    }
}

impl Sites {
    fn relay(&self) -> &Relay {
        &self.parts.relay
    }

    /// Notes what a trainer did.
    fn noted(&self, visit: &visit::Visit, office: Option<&str>, what: Text<String>) {
        self.parts.logbook.note(Through::Console, Some(visit.address()), office, what);
    }
}

/// Where there is no page: a page that says so for browsers, a problem for programs.
async fn unknown(request: Request) -> Response {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accepts.is_some_and(|kinds| kinds.contains("text/html")) {
        return page::PageError::NotFound.into_response();
    }
    route_unknown(request).await.into_response()
}

/// Starts a server with the scenarios and the pages of the classroom.
///
/// # Errors
/// [`StartError`].
pub async fn start(options: Options) -> Result<Server, StartError> {
    Server::start(options, Arc::new(ReadyMade), router).await
}

/// The routes of the pages.
pub fn router(parts: PageParts) -> Pages {
    let rack = terminal::Rack::new(parts.relay.clone(), parts.relay_url.clone());
    let sites = Sites {
        parts: Arc::new(parts),
        sessions: Arc::default(),
        rack: Arc::new(rack),
        backstage: Arc::default(),
        post: Arc::default(),
    };
    let terminals = Some(Arc::clone(&sites.rack) as Arc<dyn Terminals>);
    let router = Router::new()
        .merge(home::routes())
        .merge(billing::routes())
        .merge(usage::routes())
        .merge(client::routes())
        .merge(console::routes())
        .merge(support::routes())
        .fallback(unknown)
        // Forms have limits of their own: those of the switches.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(sites.clone(), visit::guard))
        .merge(assets::routes())
        .with_state(sites);
    Pages { router, terminals }
}
