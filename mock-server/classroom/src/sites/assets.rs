//! Style sheets and scripts, inside the program.

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Sites;

/// The routes.
pub(super) fn routes() -> Router<Sites> {
    Router::new()
        .route(
            "/assets/forms.css",
            get(async || file("text/css; charset=utf-8", careplan_forms::STYLE)),
        )
        .route(
            "/assets/site.css",
            get(async || {
                file("text/css; charset=utf-8", include_str!("../../templates/assets/site.css"))
            }),
        )
        .route(
            "/assets/chapters.css",
            get(async || {
                file("text/css; charset=utf-8", include_str!("../../templates/assets/chapters.css"))
            }),
        )
        .route(
            "/assets/computer.js",
            get(async || {
                file(
                    "text/javascript; charset=utf-8",
                    include_str!("../../templates/assets/computer.js"),
                )
            }),
        )
        .route(
            "/assets/drop.js",
            get(async || {
                file(
                    "text/javascript; charset=utf-8",
                    include_str!("../../templates/assets/drop.js"),
                )
            }),
        )
}

fn file(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("max-age=300")),
    ];
    (headers, text).into_response()
}
