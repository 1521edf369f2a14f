//! What an office does on the web sites: the billing site (電子請求受付システム) and the licence
//! site (利用状況Webサイト).

use jiff::{Timestamp, ToSpan};

use super::Relay;
use super::fall_due::{charge_time, new_term};
use super::login::refuse_stale_password;
use crate::clock::{self, Timing};
use crate::domain::account::{MailPurpose, PortalCaller, PortalLogin, TerminalAccount};
use crate::domain::certificate::{
    CertificateApplication, CertificateState, CertificateView, P12, issue_time, renewable_from,
};
use crate::domain::directory::Office;
use crate::domain::due::{self, DueKind};
use crate::domain::licence::{
    self, FIRST_DAY_OF_AUTO_RENEWAL, LicenceApplication, LicenceKind, LicenceState, LicenceView,
    TermView,
};
use crate::domain::notice::{self, NoticeRow, NoticeView, is_mail_address};
use crate::domain::password::{follows_the_rule, same};
use crate::domain::random::{self, identifier, token, token_id};
use crate::domain::secret::Secret;
use crate::refusal::{self, Refusal, Result, Words};
use crate::store::record::{
    AccountRecord, CertificateRecord, LicenceRecord, MailCodeRecord, MailRecord, SessionRecord,
};
use crate::store::{IdKind, StoreError};

/// `session.kind` of a login on the sites.
const PORTAL: &str = "portal";

impl Relay {
    /// Logs in on the sites (relay.md §4). Temporary and expired passwords are let in, to be
    /// changed; a temporary one past its days must be issued anew.
    ///
    /// # Errors
    /// `user-id-malformed`, `agent-id-refused`, `user-or-password-wrong`, `user-locked`,
    /// `password-expired`.
    pub async fn portal_login(&self, user_id: &str, password: &Secret) -> Result<PortalLogin> {
        let _turn = self.turn().await?;
        let shared = &self.shared;
        let account = self.check_kj(user_id, password).await?;
        let now = shared.clock.now();
        let over = account.password_expires_at.is_some_and(|end| end <= now);
        if account.password_hash.is_none() && over {
            return Err((&refusal::PASSWORD_EXPIRED).into());
        }
        let directory = shared.directory.load_full();
        let office = directory.find_text(&account.office).ok_or(&refusal::OFFICE_UNKNOWN)?;
        let portal_token = token()?;
        let expires_at = clock::plus_minutes(now, shared.switches.load().portal_minutes);
        let session = SessionRecord {
            id: token_id(&portal_token),
            kind: PORTAL.to_owned(),
            office: account.office.clone(),
            user_id: account.kj_id.clone(),
            fingerprint: None,
            expires_at,
            refresh_id: None,
            ends_at: expires_at,
        };
        self.open_session(session, now).await?;
        Ok(PortalLogin {
            portal_token,
            expires_at,
            must_change_password: refuse_stale_password(&account, now).is_err(),
            office: office.reference(),
        })
    }

    /// Who asks. `changing_password` lets in those who must change it first.
    ///
    /// # Errors
    /// `token-unknown`, `token-expired`, `password-temporary`, `password-expired`.
    pub async fn portal_caller(
        &self,
        portal_token: &Secret,
        changing_password: bool,
    ) -> Result<PortalCaller> {
        let _turn = self.turn().await?;
        let shared = &self.shared;
        let now = shared.clock.now();
        let session = shared
            .sessions
            .find(&token_id(portal_token))
            .filter(|session| session.kind == PORTAL)
            .ok_or(&refusal::TOKEN_UNKNOWN)?;
        if session.expires_at <= now {
            return Err((&refusal::TOKEN_EXPIRED).into());
        }
        if !changing_password {
            let found = shared.store.find_account(IdKind::Kj, &session.user_id).await?;
            refuse_stale_password(&found.ok_or(&refusal::TOKEN_UNKNOWN)?, now)?;
        }
        let directory = shared.directory.load();
        let office = directory.find_text(&session.office).ok_or(&refusal::OFFICE_UNKNOWN)?;
        Ok(PortalCaller { office: office.number, kj_id: session.user_id.clone() })
    }

    /// Ends a login on the sites.
    ///
    /// # Errors
    /// The store fails.
    pub async fn portal_logout(&self, portal_token: &Secret) -> Result<()> {
        let _turn = self.turn().await?;
        self.close_session(&token_id(portal_token)).await
    }

