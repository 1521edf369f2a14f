//! The client of one terminal: login, top page, lists.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use careplan_certs::{CertificateDer, Installed, Judge};
use careplan_spec::hex;
use rustls_pki_types::pem::PemObject;
use serde::de::DeserializeOwned;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use crate::apart::apart;
use crate::certificate::{self, CertificateError, CertificateNote};
use crate::clock::{Clock, SystemClock};
use crate::connection::{Answer, Call, Connection, Fault, Identity, Limits, Repeat};
use crate::error::{ClientError, ConnectionFailure, NoSession, Stage};
use crate::progress::{Progress, Silent};
use crate::random::random_key;
use crate::session::{Session, SessionInfo};
use crate::terminal::Terminal;
use crate::wire::{
    Authority, InboxItem, Notice, Office, OutboxItem, Page, TerminalToken, Tokens, Top,
};

/// How a client is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// The relay's address, `https://127.0.0.1:8082`; `http` only on the same computer.
    pub relay: String,
    /// The authority to trust, PEM. Without one, the authorities that came with the installed
    /// certificate are trusted.
    pub ca_pem: Option<String>,
    /// Timeouts and sizes.
    pub limits: Limits,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Config {
    /// The usual settings for a relay.
    pub fn new(relay: impl Into<String>) -> Self {
        Self {
            relay: relay.into(),
            ca_pem: None,
            limits: Limits::default(),
            clock: Arc::new(SystemClock),
        }
    }
}

/// The IDs and passwords of the two stages.
#[derive(Clone)]
pub struct Credentials {
    /// 個人ユーザID, begins with `c`.
    pub terminal_user: String,
    /// Its password.
    pub terminal_password: String,
    /// 事業所ユーザID, `KJ` and 12 characters.
    pub office_user: String,
    /// Its password.
    pub office_password: String,
}

/// A finished login.
#[derive(Debug, Clone)]
pub struct LoggedIn {
    /// The session.
    pub session: SessionInfo,
    /// What is worth knowing about the certificate.
    pub certificate_notes: Vec<CertificateNote>,
}

/// Which part of the inbox is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InboxQuery {
    /// Page, 1-based; 0 is taken as 1.
    pub page: u32,
    /// Lines a page; 0 leaves it to the relay.
    pub per_page: u32,
    /// `-received_at` (newest first), `received_at` or `from`.
    pub sort: Option<String>,
    /// Only these.
    pub state: Option<crate::wire::FetchState>,
    /// Only from this office number.
    pub from: Option<String>,
    /// Only with this text in names.
    pub text: Option<String>,
}

/// Which part of the outbox is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutboxQuery {
    /// Page, 1-based; 0 is taken as 1.
    pub page: u32,
    /// Lines a page; 0 leaves it to the relay.
    pub per_page: u32,
    /// `-sent_at` (newest first), `sent_at` or `to`.
    pub sort: Option<String>,
    /// Only these.
    pub state: Option<crate::wire::DownloadState>,
    /// Only to this office number.
    pub to: Option<String>,
    /// Only with this text in names.
    pub text: Option<String>,
}

