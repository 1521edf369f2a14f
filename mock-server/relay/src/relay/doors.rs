//! Logging in and out: the two stages of the client, the sites, and tokens.

use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use careplan_certs::CertificateFacts;
use careplan_spec::hex;
use careplan_spec::kj_user_id::{self, UserId};
use jiff::Timestamp;

use super::send::is_key;
use super::{Relay, Shared, Turn};
use crate::account::{OfficeRef, PortalCaller, PortalLogin};
use crate::certificate::{Presented, refuse};
use crate::clock;
use crate::directory::Office;
use crate::login::{Caller, TerminalLogin, Tokens};
use crate::outcome::{Failure, Refusal, Result};
use crate::password::{self, same};
use crate::random::{renewal_tokens, token, token_id};
use crate::refusal;
use crate::secret::Secret;
use crate::store::record::{AccountRecord, SessionRecord};
use crate::store::{Attempt, IdKind, LockRule, Opened, Rotation};

/// `session.kind` after the first stage.
const TERMINAL: &str = "terminal";
/// `session.kind` after the second stage.
const OFFICE: &str = "office";

/// `session.kind` of a login on the sites.
const PORTAL: &str = "portal";

/// What came of a refresh token.
enum Renewed {
    /// It was looked at now.
    Now(Rotation),
    /// An earlier call under the same key made this login.
    Before(Arc<SessionRecord>),
}

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
        let account = self.turn.verified(IdKind::Terminal, user_id, password).await?;
        let now = shared.clock.now();
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
            family: None,
            generation: None,
        };
        self.open_session(session, None, None, now).await?;
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
        let switches = shared.switches.load_full();
        // Counted first, so that not even many at once are more than there may be.
        let counts = !password::has_blank(password);
        if counts && shared.sessions.count_try(&first_stage) > switches.stage2_tries {
            self.close_session(&first_stage).await?;
            return Err(Refusal::new(&refusal::FIRST_STAGE_MISSING)
                .because(
                    "事業所ユーザIDまたはパスワードを続けて誤ったため、個人ユーザIDでのログインは終了しました。",
                    "The office's ID or password was wrong too often, so the first stage has ended.",
                )
                .into());
        }
        let account = self.turn.check_kj(user_id, password).await?;
        if counts {
            shared.sessions.give_back_try(&first_stage);
        }
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
        let tokens = (token()?, token()?);
        let (login, session) = self.new_login(
            office.reference(),
            &account.kj_id,
            presented.fingerprint(),
            tokens,
            now,
        )?;
        self.open_session(session, Some(account), Some(first_stage), now).await?;
        Ok(login)
    }

    /// New tokens for an old refresh token, which ends (relay.md §8, Inferred).
    ///
    /// A token that comes a second time was copied, or its answer was lost; nobody can tell which,
    /// so the whole login ends (RFC 9700 §4.14.2). Only with the certificate of the login: without
    /// it a token is worth nothing, and ends nothing either.
    ///
    /// Under a key that its client kept beforehand, the same token gets the same answer again, until
    /// the new one is used in its turn: a lost answer ends no login (Assumed).
    ///
    /// # Errors
    /// `token-unknown`, `token-expired`, `token-reused`, `token-of-other-certificate`,
    /// `certificate-…`, `idempotency-key-malformed`.
    pub async fn refresh(
        self,
        refresh_token: &Secret,
        key: Option<&str>,
        presented: Option<&Presented>,
    ) -> Result<Tokens> {
        if key.is_some_and(|key| !is_key(key)) {
            return Err((&refusal::IDEMPOTENCY_KEY_MALFORMED).into());
        }
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
        let fingerprint = presented.fingerprint();
        let key = key.filter(|_| shared.switches.load().renewal_repeatable);
        let tokens = match key {
            Some(key) => renewal_tokens(refresh_token, key, fingerprint),
            None => (token()?, token()?),
        };
        let (login, next) =
            self.new_login(office.reference(), &session.user_id, fingerprint, tokens, now)?;
        let family = session.family.clone().unwrap_or_else(|| session.id.clone());
        let generation = session.generation.unwrap_or_default().saturating_add(1);
        let (family, generation) = (Some(family), Some(generation));
        let next = SessionRecord { family, generation, ..next };
        let rotated = shared.to_the_end(async move |shared| {
            let _alone = shared.sessions.change().await;
            // Only the same token, key and certificate make the same login.
            if let Some(before) = shared.sessions.find(&next.id)
                && before.kind == OFFICE
            {
                return Ok(Renewed::Before(before));
            }
            let rotation = shared.store.rotate_session(&refresh_id, &next).await?;
            match rotation {
                Rotation::Done => shared.sessions.rotate(&session.id, next),
                Rotation::Reused => {
                    shared.sessions.close_family(next.family.as_deref().unwrap_or_default());
                }
                Rotation::Unknown => {}
            }
            Ok(Renewed::Now(rotation))
        });
        match rotated.await? {
            Renewed::Now(Rotation::Done) => Ok(login),
            Renewed::Before(before) => Ok(Tokens {
                expires_at: before.expires_at,
                refresh_expires_at: before.ends_at,
                ..login
            }),
            Renewed::Now(Rotation::Reused) => Err((&refusal::TOKEN_REUSED).into()),
            Renewed::Now(Rotation::Unknown) => Err((&refusal::TOKEN_UNKNOWN).into()),
        }
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
            family: None,
            generation: None,
        };
        let must_change_password = refuse_stale_password(&account, now).is_err();
        self.open_session(session, Some(account), None, now).await?;
        Ok(PortalLogin {
            portal_token,
            expires_at,
            must_change_password,
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
        let login = Some(session.id.clone());
        Ok(PortalCaller { office: office.number, kj_id: session.user_id.clone(), login })
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
        (access_token, refresh_token): (Secret, Secret),
        now: Timestamp,
    ) -> Result<(Tokens, SessionRecord)> {
        let switches = self.turn.shared.switches.load();
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
            family: None,
            generation: None,
        };
        let login = Tokens { access_token, refresh_token, expires_at, refresh_expires_at, office };
        Ok((login, session))
    }

    /// Keeps a login of `account`, whose password was verified, by using a first stage up.
    async fn open_session(
        &self,
        session: SessionRecord,
        account: Option<AccountRecord>,
        first_stage: Option<String>,
        now: Timestamp,
    ) -> Result<()> {
        let opened = self.turn.shared.to_the_end(async move |shared| {
            let _alone = shared.sessions.change().await;
            let first_stage = first_stage.as_deref();
            let opened =
                shared.store.open_session(&session, account.as_ref(), first_stage, now).await?;
            if opened == Opened::Kept {
                shared.sessions.open(session, first_stage, now);
            }
            Ok(opened)
        });
        match opened.await? {
            Opened::Kept => Ok(()),
            Opened::PasswordChanged => Err((&refusal::USER_OR_PASSWORD_WRONG).into()),
            Opened::FirstStageGone => Err(Refusal::new(&refusal::FIRST_STAGE_MISSING)
                .because(
                    "個人ユーザIDでのログインは、既に別のログインに使われました。",
                    "The first stage was used for another login already.",
                )
                .into()),
        }
    }

    async fn close_session(&self, id: &str) -> Result<()> {
        let id = id.to_owned();
        let closed = self.turn.shared.to_the_end(async move |shared| {
            let _alone = shared.sessions.change().await;
            shared.store.close_session(&id).await?;
            shared.sessions.close(&id);
            Ok(())
        });
        closed.await
    }
}

