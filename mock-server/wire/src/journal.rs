//! What was asked of the server, for people who are looking for a mistake in a client.
//!
//! Bounded in bytes: the oldest requests make room. What it keeps is listed, so that nothing else
//! can enter it, whatever the path: the endpoint's path with identifiers of ours, which parameters
//! of it were given, members of a JSON body by name, and their values where they are a user ID or
//! yes and no. The `Authorization` header and tokens appear as a short hash, so that two requests
//! with one token can be told to be so; of uploaded and downloaded files only their size is kept.

use std::collections::VecDeque;
use std::iter;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::Method;
use careplan_spec::hex;
use careplan_spec::kj_user_id::{self, UserId};
use careplan_spec::office_number::OfficeNumber;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::metrics::is_common;

/// What it keeps requests of.
pub const LISTENERS: [&str; 2] = ["relay", "sites"];

/// Bytes the journal may take by default.
pub const DEFAULT_BYTES: usize = 4 * 1024 * 1024;

/// The longest JSON body that is kept, in bytes; of longer ones only the size is.
pub const LONGEST_BODY: usize = 16 * 1024;

/// One request and how it was answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Entry {
    /// Counts up from 1; never reused while the server runs.
    pub number: u64,
    /// When it came in, by the server's clock.
    pub at: Timestamp,
    /// Where it was asked.
    pub listener: &'static str,
    /// The request's identifier, as in the answer's `x-request-id`.
    pub request_id: String,
    /// The method.
    pub method: String,
    /// The path as far as it is the endpoint's: identifiers of messages and numbers of offices are
    /// filled in, tokens as a hash; `(none)` where there is no endpoint.
    pub path: String,
    /// The names of the parameters that were given, without their values; `(other)` stands for
    /// those no endpoint has.
    pub query: Option<String>,
    /// The endpoint that answered, as the API description names it (`/v1/inbox/{id}`).
    pub endpoint: Option<String>,
    /// The office logged in.
    pub office: Option<String>,
    /// Serial number of the certificate presented.
    pub certificate: Option<String>,
    /// Short hash of the bearer token.
    pub token: Option<String>,
    /// Short hash of the idempotency key.
    pub idempotency_key: Option<String>,
    /// Bytes of the body, where the request said so.
    pub request_bytes: Option<u64>,
    /// The JSON body without its secrets: the names we know, and harmless values.
    #[schema(value_type = Option<Object>)]
    pub request_body: Option<Value>,
    /// Status of the answer.
    pub status: u16,
    /// Code of the problem document.
    pub code: Option<&'static str>,
    /// The fault that was injected.
    pub fault: Option<&'static str>,
    /// Microseconds until the answer's head was ready.
    pub duration_us: u64,
}

/// The journal as the controls show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalView {
    /// The requests, oldest first.
    pub entries: Vec<Entry>,
    /// How many requests were let go to make room.
    pub dropped: u64,
    /// Bytes taken, by estimate.
    pub bytes: usize,
    /// Bytes allowed.
    pub limit_bytes: usize,
}

/// The last requests.
#[derive(Debug)]
pub struct Journal {
    limit: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<(Entry, usize)>,
    bytes: usize,
    next_number: u64,
    dropped: u64,
}

impl Journal {
    /// An empty journal that takes at most about `limit` bytes; 0 keeps nothing.
    pub fn new(limit: usize) -> Self {
        Self { limit, kept: Mutex::default() }
    }

    /// Whether anything is kept at all.
    pub fn is_on(&self) -> bool {
        self.limit > 0
    }

    /// Writes down a request; its number is given here.
    pub fn record(&self, mut entry: Entry) {
        if !self.is_on() {
            return;
        }
        let bytes = weight(&entry);
        let mut kept = self.guard();
        kept.next_number += 1;
        entry.number = kept.next_number;
        kept.bytes += bytes;
        kept.entries.push_back((entry, bytes));
        while kept.bytes > self.limit {
            let Some((_, gone)) = kept.entries.pop_front() else { break };
            kept.bytes -= gone;
            kept.dropped += 1;
        }
    }

    /// The last `count` requests that `wanted` accepts, oldest first.
    pub fn last(&self, count: usize, wanted: impl Fn(&Entry) -> bool) -> JournalView {
        let kept = self.guard();
        let mut entries: Vec<Entry> = kept
            .entries
            .iter()
            .rev()
            .map(|(entry, _)| entry)
            .filter(|entry| wanted(entry))
            .take(count)
            .cloned()
            .collect();
        entries.reverse();
        JournalView { entries, dropped: kept.dropped, bytes: kept.bytes, limit_bytes: self.limit }
    }

