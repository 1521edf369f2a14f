//! Help for one office.

use careplan_spec::office_number::OfficeNumber;
use jiff::{Timestamp, ToSpan};

use super::certificates::Certificates;
use super::operator::first_password;
use super::{Relay, Turn};
use crate::account::PortalCaller;
use crate::beginning::Ground;
use crate::certificate::{CertificateKind, CertificateState, CertificateView};
use crate::clock;
use crate::help::OfficeHelp;
use crate::outcome::Result;
use crate::password::same;
use crate::random::{self, TEMPORARY_PASSWORD};
use crate::refusal;
use crate::secret::Secret;
use crate::store::record::AccountRecord;
use crate::store::{IdKind, State};
use crate::switches::Switches;

impl Relay {
    /// Helps one office, which leaves all others alone. What stands on its terminals is another
    /// matter.
    ///
    /// # Errors
    /// `office-unknown`, `account-unknown`; `certificate-pending` where the certificate that was
    /// applied for has to be waited for; the store fails.
    pub async fn help(&self, office: &str, help: OfficeHelp) -> Result<()> {
        let turn = self.turn().await?;
        let account = turn.account_of_office(office).await?;
        match help {
            OfficeHelp::Unlock => turn.unlock(&account).await,
            OfficeHelp::TemporaryPassword => turn.issue_temporary_password(&account).await,
            OfficeHelp::EndLogins => turn.end_logins(&account).await,
            OfficeHelp::PutCertificate => turn.have_certificate(account).await,
            OfficeHelp::BeforeFirstLogin => {
                let password = first_password(turn.shared.seed(), &account);
                turn.shared.sessions.at_certificate_password.forget(&account.kj_id);
                // Nobody has a turn while the state is changed as a whole.
                drop(turn);
                self.rework(move |state, ground| {
                    Ok(set_back(state, ground, &account.kj_id, password))
                })
                .await
            }
        }
    }
}

impl Turn<'_> {
    async fn account_of_office(&self, office: &str) -> Result<AccountRecord> {
        let directory = self.shared.directory.load_full();
        let office = directory.find_text(office).ok_or(&refusal::OFFICE_UNKNOWN)?;
        let kj_id = office.kj_id.as_deref().ok_or(&refusal::ACCOUNT_UNKNOWN)?;
        let found = self.shared.store.find_account(IdKind::Kj, kj_id).await?;
        Ok(found.ok_or(&refusal::ACCOUNT_UNKNOWN)?)
    }

    async fn unlock(&self, account: &AccountRecord) -> Result<()> {
        let shared = self.shared;
        shared.store.forget_failures(IdKind::Kj, &account.kj_id).await?;
        shared.store.forget_failures(IdKind::Terminal, &account.c_id).await?;
        shared.sessions.at_certificate_password.forget(&account.kj_id);
        Ok(())
    }

    /// One that is not the current one.
    fn draw_password(&self, account: &AccountRecord) -> Secret {
        let now = self.shared.clock.now().as_millisecond();
        loop {
            let subject = random::fresh_subject(&account.kj_id, now);
            let password = random::password(self.shared.seed(), TEMPORARY_PASSWORD, &subject);
            if account.known_password.as_ref().is_none_or(|current| !same(current, &password)) {
                return password;
            }
        }
    }

    async fn issue_temporary_password(&self, account: &AccountRecord) -> Result<()> {
        let password = self.draw_password(account);
        let now = self.shared.clock.now();
        let ends = end_of_temporary(now, &self.shared.switches.load());
        let kj_id = account.kj_id.clone();
        let issued = self.shared.to_the_end(async move |shared| {
            let _alone = shared.sessions.change().await;
            shared.store.issue_temporary_password(&kj_id, &password, now, ends).await?;
            shared.sessions.close_others(&kj_id, None);
            Ok(())
        });
        issued.await
    }

    async fn end_logins(&self, account: &AccountRecord) -> Result<()> {
        let ids = [account.kj_id.clone(), account.c_id.clone()];
        let ended = self.shared.to_the_end(async move |shared| {
            let _alone = shared.sessions.change().await;
            for id in &ids {
                shared.store.close_logins(id).await?;
                shared.sessions.close_others(id, None);
            }
            Ok(())
        });
        ended.await
    }

    /// The office has a certificate that counts now and can be downloaded: issued at once where it
    /// has none, whatever the waiting times.
    async fn have_certificate(self, account: AccountRecord) -> Result<()> {
        let shared = self.shared;
        let now = shared.clock.now();
        let all = shared.store.certificates().await?;
        let counts = all.iter().filter(|record| record.kj_id == account.kj_id).any(|record| {
            record.p12_sha256.is_some()
                && record.not_before.is_some_and(|from| from <= now)
                && CertificateView::of(record, now).state == CertificateState::Issued
        });
        if counts {
            return Ok(());
        }
        let office = OfficeNumber::parse(account.office.as_bytes());
        let office = office.ok_or(&refusal::OFFICE_UNKNOWN)?;
        let caller = PortalCaller { office, kj_id: account.kj_id.clone(), login: None };
        let certificates = Certificates { turn: self };
        let kind = CertificateKind::CarePlanJigyousho;
        certificates.order(&caller, account, kind, None, now).await.map(|_| ())
    }
}

