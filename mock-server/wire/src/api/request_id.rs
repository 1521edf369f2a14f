//! The identifier of a request: the client's own where it is a sane one, else a new one.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Request as RequestOf};
use tower_http::request_id::{MakeRequestId, RequestId};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Takes an identifier away that could not stand in a log line.
pub fn forget_a_strange_one(mut request: Request) -> Request {
    let is_sane = |id: &HeaderValue| {
        (8..=64).contains(&id.len())
            && id.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
    };
    if request.headers().get(HEADER).is_some_and(|id| !is_sane(id)) {
        request.headers_mut().remove(HEADER);
    }
    request
}

/// Eight random digits of this process and a counter: unique, and far cheaper than a random one
/// for every request.
#[derive(Debug, Clone, Copy)]
pub struct Numbers;

impl MakeRequestId for Numbers {
    fn make_request_id<B>(&mut self, _: &RequestOf<B>) -> Option<RequestId> {
        static RUN: OnceLock<u32> = OnceLock::new();
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let run = *RUN.get_or_init(|| {
            let mut bytes = [0; 4];
            match getrandom::fill(&mut bytes) {
                Ok(()) => u32::from_le_bytes(bytes),
                Err(_) => std::process::id(),
            }
        });
        let id = format!("{run:08x}-{:08x}", NEXT.fetch_add(1, Ordering::Relaxed));
        HeaderValue::from_str(&id).ok().map(RequestId::new)
    }
}

/// The identifier, for what is written about the request.
pub fn of(request: &Request) -> String {
    let id = request.extensions().get::<RequestId>();
    id.and_then(|id| id.header_value().to_str().ok()).unwrap_or_default().to_owned()
}
