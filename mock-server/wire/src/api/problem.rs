//! Refusals as problem documents (RFC 9457).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde::Serialize;
use utoipa::ToSchema;

use super::request_id;
use super::status::status_of;
use super::transport_refusal::{INTERNAL_ERROR, NOT_KEPT};
use careplan_relay::outcome::{Error, Failure, Refusal, WordedFinding};
use careplan_relay::refusal::RefusalKind;
use careplan_relay::store::StoreError;

/// Before the code in the `type` of a problem document.
pub const TYPE_PREFIX: &str = "urn:careplan-testbed:refusal:";

/// Media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What a handler answers when it does not do what was asked.
#[derive(Debug, Clone)]
pub struct ApiError {
    refusal: Arc<Refusal>,
    header: Option<(HeaderName, HeaderValue)>,
}

/// What handlers return.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// A refusal with a header that belongs to it (`Allow`, `Content-Range`).
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some((name, value));
        self
    }

    /// The refusal.
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self { refusal: Arc::new(refusal), header: None }
    }
}

impl From<&'static RefusalKind> for ApiError {
    fn from(kind: &'static RefusalKind) -> Self {
        Refusal::new(kind).into()
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => (*refusal).into(),
            Error::Failed(failure) => {
                // The reason is for the operator; it may name paths and tables.
                tracing::error!(%failure, "a request failed");
                match not_kept(&failure) {
                    Some(refusal) => refusal.into(),
                    None => (&INTERNAL_ERROR).into(),
                }
            }
        }
    }
}

/// The refusal of what could not be written, if a failure is that one.
pub fn not_kept(failure: &Failure) -> Option<Refusal> {
    let because = |ja: &str, en: &str| Some(Refusal::new(&NOT_KEPT).because(ja, en));
    match failure {
        Failure::Store(StoreError::Full(_)) => {
            because("ディスクがいっぱいです。", "The disk is full.")
        }
        Failure::Store(StoreError::Disk(_)) => {
            because("ディスクに書き込めません。", "The disk cannot be written.")
        }
        _ => None,
    }
}

/// The answer has no body yet: [`write()`] knows the request's identifier and writes it.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = status_of(self.refusal.kind);
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        if status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some((name, value)) = self.header.clone() {
            response.headers_mut().insert(name, value);
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The code of a refusal; in the extensions of its answer.
#[derive(Debug, Clone, Copy)]
pub struct Refused(pub &'static str);

/// The layer: gives every refusal its document.
pub async fn write(request: Request, next: Next) -> Response {
    let request_id = request_id::of(&request);
    written(next.run(request).await, &request_id)
}

/// An answer with the document of its refusal, if it is one.
pub fn written(mut response: Response, request_id: &str) -> Response {
    let Some(error) = response.extensions_mut().remove::<ApiError>() else { return response };
    let refusal = error.refusal();
    let mut problem = Problem::new(refusal, request_id);
    // An injected fault keeps its own status.
    problem.status = response.status().as_u16();
    let body = serde_json::to_vec(&problem).expect("texts and numbers are JSON");
    *response.body_mut() = Body::from(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    let again = refusal.retry_at.and_then(|at| {
        HeaderValue::try_from(DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok()?).ok()
    });
    if let Some(again) = again {
        response.headers_mut().insert(header::RETRY_AFTER, again);
    }
    response.extensions_mut().insert(Refused(refusal.kind.code));
    response
}

/// A problem document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:careplan-testbed:refusal:<code>`.
    #[serde(rename = "type")]
    #[schema(example = "urn:careplan-testbed:refusal:already-fetched")]
    pub type_: String,
    /// What the user reads, Japanese; the official text where there is one.
    pub title: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// What exactly was wrong, Japanese.
    pub detail: String,
    /// The stable code; what programs should look at.
    #[schema(example = "already-fetched")]
    pub code: &'static str,
    /// English.
    pub title_en: &'static str,
    /// English.
    pub detail_en: String,
    /// What to do, Japanese.
    pub hint: &'static str,
    /// English.
    pub hint_en: &'static str,
    /// Whether `title` is the official text.
    pub official: bool,
    /// Where the behaviour comes from.
    pub clause: &'static str,
    /// How firmly it stands.
    pub basis: &'static str,
    /// When trying again makes sense.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Timestamp>,
    /// The request's identifier, as in `x-request-id`.
    pub request_id: String,
    /// What the checker found, at most as many as the switch `max-findings` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub findings: Option<Vec<WordedFinding>>,
    /// How many it found in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub findings_total: Option<u64>,
}

impl Problem {
    /// The document of a refusal.
    pub fn new(refusal: &Refusal, request_id: &str) -> Self {
        let kind = refusal.kind;
        let detail = |chosen: fn(&careplan_spec::Text<String>) -> &str, otherwise: &str| {
            refusal.detail.as_ref().map_or(otherwise, chosen).to_owned()
        };
        let has_findings = refusal.findings_total > 0;
        Self {
            type_: format!("{TYPE_PREFIX}{}", kind.code),
            title: kind.title.ja,
            status: status_of(kind).as_u16(),
            detail: detail(|words| &words.ja, kind.title.ja),
            code: kind.code,
            title_en: kind.title.en,
            detail_en: detail(|words| &words.en, kind.title.en),
            hint: kind.hint.ja,
            hint_en: kind.hint.en,
            official: kind.official,
            clause: kind.clause,
            basis: kind.basis.id(),
            retry_at: refusal.retry_at,
            request_id: request_id.to_owned(),
            findings: has_findings.then(|| refusal.findings.clone()),
            findings_total: has_findings.then_some(refusal.findings_total),
        }
    }
}