/// The client of one terminal. All methods may be called side by side, and a clone is the same
/// client.
///
/// The certificate is read when the client is opened: open a new one after an import.
///
/// # Cancel safety
/// The future of every method may be dropped at any moment, by a timeout, `select!` or a Cancel
/// button: nothing is lost, sent twice or fetched twice, and the session stays. Where more is to be
/// said, the method says it. What must not be half done goes on in a task of its own, so the
/// runtime has to be there a moment longer.
#[derive(Clone)]
pub struct Client {
    pub(crate) terminal: Terminal,
    pub(crate) connection: Arc<Connection>,
    pub(crate) clock: Arc<dyn Clock>,
    certificate: Option<Arc<Installed>>,
    trusted_pem: Option<Arc<str>>,
    session: Arc<Mutex<Option<Session>>>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("terminal", &self.terminal)
            .field("relay", &self.connection.relay())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Opens the client of a terminal. Nothing is sent yet.
    ///
    /// # Errors
    /// When the relay's address, the authority or a file of the terminal cannot be used.
    pub fn open(terminal: Terminal, config: Config) -> Result<Self, ClientError> {
        let certificate = terminal.certificate()?;
        let trusted_pem = config.ca_pem.or_else(|| {
            certificate.as_ref().map(certificate::authorities_pem).filter(|pem| !pem.is_empty())
        });
        let roots = match &trusted_pem {
            Some(pem) => {
                let roots = CertificateDer::pem_slice_iter(pem.as_bytes())
                    .collect::<Result<Vec<_>, _>>()
                    .map_err(|_| CertificateError::BadAuthority)?;
                if roots.is_empty() {
                    return Err(CertificateError::BadAuthority.into());
                }
                roots
            }
            None => Vec::new(),
        };
        let identity = certificate.as_ref().map(|installed| Identity {
            chain: installed.chain().to_vec(),
            key: installed.private_key().into(),
        });
        let connection = Connection::new(
            &config.relay,
            &roots,
            identity,
            config.limits,
            Arc::clone(&config.clock),
        )?;
        let session = terminal.session()?;
        Ok(Self {
            terminal,
            connection: Arc::new(connection),
            clock: config.clock,
            certificate: certificate.map(Arc::new),
            trusted_pem: trusted_pem.map(Arc::from),
            session: Arc::new(Mutex::new(session)),
        })
    }

    /// The terminal folder.
    pub const fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    /// The clock of this client.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// The installed certificate.
    pub fn certificate(&self) -> Option<&Installed> {
        self.certificate.as_deref()
    }

    pub(crate) fn installed(&self) -> Option<Arc<Installed>> {
        self.certificate.clone()
    }

    /// What is worth knowing about the certificate before it is used.
    pub fn certificate_notes(&self, office: Option<&str>) -> Vec<CertificateNote> {
        let Some(installed) = &self.certificate else { return Vec::new() };
        let judge = self.trusted_pem.as_deref().and_then(|pem| Judge::from_pem(pem).ok());
        certificate::notes(installed, office, judge.as_ref(), self.clock.now())
    }

    /// Stage 1: the terminal's account. Gives the token for stage 2.
    ///
    /// # Errors
    /// When the relay refuses or cannot be reached. Never made again by itself: wrong passwords
    /// are counted. A password that begins or ends with a blank is not sent, for the same reason.
    pub async fn login_terminal(&self, user: &str, password: &str) -> Result<String, ClientError> {
        refuse_blanks(Stage::Terminal, password)?;
        let call = Call::post(&["login", "terminal"], Repeat::Never)
            .json(json!({ "user_id": user, "password": password }));
        let answer: TerminalToken = self.ask(&call).await?;
        Ok(answer.terminal_token)
    }

    /// Stage 2: the office's account. The session is kept in the terminal folder.
    ///
    /// # Errors
    /// When the relay refuses or cannot be reached, or the session cannot be kept.
    ///
    /// # Cancel safety
    /// Dropped while it asks, nobody is logged in here or the session is there, never half of it.
    pub async fn login_office(
        &self,
        terminal_token: &str,
        user: &str,
        password: &str,
    ) -> Result<LoggedIn, ClientError> {
        refuse_blanks(Stage::Office, password)?;
        let call = Call::post(&["login", "office"], Repeat::Never)
            .bearer(terminal_token)
            .json(json!({ "user_id": user, "password": password }));
        let tokens: Tokens = self.ask(&call).await?;
        // From here on nothing waits between the file and the memory.
        let mut held = self.session.lock().await;
        let session = Session::new(self.connection.relay(), tokens, self.fingerprint());
        self.terminal.keep_session(&session)?;
        let logged_in = LoggedIn {
            certificate_notes: self.certificate_notes(Some(&session.office.number)),
            session: SessionInfo::from(&session),
        };
        *held = Some(session);
        Ok(logged_in)
    }

