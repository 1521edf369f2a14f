//! The trainer's console: scenes, clock, faults, accounts, reset. It turns the controls in this
//! process; no page calls them.

mod claims;
mod course;
mod faults;
mod letters;
mod offices;
mod progress;
mod question;
mod scene;
mod states;
mod time;
mod undo;

use std::sync::{Mutex, PoisonError};

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use careplan_certs::Wrong;
use careplan_relay::clock;
use careplan_relay::notice::MailView;
use careplan_relay::outcome::{Error, Failure};
use careplan_relay::switches::SWITCHES;
use careplan_spec::Text;
use careplan_wire::logbook::Through;
use careplan_wire::operator::{TRIES, Tried};

use super::alert::Alert;
use super::page::{Page, PageError, PageResult, attachment, see, show};
use super::posted::Posted;
use super::terminal::said;
use super::visit::Visit;
use super::{Sites, portal};

/// The routes.
pub(super) fn routes() -> Router<Sites> {
    Router::new()
        .route("/console", get(scene::overview))
        .route("/console/login", get(login_page).post(log_in))
        .route("/console/logout", post(log_out))
        .route("/console/scene", post(scene::set))
        .route("/console/scene/{id}", get(scene::guide))
        .route("/console/handout", get(scene::handout))
        .route("/console/states", get(states::page).post(states::act))
        .route("/console/states/{number}/file", get(states::file))
        .route("/console/reset", post(scene::reset))
        .route("/console/clock", get(time::page).post(time::act))
        .route("/console/faults", get(faults::page).post(faults::act))
        .route("/console/undo", post(undo::undo))
        .route("/console/accounts", get(offices::page))
        .route("/console/accounts/help", post(offices::help))
        .route("/console/letter/{office}", get(letters::one))
        .route("/console/letters", get(letters::all))
        .route("/console/mailbox", get(mailbox))
        .route("/console/certificates", get(certificates).post(certify))
        .route("/console/claims", get(claims::page).post(claims::release))
        .route("/console/journal", get(journal))
        .route("/console/switches", get(switches).post(set_switch))
}

/// What the console keeps beside the state of the mock.
#[derive(Debug, Default)]
pub(super) struct Backstage {
    scene: Mutex<Option<&'static str>>,
    shelf: states::Shelf,
    past: undo::Past,
}

impl Backstage {
    /// The scene that was set last.
    fn scene(&self) -> Option<&'static str> {
        *self.scene.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_scene(&self, id: Option<&'static str>) {
        *self.scene.lock().unwrap_or_else(PoisonError::into_inner) = id;
    }
}

/// Lets trainers in; everybody else is asked for the token.
fn admit(visit: &Visit) -> Result<(), PageError> {
    if visit.is_trainer() {
        return Ok(());
    }
    Err(PageError::Elsewhere("/console/login".to_owned()))
}

#[derive(Template)]
#[template(path = "console/login.html")]
struct LoginPage {
    page: Page,
}

async fn login_page(visit: Visit) -> PageResult {
    Ok(show(&LoginPage { page: visit.page() }))
}

async fn log_in(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    let Some(wanted) = sites.parts.admin_token.as_ref() else { return Ok(see("/console")) };
    visit.say(match wanted.tried(&posted.secret("token"), visit.address()) {
        Tried::Right => {
            visit.with(|memory| memory.is_trainer = true);
            visit.session.renew();
            sites.noted(&visit, None, Text::made("研修コンソールを開いた", "Opened the console"));
            return Ok(see("/console"));
        }
        Tried::Wrong => Alert::bad("トークンが正しくありません。", "The token is wrong.").and(
            format!("1分間に{TRIES}回まで入力できます。"),
            format!("There are {TRIES} tries a minute."),
        ),
        Tried::TooMany(waits) => {
            let what = Text::made("トークンを続けて誤った", "Tried too many wrong tokens");
            sites.noted(&visit, None, what);
            let seconds = waits.as_secs() + 1;
            Alert::bad(
                "トークンを続けて誤ったため、しばらく受け付けません。",
                "The token was wrong too often, so none is taken for a while.",
            )
            .and(
                format!("{seconds}秒待って、もう一度入力してください。"),
                format!("Wait {seconds} seconds and enter it again."),
            )
        }
    });
    Ok(see("/console/login"))
}

/// The trainer leaves: whoever uses this browser next is a visitor like others.
async fn log_out(visit: Visit, _: Posted) -> PageResult {
    admit(&visit)?;
    visit.with(std::mem::take);
    visit.session.renew();
    Ok(see("/"))
}

#[derive(Template)]
#[template(path = "console/mailbox.html")]
struct MailboxPage {
    page: Page,
    mails: Vec<(String, MailView)>,
}

async fn mailbox(State(sites): State<Sites>, visit: Visit) -> PageResult {
    admit(&visit)?;
    let mails = sites.relay().turn().await?.operator().mailbox(None).await?;
    let mails =
        mails.into_iter().take(200).map(|mail| (clock::shown(mail.sent_at), mail)).collect();
    Ok(show(&MailboxPage { page: visit.page(), mails }))
}

/// A certificate to make: what is wrong with it, in words.
struct Way {
    id: &'static str,
    text: &'static str,
}

#[derive(Template)]
#[template(path = "console/certificates.html")]
struct CertificatesPage {
    page: Page,
    ways: Vec<Way>,
    offices: Vec<(String, String)>,
}

