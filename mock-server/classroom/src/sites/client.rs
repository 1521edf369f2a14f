//! 連携クライアント: the screens of the real client, on a virtual terminal (relay.md §2). Every
//! screen asks the real client, which talks to the relay over mutual TLS.

mod bulk;
mod certificate;
mod compose;
mod forms;
mod hold;
mod lists;
mod login;
mod received;
mod version;
mod wizard;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use careplan_client_core::wire::Office;
use careplan_client_core::{Client, Error, ErrorKind};
use careplan_spec::service_kind;

use super::Sites;
use super::alert::Alert;
use super::page::{Page, PageError, PageResult, show};
use super::terminal::{VirtualTerminal, said};
use super::visit::Visit;

/// The routes.
pub(super) fn routes() -> Router<Sites> {
    Router::new()
        .route("/client", get(rack))
        .route("/client/{terminal}", get(login::top))
        .route("/client/{terminal}/trouble", get(login::trouble))
        .route("/client/{terminal}/login", get(login::first_page).post(login::first))
        .route("/client/{terminal}/office-login", get(login::second_page).post(login::second))
        .route("/client/{terminal}/logout", post(login::log_out))
        .route("/client/{terminal}/open", get(hold::page).post(hold::show_right))
        .route("/client/{terminal}/notices/{id}", get(login::notice))
        .route("/client/{terminal}/certificate", get(certificate::overview))
        .route("/client/{terminal}/certificate/open", post(wizard::open))
        .route(
            "/client/{terminal}/certificate/wizard/{number}",
            get(wizard::screen).post(wizard::press),
        )
        .route("/client/{terminal}/certificate/check/{number}", get(wizard::check))
        .route("/client/{terminal}/certificate/import", post(certificate::import))
        .route("/client/{terminal}/certificate/shortcut", post(certificate::shortcut))
        .route("/client/{terminal}/certificate/remove", post(certificate::remove))
        .route("/client/{terminal}/inbox", get(lists::inbox).post(received::fetch))
        .route("/client/{terminal}/folder", get(received::folder))
        .route("/client/{terminal}/version", get(version::page).post(version::change))
        .route("/client/{terminal}/inbox/{id}", get(lists::inbox_item))
        .route("/client/{terminal}/outbox", get(lists::outbox))
        .route("/client/{terminal}/outbox/{id}", get(lists::outbox_item))
        .route("/client/{terminal}/new", get(compose::page).post(compose::act))
        .route("/client/{terminal}/new/forms", get(compose::forms))
        .route("/client/{terminal}/drafts/{id}/forms", get(compose::draft_forms))
        .route("/client/{terminal}/drafts", get(compose::drafts).post(compose::act_on_draft))
        .route("/client/{terminal}/bulk", get(bulk::page).post(bulk::act))
        .route("/client/{terminal}/bulk/{row}", get(bulk::row_page).post(bulk::act_on_row))
        .route("/client/{terminal}/bulk/{row}/forms", get(bulk::row_forms))
        .route("/client/{terminal}/files", get(received::list))
        .route("/client/{terminal}/files/{message}/forms", get(received::forms))
        .route("/client/{terminal}/files/{message}/zip", get(received::zip))
        .route("/client/{terminal}/files/{message}/{file}", get(received::file))
}

/// A terminal as a row of the list.
struct TerminalRow {
    office: String,
    name: String,
    kinds: String,
    opened: Vec<String>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "client/rack.html")]
struct RackPage {
    page: Page,
    rows: Vec<TerminalRow>,
}

/// The terminals side by side.
async fn rack(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let opened = sites.rack.opened();
    let mut rows = Vec::new();
    for account in sites.relay().turn().await?.operator().accounts().await? {
        if account.kj_id.is_none() {
            continue;
        }
        let own: Vec<String> = opened
            .iter()
            .filter(|terminal| terminal.office == account.office)
            .map(|terminal| terminal.name.clone())
            .collect();
        let names = (1..=super::terminal::MOST_OF_AN_OFFICE).map(|number| match number {
            1 => account.office.clone(),
            number => format!("{}-{number}", account.office),
        });
        rows.push(TerminalRow {
            next: names.into_iter().find(|name| !own.contains(name)),
            opened: own,
            kinds: kinds_in_words(&account.service_kinds),
            office: account.office,
            name: account.name,
        });
    }
    rows.sort_by_key(|row| row.opened.is_empty());
    Ok(show(&RackPage { page: visit.page(), rows }))
}

/// Service kinds with their names.
pub(super) fn kinds_in_words(kinds: &[String]) -> String {
    kinds.iter().map(|kind| kind_in_words(kind)).collect::<Vec<_>>().join("、")
}

