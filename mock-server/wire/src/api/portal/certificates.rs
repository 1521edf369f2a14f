//! Certificates of the office (relay.md §5).

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::api::caller::OnSite;
use crate::api::problem::{ApiResult, Problem};
use crate::api::{json as write, schema};
use careplan_relay::Relay;
use careplan_relay::certificate::{CertificateApplication, CertificateKind};
use careplan_relay::secret::Secret;

/// An application for a certificate.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Application {
    /// Which kind.
    #[schema(value_type = schema::CertificateKind)]
    kind: CertificateKind,
    /// 証明書発行用パスワード.
    #[schema(value_type = String, format = Password)]
    password: Secret,
    /// Whether the terms are accepted.
    accept_terms: bool,
    /// Whether it shall begin at the end of the current one.
    #[serde(default)]
    renewal: bool,
}

/// 証明書発行用パスワード
///
/// In the real system it comes on paper and in a protected notice.
#[utoipa::path(
    get, path = "/v1/portal/certificate-password", tag = "sites",
    security(("portal_token" = [])),
    responses(
        (status = 200, body = schema::IssuedPassword),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_certificate_password(
    State(relay): State<Relay>,
    on_site: OnSite,
) -> ApiResult<Response> {
    Ok(write(
        &json!({ "password": relay.turn().await?.certificates().password(&on_site.caller).await? }),
    ))
}

/// Have the 証明書発行用パスワード issued anew
///
/// Certificates issued before can no longer be installed.
#[utoipa::path(
    post, path = "/v1/portal/certificate-password", tag = "sites",
    security(("portal_token" = [])),
    responses(
        (status = 200, body = schema::IssuedPassword),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn reissue_certificate_password(
    State(relay): State<Relay>,
    on_site: OnSite,
) -> ApiResult<Response> {
    let password = relay.turn().await?.certificates().reissue_password(&on_site.caller).await?;
    Ok(write(&json!({ "password": password })))
}

/// The certificates of the office
#[utoipa::path(
    get, path = "/v1/portal/certificates", tag = "sites",
    security(("portal_token" = [])),
    responses(
        (status = 200, body = schema::CertificateList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_certificates(
    State(relay): State<Relay>,
    on_site: OnSite,
) -> ApiResult<Response> {
    Ok(write(&json!({ "items": relay.turn().await?.certificates().list(&on_site.caller).await? })))
}

/// Apply for a certificate
#[utoipa::path(
    post, path = "/v1/portal/certificates", tag = "sites",
    security(("portal_token" = [])),
    request_body = Application,
    responses(
        (status = 202, body = schema::CertificateRow),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn apply_for_certificate(
    State(relay): State<Relay>,
    on_site: OnSite,
    JsonBody(application): JsonBody<Application>,
) -> ApiResult<Response> {
    let application = CertificateApplication {
        kind: application.kind,
        password: application.password,
        accept_terms: application.accept_terms,
        renewal: application.renewal,
    };
    let row = relay.turn().await?.certificates().apply(&on_site.caller, application).await?;
    Ok((StatusCode::ACCEPTED, write(&row)).into_response())
}

/// The .p12 of a certificate
#[utoipa::path(
    get, path = "/v1/portal/certificates/{id}/p12", tag = "sites",
    security(("portal_token" = [])),
    params(("id" = String, Path, description = "Identifier of the application")),
    responses(
        (status = 200, content_type = "application/x-pkcs12", description = "The .p12; its password is the 証明書発行用パスワード."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn fetch_p12(
    State(relay): State<Relay>,
    on_site: OnSite,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let p12 = relay.turn().await?.certificates().p12(&on_site.caller, &id).await?;
    let mut response = Response::new(Body::from(p12.bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-pkcs12"));
    let disposition = format!("attachment; filename=\"{}\"", p12.file_name);
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
