//! The client of one terminal: login, top page, lists.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use careplan_certs::{CertificateDer, Installed, Judge};
use careplan_spec::office_number::OfficeNumber;
use careplan_spec::{Lang, Text, hex};
use reqwest::Url;
use rustls_pki_types::pem::PemObject;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use crate::apart::{apart, in_background};
use crate::certificate::{self, CertificateError, CertificateNote};
use crate::clock::{Clock, SystemClock};
use crate::connection::{self, Answer, Call, Connection, Fault, Identity, Limits, Repeat};
use crate::error::{Cause, ConnectionFailure, Error, ErrorKind, NoSession, Stage, Whose};
use crate::ids::{Credentials, FirstStage, MessageId, OfficeUserId, Secret, TerminalUserId};
use crate::list::{InboxList, NoticeList, OutboxList};
use crate::progress::{Progress, Silent};
use crate::random::random_key;
use crate::session::{Session, SessionInfo};
use crate::terminal::{StoreError, Terminal};
use crate::wire::{Authority, InboxItem, Notice, Office, OutboxItem, TerminalToken, Tokens, Top};

/// Sets up a [`Client`]; see [`Client::builder`].
#[derive(Debug, Clone)]
pub struct ClientBuilder {
    relay: Url,
    terminal: Option<Terminal>,
    ca_pem: Option<String>,
    limits: Limits,
    clock: Arc<dyn Clock>,
    lang: Option<Lang>,
}

impl ClientBuilder {
    /// The terminal the client works on. There is no client without one.
    #[must_use]
    pub fn terminal(mut self, terminal: Terminal) -> Self {
        self.terminal = Some(terminal);
        self
    }

    /// The authority to trust, PEM. Without one, the authorities that came with the installed
    /// certificate are trusted.
    #[must_use]
    pub fn ca_pem(mut self, pem: impl Into<String>) -> Self {
        self.ca_pem = Some(pem.into());
        self
    }

    /// Timeouts and sizes; without this, [`Limits::default`].
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Where the time comes from; without this, the clock of the computer.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The language in which errors print; without this, that of the terminal
    /// ([`Terminal::with_lang`]).
    #[must_use]
    pub const fn lang(mut self, lang: Lang) -> Self {
        self.lang = Some(lang);
        self
    }

    /// The client. Nothing is sent yet; certificate and session are read from the terminal folder,
    /// which takes a moment of disk.
    ///
    /// # Errors
    /// When no terminal was given, or the authority or a file of the terminal cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        let lang = self.lang.or_else(|| self.terminal.as_ref().map(Terminal::lang));
        self.open().map_err(|error| error.in_lang(lang.unwrap_or_default()))
    }

    fn open(self) -> Result<Client, Error> {
        let terminal = self.terminal.ok_or_else(|| {
            ErrorKind::Setting(Text::made(
                "端末フォルダーが指定されていません。",
                "No terminal was given to the client.",
            ))
        })?;
        let terminal = match self.lang {
            Some(lang) => terminal.with_lang(lang),
            None => terminal,
        };
        let certificate = terminal.installed()?;
        let trusted_pem = self.ca_pem.or_else(|| {
            certificate.as_ref().map(certificate::authorities_pem).filter(|pem| !pem.is_empty())
        });
        let roots = match &trusted_pem {
            Some(pem) => {
                let roots = CertificateDer::pem_slice_iter(pem.as_bytes())
                    .collect::<Result<Vec<_>, _>>()
                    .map_err(|error| {
                        Error::from(CertificateError::BadAuthority)
                            .because(Some(Cause::from(error)))
                    })?;
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
        let clock = Arc::clone(&self.clock);
        let connection = Connection::new(self.relay, &roots, identity, self.limits, clock)?;
        let session = terminal.session()?;
        Ok(Client {
            terminal,
            connection: Arc::new(connection),
            clock: self.clock,
            certificate: certificate.map(Arc::new),
            trusted_pem: trusted_pem.map(Arc::from),
            session: Arc::new(Mutex::new(session)),
        })
    }
}

/// What both stages of the login ask for.
#[derive(Serialize)]
struct LoginBody<'a> {
    user_id: &'a str,
    password: &'a str,
}