async fn certificates(State(sites): State<Sites>, visit: Visit) -> PageResult {
    admit(&visit)?;
    let ways = Wrong::ALL
        .into_iter()
        .map(|wrong| Way { id: wrong.id(), text: wrong.text().get(visit.lang) })
        .collect();
    let offices = sites.relay().turn().await?.operator().accounts().await?;
    let offices = offices
        .into_iter()
        .filter(|account| account.kj_id.is_some())
        .map(|account| (account.office, account.name))
        .collect();
    Ok(show(&CertificatesPage { page: visit.page(), ways, offices }))
}

/// Makes a certificate, good or wrong on purpose, and installs it on a terminal or hands it out.
async fn certify(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    admit(&visit)?;
    let office = posted.get("office");
    let wrong = Some(posted.get("way")).filter(|way| *way != "good");
    let issued =
        match sites.relay().turn().await?.operator().issue_for_test(office, wrong, None).await {
            Ok(issued) => issued,
            Err(Error::Failed(Failure::UnknownWrong(_))) => return Err(PageError::NotFound),
            Err(error) => {
                portal::tell(&visit, error)?;
                return Ok(see("/console/certificates"));
            }
        };
    if posted.get("do") == "save" {
        return Ok(attachment(&issued.file_name, issued.p12));
    }
    let terminal = sites.rack.terminal(office).await?;
    match terminal.import(issued.p12, issued.password.reveal().to_owned()).await {
        Ok(()) => visit.say(Alert::good(
            format!("端末 {office} にインストールしました。"),
            format!("It is installed on terminal {office}."),
        )),
        Err(error) => visit.say(said(&error)),
    }
    Ok(see("/console/certificates"))
}

/// A request as a row.
struct RequestRow {
    at: String,
    what: String,
    office: String,
    status: u16,
    note: String,
    milliseconds: String,
}

/// What a trainer did, as a row.
struct DeedRow {
    at: String,
    what: String,
    by: &'static str,
    address: String,
    office: String,
}

#[derive(Template)]
#[template(path = "console/journal.html")]
struct JournalPage {
    page: Page,
    deeds: Vec<DeedRow>,
    requests: Vec<RequestRow>,
}

async fn journal(State(sites): State<Sites>, visit: Visit) -> PageResult {
    admit(&visit)?;
    let view = sites.parts.journal.last(100, |entry| entry.listener == "relay");
    let requests = view
        .entries
        .into_iter()
        .rev()
        .map(|entry| RequestRow {
            at: clock::shown(entry.at),

            what: format!("{} {}", entry.method, entry.path),
            office: entry.office.unwrap_or_default(),
            status: entry.status,
            note: [entry.code, entry.fault].into_iter().flatten().collect::<Vec<_>>().join(" "),
            milliseconds: format!("{:.1}", entry.duration_us as f64 / 1_000.0),
        })
        .collect();
    let deeds = sites.parts.logbook.deeds().into_iter().take(100).map(|deed| DeedRow {
        at: clock::shown(deed.at),
        what: visit.t(&deed.what, &deed.what_en).to_owned(),
        by: match deed.through {
            Through::Console => visit.t("コンソール", "console"),
            Through::Controls => "API",
        },
        address: deed.address.map(|address| address.to_string()).unwrap_or_default(),
        office: deed.office.unwrap_or_default(),
    });
    Ok(show(&JournalPage { deeds: deeds.collect(), page: visit.page(), requests }))
}

/// A switch as a row.
struct Switch {
    key: &'static str,
    title: &'static str,
    reason: &'static str,
    value: String,
    default: String,
    range: Option<(u64, u64)>,
    is_flag: bool,
}

#[derive(Template)]
#[template(path = "console/switches.html")]
struct SwitchesPage {
    page: Page,
    switches: Vec<Switch>,
}

async fn switches(State(sites): State<Sites>, visit: Visit) -> PageResult {
    admit(&visit)?;
    let current = sites.relay().switches();
    let switches = SWITCHES
        .iter()
        .map(|info| Switch {
            key: info.key,
            title: info.title.get(visit.lang),
            reason: info.reason.get(visit.lang),
            value: current.show(info.key).unwrap_or_default(),
            default: (info.default)(),
            range: info.range.map(|range| (*range.start(), *range.end())),
            is_flag: info.value_kind == "true/false",
        })
        .collect();
    Ok(show(&SwitchesPage { page: visit.page(), switches }))
}

async fn set_switch(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    admit(&visit)?;
    let mut switches = (*sites.relay().switches()).clone();
    let (key, value) = (posted.get("key"), posted.trimmed("value"));
    match switches.set(key, value) {
        Ok(()) => {
            sites.relay().turn().await?.operator().set_switches(switches).await?;
            let what = Text::made(
                format!("スイッチ {key} を {value} に"),
                format!("Switch {key} to {value}"),
            );
            sites.noted(&visit, None, what);
            visit.say(Alert::good(
                format!("{key} を {value} にしました。"),
                format!("{key} is {value} now."),
            ));
        }
        Err(error) => {
            let text = error.text();
            visit.say(
                Alert::bad(
                    format!("{key} に「{value}」は設定できません。"),
                    format!("{key} cannot be “{value}”."),
                )
                .and(text.ja, text.en),
            );
        }
    }
    Ok(see("/console/switches"))
}
