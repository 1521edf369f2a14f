//! Certificates without an application: good ones, and ones that are wrong on purpose.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use careplan_certs::Wrong;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Controls;
use crate::api::body::JsonBody;
use crate::api::problem::{ApiError, ApiResult, Problem};
use crate::api::transport_refusal::WRONG_CERTIFICATE_UNKNOWN;
use careplan_relay::outcome::{Error, Failure, Refusal};
use careplan_relay::secret::Secret;

/// A certificate to be issued.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IssueOrder {
    /// Office number.
    office: String,
    /// What shall be wrong with it: an entry of the catalogue; without it, nothing.
    wrong: Option<String>,
    /// Password of the .p12; without it, the office's 証明書発行用パスワード.
    #[schema(value_type = Option<String>)]
    password: Option<Secret>,
    /// Whether the .p12 is written in the older encryption (3DES, SHA-1), for the keychain of macOS
    /// and Windows Server 2016; without it, as the switch `p12-for-older-systems` says.
    #[serde(default)]
    for_older_systems: bool,
}

/// A certificate that was issued.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Issued {
    /// File name.
    file_name: String,
    /// The .p12, base64.
    p12_base64: String,
    /// Its password.
    #[schema(value_type = String)]
    password: Secret,
    /// Serial number, decimal.
    serial: String,
    /// Subject.
    subject: String,
    /// Issuer.
    issuer: String,
    /// Start of validity.
    not_before: Timestamp,
    /// End of validity.
    not_after: Timestamp,
    /// Entry of the catalogue; null for a good one.
    wrong: Option<String>,
    /// Code of the refusal that presenting it gets; null for a good one.
    refusal: Option<&'static str>,
}

/// Issue a certificate at once, good or wrong on purpose
#[utoipa::path(
    post, path = "/v1/controls/certificates", tag = "controls",
    security((), ("admin_token" = [])),
    request_body = IssueOrder,
    responses(
        (status = 201, body = Issued),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn issue_certificate(
    State(controls): State<Controls>,
    JsonBody(order): JsonBody<IssueOrder>,
) -> ApiResult<(StatusCode, Json<Issued>)> {
    let issued = controls
        .relay
        .turn()
        .await?
        .operator()
        .issue_for_test(&order.office, order.wrong.as_deref(), order.password.as_ref())
        .await
        .map_err(explained)?;
    let issued = match order.for_older_systems {
        true => issued.for_older_systems().await?,
        false => issued,
    };
    let issued = Issued {
        file_name: issued.file_name,
        p12_base64: BASE64_STANDARD.encode(&issued.p12),
        password: issued.password,
        serial: issued.serial,
        subject: issued.subject,
        issuer: issued.issuer,
        not_before: issued.not_before,
        not_after: issued.not_after,
        wrong: issued.wrong,
        refusal: issued.refusal,
    };
    Ok((StatusCode::CREATED, Json(issued)))
}

/// Revoke a certificate
#[utoipa::path(
    post, path = "/v1/controls/certificates/{serial}/revoke", tag = "controls",
    security((), ("admin_token" = [])),
    params(("serial" = String, Path, description = "Serial number, decimal")),
    responses(
        (status = 204, description = "Revoked."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn revoke_certificate(
    State(controls): State<Controls>,
    Path(serial): Path<String>,
) -> ApiResult<StatusCode> {
    controls.relay.turn().await?.operator().revoke(&serial).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn explained(error: Error) -> ApiError {
    match error {
        Error::Failed(Failure::UnknownWrong(name)) => Refusal::new(&WRONG_CERTIFICATE_UNKNOWN)
            .because(
                format!("「{name}」という種類はありません。{}", names()),
                format!("There is no wrong certificate {name}. There are {}.", names()),
            )
            .into(),
        error => error.into(),
    }
}

/// The catalogue.
fn names() -> String {
    Wrong::ALL.map(Wrong::id).join(", ")
}