    /// Both stages of the login.
    ///
    /// # Errors
    /// As for the stages.
    pub async fn login(&self, credentials: &Credentials) -> Result<LoggedIn, ClientError> {
        let token =
            self.login_terminal(&credentials.terminal_user, &credentials.terminal_password).await?;
        self.login_office(&token, &credentials.office_user, &credentials.office_password).await
    }

    /// Ends the session here and at the relay.
    ///
    /// # Errors
    /// When the relay cannot be told. The session is gone from the terminal in any case.
    ///
    /// # Cancel safety
    /// Dropped while it tells the relay, the session is gone here and may live on there until it
    /// ends by itself.
    pub async fn logout(&self) -> Result<(), ClientError> {
        let session = {
            let mut held = self.session.lock().await;
            self.terminal.forget_session()?;
            held.take()
        };
        let Some(session) = session else {
            return Err(ClientError::NotLoggedIn(NoSession::Never));
        };
        let call = Call::post(&["logout"], Repeat::Safe).bearer(&session.access_token);
        match self.connection.exchange(&call, &mut false, &Silent).await {
            Ok(_) => Ok(()),
            // The relay had ended it already.
            Err(Fault::Refused(refusal)) if refusal.status == 401 => Ok(()),
            Err(fault) => Err(self.error(fault)),
        }
    }

    /// The session, if there is one.
    ///
    /// # Errors
    /// When there is none for this relay.
    pub async fn session(&self) -> Result<SessionInfo, ClientError> {
        Ok(SessionInfo::from(&self.own_session().await?))
    }

    /// The authority the relay trusts, and its revocation list.
    ///
    /// # Errors
    /// When the relay cannot be asked.
    pub async fn authority(&self) -> Result<Authority, ClientError> {
        self.ask(&Call::get(&["authority"])).await
    }

    /// The top page.
    ///
    /// # Errors
    /// When nobody is logged in or the relay cannot be asked.
    pub async fn top(&self) -> Result<Top, ClientError> {
        self.ask_in_session(Call::get(&["top"])).await
    }

    /// A notice; the relay marks it as read.
    ///
    /// # Errors
    /// When nobody is logged in or the relay cannot be asked.
    pub async fn notice(&self, id: &str) -> Result<Notice, ClientError> {
        self.ask_in_session(Call::get(&["notices", id])).await
    }

    /// An office by its number.
    ///
    /// # Errors
    /// When nobody is logged in, the relay does not know it, or it cannot be asked.
    pub async fn office(&self, number: &str) -> Result<Office, ClientError> {
        self.ask_in_session(Call::get(&["offices", number])).await
    }

    /// 受信一覧.
    ///
    /// # Errors
    /// When nobody is logged in or the relay cannot be asked.
    pub async fn inbox(&self, query: &InboxQuery) -> Result<Page<InboxItem>, ClientError> {
        let mut call = Call::get(&["inbox"]);
        call.query = list_query(query.page, query.per_page, &query.sort, &query.text);
        if let Some(state) = query.state {
            call.query.push(("state", word(&state)));
        }
        if let Some(from) = &query.from {
            call.query.push(("from", from.clone()));
        }
        self.ask_in_session(call).await
    }

    /// One received message with its list of files.
    ///
    /// # Errors
    /// When nobody is logged in, there is no such message, or the relay cannot be asked.
    pub async fn inbox_item(&self, id: &str) -> Result<InboxItem, ClientError> {
        self.ask_in_session(Call::get(&["inbox", id])).await
    }

    /// 送信一覧.
    ///
    /// # Errors
    /// When nobody is logged in or the relay cannot be asked.
    pub async fn outbox(&self, query: &OutboxQuery) -> Result<Page<OutboxItem>, ClientError> {
        let mut call = Call::get(&["outbox"]);
        call.query = list_query(query.page, query.per_page, &query.sort, &query.text);
        if let Some(state) = query.state {
            call.query.push(("state", word(&state)));
        }
        if let Some(to) = &query.to {
            call.query.push(("to", to.clone()));
        }
        self.ask_in_session(call).await
    }

