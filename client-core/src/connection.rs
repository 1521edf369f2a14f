//! The line to the relay: TLS, bounded answers, timeouts, and repeating what may be repeated.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use careplan_certs::Zeroizing;
use careplan_spec::Text;
use jiff::Timestamp;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use reqwest::multipart::Form;
use reqwest::{Method, Response, Url};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::Clock;
use crate::error::{Cause, ConnectionFailure, Error, ErrorKind, Whose};
use crate::progress::{Event, Progress};
use crate::wire::Problem;

/// How long the client waits and how much it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Time to connect, TLS included.
    pub connect: Duration,
    /// Time without a byte before an answer counts as lost.
    pub answer: Duration,
    /// Largest JSON answer in bytes.
    pub json_bytes: u64,
    /// Largest received message in bytes.
    pub download_bytes: u64,
    /// How often a request that may be repeated is made, the first time included.
    pub attempts: u32,
    /// Wait before the second attempt; it doubles from there.
    pub first_wait: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(60),
            json_bytes: 8 << 20,
            download_bytes: 2 << 30,
            attempts: 3,
            first_wait: Duration::from_millis(500),
        }
    }
}

/// The certificate and key shown to the relay.
pub(crate) struct Identity {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: PrivateKeyDer<'static>,
}

/// What a request carries.
#[derive(Clone)]
pub(crate) enum Payload {
    Empty,
    Json(serde_json::Value),
    /// JSON with a password in it; the memory is overwritten when the last attempt is over.
    Secret(Bytes),
    /// Made anew for every attempt.
    Form(Arc<dyn Fn() -> Form + Send + Sync>),
}

/// Whether a request may be made again when its answer was lost.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// Asking again changes nothing: reads, and sends under the same key.
    Safe,
    /// The first request may have had its effect.
    Never,
}

/// A request.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Path segments; escaped when the address is made.
    pub(crate) path: Vec<String>,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) bearer: Option<String>,
    pub(crate) payload: Payload,
    pub(crate) repeat: Repeat,
    /// Time allowed beyond the usual, for large bodies.
    pub(crate) extra_time: Duration,
}

impl Call {
    pub(crate) fn get(path: &[&str]) -> Self {
        Self::new(Method::GET, path, Repeat::Safe)
    }

    pub(crate) fn post(path: &[&str], repeat: Repeat) -> Self {
        Self::new(Method::POST, path, repeat)
    }

    fn new(method: Method, path: &[&str], repeat: Repeat) -> Self {
        Self {
            method,
            path: path.iter().map(|segment| (*segment).to_owned()).collect(),
            query: Vec::new(),
            headers: Vec::new(),
            bearer: None,
            payload: Payload::Empty,
            repeat,
            extra_time: Duration::ZERO,
        }
    }

    pub(crate) fn json(mut self, value: serde_json::Value) -> Self {
        self.payload = Payload::Json(value);
        self
    }

    /// With a body that holds a password.
    pub(crate) fn secret<T: Serialize>(mut self, body: &T) -> Result<Self, Error> {
        // Room for all of it at once: a buffer that grows leaves its old content behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(4 << 10));
        serde_json::to_writer(&mut *bytes, body)
            .map_err(|error| ErrorKind::Internal(error.to_string()))?;
        self.payload = Payload::Secret(Bytes::from_owner(bytes));
        Ok(self)
    }

    pub(crate) fn bearer(mut self, token: &str) -> Self {
        self.bearer = Some(token.to_owned());
        self
    }

    pub(crate) fn name(&self) -> String {
        format!("{} /v1/{}", self.method, self.path.join("/"))
    }
}

/// Why a request has no usable answer.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It was never sent, or never reached a relay.
    NotSent { failure: ConnectionFailure, detail: Detail },
    /// It was not sent: the relay's certificate is outside its validity by our clock.
    WrongClock { now: Timestamp, valid_from: Option<Timestamp>, valid_until: Option<Timestamp> },
    /// The relay refused the certificate in the handshake.
    Handshake { alert: String, cause: Cause },
    /// It may have been sent; no whole answer came.
    Lost { detail: Detail },
    /// A server error without an explanation.
    Server { status: u16 },
    /// A refusal with reasons.
    Refused(Box<Problem>),
    /// An answer that makes no sense.
    Garbled { request: String, problem: Detail, request_id: Option<String> },
}

