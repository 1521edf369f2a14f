//! Sending (relay.md §1, §2, §3 E1 – E3).

use axum::body::Body;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Multipart, Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::unreadable;
use crate::api::caller::SignedIn;
use crate::api::json;
use crate::api::problem::{ApiError, ApiResult, Problem};
use crate::api::transport_refusal::{BODY_MALFORMED, MEDIA_TYPE_WRONG};
use crate::memory::{
    DRAINED_BYTES, DRAINED_FOR, Holding, LARGEST_MANIFEST, LARGEST_SIGNATURE, largest_message,
};
use careplan_relay::Relay;
use careplan_relay::message::{Manifest, SendRequest, Sent, SentFile};
use careplan_relay::outcome::Refusal;
use careplan_relay::refusal::{
    FILE_TOO_LARGE, IDEMPOTENCY_KEY_MALFORMED, MESSAGE_TOO_LARGE, RefusalKind, TOO_MANY_FILES,
};
use careplan_relay::switches::Switches;

/// Marks a message or a claim, so that doing it again after a lost answer does not do it twice.
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A message to be sent, as `multipart/form-data`, its parts in this order.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read part by part: a form is only described")]
struct MessageForm {
    /// The manifest, `application/json`.
    manifest: Manifest,
    /// Detached CMS signature over the exact bytes of `manifest`: DER,
    /// `application/pkcs7-signature`.
    #[schema(format = Binary, content_media_type = "application/pkcs7-signature")]
    signature: String,
    /// The files, in the order of the manifest, each with its `filename`: UTF-8 in quotes, as
    /// browsers and `curl -F` write it, without folders, and the same as in the manifest.
    #[schema(content_media_type = "application/octet-stream")]
    file: Vec<String>,
}

pub(super) fn routes() -> OpenApiRouter<Relay> {
    // The limits are those of the switches, enforced piece by piece.
    OpenApiRouter::new().routes(routes!(send_message)).layer(DefaultBodyLimit::disable())
}

/// Send a message to one office
///
/// The parts come in this order: `manifest`, `signature`, then one `file` for each file of the
/// manifest. Under an `Idempotency-Key` that was used for the same message, the first answer is
/// repeated with status 200.
#[utoipa::path(
    post, path = "/v1/messages", tag = "send",
    security(("access_token" = [])),
    params(("Idempotency-Key" = String, Header, description = "1 to 64 letters, digits, or - _ . :")),
    request_body(content = MessageForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, body = Sent, description = "Taken, and kept."),
        (status = 200, body = Sent, description = "Taken before under this key."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn send_message(State(relay): State<Relay>, request: Request) -> ApiResult<Response> {
    let (mut parts, body) = request.into_parts();
    // A client that asks first has not sent anything yet that would have to be read.
    let asks_first = parts.headers.contains_key(header::EXPECT);
    let holding = parts.extensions.get::<Holding>().cloned();
    let passes_through = || holding.iter().for_each(Holding::passes_through);
    let opened = match SignedIn::from_request_parts(&mut parts, &relay).await {
        Ok(signed_in) => key_of(&parts.headers)
            .and_then(|key| Ok((signed_in, key, announced(&parts.headers, &relay.switches())?))),
        Err(error) => Err(error),
    };
    let (signed_in, key, ()) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            if !asks_first {
                passes_through();
                drain(body).await;
            }
            return Err(error);
        }
    };
    let request = Request::from_parts(parts, body);
    let mut form = match Multipart::from_request(request, &()).await {
        Ok(form) => form,
        Err(rejection) => {
            let refusal = Refusal::new(&MEDIA_TYPE_WRONG).because(
                "multipart/form-data で送ってください。",
                format!("Send multipart/form-data: {}.", rejection.body_text()),
            );
            return Err(refusal.into());
        }
    };
    let message = match read(&mut form, key, &relay.switches()).await {
        Ok(message) => message,
        Err(error) => {
            passes_through();
            drain_form(form).await;
            return Err(error);
        }
    };
    let sent = relay.turn().await?.exchange().send(&signed_in.caller, message).await?;
    let status = if sent.repeated { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, json(&sent)).into_response())
}

pub(super) fn key_of(headers: &HeaderMap) -> ApiResult<String> {
    headers
        .get(IDEMPOTENCY_KEY)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
        .ok_or_else(|| (&IDEMPOTENCY_KEY_MALFORMED).into())
}

/// The key of a request that may come without one.
pub(super) fn optional_key_of(headers: &HeaderMap) -> ApiResult<Option<String>> {
    headers.contains_key(IDEMPOTENCY_KEY).then(|| key_of(headers)).transpose()
}