    /// One sent message with its list of files.
    ///
    /// # Errors
    /// When nobody is logged in, there is no such message, or the relay cannot be asked.
    pub async fn outbox_item(&self, id: &str) -> Result<OutboxItem, ClientError> {
        self.ask_in_session(Call::get(&["outbox", id])).await
    }

    /// The judge of signatures: the trusted authority with the relay's revocation list.
    pub(crate) async fn judge(&self) -> Result<Judge, ClientError> {
        let answer = self.authority().await?;
        // Without any trusted authority no connection to a TLS relay would stand; plain http on
        // the same computer takes the relay's word.
        let pem = self.trusted_pem.as_deref().unwrap_or(&answer.ca_pem);
        let judge = Judge::from_pem(pem).map_err(|_| CertificateError::BadAuthority)?;
        let garbled = |problem: String| ClientError::BadAnswer {
            request: "GET /v1/authority".to_owned(),
            problem,
            request_id: None,
        };
        let crl = STANDARD
            .decode(answer.crl_der_base64.trim())
            .map_err(|error| garbled(error.to_string()))?;
        judge.with_crl(&crl).map_err(|error| garbled(error.to_string()))
    }

    pub(crate) fn error(&self, fault: Fault) -> ClientError {
        let fault = match fault {
            Fault::NotSent { failure: ConnectionFailure::OtherAuthority, detail }
                if self.trusted_pem.is_none() =>
            {
                Fault::NotSent { failure: ConnectionFailure::NoAuthority, detail }
            }
            fault => fault,
        };
        fault.into_error(self.connection.relay())
    }

    async fn ask<T: DeserializeOwned>(&self, call: &Call) -> Result<T, ClientError> {
        let answer = self.connection.exchange(call, &mut false, &Silent).await;
        answer.and_then(|answer| answer.read()).map_err(|fault| self.error(fault))
    }

    async fn ask_in_session<T: DeserializeOwned>(&self, call: Call) -> Result<T, ClientError> {
        let answer = self.exchange_in_session(call, &Silent).await?;
        answer.and_then(|answer| answer.read()).map_err(|fault| self.error(fault))
    }

    /// SHA-256 of the installed certificate, in hexadecimal.
    fn fingerprint(&self) -> Option<String> {
        let certificate = self.certificate.as_ref()?.chain().first()?;
        Some(hex(&Sha256::digest(certificate)))
    }

    pub(crate) async fn own_session(&self) -> Result<Session, ClientError> {
        let session = self.session.lock().await;
        let session = session.as_ref().ok_or(ClientError::NotLoggedIn(NoSession::Never))?;
        if session.relay != self.connection.relay() {
            return Err(ClientError::NotLoggedIn(NoSession::OtherRelay));
        }
        Ok(session.clone())
    }

    /// Makes a request in the session; a token that has ended is renewed, once. The outer error is
    /// about the session, the inner one about the request.
    pub(crate) async fn exchange_in_session(
        &self,
        call: Call,
        progress: &dyn Progress,
    ) -> Result<Result<Answer, Fault>, ClientError> {
        self.exchange_noting(call, &mut false, progress).await
    }

    /// The same for what has an effect. `acted` becomes true when the relay may have acted on one
    /// of the attempts.
    pub(crate) async fn exchange_noting(
        &self,
        mut call: Call,
        acted: &mut bool,
        progress: &dyn Progress,
    ) -> Result<Result<Answer, Fault>, ClientError> {
        let session = self.own_session().await?;
        call.bearer = Some(session.access_token.clone());
        match self.connection.exchange(&call, acted, progress).await {
            Err(Fault::Refused(refusal)) if refusal.status == 401 => {
                call.bearer = Some(self.renew(&session).await?);
                Ok(self.connection.exchange(&call, acted, progress).await)
            }
            answer => Ok(answer),
        }
    }

