//! Which steps of a scene have happened, as far as the state of the mock tells.

use std::collections::BTreeSet;

use careplan_relay::account::{MailPurpose, PortalCaller};
use careplan_relay::certificate::CertificateState;
use careplan_relay::control::AccountView;
use careplan_relay::licence::LicenceState;
use careplan_spec::office_number::OfficeNumber;
use careplan_wire::journal::Entry;
use jiff::Timestamp;

use super::course::{Role, Sign};
use crate::scenario::DEMO_CERTIFICATE_PASSWORD;
use crate::sites::Sites;
use crate::sites::page::PageError;

/// Requests looked at, from the latest one back.
const REQUESTS: usize = 2_000;

/// The office that plays a role: the first of its service kind.
pub(super) fn player(accounts: &[AccountView], role: Role) -> Option<&AccountView> {
    accounts.iter().find(|account| {
        account.service_kinds.first().is_some_and(|kind| kind == role.service_kind())
    })
}

/// The state of the mock, as far as signs look at it.
pub(super) struct Situation {
    accounts: Vec<AccountView>,
    now: Timestamp,
    /// Offices with a registered mail address.
    with_mail: BTreeSet<String>,
    /// Offices with a certificate on their first terminal.
    with_certificate: BTreeSet<String>,
    /// Offices that logged in on a terminal.
    logged_in: BTreeSet<String>,
    /// Requests to the relay since the scene was set.
    requests: Vec<Entry>,
    faults: usize,
}

impl Situation {
    /// How things stand; `signs` are those that will be asked for.
    ///
    /// # Errors
    /// Something broke.
    pub(super) async fn of(sites: &Sites, signs: &[Sign]) -> Result<Self, PageError> {
        let relay = sites.relay();
        let accounts = relay.turn().await?.operator().accounts().await?;
        let mut with_mail = BTreeSet::new();
        for sign in signs {
            let Sign::MailRegistered(role) = sign else { continue };
            let Some(account) = player(&accounts, *role) else { continue };
            let office = OfficeNumber::parse(account.office.as_bytes());
            if let (Some(kj_id), Some(office)) = (account.kj_id.clone(), office) {
                let caller = PortalCaller { office, kj_id, login: None };
                if relay
                    .turn()
                    .await?
                    .account()
                    .mail_address(&caller, MailPurpose::Notice)
                    .await?
                    .is_some()
                {
                    with_mail.insert(account.office.clone());
                }
            }
        }
        let (mut with_certificate, mut logged_in) = (BTreeSet::new(), BTreeSet::new());
        for terminal in sites.rack.opened() {
            if terminal.was_used() {
                logged_in.insert(terminal.office.clone());
            }
            if terminal.has_certificate() {
                with_certificate.insert(terminal.office.clone());
            }
        }
        Ok(Self {
            now: relay.clock().now(),
            requests: sites.parts.journal.last(REQUESTS, |entry| entry.listener == "relay").entries,
            faults: sites.parts.faults.list().len(),
            accounts,
            with_mail,
            with_certificate,
            logged_in,
        })
    }

    /// The accounts.
    pub(super) fn accounts(&self) -> &[AccountView] {
        &self.accounts
    }

    /// Whether all of these have happened; none where there is no sign to tell.
    pub(super) fn have_happened(&self, signs: &[Sign]) -> Option<bool> {
        (!signs.is_empty()).then(|| signs.iter().all(|sign| self.has_happened(*sign)))
    }

    fn has_happened(&self, sign: Sign) -> bool {
        let of = |role: Role, what: &dyn Fn(&AccountView) -> bool| {
            player(&self.accounts, role).is_some_and(what)
        };
        match sign {
            Sign::PasswordChosen(role) => of(role, &|account| {
                !account.temporary && account.password_expires_at.is_none_or(|end| end > self.now)
            }),
            Sign::MailRegistered(role) => {
                of(role, &|account| self.with_mail.contains(&account.office))
            }
            Sign::CertificateIssued(role) => of(role, &|account| {
                let newest = account.certificates.first();
                newest.is_some_and(|own| own.state == CertificateState::Issued)
            }),
            Sign::CertificateInstalled(role) => {
                of(role, &|account| self.with_certificate.contains(&account.office))
            }
            Sign::LicenceHeld(role) => of(role, &|account| {
                matches!(account.licence.state, LicenceState::Active | LicenceState::Applied)
            }),
            Sign::LicenceOver(role) => {
                of(role, &|account| account.licence.state == LicenceState::Expired)
            }
            Sign::RenewalStopped(role) => {
                of(role, &|account| account.licence.auto_renewal == Some(false))
            }
            Sign::LoggedIn(role) => of(role, &|account| self.logged_in.contains(&account.office)),
            Sign::Sent(role) => of(role, &|account| {
                self.asked(&account.office, "/v1/messages", |status| (200..300).contains(&status))
            }),
            Sign::Fetched(role) => of(role, &|account| {
                self.asked(&account.office, "/v1/inbox/{id}/claim", |status| status == 200)
            }),
            Sign::Refused(kind) => self.requests.iter().any(|entry| entry.code == Some(kind.code)),
            Sign::IssuePasswordRenewed(role) => of(role, &|account| {
                let password = account.certificate_password.as_ref();
                password.is_some_and(|own| own.reveal() != DEMO_CERTIFICATE_PASSWORD)
            }),
            Sign::FaultsGone => self.faults == 0,
        }
    }

    fn asked(&self, office: &str, endpoint: &str, status: impl Fn(u16) -> bool) -> bool {
        self.requests.iter().any(|entry| {
            entry.method == "POST"
                && entry.endpoint.as_deref() == Some(endpoint)
                && entry.office.as_deref() == Some(office)
                && status(entry.status)
        })
    }
}
