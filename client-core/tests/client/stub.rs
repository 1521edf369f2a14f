//! A relay for tests: just enough of the protocol, and tricks to play on the client.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart};
use axum::http::{Method, Request, Response, StatusCode, header};
use futures_util::{StreamExt, stream};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What the stub does with the next request that matches.
#[derive(Debug, Clone)]
pub(crate) enum Trick {
    /// Closes the connection before it does anything.
    Drop,
    /// Does what was asked, then closes the connection without an answer.
    DropAfter,
    /// Answers with this status and body and does nothing.
    Say(u16, Vec<u8>),
    /// Does what was asked and breaks off after so many bytes of the body.
    Cut(usize),
    /// Never stops sending.
    Endless,
    /// Does what was asked and never answers.
    Hang,
}

pub(crate) fn refusal(status: u16, code: &str) -> Trick {
    let body = json!({
        "status": status, "code": code, "title": "拒否されました。", "title_en": "Refused.",
        "hint": "直してください。", "hint_en": "Correct it.", "request_id": "r-1",
    });
    Trick::Say(status, body.to_string().into_bytes())
}

/// A message the stub took.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) manifest: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) answer: Value,
}

/// A message that waits in the inbox.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) item: Value,
    pub(crate) zip: Vec<u8>,
    pub(crate) sha256: String,
    pub(crate) claims: u32,
    /// The key of the claim that won.
    pub(crate) key: Option<String>,
    pub(crate) confirmed: u32,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) office: String,
    pub(crate) authority: Value,
    pub(crate) access: BTreeSet<String>,
    pub(crate) refresh: BTreeSet<String>,
    /// Refresh tokens that were used, with the key they came with and the answer.
    pub(crate) renewed: BTreeMap<String, (Option<String>, Value)>,
    pub(crate) issued: u32,
    pub(crate) tricks: Vec<(String, Trick)>,
    /// Said to everything, when there is such a thing.
    pub(crate) always: Option<Trick>,
    pub(crate) log: Vec<String>,
    /// What stood behind the `?` of each.
    pub(crate) queries: Vec<String>,
    /// The `Content-Length` of the last request.
    pub(crate) length: Option<String>,
    /// The version of HTTP the last request came in.
    pub(crate) version: String,
    pub(crate) ranges: Vec<String>,
    /// The keys claims came with, in the order they came.
    pub(crate) keys: Vec<Option<String>>,
    pub(crate) ignore_ranges: bool,
    pub(crate) messages: BTreeMap<String, Taken>,
    pub(crate) inbox: BTreeMap<String, Mail>,
}

/// A running stub.
pub(crate) struct Stub {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
    listening: tokio::task::AbortHandle,
}

impl Stub {
    pub(crate) async fn start(state: State, tls: Option<Arc<rustls::ServerConfig>>) -> Self {
        Self::start_at([127, 0, 0, 1], state, tls).await
    }

