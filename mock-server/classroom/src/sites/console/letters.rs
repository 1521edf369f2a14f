//! 電子請求登録結果に関するお知らせ, the letter with which everything begins (relay.md §4): of one
//! office, or of all in one print.

use askama::Template;
use axum::extract::{Path, State};
use careplan_fixtures::region;
use careplan_relay::clock;
use careplan_relay::control::AccountView;

use careplan_spec::office_number::OfficeNumber;

use super::admit;
use crate::sites::Sites;
use crate::sites::home::AccountRow;
use crate::sites::page::{Page, PageError, PageResult, show};
use crate::sites::visit::Visit;

/// What the form has in each field.
struct Letter {
    account: AccountRow,
    /// The password was issued later than the office's first one: 再発行.
    is_reissued: bool,
    phone: String,
    fax: String,
    address: String,
}

impl Letter {
    fn of(account: &AccountView, visit: &Visit) -> Option<Self> {
        let number = OfficeNumber::parse(account.office.as_bytes());
        let known = number.and_then(|number| region::find_office(&number));
        // Offices of vendors have no address here: the form stays empty there.
        let dash = || "－".to_owned();
        Some(Self {
            account: AccountRow::of(account, visit)?,
            is_reissued: account.temporary && account.reissued,
            phone: known.map_or_else(dash, |office| office.phone.clone()),
            fax: known.map_or_else(dash, |office| office.phone.replacen("-000-", "-001-", 1)),
            address: known.map_or_else(dash, |office| {
                format!("〒{} {} {}", office.postal_code, office.address1, office.address2)
            }),
        })
    }
}

#[derive(Template)]
#[template(path = "console/letters.html")]
struct LettersPage {
    page: Page,
    letters: Vec<Letter>,
    today: String,
    site: String,
}

pub(super) async fn one(
    State(sites): State<Sites>,
    visit: Visit,
    Path(office): Path<String>,
) -> PageResult {
    print(&sites, &visit, Some(&office)).await
}

pub(super) async fn all(State(sites): State<Sites>, visit: Visit) -> PageResult {
    print(&sites, &visit, None).await
}

async fn print(sites: &Sites, visit: &Visit, office: Option<&str>) -> PageResult {
    admit(visit)?;
    let accounts = sites.relay().turn().await?.operator().accounts().await?;
    let wanted = accounts.iter().filter(|one| office.is_none_or(|office| one.office == office));
    let letters: Vec<Letter> = wanted.filter_map(|one| Letter::of(one, visit)).collect();
    if letters.is_empty() && office.is_some() {
        return Err(PageError::NotFound);
    }
    Ok(show(&LettersPage {
        page: visit.page(),
        letters,
        today: clock::shown_date(sites.relay().clock().today()),
        site: format!("{}/billing", sites.parts.addresses.sites),
    }))
}
