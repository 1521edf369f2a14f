//! Browser sessions: 256 random bits in a cookie, one for every site and terminal.
//!
//! A session is in memory only while it remembers something: who merely looks at pages has a cookie
//! whose forms are known by a hash of it, and takes no room from those who are logged in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use careplan_client_core::FirstStage;
use careplan_relay::account::{MailPurpose, OfficeRef};
use careplan_relay::certificate::CertificateKind;
use careplan_relay::licence::{LicenceForm, LicenceKind};
use careplan_relay::secret::Secret;
use careplan_spec::hex;
use sha2::{Digest, Sha256};

use super::alert::Alert;

/// Sessions kept at most; then the one used longest ago ends, and before any login one without.
const MOST: usize = 4_096;

/// Without a request for this long a session ends.
const IDLE: Duration = Duration::from_secs(8 * 60 * 60);

/// A login with a KJ ID.
#[derive(Debug, Clone)]
pub(super) struct PortalSession {
    /// Opens the domain.
    pub(super) token: Secret,
    /// The office.
    pub(super) office: OfficeRef,
    /// The ID.
    pub(super) kj_id: String,
    /// The password it was made with: documents for the office open with it.
    pub(super) password: Secret,
    /// When the login was made, as the screens show it.
    pub(super) since: String,
    /// Whether everything but changing the password is closed.
    pub(super) must_change_password: bool,
}

/// An application for a certificate on its way through the screens.
#[derive(Debug, Clone)]
pub(super) struct CertificateOrder {
    /// Kind.
    pub(super) kind: CertificateKind,
    /// Whether it begins at the end of the current one.
    pub(super) renewal: bool,
    /// The password, once it was entered.
    pub(super) password: Option<Secret>,
}

/// An application for a licence on its way through the screens.
#[derive(Debug, Clone)]
pub(super) struct LicenceOrder {
    /// Licence or free pass.
    pub(super) kind: LicenceKind,
    /// The form.
    pub(super) form: LicenceForm,
    /// 利用規約に同意する.
    pub(super) accept_terms: bool,
    /// 個人情報取り扱いに同意する.
    pub(super) accept_privacy: bool,
    /// Whether it was sent once: what is wrong with it is said from then on.
    pub(super) was_sent: bool,
}

/// What a session remembers between two pages.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Shown on the next page.
    pub(super) alert: Option<Alert>,
    /// Login with a KJ ID.
    pub(super) portal: Option<PortalSession>,
    /// The terms were accepted on the way to a new password.
    pub(super) terms_accepted: bool,
    /// A mail code is on its way for this purpose, to this address.
    pub(super) mail: Option<(MailPurpose, String)>,
    /// 「発行申請を行う前に」 was opened.
    pub(super) read_before_applying: bool,
    /// Application for a certificate.
    pub(super) certificate: Option<CertificateOrder>,
    /// Application for a licence.
    pub(super) licence: Option<LicenceOrder>,
    /// Token of the first stage on a terminal.
    pub(super) first_stage: Option<FirstStage>,
    /// The login on a terminal this session made, by its number there.
    pub(super) login: Option<u64>,
    /// The admin token was given.
    pub(super) is_trainer: bool,
    /// The KJ ID of the terminal's office and its password were given here, on a server others can
    /// reach.
    pub(super) holds_terminal: Option<u64>,
}

impl Memory {
    /// Whether nobody is logged in, nor on the way there.
    fn is_anonymous(&self) -> bool {
        self.portal.is_none()
            && self.first_stage.is_none()
            && self.login.is_none()
            && !self.is_trainer
            && self.holds_terminal.is_none()
    }

    /// Whether there is nothing to remember.
    fn is_empty(&self) -> bool {
        let Self { terms_accepted, read_before_applying, .. } = *self;
        self.is_anonymous()
            && !terms_accepted
            && !read_before_applying
            && self.alert.is_none()
            && self.mail.is_none()
            && self.certificate.is_none()
            && self.licence.is_none()
    }
}

/// A browser session.
#[derive(Debug)]
pub(super) struct Session {
    memory: Mutex<Memory>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Goes with every form.
    csrf: String,
    used: Instant,
    /// The key changes after this request: somebody logged in or out.
    renew: bool,
}

impl Session {
    /// A session that remembers nothing, with the token of its forms.
    pub(super) fn new(csrf: String) -> Self {
        let state = State { csrf, used: Instant::now(), renew: false };
        Self { memory: Mutex::default(), state: Mutex::new(state) }
    }

