//! Certificates of the office (relay.md §5).

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::body::{JsonBody, UrlQuery};
use crate::api::caller::OnSite;
use crate::api::problem::{ApiResult, Problem};
use crate::api::{attachment, json};
use careplan_relay::Relay;
use careplan_relay::certificate::{CertificateApplication, CertificateView};
use careplan_relay::secret::Secret;

/// A password the system issued.
#[derive(Serialize, ToSchema)]
struct IssuedPassword {
    /// 証明書発行用パスワード.
    #[schema(value_type = String)]
    password: Secret,
}

/// The certificates of an office.
#[derive(Serialize, ToSchema)]
struct CertificateList {
    /// The newest first.
    items: Vec<CertificateView>,
}

/// 証明書発行用パスワード
///
/// In the real system it comes on paper and in a protected notice.
#[utoipa::path(
    get, path = "/v1/portal/certificate-password", tag = "sites",
    security(("portal_token" = [])),
    responses(
        (status = 200, body = IssuedPassword),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_certificate_password(
    State(relay): State<Relay>,
    on_site: OnSite,
) -> ApiResult<Response> {
    let password = relay.turn().await?.certificates().password(&on_site.caller).await?;
    Ok(json(&IssuedPassword { password }))
}

/// Have the 証明書発行用パスワード issued anew
///
/// Certificates issued before can no longer be installed.
#[utoipa::path(
    post, path = "/v1/portal/certificate-password", tag = "sites",
    security(("portal_token" = [])),
    responses(
        (status = 200, body = IssuedPassword),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn reissue_certificate_password(
    State(relay): State<Relay>,
    on_site: OnSite,
) -> ApiResult<Response> {
    let password = relay.turn().await?.certificates().reissue_password(&on_site.caller).await?;
    Ok(json(&IssuedPassword { password }))
}

/// The certificates of the office
#[utoipa::path(
    get, path = "/v1/portal/certificates", tag = "sites",
    security(("portal_token" = [])),
    responses(
        (status = 200, body = CertificateList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_certificates(
    State(relay): State<Relay>,
    on_site: OnSite,
) -> ApiResult<Response> {
    let items = relay.turn().await?.certificates().list(&on_site.caller).await?;
    Ok(json(&CertificateList { items }))
}

/// Apply for a certificate
#[utoipa::path(
    post, path = "/v1/portal/certificates", tag = "sites",
    security(("portal_token" = [])),
    request_body = CertificateApplication,
    responses(
        (status = 202, body = CertificateView),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn apply_for_certificate(
    State(relay): State<Relay>,
    on_site: OnSite,
    JsonBody(application): JsonBody<CertificateApplication>,
) -> ApiResult<Response> {
    let row = relay.turn().await?.certificates().apply(&on_site.caller, application).await?;
    Ok((StatusCode::ACCEPTED, json(&row)).into_response())
}

/// In which form a .p12 is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct P12Form {
    #[serde(default)]
    for_older_systems: bool,
}

/// The .p12 of a certificate
///
/// In both forms it holds the same certificate and key.
#[utoipa::path(
    get, path = "/v1/portal/certificates/{id}/p12", tag = "sites",
    security(("portal_token" = [])),
    params(
        ("id" = String, Path, description = "Identifier of the application"),
        ("for_older_systems" = Option<bool>, Query, description = "The older encryption (3DES, SHA-1), for the keychain of macOS and Windows Server 2016; without it, as the switch `p12-for-older-systems` says"),
    ),
    responses(
        (status = 200, content_type = "application/x-pkcs12", description = "The .p12; its password is the 証明書発行用パスワード."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn fetch_p12(
    State(relay): State<Relay>,
    on_site: OnSite,
    Path(id): Path<String>,
    UrlQuery(form): UrlQuery<P12Form>,
) -> ApiResult<Response> {
    let certificates = relay.turn().await?.certificates();
    let p12 = match form.for_older_systems {
        true => certificates.p12_for_older_systems(&on_site.caller, &id).await?,
        false => certificates.p12(&on_site.caller, &id).await?,
    };
    Ok(attachment(p12.bytes, "application/x-pkcs12", &p12.file_name))
}