    /// Changes the password; the temporary one with the terms of use (relay.md §4, Stated).
    ///
    /// # Errors
    /// `terms-not-accepted`, `user-or-password-wrong`, `user-locked`, `password-rule-broken`,
    /// `password-unchanged`.
    pub async fn change_password(
        &self,
        caller: &PortalCaller,
        current: &Secret,
        new: &Secret,
        accept_terms: bool,
    ) -> Result<()> {
        let _turn = self.turn().await?;
        let shared = &self.shared;
        let account = self.check_kj(&caller.kj_id, current).await?;
        if account.password_hash.is_none() && !accept_terms {
            return Err((&refusal::TERMS_NOT_ACCEPTED).into());
        }
        if !follows_the_rule(new.reveal()) {
            return Err((&refusal::PASSWORD_RULE_BROKEN).into());
        }
        if same(current, new) {
            return Err((&refusal::PASSWORD_UNCHANGED).into());
        }
        let hash = shared.hashing.hash(new).await?;
        let now = shared.clock.now();
        let days = shared.switches.load().password_days;
        let expires_at = (days > 0).then(|| {
            clock::start_of(clock::date_of(now).saturating_add((i64::from(days) + 1).days()))
        });
        shared.store.change_password(&caller.kj_id, &hash, now, expires_at).await?;
        Ok(())
    }

    /// Mails a four-digit code to an address; returns when the code ends (relay.md §3 M8, Stated).
    ///
    /// # Errors
    /// `mail-address-malformed`.
    pub async fn request_mail_code(
        &self,
        caller: &PortalCaller,
        purpose: MailPurpose,
        address: &str,
    ) -> Result<Timestamp> {
        let _turn = self.turn().await?;
        let shared = &self.shared;
        if !is_mail_address(address) {
            return Err((&refusal::MAIL_ADDRESS_MALFORMED).into());
        }
        let now = shared.clock.now();
        let minutes = shared.switches.load().mail_code_minutes;
        let expires_at = clock::plus_minutes(now, minutes);
        let subject = random::fresh_subject(&caller.kj_id, now.as_millisecond());
        let code = random::digits(self.seed(), "mail code", &subject, 4);
        let mail = MailRecord {
            id: identifier(now.as_millisecond())?,
            office: caller.office.to_string(),
            address: address.to_owned(),
            subject: "【TEST】メールアドレスの確認コード".to_owned(),
            body: format!(
                "確認コード：{code}\n画面に半角で入力し、【送信】ボタンを押してください。\n確認コードの有効期間は{minutes}分です。"
            )
            .into(),
            sent_at: now,
        };
        let code = MailCodeRecord {
            kj_id: caller.kj_id.clone(),
            purpose: purpose.id().to_owned(),
            address: address.to_owned(),
            code: code.into(),
            expires_at,
            tries: 0,
        };
        shared.store.keep_code(&code, &mail).await?;
        Ok(expires_at)
    }

    /// Registers the address the code went to.
    ///
    /// # Errors
    /// `mail-code-not-requested`, `mail-code-wrong`, `mail-code-expired`.
    pub async fn confirm_mail_code(
        &self,
        caller: &PortalCaller,
        purpose: MailPurpose,
        code: &str,
    ) -> Result<()> {
        let _turn = self.turn().await?;
        let shared = &self.shared;
        let waiting = shared
            .store
            .try_code(&caller.kj_id, purpose.id())
            .await?
            .ok_or(&refusal::MAIL_CODE_NOT_REQUESTED)?;
        if waiting.expires_at <= shared.clock.now() {
            return Err((&refusal::MAIL_CODE_EXPIRED).into());
        }
        if waiting.tries > shared.switches.load().mail_code_tries {
            return Err(Refusal::new(&refusal::MAIL_CODE_EXPIRED)
                .because("入力できる回数を超えました。", "The code was tried too many times.")
                .into());
        }
        if !same(&waiting.code, &code.into()) {
            return Err((&refusal::MAIL_CODE_WRONG).into());
        }
        if !shared.store.confirm_mail(&waiting).await? {
            return Err((&refusal::MAIL_CODE_NOT_REQUESTED).into());
        }
        Ok(())
    }

