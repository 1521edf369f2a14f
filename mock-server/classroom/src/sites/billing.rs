//! 電子請求受付システム: the KJ ID, its password and mail addresses, notices, certificates
//! (relay.md §4, §5). Screens and their order follow the public guides.

mod account;
mod certificate;
mod entrance;
pub(super) mod lost;
mod notices;
mod sealed;
mod terms;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use careplan_relay::account::PortalCaller;

use super::page::{Page, PageError, PageResult, see, show};
use super::visit::Visit;
use super::{Sites, portal};

/// The routes.
pub(super) fn routes() -> Router<Sites> {
    Router::new()
        .route("/billing", get(root))
        .route("/billing/entrance", get(entrance::entrance))
        .route("/billing/welcome", get(entrance::welcome))
        .route("/billing/public/{id}", get(entrance::public))
        .route("/billing/lost", get(lost::page).post(lost::ask))
        .route("/billing/lost/{office}", get(lost::asked))
        .route("/billing/first", get(entrance::first))
        .route("/billing/terms/{id}", get(terms::download))
        .route("/billing/login", get(account::login_page).post(account::log_in))
        .route("/billing/logout", post(account::log_out))
        .route("/billing/password/warning", get(account::warning))
        .route("/billing/password/terms", get(account::terms).post(account::accept_terms))
        .route("/billing/password", get(account::password_page).post(account::change_password))
        .route("/billing/mail", get(account::mail_page).post(account::request_code))
        .route("/billing/mail/code", get(account::code_page).post(account::confirm_code))
        .route("/billing/mailbox", get(account::mailbox))
        .route("/billing/account", get(account::overview))
        .route("/billing/elsewhere", get(elsewhere))
        .route("/billing/notices", get(notices::list))
        .route("/billing/notices/{id}", get(notices::show_one))
        .route("/billing/certificate/{kind}", get(certificate::choose).post(certificate::chosen))
        .route(
            "/billing/certificate/{kind}/before",
            get(certificate::before).post(certificate::was_read),
        )
        .route(
            "/billing/certificate/{kind}/password",
            get(certificate::password_page).post(certificate::take_password),
        )
        .route(
            "/billing/certificate/{kind}/terms",
            get(certificate::terms).post(certificate::apply),
        )
        .route("/billing/certificate/{kind}/done", get(certificate::done))
        .route("/billing/certificate/{kind}/download", get(certificate::downloads))
        .route("/billing/p12/{id}", get(certificate::fetch_p12))
        .route("/billing/p12/{id}/older", get(certificate::fetch_older_p12))
        .route("/billing/issue-password", get(certificate::about_password))
        .route(
            "/billing/issue-password/reissue",
            get(certificate::reissue_page).post(certificate::reissue),
        )
        .route("/billing/issue-password/done", get(certificate::reissued))
        .route("/billing/issue-password/letter.pdf", get(certificate::letter_pdf))
        .route(
            "/billing/issue-password/letter",
            get(certificate::letter_page).post(certificate::open_letter),
        )
}

/// Who is logged in and may go everywhere.
async fn caller(sites: &Sites, visit: &Visit) -> Result<PortalCaller, PageError> {
    portal::caller(sites, visit, "/billing", false).await
}

#[derive(Template)]
#[template(path = "billing/elsewhere.html")]
struct ElsewherePage {
    page: Page,
}

/// The tabs of the real site that have nothing to do with the data exchange.
async fn elsewhere(State(sites): State<Sites>, visit: Visit) -> PageResult {
    caller(&sites, &visit).await?;
    Ok(show(&ElsewherePage { page: visit.page() }))
}

/// The entrance; who is logged in is past it.
async fn root(State(sites): State<Sites>, visit: Visit) -> PageResult {
    if visit.with(|memory| memory.portal.is_none()) {
        return Ok(see("/billing/entrance"));
    }
    caller(&sites, &visit).await?;
    Ok::<Response, _>(see("/billing/notices"))
}