/// A service kind with its name.
pub(super) fn kind_in_words(kind: &str) -> String {
    match service_kind::find(kind.as_bytes()) {
        Some(known) => format!("{kind} {}", known.name),
        None => kind.to_owned(),
    }
}

/// An office of a list: name, number and service kind.
struct Partner {
    name: String,
    number: String,
    kind: String,
}

impl From<&Office> for Partner {
    fn from(office: &Office) -> Self {
        Self {
            name: office.name.clone(),
            number: office.number.clone(),
            kind: office.service_kind.as_deref().map(kind_in_words).unwrap_or_default(),
        }
    }
}

/// Somebody at a terminal.
struct At {
    terminal: Arc<VirtualTerminal>,
    visit: Visit,
}

impl At {
    /// At the terminal, logged in or not.
    async fn terminal(sites: &Sites, visit: Visit, terminal: &str) -> Result<Self, PageError> {
        Ok(Self { terminal: sites.rack.terminal(terminal).await?, visit })
    }

    /// At the terminal and logged in, with the client; else to the login.
    async fn inside(
        sites: &Sites,
        visit: Visit,
        terminal: &str,
    ) -> Result<(Self, Arc<Client>), PageError> {
        let at = Self::terminal(sites, visit, terminal).await?;
        if !at.is_inside() {
            at.tell_who_was_logged_in();
            return Err(at.to("/login"));
        }
        let client = at.terminal.client().await.map_err(|error| at.broken(&error))?;
        Ok((at, client))
    }

    /// At the terminal, by right: its certificate and its files are for who is logged in, for who
    /// has shown to belong to the office, and for the trainer; else to where that is shown.
    async fn holder(sites: &Sites, visit: Visit, terminal: &str) -> Result<Self, PageError> {
        let at = Self::terminal(sites, visit, terminal).await?;
        if !at.may_hold() {
            at.tell_who_was_logged_in();
            return Err(at.to("/open"));
        }
        Ok(at)
    }

    fn may_hold(&self) -> bool {
        self.visit.is_trainer()
            || self.is_inside()
            || self.visit.with(|memory| memory.holds_terminal) == Some(self.terminal.era())
    }

    fn is_taken_by_another(&self) -> bool {
        self.terminal.is_taken() && !self.is_inside()
    }

    fn is_inside(&self) -> bool {
        self.visit.with(|memory| memory.login) == Some(self.terminal.login())
    }

    /// Tells somebody whose login has ended meanwhile why.
    fn tell_who_was_logged_in(&self) {
        if self.is_inside() || self.visit.with(|memory| memory.login.take()).is_none() {
            return;
        }
        self.visit.say(if self.terminal.is_taken() {
            Alert::note(
                "この端末は、別の人がログインして引き継ぎました。",
                "Somebody else has logged in and taken this terminal over.",
            )
            .and(
                "続けて使うときは、もう一度ログインしてください。相手の操作は終了します。",
                "To go on here, log in again; the other login ends then.",
            )
        } else {
            Alert::note("この端末のログインは終了しました。", "The login on this terminal has ended.")
                .and(
                    "電子証明書の入れ替え、講師の操作、長い時間の経過のどれかによるものです。もう一度ログインしてください。",
                    "The certificate was changed, the trainer ended it, or nothing was done for long. Log in again.",
                )
        });
    }

    /// Path of a screen of this terminal.
    fn path(&self, screen: &str) -> String {
        format!("/client/{}{screen}", self.terminal.name)
    }

    fn to(&self, screen: &str) -> PageError {
        PageError::Elsewhere(self.path(screen))
    }

    /// The frame of a screen.
    fn page(&self) -> Page {
        let mut page = self.visit.page();
        page.who = Some(format!("{}（{}）", self.terminal.office_name, self.terminal.name));
        page.is_inside = self.is_inside();
        page
    }

    /// Says what went wrong on the next screen.
    fn tell(&self, error: &Error) {
        self.visit.say(said(error));
    }

    /// What went wrong ends the screen: to the login where there is no session, else to the first
    /// screen of the device that always works.
    fn broken(&self, error: &Error) -> PageError {
        self.tell(error);
        let is_session = matches!(error.kind(), ErrorKind::NotLoggedIn(_))
            || matches!(error.kind(), ErrorKind::Refused(refusal) if refusal.status == 401);
        if is_session {
            if self.is_inside() {
                self.terminal.end_login();
            }
            self.visit.with(|memory| memory.login = None);
            return self.to("/login");
        }
        self.to("/trouble")
    }
}