    /// お知らせ一覧.
    ///
    /// # Errors
    /// The store fails.
    pub async fn portal_notices(&self, caller: &PortalCaller) -> Result<Vec<NoticeRow>> {
        let _turn = self.turn().await?;
        let notices = self.shared.store.notices_of(caller.office.as_str()).await?;
        Ok(notices.into_iter().map(Into::into).collect())
    }

    /// One notice; it counts as read from now on.
    ///
    /// # Errors
    /// `message-unknown`.
    pub async fn portal_notice(&self, caller: &PortalCaller, id: &str) -> Result<NoticeView> {
        let _turn = self.turn().await?;
        self.open_notice(caller.office.as_str(), id).await
    }

    /// The c-ID of the office (relay.md §4, Stated).
    ///
    /// # Errors
    /// The store fails.
    pub async fn terminal_account(&self, caller: &PortalCaller) -> Result<TerminalAccount> {
        let _turn = self.turn().await?;
        let account = self.own_account(caller).await?;
        Ok(TerminalAccount { user_id: account.c_id, password: account.c_password })
    }

    /// 証明書発行用パスワード.
    ///
    /// # Errors
    /// The store fails.
    pub async fn certificate_password(&self, caller: &PortalCaller) -> Result<Secret> {
        let _turn = self.turn().await?;
        Ok(self.own_account(caller).await?.certificate_password)
    }

    async fn own_account(&self, caller: &PortalCaller) -> Result<AccountRecord> {
        let found = self.shared.store.find_account(IdKind::Kj, &caller.kj_id).await?;
        Ok(found.ok_or(&refusal::ACCOUNT_UNKNOWN)?)
    }

