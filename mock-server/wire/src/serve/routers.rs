//! What answers on each listener: the interface, its description, the pages, the controls.

use std::sync::Arc;

use crate::api;
use crate::api::envelope::{Envelope, Guard, Observer};
use crate::api::host::HostNames;
use crate::controls::{self, Controls};
use crate::fault::Faults;
use crate::journal::Journal;
use crate::logbook::Logbook;
use crate::memory::Memory;
use crate::metrics::Metrics;
use crate::openapi::{self, Addresses};
use crate::operator::OperatorToken;
use crate::scenarios::Scenarios;
use crate::terminals::Terminals;
use axum::Extension;
use careplan_relay::Relay;

/// What the pages of the sites share with the rest of the server.
#[derive(Debug, Clone)]
pub struct PageParts {
    /// The central system.
    pub relay: Relay,
    /// Faults of the listeners.
    pub faults: Arc<Faults>,
    /// Journal of the listeners.
    pub journal: Arc<Journal>,
    /// Where the listeners are, for links.
    pub addresses: Addresses,
    /// Where the virtual terminals find the relay, on this machine.
    pub relay_url: String,
    /// What trainers did.
    pub logbook: Arc<Logbook>,
    /// The token that opens the console, where the server can be reached from elsewhere.
    pub admin_token: Option<Arc<OperatorToken>>,
}

/// The pages of the sites.
#[derive(Debug)]
pub struct Pages {
    /// What answers.
    pub router: axum::Router,
    /// The terminals on them.
    pub terminals: Option<Arc<dyn Terminals>>,
}

impl From<axum::Router> for Pages {
    fn from(router: axum::Router) -> Self {
        Self { router, terminals: None }
    }
}

/// What the listeners share.
pub(super) struct Parts {
    pub(super) relay: Relay,
    pub(super) scenarios: Arc<dyn Scenarios>,
    pub(super) faults: Arc<Faults>,
    pub(super) journal: Arc<Journal>,
    pub(super) metrics: Metrics,
    pub(super) hosts: HostNames,
    pub(super) memory: Memory,
    /// The relay, from this process.
    pub(super) relay_url: String,
}

/// What answers on each listener.
pub(super) struct Routers {
    pub(super) relay: axum::Router,
    pub(super) sites: axum::Router,
    pub(super) controls: axum::Router,
}

impl Parts {
    pub(super) fn routers(
        &self,
        at: &Addresses,
        admin_token: Option<Arc<OperatorToken>>,
        pages: impl FnOnce(PageParts) -> Pages,
    ) -> Routers {
        let (relay, relay_api) = api::relay_routes().split_for_parts();
        let (portal, mut sites_api) = api::portal_routes().split_for_parts();
        let (description, description_api) = openapi::routes().split_for_parts();
        let (controls, controls_api) = controls::routes().split_for_parts();
        sites_api.merge(description_api);
        let described = Arc::new(openapi::document(relay_api, sites_api, controls_api, at));

        let logbook = Arc::<Logbook>::default();
        let Pages { router: pages, terminals } = pages(PageParts {
            relay: self.relay.clone(),
            faults: Arc::clone(&self.faults),
            journal: Arc::clone(&self.journal),
            addresses: at.clone(),
            relay_url: self.relay_url.clone(),
            logbook: Arc::clone(&logbook),
            admin_token: admin_token.clone(),
        });
        let sites = portal.with_state(self.relay.clone()).merge(description.with_state(described));
        let sites = sites.merge(pages);
        let state = Controls {
            relay: self.relay.clone(),
            scenarios: Arc::clone(&self.scenarios),
            faults: Arc::clone(&self.faults),
            journal: Arc::clone(&self.journal),
            metrics: self.metrics.clone(),
            logbook,
            terminals,
        };
        // The journal shows what offices ask, not who looks at it.
        let guarded = Envelope {
            guard: Some(Guard { token: admin_token }),
            faults: None,
            ..self.envelope("controls", Arc::new(Journal::new(0)))
        };
        let journal = || Arc::clone(&self.journal);
        Routers {
            relay: api::enclose(
                relay.with_state(self.relay.clone()).layer(Extension(Arc::new(at.clone()))),
                self.envelope("relay", journal()),
            ),
            sites: api::surround(sites, self.envelope("sites", journal())),
            controls: api::enclose(controls.with_state(state), guarded),
        }
    }

    /// What a listener puts around its requests.
    fn envelope(&self, listener: &'static str, journal: Arc<Journal>) -> Envelope {
        let (clock, metrics) = (self.relay.clock().clone(), self.metrics.clone());
        Envelope {
            observer: Observer { listener, clock, journal, metrics },
            hosts: self.hosts.clone(),
            memory: self.memory.clone(),
            guard: None,
            faults: Some(Arc::clone(&self.faults)),
        }
    }
}
