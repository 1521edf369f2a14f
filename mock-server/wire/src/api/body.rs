//! Bodies of requests: bounded in size; [`crate::memory`] bounds them in time and all together.

use std::error::Error as StdError;
use std::io;
use std::iter::successors;

use axum::body::Body;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::try_unfold;
use serde::de::DeserializeOwned;

use super::problem::{ApiError, ApiResult};
use super::transport_refusal::{
    BODY_MALFORMED, BODY_TOO_LARGE, BODY_TOO_SLOW, JSON_WANTED, QUERY_MALFORMED,
};
use crate::memory::{Holding, TooSlow, no_room};
use careplan_relay::outcome::{Error, Failure, Refusal};
use careplan_relay::saved_state::{Arriving, LARGEST_STATE, SavedState};

/// The largest JSON body taken, in bytes.
pub const LARGEST_JSON: usize = 64 * 1024;

/// Whether the body is JSON by its media type.
pub fn is_json(headers: &HeaderMap) -> bool {
    is_media_type(headers, "application/json")
}

/// Whether the body is a ZIP archive by its media type.
pub fn is_zip(headers: &HeaderMap) -> bool {
    is_media_type(headers, "application/zip")
}

fn is_media_type(headers: &HeaderMap, wanted: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case(wanted))
}

/// The whole body, of at most `limit` bytes.
///
/// # Errors
/// `body-too-large`, `body-too-slow`, `body-malformed`.
pub async fn collect(body: Body, limit: usize) -> ApiResult<Bytes> {
    let mut request = Request::new(body);
    DefaultBodyLimit::max(limit).apply(&mut request);
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            too_large(limit as u64)
        }
        rejection => unreadable(&rejection),
    })
}

fn too_large(limit: u64) -> ApiError {
    Refusal::new(&BODY_TOO_LARGE)
        .because(
            format!("本文は{limit}バイトまでです。"),
            format!("A body here has at most {limit} bytes."),
        )
        .into()
}

/// A saved state that is sent, kept in a file.
///
/// # Errors
/// `body-too-large`, `body-too-slow`, `body-malformed`; there is no room for it.
pub async fn keep(request: Request) -> ApiResult<SavedState> {
    if let Some(holding) = request.extensions().get::<Holding>() {
        holding.passes_through();
    }
    let mut arriving = Arriving::new().map_err(beyond)?;
    let mut pieces = request.into_body().into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| unreadable(&error))?;
        arriving.push(&piece).await.map_err(beyond)?;
    }
    arriving.finish().await.map_err(beyond)
}

fn beyond(failure: Failure) -> ApiError {
    match failure {
        Failure::StateTooLarge => too_large(LARGEST_STATE),
        failure => Error::Failed(failure).into(),
    }
}

/// A saved state as a body, a piece at a time.
pub fn of_saved(saved: SavedState) -> Body {
    Body::from_stream(try_unfold(0, move |at| {
        let saved = saved.clone();
        async move {
            let piece = saved.piece(at).await?;
            let next = at + piece.len() as u64;
            Ok::<_, io::Error>((!piece.is_empty()).then_some((piece, next)))
        }
    }))
}

/// A body that does not arrive in time, for which there is no room, that breaks off, or is not framed as it should be.
pub fn unreadable(error: &(dyn StdError + 'static)) -> ApiError {
    let causes = || successors(Some(error), |&error| error.source());
    if let Some(slow) = causes().find_map(|cause| cause.downcast_ref::<TooSlow>()) {
        return Refusal::new(&BODY_TOO_SLOW)
            .because(
                format!("30秒待っても届かないか、毎秒{}バイトより遅い状態が続きました。", slow.0),
                format!("It was silent for 30 seconds, or slower than {} bytes a second.", slow.0),
            )
            .into();
    }
    if let Some(refused) = no_room(error) {
        return refused;
    }
    // What the framework says first is that it could not read a body.
    let why = causes().nth(1).unwrap_or(error);
    Refusal::new(&BODY_MALFORMED)
        .because(
            "本文が途中で切れたか、形式に誤りがあります。",
            format!("The body broke off or is malformed: {why}."),
        )
        .into()
}

/// A JSON body.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err((&JSON_WANTED).into());
        }
        let bytes = collect(request.into_body(), LARGEST_JSON).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            // serde_json quotes values of the wrong type; a password could be one.
            let (line, column) = (error.line(), error.column());
            let what = if error.is_data() { json_shape(&error) } else { String::new() };
            Refusal::new(&BODY_MALFORMED)
                .because(
                    format!("JSONの{line}行目{column}文字目に誤りがあります。"),
                    format!("The JSON is wrong at line {line}, column {column}{what}."),
                )
                .into()
        })
    }
}

