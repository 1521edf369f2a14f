//! The test authority, for clients that want to trust it.

use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::json;
use careplan_relay::Relay;

/// What everybody may know about the test authority.
#[derive(Serialize, ToSchema)]
struct Authority<'a> {
    /// Its certificate, PEM.
    ca_pem: &'a str,
    /// The revocation list, DER, base64.
    crl_der_base64: String,
    /// CN of the issuer.
    issuer: &'a str,
}

/// Certificate and revocation list of the test authority
///
/// No certificate and no login are needed.
#[utoipa::path(
    get, path = "/v1/authority", tag = "login",
    responses((status = 200, body = Authority))
)]
pub(super) async fn show_authority(State(relay): State<Relay>) -> Response {
    let authority = relay.authority();
    json(&Authority {
        ca_pem: &authority.ca_pem,
        crl_der_base64: BASE64_STANDARD.encode(&authority.crl_der),
        issuer: &authority.issuer,
    })
}
