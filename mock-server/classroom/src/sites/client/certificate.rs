//! The certificate of a terminal: what Windows' import wizard does on a real one (relay.md §5).

use askama::Template;
use axum::extract::{Path, State};
use careplan_client_core::OfficeNumber;
use careplan_relay::certificate::CertificateState;
use careplan_relay::clock;
use jiff::Timestamp;

use super::At;
use crate::sites::Sites;
use crate::sites::alert::Alert;
use crate::sites::page::{Page, PageError, PageResult, see, show};
use crate::sites::posted::{Posted, PostedFile};
use crate::sites::visit::Visit;

/// What is installed, as Windows shows it.
pub(super) struct Installed {
    pub(super) subject: String,
    pub(super) issuer: String,
    office: String,
    from: String,
    pub(super) until: String,
    /// The same as a moment.
    pub(super) ends_at: Timestamp,
    serial: String,
    notes: Vec<(String, String)>,
}

/// A certificate of the office that a trainer can install with one click.
struct Own {
    id: String,
    kind: &'static str,
    state: String,
    until: String,
}

#[derive(Template)]
#[template(path = "client/certificate.html")]
struct CertificatePage {
    page: Page,
    installed: Option<Installed>,
    own: Vec<Own>,
}

/// A day as Windows shows it.
fn day(at: Timestamp) -> String {
    clock::shown_date(clock::date_of(at))
}

/// What is installed on the terminal; what went wrong is said on the page.
pub(super) async fn installed(at: &At) -> Option<Installed> {
    match at.terminal.client().await {
        Ok(client) => client.certificate().map(|installed| {
            let facts = installed.facts();
            let notes =
                client.certificate_notes(OfficeNumber::parse(at.terminal.office.as_bytes()));
            Installed {
                subject: facts.common_name.clone().unwrap_or_else(|| facts.subject.clone()),
                issuer: facts.issuer_common_name.clone().unwrap_or_else(|| facts.issuer.clone()),
                office: facts.office.map_or_else(|| "-".to_owned(), |office| office.to_string()),
                from: day(facts.not_before),
                until: day(facts.not_after),
                ends_at: facts.not_after,
                serial: facts.serial.to_string(),
                notes: notes
                    .into_iter()
                    .map(|note| {
                        (
                            format!("{}{}", note.text.ja, note.to_do.ja),
                            format!("{} {}", note.text.en, note.to_do.en),
                        )
                    })
                    .collect(),
            }
        }),
        Err(error) => {
            at.tell(&error);
            None
        }
    }
}

pub(super) async fn overview(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
) -> PageResult {
    let at = At::holder(&sites, visit, &terminal).await?;
    let installed = installed(&at).await;
    let accounts = sites.relay().turn().await?.operator().accounts().await?;
    let account = accounts.iter().find(|account| account.office == at.terminal.office);
    let own = account
        .map(|account| {
            account
                .certificates
                .iter()
                .filter(|own| own.file_name.is_some() && own.state != CertificateState::Withdrawn)
                .map(|own| Own {
                    id: own.id.clone(),
                    kind: own.kind.common_name(),
                    state: own.state_shown.clone(),
                    until: own.not_after.map(day).unwrap_or_default(),
                })
                .collect()
        })
        .unwrap_or_default();
    Ok(show(&CertificatePage { page: at.page(), installed, own }))
}

/// The file that was chosen; back to the page where there is none.
pub(super) fn chosen(at: &At, posted: &mut Posted) -> Result<PostedFile, PageError> {
    posted.files.pop().ok_or_else(|| {
        at.visit.say(Alert::bad(
            "証明書のファイル（.p12）を選んでください。",
            "Choose the file of the certificate (.p12).",
        ));
        at.to("/certificate")
    })
}

pub(super) async fn import(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    mut posted: Posted,
) -> PageResult {
    let at = At::holder(&sites, visit, &terminal).await?;
    let file = chosen(&at, &mut posted)?;
    match at.terminal.import(file.bytes, posted.get("password").to_owned()).await {
        Ok(()) => at
            .visit
            .say(Alert::good("正しくインポートされました。", "The certificate was imported.")),
        Err(error) => at.tell(&error),
    }
    Ok(see(&at.path("/certificate")))
}

/// A trainer's shortcut past the billing site.
pub(super) async fn shortcut(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    posted: Posted,
) -> PageResult {
    let at = At::holder(&sites, visit, &terminal).await?;
    let accounts = sites.relay().turn().await?.operator().accounts().await?;
    let account = accounts.iter().find(|account| account.office == at.terminal.office);
    let account = account.ok_or(PageError::NotFound)?;
    match sites.rack.install(&at.terminal, account, posted.get("id")).await? {
        Ok(()) => at.visit.say(Alert::good(
            "事業所の証明書をインストールしました（研修用の近道）。",
            "The office's certificate was installed (a shortcut for training).",
        )),
        Err(error) => at.tell(&error),
    }
    Ok(see(&at.path("/certificate")))
}

pub(super) async fn remove(
    State(sites): State<Sites>,
    visit: Visit,
    Path(terminal): Path<String>,
    _: Posted,
) -> PageResult {
    let at = At::holder(&sites, visit, &terminal).await?;
    match at.terminal.remove_certificate().await {
        Ok(_) => at.visit.say(Alert::note(
            "この端末から電子証明書を削除しました。",
            "The certificate was removed from this terminal.",
        )),
        Err(error) => at.tell(&error),
    }
    Ok(see(&at.path("/certificate")))
}
