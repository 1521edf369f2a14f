//! What an office does on the web sites.

use super::{Relay, pending};
use crate::domain::account::{MailPurpose, PortalCaller, PortalLogin, TerminalAccount};
use crate::domain::certificate::{CertificateApplication, CertificateView, P12};
use crate::domain::licence::{LicenceApplication, LicenceView};
use crate::domain::notice::{NoticeRow, NoticeView};
use crate::domain::secret::Secret;
use crate::refusal::Result;

impl Relay {
    /// Logs in on the sites. Temporary and expired passwords are let in, to be changed.
    ///
    /// # Errors
    /// `user-id-malformed`, `agent-id-refused`, `user-or-password-wrong`, `user-locked`.
    pub async fn portal_login(&self, user_id: &str, password: &Secret) -> Result<PortalLogin> {
        let _ = (user_id, password);
        Err(pending().into())
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
        let _ = (portal_token, changing_password);
        Err(pending().into())
    }

    /// Ends a login on the sites.
    ///
    /// # Errors
    /// The store fails.
    pub async fn portal_logout(&self, portal_token: &Secret) -> Result<()> {
        let _ = portal_token;
        Err(pending().into())
    }

    /// Changes the password.
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
        let _ = (caller, current, new, accept_terms);
        Err(pending().into())
    }

    /// Mails a four-digit code to an address; returns when the code ends.
    ///
    /// # Errors
    /// `mail-address-malformed`.
    pub async fn request_mail_code(
        &self,
        caller: &PortalCaller,
        purpose: MailPurpose,
        address: &str,
    ) -> Result<jiff::Timestamp> {
        let _ = (caller, purpose, address);
        Err(pending().into())
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
        let _ = (caller, purpose, code);
        Err(pending().into())
    }

    /// お知らせ一覧.
    ///
    /// # Errors
    /// The store fails.
    pub async fn portal_notices(&self, caller: &PortalCaller) -> Result<Vec<NoticeRow>> {
        let _ = caller;
        Err(pending().into())
    }

    /// One notice; it counts as read from now on.
    ///
    /// # Errors
    /// `message-unknown`.
    pub async fn portal_notice(&self, caller: &PortalCaller, id: &str) -> Result<NoticeView> {
        let _ = (caller, id);
        Err(pending().into())
    }

    /// The c-ID of the office (relay.md §4).
    ///
    /// # Errors
    /// The store fails.
    pub async fn terminal_account(&self, caller: &PortalCaller) -> Result<TerminalAccount> {
        let _ = caller;
        Err(pending().into())
    }

    /// 証明書発行用パスワード.
    ///
    /// # Errors
    /// The store fails.
    pub async fn certificate_password(&self, caller: &PortalCaller) -> Result<Secret> {
        let _ = caller;
        Err(pending().into())
    }

    /// Issues a new 証明書発行用パスワード; certificates issued before can no longer be installed.
    ///
    /// # Errors
    /// The store fails.
    pub async fn reissue_certificate_password(&self, caller: &PortalCaller) -> Result<Secret> {
        let _ = caller;
        Err(pending().into())
    }

    /// The certificates of the office, the newest first.
    ///
    /// # Errors
    /// The store fails.
    pub async fn certificates(&self, caller: &PortalCaller) -> Result<Vec<CertificateView>> {
        let _ = caller;
        Err(pending().into())
    }

    /// Applies for a certificate.
    ///
    /// # Errors
    /// `terms-not-accepted`, `certificate-password-wrong`, `certificate-pending`,
    /// `certificate-renewal-too-early`, `certificate-unknown` (nothing to renew).
    pub async fn apply_for_certificate(
        &self,
        caller: &PortalCaller,
        application: CertificateApplication,
    ) -> Result<CertificateView> {
        let _ = (caller, application);
        Err(pending().into())
    }

    /// The .p12 of a certificate, as often as wanted.
    ///
    /// # Errors
    /// `certificate-unknown`, `certificate-not-issued`, `certificate-withdrawn`.
    pub async fn certificate_p12(&self, caller: &PortalCaller, id: &str) -> Result<P12> {
        let _ = (caller, id);
        Err(pending().into())
    }

    /// The licence page.
    ///
    /// # Errors
    /// The store fails.
    pub async fn licence(&self, caller: &PortalCaller) -> Result<LicenceView> {
        let _ = caller;
        Err(pending().into())
    }

    /// Applies for a licence.
    ///
    /// # Errors
    /// `terms-not-accepted`, `licence-form-incomplete`, `licence-held`.
    pub async fn apply_for_licence(
        &self,
        caller: &PortalCaller,
        application: LicenceApplication,
    ) -> Result<LicenceView> {
        let _ = (caller, application);
        Err(pending().into())
    }

    /// Applies for a free pass.
    ///
    /// # Errors
    /// `terms-not-accepted`, `licence-form-incomplete`, `licence-held`, `free-pass-closed`.
    pub async fn apply_for_free_pass(
        &self,
        caller: &PortalCaller,
        application: LicenceApplication,
    ) -> Result<LicenceView> {
        let _ = (caller, application);
        Err(pending().into())
    }

    /// Stops or resumes the renewal at the end of the term.
    ///
    /// # Errors
    /// `licence-not-held`, `licence-renews-by-hand`.
    pub async fn set_auto_renewal(&self, caller: &PortalCaller, on: bool) -> Result<LicenceView> {
        let _ = (caller, on);
        Err(pending().into())
    }

    /// Asks to cancel in the term: always refused (relay.md §6).
    ///
    /// # Errors
    /// `licence-not-held`, `licence-not-cancellable`.
    pub async fn cancel_licence(&self, caller: &PortalCaller) -> Result<()> {
        let _ = caller;
        Err(pending().into())
    }
}
