//! What was asked of the server, for people who are looking for a mistake in a client.
//!
//! Bounded in bytes: the oldest requests make room. Secrets never enter it: the `Authorization`
//! header and tokens appear as a short hash (so that two requests with one token can be told to
//! be so), passwords and what a person typed about persons do not appear at all, and of uploaded
//! and downloaded files only their size is kept.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use careplan_spec::hex;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

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
    /// `sites`, `controls` or `relay`.
    pub listener: &'static str,
    /// The request's identifier, as in the answer's `x-request-id`.
    pub request_id: String,
    /// The method.
    pub method: String,
    /// The path; tokens in it are hashed.
    pub path: String,
    /// The query, as sent.
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
    /// The JSON body without its secrets.
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

/// What a member of a JSON body is.
enum Member {
    Plain,
    Token,
    Hidden,
}

fn member(name: &str) -> Member {
    match name {
        name if name.ends_with("token") => Member::Token,
        // Passwords and codes.
        "password" | "current" | "new" | "code" => Member::Hidden,
        // What a form says about a person.
        "address" | "contact" | "mail" | "mail_again" | "phone" | "representative" | "text" => {
            Member::Hidden
        }
        _ => Member::Plain,
    }
}

/// A JSON body without its secrets.
pub fn without_secrets(body: &mut Value) {
    match body {
        Value::Object(members) => {
            for (name, value) in members {
                match member(name) {
                    Member::Plain => without_secrets(value),
                    Member::Token => {
                        *value = value.as_str().map_or(Value::Null, |t| short_hash(t).into());
                    }
                    Member::Hidden => *value = "[removed]".into(),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_secrets),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The path with the values of secret parameters hashed; `template` is the endpoint's path.
pub fn path_without_secrets(path: &str, template: Option<&str>) -> String {
    let Some(template) = template.filter(|template| template.contains("token}")) else {
        return path.to_owned();
    };
    let segments =
        path.split('/').zip(template.split('/').map(Some).chain(std::iter::repeat(None)));
    segments
        .map(|(segment, name)| match name {
            Some(name) if name.ends_with("token}") => short_hash(segment),
            _ => segment.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("/")
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
    fn secrets_do_not_enter() {
        let mut body = json!({
            "user_id": "KJ131370000001",
            "password": "Himitsu123",
            "refresh_token": "abcdef",
            "form": [{"phone": "0312345678", "office_name": "いろは"}],
        });
        without_secrets(&mut body);
        let text = body.to_string();
        for secret in ["Himitsu123", "abcdef", "0312345678"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(text.contains("KJ131370000001") && text.contains("いろは"));
        assert_eq!(body["refresh_token"], short_hash("abcdef"));
        assert_eq!(
            path_without_secrets(
                "/v1/downloads/s3cret/confirm",
                Some("/v1/downloads/{download_token}/confirm")
            ),
            format!("/v1/downloads/{}/confirm", short_hash("s3cret")),
        );
        assert_eq!(path_without_secrets("/v1/inbox/7", Some("/v1/inbox/{id}")), "/v1/inbox/7");
    }
}
