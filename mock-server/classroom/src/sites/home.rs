//! The home page: what there is, and who can log in.

mod setup;
mod start;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use careplan_relay::clock;
use careplan_relay::control::AccountView;
use careplan_relay::outcome::Error;
use careplan_relay::secret::Secret;
use careplan_spec::Text;

use super::Sites;
use super::alert::Alert;
use super::page::{Page, PageResult, attachment, show};
use super::visit::Visit;
use crate::scenario::SCENARIOS;

/// Accounts shown on the home page.
const SHOWN: usize = 6;

/// The routes.
pub(super) fn routes() -> Router<Sites> {
    Router::new()
        .route("/", get(home))
        .route("/certificate", get(certificate))
        .route("/ca.crt", get(authority))
        .merge(start::routes())
        .merge(setup::routes())
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
    /// Others can reach the server.
    is_shared: bool,
    relay: String,
    controls: String,
    sites_tls: Option<String>,
    accounts: Vec<AccountRow>,
}

async fn home(State(sites): State<Sites>, visit: Visit) -> PageResult {
    // Where others can reach the server, passwords are for those with the token.
    let accounts = match sites.parts.admin_token {
        Some(_) => Vec::new(),
        None => sites.relay().turn().await?.operator().accounts().await?,
    };
    let mut ready: Vec<&AccountView> = accounts.iter().collect();
    // Those who can exchange at once come first, a planner before them.
    let is_planner = |account: &AccountView| account.service_kinds.iter().any(|kind| kind == "43");
    ready.sort_by_key(|account| (account.certificates.is_empty(), !is_planner(account)));
    let rows = ready.iter().filter_map(|account| AccountRow::of(account, &visit));
    let title = title_of(&sites.relay().origin().name);
    Ok(show(&HomePage {
        title,
        is_shared: sites.parts.admin_token.is_some(),
        relay: sites.parts.addresses.relay.clone(),
        controls: sites.parts.addresses.controls.clone(),
        sites_tls: sites.parts.addresses.sites_tls.clone(),
        accounts: rows.take(SHOWN).collect(),
        page: visit.page(),
    }))
}

/// A certificate a browser showed, as the page tells it.
struct CertificateShown {
    subject: String,
    issuer: String,
    office: String,
    from: String,
    until: String,
}

#[derive(Template)]
#[template(path = "certificate.html")]
struct CertificatePage {
    page: Page,
    sites_tls: Option<String>,
    is_secure: bool,
    good: Option<CertificateShown>,
}

/// How to practise with a certificate in the browser, and what the one it shows is worth.
async fn certificate(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let mut page = visit.page();
    let mut good = None;
    if visit.is_secure() {
        match sites.relay().appraise(visit.certificate()) {
            Ok(facts) => {
                let date = |at: jiff::Timestamp| clock::shown_date(clock::date_of(at));
                good = Some(CertificateShown {
                    subject: facts.common_name.as_ref().unwrap_or(&facts.subject).clone(),
                    issuer: facts.issuer_common_name.as_ref().unwrap_or(&facts.issuer).clone(),
                    office: facts.office.map_or_else(|| "-".to_owned(), |own| own.to_string()),
                    from: date(facts.not_before),
                    until: date(facts.not_after),
                });
            }
            Err(Error::Refused(refusal)) => page.alert = Some(Alert::refused(&refusal)),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(show(&CertificatePage {
        page,
        sites_tls: sites.parts.addresses.sites_tls.clone(),
        is_secure: visit.is_secure(),
        good,
    }))
}

/// The certificate of the test authority.
async fn authority(State(sites): State<Sites>) -> PageResult {
    let pem = sites.relay().authority().ca_pem.clone();
    Ok(attachment("careplan-testbed-TEST-ca.crt", pem))
}
