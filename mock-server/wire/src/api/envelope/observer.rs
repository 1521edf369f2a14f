//! What is noted of a request and its answer: numbers, a line of the log, the journal.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::Value;

use super::super::caller::{Whom, bearer};
use super::super::problem::Refused;
use super::super::{body, request_id};
use crate::journal::{self, Entry, Journal};
use crate::listener::connection::Peer;
use crate::metrics::Metrics;
use careplan_relay::clock::Clock;

/// Where a listener notes its requests.
#[derive(Debug)]
pub struct Observer {
    /// `sites`, `controls` or `relay`.
    pub listener: &'static str,
    /// The clock of the journal.
    pub clock: Clock,
    /// Journal.
    pub journal: Arc<Journal>,
    /// Numbers.
    pub metrics: Metrics,
}

/// The fault that struck; in the extensions of the answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Struck(pub(super) &'static str);

/// The JSON body, for the journal; in the extensions of a request whose body is to be kept.
#[derive(Debug, Clone, Default)]
struct KeptBody(Arc<OnceLock<Value>>);

/// What was asked.
struct Asked {
    at: Timestamp,
    request_id: String,
    method: Method,
    endpoint: Option<MatchedPath>,
}

/// What came of it.
struct Answered {
    status: u16,
    code: Option<&'static str>,
    fault: Option<&'static str>,
    duration: Duration,
}

/// The layer: notes every request once it is answered.
pub(super) async fn note(
    State(observer): State<Arc<Observer>>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let asked = Asked {
        at: observer.clock.now(),
        request_id: request_id::of(&request),
        method: request.method().clone(),
        endpoint: request.extensions().get::<MatchedPath>().cloned(),
    };
    let entry =
        observer.journal.is_on().then(|| NewEntry::of(observer.listener, &asked, &mut request));
    let response = next.run(request).await;
    let answered = Answered {
        status: response.status().as_u16(),
        code: response.extensions().get().map(|Refused(code)| *code),
        fault: response.extensions().get().map(|Struck(fault)| *fault),
        duration: started.elapsed(),
    };
    observer.count(&asked, &answered);
    observer.log(&asked, &answered);
    if let Some(entry) = entry {
        observer.journal.record(entry.closed(&answered));
    }
    response
}

impl Asked {
    fn endpoint(&self) -> Option<&str> {
        self.endpoint.as_ref().map(MatchedPath::as_str)
    }
}

impl Observer {
    fn count(&self, asked: &Asked, answered: &Answered) {
        let Answered { status, duration, .. } = *answered;
        self.metrics.answered(self.listener, &asked.method, asked.endpoint(), status, duration);
        if let Some(code) = answered.code {
            self.metrics.refused(code);
        }
        if let Some(fault) = answered.fault {
            self.metrics.faulted(fault);
        }
    }

    fn log(&self, asked: &Asked, answered: &Answered) {
        let Answered { status, code, fault, .. } = *answered;
        tracing::debug!(
            listener = self.listener,
            request = asked.request_id,
            method = journal::method(&asked.method),
            endpoint = asked.endpoint().unwrap_or("none"),
            status,
            code,
            fault,
            duration_us = micros(answered.duration),
            "answered"
        );
    }
}

/// An entry of the journal whose answer is still to come.
struct NewEntry {
    entry: Entry,
    whom: Whom,
    body: KeptBody,
}

impl NewEntry {
    /// What can be said before the request is answered; the rest comes by the extensions that it
    /// gets here.
    fn of(listener: &'static str, asked: &Asked, request: &mut Request) -> Self {
        let headers = request.headers();
        let uri = request.uri();
        let serial = request.extensions().get::<Peer>().and_then(|peer| peer.serial.as_deref());
        let bytes = request.body().size_hint().exact().filter(|bytes| *bytes > 0);
        let entry = Entry {
            number: 0,
            at: asked.at,
            listener,
            request_id: asked.request_id.clone(),
            method: journal::method(&asked.method).to_owned(),
            path: journal::path_without_secrets(uri.path(), asked.endpoint()),
            query: uri.query().map(journal::parameters),
            endpoint: asked.endpoint().map(str::to_owned),
            office: None,
            certificate: serial.map(str::to_owned),
            token: bearer(headers).map(|token| journal::short_hash(token.reveal())),
            idempotency_key: headers
                .get("idempotency-key")
                .and_then(|key| key.to_str().ok())
                .map(journal::short_hash),
            request_bytes: bytes,
            request_body: None,
            status: 0,
            code: None,
            fault: None,
            duration_us: 0,
        };
        let is_short = bytes.is_some_and(|bytes| bytes <= journal::LONGEST_BODY as u64);
        let (whom, body) = (Whom::default(), KeptBody::default());
        let keeps_body = is_short && body::is_json(headers);
        request.extensions_mut().insert(whom.clone());
        if keeps_body {
            request.extensions_mut().insert(body.clone());
        }
        Self { entry, whom, body }
    }

    fn closed(self, answered: &Answered) -> Entry {
        Entry {
            office: self.whom.office().map(str::to_owned),
            request_body: self.body.0.get().cloned(),
            status: answered.status,
            code: answered.code,
            fault: answered.fault,
            duration_us: micros(answered.duration),
            ..self.entry
        }
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// The layer: a body that is to be kept is read here, and goes on whole.
pub(super) async fn keep_body(request: Request, next: Next) -> Response {
    let Some(kept) = request.extensions().get::<KeptBody>().cloned() else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    match body::collect(body, journal::LONGEST_BODY).await {
        Ok(bytes) => {
            if let Ok(value) = serde_json::from_slice::<Value>(&bytes) {
                let _ = kept.0.set(journal::without_secrets(&value));
            }
            next.run(Request::from_parts(parts, Body::from(bytes))).await
        }
        Err(error) => error.into_response(),
    }
}