    /// What it remembers. Not to be held across an await.
    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the session a new key with the answer to this request, which must not be a page: the
    /// token of its forms changes with the key.
    pub(super) fn renew(&self) {
        self.state().renew = true;
    }

    /// What goes with every form.
    pub(super) fn csrf(&self) -> String {
        self.state().csrf.clone()
    }

    /// Whether a form belongs to this session.
    pub(super) fn owns(&self, csrf: &str) -> bool {
        let own = &self.state().csrf;
        !own.is_empty()
            && csrf.len() == own.len()
            && csrf.bytes().zip(own.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every session that remembers something, by the name of its cookie and its key.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    all: Mutex<HashMap<(String, String), Arc<Session>>>,
    /// What the tokens of forms are made with.
    secret: OnceLock<[u8; 32]>,
}

impl Sessions {
    /// The session of a cookie, and its key: a new one where the cookie has none.
    ///
    /// # Errors
    /// The operating system has no randomness.
    pub(super) fn open(
        &self,
        cookie: &str,
        key: Option<&str>,
    ) -> Result<(Arc<Session>, String), getrandom::Error> {
        let key = match key.filter(|key| is_token(key)) {
            Some(key) => key.to_owned(),
            None => token()?,
        };
        if let Some(session) = self.find(cookie, &key) {
            return Ok((session, key));
        }
        let session = Session::new(self.csrf(cookie, &key)?);
        Ok((Arc::new(session), key))
    }

    /// The session of a cookie, if there is something to remember.
    fn find(&self, cookie: &str, key: &str) -> Option<Arc<Session>> {
        let mut all = self.guard();
        let id = (cookie.to_owned(), key.to_owned());
        let session = Arc::clone(all.get(&id)?);
        let mut state = session.state();
        if state.used.elapsed() > IDLE {
            all.remove(&id);
            return None;
        }
        state.used = Instant::now();
        drop(state);
        Some(session)
    }

    /// Whether this key of the console is one of a trainer.
    pub(super) fn is_trainer(&self, cookie: &str, key: &str) -> bool {
        is_token(key) && self.find(cookie, key).is_some_and(|session| session.memory().is_trainer)
    }

    /// After a request: keeps what is to be remembered, and says the key, a new one where somebody
    /// logged in or out.
    ///
    /// # Errors
    /// The operating system has no randomness.
    pub(super) fn close(
        &self,
        cookie: &str,
        key: String,
        session: &Arc<Session>,
    ) -> Result<String, getrandom::Error> {
        let key = if std::mem::take(&mut session.state().renew) {
            self.guard().remove(&(cookie.to_owned(), key));
            let new = token()?;
            session.state().csrf = self.csrf(cookie, &new)?;
            new
        } else {
            key
        };
        let id = (cookie.to_owned(), key.clone());
        let mut all = self.guard();
        if session.memory().is_empty() {
            // Not one that another request of the same browser has put there meanwhile.
            if all.get(&id).is_some_and(|kept| Arc::ptr_eq(kept, session)) {
                all.remove(&id);
            }
            return Ok(key);
        }
        if all.len() >= MOST && !all.contains_key(&id) {
            make_room(&mut all);
        }
        all.insert(id, Arc::clone(session));
        Ok(key)
    }

    /// The token of the forms of a key: nobody makes it who does not have both the key and our
    /// secret (HMAC would be two hashes more; of a key of fixed length one with the secret on both
    /// sides is enough).
    fn csrf(&self, cookie: &str, key: &str) -> Result<String, getrandom::Error> {
        let secret = match self.secret.get() {
            Some(secret) => secret,
            None => {
                let mut bytes = [0_u8; 32];
                getrandom::fill(&mut bytes)?;
                self.secret.get_or_init(|| bytes)
            }
        };
        let hash = Sha256::new().chain_update(secret).chain_update(key).chain_update(cookie);
        Ok(hex(&hash.chain_update(secret).finalize()))
    }

    fn guard(&self) -> MutexGuard<'_, HashMap<(String, String), Arc<Session>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the sessions that were idle for too long, or else the one used longest ago: of those
/// without a login, if there are any.
fn make_room(all: &mut HashMap<(String, String), Arc<Session>>) {
    all.retain(|_, session| session.state().used.elapsed() <= IDLE);
    if all.len() < MOST {
        return;
    }
    let oldest = all
        .iter()
        .min_by_key(|(_, session)| (!session.memory().is_anonymous(), session.state().used))
        .map(|(id, _)| id.clone());
    if let Some(oldest) = oldest {
        all.remove(&oldest);
    }
}

/// Whether a text has the form of what [`token`] makes.
fn is_token(text: &str) -> bool {
    text.len() == 64
        && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// 256 random bits, hexadecimal.
fn token() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(hex(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(sessions: &Sessions, cookie: &str, key: Option<&str>) -> (Arc<Session>, String) {
        sessions.open(cookie, key).unwrap()
    }

    fn log_in(sessions: &Sessions) -> String {
        let (session, key) = opened(sessions, "console", None);
        session.memory().is_trainer = true;
        session.renew();
        sessions.close("console", key, &session).unwrap()
    }

    #[test]
    fn a_session_is_found_under_its_newest_key_only() {
        let sessions = Sessions::default();
        let (session, first) = opened(&sessions, "console", None);
        assert_eq!(first.len(), 64);
        let before = session.csrf();
        session.memory().is_trainer = true;
        assert_eq!(sessions.close("console", first.clone(), &session).unwrap(), first);
        assert!(opened(&sessions, "console", Some(&first)).0.memory().is_trainer);
        assert!(!opened(&sessions, "billing", Some(&first)).0.memory().is_trainer, "another site");
        session.renew();
        let second = sessions.close("console", first.clone(), &session).unwrap();
        assert_ne!((&second, &session.csrf()), (&first, &before));
        assert!(!opened(&sessions, "console", Some(&first)).0.memory().is_trainer);
        let found = opened(&sessions, "console", Some(&second)).0;
        assert!(found.memory().is_trainer && !found.owns(&before));
    }

    #[test]
    fn who_only_looks_is_not_remembered_and_may_send_a_form() {
        let sessions = Sessions::default();
        let (session, key) = opened(&sessions, "billing", None);
        let csrf = session.csrf();
        assert_eq!(sessions.close("billing", key.clone(), &session).unwrap(), key);
        assert!(sessions.guard().is_empty());
        let (again, same) = opened(&sessions, "billing", Some(&key));
        assert!(same == key && again.owns(&csrf));
        again.memory().alert = Some(Alert::note("あ", "a"));
        sessions.close("billing", same, &again).unwrap();
        let (found, key) = opened(&sessions, "billing", Some(&key));
        assert!(found.memory().alert.take().is_some() && found.owns(&csrf));
        sessions.close("billing", key, &found).unwrap();
        assert!(sessions.guard().is_empty(), "it was said");
        for strange in ["", "0", &"g".repeat(64), &"A".repeat(64)] {
            assert_ne!(opened(&sessions, "billing", Some(strange)).1, strange);
        }
    }

    #[test]
    fn there_are_never_more_sessions_than_allowed_and_anonymous_ones_go_first() {
        let sessions = Sessions::default();
        let trainer = log_in(&sessions);
        let anonymous = || {
            let (session, key) = opened(&sessions, "billing", None);
            session.memory().alert = Some(Alert::note("あ", "a"));
            sessions.close("billing", key, &session).unwrap()
        };
        let first = anonymous();
        for _ in 0..MOST + 100 {
            anonymous();
        }
        assert_eq!(sessions.guard().len(), MOST);
        assert!(opened(&sessions, "console", Some(&trainer)).0.memory().is_trainer);
        assert!(opened(&sessions, "billing", Some(&first)).0.memory().alert.is_none());
        // Where everybody is logged in, whoever came first goes first.
        let trainers: Vec<_> = (0..MOST).map(|_| log_in(&sessions)).collect();
        assert_eq!(sessions.guard().len(), MOST);
        assert!(!opened(&sessions, "console", Some(&trainer)).0.memory().is_trainer);
        assert!(opened(&sessions, "console", Some(&trainers[0])).0.memory().is_trainer);
    }

    #[test]
    fn a_form_of_another_session_is_told_apart() {
        let sessions = Sessions::default();
        let (one, key) = opened(&sessions, "billing", None);
        let (other, _) = opened(&sessions, "billing", None);
        let (elsewhere, _) = opened(&sessions, "usage", Some(&key));
        assert!(one.owns(&one.csrf()));
        for csrf in [other.csrf(), elsewhere.csrf(), String::new(), one.csrf()[1..].to_owned()] {
            assert!(!one.owns(&csrf), "{csrf}");
        }
        assert!(!Session::new(String::new()).owns(""), "a page without forms has none");
    }
}
