//! Who is let in at all, before anybody asks what for.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, Version, header};
use axum::middleware::Next;
use axum::response::Response;

use super::super::body;
use super::super::caller::bearer;
use super::super::host::{HostNames, Unclear, authority_of, is_own_origin, names_one};
use super::super::problem::{ApiError, ApiResult};
use super::super::transport_refusal::{
    ADMIN_TOKEN_TRIES, ADMIN_TOKEN_WRONG, HOST_UNCLEAR, HOST_UNKNOWN, JSON_WANTED, ORIGIN_FOREIGN,
};
use crate::listener::connection::Peer;
use crate::operator::{OperatorToken, Tried};
use careplan_relay::outcome::Refusal;

/// Only the operator may ask: from the listener's own pages or a program, in JSON, with the token.
#[derive(Debug, Default)]
pub struct Guard {
    /// The token, where one is asked for.
    pub token: Option<Arc<OperatorToken>>,
}

/// The layer: nobody asks under a name that is not the server's.
pub(super) async fn admit_host(
    State(hosts): State<Arc<HostNames>>,
    request: Request,
    next: Next,
) -> ApiResult<Response> {
    if let Err(unclear) = names_one(request.version(), request.uri(), request.headers()) {
        return Err(refused(unclear, request.version()));
    }
    if !hosts.admits(asked_of(&request)) {
        let refusal = Refusal::new(&HOST_UNKNOWN).because(
            "リクエストのHostが、このサーバーの名前ではありません。",
            "The Host of the request is not a name of this server.",
        );
        return Err(refusal.into());
    }
    Ok(next.run(request).await)
}

/// The refusal; a connection of HTTP/1 ends with it, because the next request on it may be one that
/// somebody else was meant to read.
fn refused(unclear: Unclear, version: Version) -> ApiError {
    let (ja, en) = match unclear {
        Unclear::Missing => ("Hostヘッダーがありません。", "There is no Host header."),
        Unclear::Several => {
            ("Hostヘッダーが2つ以上あります。", "There is more than one Host header.")
        }
        Unclear::Malformed => ("Hostヘッダーを読み取れません。", "The Host header cannot be read."),
        Unclear::Differs => (
            "URLのホストとHostヘッダーが異なります。",
            "The host of the URL and the Host header differ.",
        ),
    };
    let error = ApiError::from(Refusal::new(&HOST_UNCLEAR).because(ja, en));
    if version < Version::HTTP_2 {
        return error.with_header(header::CONNECTION, HeaderValue::from_static("close"));
    }
    error
}

/// The layer: nobody asks but the operator.
pub(super) async fn admit_operator(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> ApiResult<Response> {
    let headers = request.headers();
    if !is_own_origin(headers, asked_of(&request)) {
        return Err((&ORIGIN_FOREIGN).into());
    }
    let changes = [Method::POST, Method::PUT, Method::PATCH].contains(request.method());
    // A page elsewhere cannot send JSON without asking first, nor anything without its origin.
    let has_nothing = !headers.contains_key(header::CONTENT_TYPE) && request.body().is_end_stream();
    if changes && !body::is_json(headers) && !body::is_zip(headers) && !has_nothing {
        return Err((&JSON_WANTED).into());
    }
    let is_probe = ["/healthz", "/readyz"].contains(&request.uri().path());
    if let Some(wanted) = guard.token.as_ref().filter(|_| !is_probe) {
        // One that is missing is no guess.
        let given = bearer(headers).ok_or(&ADMIN_TOKEN_WRONG)?;
        let from = request.extensions().get::<Peer>().map(|peer| peer.address);
        let from = from.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        match wanted.tried(&given, from) {
            Tried::Right => {}
            Tried::Wrong => return Err((&ADMIN_TOKEN_WRONG).into()),
            Tried::TooMany(waits) => {
                let seconds = HeaderValue::from(waits.as_secs().saturating_add(1));
                let refused = ApiError::from(&ADMIN_TOKEN_TRIES);
                return Err(refused.with_header(header::RETRY_AFTER, seconds));
            }
        }
    }
    Ok(next.run(request).await)
}

fn asked_of(request: &Request) -> &str {
    authority_of(request.uri(), request.headers()).unwrap_or("")
}