/// Refuses by the announced length, before the body is read.
fn announced(headers: &HeaderMap, switches: &Switches) -> ApiResult<()> {
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<u64>().ok())
        .unwrap_or(0);
    if length > largest_message(switches) {
        return Err(too_large(&MESSAGE_TOO_LARGE, switches.max_message_bytes));
    }
    Ok(())
}

fn too_large(kind: &'static RefusalKind, limit: u64) -> ApiError {
    let (ja, en) = (format!("{limit}バイトまでです。"), format!("The limit is {limit} bytes."));
    Refusal::new(kind).because(ja, en).into()
}

/// Reads the parts in their order.
async fn read(form: &mut Multipart, key: String, switches: &Switches) -> ApiResult<SendRequest> {
    let mut manifest: Option<Bytes> = None;
    let mut signature: Option<Bytes> = None;
    let mut files: Vec<SentFile> = Vec::new();
    let mut bytes = 0_u64;
    while let Some(part) = form.next_field().await.map_err(|error| unreadable(&error))? {
        match part.name() {
            Some("manifest") if manifest.is_none() && signature.is_none() && files.is_empty() => {
                let limit = LARGEST_MANIFEST;
                manifest =
                    Some(collect(part, limit, || too_large(&MESSAGE_TOO_LARGE, limit)).await?);
            }
            Some("signature") if manifest.is_some() && signature.is_none() && files.is_empty() => {
                let limit = LARGEST_SIGNATURE;
                signature =
                    Some(collect(part, limit, || too_large(&MESSAGE_TOO_LARGE, limit)).await?);
            }
            Some("file") if manifest.is_some() => {
                if files.len() >= usize::try_from(switches.max_files).unwrap_or(usize::MAX) {
                    let refusal = Refusal::new(&TOO_MANY_FILES).because(
                        format!("1回に送れるのは{}ファイルまでです。", switches.max_files),
                        format!("A message has at most {} files.", switches.max_files),
                    );
                    return Err(refusal.into());
                }
                let Some(name) = part.file_name().map(str::to_owned) else {
                    return Err(out_of_order("A file part has no filename."));
                };
                let left = switches.max_message_bytes - bytes;
                let limit = left.min(switches.max_file_bytes);
                let refuse = || match left < switches.max_file_bytes {
                    true => too_large(&MESSAGE_TOO_LARGE, switches.max_message_bytes),
                    false => too_large(&FILE_TOO_LARGE, switches.max_file_bytes),
                };
                let content = collect(part, limit, refuse).await?;
                bytes += content.len() as u64;
                files.push(SentFile { name, bytes: content });
            }
            name => {
                let name = name.unwrap_or("without a name").to_owned();
                return Err(out_of_order(&format!("The part {name} does not belong here.")));
            }
        }
    }
    let Some(manifest) = manifest else {
        return Err(out_of_order("The part manifest is missing."));
    };
    Ok(SendRequest { key, manifest, signature, files })
}

fn out_of_order(what: &str) -> ApiError {
    let ja = "manifest、signature、file の順に送ってください。";
    let en = format!("{what} The parts are manifest, signature, then every file.");
    Refusal::new(&BODY_MALFORMED).because(ja, en).into()
}

/// One part, whole; a part that arrived in one piece is not copied.
async fn collect(
    mut part: Field<'_>,
    limit: u64,
    refuse: impl Fn() -> ApiError,
) -> ApiResult<Bytes> {
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(piece) = part.chunk().await.map_err(|error| unreadable(&error))? {
        if (first.len() + all.len() + piece.len()) as u64 > limit {
            return Err(refuse());
        }
        if first.is_empty() && all.is_empty() {
            first = piece;
        } else {
            all.extend_from_slice(&std::mem::take(&mut first));
            all.extend_from_slice(&piece);
        }
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}

/// Reads on for a while. A connection that is closed with unread bytes in it is reset, and the
/// answer is lost with it.
async fn drain(body: Body) {
    let mut pieces = body.into_data_stream();
    let reading = async {
        let mut read = 0_u64;
        while let Some(Ok(piece)) = pieces.next().await {
            read += piece.len() as u64;
            if read > DRAINED_BYTES {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(DRAINED_FOR, reading).await;
}

/// The same for a form that was refused half way.
async fn drain_form(mut form: Multipart) {
    let reading = async {
        let mut read = 0_u64;
        while let Ok(Some(mut part)) = form.next_field().await {
            while let Ok(Some(piece)) = part.chunk().await {
                read += piece.len() as u64;
                if read > DRAINED_BYTES {
                    return;
                }
            }
        }
    };
    let _ = tokio::time::timeout(DRAINED_FOR, reading).await;
}
