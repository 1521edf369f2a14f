//! バージョン情報: which application is on the terminal, and its update.

use askama::Template;
use axum::extract::{Path, State};
use careplan_client_core::OutgoingFile;
use careplan_relay::outcome::Refusal;
use careplan_relay::refusal;
use careplan_spec::StandardVersion;

use super::At;
use crate::sites::Sites;
use crate::sites::alert::Alert;
use crate::sites::page::{Page, PageResult, see, show};
use crate::sites::posted::Posted;
use crate::sites::visit::Visit;

#[derive(Template)]
#[template(path = "client/version.html")]
struct VersionPage {
    page: Page,
    version: &'static str,
    is_old: bool,
}

pub(super) async fn page(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
) -> PageResult {
    let (at, _) = At::inside(&sites, visit, &terminal).await?;
    let (version, is_old) = (at.terminal.version(), at.terminal.is_old());
    Ok(show(&VersionPage { page: at.page(), version, is_old }))
}

/// The update, or for the lesson the version before it.
pub(super) async fn change(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    posted: Posted,
) -> PageResult {
    let (at, _) = At::inside(&sites, visit, &terminal).await?;
    at.terminal.set_old(posted.get("do") == "old");
    let version = at.terminal.version();
    at.visit.say(Alert::good(
        format!("連携クライアントアプリは Ver{version} になりました。"),
        format!("The client is Ver{version} now."),
    ));
    Ok(see(&at.path("/version")))
}

/// What an old application says to names it does not know (FAQ (3)6, Stated).
pub(super) fn too_old<'a>(
    at: &At,
    files: impl IntoIterator<Item = &'a OutgoingFile>,
) -> Option<Alert> {
    let is_new = |file: &OutgoingFile| {
        file.standard_name().is_some_and(|name| name.version == StandardVersion::V4_1)
    };
    (at.terminal.is_old() && files.into_iter().any(is_new)).then(|| {
        Alert::refused(&Refusal::new(&refusal::FILE_NAME_FORM)).and(
            "この端末のアプリは古いバージョン（Ver1.1.0）です。トップの「バージョン情報」を開き、最新版に更新してください。",
            "The application of this terminal is old (Ver1.1.0). Open “Version” on the top page and update it.",
        )
    })
}
