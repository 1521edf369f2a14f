//! What an office does with its account on the web sites: password, mail addresses, notices, c-ID.
//! Certificates and licences have files of their own.

use jiff::{Timestamp, ToSpan};

use super::Turn;
use crate::account::{MailPurpose, PortalCaller, TerminalAccount};
use crate::clock;
use crate::notice::{NoticeRow, NoticeView, is_mail_address};
use crate::outcome::{Refusal, Result};
use crate::password::{follows_the_rule, has_blank, same};
use crate::random::{self, identifier};
use crate::refusal;
use crate::secret::Secret;
use crate::store::IdKind;
use crate::store::record::{AccountRecord, MailCodeRecord, MailRecord};

/// An office and its account.
#[derive(Debug)]
pub struct Account<'r> {
    pub(super) turn: Turn<'r>,
}

impl Account<'_> {
    /// Changes the password; the temporary one with the terms of use (relay.md §4, Stated).
    ///
    /// Every other login of the KJ ID ends with it, on the sites and on the relay: whoever knew the
    /// old password is out (Assumed). First stages stay: they stand for the c-ID, whose password is
    /// another one, and open nothing without the new password.
    ///
    /// # Errors
    /// `terms-not-accepted`, `user-or-password-wrong`, `user-locked`, `password-rule-broken`,
    /// `password-unchanged`, `password-changed-meanwhile`.
    pub async fn change_password(
        self,
        caller: &PortalCaller,
        current: &Secret,
        new: &Secret,
        accept_terms: bool,
    ) -> Result<()> {
        let shared = self.turn.shared;
        let account = self.turn.check_kj(&caller.kj_id, current).await?;
        if account.password_hash.is_none() && !accept_terms {
            return Err((&refusal::TERMS_NOT_ACCEPTED).into());
        }
        if has_blank(new) {
            return Err(Refusal::new(&refusal::PASSWORD_RULE_BROKEN)
                .because(
                    "新しいパスワードの前か後ろに空白や改行が付いています。",
                    "The new password begins or ends with a blank or a line end.",
                )
                .into());
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
        let kept = caller.login.clone();
        let changed = shared.to_the_end(async move |shared| {
            let _alone = shared.sessions.change().await;
            let (store, kept) = (&shared.store, kept.as_deref());
            let changed = store.change_password(&account, &hash, now, expires_at, kept).await?;
            if changed {
                shared.sessions.close_others(&account.kj_id, kept);
            }
            Ok(changed)
        });
        if !changed.await? {
            return Err((&refusal::PASSWORD_CHANGED_MEANWHILE).into());
        }
        Ok(())
    }

    /// Mails a four-digit code to an address; returns when the code ends (relay.md §3 M8, Stated).
    ///
    /// # Errors
    /// `mail-address-malformed`.
    pub async fn request_mail_code(
        self,
        caller: &PortalCaller,
        purpose: MailPurpose,
        address: &str,
    ) -> Result<Timestamp> {
        let shared = self.turn.shared;
        if !is_mail_address(address) {
            return Err((&refusal::MAIL_ADDRESS_MALFORMED).into());
        }
        let now = shared.clock.now();
        let minutes = shared.switches.load().mail_code_minutes;
        let expires_at = clock::plus_minutes(now, minutes);
        let subject = random::fresh_subject(&caller.kj_id, now.as_millisecond());
        let code = random::digits(shared.seed(), "mail code", &subject, 4);
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
        self,
        caller: &PortalCaller,
        purpose: MailPurpose,
        code: &str,
    ) -> Result<()> {
        let shared = self.turn.shared;
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

    /// The address registered for a purpose.
    ///
    /// # Errors
    /// The store fails.
    pub async fn mail_address(
        self,
        caller: &PortalCaller,
        purpose: MailPurpose,
    ) -> Result<Option<String>> {
        let account = self.turn.own_account(caller).await?;
        Ok(match purpose {
            MailPurpose::Notice => account.mail_notice,
            MailPurpose::Security => account.mail_security,
        })
    }

    /// Whether mails that may wait are held over night.
    ///
    /// # Errors
    /// The store fails.
    pub async fn night_hold(self, caller: &PortalCaller) -> Result<bool> {
        Ok(self.turn.own_account(caller).await?.night_hold.unwrap_or_default())
    }

    /// Holds some mails from 22:00 to 7:00, or no more: those that come by themselves. What answers
    /// an application or a change is mailed at once (introduction guide 2025-12, Stated).
    ///
    /// # Errors
    /// The store fails.
    pub async fn set_night_hold(self, caller: &PortalCaller, holds: bool) -> Result<()> {
        Ok(self.turn.shared.store.set_night_hold(&caller.kj_id, holds).await?)
    }

    /// お知らせ一覧.
    ///
    /// # Errors
    /// The store fails.
    pub async fn notices(self, caller: &PortalCaller) -> Result<Vec<NoticeRow>> {
        let notices = self.turn.shared.store.notices_of(caller.office.as_str()).await?;
        Ok(notices.into_iter().map(Into::into).collect())
    }

    /// One notice; it counts as read from now on.
    ///
    /// # Errors
    /// `message-unknown`.
    pub async fn notice(self, caller: &PortalCaller, id: &str) -> Result<NoticeView> {
        self.turn.open_notice(caller.office.as_str(), id).await
    }

    /// The c-ID of the office (relay.md §4, Stated).
    ///
    /// # Errors
    /// The store fails.
    pub async fn terminal_account(self, caller: &PortalCaller) -> Result<TerminalAccount> {
        let account = self.turn.own_account(caller).await?;
        Ok(TerminalAccount { user_id: account.c_id, password: account.c_password })
    }
}

impl Turn<'_> {
    pub(super) async fn own_account(&self, caller: &PortalCaller) -> Result<AccountRecord> {
        let found = self.shared.store.find_account(IdKind::Kj, &caller.kj_id).await?;
        Ok(found.ok_or(&refusal::ACCOUNT_UNKNOWN)?)
    }
}