/// The library's words, for support, and the error they are of.
#[derive(Debug)]
pub(crate) struct Detail {
    pub(crate) words: String,
    pub(crate) cause: Option<Cause>,
}

impl From<String> for Detail {
    fn from(words: String) -> Self {
        Self { words, cause: None }
    }
}

impl From<&str> for Detail {
    fn from(words: &str) -> Self {
        words.to_owned().into()
    }
}

impl<E: StdError + Send + Sync + 'static> From<Box<E>> for Detail {
    fn from(cause: Box<E>) -> Self {
        Self { words: cause.to_string(), cause: Some(cause) }
    }
}

impl Fault {
    /// Whether the relay certainly did not act on the request.
    pub(crate) fn without_effect(&self) -> bool {
        match self {
            Self::NotSent { .. } | Self::WrongClock { .. } | Self::Handshake { .. } => true,
            Self::Refused(refusal) => match refusal.status {
                503 => !refusal.code.is_empty(),
                status => (400..500).contains(&status) && !matches!(status, 408 | 409 | 425),
            },
            Self::Lost { .. } | Self::Server { .. } | Self::Garbled { .. } => false,
        }
    }

    fn worth_repeating(&self, repeat: Repeat) -> bool {
        match self {
            Self::NotSent { failure, .. } => {
                matches!(failure, ConnectionFailure::NoConnection | ConnectionFailure::Interrupted)
            }
            Self::Lost { .. } | Self::Server { .. } => repeat == Repeat::Safe,
            Self::Refused(refusal) => repeat == Repeat::Safe && refusal.status >= 500,
            Self::WrongClock { .. } | Self::Handshake { .. } | Self::Garbled { .. } => false,
        }
    }

    /// The library's words, for support.
    pub(crate) fn into_detail(self) -> Detail {
        match self {
            Self::NotSent { detail, .. } | Self::Lost { detail } => detail,
            Self::WrongClock { .. } => "clock".into(),
            Self::Handshake { alert, cause } => Detail { words: alert, cause: Some(cause) },
            Self::Server { status } => format!("HTTP {status}").into(),
            Self::Refused(refusal) => format!("HTTP {} {}", refusal.status, refusal.code).into(),
            Self::Garbled { problem, .. } => problem,
        }
    }

    /// The error for a request without effect, or whose effect does not matter.
    pub(crate) fn into_error(self, relay: &str) -> Error {
        let unreachable = |failure, detail: Detail| {
            let (relay, words) = (relay.to_owned(), detail.words);
            Error::new(ErrorKind::Unreachable { relay, failure, detail: words })
                .because(detail.cause)
        };
        match self {
            Self::NotSent { failure, detail } => unreachable(failure, detail),
            Self::WrongClock { now, valid_from, valid_until } => {
                ErrorKind::WrongClock { whose: Whose::Relay, now, valid_from, valid_until }.into()
            }
            Self::Handshake { alert, cause } => {
                Error::new(ErrorKind::RefusedInHandshake { alert }).because(cause)
            }
            Self::Lost { detail } => unreachable(ConnectionFailure::Interrupted, detail),
            Self::Server { status } => {
                unreachable(ConnectionFailure::ServerError, format!("HTTP {status}").into())
            }
            Self::Refused(refusal) => ErrorKind::Refused(refusal).into(),
            Self::Garbled { request, problem, request_id } => {
                let (problem, cause) = (problem.words, problem.cause);
                Error::new(ErrorKind::BadAnswer { request, problem, request_id }).because(cause)
            }
        }
    }
}

/// A whole answer that is no refusal.
pub(crate) struct Answer {
    request: String,
    request_id: Option<String>,
    bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_slice(&self.bytes).map_err(|error| Fault::Garbled {
            request: self.request.clone(),
            problem: Box::new(error).into(),
            request_id: self.request_id.clone(),
        })
    }
}

/// The line to one relay.
pub(crate) struct Connection {
    pooled: reqwest::Client,
    /// Never reuses a connection: what must not be repeated shall not fail because an idle
    /// connection had died.
    fresh: reqwest::Client,
    base: Url,
    limits: Limits,
}

