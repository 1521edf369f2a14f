//! Whose terminal it is, where others can reach the server: what the password of Windows is to a real
//! one. Certificate and files are behind it.

use askama::Template;
use axum::extract::{Path, State};

use super::At;
use crate::sites::Sites;
use crate::sites::alert::Alert;
use crate::sites::page::{Page, PageResult, see, show};
use crate::sites::portal;
use crate::sites::posted::Posted;
use crate::sites::visit::Visit;

#[derive(Template)]
#[template(path = "client/open.html")]
struct OpenPage {
    page: Page,
    office: String,
}

pub(super) async fn page(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
) -> PageResult {
    let at = At::terminal(&sites, visit, &terminal).await?;
    if at.may_hold() {
        return Ok(see(&at.path("/certificate")));
    }
    Ok(show(&OpenPage { page: at.page(), office: at.terminal.office_name.clone() }))
}

/// The KJ ID of the office and its password.
pub(super) async fn show_right(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    posted: Posted,
) -> PageResult {
    let at = At::terminal(&sites, visit, &terminal).await?;
    let era = at.terminal.era();
    let (user_id, password) = (posted.trimmed("user_id"), posted.secret("password"));
    if portal::has_blank(&at.visit, &password) {
        return Ok(see(&at.path("/open")));
    }
    let relay = sites.relay();
    let login = match relay.turn().await?.doors().portal(user_id, &password).await {
        Ok(login) => login,
        Err(error) => {
            portal::tell(&at.visit, error)?;
            return Ok(see(&at.path("/open")));
        }
    };
    // It was only to show who it is.
    relay.turn().await?.doors().portal_logout(&login.portal_token).await?;
    if login.office.number != at.terminal.office {
        at.visit.say(
            Alert::bad(
                "この端末の事業所のユーザIDではありません。",
                "This user ID is of another office.",
            )
            .and(
                "端末の一覧から、ご自分の事業所の端末を開いてください。",
                "Open the terminal of your own office from the list of terminals.",
            ),
        );
        return Ok(see(&at.path("/open")));
    }
    at.visit.with(|memory| memory.holds_terminal = Some(era));
    at.visit.session.renew();
    Ok(see(&at.path("/certificate")))
}
