//! Certificates on the billing site (電子請求受付システム).

use careplan_spec::Text;
use jiff::{Timestamp, ToSpan};

use super::Turn;
use crate::account::PortalCaller;
use crate::certificate::{
    CertificateApplication, CertificateKind, CertificateState, CertificateView, P12,
    for_older_systems, issue_time, renewable_from,
};
use crate::clock::{self, Timing};
use crate::due::DueKind;
use crate::notice;
use crate::outcome::{Refusal, Result};
use crate::password::{has_blank, same, with_blank};
use crate::random::{self, identifier};
use crate::refusal;
use crate::secret::Secret;
use crate::store::StoreError;
use crate::store::record::{AccountRecord, CertificateRecord};

/// An office and its certificates.
#[derive(Debug)]
pub struct Certificates<'r> {
    pub(super) turn: Turn<'r>,
}

impl Certificates<'_> {
    /// 証明書発行用パスワード.
    ///
    /// # Errors
    /// The store fails.
    pub async fn password(self, caller: &PortalCaller) -> Result<Secret> {
        Ok(self.turn.own_account(caller).await?.certificate_password)
    }

    /// Issues a new 証明書発行用パスワード with 「証明書発行用パスワード再発行通知」; certificates
    /// issued before can no longer be installed, installed ones live on (relay.md §5, Stated).
    ///
    /// # Errors
    /// The store fails.
    pub async fn reissue_password(self, caller: &PortalCaller) -> Result<Secret> {
        let shared = self.turn.shared;
        let account = self.turn.own_account(caller).await?;
        let now = shared.clock.now();
        let password = loop {
            let subject = random::fresh_subject(&caller.kj_id, now.as_millisecond());
            let password = random::password(shared.seed(), "certificate password", &subject);
            if !same(&password, &account.certificate_password) {
                break password;
            }
        };
        shared.store.replace_certificate_password(&caller.kj_id, password.reveal(), now).await?;
        // What was guessed at is no more.
        shared.sessions.at_certificate_password.forget(&caller.kj_id);
        let wording = notice::Wording {
            category: notice::NoticeCategory::Certificate,
            title: Text::made(
                "証明書発行用パスワード再発行通知",
                "Your certificate issue password has been re-issued",
            ),
            body: Text::made(
                "証明書発行用パスワードを再発行しました。発行済みの証明書はインストールできなくなります。もう一度、証明書の発行を申請してください。",
                "Certificates issued before can no longer be installed: apply for one again.",
            ),
        };
        let announcement = notice::announcement(
            identifier(now.as_millisecond())?,
            &account.office,
            account.mail_notice.as_deref(),
            wording,
            now,
        );
        shared.store.publish(&announcement).await?;
        Ok(password)
    }

    /// The certificates of the office, the newest first.
    ///
    /// # Errors
    /// The store fails.
    pub async fn list(self, caller: &PortalCaller) -> Result<Vec<CertificateView>> {
        let now = self.turn.shared.clock.now();
        let own = self.own_certificates(caller).await?;
        Ok(own.iter().map(|record| CertificateView::of(record, now)).collect())
    }

    /// Those the office applied for.
    async fn own_certificates(&self, caller: &PortalCaller) -> Result<Vec<CertificateRecord>> {
        let mut own = self.turn.shared.store.certificates_of(caller.office.as_str()).await?;
        own.retain(|record| record.wrong.is_none());
        Ok(own)
    }

    /// Whether this is 証明書発行用パスワード, for the screen it is entered on: a wrong one counts as
    /// with an application.
    ///
    /// # Errors
    /// `certificate-password-wrong`, `certificate-password-locked`.
    pub async fn check(self, caller: &PortalCaller, password: &Secret) -> Result<()> {
        let account = self.turn.own_account(caller).await?;
        self.check_password(&account, password, self.turn.shared.clock.now())
    }

    /// Applies for a certificate (relay.md §5): it is there at once, or, with real timing, after
    /// minutes and never at night. A renewal begins when the current one ends; after its end it is
    /// as the first one.
    ///
    /// # Errors
    /// `terms-not-accepted`, `certificate-password-wrong`, `certificate-password-locked`,
    /// `certificate-pending`,
    /// `certificate-renewal-too-early`, `certificate-unknown` (nothing to renew).
    pub async fn apply(
        self,
        caller: &PortalCaller,
        application: CertificateApplication,
    ) -> Result<CertificateView> {
        let shared = self.turn.shared;
        if !application.accept_terms {
            return Err((&refusal::TERMS_NOT_ACCEPTED).into());
        }
        let account = self.turn.own_account(caller).await?;
        let now = shared.clock.now();
        self.check_password(&account, &application.password, now)?;
        let starts_at = if application.renewal {
            Some(self.start_of_renewal(caller, &application, now).await?)
        } else {
            None
        };
        let minutes = shared.switches.load().certificate_issue_minutes;
        let issue_at = if shared.timing() == Timing::Real { issue_time(now, minutes) } else { now };
        self.order(caller, account, application.kind, starts_at, issue_at).await
    }

    /// What was applied for, issued at a time.
    pub(super) async fn order(
        self,
        caller: &PortalCaller,
        account: AccountRecord,
        kind: CertificateKind,
        starts_at: Option<Timestamp>,
        issue_at: Timestamp,
    ) -> Result<CertificateView> {
        let shared = self.turn.shared;
        let now = shared.clock.now();
        let id = identifier(now.as_millisecond())?;
        let record = CertificateRecord {
            id: id.clone(),
            office: account.office.clone(),
            kj_id: account.kj_id,
            kind: kind.common_name().to_owned(),
            applied_at: now,
            starts_at,
            issued_at: None,
            serial: None,
            fingerprint: None,
            not_before: None,
            not_after: None,
            file_name: None,
            p12_sha256: None,
            withdrawn_at: None,
            revoked_at: None,
            wrong: None,
        };
        let due = [DueKind::CertificateIssue.at(issue_at, &id)];
        if !shared.store.apply_for_certificate(&record, &due).await? {
            return Err((&refusal::CERTIFICATE_PENDING).into());
        }
        self.turn.expect_due(&due);
        self.turn.settle().await?;
        let own = self.own_certificates(caller).await?;
        let record =
            own.iter().find(|record| record.id == id).ok_or(&refusal::CERTIFICATE_UNKNOWN)?;
        Ok(CertificateView::of(record, now))
    }

    /// 証明書発行用パスワード, counted before it is compared: who is logged in must not find it by
    /// trying (Assumed: as at the login, switch `lock-certificate-password`).
    fn check_password(
        &self,
        account: &AccountRecord,
        password: &Secret,
        now: Timestamp,
    ) -> Result<()> {
        let shared = self.turn.shared;
        let guesses = &shared.sessions.at_certificate_password;
        let locked = |until| {
            Refusal::new(&refusal::CERTIFICATE_PASSWORD_LOCKED)
                .because(
                    format!("{}まで申請できません。", clock::shown(until)),
                    format!("No application until {until}."),
                )
                .retry_at(until)
        };
        if let Some(until) = guesses.locked_until(&account.kj_id).filter(|until| now < *until) {
            return Err(locked(until).into());
        }
        let is_right = same(&account.certificate_password, password);
        if has_blank(password) && !is_right {
            return Err(with_blank(&refusal::CERTIFICATE_PASSWORD_WRONG).into());
        }
        let locks = shared.switches.load().lock_certificate_password;
        let until = locks.then(|| guesses.count(&account.kj_id, shared.lock_rule(now))).flatten();
        match (is_right, until) {
            (true, _) => {
                guesses.forget(&account.kj_id);
                Ok(())
            }
            (false, Some(until)) => Err(locked(until).into()),
            (false, None) => Err((&refusal::CERTIFICATE_PASSWORD_WRONG).into()),
        }
    }

    /// When a renewal begins: the day after the end of the current certificate. Where that has
    /// passed, it begins when it is issued.
    async fn start_of_renewal(
        &self,
        caller: &PortalCaller,
        application: &CertificateApplication,
        now: Timestamp,
    ) -> Result<Timestamp> {
        let own = self.own_certificates(caller).await?;
        let current = own
            .iter()
            .filter(|record| record.kind == application.kind.common_name())
            .filter(|record| record.revoked_at.is_none())
            .filter_map(|record| record.not_after)
            .max()
            .ok_or(&refusal::CERTIFICATE_UNKNOWN)?;
        let days = self.turn.shared.switches.load().certificate_renewal_days;
        let from = clock::start_of(renewable_from(current, days));
        if now < from {
            return Err(Refusal::new(&refusal::CERTIFICATE_RENEWAL_TOO_EARLY)
                .because(
                    format!("{}から更新できます。", clock::shown_date(clock::date_of(from))),
                    format!("It can be renewed from {}.", clock::date_of(from)),
                )
                .retry_at(from)
                .into());
        }
        Ok(clock::start_of(clock::date_of(current).saturating_add(1.day())))
    }

    /// The .p12 of a certificate, as often as wanted (relay.md §5: downloading again is free).
    ///
    /// # Errors
    /// `certificate-unknown`, `certificate-not-issued`, `certificate-withdrawn`.
    pub async fn p12(self, caller: &PortalCaller, id: &str) -> Result<P12> {
        let older = self.turn.shared.switches.load().p12_for_older_systems;
        self.p12_in_form(caller, id, older).await
    }

    /// The same certificate and key as a .p12 that older systems open (Assumed, as the switch
    /// `p12-for-older-systems`).
    ///
    /// # Errors
    /// As for [`Self::p12`].
    pub async fn p12_for_older_systems(self, caller: &PortalCaller, id: &str) -> Result<P12> {
        self.p12_in_form(caller, id, true).await
    }

    async fn p12_in_form(self, caller: &PortalCaller, id: &str, older: bool) -> Result<P12> {
        let shared = self.turn.shared;
        let own = self.own_certificates(caller).await?;
        let record =
            own.iter().find(|record| record.id == id).ok_or(&refusal::CERTIFICATE_UNKNOWN)?;
        let view = CertificateView::of(record, shared.clock.now());
        if view.state == CertificateState::Pending {
            return Err((&refusal::CERTIFICATE_NOT_ISSUED).into());
        }
        let (Some(sha256), Some(file_name)) = (&record.p12_sha256, &record.file_name) else {
            return Err((&refusal::CERTIFICATE_WITHDRAWN).into());
        };
        let mut bytes = shared.store.blob(sha256).await?.ok_or(StoreError::Missing(".p12"))?;
        if older {
            let account = self.turn.own_account(caller).await?;
            bytes = for_older_systems(bytes, account.certificate_password).await?;
        }
        Ok(P12 { file_name: file_name.clone(), bytes })
    }
}
