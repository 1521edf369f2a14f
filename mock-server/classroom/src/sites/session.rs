//! Browser sessions, in memory: 256 random bits in a cookie, one for every site and terminal.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use careplan_relay::account::{MailPurpose, OfficeRef};
use careplan_relay::certificate::CertificateKind;
use careplan_relay::licence::{LicenceForm, LicenceKind};
use careplan_relay::secret::Secret;
use careplan_spec::hex;

use super::alert::Alert;

/// Sessions kept at most; then the one used longest ago ends.
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
    /// Whether both consents were given.
    pub(super) consented: bool,
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
    pub(super) first_stage: Option<String>,
    /// The login on a terminal this session made, by its number there.
    pub(super) login: Option<u64>,
    /// The admin token was given.
    pub(super) is_trainer: bool,
}

/// A browser session.
#[derive(Debug)]
pub(super) struct Session {
    /// Goes with every form.
    pub(super) csrf: String,
    memory: Mutex<Memory>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    used: Instant,
    /// The key changes after this request: somebody logged in or out.
    renew: bool,
}

impl Session {
    /// A new session.
    ///
    /// # Errors
    /// The operating system has no randomness.
    pub(super) fn new() -> Result<Self, getrandom::Error> {
        let state = State { used: Instant::now(), renew: false };
        Ok(Self { csrf: token()?, memory: Mutex::default(), state: Mutex::new(state) })
    }

    /// What it remembers. Not to be held across an await.
    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the session a new key with the answer to this request.
    pub(super) fn renew(&self) {
        self.state().renew = true;
    }

    /// Whether a form belongs to this session.
    pub(super) fn owns(&self, csrf: &str) -> bool {
        csrf.len() == self.csrf.len()
            && csrf.bytes().zip(self.csrf.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every session, by the name of its cookie and its key.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    all: Mutex<HashMap<(String, String), Arc<Session>>>,
}

impl Sessions {
    /// The session of a cookie.
    pub(super) fn find(&self, cookie: &str, key: &str) -> Option<Arc<Session>> {
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

    /// Keeps a session under a new key; says the key.
    ///
    /// # Errors
    /// The operating system has no randomness.
    pub(super) fn keep(
        &self,
        cookie: &str,
        session: Arc<Session>,
    ) -> Result<String, getrandom::Error> {
        let key = token()?;
        let mut all = self.guard();
        if all.len() >= MOST {
            all.retain(|_, session| session.state().used.elapsed() <= IDLE);
            let oldest = all.iter().min_by_key(|(_, session)| session.state().used);
            if let Some(oldest) = oldest.map(|(id, _)| id.clone())
                && all.len() >= MOST
            {
                all.remove(&oldest);
            }
        }
        all.insert((cookie.to_owned(), key.clone()), session);
        Ok(key)
    }

    /// A new key for a session that wants one, or none.
    ///
    /// # Errors
    /// The operating system has no randomness.
    pub(super) fn renewed(
        &self,
        cookie: &str,
        key: &str,
        session: &Arc<Session>,
    ) -> Result<Option<String>, getrandom::Error> {
        if !std::mem::take(&mut session.state().renew) {
            return Ok(None);
        }
        self.guard().remove(&(cookie.to_owned(), key.to_owned()));
        self.keep(cookie, Arc::clone(session)).map(Some)
    }

    fn guard(&self) -> MutexGuard<'_, HashMap<(String, String), Arc<Session>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

    #[test]
    fn a_session_is_found_under_its_newest_key_only() {
        let sessions = Sessions::default();
        let session = Arc::new(Session::new().unwrap());
        let first = sessions.keep("billing", Arc::clone(&session)).unwrap();
        assert_eq!(first.len(), 64);
        assert!(sessions.find("billing", &first).is_some());
        assert!(sessions.find("usage", &first).is_none(), "a cookie of another site");
        assert!(sessions.renewed("billing", &first, &session).unwrap().is_none());
        session.renew();
        let second = sessions.renewed("billing", &first, &session).unwrap().unwrap();
        assert!(sessions.find("billing", &first).is_none());
        assert!(sessions.find("billing", &second).is_some());
    }

    #[test]
    fn there_are_never_more_sessions_than_allowed() {
        let sessions = Sessions::default();
        let first = sessions.keep("billing", Arc::new(Session::new().unwrap())).unwrap();
        for _ in 0..MOST {
            sessions.keep("billing", Arc::new(Session::new().unwrap())).unwrap();
        }
        assert_eq!(sessions.guard().len(), MOST);
        assert!(sessions.find("billing", &first).is_none(), "the oldest went");
    }

    #[test]
    fn a_form_of_another_session_is_told_apart() {
        let (one, other) = (Session::new().unwrap(), Session::new().unwrap());
        assert!(one.owns(&one.csrf));
        assert!(!one.owns(&other.csrf) && !one.owns("") && !one.owns(&one.csrf[1..]));
    }
}
