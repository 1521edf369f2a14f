//! The bytes of a claimed message (relay.md §2, §9 item 12).

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::attachment;
use crate::api::body::JsonBody;
use crate::api::caller::SignedIn;
use crate::api::problem::{ApiError, ApiResult, Problem};
use crate::api::transport_refusal::RANGE_UNSATISFIABLE;
use crate::memory::{Going, Memory};
use careplan_relay::Relay;
use careplan_relay::secret::Secret;

/// What the client computed.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Confirmation {
    /// SHA-256 of what arrived, hex.
    sha256: String,
}

/// The archive of a claimed message
///
/// The same bytes every time, so a broken download can go on where it stopped: for ten minutes after
/// the claim (switch `download-minutes`), or until it is confirmed.
#[utoipa::path(
    get, path = "/v1/downloads/{download_token}", tag = "receive",
    security(("access_token" = [])),
    params(
        ("download_token" = String, Path, description = "From the claim"),
        ("Range" = Option<String>, Header, description = "One range of bytes"),
        ("If-Range" = Option<String>, Header, description = "The ETag the range belongs to"),
    ),
    responses(
        (status = 200, content_type = "application/zip", description = "The whole archive.",
            headers(("ETag" = String, description = "SHA-256 of the archive, in quotes"))),
        (status = 206, content_type = "application/zip", description = "The range."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn download(
    State(relay): State<Relay>,
    signed_in: SignedIn,
    Path(download_token): Path<String>,
    Extension(memory): Extension<Memory>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let exchange = relay.turn().await?.exchange();
    let to = exchange.to_download(&signed_in.caller, &Secret::new(download_token)).await?;
    let office = signed_in.caller.office.as_str();
    let read = async { Ok(exchange.archive(&to).await?) };
    let bytes = memory.archive(office, &to.sha256, to.size, read).await?;
    let answer = ranged(&headers, &bytes, &to.sha256)?.map(|piece| Going::body(piece, &memory));
    Ok(attachment(answer, "application/zip", &to.file_name))
}

/// Say that the archive has arrived; the download ends
#[utoipa::path(
    post, path = "/v1/downloads/{download_token}/confirm", tag = "receive",
    security(("access_token" = [])),
    params(("download_token" = String, Path, description = "From the claim")),
    request_body = Confirmation,
    responses(
        (status = 204, description = "The download has ended."),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn confirm_download(
    State(relay): State<Relay>,
    signed_in: SignedIn,
    Path(download_token): Path<String>,
    JsonBody(confirmation): JsonBody<Confirmation>,
) -> ApiResult<StatusCode> {
    let token = Secret::new(download_token);
    relay.turn().await?.exchange().confirm(&signed_in.caller, &token, &confirmation.sha256).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All of the bytes, or the range that is asked for.
fn ranged(headers: &HeaderMap, bytes: &Bytes, sha256: &str) -> ApiResult<Response<Bytes>> {
    let tag = format!("\"{sha256}\"");
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let is_current = text(header::IF_RANGE).is_none_or(|of| of == tag);
    let wanted = text(header::RANGE).filter(|_| is_current);
    let size = bytes.len() as u64;
    let range = match wanted.map(|range| parse_range(range, size)) {
        None | Some(Range::Ignored) => None,
        Some(Range::Of(first, last)) => Some((first, last)),
        Some(Range::Beyond) => {
            let value = HeaderValue::from_str(&format!("bytes */{size}"))
                .unwrap_or(HeaderValue::from_static("bytes */*"));
            return Err(
                ApiError::from(&RANGE_UNSATISFIABLE).with_header(header::CONTENT_RANGE, value)
            );
        }
    };
    let mut response = match range {
        None => Response::new(bytes.clone()),
        Some((first, last)) => {
            // Both lie within the size of a value in memory.
            let piece = bytes.slice(first as usize..=last as usize);
            let mut response = Response::new(piece);
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            if let Ok(value) = HeaderValue::from_str(&format!("bytes {first}-{last}/{size}")) {
                response.headers_mut().insert(header::CONTENT_RANGE, value);
            }
            response
        }
    };
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    Ok(response)
}

/// What a Range header comes to.
#[derive(Debug, PartialEq, Eq)]
enum Range {
    /// First and last byte, 0-based, both included.
    Of(u64, u64),
    /// There is no such byte.
    Beyond,
    /// Several ranges, another unit, or no range at all: answered with everything (RFC 9110
    /// §14.2 allows that).
    Ignored,
}

fn parse_range(text: &str, size: u64) -> Range {
    let Some(spec) = text.strip_prefix("bytes=") else { return Range::Ignored };
    let Some((first, last)) = spec.split_once('-') else { return Range::Ignored };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match (first.trim(), last.trim()) {
        ("", last) => match number(last) {
            Some(0) => Range::Beyond,
            Some(_) if size == 0 => Range::Beyond,
            Some(count) => Range::Of(size.saturating_sub(count), size - 1),
            None => Range::Ignored,
        },
        (first, "") => match number(first) {
            Some(first) if first < size => Range::Of(first, size - 1),
            Some(_) => Range::Beyond,
            None => Range::Ignored,
        },
        (first, last) => match (number(first), number(last)) {
            (Some(first), Some(last)) if first > last => Range::Ignored,
            (Some(first), Some(last)) if first < size => Range::Of(first, last.min(size - 1)),
            (Some(_), Some(_)) => Range::Beyond,
            _ => Range::Ignored,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_rfc_9110_writes_them() {
        for (text, range) in [
            ("bytes=0-4", Range::Of(0, 4)),
            ("bytes=5-", Range::Of(5, 9)),
            ("bytes=-3", Range::Of(7, 9)),
            ("bytes=-30", Range::Of(0, 9)),
            ("bytes=8-100", Range::Of(8, 9)),
            ("bytes=10-", Range::Beyond),
            ("bytes=-0", Range::Beyond),
            ("bytes=4-2", Range::Ignored),
            ("bytes=0-1,3-4", Range::Ignored),
            ("bytes=a-b", Range::Ignored),
            ("lines=1-2", Range::Ignored),
            ("bytes=99999999999999999999-", Range::Ignored),
        ] {
            assert_eq!(parse_range(text, 10), range, "{text}");
        }
        assert_eq!(parse_range("bytes=-5", 0), Range::Beyond);
        assert_eq!(parse_range("bytes=0-", 0), Range::Beyond);
    }

    #[test]
    fn a_range_of_another_version_is_answered_with_everything() {
        let bytes = Bytes::from_static(b"0123456789");
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_static("bytes=0-1"));
        let answer = ranged(&headers, &bytes, "abc").unwrap();
        assert_eq!(answer.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(answer.headers()[header::CONTENT_RANGE], "bytes 0-1/10");
        headers.insert(header::IF_RANGE, HeaderValue::from_static("\"other\""));
        assert_eq!(ranged(&headers, &bytes, "abc").unwrap().status(), StatusCode::OK);
        headers.insert(header::IF_RANGE, HeaderValue::from_static("\"abc\""));
        assert_eq!(ranged(&headers, &bytes, "abc").unwrap().status(), StatusCode::PARTIAL_CONTENT);
    }
}
