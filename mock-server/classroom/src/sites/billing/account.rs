//! Login, the forced change of the temporary password, mail addresses (relay.md §4).

use askama::Template;
use axum::extract::{Query, State};
use careplan_relay::account::MailPurpose;
use careplan_relay::clock;
use careplan_relay::notice::MailView;
use serde::Deserialize;

use super::caller;
use super::terms::{OF_USE, Terms};
use crate::sites::alert::Alert;
use crate::sites::page::{Page, PageError, PageResult, see, show};
use crate::sites::posted::Posted;
use crate::sites::visit::Visit;
use crate::sites::{Sites, portal};

#[derive(Template)]
#[template(path = "billing/login.html")]
struct LoginPage {
    page: Page,
}

pub(super) async fn login_page(visit: Visit) -> PageResult {
    Ok(show(&LoginPage { page: visit.page() }))
}

pub(super) async fn log_in(State(sites): State<Sites>, visit: Visit, posted: Posted) -> PageResult {
    if !portal::log_in(&sites, &visit, &posted).await? {
        return Ok(see("/billing/login"));
    }
    let must_change = visit
        .with(|memory| memory.portal.as_ref().is_some_and(|portal| portal.must_change_password));
    Ok(see(if must_change { "/billing/password/warning" } else { "/billing/notices" }))
}

pub(super) async fn log_out(State(sites): State<Sites>, visit: Visit, _: Posted) -> PageResult {
    portal::log_out(&sites, &visit).await?;
    Ok(see("/billing/login"))
}

#[derive(Template)]
#[template(path = "billing/warning.html")]
struct WarningPage {
    page: Page,
}

pub(super) async fn warning(State(sites): State<Sites>, visit: Visit) -> PageResult {
    portal::caller(&sites, &visit, "/billing", true).await?;
    Ok(show(&WarningPage { page: visit.page() }))
}

#[derive(Template)]
#[template(path = "billing/terms.html")]
struct TermsPage {
    page: Page,
    terms: &'static Terms,
}

pub(super) async fn terms(State(sites): State<Sites>, visit: Visit) -> PageResult {
    portal::caller(&sites, &visit, "/billing", true).await?;
    Ok(show(&TermsPage { page: visit.page(), terms: &OF_USE }))
}

pub(super) async fn accept_terms(
    State(sites): State<Sites>,
    visit: Visit,
    _: Posted,
) -> PageResult {
    portal::caller(&sites, &visit, "/billing", true).await?;
    visit.with(|memory| memory.terms_accepted = true);
    Ok(see("/billing/password"))
}

#[derive(Template)]
#[template(path = "billing/password.html")]
struct PasswordPage {
    page: Page,
    forced: bool,
}

/// Whether the password must be changed before anything else.
fn is_forced(visit: &Visit) -> bool {
    visit.with(|memory| memory.portal.as_ref().is_some_and(|portal| portal.must_change_password))
}

pub(super) async fn password_page(State(sites): State<Sites>, visit: Visit) -> PageResult {
    portal::caller(&sites, &visit, "/billing", true).await?;
    let forced = is_forced(&visit);
    if forced && !visit.with(|memory| memory.terms_accepted) {
        return Err(PageError::Elsewhere("/billing/password/terms".to_owned()));
    }
    Ok(show(&PasswordPage { page: visit.page(), forced }))
}

pub(super) async fn change_password(
    State(sites): State<Sites>,
    visit: Visit,
    posted: Posted,
) -> PageResult {
    let caller = portal::caller(&sites, &visit, "/billing", true).await?;
    let forced = is_forced(&visit);
    let (current, new) = (posted.secret("current"), posted.secret("new"));
    if new.reveal() != posted.get("again") {
        visit.say(Alert::bad(
            "新しいパスワードと確認用のパスワードが一致しません。",
            "The two new passwords differ.",
        ));
        return Ok(see("/billing/password"));
    }
    let accepted = visit.with(|memory| memory.terms_accepted);
    if let Err(error) = sites
        .relay()
        .turn()
        .await?
        .account()
        .change_password(&caller, &current, &new, accepted)
        .await
    {
        portal::tell(&visit, error)?;
        return Ok(see("/billing/password"));
    }
    visit.with(|memory| {
        if let Some(portal) = &mut memory.portal {
            portal.must_change_password = false;
            portal.password = new;
        }
    });
    visit.session.renew();
    visit.say(Alert::good("パスワードを変更しました。", "The password was changed.").and(
        "このパスワードは、利用状況Webサイトと連携クライアントの事業所ユーザログインでも使います。",
        "It is the password of the usage site and of the second stage of the client's login too.",
    ));
    Ok(see(if forced { "/billing/mail?purpose=notice&first=1" } else { "/billing/account" }))
}

/// Which address, and whether it is the first time.
#[derive(Debug, Default, Deserialize)]
pub(super) struct WhichMail {
    purpose: Option<String>,
    first: Option<String>,
}

fn purpose_of(text: &str) -> MailPurpose {
    if text == MailPurpose::Security.id() { MailPurpose::Security } else { MailPurpose::Notice }
}

#[derive(Template)]
#[template(path = "billing/mail.html")]
struct MailPage {
    page: Page,
    purpose: &'static str,
    is_security: bool,
    first: bool,
    current: Option<String>,
    night_hold: bool,
}

