//! The test authority, for clients that want to trust it.

use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use crate::api::json;
use crate::api::schema::Authority;
use careplan_relay::Relay;

/// Certificate and revocation list of the test authority
///
/// No certificate and no login are needed.
#[utoipa::path(
    get, path = "/v1/authority", tag = "login",
    responses((status = 200, body = Authority))
)]
pub(super) async fn show_authority(State(relay): State<Relay>) -> Response {
    let authority = relay.authority();
    json(&json!({
        "ca_pem": authority.ca_pem,
        "crl_der_base64": BASE64_STANDARD.encode(&authority.crl_der),
        "issuer": authority.issuer,
    }))
}