/// The end of the days of a temporary password (relay.md §4).
fn end_of_temporary(now: Timestamp, switches: &Switches) -> Option<Timestamp> {
    let days = i64::from(switches.issued_password_days);
    (days > 0).then(|| clock::start_of(clock::date_of(now).saturating_add((days + 1).days())))
}

/// As before the first login; whether the account is there. Messages stay, and what everybody is
/// told.
fn set_back(state: &mut State, ground: &Ground, kj_id: &str, password: Secret) -> bool {
    let Some(account) = state.accounts.iter_mut().find(|account| account.kj_id == kj_id) else {
        return false;
    };
    account.password_hash = None;
    account.known_password = Some(password);
    account.password_since = ground.now;
    account.password_expires_at = end_of_temporary(ground.now, &ground.switches);
    (account.failures, account.locked_until) = (0, None);
    (account.c_failures, account.c_locked_until) = (0, None);
    (account.mail_notice, account.mail_security, account.night_hold) = (None, None, None);
    let (office, c_id) = (account.office.clone(), account.c_id.clone());
    let certificates = state.certificates.iter().filter(|one| one.kj_id == kj_id);
    let licences = state.licences.iter().filter(|one| one.kj_id == kj_id);
    let terms = state.terms.iter().filter(|one| one.office == office);
    let gone: Vec<String> = certificates
        .map(|one| &one.id)
        .chain(licences.map(|one| &one.id))
        .chain(terms.map(|one| &one.id))
        .cloned()
        .collect();
    state.due.retain(|due| !gone.contains(&due.subject));
    state.terms.retain(|one| one.office != office);
    state.licences.retain(|one| one.kj_id != kj_id);
    state.certificates.retain(|one| one.kj_id != kj_id);
    state.sessions.retain(|one| one.user_id != kj_id && one.user_id != c_id);
    state.mail_codes.retain(|one| one.kj_id != kj_id);
    state.mails.retain(|one| one.office != office);
    // What others were told at the same time was told to everybody.
    let (own, others): (Vec<_>, Vec<_>) =
        std::mem::take(&mut state.notices).into_iter().partition(|one| one.office == office);
    let kept = own.into_iter().filter_map(|mut one| {
        let is_common = others
            .iter()
            .any(|other| other.title == one.title && other.published_at == one.published_at);
        one.read_at = None;
        is_common.then_some(one)
    });
    let kept: Vec<_> = kept.collect();
    state.notices = others;
    state.notices.extend(kept);
    true
}