pub(super) async fn mail_page(
    State(sites): State<Sites>,
    visit: Visit,
    Query(which): Query<WhichMail>,
) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let purpose = purpose_of(which.purpose.as_deref().unwrap_or_default());
    let current = sites.relay().turn().await?.account().mail_address(&caller, purpose).await?;
    let night_hold = sites.relay().turn().await?.account().night_hold(&caller).await?;
    Ok(show(&MailPage {
        night_hold,
        purpose: purpose.id(),
        is_security: purpose == MailPurpose::Security,
        first: which.first.is_some(),
        current,
        page: visit.page(),
    }))
}

pub(super) async fn request_code(
    State(sites): State<Sites>,
    visit: Visit,
    posted: Posted,
) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let purpose = purpose_of(posted.get("purpose"));
    let first = if posted.has("first") { "&first=1" } else { "" };
    let back = format!("/billing/mail?purpose={}{first}", purpose.id());
    if purpose == MailPurpose::Notice {
        let holds = posted.has("night_hold");
        sites.relay().turn().await?.account().set_night_hold(&caller, holds).await?;
    }
    if posted.get("choice") == "none" {
        // 「メールアドレスを登録しない」
        return Ok(see("/billing/notices"));
    }
    let address = posted.trimmed("address").to_owned();
    if address.is_empty() && posted.trimmed("again").is_empty() && first.is_empty() {
        // The box for the night alone was changed.
        visit.say(Alert::good("変更しました。", "It was changed."));
        return Ok(see("/billing/account"));
    }
    if address != posted.trimmed("again") {
        visit.say(Alert::bad(
            "2つのメールアドレスが一致しません。",
            "The two mail addresses differ.",
        ));
        return Ok(see(&back));
    }
    if let Err(error) =
        sites.relay().turn().await?.account().request_mail_code(&caller, purpose, &address).await
    {
        portal::tell(&visit, error)?;
        return Ok(see(&back));
    }
    visit.with(|memory| memory.mail = Some((purpose, address)));
    Ok(see(if first.is_empty() { "/billing/mail/code" } else { "/billing/mail/code?first=1" }))
}

#[derive(Template)]
#[template(path = "billing/code.html")]
struct CodePage {
    page: Page,
    address: String,
    first: bool,
    minutes: u32,
    purpose: &'static str,
}

pub(super) async fn code_page(
    State(sites): State<Sites>,
    visit: Visit,
    Query(which): Query<WhichMail>,
) -> PageResult {
    caller(&sites, &visit).await?;
    let waiting = visit.with(|memory| memory.mail.clone());
    let Some((purpose, address)) = waiting else { return Ok(see("/billing/mail")) };
    Ok(show(&CodePage {
        address,
        first: which.first.is_some(),
        minutes: sites.relay().switches().mail_code_minutes,
        purpose: purpose.id(),
        page: visit.page(),
    }))
}

pub(super) async fn confirm_code(
    State(sites): State<Sites>,
    visit: Visit,
    posted: Posted,
) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let waiting = visit.with(|memory| memory.mail.clone());
    let Some((purpose, address)) = waiting else { return Ok(see("/billing/mail")) };
    let first = posted.has("first");
    let code = posted.trimmed("code");
    if let Err(error) =
        sites.relay().turn().await?.account().confirm_mail_code(&caller, purpose, code).await
    {
        portal::tell(&visit, error)?;
        return Ok(see(if first { "/billing/mail/code?first=1" } else { "/billing/mail/code" }));
    }
    visit.with(|memory| memory.mail = None);
    visit.say(Alert::good(
        format!("メールアドレスを登録しました（{address}）。"),
        format!("The mail address was registered ({address})."),
    ));
    Ok(see(match (first, purpose) {
        (true, MailPurpose::Notice) => "/billing/mail?purpose=security&first=1",
        (true, MailPurpose::Security) => "/billing/notices",
        (false, _) => "/billing/account",
    }))
}

#[derive(Template)]
#[template(path = "billing/mailbox.html")]
struct MailboxPage {
    page: Page,
    mails: Vec<(String, MailView)>,
}

/// The mails of the office: the mock sends none anywhere.
pub(super) async fn mailbox(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let mails =
        sites.relay().turn().await?.operator().mailbox(Some(caller.office.as_str())).await?;
    let mails = mails.into_iter().map(|mail| (clock::shown(mail.sent_at), mail)).collect();
    Ok(show(&MailboxPage { page: visit.page(), mails }))
}

#[derive(Template)]
#[template(path = "billing/account.html")]
struct AccountPage {
    page: Page,
    kj_id: String,
    office: String,
    number: String,
    since: String,
    notice: Option<String>,
    security: Option<String>,
}

pub(super) async fn overview(State(sites): State<Sites>, visit: Visit) -> PageResult {
    let caller = caller(&sites, &visit).await?;
    let notice =
        sites.relay().turn().await?.account().mail_address(&caller, MailPurpose::Notice).await?;
    let security =
        sites.relay().turn().await?.account().mail_address(&caller, MailPurpose::Security).await?;
    let (office, since) = visit.with(|memory| {
        memory
            .portal
            .as_ref()
            .map(|portal| (portal.office.name.clone(), portal.since.clone()))
            .unwrap_or_default()
    });
    Ok(show(&AccountPage {
        kj_id: caller.kj_id,
        number: caller.office.to_string(),
        office,
        since,
        notice,
        security,
        page: visit.page(),
    }))
}