impl Turn<'_> {
    /// KJ ID and password (relay.md §4): form, agents, lock, password. Whether the password is
    /// still good is another question.
    pub(super) async fn check_kj(&self, user_id: &str, password: &Secret) -> Result<AccountRecord> {
        match kj_user_id::parse(user_id) {
            Some(UserId::Office { .. }) => {}
            Some(UserId::Agent) => return Err((&refusal::AGENT_ID_REFUSED).into()),
            None => return Err((&refusal::USER_ID_MALFORMED).into()),
        }
        self.verified(IdKind::Kj, user_id, password).await
    }

    /// An attempt at a password: one at a time for an ID, and counted before it is verified, so
    /// that not even many at once are more than there may be. It goes on when the peer has gone,
    /// or hanging up would make guesses free and right passwords count as failures.
    ///
    /// An unknown ID is looked for, counted and verified like a known one, so that the time taken
    /// does not tell them apart; it locks like one too, in memory.
    async fn verified(&self, kind: IdKind, id: &str, password: &Secret) -> Result<AccountRecord> {
        let (id, password) = (id.to_owned(), password.clone());
        let attempt =
            self.shared.to_the_end(async move |shared| shared.verified(kind, &id, &password).await);
        attempt.await
    }
}

impl Shared {
    async fn verified(&self, kind: IdKind, id: &str, password: &Secret) -> Result<AccountRecord> {
        let _alone = self.attempts.of(id).await;
        let now = self.clock.now();
        let account = self.store.find_account(kind, id).await?;
        let unknown = self.sessions.at_unknown(kind);
        let locked_until = match &account {
            Some(account) => locked_until(kind, account),
            None => unknown.locked_until(id),
        };
        refuse_locked(locked_until, now)?;
        let plain = match (kind, &account) {
            (IdKind::Kj, Some(account)) => account.known_password.as_ref(),
            (IdKind::Terminal, Some(account)) => Some(&account.c_password),
            (_, None) => None,
        };
        // No account has such a password, so it is no guess and does not count (Assumed).
        if password::has_blank(password) && !plain.is_some_and(|plain| same(plain, password)) {
            return Err(password::with_blank(&refusal::USER_OR_PASSWORD_WRONG).into());
        }
        let locks = kind == IdKind::Kj || self.switches.load().lock_c_id;
        let rule = if locks { self.lock_rule(now) } else { LockRule { after: 0, until: now } };
        let attempt = match self.store.reserve_attempt(kind, id, now, rule).await? {
            Attempt::Unknown => Attempt::Reserved { locks_until: unknown.count(id, rule) },
            attempt => attempt,
        };
        let is_right = match (kind, &account) {
            (IdKind::Kj, _) => self.hashing.matches(account.as_ref(), password).await?,
            (IdKind::Terminal, Some(account)) => same(&account.c_password, password),
            (IdKind::Terminal, None) => false,
        };
        match (attempt, account) {
            (Attempt::Reserved { .. }, Some(account)) if is_right => {
                self.store.forget_failures(kind, id).await?;
                Ok(account)
            }
            (Attempt::Reserved { locks_until: Some(until) }, _) => {
                Err(locked_refusal(until).into())
            }
            _ => Err((&refusal::USER_OR_PASSWORD_WRONG).into()),
        }
    }

