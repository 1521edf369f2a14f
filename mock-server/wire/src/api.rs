//! The interface over HTTP: what the client of an office talks to ([`relay`]), and the two web
//! sites as JSON ([`portal`]).
//!
//! Handlers translate: a request into a call of [`Relay`], what it returns into JSON, a refusal
//! into a problem document. Rules live in the domain.

pub mod body;
pub mod caller;
pub mod envelope;
pub mod host;
pub mod portal;
pub mod problem;
pub mod relay;
pub mod request_id;
pub mod status;
pub mod transport_refusal;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;

use self::envelope::Envelope;
use self::problem::ApiError;
use self::transport_refusal::{METHOD_NOT_ALLOWED, ROUTE_UNKNOWN};
use careplan_relay::Relay;

/// A router with what a listener does around its requests, and answers where there is no route.
pub fn enclose(router: Router, envelope: Envelope) -> Router {
    surround(router.fallback(route_unknown), envelope)
}

/// The same for a router that answers by itself where there is no route.
pub fn surround(router: Router, envelope: Envelope) -> Router {
    envelope.surround(router.method_not_allowed_fallback(method_not_allowed))
}

/// The routes of the relay. A route is in the description exactly if it is served: both come from
/// one registration.
pub fn relay_routes() -> OpenApiRouter<Relay> {
    relay::routes()
}

/// The routes of the sites.
pub fn portal_routes() -> OpenApiRouter<Relay> {
    portal::routes()
}

/// The answer where there is no route.
pub async fn route_unknown(request: Request) -> ApiError {
    let path = request.uri().path().to_owned();
    let refusal = careplan_relay::outcome::Refusal::new(&ROUTE_UNKNOWN).because(
        format!("{} {path} というエンドポイントはありません。", request.method()),
        format!("There is no endpoint {} {path}.", request.method()),
    );
    refusal.into()
}

/// axum adds the `Allow` header.
async fn method_not_allowed() -> ApiError {
    (&METHOD_NOT_ALLOWED).into()
}

/// An answer that is to be kept as a file.
pub(crate) fn attachment(content: impl IntoResponse, kind: &'static str, name: &str) -> Response {
    let mut response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// JSON that is written once and shared: a page of a list is the same value for many requests.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => {
            let json = HeaderValue::from_static("application/json");
            ([(header::CONTENT_TYPE, json)], body).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            ApiError::from(&transport_refusal::INTERNAL_ERROR).into_response()
        }
    }
}