    /// Issues a new 証明書発行用パスワード with 「証明書発行用パスワード再発行通知」; certificates
    /// issued before can no longer be installed, installed ones live on (relay.md §5, Stated).
    ///
    /// # Errors
    /// The store fails.
    pub async fn reissue_certificate_password(&self, caller: &PortalCaller) -> Result<Secret> {
        let _turn = self.turn().await?;
        let shared = &self.shared;
        let account = self.own_account(caller).await?;
        let now = shared.clock.now();
        let password = loop {
            let subject = random::fresh_subject(&caller.kj_id, now.as_millisecond());
            let password = random::password(self.seed(), "certificate password", &subject);
            if !same(&password, &account.certificate_password) {
                break password;
            }
        };
        shared.store.replace_certificate_password(&caller.kj_id, password.reveal(), now).await?;
        let wording = notice::Wording {
            category: notice::NoticeCategory::Certificate,
            title: Words::new(
                "証明書発行用パスワード再発行通知",
                "Your certificate issue password has been re-issued",
            ),
            body: Words::new(
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
    pub async fn certificates(&self, caller: &PortalCaller) -> Result<Vec<CertificateView>> {
        let _turn = self.turn().await?;
        let now = self.shared.clock.now();
        let own = self.own_certificates(caller).await?;
        Ok(own.iter().map(|record| CertificateView::of(record, now)).collect())
    }

    /// Those the office applied for.
    async fn own_certificates(&self, caller: &PortalCaller) -> Result<Vec<CertificateRecord>> {
        let mut own = self.shared.store.certificates_of(caller.office.as_str()).await?;
        own.retain(|record| record.wrong.is_none());
        Ok(own)
    }

    /// Applies for a certificate (relay.md §5): it is there at once, or, with real timing, after
    /// minutes and never at night. A renewal begins when the current one ends; after its end it is
    /// as the first one.
    ///
    /// # Errors
    /// `terms-not-accepted`, `certificate-password-wrong`, `certificate-pending`,
    /// `certificate-renewal-too-early`, `certificate-unknown` (nothing to renew).
    pub async fn apply_for_certificate(
        &self,
        caller: &PortalCaller,
        application: CertificateApplication,
    ) -> Result<CertificateView> {
        let turn = self.turn().await?;
        let shared = &self.shared;
        if !application.accept_terms {
            return Err((&refusal::TERMS_NOT_ACCEPTED).into());
        }
        let account = self.own_account(caller).await?;
        if !same(&account.certificate_password, &application.password) {
            return Err((&refusal::CERTIFICATE_PASSWORD_WRONG).into());
        }
        let now = shared.clock.now();
        let starts_at = if application.renewal {
            self.start_of_renewal(caller, &application, now).await?
        } else {
            None
        };
        let id = identifier(now.as_millisecond())?;
        let minutes = shared.switches.load().certificate_issue_minutes;
        let issue_at = if shared.timing == Timing::Real { issue_time(now, minutes) } else { now };
        let record = CertificateRecord {
            id: id.clone(),
            office: account.office.clone(),
            kj_id: account.kj_id,
            kind: application.kind.common_name().to_owned(),
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
        self.expect_due(&due);
        drop(turn);
        let _turn = self.turn().await?;
        let own = self.own_certificates(caller).await?;
        let record =
            own.iter().find(|record| record.id == id).ok_or(&refusal::CERTIFICATE_UNKNOWN)?;
        Ok(CertificateView::of(record, now))
    }

    /// When a renewal begins: the day after the end of the current certificate; at once where that
    /// has passed.
    async fn start_of_renewal(
        &self,
        caller: &PortalCaller,
        application: &CertificateApplication,
        now: Timestamp,
    ) -> Result<Option<Timestamp>> {
        let own = self.own_certificates(caller).await?;
        let current = own
            .iter()
            .filter(|record| record.kind == application.kind.common_name())
            .filter(|record| record.revoked_at.is_none())
            .filter_map(|record| record.not_after)
            .max()
            .ok_or(&refusal::CERTIFICATE_UNKNOWN)?;
        if current < now {
            return Ok(None);
        }
        let days = self.shared.switches.load().certificate_renewal_days;
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
        Ok(Some(clock::start_of(clock::date_of(current).saturating_add(1.day()))))
    }

    /// The .p12 of a certificate, as often as wanted (relay.md §5: downloading again is free).
    ///
    /// # Errors
    /// `certificate-unknown`, `certificate-not-issued`, `certificate-withdrawn`.
    pub async fn certificate_p12(&self, caller: &PortalCaller, id: &str) -> Result<P12> {
        let _turn = self.turn().await?;
        let shared = &self.shared;
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
        let bytes = shared.store.blob(sha256).await?.ok_or(StoreError::Missing(".p12"))?;
        Ok(P12 { file_name: file_name.clone(), bytes })
    }

    /// The licence page.
    ///
    /// # Errors
    /// The store fails.
    pub async fn licence(&self, caller: &PortalCaller) -> Result<LicenceView> {
        let _turn = self.turn().await?;
        self.licence_view(caller)
    }

    fn licence_view(&self, caller: &PortalCaller) -> Result<LicenceView> {
        let shared = &self.shared;
        let directory = shared.directory.load_full();
        let office = directory.find(&caller.office).ok_or(&refusal::OFFICE_UNKNOWN)?;
        let switches = shared.switches.load();
        let today = shared.clock.today();
        let panel = office.panel_on(today, &switches);
        let term = office.term_around(today);
        let can_apply = office.term_on(today).is_none();
        let can_apply_free_pass = can_apply && self.free_pass_is_open();
        let state_shown = match (panel.state, panel.free_pass) {
            (LicenceState::Active, true) => "フリーパスの申請が完了しました。",
            (LicenceState::Active | LicenceState::Applied, _) => {
                "利用申請が正常に完了しております。"
            }
            (LicenceState::None | LicenceState::Expired, _) if can_apply_free_pass => {
                "フリーパス申請が可能です。"
            }
            (LicenceState::None | LicenceState::Expired, _) => "利用申請可能です。",
        };
        let licence = term.and_then(|term| office.licence_of(term));
        Ok(LicenceView {
            state_shown: state_shown.to_owned(),
            applied_on: licence.map(|licence| clock::date_of(licence.applied_at)),
            term_from: term.map(|term| term.first_day),
            term_to: term.map(|term| term.last_day),
            history: history(office),
            can_apply,
            can_apply_free_pass,
            form: licence.and_then(|licence| serde_json::from_str(&licence.form).ok()),
            panel,
        })
    }

    /// Whether the free pass can be applied for today (relay.md §6, Stated).
    fn free_pass_is_open(&self) -> bool {
        let today = self.shared.clock.today();
        let last = self.shared.switches.load().free_pass_last_application.0;
        today >= FIRST_DAY_OF_AUTO_RENEWAL && last.is_none_or(|last| today <= last)
    }

    /// Applies for a licence (relay.md §6).
    ///
    /// # Errors
    /// `terms-not-accepted`, `licence-form-incomplete`, `licence-held`.
    pub async fn apply_for_licence(
        &self,
        caller: &PortalCaller,
        application: LicenceApplication,
    ) -> Result<LicenceView> {
        self.apply(caller, application, LicenceKind::Licence).await
    }

    /// Applies for a free pass: a year without a fee, which then becomes a licence unless that is
    /// stopped (relay.md §6, Stated).
    ///
    /// # Errors
    /// `terms-not-accepted`, `licence-form-incomplete`, `licence-held`, `free-pass-closed`.
    pub async fn apply_for_free_pass(
        &self,
        caller: &PortalCaller,
        application: LicenceApplication,
    ) -> Result<LicenceView> {
        self.apply(caller, application, LicenceKind::FreePass).await
    }

    async fn apply(
        &self,
        caller: &PortalCaller,
        application: LicenceApplication,
        kind: LicenceKind,
    ) -> Result<LicenceView> {
        let _turn = self.turn().await?;
        let shared = &self.shared;
        if !application.accept_terms || !application.accept_privacy {
            return Err((&refusal::TERMS_NOT_ACCEPTED).into());
        }
        if let Some(problem) = licence::problem_of(&application.form) {
            return Err(Refusal::new(&refusal::LICENCE_FORM_INCOMPLETE)
                .because(problem.ja, problem.en)
                .into());
        }
        if kind == LicenceKind::FreePass && !self.free_pass_is_open() {
            return Err((&refusal::FREE_PASS_CLOSED).into());
        }
        let now = shared.clock.now();
        let today = clock::date_of(now);
        let switches = shared.switches.load_full();
        let form = serde_json::to_string(&application.form)
            .map_err(|error| refusal::Failure::Task(error.to_string()))?;
        let record = LicenceRecord {
            id: identifier(now.as_millisecond())?,
            office: caller.office.to_string(),
            kj_id: caller.kj_id.clone(),
            kind: kind.id().to_owned(),
            applied_at: now,
            auto_renewal: (today >= FIRST_DAY_OF_AUTO_RENEWAL).then_some(true),
            form,
        };
        let at_once = shared.timing == Timing::Instant;
        let term = new_term(&record.id, &record.office, kind, today, &switches, at_once);
        let scheduled =
            due::of_term(&term, charge_time(&term, &switches), switches.licence_notice_days);
        if !shared.store.apply_for_licence(&record, &term, &scheduled).await? {
            return Err((&refusal::LICENCE_HELD).into());
        }
        self.expect_due(&scheduled);
        self.read_directory().await?;
        self.licence_view(caller)
    }

    /// Stops or resumes the renewal at the end of the term (relay.md §6, Stated).
    ///
    /// # Errors
    /// `licence-not-held`, `licence-renews-by-hand`.
    pub async fn set_auto_renewal(&self, caller: &PortalCaller, on: bool) -> Result<LicenceView> {
        let _turn = self.turn().await?;
        let shared = &self.shared;
        let licence = self.licence_in_force(caller)?;
        if licence.auto_renewal.is_none() {
            return Err((&refusal::LICENCE_RENEWS_BY_HAND).into());
        }
        shared.store.set_renewal(&licence.id, on).await?;
        self.read_directory().await?;
        self.licence_view(caller)
    }

    /// Asks to cancel in the term: always refused (relay.md §6, Stated).
    ///
    /// # Errors
    /// `licence-not-held`, `licence-not-cancellable`.
    pub async fn cancel_licence(&self, caller: &PortalCaller) -> Result<()> {
        let _turn = self.turn().await?;
        self.licence_in_force(caller)?;
        Err((&refusal::LICENCE_NOT_CANCELLABLE).into())
    }

    fn licence_in_force(&self, caller: &PortalCaller) -> Result<LicenceRecord> {
        let directory = self.shared.directory.load_full();
        let office = directory.find(&caller.office).ok_or(&refusal::OFFICE_UNKNOWN)?;
        let term = office.term_on(self.shared.clock.today());
        let licence = term.and_then(|term| office.licence_of(term));
        Ok(licence.cloned().ok_or(&refusal::LICENCE_NOT_HELD)?)
    }
}

fn history(office: &Office) -> Vec<TermView> {
    office
        .terms
        .iter()
        .rev()
        .map(|term| TermView {
            kind: LicenceKind::of(term),
            term_from: term.first_day,
            term_to: term.last_day,
            fee_yen: term.fee_yen,
            charged_on: term.charged_on,
        })
        .collect()
}
