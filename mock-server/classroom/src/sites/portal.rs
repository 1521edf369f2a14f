//! Logging in with a KJ ID, on the two sites that ask for one.

use careplan_relay::account::PortalCaller;
use careplan_relay::clock;
use careplan_relay::outcome::Error;
use careplan_relay::refusal::{self, RefusalKind};
use careplan_relay::secret::Secret;

use super::Sites;
use super::alert::Alert;
use super::page::PageError;
use super::posted::Posted;
use super::session::PortalSession;
use super::visit::Visit;

/// Logs in; what goes wrong is said on the next page. Says whether it worked.
///
/// # Errors
/// Something broke.
pub(super) async fn log_in(
    sites: &Sites,
    visit: &Visit,
    posted: &Posted,
) -> Result<bool, PageError> {
    let (user_id, password) = (posted.trimmed("user_id").to_owned(), posted.secret("password"));
    if has_blank(visit, &password) {
        return Ok(false);
    }
    match sites.relay().turn().await?.doors().portal(&user_id, &password).await {
        Ok(login) => {
            let portal = PortalSession {
                token: login.portal_token,
                office: login.office,
                kj_id: user_id,
                password,
                since: clock::shown(sites.relay().clock().now()),
                must_change_password: login.must_change_password,
            };
            visit.with(|memory| {
                memory.portal = Some(portal);
                memory.terms_accepted = false;
            });
            visit.session.renew();
            Ok(true)
        }
        Err(error) => {
            tell(visit, error)?;
            Ok(false)
        }
    }
}

/// Whether a password begins or ends with a blank, which no password does (relay.md §4, Stated:
/// letters and digits). It is said here, before it counts as a wrong one.
pub(super) fn has_blank(visit: &Visit, password: &Secret) -> bool {
    let found = password.reveal().trim() != password.reveal();
    if found {
        visit.say(
            Alert::bad(
                "パスワードの前か後ろに空白が付いています。",
                "The password begins or ends with a blank.",
            )
            .and(
                "貼り付けたときに付いた空白を除いて、もう一度入力してください。誤入力の回数には数えていません。",
                "Take off the blank that came along when it was pasted, and enter it again. It was not counted as a wrong one.",
            ),
        );
    }
    found
}

/// Logs out.
///
/// # Errors
/// Something broke.
pub(super) async fn log_out(sites: &Sites, visit: &Visit) -> Result<(), PageError> {
    let old = visit.with(std::mem::take);
    if let Some(portal) = old.portal {
        sites.relay().turn().await?.doors().portal_logout(&portal.token).await?;
    }
    visit.session.renew();
    visit.say(Alert::note("ログアウトしました。", "You are logged out."));
    Ok(())
}

/// Who is logged in, else to the page for it below `root`. `changing_password` lets in those who
/// must change it first.
///
/// # Errors
/// To another page; something broke.
pub(super) async fn caller(
    sites: &Sites,
    visit: &Visit,
    root: &str,
    changing_password: bool,
) -> Result<PortalCaller, PageError> {
    let to_login = || PageError::Elsewhere(format!("{root}/login"));
    let token = visit.with(|memory| memory.portal.as_ref().map(|portal| portal.token.clone()));
    let token = token.ok_or_else(to_login)?;
    match sites.relay().turn().await?.doors().portal_caller(&token, changing_password).await {
        Ok(caller) => Ok(caller),
        Err(Error::Refused(refusal))
            if is(refusal.kind, &[&refusal::PASSWORD_TEMPORARY, &refusal::PASSWORD_EXPIRED]) =>
        {
            visit.with(|memory| {
                if let Some(portal) = &mut memory.portal {
                    portal.must_change_password = true;
                }
            });
            if root == "/billing" {
                return Err(PageError::Elsewhere("/billing/password/warning".to_owned()));
            }
            visit.with(|memory| memory.portal = None);
            visit.say(Alert::refused(&refusal));
            Err(to_login())
        }
        Err(Error::Refused(refusal)) => {
            visit.with(|memory| memory.portal = None);
            visit.say(Alert::refused(&refusal));
            Err(to_login())
        }
        Err(error) => Err(error.into()),
    }
}

/// Says on the next page why the domain turned something down.
///
/// # Errors
/// It did not turn it down: something broke.
pub(super) fn tell(visit: &Visit, error: Error) -> Result<(), PageError> {
    match error {
        Error::Refused(refusal) => {
            visit.say(Alert::refused(&refusal));
            Ok(())
        }
        error => Err(error.into()),
    }
}

/// Whether a refusal is one of these.
pub(super) fn is(kind: &RefusalKind, wanted: &[&RefusalKind]) -> bool {
    wanted.iter().any(|wanted| wanted.code == kind.code)
}