#[derive(Debug)]
struct ClockForTls(Arc<dyn Clock>);

impl rustls::time_provider::TimeProvider for ClockForTls {
    fn current_time(&self) -> Option<rustls::pki_types::UnixTime> {
        let seconds = u64::try_from(self.0.now().as_second()).ok()?;
        Some(rustls::pki_types::UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

impl Connection {
    pub(crate) fn new(
        base: Url,
        roots: &[CertificateDer<'static>],
        identity: Option<Identity>,
        limits: Limits,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let internal =
            |error: &dyn fmt::Display| Error::from(ErrorKind::Internal(error.to_string()));
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(roots.iter().cloned());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_details(provider, Arc::new(ClockForTls(clock)))
            .with_safe_default_protocol_versions()
            .map_err(|error| internal(&error))?
            .with_root_certificates(store);
        let mut tls = match identity {
            Some(Identity { chain, key }) => {
                builder.with_client_auth_cert(chain, key).map_err(|error| {
                    let words = error.to_string();
                    Error::from(crate::certificate::CertificateError::Unusable(words))
                        .because(Some(Cause::from(error)))
                })?
            }
            None => builder.with_no_client_auth(),
        };
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let build = |tls: &ClientConfig, idle: usize| {
            let builder = reqwest::Client::builder().tls_backend_preconfigured(tls.clone());
            let builder =
                if tls.alpn_protocols.len() == 1 { builder.http1_only() } else { builder };
            builder
                // The relay runs beside the terminal or in the house: no proxy stands between.
                .no_proxy()
                // An answer that sends a token elsewhere is a fault, not an instruction.
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(limits.connect)
                .read_timeout(limits.answer)
                .pool_max_idle_per_host(idle)
                .user_agent(concat!("careplan-client/", env!("CARGO_PKG_VERSION")))
                .build()
                .map_err(|error| internal(&error))
        };
        // What is never repeated goes over HTTP/1.1: a connection for one request gains nothing from
        // HTTP/2, whose errors do not say why a relay refused a certificate.
        let fresh = build(&tls, 0)?;
        if cfg!(feature = "http2") {
            tls.alpn_protocols.insert(0, b"h2".to_vec());
        }
        Ok(Self { pooled: build(&tls, 4)?, fresh, base, limits })
    }

    pub(crate) fn relay(&self) -> &str {
        self.base.as_str()
    }

    pub(crate) const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Makes a request, again where that is safe, and reads the whole answer. `acted` becomes true
    /// when the relay may have acted on an attempt that brought no answer.
    pub(crate) async fn exchange(
        &self,
        call: &Call,
        acted: &mut bool,
        progress: &dyn Progress,
    ) -> Result<Answer, Fault> {
        let mut attempt = 1;
        loop {
            let fault = match self.exchange_once(call).await {
                Ok(answer) => return Ok(answer),
                Err(fault) => fault,
            };
            *acted |= !fault.without_effect();
            if attempt >= self.limits.attempts || !fault.worth_repeating(call.repeat) {
                return Err(fault);
            }
            attempt += 1;
            self.wait(attempt, progress).await;
        }
    }

    /// Waits before the attempt of this number.
    pub(crate) async fn wait(&self, attempt: u32, progress: &dyn Progress) {
        let doublings = attempt.saturating_sub(2).min(5);
        let after = self.limits.first_wait * 2_u32.pow(doublings);
        progress.event(Event::Retrying { attempt, after });
        tokio::time::sleep(after).await;
    }

    async fn exchange_once(&self, call: &Call) -> Result<Answer, Fault> {
        let response = self.send(call, true).await?;
        let request_id = request_id(response.headers());
        let status = response.status();
        let bytes = self.body(response, call).await?;
        if status.is_success() {
            return Ok(Answer { request: call.name(), request_id, bytes });
        }
        Err(fault_of(call, status.as_u16(), request_id, &bytes))
    }

    /// Opens an answer whose body is read by the caller. Other answers than success and 416 become
    /// faults.
    pub(crate) async fn open(&self, call: &Call) -> Result<Response, Fault> {
        let response = self.send(call, false).await?;
        let status = response.status();
        if status.is_success() || status.as_u16() == 416 {
            return Ok(response);
        }
        let request_id = request_id(response.headers());
        let bytes = self.body(response, call).await?;
        Err(fault_of(call, status.as_u16(), request_id, &bytes))
    }

    async fn send(&self, call: &Call, whole: bool) -> Result<Response, Fault> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .expect("http and https addresses have paths")
            .pop_if_empty()
            .push("v1")
            .extend(&call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let client = if call.repeat == Repeat::Never { &self.fresh } else { &self.pooled };
        let mut request = client.request(call.method.clone(), url);
        if whole {
            request = request.timeout(self.limits.connect + self.limits.answer + call.extra_time);
        }
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        if let Some(token) = &call.bearer {
            request = request.bearer_auth(token);
        }
        request = match &call.payload {
            Payload::Empty if call.method == Method::POST => request.header(CONTENT_LENGTH, "0"),
            Payload::Empty => request,
            Payload::Json(value) => request.json(value),
            Payload::Secret(body) => {
                request.header(CONTENT_TYPE, "application/json").body(body.clone())
            }
            Payload::Form(make) => request.multipart(make()),
        };
        request.send().await.map_err(fault_from)
    }

    async fn body(&self, mut response: Response, call: &Call) -> Result<Vec<u8>, Fault> {
        let too_large = |request_id| Fault::Garbled {
            request: call.name(),
            problem: format!("more than {} bytes", self.limits.json_bytes).into(),
            request_id,
        };
        let request_id = request_id(response.headers());
        if response.content_length().is_some_and(|length| length > self.limits.json_bytes) {
            return Err(too_large(request_id));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(fault_from)? {
            if (bytes.len() + chunk.len()) as u64 > self.limits.json_bytes {
                return Err(too_large(request_id));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

/// Reads the relay's address: https, or http where it does not leave the computer.
pub(crate) fn parse_relay(relay: &str) -> Result<Url, Error> {
    let wrong = |ja: &str, en: &str| {
        Error::from(ErrorKind::Setting(Text::made(
            format!("接続先「{relay}」{ja}。"),
            format!("The relay's address {relay:?} {en}."),
        )))
    };
    let url = Url::parse(relay).map_err(|_| {
        wrong(
            "は URL ではありません（例：https://127.0.0.1:8082）",
            "is no URL (https://127.0.0.1:8082)",
        )
    })?;
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = host == "localhost"
        || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    match url.scheme() {
        "https" if url.has_host() => Ok(url),
        "http" if loopback => Ok(url),
        "http" => {
            Err(wrong("は暗号化されません。https を使ってください", "is not encrypted: use https"))
        }
        _ => Err(wrong("は https ではありません", "is not https")),
    }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    Some(id.chars().take(100).collect())
}

fn fault_of(call: &Call, status: u16, request_id: Option<String>, bytes: &[u8]) -> Fault {
    if !(400..600).contains(&status) {
        return Fault::Garbled {
            request: call.name(),
            problem: format!("HTTP {status}").into(),
            request_id,
        };
    }
    let told: Option<Problem> = serde_json::from_slice(bytes).ok();
    let told = told.filter(|told| !told.code.is_empty() || !told.title.is_empty());
    match told {
        Some(mut refusal) => {
            refusal.status = status;
            if refusal.request_id.is_empty() {
                refusal.request_id = request_id.unwrap_or_default();
            }
            Fault::Refused(Box::new(refusal))
        }
        // Not the relay, but what stands in front of a port that speaks TLS.
        None if status == 400 && says_https(bytes) => Fault::NotSent {
            failure: ConnectionFailure::NoPlainHttp,
            detail: format!("HTTP {status}").into(),
        },
        None if status >= 500 => Fault::Server { status },
        None => Fault::Refused(Box::new(Problem::without_words(status, request_id))),
    }
}

/// Whether an answer that is no problem document tells the client to use https.
fn says_https(bytes: &[u8]) -> bool {
    let words = String::from_utf8_lossy(&bytes[..bytes.len().min(1_000)]).to_ascii_lowercase();
    words.contains("https")
}

/// Alerts with which a relay refuses before it reads a request.
const fn is_about_certificates(alert: rustls::AlertDescription) -> bool {
    use rustls::AlertDescription as Alert;
    matches!(
        alert,
        Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::CertificateRequired
            // A certificate of an authority of the same name with another key.
            | Alert::DecryptError
            | Alert::UnknownCA
            | Alert::AccessDenied
            | Alert::HandshakeFailure
    )
}

/// What a fault of TLS on our side says about the relay or its address.
fn meaning(error: &rustls::Error) -> Option<ConnectionFailure> {
    use rustls::CertificateError as Bad;
    Some(match error {
        // An authority of the same name with another key makes a bad signature.
        rustls::Error::InvalidCertificate(Bad::UnknownIssuer | Bad::BadSignature) => {
            ConnectionFailure::OtherAuthority
        }
        rustls::Error::InvalidCertificate(
            Bad::NotValidForName | Bad::NotValidForNameContext { .. },
        ) => ConnectionFailure::OtherName,
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
            ConnectionFailure::UntrustedRelay
        }
        rustls::Error::AlertReceived(rustls::AlertDescription::UnrecognisedName) => {
            ConnectionFailure::OtherName
        }
        rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => {
            ConnectionFailure::NoTls
        }
        _ => return None,
    })
}

/// What a fault of TLS on our side says about the clock.
fn clock_fault(error: &rustls::Error) -> Option<Fault> {
    use rustls::CertificateError as Bad;
    let at = |time: &rustls::pki_types::UnixTime| {
        Timestamp::from_second(i64::try_from(time.as_secs()).ok()?).ok()
    };
    match error {
        rustls::Error::InvalidCertificate(Bad::ExpiredContext { time, not_after }) => {
            let (now, valid_until) = (at(time)?, at(not_after));
            Some(Fault::WrongClock { now, valid_from: None, valid_until })
        }
        rustls::Error::InvalidCertificate(Bad::NotValidYetContext { time, not_before }) => {
            let (now, valid_from) = (at(time)?, at(not_before));
            Some(Fault::WrongClock { now, valid_from, valid_until: None })
        }
        _ => None,
    }
}

/// What a request that brought no answer means. An address may hold a token, so it goes.
pub(crate) fn fault_from(error: reqwest::Error) -> Fault {
    let plain = error.url().is_some_and(|url| url.scheme() == "http");
    let without_address = error.is_builder() || error.is_request() && error.url().is_none();
    let error = error.without_url();
    let mut source: Option<&(dyn StdError + 'static)> = Some(&error);
    let mut innermost = error.to_string();
    // The connection ended before the request was handed to it: a relay with --strict-tls refuses
    // a certificate after our half of the handshake, and the reason may not have arrived yet.
    let mut canceled = false;
    let (mut not_sent, mut refused) = (None, None);
    while let Some(error) = source {
        innermost = error.to_string();
        if let Some(error) = error.downcast_ref::<hyper::Error>() {
            canceled |= error.is_canceled();
            if plain && error.is_parse() {
                not_sent = Some(ConnectionFailure::NoPlainHttp);
                break;
            }
        }
        match error.downcast_ref::<rustls::Error>() {
            Some(rustls::Error::AlertReceived(alert)) if is_about_certificates(*alert) => {
                refused = Some(format!("{alert:?}"));
                break;
            }
            Some(error) => {
                if let Some(fault) = clock_fault(error) {
                    return fault;
                }
                if let Some(failure) = meaning(error) {
                    not_sent = Some(failure);
                    break;
                }
            }
            None => {}
        }
        // An I/O error does not count the error it wraps among its sources.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        source = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    if let Some(alert) = refused {
        return Fault::Handshake { alert, cause: Box::new(error) };
    }
    if not_sent.is_none() && error.is_connect() {
        not_sent = Some(ConnectionFailure::NoConnection);
    } else if not_sent.is_none() && canceled {
        not_sent = Some(ConnectionFailure::Interrupted);
    }
    let detail = Detail { words: innermost, cause: Some(Box::new(error)) };
    match not_sent {
        Some(failure) => Fault::NotSent { failure, detail },
        None if without_address => {
            Fault::Garbled { request: String::new(), problem: detail, request_id: None }
        }
        None => Fault::Lost { detail },
    }
}
