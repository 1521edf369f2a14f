//! The home page: what there is, and who can log in.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use careplan_spec::Text;

use super::Sites;
use super::page::{Page, PageResult, show};
use super::visit::Visit;
use crate::domain::Secret;
use crate::domain::control::AccountView;
use crate::scenario::SCENARIOS;

/// Accounts shown on the home page.
const SHOWN: usize = 6;

/// The routes.
pub(super) fn routes() -> Router<Sites> {
    Router::new().route("/", get(home))
}

/// An account as pages show it.
#[derive(Debug)]
pub(super) struct AccountRow {
    pub(super) office: String,
    pub(super) name: String,
    pub(super) kinds: String,
    pub(super) kj_id: String,
    pub(super) kj_password: String,
    pub(super) temporary: bool,
    pub(super) c_id: String,
    pub(super) c_password: String,
    pub(super) certificate_password: String,
}

impl AccountRow {
    /// The row of an account; none for an office without one.
    pub(super) fn of(account: &AccountView, visit: &Visit) -> Option<Self> {
        let chosen = visit.t("（変更済み）", "(changed)");
        let shown = |secret: &Option<Secret>| {
            secret.as_ref().map_or(chosen, |secret| secret.reveal()).to_owned()
        };
        Some(Self {
            office: account.office.clone(),
            name: account.name.clone(),
            kinds: account.service_kinds.join(" "),
            kj_id: account.kj_id.clone()?,
            kj_password: shown(&account.kj_password),
            temporary: account.temporary,
            c_id: account.c_id.clone().unwrap_or_default(),
            c_password: shown(&account.c_password),
            certificate_password: shown(&account.certificate_password),
        })
    }
}

/// What the current scenario is for.
pub(super) fn title_of(scenario: &str) -> Text {
    SCENARIOS
        .iter()
        .find(|known| known.name == scenario)
        .map_or(Text::new("保存した状態", "a saved state"), |known| known.title)
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    page: Page,
    title: Text,
    relay: String,
    controls: String,
    accounts: Vec<AccountRow>,
}

async fn home(State(sites): State<Sites>, visit: Visit) -> PageResult {
    // Where others can reach the server, passwords are for those with the token.
    let accounts = match sites.parts.admin_token {
        Some(_) => Vec::new(),
        None => sites.relay().accounts().await?,
    };
    let mut ready: Vec<&AccountView> = accounts.iter().collect();
    // Those who can exchange at once come first, a planner before them.
    let is_planner = |account: &AccountView| account.service_kinds.iter().any(|kind| kind == "43");
    ready.sort_by_key(|account| (account.certificates.is_empty(), !is_planner(account)));
    let rows = ready.iter().filter_map(|account| AccountRow::of(account, &visit));
    let title = title_of(&sites.relay().scenario().0);
    Ok(show(&HomePage {
        title,
        relay: sites.parts.addresses.relay.clone(),
        controls: sites.parts.addresses.controls.clone(),
        accounts: rows.take(SHOWN).collect(),
        page: visit.page(),
    }))
}
