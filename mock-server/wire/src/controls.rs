//! What the operator of the mock does: a listener of its own, out of the way of the offices.
//!
//! Only JSON, only from its own pages or from programs, on loopback; anywhere else with an admin
//! token. No faults here, or nobody could disarm them.

mod accounts;
mod certificates;
mod claims;
mod clock;
mod faults;
mod health;
mod journal;
mod offices;
mod scenario;
mod state;
mod steps;
mod switches;

use std::fmt;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, FromRef};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::fault::Faults;
use crate::journal::Journal;
use crate::logbook::Logbook;
use crate::metrics::Metrics;
use crate::scenarios::Scenarios;
use crate::terminals::Terminals;
use careplan_relay::Relay;

/// What the controls turn.
#[derive(Clone)]
pub struct Controls {
    /// The central system.
    pub relay: Relay,
    /// The scenarios there are.
    pub scenarios: Arc<dyn Scenarios>,
    /// Faults of the other listeners.
    pub faults: Arc<Faults>,
    /// Journal of the other listeners.
    pub journal: Arc<Journal>,
    /// Numbers.
    pub metrics: Metrics,
    /// What trainers did.
    pub logbook: Arc<Logbook>,
    /// The terminals, where there are pages with some.
    pub terminals: Option<Arc<dyn Terminals>>,
}

impl fmt::Debug for Controls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Controls").field("relay", &self.relay).finish_non_exhaustive()
    }
}

impl FromRef<Controls> for Relay {
    fn from_ref(controls: &Controls) -> Self {
        controls.relay.clone()
    }
}

/// The routes of the controls.
pub fn routes() -> OpenApiRouter<Controls> {
    OpenApiRouter::new()
        .routes(routes!(health::show_health))
        .routes(routes!(health::show_readiness))
        .routes(routes!(health::show_metrics))
        .routes(routes!(accounts::list_accounts))
        .routes(routes!(accounts::show_mailbox))
        .routes(routes!(offices::help_office))
        .routes(routes!(offices::list_deeds))
        .routes(routes!(clock::show_clock, clock::set_clock))
        .routes(routes!(scenario::show_scenario, scenario::load_scenario))
        .routes(routes!(scenario::reset))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(state::save_state, state::load_state))
                .layer(DefaultBodyLimit::disable()),
        )
        .routes(routes!(faults::list_faults, faults::arm_fault, faults::disarm_faults))
        .routes(routes!(faults::disarm_fault))
        .routes(routes!(journal::show_journal, journal::clear_journal))
        .routes(routes!(certificates::issue_certificate))
        .routes(routes!(certificates::revoke_certificate))
        .routes(routes!(claims::list_claims))
        .routes(routes!(claims::release_claim))
        .routes(routes!(steps::list_steps))
        .routes(routes!(steps::retry_step))
        .routes(routes!(steps::drop_step))
        .routes(routes!(switches::list_switches, switches::set_switches))
}
