//! What happens around every request, whoever it is for.
//!
//! Identifier, host and origin, faults, journal, numbers, the marks every answer carries. The
//! innermost part is the handler; nothing of it knows about this.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::Extension;
use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::Value;

use super::body;
use super::host::{HostNames, authority_of, is_own_origin};
use super::problem::{ApiError, ApiResult, MEDIA_TYPE, Problem};
use super::transport_refusal::{
    ADMIN_TOKEN_WRONG, HOST_UNKNOWN, INJECTED_FAULT, JSON_WANTED, MAINTENANCE, ORIGIN_FOREIGN,
};
use crate::fault::{Blow, Faults, Strike};
use crate::journal::{self, Entry, Journal};
use crate::listener::connection::Peer;
use crate::metrics::Metrics;
use careplan_relay::clock::Clock;
use careplan_relay::outcome::Refusal;
use careplan_relay::secret::Secret;

/// Marks every answer as one of a mock.
pub const MOCK_HEADER: HeaderName = HeaderName::from_static("x-mock-server");

/// The request's identifier.
pub const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// What one listener puts around its requests.
#[derive(Debug)]
pub struct Envelope {
    /// `sites`, `controls` or `relay`.
    pub listener: &'static str,
    /// The names it answers to.
    pub hosts: HostNames,
    /// Journal.
    pub journal: Arc<Journal>,
    /// Numbers.
    pub metrics: Metrics,
    /// Faults; none on the controls, or nobody could disarm them.
    pub faults: Option<Arc<Faults>>,
    /// The clock of the journal.
    pub clock: Clock,
    /// Whether only JSON from its own pages is taken.
    pub guarded: bool,
    /// The admin token, where one is asked for.
    pub admin_token: Option<Secret>,
}

/// Who a request turned out to come from; filled in by [`super::caller`].
#[derive(Debug, Clone, Default)]
pub struct Whom(Arc<OnceLock<String>>);

impl Whom {
    /// It is this office.
    pub fn is(&self, office: &str) {
        let _ = self.0.set(office.to_owned());
    }
}

/// The middleware.
pub async fn wrap(
    Extension(envelope): Extension<Arc<Envelope>>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let at = envelope.clock.now();
    let request_id = request_id(request.headers());
    let template = request.extensions().get::<MatchedPath>().cloned();
    let template = template.as_ref().map(MatchedPath::as_str);
    let whom = Whom::default();
    request.extensions_mut().insert(whom.clone());
    let method = request.method().clone();
    let mut note = envelope.journal.is_on().then(|| note(&envelope, &request, template));

    let (mut response, strike) = match envelope.admit(&request) {
        Err(error) => (error.into_response(), Strike::default()),
        Ok(()) => envelope.handle(request, next, template, note.as_mut(), &request_id).await,
    };

    let code = finish(&mut response, &request_id);
    envelope.mark(&mut response, &request_id);
    let status = response.status().as_u16();
    let duration = started.elapsed();
    envelope.metrics.answered(envelope.listener, &method, template, status, duration);
    if let Some(code) = code {
        envelope.metrics.refused(code);
    }
    if let Some(kind) = strike.name() {
        envelope.metrics.faulted(kind);
    }
    let duration_us = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    tracing::debug!(
        listener = envelope.listener, request = &*request_id, %method,
        endpoint = template.unwrap_or("none"), status, code, fault = strike.name(), duration_us,
        "answered"
    );
    if let Some(mut entry) = note {
        entry.at = at;
        entry.request_id = request_id.to_string();
        entry.office = whom.0.get().cloned();
        entry.status = status;
        entry.code = code;
        entry.fault = strike.name();
        entry.duration_us = duration_us;
        envelope.journal.record(entry);
    }
    response
}

