//! Logging in and out: the two stages of the client, the sites, and tokens.

use std::sync::Arc;

use careplan_certs::CertificateFacts;
use careplan_spec::hex;
use careplan_spec::kj_user_id::{self, UserId};
use jiff::Timestamp;

use super::{Relay, Shared, Turn};
use crate::account::{OfficeRef, PortalCaller, PortalLogin};
use crate::certificate::{Presented, refuse};
use crate::clock;
use crate::directory::Office;
use crate::login::{Caller, TerminalLogin, Tokens};
use crate::outcome::{Error, Refusal, Result};
use crate::password::same;
use crate::random::{token, token_id};
use crate::refusal;
use crate::secret::Secret;
use crate::store::record::{AccountRecord, SessionRecord};
use crate::store::{IdKind, LockRule};

/// `session.kind` after the first stage.
const TERMINAL: &str = "terminal";
/// `session.kind` after the second stage.
const OFFICE: &str = "office";

/// `session.kind` of a login on the sites.
const PORTAL: &str = "portal";

/// Who wants to be let in.
#[derive(Debug)]
pub struct Doors<'r> {
    pub(super) turn: Turn<'r>,
}

impl Doors<'_> {
    /// Stage 1: c-ID and password (relay.md §2, Stated). No certificate is needed.
    ///
    /// # Errors
    /// `user-id-malformed`, `agent-id-refused`, `user-or-password-wrong`, `user-locked`.
    pub async fn terminal(self, user_id: &str, password: &Secret) -> Result<TerminalLogin> {
        let shared = self.turn.shared;
        if kj_user_id::parse(user_id) == Some(UserId::Agent) {
            return Err((&refusal::AGENT_ID_REFUSED).into());
        }
        let plain = user_id.len() <= 64 && user_id.bytes().all(|byte| byte.is_ascii_graphic());
        if !plain || !user_id.starts_with('c') {
            return Err((&refusal::USER_ID_MALFORMED).into());
        }
        let now = shared.clock.now();
        let account = shared
            .store
            .find_account(IdKind::Terminal, user_id)
            .await?
            .ok_or(&refusal::USER_OR_PASSWORD_WRONG)?;
        let locks = shared.switches.load().lock_c_id;
        if locks {
            refuse_locked(account.c_locked_until, now)?;
        }
        if !same(&account.c_password, password) {
            return Err(if locks {
                self.turn.count_failure(IdKind::Terminal, user_id, now).await?
            } else {
                (&refusal::USER_OR_PASSWORD_WRONG).into()
            });
        }
        if account.c_failures > 0 {
            shared.store.forget_failures(IdKind::Terminal, user_id).await?;
        }
        let terminal_token = token()?;
        let expires_at = clock::plus_minutes(now, shared.switches.load().stage1_minutes);
        let session = SessionRecord {
            id: token_id(&terminal_token),
            kind: TERMINAL.to_owned(),
            office: account.office,
            user_id: account.c_id,
            fingerprint: None,
            expires_at,
            refresh_id: None,
            ends_at: expires_at,
        };
        self.open_session(session, now).await?;
        Ok(TerminalLogin { terminal_token, expires_at })
    }

    /// Stage 2: KJ ID, password and certificate (relay.md §2, §3 E4 and E5). The certificate is
    /// looked at last, as the real client does (§2, Stated).
    ///
    /// # Errors
    /// `first-stage-missing`, `user-id-malformed`, `agent-id-refused`, `user-or-password-wrong`,
    /// `user-locked`, `ids-of-different-offices`, `password-temporary`, `password-expired`, every
    /// `certificate-…` about a presented one, `licence-needed`.
    pub async fn office(
        self,
        terminal_token: &Secret,
        user_id: &str,
        password: &Secret,
        presented: Option<&Presented>,
    ) -> Result<Tokens> {
        let shared = self.turn.shared;
        let now = shared.clock.now();
        let first_stage = token_id(terminal_token);
        let terminal = shared
            .sessions
            .find(&first_stage)
            .filter(|session| session.kind == TERMINAL && now < session.expires_at)
            .ok_or(&refusal::FIRST_STAGE_MISSING)?;
        let account = self.turn.check_kj(user_id, password).await?;
        let switches = shared.switches.load_full();
        if switches.c_id_of_same_office && terminal.office != account.office {
            return Err((&refusal::IDS_OF_DIFFERENT_OFFICES).into());
        }
        refuse_stale_password(&account, now)?;
        let directory = shared.directory.load_full();
        let office = directory.find_text(&account.office).ok_or(&refusal::OFFICE_UNKNOWN)?;
        shared.judge(office, presented, now)?;
        if !switches.login_unlicensed && !office.may_use_on(clock::date_of(now), &switches) {
            return Err((&refusal::LICENCE_NEEDED).into());
        }
        let presented = presented.ok_or(&refusal::CERTIFICATE_MISSING)?;
        let (login, session) =
            self.new_login(office.reference(), &account.kj_id, presented.fingerprint(), now)?;
        self.open_session(session, now).await?;
        self.close_session(&first_stage).await?;
        Ok(login)
    }

    /// New tokens for an old refresh token, which ends (relay.md §8, Inferred).
    ///
    /// # Errors
    /// `token-unknown`, `token-expired`, `token-of-other-certificate`, `certificate-…`.
    pub async fn refresh(
        self,
        refresh_token: &Secret,
        presented: Option<&Presented>,
    ) -> Result<Tokens> {
        let shared = self.turn.shared;
        let now = shared.clock.now();
        let refresh_id = token_id(refresh_token);
        let session = shared.sessions.find_refresh(&refresh_id).ok_or(&refusal::TOKEN_UNKNOWN)?;
        if session.ends_at <= now {
            return Err((&refusal::TOKEN_EXPIRED).into());
        }
        let directory = shared.directory.load_full();
        let office = directory.find_text(&session.office).ok_or(&refusal::OFFICE_UNKNOWN)?;
        let presented = same_certificate(&session, presented)?;
        shared.judge(office, Some(presented), now)?;
        let (login, next) =
            self.new_login(office.reference(), &session.user_id, presented.fingerprint(), now)?;
        if !shared.store.rotate_session(&refresh_id, &next).await? {
            return Err((&refusal::TOKEN_UNKNOWN).into());
        }
        shared.sessions.rotate(&session.id, next);
        Ok(login)
    }

    /// Ends a login; an unknown token is no error.
    ///
    /// # Errors
    /// The store fails.
    pub async fn logout(self, access_token: &Secret) -> Result<()> {
        self.close_session(&token_id(access_token)).await
    }

    /// Logs in on the sites (relay.md §4). Temporary and expired passwords are let in, to be
    /// changed; a temporary one past its days must be issued anew.
    ///
    /// # Errors
    /// `user-id-malformed`, `agent-id-refused`, `user-or-password-wrong`, `user-locked`,
    /// `password-expired`.
    pub async fn portal(self, user_id: &str, password: &Secret) -> Result<PortalLogin> {
        let shared = self.turn.shared;
        let account = self.turn.check_kj(user_id, password).await?;
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
        self,
        portal_token: &Secret,
        changing_password: bool,
    ) -> Result<PortalCaller> {
        let shared = self.turn.shared;
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
    pub async fn portal_logout(self, portal_token: &Secret) -> Result<()> {
        self.close_session(&token_id(portal_token)).await
    }

    fn new_login(
        &self,
        office: OfficeRef,
        kj_id: &str,
        fingerprint: &[u8; 32],
        now: Timestamp,
    ) -> Result<(Tokens, SessionRecord)> {
        let switches = self.turn.shared.switches.load();
        let (access_token, refresh_token) = (token()?, token()?);
        let expires_at = clock::plus_minutes(now, switches.access_token_minutes);
        let refresh_expires_at = clock::plus_minutes(now, switches.refresh_token_minutes);
        let session = SessionRecord {
            id: token_id(&access_token),
            kind: OFFICE.to_owned(),
            office: office.number.clone(),
            user_id: kj_id.to_owned(),
            fingerprint: Some(hex(fingerprint)),
            expires_at,
            refresh_id: Some(token_id(&refresh_token)),
            ends_at: refresh_expires_at.max(expires_at),
        };
        let login = Tokens { access_token, refresh_token, expires_at, refresh_expires_at, office };
        Ok((login, session))
    }

    async fn open_session(&self, session: SessionRecord, now: Timestamp) -> Result<()> {
        self.turn.shared.store.open_session(&session, now).await?;
        self.turn.shared.sessions.open(session, now);
        Ok(())
    }

    async fn close_session(&self, id: &str) -> Result<()> {
        self.turn.shared.store.close_session(id).await?;
        self.turn.shared.sessions.close(id);
        Ok(())
    }
}

