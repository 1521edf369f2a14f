//! The two stages of the login, the top page, and what is shown when the relay does not answer.

use askama::Template;
use axum::extract::{Path, State};
use careplan_client_core::wire::{Notice, NoticeHead, Top};
use careplan_client_core::{Code, ErrorKind, NoSession};
use careplan_relay::clock;
use jiff::Timestamp;

use super::At;
use crate::sites::Sites;
use crate::sites::alert::Alert;
use crate::sites::page::{Page, PageResult, see, show};
use crate::sites::posted::Posted;
use crate::sites::terminal::said;
use crate::sites::visit::Visit;

#[derive(Template)]
#[template(path = "client/login.html")]
struct FirstPage {
    page: Page,
    version: &'static str,
}

pub(super) async fn first_page(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
) -> PageResult {
    let at = At::terminal(&sites, visit, &terminal).await?;
    at.tell_who_was_logged_in();
    Ok(show(&FirstPage { version: at.terminal.version(), page: at.page() }))
}

/// Stage 1: the c-ID.
pub(super) async fn first(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    posted: Posted,
) -> PageResult {
    let at = At::terminal(&sites, visit, &terminal).await?;
    let logged_in = match at.terminal.client().await {
        Ok(client) => {
            let password = posted.get("password").into();
            match posted.trimmed("user_id").parse() {
                Ok(user) => client.login_terminal(&user, &password).await,
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    };
    match logged_in {
        Ok(token) => {
            at.visit.with(|memory| memory.first_stage = Some(token));
            at.visit.session.renew();
            Ok(see(&at.path("/office-login")))
        }
        Err(error) => {
            at.tell(&error);
            Ok(see(&at.path("/login")))
        }
    }
}

#[derive(Template)]
#[template(path = "client/office_login.html")]
struct SecondPage {
    page: Page,
    /// Somebody else is logged in.
    is_taken: bool,
}

pub(super) async fn second_page(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
) -> PageResult {
    let at = At::terminal(&sites, visit, &terminal).await?;
    if at.visit.with(|memory| memory.first_stage.is_none()) {
        return Err(at.to("/login"));
    }
    Ok(show(&SecondPage { is_taken: at.is_taken_by_another(), page: at.page() }))
}

/// Stage 2: the KJ ID; the certificate is judged after it (relay.md §2, Stated).
pub(super) async fn second(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    posted: Posted,
) -> PageResult {
    let at = At::terminal(&sites, visit, &terminal).await?;
    let token = at.visit.with(|memory| memory.first_stage.clone());
    let Some(token) = token else { return Err(at.to("/login")) };
    // Before anybody is thrown out, and before a password counts.
    if at.is_taken_by_another() && !posted.has("take_over") {
        at.visit.say(
            Alert::note(
                "この端末は、別の人がログインして使用中です。",
                "Somebody else is logged in on this terminal.",
            )
            .and(
                "引き継ぐときは「引き継いでログインする」に印を付けて、もう一度ログインしてください。相手のログインは終了します。",
                "To take it over, tick the box and log in again; the other login ends then.",
            ),
        );
        return Ok(see(&at.path("/office-login")));
    }
    let logged_in = match at.terminal.client().await {
        Ok(client) => {
            let password = posted.get("password").into();
            match posted.trimmed("user_id").parse() {
                Ok(user) => client.login_office(&token, &user, &password).await,
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    };
    match logged_in {
        Ok(login) => {
            let number = at.terminal.begin_login();
            at.visit.with(|memory| {
                memory.login = Some(number);
                memory.first_stage = None;
            });
            at.visit.session.renew();
            if let Some(note) = login.certificate_notes.first() {
                at.visit.say(
                    Alert::note(note.text.ja.to_string(), note.text.en.to_string())
                        .and(note.to_do.ja.to_string(), note.to_do.en.to_string()),
                );
            }
            Ok(see(&at.path("")))
        }
        Err(error) => {
            let is_stage = *error.code() == Code::FirstStageMissing;
            if is_stage {
                at.visit.with(|memory| memory.first_stage = None);
            }
            at.tell(&error);
            Ok(see(&at.path(if is_stage { "/login" } else { "/office-login" })))
        }
    }
}

pub(super) async fn log_out(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    _: Posted,
) -> PageResult {
    let at = At::terminal(&sites, visit, &terminal).await?;
    let was_inside = at.is_inside();
    at.visit.with(|memory| {
        memory.login = None;
        memory.first_stage = None;
    });
    at.visit.session.renew();
    // Nobody logs somebody else out.
    if !was_inside {
        return Ok(see(&at.path("/login")));
    }
    let out = match at.terminal.client().await {
        Ok(client) => client.logout().await,
        Err(error) => Err(error),
    };
    at.terminal.close().await;
    match out {
        Ok(()) => at.visit.say(Alert::note("ログアウトしました。", "You are logged out.")),
        Err(error) => at.tell(&error),
    }
    Ok(see(&at.path("/login")))
}

/// A notice as a row.
struct TerminalNotice {
    id: String,
    date: String,
    title: String,
    excerpt: String,
    unread: bool,
}

impl TerminalNotice {
    fn of(notice: NoticeHead, visit: &Visit) -> Self {
        Self {
            date: clock::shown_date(clock::date_of(notice.published_at)),
            title: visit.t(&notice.title, &notice.title_en).to_owned(),
            id: notice.id,
            excerpt: notice.excerpt,
            unread: notice.unread,
        }
    }
}

#[derive(Template)]
#[template(path = "client/top.html")]
struct TopPage {
    page: Page,
    top: Top,
    updated_on: String,
    certificate_until: String,
    /// Empty where it does not expire.
    password_until: String,
    password_ends_soon: bool,
    notices: Vec<TerminalNotice>,
    /// Address of the support site, as the guide shows one.
    support: String,
    version: &'static str,
}

pub(super) async fn top(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let mut top = client.top().await.map_err(|error| at.broken(&error))?;
    let notices = std::mem::take(&mut top.notices);
    let day = |at: Option<Timestamp>| {
        at.map_or_else(String::new, |at| clock::shown_date(clock::date_of(at)))
    };
    Ok(show(&TopPage {
        updated_on: top.system.updated_on.map_or_else(String::new, clock::shown_date),
        certificate_until: day(top.certificate.not_after),
        password_until: day(top.password_expires_at),
        password_ends_soon: top.password_ends_soon(client.clock().now()),
        notices: notices.into_iter().map(|notice| TerminalNotice::of(notice, &at.visit)).collect(),
        version: at.terminal.version(),
        support: format!("{}/support", sites.parts.addresses.sites),
        top,
        page: at.page(),
    }))
}

#[derive(Template)]
#[template(path = "client/notice.html")]
struct NoticePage {
    page: Page,
    notice: Notice,
    date: String,
}

pub(super) async fn notice(
    State(sites): State<Sites>,
    visit: Visit,
    Path((terminal, id)): Path<(String, String)>,
) -> PageResult {
    let (at, client) = At::inside(&sites, visit, &terminal).await?;
    let notice = client.notice(&id).await.map_err(|error| at.broken(&error))?;
    let date = clock::shown_date(clock::date_of(notice.published_at));
    Ok(show(&NoticePage { page: at.page(), notice, date }))
}

#[derive(Template)]
#[template(path = "client/trouble.html")]
struct TroublePage {
    page: Page,
}

/// What went wrong, without asking the relay again.
pub(super) async fn trouble(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
) -> PageResult {
    let at = At::terminal(&sites, visit, &terminal).await?;
    let mut page = at.page();
    if page.alert.is_none() {
        page.alert = Some(said(&ErrorKind::NotLoggedIn(NoSession::Ended).into()));
    }
    Ok(show(&TroublePage { page }))
}