impl Envelope {
    /// Host, origin, media type and admin token.
    fn admit(&self, request: &Request) -> ApiResult<()> {
        let headers = request.headers();
        let authority = authority_of(request.uri(), headers).unwrap_or("");
        if !self.hosts.admits(authority) {
            let refusal = Refusal::new(&HOST_UNKNOWN).because(
                "リクエストのHostが、このサーバーの名前ではありません。",
                "The Host of the request is not a name of this server.",
            );
            return Err(refusal.into());
        }
        if !self.guarded {
            return Ok(());
        }
        if !is_own_origin(headers, authority) {
            return Err((&ORIGIN_FOREIGN).into());
        }
        let changes = [Method::POST, Method::PUT, Method::PATCH].contains(request.method());
        if changes && !body::is_json(headers) && !body::is_zip(headers) {
            return Err((&JSON_WANTED).into());
        }
        let is_probe = ["/healthz", "/readyz"].contains(&request.uri().path());
        match &self.admin_token {
            Some(wanted) if !is_probe => {
                let given = super::caller::bearer(headers);
                if given.is_some_and(|given| is_same(given.reveal(), wanted.reveal())) {
                    Ok(())
                } else {
                    Err((&ADMIN_TOKEN_WRONG).into())
                }
            }
            _ => Ok(()),
        }
    }

    async fn handle(
        &self,
        request: Request,
        next: Next,
        template: Option<&str>,
        note: Option<&mut Entry>,
        request_id: &str,
    ) -> (Response, Strike) {
        // Never on the trainer's console: that is where faults are disarmed.
        let is_console = template.is_some_and(|template| template.starts_with("/console"));
        let strike = match &self.faults {
            Some(faults) if !is_console => {
                faults.decide(request.method().as_str(), template.unwrap_or(request.uri().path()))
            }
            _ => Strike::default(),
        };
        if let Some(latency) = strike.latency {
            tokio::time::sleep(latency).await;
        }
        let cut = request.extensions().get::<Peer>().map(|peer| peer.cut.clone());
        let cut = || {
            if let Some(cut) = &cut {
                cut.now()
            }
        };
        let response = match strike.then {
            Some(Blow::Status(status)) => injected(status),
            Some(Blow::Maintenance) => {
                let error: ApiError = (&MAINTENANCE).into();
                error
                    .with_header(header::RETRY_AFTER, HeaderValue::from_static("60"))
                    .into_response()
            }
            Some(Blow::DropBefore) => {
                cut();
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            }
            Some(Blow::DropAfter) => {
                let response = answer(request, next, note).await;
                cut();
                response
            }
            Some(Blow::Truncate(bytes)) => {
                truncate(answer(request, next, note).await, bytes, request_id)
            }
            None => answer(request, next, note).await,
        };
        (response, strike)
    }

    fn mark(&self, response: &mut Response, request_id: &str) {
        let headers = response.headers_mut();
        headers.insert(MOCK_HEADER, HeaderValue::from_static("careplan-testbed"));
        if let Ok(value) = HeaderValue::from_str(request_id) {
            headers.insert(REQUEST_ID_HEADER, value);
        }
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    }
}

/// Lets the handler answer; a JSON body goes into the journal on its way.
async fn answer(request: Request, next: Next, note: Option<&mut Entry>) -> Response {
    let Some(entry) = note else { return next.run(request).await };
    let known = request.body().size_hint().exact();
    let is_small = known.is_some_and(|bytes| bytes > 0 && bytes <= journal::LONGEST_BODY as u64);
    if !is_small || !body::is_json(request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match body::collect(body, journal::LONGEST_BODY).await {
        Ok(bytes) => {
            if let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) {
                journal::without_secrets(&mut value);
                entry.request_body = Some(value);
            }
            next.run(Request::from_parts(parts, Body::from(bytes))).await
        }
        Err(error) => error.into_response(),
    }
}