impl Turn<'_> {
    /// KJ ID and password (relay.md §4): form, agents, lock, password. Whether the password is
    /// still good is another question.
    pub(super) async fn check_kj(&self, user_id: &str, password: &Secret) -> Result<AccountRecord> {
        let shared = self.shared;
        match kj_user_id::parse(user_id) {
            Some(UserId::Office { .. }) => {}
            Some(UserId::Agent) => return Err((&refusal::AGENT_ID_REFUSED).into()),
            None => return Err((&refusal::USER_ID_MALFORMED).into()),
        }
        let account = shared
            .store
            .find_account(IdKind::Kj, user_id)
            .await?
            .ok_or(&refusal::USER_OR_PASSWORD_WRONG)?;
        let now = shared.clock.now();
        refuse_locked(account.locked_until, now)?;
        if !shared.hashing.matches(&account, password).await? {
            return Err(self.count_failure(IdKind::Kj, user_id, now).await?);
        }
        if account.failures > 0 {
            shared.store.forget_failures(IdKind::Kj, user_id).await?;
        }
        Ok(account)
    }

    /// Counts a failed login; the one that locks says so.
    async fn count_failure(&self, kind: IdKind, id: &str, now: Timestamp) -> Result<Error> {
        let switches = self.shared.switches.load_full();
        let rule = LockRule {
            after: switches.lock_after_failures,
            until: clock::plus_minutes(now, switches.lock_minutes),
        };
        let locked = self.shared.store.count_failure(kind, id, now, rule).await?;
        Ok(match locked {
            Some(until) => locked_refusal(until).into(),
            None => (&refusal::USER_OR_PASSWORD_WRONG).into(),
        })
    }
}