    /// Gives a new access token in place of one the relay no longer takes. A renewal that has begun
    /// comes to its end also when its caller goes away: the old token is worth nothing after it.
    pub(crate) async fn renew(&self, ended: &Session) -> Result<String, ClientError> {
        let (client, ended) = (self.clone(), ended.clone());
        apart(&Silent, move |_| async move { client.renew_to_the_end(&ended).await }).await
    }

    async fn renew_to_the_end(&self, ended: &Session) -> Result<String, ClientError> {
        // Held until the end: two refreshes with one token would end the session.
        let _renewal = self.terminal.renewal().await;
        let mut held = self.session.lock().await;
        // Another client of this terminal may have been faster; or somebody else logged in.
        if let Some(kept) = self.terminal.session()?
            && kept.relay == self.connection.relay()
            && kept.access_token != ended.access_token
        {
            let reason = if kept.office.number != ended.office.number {
                Some(NoSession::OtherOffice)
            } else if kept.certificate.is_some() && kept.certificate != self.fingerprint() {
                Some(NoSession::OtherCertificate)
            } else {
                None
            };
            if let Some(reason) = reason {
                *held = None;
                return Err(ClientError::NotLoggedIn(reason));
            }
            let token = kept.access_token.clone();
            *held = Some(kept);
            return Ok(token);
        }
        let Some(session) = held.as_mut() else {
            return Err(ClientError::NotLoggedIn(NoSession::Ended));
        };
        // The key is on disk before the relay is asked: under it the relay gives the same tokens
        // again, should they be lost on the way.
        let key = match &session.renewal {
            Some(key) => key.clone(),
            None => {
                let key = random_key()?;
                session.renewal = Some(key.clone());
                self.terminal.keep_session(session)?;
                key
            }
        };
        let mut call = Call::post(&["token", "refresh"], Repeat::Safe)
            .json(json!({ "refresh_token": session.refresh_token }));
        call.headers.push(("Idempotency-Key", key));
        let answer = self.connection.exchange(&call, &mut false, &Silent).await;
        match answer.and_then(|answer| answer.read::<Tokens>()) {
            Ok(tokens) => {
                let session = Session::new(self.connection.relay(), tokens, self.fingerprint());
                let token = session.access_token.clone();
                // Good in memory, kept or not: without the note the key gets them again.
                let kept = self.terminal.keep_session(&session);
                *held = Some(session);
                kept?;
                Ok(token)
            }
            Err(Fault::Refused(refusal)) if matches!(refusal.status, 400 | 401) => {
                *held = None;
                self.terminal.forget_session()?;
                Err(ClientError::NotLoggedIn(NoSession::Ended))
            }
            Err(fault) => Err(self.error(fault)),
        }
    }
}

/// No password begins or ends with a blank (relay.md §4, Stated: letters and digits): it came along
/// when the password was pasted.
fn refuse_blanks(stage: Stage, password: &str) -> Result<(), ClientError> {
    let blank =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}');
    if password.starts_with(blank) || password.ends_with(blank) {
        return Err(ClientError::BlankInPassword(stage));
    }
    Ok(())
}

fn list_query(
    page: u32,
    per_page: u32,
    sort: &Option<String>,
    text: &Option<String>,
) -> Vec<(&'static str, String)> {
    let mut query = vec![("page", page.max(1).to_string())];
    if per_page > 0 {
        query.push(("per_page", per_page.to_string()));
    }
    if let Some(sort) = sort {
        query.push(("sort", sort.clone()));
    }
    if let Some(text) = text {
        query.push(("query", text.clone()));
    }
    query
}

/// The word the relay uses for a state.
fn word<T: serde::Serialize>(state: &T) -> String {
    match serde_json::to_value(state) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