/// What the journal says about a request before it is answered.
fn note(envelope: &Envelope, request: &Request, template: Option<&str>) -> Entry {
    let headers = request.headers();
    let uri = request.uri();
    let serial = request.extensions().get::<Peer>().and_then(|peer| peer.serial.as_deref());
    Entry {
        number: 0,
        at: jiff::Timestamp::UNIX_EPOCH,
        listener: envelope.listener,
        request_id: String::new(),
        method: request.method().to_string(),
        path: journal::path_without_secrets(uri.path(), template),
        query: uri.query().map(str::to_owned),
        endpoint: template.map(str::to_owned),
        office: None,
        certificate: serial.map(str::to_owned),
        token: super::caller::bearer(headers).map(|token| journal::short_hash(token.reveal())),
        idempotency_key: headers
            .get("idempotency-key")
            .and_then(|key| key.to_str().ok())
            .map(journal::short_hash),
        request_bytes: request.body().size_hint().exact().filter(|bytes| *bytes > 0),
        request_body: None,
        status: 0,
        code: None,
        fault: None,
        duration_us: 0,
    }
}

/// Writes the problem document of a refusal; its code, if it was one.
fn finish(response: &mut Response, request_id: &str) -> Option<&'static str> {
    let error = response.extensions_mut().remove::<ApiError>()?;
    let refusal = error.refusal();
    let mut problem = Problem::new(refusal, request_id);
    // An injected fault keeps its own status.
    problem.status = response.status().as_u16();
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    *response.body_mut() = Body::from(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    if let Some(at) = refusal.retry_at {
        let value = retry_date(at);
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
    }
    Some(refusal.kind.code)
}

/// A time as HTTP writes it.
fn retry_date(at: jiff::Timestamp) -> String {
    at.to_zoned_datetime(jiff::tz::TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn injected(status: u16) -> Response {
    let mut response = ApiError::from(&INJECTED_FAULT).into_response();
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}

/// The same answer, the connection breaking after so many bytes of the body.
///
/// The content length stays as announced, which is how the other end notices.
fn truncate(mut response: Response, bytes: u64, request_id: &str) -> Response {
    // A refusal has its body written by `finish`; write it now, so that it can be cut.
    finish(&mut response, request_id);
    let (mut parts, body) = response.into_parts();
    if let Some(length) = body.size_hint().exact() {
        parts.headers.entry(header::CONTENT_LENGTH).or_insert(HeaderValue::from(length));
    }
    let left = usize::try_from(bytes).unwrap_or(usize::MAX);
    let pieces = body.into_data_stream().scan(left, |left, piece| {
        let piece = match piece {
            _ if *left == 0 => None,
            Ok(mut piece) => {
                piece.truncate(*left);
                *left -= piece.len();
                Some(Ok(piece))
            }
            Err(error) => Some(Err(std::io::Error::other(error))),
        };
        std::future::ready(piece)
    });
    // Also an answer that is short enough ends with a broken connection. What came before gets
    // out first: an error drops whatever is still in the buffer.
    let end = futures_util::stream::once(async {
        tokio::task::yield_now().await;
        Err::<Bytes, _>(std::io::Error::other("cut by a fault"))
    });
    Response::from_parts(parts, Body::from_stream(pieces.chain(end)))
}

/// The client's own identifier where it is a sane one, else a new one.
fn request_id(headers: &HeaderMap) -> Arc<str> {
    let given = headers.get(REQUEST_ID_HEADER).and_then(|value| value.to_str().ok());
    let is_sane = |id: &&str| {
        (8..=64).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    match given.filter(is_sane) {
        Some(id) => Arc::from(id),
        None => Arc::from(new_request_id()),
    }
}

/// Eight random digits of this process and a counter: unique, and far cheaper than a random one
/// for every request.
fn new_request_id() -> String {
    static RUN: OnceLock<u32> = OnceLock::new();
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let run = *RUN.get_or_init(|| {
        let mut bytes = [0; 4];
        match getrandom::fill(&mut bytes) {
            Ok(()) => u32::from_le_bytes(bytes),
            Err(_) => std::process::id(),
        }
    });
    format!("{run:08x}-{:08x}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
fn is_same(given: &str, wanted: &str) -> bool {
    given.len() == wanted.len()
        && given.bytes().zip(wanted.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}