impl Relay {
    /// Who asks, from memory: token, certificate of the login, its time and revocation. Call it on
    /// every request of the relay API.
    ///
    /// # Errors
    /// `token-unknown`, `token-expired`, `token-of-other-certificate`, `certificate-…`.
    pub fn caller(&self, access_token: &Secret, presented: Option<&Presented>) -> Result<Caller> {
        let shared = &self.shared;
        let now = shared.clock.now();
        let session = shared
            .sessions
            .find(&token_id(access_token))
            .filter(|session| session.kind == OFFICE)
            .ok_or(&refusal::TOKEN_UNKNOWN)?;
        if session.expires_at <= now {
            return Err((&refusal::TOKEN_EXPIRED).into());
        }
        let presented = same_certificate(&session, presented)?;
        let directory = shared.directory.load();
        let office = directory.find_text(&session.office).ok_or(&refusal::OFFICE_UNKNOWN)?;
        shared.judge(office, Some(presented), now)?;
        Ok(Caller {
            office: office.number,
            kj_id: session.user_id.clone(),
            fingerprint: *presented.fingerprint(),
        })
    }

    /// What a presented certificate is worth, whoever is logged in.
    ///
    /// # Errors
    /// `certificate-…`, with the exact cause.
    pub fn appraise(&self, presented: Option<&Presented>) -> Result<Arc<CertificateFacts>> {
        let presented = presented.ok_or(&refusal::CERTIFICATE_MISSING)?;
        let trust = self.shared.trust.load();
        let verdict = trust.judge.judge(presented.chain(), self.shared.clock.now());
        verdict.map_err(|fault| refuse(&fault).into())
    }
}

impl Shared {
    /// Whether the presented certificate counts for the office (relay.md §3 E4): it must be that
    /// of the KJ ID of the licence application, and a KJ ID has one office.
    fn judge(&self, office: &Office, presented: Option<&Presented>, now: Timestamp) -> Result<()> {
        let presented = presented.ok_or(&refusal::CERTIFICATE_MISSING)?;
        let trust = self.trust.load();
        match trust.judge.judge_for(office.number, presented.chain(), now) {
            Ok(_) => Ok(()),
            Err(fault) => Err(refuse(&fault).into()),
        }
    }
}

/// The presented certificate, if it is that of the login.
fn same_certificate<'p>(
    session: &SessionRecord,
    presented: Option<&'p Presented>,
) -> Result<&'p Presented> {
    let presented = presented.ok_or(&refusal::CERTIFICATE_MISSING)?;
    if session.fingerprint.as_deref() != Some(hex(presented.fingerprint()).as_str()) {
        return Err((&refusal::TOKEN_OF_OTHER_CERTIFICATE).into());
    }
    Ok(presented)
}

fn locked_refusal(until: Timestamp) -> Refusal {
    Refusal::new(&refusal::USER_LOCKED)
        .because(
            format!("{}までログインできません。", clock::shown(until)),
            format!("Nobody can log in until {until}."),
        )
        .retry_at(until)
}

fn refuse_locked(until: Option<Timestamp>, now: Timestamp) -> Result<()> {
    match until.filter(|until| now < *until) {
        Some(until) => Err(locked_refusal(until).into()),
        None => Ok(()),
    }
}

/// E5: temporary and expired passwords (relay.md §3, Stated).
pub(super) fn refuse_stale_password(account: &AccountRecord, now: Timestamp) -> Result<()> {
    if account.password_hash.is_none() {
        return Err((&refusal::PASSWORD_TEMPORARY).into());
    }
    match account.password_expires_at.filter(|end| *end <= now) {
        Some(end) => Err(Refusal::new(&refusal::PASSWORD_EXPIRED)
            .because(
                format!("{}に有効期限が切れました。", clock::shown(end)),
                format!("It expired at {end}."),
            )
            .into()),
        None => Ok(()),
    }
}