/// The part of an error about data that names members, never values.
fn json_shape(error: &serde_json::Error) -> String {
    let text = error.to_string();
    ["missing field", "unknown field", "duplicate field"]
        .iter()
        .find(|start| text.starts_with(**start))
        .and_then(|_| text.split(" at line").next().map(|part| format!(": {part}")))
        .unwrap_or_default()
}

/// The query of the URL.
#[derive(Debug)]
pub struct UrlQuery<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for UrlQuery<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(query)| Self(query))
            .map_err(|error| {
                Refusal::new(&QUERY_MALFORMED)
                    .because(
                        "URLのパラメーターを読み取れません。",
                        format!("The query cannot be read: {}.", error.body_text()),
                    )
                    .into()
            })
    }
}

/// A parameter of the URL that has a value it cannot have.
pub(crate) fn wrong_value(name: &str, wanted: &str) -> ApiError {
    Refusal::new(&QUERY_MALFORMED)
        .because(
            format!("パラメーター {name} の値に誤りがあります（{wanted}）。"),
            format!("The parameter {name} is wrong: {wanted}."),
        )
        .into()
}

#[cfg(test)]
mod tests {
    use axum::extract::Multipart;

    use super::*;

    #[tokio::test]
    async fn a_body_is_taken_whole_or_not_at_all() {
        let pieces = || {
            let pieces = ["ab", "", "cd", "e"].map(|piece| Ok::<_, io::Error>(Bytes::from(piece)));
            Body::from_stream(futures_util::stream::iter(pieces))
        };
        assert_eq!(collect(pieces(), 5).await.unwrap(), "abcde");
        assert_eq!(collect(pieces(), 4).await.unwrap_err().refusal().kind.code, "body-too-large");
        assert_eq!(collect(Body::empty(), 0).await.unwrap(), "");
    }

    #[tokio::test]
    async fn a_body_that_does_not_arrive_is_told_from_a_broken_one() {
        let silent = || {
            let pieces = [Ok(Bytes::from("--x\r\n")), Err(axum::BoxError::from(TooSlow(50_000)))];
            Body::from_stream(futures_util::stream::iter(pieces))
        };
        let code = |error: ApiError| error.refusal().kind.code;
        assert_eq!(code(collect(silent(), 99).await.unwrap_err()), "body-too-slow");
        let form = Request::builder()
            .header("content-type", "multipart/form-data; boundary=x")
            .body(silent())
            .unwrap();
        let mut form = Multipart::from_request(form, &()).await.unwrap();
        assert_eq!(code(unreadable(&form.next_field().await.err().unwrap())), "body-too-slow");
        let pieces = [Ok(Bytes::from("{")), Err(io::Error::other("the peer has gone"))];
        let broken = Body::from_stream(futures_util::stream::iter(pieces));
        let error = collect(broken, 99).await.unwrap_err();
        let detail = error.refusal().detail.clone().unwrap().en;
        assert!(detail.contains("malformed: the peer has gone."), "{detail}");
        assert_eq!(code(error), "body-malformed");
    }

    #[tokio::test]
    async fn a_wrong_body_is_explained_without_its_values() {
        #[derive(Debug, serde::Deserialize)]
        struct Wanted {
            #[expect(dead_code, reason = "only its type matters")]
            password: u32,
        }
        let request = Request::builder()
            .header("content-type", "application/json; charset=utf-8")
            .body(Body::from(r#"{"password":"Himitsu123"}"#))
            .unwrap();
        let error = JsonBody::<Wanted>::from_request(request, &()).await.unwrap_err();
        let detail = error.refusal().detail.clone().unwrap().en;
        assert!(!detail.contains("Himitsu123") && detail.contains("line 1"), "{detail}");
        let request = Request::builder()
            .header("content-type", "application/json")
            .body(Body::from("{}"))
            .unwrap();
        let error = JsonBody::<Wanted>::from_request(request, &()).await.unwrap_err();
        let detail = error.refusal().detail.clone().unwrap().en;
        assert!(detail.contains("missing field `password`"), "{detail}");
    }
}
