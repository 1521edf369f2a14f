//! Where a request ends, told without doubt.

use axum::extract::Request;
use axum::http::{HeaderValue, Version, header};
use axum::middleware::Next;
use axum::response::Response;

/// The layer: a request in chunks is the last one of its connection of HTTP/1, and any
/// `Content-Length` beside it does not count (RFC 9112 §6.3).
///
/// Whoever stands between us and the client may have gone by that length. hyper drops it where it
/// comes after `Transfer-Encoding`, so that it cannot be seen here: every request in chunks is
/// treated alike.
pub(super) async fn end(mut request: Request, next: Next) -> Response {
    let is_in_chunks = request.version() < Version::HTTP_2
        && request.headers().contains_key(header::TRANSFER_ENCODING);
    if !is_in_chunks {
        return next.run(request).await;
    }
    request.headers_mut().remove(header::CONTENT_LENGTH);
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