    /// Forgets everything; numbers go on.
    pub fn clear(&self) {
        let mut kept = self.guard();
        kept.entries.clear();
        kept.bytes = 0;
        kept.dropped = 0;
    }

    fn guard(&self) -> MutexGuard<'_, Kept> {
        // Entries go in whole; a panic elsewhere leaves nothing half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an entry weighs: its fixed part and its texts.
fn weight(entry: &Entry) -> usize {
    let texts = [
        &entry.query,
        &entry.endpoint,
        &entry.office,
        &entry.certificate,
        &entry.token,
        &entry.idempotency_key,
    ];
    size_of::<(Entry, usize)>()
        + entry.request_id.len()
        + entry.method.len()
        + entry.path.len()
        + texts.into_iter().flatten().map(String::len).sum::<usize>()
        + entry.request_body.as_ref().map_or(0, weight_of_json)
}

fn weight_of_json(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(weight_of_json).sum(),
            Value::Object(members) => {
                members.iter().map(|(key, value)| 32 + key.len() + weight_of_json(value)).sum()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
}

/// Eight hexadecimal digits that stand for a secret: `#1f3a90c2`.
pub fn short_hash(secret: &str) -> String {
    format!("#{}", hex(&Sha256::digest(secret)[..4]))
}

/// Members of JSON bodies that may be named.
const MEMBERS: &[&str] = &[
    "accept_privacy",
    "accept_terms",
    "address",
    "auto_renewal",
    "code",
    "contact",
    "current",
    "form",
    "kind",
    "mail",
    "mail_again",
    "new",
    "office_name",
    "on",
    "password",
    "phone",
    "purpose",
    "refresh_token",
    "renewal",
    "representative",
    "sha256",
    "user_id",
];

/// Parameters of queries that may be named.
const PARAMETERS: &[&str] =
    &["from", "keyword", "lang", "page", "per_page", "query", "sort", "state", "to"];

/// What stands for a value that is not kept.
const REMOVED: &str = "[removed]";
/// What stands for a name that is not kept.
const OTHER: &str = "(other)";

/// A JSON body as it may be kept: names we know, and values that cannot be a secret.
pub fn without_secrets(body: &Value) -> Value {
    match body {
        Value::Object(members) => {
            let shown = |(name, value): (&String, &Value)| match MEMBERS.contains(&name.as_str()) {
                true => (name.clone(), shown_member(name, value)),
                false => (OTHER.to_owned(), REMOVED.into()),
            };
            Value::Object(members.iter().map(shown).collect())
        }
        Value::Array(items) => items.iter().map(without_secrets).collect(),
        Value::Null | Value::Bool(_) => body.clone(),
        Value::Number(_) | Value::String(_) => REMOVED.into(),
    }
}

fn shown_member(name: &str, value: &Value) -> Value {
    match value {
        Value::String(text) if name.ends_with("token") => short_hash(text).into(),
        // People enter passwords into the wrong field.
        Value::String(id) if name == "user_id" && is_office_id(id) => value.clone(),
        other => without_secrets(other),
    }
}

fn is_office_id(text: &str) -> bool {
    matches!(kj_user_id::parse(text), Some(UserId::Office { .. }))
}

/// The path of an endpoint as it may be kept: with the identifiers that were asked for, and tokens
/// as a hash.
pub fn path_without_secrets(path: &str, template: Option<&str>) -> String {
    let Some(template) = template else { return "(none)".to_owned() };
    let segments = template.split('/').zip(path.split('/').map(Some).chain(iter::repeat(None)));
    segments
        .map(|(name, segment)| match segment {
            Some(segment) if name.ends_with("token}") => short_hash(segment),
            Some(segment) if name.starts_with('{') && is_identifier(segment) => segment.to_owned(),
            _ => name.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// Whether a text has the form of an identifier of ours: of a message or a notice, or an office
/// number with the right check digit.
fn is_identifier(text: &str) -> bool {
    let is_uuid = text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        });
    let is_office = || {
        let number = OfficeNumber::parse(text.as_bytes())?;
        (OfficeNumber::with_check_digit(&text[..9])? == number).then_some(())
    };
    is_uuid || is_office().is_some()
}

/// Which parameters a query has.
pub fn parameters(query: &str) -> String {
    let mut names: Vec<_> = query
        .split('&')
        .map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name))
        .map(|name| *PARAMETERS.iter().find(|known| **known == name).unwrap_or(&OTHER))
        .collect();
    names.sort_unstable();
    names.dedup();
    names.join("&")
}

/// A method by its name; `(other)` for one that nobody has heard of.
pub fn method(method: &Method) -> &str {
    if is_common(method) { method.as_str() } else { OTHER }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(path: &str) -> Entry {
        Entry {
            number: 0,
            at: Timestamp::UNIX_EPOCH,
            listener: "relay",
            request_id: "r".to_owned(),
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: None,
            endpoint: None,
            office: None,
            certificate: None,
            token: None,
            idempotency_key: None,
            request_bytes: None,
            request_body: None,
            status: 200,
            code: None,
            fault: None,
            duration_us: 1,
        }
    }

    #[test]
    fn the_oldest_make_room() {
        let journal = Journal::new(10 * weight(&entry("/000")));
        for number in 0..25 {
            journal.record(entry(&format!("/{number:03}")));
        }
        let view = journal.last(100, |_| true);
        assert_eq!(view.entries.len(), 10);
        assert_eq!(view.dropped, 15);
        assert_eq!(view.entries[0].path, "/015");
        assert_eq!(view.entries[9].number, 25);
        assert!(view.bytes <= view.limit_bytes);
        let two = journal.last(2, |entry| entry.path != "/024");
        assert_eq!(two.entries.iter().map(|e| e.number).collect::<Vec<_>>(), [23, 24]);
        journal.clear();
        assert_eq!(journal.last(9, |_| true).entries.len(), 0);
    }

    #[test]
    fn an_entry_larger_than_the_journal_leaves_it_empty() {
        let journal = Journal::new(8);
        journal.record(entry("/long"));
        let view = journal.last(1, |_| true);
        assert_eq!((view.entries.len(), view.bytes, view.dropped), (0, 0, 1));
    }

    #[test]
    fn only_what_is_listed_enters() {
        let body = json!({
            "user_id": "KJ474779000118",
            "password": "Himitsu123",
            "refresh_token": "abcdef",
            "form": [{"phone": "0312345678", "office_name": "いろは"}],
            "accept_terms": true,
            "kind": "canary",
            "canary": "canary",
            "code": 4711,
        });
        let shown = without_secrets(&body);
        let expected = json!({
            "user_id": "KJ474779000118",
            "password": "[removed]",
            "refresh_token": short_hash("abcdef"),
            "form": [{"phone": "[removed]", "office_name": "[removed]"}],
            "accept_terms": true,
            "kind": "[removed]",
            "(other)": "[removed]",
            "code": "[removed]",
        });
        assert_eq!(shown, expected);
        assert_eq!(without_secrets(&json!({"user_id": "Himitsu123"}))["user_id"], "[removed]");
        for (path, template, kept) in [
            ("/v1/inbox/canary", Some("/v1/inbox/{id}"), "/v1/inbox/{id}"),
            (
                "/v1/inbox/01936f00-0000-7000-8000-0000000000aa",
                Some("/v1/inbox/{id}"),
                "/v1/inbox/01936f00-0000-7000-8000-0000000000aa",
            ),
            ("/v1/offices/4779000118", Some("/v1/offices/{number}"), "/v1/offices/4779000118"),
            ("/v1/offices/4779000119", Some("/v1/offices/{number}"), "/v1/offices/{number}"),
            ("/docs/a/canary", Some("/docs/{*file}"), "/docs/{*file}"),
            ("/canary", None, "(none)"),
        ] {
            assert_eq!(path_without_secrets(path, template), kept, "{path}");
        }
        assert_eq!(
            path_without_secrets(
                "/v1/downloads/s3cret/confirm",
                Some("/v1/downloads/{download_token}/confirm")
            ),
            format!("/v1/downloads/{}/confirm", short_hash("s3cret")),
        );
        assert_eq!(parameters("query=canary&page=2&canary&%71uery=x"), "(other)&page&query");
        let strange = Method::from_bytes(b"CANARY").expect("a token");
        assert_eq!((method(&Method::PUT), method(&strange)), ("PUT", "(other)"));
    }
}