    pub(crate) async fn start_at(
        address: [u8; 4],
        state: State,
        tls: Option<Arc<rustls::ServerConfig>>,
    ) -> Self {
        let listener = TcpListener::bind(SocketAddr::from((address, 0))).await.unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&shared);
                match &tls {
                    None => {
                        tokio::spawn(serve(stream, shared));
                    }
                    Some(config) => {
                        let acceptor = TlsAcceptor::from(Arc::clone(config));
                        tokio::spawn(async move {
                            if let Ok(stream) = acceptor.accept(stream).await {
                                serve(stream, shared).await;
                            }
                        });
                    }
                }
            }
        });
        Self { url, state, listening: listening.abort_handle() }
    }

    /// Takes no connection any more.
    pub(crate) fn stop(&self) {
        self.listening.abort();
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Plays a trick on the next request whose `METHOD /path` begins like this.
    pub(crate) fn trick(&self, request: &str, trick: Trick) {
        self.state().tricks.push((request.to_owned(), trick));
    }

    /// How many requests began like this.
    pub(crate) fn count(&self, request: &str) -> usize {
        self.state().log.iter().filter(|line| line.starts_with(request)).count()
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    state: Arc<Mutex<State>>,
) {
    let service = service_fn(move |request: Request<hyper::body::Incoming>| {
        let state = Arc::clone(&state);
        async move { tricked(request.map(Body::new), &state).await }
    });
    // HTTP/2 for who begins with its preface, as after ALPN.
    let _ = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

fn gone() -> io::Error {
    io::Error::from(io::ErrorKind::ConnectionAborted)
}

async fn tricked(
    request: Request<Body>,
    state: &Mutex<State>,
) -> Result<Response<Body>, io::Error> {
    let line = format!("{} {}", request.method(), request.uri().path());
    let trick = {
        let mut state = state.lock().unwrap();
        state.log.push(line.clone());
        state.queries.push(request.uri().query().unwrap_or_default().to_owned());
        let length = request.headers().get(header::CONTENT_LENGTH);
        state.length = length.map(|length| length.to_str().unwrap().to_owned());
        state.version = format!("{:?}", request.version());
        if line.ends_with("/claim") {
            let key = request.headers().get("idempotency-key");
            state.keys.push(key.map(|key| key.to_str().unwrap().to_owned()));
        }
        let at = state.tricks.iter().position(|(start, _)| line.starts_with(start.as_str()));
        match at {
            Some(at) => Some(state.tricks.remove(at).1),
            None => state.always.clone(),
        }
    };
    match trick {
        None => Ok(answer(request, state).await),
        Some(Trick::Drop) => Err(gone()),
        Some(Trick::DropAfter) => {
            answer(request, state).await;
            Err(gone())
        }
        Some(Trick::Hang) => {
            answer(request, state).await;
            std::future::pending().await
        }
        Some(Trick::Say(status, body)) => {
            let _ = to_bytes(request.into_body(), usize::MAX).await;
            Ok(Response::builder().status(status).body(Body::from(body)).unwrap())
        }
        Some(Trick::Cut(at)) => {
            let (head, body) = answer(request, state).await.into_parts();
            let whole = to_bytes(body, usize::MAX).await.unwrap();
            let first = whole.slice(..at.min(whole.len()));
            let cut = stream::iter([Ok(first)]).chain(stream::once(async {
                // Time for the first part to leave.
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                Err(gone())
            }));
            let mut response = Response::from_parts(head, Body::from_stream(cut));
            response.headers_mut().insert(header::CONTENT_LENGTH, whole.len().into());
            Ok(response)
        }
        Some(Trick::Endless) => {
            let _ = to_bytes(request.into_body(), usize::MAX).await;
            let chunk = Bytes::from(vec![b' '; 1 << 16]);
            Ok(Response::new(Body::from_stream(stream::repeat_with(move || {
                Ok::<_, io::Error>(chunk.clone())
            }))))
        }
    }
}

fn said(status: u16, value: &Value) -> Response<Body> {
    Response::builder().status(status).body(Body::from(value.to_string())).unwrap()
}

fn refused(status: u16, code: &str) -> Response<Body> {
    match refusal(status, code) {
        Trick::Say(status, body) => {
            Response::builder().status(status).body(Body::from(body)).unwrap()
        }
        _ => unreachable!("a refusal says something"),
    }
}

fn tokens(state: &mut State) -> Value {
    state.issued += 1;
    let (access, refresh) = (format!("a{}", state.issued), format!("r{}", state.issued));
    state.access.insert(access.clone());
    state.refresh.insert(refresh.clone());
    json!({
        "access_token": access, "refresh_token": refresh, "token_type": "Bearer",
        "expires_at": "2026-11-21T08:00:00Z", "refresh_expires_at": "2026-11-21T15:00:00Z",
        "office": {"number": state.office, "name": "居宅介護支援事業所あおぞら"},
    })
}

async fn answer(request: Request<Body>, state: &Mutex<State>) -> Response<Body> {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let headers = request.headers().clone();
    let header = |name: header::HeaderName| {
        headers.get(name).map(|value| value.to_str().unwrap().to_owned())
    };
    let bearer = header(header::AUTHORIZATION)
        .and_then(|value| value.strip_prefix("Bearer ").map(str::to_owned));
    let range = header(header::RANGE);
    let key = headers.get("idempotency-key").map(|v| v.to_str().unwrap().to_owned());
    let segments: Vec<&str> = path.split('/').skip(2).collect();
    let known = bearer.as_ref().is_some_and(|token| state.lock().unwrap().access.contains(token));
    if method == Method::POST && segments == ["messages"] {
        if !known {
            let _ = to_bytes(request.into_body(), usize::MAX).await;
            return refused(401, "token-ended");
        }
        return take_message(request, key.unwrap(), state).await;
    }
    let body = to_bytes(request.into_body(), usize::MAX).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let mut state = state.lock().unwrap();
    match (method.as_str(), segments.as_slice()) {
        ("GET", ["authority"]) => return said(200, &state.authority),
        ("POST", ["login", "terminal"]) => {
            return if body["password"] == "Com-User1" {
                said(200, &json!({"terminal_token": "t1", "expires_at": "2026-11-21T08:00:00Z"}))
            } else {
                refused(401, "wrong-password")
            };
        }
        ("POST", ["login", "office"]) => {
            return if bearer.as_deref() == Some("t1") && body["password"] == "Office123" {
                said(200, &tokens(&mut state))
            } else {
                refused(401, "wrong-password")
            };
        }
        ("POST", ["token", "refresh"]) => {
            let old = body["refresh_token"].as_str().unwrap().to_owned();
            if state.refresh.remove(&old) {
                let answer = tokens(&mut state);
                state.renewed.insert(old, (key, answer.clone()));
                return said(200, &answer);
            }
            return match state.renewed.get(&old) {
                Some((before, answer)) if key.is_some() && *before == key => said(200, answer),
                _ => refused(401, "token-reused"),
            };
        }
        _ if !known => return refused(401, "token-ended"),
        _ => {}
    }
    match (method.as_str(), segments.as_slice()) {
        ("POST", ["logout"]) => {
            state.access.remove(&bearer.unwrap());
            Response::builder().status(204).body(Body::empty()).unwrap()
        }
        ("GET", ["top"]) => said(200, &top(&state.office)),
        ("GET", ["notices"]) => {
            let number = |name: &str, usual: usize| {
                let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                let found = pairs.find(|(known, _)| *known == name);
                found.map_or(usual, |(_, value)| value.parse().unwrap())
            };
            let (page, per_page) = (number("page", 1), number("per_page", 10));
            let items: Vec<Value> = (1..=23)
                .skip((page - 1) * per_page)
                .take(per_page)
                .map(|number| {
                    json!({"id": format!("n{number}"), "title": format!("お知らせ{number}"),
                        "published_at": "2026-11-20T00:00:00Z", "unread": number == 1})
                })
                .collect();
            said(200, &json!({"items": items, "page": page, "per_page": per_page, "total": 23}))
        }
        ("GET", ["notices", id]) => said(
            200,
            &json!({"id": id, "title": "メンテナンス", "body": "本文", "published_at": "2026-11-20T00:00:00Z"}),
        ),
        ("GET", ["offices", number]) => said(
            200,
            &json!({"number": number, "name": "訪問介護ひだまり", "service_kinds": ["11"], "uses_system": true}),
        ),
        ("GET", ["inbox"]) => {
            let unfetched = query.contains("state=unfetched");
            let items: Vec<&Value> = state
                .inbox
                .values()
                .map(|mail| &mail.item)
                .filter(|item| !unfetched || item["state"] == "unfetched")
                .collect();
            said(200, &json!({"items": items, "page": 1, "per_page": 100, "total": items.len()}))
        }
        ("GET", ["inbox", id]) => match state.inbox.get(*id) {
            Some(mail) => said(200, &mail.item),
            None => refused(404, "no-such-message"),
        },
        ("POST", ["inbox", id, "claim"]) => {
            let Some(mail) = state.inbox.get_mut(*id) else {
                return refused(404, "no-such-message");
            };
            let again = key.is_some() && mail.key == key;
            if mail.claims > 0 && !again {
                return refused(410, "already-fetched");
            }
            mail.claims = 1;
            mail.key = key;
            mail.item["state"] = json!("fetched");
            said(
                200,
                &json!({"download_token": format!("d-{id}"), "file_name": format!("{id}.zip"),
                    "size": mail.zip.len(), "sha256": mail.sha256, "expires_at": "2026-11-21T07:10:00Z"}),
            )
        }
        ("GET", ["downloads", token]) => {
            let Some(mail) = state.inbox.get(token.trim_start_matches("d-")) else {
                return refused(404, "no-such-download");
            };
            let zip = mail.zip.clone();
            state.ranges.extend(range.clone());
            let from = range.filter(|_| !state.ignore_ranges).map(|range| {
                let first = range.trim_start_matches("bytes=").trim_end_matches('-');
                first.parse::<usize>().unwrap()
            });
            match from {
                Some(from) if from >= zip.len() => {
                    Response::builder().status(416).body(Body::empty()).unwrap()
                }
                Some(from) => Response::builder()
                    .status(StatusCode::PARTIAL_CONTENT)
                    .header(
                        "content-range",
                        format!("bytes {from}-{}/{}", zip.len() - 1, zip.len()),
                    )
                    .body(Body::from(zip[from..].to_vec()))
                    .unwrap(),
                None => Response::new(Body::from(zip)),
            }
        }
        ("POST", ["downloads", token, "confirm"]) => {
            let Some(mail) = state.inbox.get_mut(token.trim_start_matches("d-")) else {
                return refused(404, "no-such-download");
            };
            if body["sha256"] != json!(mail.sha256) {
                return refused(409, "checksum-differs");
            }
            mail.confirmed += 1;
            Response::builder().status(204).body(Body::empty()).unwrap()
        }
        ("GET", ["outbox"]) => {
            let items: Vec<Value> = state.messages.values().map(sent_line).collect();
            said(200, &json!({"items": items, "page": 1, "per_page": 20, "total": items.len()}))
        }
        ("GET", ["outbox", id]) => {
            match state.messages.values().find(|taken| taken.answer["id"] == *id) {
                Some(taken) => said(200, &sent_line(taken)),
                None => refused(404, "no-such-message"),
            }
        }
        _ => refused(404, "no-such-place"),
    }
}

fn sent_line(taken: &Taken) -> Value {
    json!({
        "id": taken.answer["id"], "sent_at": "2026-11-21T07:00:00Z", "to": taken.answer["to"],
        "state": "not_downloaded", "state_shown": "未ダウンロード",
    })
}

fn top(office: &str) -> Value {
    json!({
        "system": {"running": true, "text": "利用可能です。", "text_en": "Available.", "updated_on": "2026-11-01"},
        "office": {"number": office, "name": "居宅介護支援事業所あおぞら"},
        "licence": {"state": "active", "valid_until": null, "balance_yen": null, "auto_renewal": true,
            "free_pass": true, "valid_until_shown": "-", "balance_shown": "-"},
        "certificate": {"serial": "40", "kind": "CarePlanJigyousho", "not_before": "2026-11-21T00:00:00Z",
            "not_after": "2029-11-21T14:59:59Z", "renewable_from": "2029-08-23"},
        "password_expires_at": "2027-05-20T15:00:00Z", "usage_site": "http://127.0.0.1:8080/usage",
        "unfetched": 2,
        "notices": [{"id": "n1", "category": "maintenance", "title": "メンテナンス\u{1b}[2J", "title_en": "Maintenance",
            "excerpt": "…", "published_at": "2026-11-20T00:00:00Z", "unread": true}],
    })
}

async fn take_message(request: Request<Body>, key: String, state: &Mutex<State>) -> Response<Body> {
    let mut form = Multipart::from_request(request, &()).await.unwrap();
    let mut parts: Vec<(String, Option<String>, Vec<u8>)> = Vec::new();
    while let Some(field) = form.next_field().await.unwrap() {
        let name = field.name().unwrap().to_owned();
        let file = field.file_name().map(str::to_owned);
        parts.push((name, file, field.bytes().await.unwrap().to_vec()));
    }
    let names: Vec<&str> = parts.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names[..2], ["manifest", "signature"]);
    assert!(names[2..].iter().all(|name| *name == "file"));
    let mut state = state.lock().unwrap();
    if let Some(taken) = state.messages.get(&key) {
        assert_eq!(taken.manifest, parts[0].2, "one key, one message");
        let mut answer = taken.answer.clone();
        answer["repeated"] = json!(true);
        return said(200, &answer);
    }
    let manifest: Value = serde_json::from_slice(&parts[0].2).unwrap();
    let answer = json!({
        "id": format!("m{}", state.messages.len() + 1), "sent_at": "2026-11-21T07:00:00Z",
        "to": {"number": manifest["to"], "name": "訪問介護ひだまり", "service_kinds": ["11"]},
        "files": parts.len() - 2, "bytes": 1, "repeated": false,
    });
    let files =
        parts[2..].iter().map(|(_, file, bytes)| (file.clone().unwrap(), bytes.clone())).collect();
    let taken = Taken {
        manifest: parts[0].2.clone(),
        signature: parts[1].2.clone(),
        files,
        answer: answer.clone(),
    };
    state.messages.insert(key, taken);
    said(201, &answer)
}
