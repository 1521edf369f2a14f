//! What happens around every request, whoever it is for: layers, each of which does one thing.
//!
//! [`Envelope::surround`] has them in their order. The innermost part is the handler; nothing of
//! it knows about this.

mod admission;
mod framing;
mod observer;
mod strike;

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use tower::ServiceBuilder;
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;

pub use self::admission::Guard;
pub use self::observer::Observer;
use super::host::HostNames;
use super::problem::ApiError;
use super::transport_refusal::INTERNAL_ERROR;
use super::{problem, request_id};
use crate::fault::Faults;
use crate::memory::{self, Memory};

/// Marks every answer as one of a mock.
pub const MOCK_HEADER: HeaderName = HeaderName::from_static("x-mock-server");

/// What one listener puts around its requests.
#[derive(Debug)]
pub struct Envelope {
    /// Where requests and their answers are noted.
    pub observer: Observer,
    /// The names it answers to.
    pub hosts: HostNames,
    /// Who may ask, where it is not everybody.
    pub guard: Option<Guard>,
    /// What there is for bodies.
    pub memory: Memory,
    /// Faults; none on the controls, or nobody could disarm them.
    pub faults: Option<Arc<Faults>>,
}

/// What changes something goes on to its end once it has begun, whether or not anybody waits for its
/// answer still: what is kept and what is remembered of it stay the same.
async fn finish(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => ApiError::from(&INTERNAL_ERROR).into_response(),
    }
}

impl Envelope {
    /// A router with everything around it, from the outside in: a request meets the first layer
    /// first, an answer last.
    pub fn surround(self, router: Router) -> Router {
        let mark = SetResponseHeaderLayer::overriding;
        let plain = HeaderValue::from_static;
        let layers = ServiceBuilder::new()
            // Every answer has an identifier and says what it comes from.
            .map_request(request_id::forget_a_strange_one)
            .layer(SetRequestIdLayer::x_request_id(request_id::Numbers))
            .layer(PropagateRequestIdLayer::x_request_id())
            .layer(mark(MOCK_HEADER, plain("careplan-testbed")))
            .layer(mark(header::X_CONTENT_TYPE_OPTIONS, plain("nosniff")))
            .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, plain("no-store")))
            .layer(middleware::from_fn(framing::end))
            // Numbers, log and journal.
            .layer(middleware::from_fn_with_state(Arc::new(self.observer), observer::note))
            // Whoever refuses from here on gets a document written.
            .layer(middleware::from_fn(problem::write))
            .layer(middleware::from_fn_with_state(Arc::new(self.hosts), admission::admit_host))
            .option_layer(self.guard.map(|guard| {
                middleware::from_fn_with_state(Arc::new(guard), admission::admit_operator)
            }))
            .option_layer(
                self.faults.map(|faults| middleware::from_fn_with_state(faults, strike::strike)),
            )
            // What is read of a body is counted, comes in time, and is kept for the journal.
            .layer(middleware::from_fn_with_state(self.memory, memory::meter))
            .layer(middleware::from_fn(observer::keep_body))
            .layer(middleware::from_fn(finish))
            .layer(middleware::from_fn(memory::hold));
        router.layer(layers)
    }
}
