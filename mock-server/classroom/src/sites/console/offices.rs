//! アカウント: every office with its passwords, and what a trainer can do for one of them.

use askama::Template;
use axum::extract::State;
use careplan_relay::clock;
use careplan_relay::control::AccountView;
use careplan_relay::help::OfficeHelp;
use careplan_relay::outcome::Error;
use careplan_spec::Text;
use careplan_wire::terminals::Terminals as _;

use super::admit;
use super::question::{self, Question};
use super::undo::{self, UndoView};
use crate::sites::alert::Alert;
use crate::sites::home::AccountRow;
use crate::sites::page::{Page, PageError, PageResult, see, show};
use crate::sites::posted::Posted;
use crate::sites::visit::Visit;
use crate::sites::{Sites, portal};

/// An account with everything at hand.
struct Account {
    row: AccountRow,
    licence: String,
    state: Vec<String>,
    certificates: Vec<String>,
}

impl Account {
    fn of(account: &AccountView, visit: &Visit) -> Option<Self> {
        let mut state = Vec::new();
        if let Some(until) = account.locked_until {
            state.push(format!(
                "{} {}",
                visit.t("ロック中：解除", "locked until"),
                clock::shown(until)
            ));
        }
        if let Some(end) = account.password_expires_at {
            state.push(format!(
                "{} {}",
                visit.t("パスワード期限", "password ends"),
                clock::shown_date(clock::date_of(end))
            ));
        }
        Some(Self {
            row: AccountRow::of(account, visit)?,
            licence: account.licence.valid_until_shown.clone(),
            state,
            certificates: account
                .certificates
                .iter()
                .map(|own| format!("{} {}", own.kind.common_name(), own.state_shown))
                .collect(),
        })
    }
}

/// A kind of help, in words.
struct Way {
    id: &'static str,
    name: &'static str,
    does: &'static str,
}

#[derive(Template)]
#[template(path = "console/accounts.html")]
struct AccountsPage {
    page: Page,
    undo: Option<UndoView>,
    accounts: Vec<Account>,
    ways: Vec<Way>,
}

pub(super) async fn page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    admit(&visit)?;
    let accounts = sites.relay().turn().await?.operator().accounts().await?;
    let accounts = accounts.iter().filter_map(|account| Account::of(account, &visit)).collect();
    let ways = OfficeHelp::ALL.iter().map(|help| Way {
        id: help.id(),
        name: help.name().get(visit.lang),
        does: help.does().get(visit.lang),
    });
    Ok(show(&AccountsPage {
        undo: UndoView::latest(&sites, &visit),
        page: visit.page(),
        accounts,
        ways: ways.collect(),
    }))
}

/// Helps one office; what takes something away is asked first.
pub(super) async fn help(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    admit(&visit)?;
    let office = posted.get("office");
    let help = OfficeHelp::from_id(posted.get("help")).ok_or(PageError::NotFound)?;
    let accounts = sites.relay().turn().await?.operator().accounts().await?;
    let account = accounts.into_iter().find(|account| account.office == office);
    let name = account.ok_or(PageError::NotFound)?.name;
    let Text { ja, en } = help.name();
    let what = Text::made(format!("{name}：{ja}"), format!("{name}: {en}"));
    let is_undone = help == OfficeHelp::BeforeFirstLogin;
    let question = Question {
        what: &what,
        loses: help.does(),
        button: help.name(),
        action: "/console/accounts/help",
        fields: vec![("office", office.to_owned()), ("help", help.id().to_owned())],
        back: "/console/accounts",
        is_undone,
    };
    if help.is_drastic() && !question::is_answered(&posted) {
        return Ok(question.asked(&visit));
    }
    if is_undone && !undo::keep(&sites, what.clone(), &posted).await? {
        return Ok(question.asked_without_undo(&visit));
    }
    if let Err(error) = sites.relay().help(office, help).await {
        portal::tell(&visit, error)?;
        return Ok(see("/console/accounts"));
    }
    match sites.rack.follow(office, help).await {
        Err(Error::Failed(_)) => visit.say(Alert::bad(
            "端末に入れられませんでした。端末の「電子証明書」の画面で確かめてください。",
            "It could not be put on the terminal: see the page “Certificate” of the terminal.",
        )),
        Err(error) => portal::tell(&visit, error)?,
        Ok(()) => {
            let Text { ja, en } = help.done();
            visit.say(Alert::good(format!("{name}：{ja}"), format!("{name}: {en}")));
        }
    }
    sites.noted(&visit, Some(office), what);
    Ok(see("/console/accounts"))
}