/// A finished login.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LoggedIn {
    /// The session.
    pub session: SessionInfo,
    /// What is worth knowing about the certificate.
    pub certificate_notes: Vec<CertificateNote>,
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
    /// Begins the client of a terminal for the relay at an address: `https://127.0.0.1:8082`; `http`
    /// only on the same computer.
    ///
    /// ```no_run
    /// use careplan_client_core::{Client, Terminal};
    ///
    /// # fn main() -> Result<(), careplan_client_core::Error> {
    /// let client = Client::builder("https://127.0.0.1:8082")?
    ///     .terminal(Terminal::open("desk-1")?)
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the address is none, or would send passwords unencrypted.
    pub fn builder(relay: &str) -> Result<ClientBuilder, Error> {
        Ok(ClientBuilder {
            relay: connection::parse_relay(relay)?,
            terminal: None,
            ca_pem: None,
            limits: Limits::default(),
            clock: Arc::new(SystemClock),
            lang: None,
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
    pub fn certificate_notes(&self, office: Option<OfficeNumber>) -> Vec<CertificateNote> {
        let Some(installed) = &self.certificate else { return Vec::new() };
        let judge = self.trusted_pem.as_deref().and_then(|pem| Judge::from_pem(pem).ok());
        certificate::certificate_notes(installed, office, judge.as_ref(), self.clock.now())
    }

    /// Stage 1: the terminal's account. Gives the token for stage 2.
    ///
    /// # Errors
    /// When the relay refuses or cannot be reached. Never made again by itself: wrong passwords
    /// are counted. A password that begins or ends with a blank is not sent, for the same reason.
    pub async fn login_terminal(
        &self,
        user: &TerminalUserId,
        password: &Secret,
    ) -> Result<FirstStage, Error> {
        self.told(self.terminal_stage(user, password).await)
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
        first: &FirstStage,
        user: &OfficeUserId,
        password: &Secret,
    ) -> Result<LoggedIn, Error> {
        self.told(self.office_stage(first, user, password).await)
    }

    async fn terminal_stage(
        &self,
        user: &TerminalUserId,
        password: &Secret,
    ) -> Result<FirstStage, Error> {
        refuse_blanks(Stage::Terminal, password)?;
        let call = Call::post(&["login", "terminal"], Repeat::Never)
            .secret(&LoginBody { user_id: user.as_str(), password: password.reveal() })?;
        let answer: TerminalToken = self.ask(&call).await?;
        Ok(FirstStage(answer.terminal_token.into()))
    }

    async fn office_stage(
        &self,
        first: &FirstStage,
        user: &OfficeUserId,
        password: &Secret,
    ) -> Result<LoggedIn, Error> {
        refuse_blanks(Stage::Office, password)?;
        let call = Call::post(&["login", "office"], Repeat::Never)
            .bearer(first.0.reveal())
            .secret(&LoginBody { user_id: user.as_str(), password: password.reveal() })?;
        let tokens: Tokens = self.ask(&call).await?;
        let mut held = Arc::clone(&self.session).lock_owned().await;
        let client = self.clone();
        // Comes to its end also when its caller goes away: the file and the memory say the same.
        in_background(move || {
            let session = Session::new(client.connection.relay(), tokens, client.fingerprint());
            client.terminal.keep_session(&session)?;
            let logged_in = LoggedIn {
                certificate_notes: client.certificate_notes(session.office.office_number()),
                session: SessionInfo::from(&session),
            };
            *held = Some(session);
            Ok(logged_in)
        })
        .await?
    }

    /// Both stages of the login.
    ///
    /// # Errors
    /// As for the stages.
    pub async fn login(&self, credentials: &Credentials) -> Result<LoggedIn, Error> {
        let first =
            self.login_terminal(&credentials.terminal_user, &credentials.terminal_password).await?;
        self.login_office(&first, &credentials.office_user, &credentials.office_password).await
    }

    /// Ends the session here and at the relay.
    ///
    /// # Errors
    /// When the relay cannot be told. The session is gone from the terminal in any case.
    ///
    /// # Cancel safety
    /// Dropped while it tells the relay, the session is gone here and may live on there until it
    /// ends by itself.
    pub async fn logout(&self) -> Result<(), Error> {
        self.told(self.end_session().await)
    }

    async fn end_session(&self) -> Result<(), Error> {
        let mut held = Arc::clone(&self.session).lock_owned().await;
        let terminal = self.terminal.clone();
        let session = in_background(move || -> Result<_, StoreError> {
            terminal.forget_session()?;
            Ok(held.take())
        });
        let Some(session) = session.await?? else {
            return Err(ErrorKind::NotLoggedIn(NoSession::Never).into());
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
    pub async fn session(&self) -> Result<SessionInfo, Error> {
        let session = self.own_session().await;
        self.told(session.map(|session| SessionInfo::from(&session)))
    }

    /// The authority the relay trusts, and its revocation list.
    ///
    /// # Errors
    /// When the relay cannot be asked.
    pub async fn authority(&self) -> Result<Authority, Error> {
        self.told(self.ask(&Call::get(&["authority"])).await)
    }

    /// The top page.
    ///
    /// # Errors
    /// When nobody is logged in or the relay cannot be asked.
    pub async fn top(&self) -> Result<Top, Error> {
        self.told(self.ask_in_session(Call::get(&["top"])).await)
    }

    /// お知らせ一覧: awaited, its first page; else ask for pages, or go through all of it.
    pub fn notices(&self) -> NoticeList {
        NoticeList::notices(self)
    }

    /// A notice; the relay marks it as read.
    ///
    /// # Errors
    /// When nobody is logged in or the relay cannot be asked.
    pub async fn notice(&self, id: &str) -> Result<Notice, Error> {
        self.told(self.ask_in_session(Call::get(&["notices", id])).await)
    }

    /// An office by its number.
    ///
    /// # Errors
    /// When nobody is logged in, the relay does not know it, or it cannot be asked.
    pub async fn office(&self, number: OfficeNumber) -> Result<Office, Error> {
        self.told(self.ask_in_session(Call::get(&["offices", number.as_str()])).await)
    }

    /// 受信一覧: awaited, its first page; else narrow it, ask for pages, or go through all of it.
    pub fn inbox(&self) -> InboxList {
        InboxList::inbox(self)
    }

    /// One received message with its list of files.
    ///
    /// # Errors
    /// When nobody is logged in, there is no such message, or the relay cannot be asked.
    pub async fn inbox_item(&self, id: &MessageId) -> Result<InboxItem, Error> {
        self.told(self.ask_in_session(Call::get(&["inbox", id.as_str()])).await)
    }

    /// 送信一覧: awaited, its first page; else narrow it, ask for pages, or go through all of it.
    pub fn outbox(&self) -> OutboxList {
        OutboxList::outbox(self)
    }

    /// One sent message with its list of files.
    ///
    /// # Errors
    /// When nobody is logged in, there is no such message, or the relay cannot be asked.
    pub async fn outbox_item(&self, id: &MessageId) -> Result<OutboxItem, Error> {
        self.told(self.ask_in_session(Call::get(&["outbox", id.as_str()])).await)
    }

    /// The judge of signatures: the trusted authority with the relay's revocation list.
    pub(crate) async fn judge(&self) -> Result<Judge, Error> {
        let answer = self.authority().await?;
        // Without any trusted authority no connection to a TLS relay would stand; plain http on
        // the same computer takes the relay's word.
        let pem = self.trusted_pem.as_deref().unwrap_or(&answer.ca_pem);
        let judge = Judge::from_pem(pem).map_err(|_| CertificateError::BadAuthority)?;
        let garbled = |cause: Cause| {
            let (request, problem) = ("GET /v1/authority".to_owned(), cause.to_string());
            Error::new(ErrorKind::BadAnswer { request, problem, request_id: None })
                .because(Some(cause))
        };
        let crl =
            STANDARD.decode(answer.crl_der_base64.trim()).map_err(|error| garbled(error.into()))?;
        judge.with_crl(&crl).map_err(|error| garbled(error.into()))
    }

    pub(crate) fn error(&self, fault: Fault) -> Error {
        let fault = match fault {
            Fault::NotSent { failure: ConnectionFailure::OtherAuthority, detail }
                if self.trusted_pem.is_none() =>
            {
                Fault::NotSent { failure: ConnectionFailure::NoAuthority, detail }
            }
            Fault::Handshake { alert, cause } if alert == "CertificateExpired" => {
                match self.clock_disagrees() {
                    Some(kind) => return Error::new(kind).because(Some(cause)),
                    None => Fault::Handshake { alert, cause },
                }
            }
            Fault::Refused(mut refusal)
                if matches!(
                    refusal.code.as_str(),
                    "certificate-expired" | "certificate-not-yet-valid"
                ) =>
            {
                // The official text stays; what to do becomes another thing.
                if let Some(kind) = self.clock_disagrees() {
                    let told = Error::new(kind).explain();
                    refusal.hint = format!("{}{}", told.what.ja, told.to_do.ja);
                    refusal.hint_en = format!("{} {}", told.what.en, told.to_do.en);
                }
                Fault::Refused(refusal)
            }
            fault => fault,
        };
        fault.into_error(self.connection.relay())
    }

    /// The relay says that our certificate is outside its validity: whether our clock is to blame,
    /// because by it the certificate counts, or is not even valid yet.
    fn clock_disagrees(&self) -> Option<ErrorKind> {
        let facts = self.certificate.as_ref()?.facts();
        let now = self.clock.now();
        (now <= facts.not_after).then_some(ErrorKind::WrongClock {
            whose: Whose::Terminal,
            now,
            valid_from: Some(facts.not_before),
            valid_until: Some(facts.not_after),
        })
    }

    /// In the language of this client.
    pub(crate) fn told<T>(&self, outcome: Result<T, Error>) -> Result<T, Error> {
        self.terminal.told(outcome)
    }

    async fn ask<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Error> {
        let answer = self.connection.exchange(call, &mut false, &Silent).await;
        answer.and_then(|answer| answer.read()).map_err(|fault| self.error(fault))
    }

    pub(crate) async fn ask_in_session<T: DeserializeOwned>(&self, call: Call) -> Result<T, Error> {
        let answer = self.exchange_in_session(call, &Silent).await?;
        answer.and_then(|answer| answer.read()).map_err(|fault| self.error(fault))
    }

    /// SHA-256 of the installed certificate, in hexadecimal.
    fn fingerprint(&self) -> Option<String> {
        let certificate = self.certificate.as_ref()?.chain().first()?;
        Some(hex(&Sha256::digest(certificate)))
    }

    pub(crate) async fn own_session(&self) -> Result<Session, Error> {
        let session = self.session.lock().await;
        let session = session.as_ref().ok_or(ErrorKind::NotLoggedIn(NoSession::Never))?;
        if session.relay != self.connection.relay() {
            return Err(ErrorKind::NotLoggedIn(NoSession::OtherRelay).into());
        }
        Ok(session.clone())
    }

    /// Makes a request in the session; a token that has ended is renewed, once. The outer error is
    /// about the session, the inner one about the request.
    pub(crate) async fn exchange_in_session(
        &self,
        call: Call,
        progress: &dyn Progress,
    ) -> Result<Result<Answer, Fault>, Error> {
        self.exchange_noting(call, &mut false, progress).await
    }

    /// The same for what has an effect. `acted` becomes true when the relay may have acted on one
    /// of the attempts.
    pub(crate) async fn exchange_noting(
        &self,
        mut call: Call,
        acted: &mut bool,
        progress: &dyn Progress,
    ) -> Result<Result<Answer, Fault>, Error> {
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
    pub(crate) async fn renew(&self, ended: &Session) -> Result<String, Error> {
        let (client, ended) = (self.clone(), ended.clone());
        apart(&Silent, move |_| async move { client.renew_to_the_end(&ended).await }).await
    }

    async fn renew_to_the_end(&self, ended: &Session) -> Result<String, Error> {
        // Held until the end: two refreshes with one token would end the session.
        let _renewal = self.terminal.renewal().await;
        let mut held = self.session.lock().await;
        // Another client of this terminal may have been faster; or somebody else logged in.
        if let Some(kept) = self.on_disk(Terminal::session).await?
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
                return Err(ErrorKind::NotLoggedIn(reason).into());
            }
            let token = kept.access_token.clone();
            *held = Some(kept);
            return Ok(token);
        }
        let Some(session) = held.as_mut() else {
            return Err(ErrorKind::NotLoggedIn(NoSession::Ended).into());
        };
        // The key is on disk before the relay is asked: under it the relay gives the same tokens
        // again, should they be lost on the way.
        let key = match &session.renewal {
            Some(key) => key.clone(),
            None => {
                let key = random_key()?;
                session.renewal = Some(key.clone());
                let noted = session.clone();
                self.on_disk(move |terminal| terminal.keep_session(&noted)).await?;
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
                *held = Some(session.clone());
                self.on_disk(move |terminal| terminal.keep_session(&session)).await?;
                Ok(token)
            }
            Err(Fault::Refused(refusal)) if matches!(refusal.status, 400 | 401) => {
                *held = None;
                self.on_disk(Terminal::forget_session).await?;
                Err(ErrorKind::NotLoggedIn(NoSession::Ended).into())
            }
            Err(fault) => Err(self.error(fault)),
        }
    }

    /// Does something with the terminal folder on a thread for it.
    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Terminal) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Error> {
        let terminal = self.terminal.clone();
        Ok(in_background(move || work(&terminal)).await??)
    }
}

/// No password begins or ends with a blank (relay.md §4, Stated: letters and digits): it came along
/// when the password was pasted.
fn refuse_blanks(stage: Stage, password: &Secret) -> Result<(), Error> {
    let password = password.reveal();
    let blank =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}');
    if password.starts_with(blank) || password.ends_with(blank) {
        return Err(ErrorKind::BlankInPassword(stage).into());
    }
    Ok(())
}