    /// When guesses lock, as the switches say.
    pub(super) fn lock_rule(&self, now: Timestamp) -> LockRule {
        let switches = self.switches.load();
        LockRule {
            after: switches.lock_after_failures,
            until: clock::plus_minutes(now, switches.lock_minutes),
        }
    }

    /// Does something that must not stop halfway, even when the peer has gone and nobody waits for
    /// it any more.
    pub(super) async fn to_the_end<T, W>(
        self: &Arc<Self>,
        work: impl FnOnce(Arc<Self>) -> W + Send,
    ) -> Result<T>
    where
        T: Send + 'static,
        W: Future<Output = Result<T>> + Send + 'static,
    {
        let task = tokio::spawn(work(Arc::clone(self)));
        task.await.map_err(|error| Failure::Task(error.to_string()))?
    }
}

fn locked_until(kind: IdKind, account: &AccountRecord) -> Option<Timestamp> {
    match kind {
        IdKind::Kj => account.locked_until,
        IdKind::Terminal => account.c_locked_until,
    }
}

/// One attempt at a time for an ID. There are so many places, whatever is asked for; IDs that
/// share one wait for each other, and which do nobody can know.
pub(super) struct Attempts {
    places: [tokio::sync::Mutex<()>; 64],
    hasher: RandomState,
}

impl Default for Attempts {
    fn default() -> Self {
        let places = std::array::from_fn(|_| tokio::sync::Mutex::default());
        Self { places, hasher: RandomState::new() }
    }
}

impl Attempts {
    async fn of(&self, id: &str) -> tokio::sync::MutexGuard<'_, ()> {
        let place = self.hasher.hash_one(id) % self.places.len() as u64;
        let place = usize::try_from(place).expect("it is one of the places");
        self.places[place].lock().await
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
