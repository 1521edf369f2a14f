//! Faults on their way into a request; [`crate::fault`] decides which.

use std::sync::Arc;

use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::StreamExt;

use super::super::problem::{self, ApiError};
use super::super::request_id;
use super::super::transport_refusal::{INJECTED_FAULT, MAINTENANCE};
use super::observer::Struck;
use crate::fault::{Blow, Faults};
use crate::listener::connection::Peer;

/// The layer: delays, replaces, spoils or drops an answer.
pub(super) async fn strike(
    State(faults): State<Arc<Faults>>,
    request: Request,
    next: Next,
) -> Response {
    let template = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    // Never on the trainer's console: that is where faults are disarmed.
    if template.is_some_and(|template| template.starts_with("/console")) {
        return next.run(request).await;
    }
    let endpoint = template.unwrap_or(request.uri().path());
    let strike = faults.decide(request.method().as_str(), endpoint);
    let Some(name) = strike.name() else { return next.run(request).await };
    if let Some(latency) = strike.latency {
        tokio::time::sleep(latency).await;
    }
    let cut = request.extensions().get::<Peer>().map(|peer| peer.cut.clone()).unwrap_or_default();
    let mut response = match strike.then {
        None => next.run(request).await,
        Some(Blow::Status(status)) => injected(status),
        Some(Blow::Maintenance) => ApiError::from(&MAINTENANCE)
            .with_header(header::RETRY_AFTER, HeaderValue::from_static("60"))
            .into_response(),
        Some(Blow::DropBefore) => {
            cut.now();
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Some(Blow::DropAfter) => {
            let response = next.run(request).await;
            cut.now();
            response
        }
        Some(Blow::Truncate(bytes)) => {
            let request_id = request_id::of(&request);
            // A refusal gets its document now, so that it can be cut.
            truncated(problem::written(next.run(request).await, &request_id), bytes)
        }
    };
    response.extensions_mut().insert(Struck(name));
    response
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
fn truncated(response: Response, bytes: u64) -> Response {
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
