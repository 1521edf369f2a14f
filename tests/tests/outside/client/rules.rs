//! What a client did, judged by the server's journal (`/v1/controls/journal`).
//!
//! The journal has one entry a request: endpoint, office, certificate, status, the JSON body
//! without its secrets, short hashes of tokens and idempotency keys. That is enough to see whether
//! a client keeps to the rules; what it shows on its screen is another matter.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// How a rule for clients came out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The client kept to it.
    Kept,
    /// It did not; names the request.
    Broken(String),
    /// It did nothing by which one could tell.
    NotSeen,
}

/// A rule for clients.
pub(super) struct Rule {
    /// Stable id.
    pub(super) id: &'static str,
    /// What a client does.
    pub(super) what: &'static str,
    /// Where that comes from, and how firmly it stands.
    pub(super) clause: &'static str,
    judge: fn(&Journal<'_>) -> Verdict,
}

impl Rule {
    /// Judges the entries of a journal.
    pub(super) fn judge(&self, entries: &[Value]) -> Verdict {
        (self.judge)(&Journal { entries })
    }
}

macro_rules! rules {
    ($($id:literal $judge:ident ($clause:literal) $what:literal;)*) => {
        /// Every rule, in the order of the walk.
        pub(super) static RULES: &[Rule] =
            &[$(Rule { id: $id, what: $what, clause: $clause, judge: $judge }),*];
    };
}

rules! {
    "CLIENT-01" two_stages ("relay.md §2, stated")
        "logs in with the c-ID, then with the KJ ID";
    "CLIENT-02" certificate ("relay.md §2, §8, inferred")
        "presents its certificate at both stages";
    "CLIENT-03" no_lock ("relay.md §4, inferred")
        "does not send a wrong password again and again";
    "CLIENT-04" sent ("relay.md §2, stated")
        "sends a complete unit and it is taken";
    "CLIENT-05" same_key ("relay.md §9 item 7, assumed")
        "repeats a send under the same key only";
    "CLIENT-06" claimed_once ("relay.md §2, stated")
        "never claims a message twice, except again under the same key";
    "CLIENT-07" verified ("relay.md §9 item 12, assumed")
        "verifies the SHA-256 and confirms after a download";
    "CLIENT-08" limits ("relay.md §9 item 2, assumed")
        "respects the limits on size, number and length";
    "CLIENT-09" checked_before ("relay.md §3 E1, E2, E3, inferred")
        "sends nothing malformed (checks first)";
    "CLIENT-10" proper_requests ("RFC 9110 §15, inferred")
        "asks for nothing unknown or malformed";
}

/// The entries of a journal, oldest first.
struct Journal<'a> {
    entries: &'a [Value],
}

fn text<'a>(entry: &'a Value, member: &str) -> &'a str {
    entry[member].as_str().unwrap_or_default()
}

fn status(entry: &Value) -> u64 {
    entry["status"].as_u64().unwrap_or_default()
}

fn good(entry: &Value) -> bool {
    (200..300).contains(&status(entry))
}

/// Where to look: `#12 POST /v1/messages (409 idempotency-key-reused)`.
fn place(entry: &Value) -> String {
    let code = entry["code"].as_str().map(|code| format!(" {code}")).unwrap_or_default();
    format!(
        "#{} {} {} ({}{code})",
        entry["number"],
        text(entry, "method"),
        text(entry, "path"),
        status(entry)
    )
}

fn broken(entry: &Value, why: &str) -> Verdict {
    Verdict::Broken(format!("{}: {why}", place(entry)))
}

impl<'a> Journal<'a> {
    /// Requests to an endpoint of the relay, as `POST /v1/messages`.
    fn of(&self, endpoint: &'a str) -> impl Iterator<Item = &'a Value> {
        let entries = self.entries.iter();
        let (method, path) = endpoint.split_once(' ').unwrap_or_default();
        entries.filter(move |entry| {
            text(entry, "listener") == "relay"
                && text(entry, "method") == method
                && text(entry, "endpoint") == path
        })
    }

    fn coded(&self, codes: &[&str]) -> Option<&'a Value> {
        let mut relay = self.entries.iter().filter(|entry| text(entry, "listener") == "relay");
        relay.find(|entry| codes.contains(&text(entry, "code")))
    }

    /// Kept when something of this was seen and nothing was refused with these codes.
    fn none_of(&self, seen: bool, codes: &[&str], why: &str) -> Verdict {
        match self.coded(codes) {
            Some(entry) => broken(entry, why),
            None if seen => Verdict::Kept,
            None => Verdict::NotSeen,
        }
    }
}

const FIRST: &str = "POST /v1/login/terminal";
const SECOND: &str = "POST /v1/login/office";
const SEND: &str = "POST /v1/messages";
const CLAIM: &str = "POST /v1/inbox/{id}/claim";
const CONFIRM: &str = "POST /v1/downloads/{download_token}/confirm";

fn two_stages(journal: &Journal<'_>) -> Verdict {
    let skipped = journal.coded(&["first-stage-missing"]);
    if let Some(entry) = skipped {
        return broken(entry, "there was no first stage");
    }
    let first = journal.of(FIRST).find(|entry| good(entry));
    let second = journal.of(SECOND).find(|entry| good(entry));
    match (first, second) {
        (Some(first), Some(second)) if first["number"].as_u64() < second["number"].as_u64() => {
            Verdict::Kept
        }
        (_, Some(second)) => broken(second, "there was no first stage"),
        (Some(first), None) => broken(first, "no second stage succeeded"),
        (None, None) => Verdict::NotSeen,
    }
}

fn certificate(journal: &Journal<'_>) -> Verdict {
    let mut stages = 0;
    for entry in journal.of(FIRST).chain(journal.of(SECOND)) {
        stages += 1;
        if entry["certificate"].is_null() {
            return broken(entry, "there was no certificate");
        }
    }
    if stages == 0 { Verdict::NotSeen } else { Verdict::Kept }
}

fn no_lock(journal: &Journal<'_>) -> Verdict {
    let seen = journal.of(FIRST).next().is_some();
    let wrong = |entry: &&Value| text(entry, "code") == "user-or-password-wrong";
    let failures: Vec<&Value> = journal.of(FIRST).chain(journal.of(SECOND)).filter(wrong).collect();
    match failures.get(1) {
        Some(entry) => broken(entry, "a wrong password, twice or more"),
        None => journal.none_of(seen, &["user-locked"], "the ID was locked"),
    }
}

fn sent(journal: &Journal<'_>) -> Verdict {
    let all: Vec<&Value> = journal.of(SEND).collect();
    match (all.iter().any(|entry| good(entry)), all.last()) {
        (true, _) => Verdict::Kept,
        (false, Some(last)) => broken(last, "it was not taken"),
        (false, None) => Verdict::NotSeen,
    }
}

fn same_key(journal: &Journal<'_>) -> Verdict {
    let codes = ["idempotency-key-reused", "idempotency-key-malformed"];
    if let Some(entry) = journal.coded(&codes) {
        return broken(entry, "the key was used wrongly");
    }
    // After an answer that was lost or a failure of the server, the same bytes go out again under
    // the same key; another key would be a second message.
    let mut lost: BTreeMap<(String, u64), String> = BTreeMap::new();
    let mut seen = false;
    for entry in journal.of(SEND) {
        seen = true;
        let what = (text(entry, "office").to_owned(), entry["request_bytes"].as_u64().unwrap_or(0));
        let key = text(entry, "idempotency_key").to_owned();
        if let Some(before) = lost.get(&what)
            && *before != key
        {
            return broken(entry, "the repeat has another key");
        }
        let is_lost = !entry["fault"].is_null() || status(entry) >= 500;
        if is_lost {
            lost.insert(what, key);
        } else {
            lost.remove(&what);
        }
    }
    if seen { Verdict::Kept } else { Verdict::NotSeen }
}

fn claimed_once(journal: &Journal<'_>) -> Verdict {
    let mut claimed: BTreeMap<(String, String), String> = BTreeMap::new();
    for entry in journal.of(CLAIM) {
        let message = (text(entry, "office").to_owned(), text(entry, "path").to_owned());
        let key = text(entry, "idempotency_key").to_owned();
        if claimed.get(&message).is_some_and(|before| key.is_empty() || *before != key) {
            return broken(entry, "a second claim");
        }
        // A claim the server never handled may be tried again.
        if good(entry) || status(entry) == 410 {
            claimed.insert(message, key);
        }
        if status(entry) == 410 {
            return broken(entry, "a claim of what was fetched already");
        }
    }
    if claimed.is_empty() { Verdict::NotSeen } else { Verdict::Kept }
}

fn verified(journal: &Journal<'_>) -> Verdict {
    if let Some(entry) = journal.coded(&["checksum-differs"]) {
        return broken(entry, "the SHA-256 differs");
    }
    // A claim made again under its key is the same claim.
    let mut claims: Vec<&Value> = Vec::new();
    for entry in journal.of(CLAIM).filter(|entry| good(entry)) {
        let same = |other: &&Value| {
            !text(entry, "idempotency_key").is_empty()
                && ["path", "idempotency_key"]
                    .iter()
                    .all(|name| text(other, name) == text(entry, name))
        };
        if !claims.iter().any(same) {
            claims.push(entry);
        }
    }
    let confirmed = journal.of(CONFIRM).filter(|entry| good(entry)).count();
    match claims.get(confirmed) {
        Some(entry) => broken(entry, "it was not confirmed"),
        None if claims.is_empty() => Verdict::NotSeen,
        None => Verdict::Kept,
    }
}

fn limits(journal: &Journal<'_>) -> Verdict {
    let codes = ["too-many-files", "file-too-large", "message-too-large", "text-too-long"];
    let seen = journal.of(SEND).next().is_some();
    journal.none_of(seen, &codes, "beyond a limit")
}

fn checked_before(journal: &Journal<'_>) -> Verdict {
    let codes = [
        "file-name-form",
        "file-combination",
        "file-content",
        "attachment-type",
        "attachment-name",
        "duplicate-file-name",
        "several-destinations",
        "sender-is-not-you",
        "manifest-differs",
        "signature-missing",
        "signature-invalid",
        "signer-is-not-you",
    ];
    let seen = journal.of(SEND).next().is_some();
    journal.none_of(seen, &codes, "it could have been found before")
}

fn proper_requests(journal: &Journal<'_>) -> Verdict {
    let codes = [
        "route-unknown",
        "method-not-allowed",
        "body-malformed",
        "query-malformed",
        "media-type-wrong",
        "host-unknown",
        "range-unsatisfiable",
        "token-of-other-certificate",
        "token-unknown",
    ];
    let seen = journal.entries.iter().any(|entry| text(entry, "listener") == "relay");
    journal.none_of(seen, &codes, "the request is wrong")
}

fn entry(number: u64, endpoint: &str, status: u16) -> Value {
    let (method, path) = endpoint.split_once(' ').unwrap();
    json!({
        "number": number, "listener": "relay", "method": method, "path": path,
        "endpoint": path, "office": "4779000118", "certificate": "1", "status": status,
        "request_bytes": 100, "idempotency_key": "#1", "code": null, "fault": null,
    })
}

fn verdict(id: &str, entries: &[Value]) -> Verdict {
    RULES.iter().find(|rule| rule.id == id).unwrap().judge(entries)
}

#[test]
fn nothing_done_is_nothing_kept() {
    for rule in RULES {
        assert_eq!(rule.judge(&[]), Verdict::NotSeen, "{}", rule.id);
    }
}

#[test]
fn each_rule_sees_what_breaks_it() {
    let refused = |endpoint: &str, status: u16, code: &str| {
        let mut entry = entry(1, endpoint, status);
        entry["code"] = code.into();
        entry
    };
    let mut bare = entry(1, FIRST, 200);
    bare["certificate"] = Value::Null;
    let mut lost = entry(1, SEND, 201);
    lost["fault"] = "drop".into();
    let mut other_key = entry(2, SEND, 201);
    other_key["idempotency_key"] = "#2".into();
    let wrong = || refused(SECOND, 401, "user-or-password-wrong");
    for (id, entries) in [
        ("CLIENT-01", vec![entry(1, SECOND, 200)]),
        ("CLIENT-02", vec![bare]),
        ("CLIENT-03", vec![wrong(), wrong()]),
        ("CLIENT-04", vec![refused(SEND, 422, "file-content")]),
        ("CLIENT-05", vec![lost, other_key]),
        ("CLIENT-06", vec![entry(1, CLAIM, 200), refused(CLAIM, 410, "already-fetched")]),
        ("CLIENT-07", vec![entry(1, CLAIM, 200)]),
        ("CLIENT-08", vec![refused(SEND, 422, "text-too-long")]),
        ("CLIENT-09", vec![refused(SEND, 422, "file-combination")]),
        ("CLIENT-10", vec![refused("GET /v1/inbox", 400, "query-malformed")]),
    ] {
        assert!(matches!(verdict(id, &entries), Verdict::Broken(_)), "{id}");
    }
}

#[test]
fn a_repeat_under_its_key_and_a_claim_after_a_failure_are_kept() {
    let mut lost = entry(1, SEND, 503);
    lost["fault"] = "drop".into();
    assert_eq!(verdict("CLIENT-05", &[lost, entry(2, SEND, 201)]), Verdict::Kept);
    let claims = [entry(1, CLAIM, 503), entry(2, CLAIM, 200)];
    assert_eq!(verdict("CLIENT-06", &claims), Verdict::Kept);
    assert_eq!(verdict("CLIENT-07", &[claims[1].clone(), entry(3, CONFIRM, 204)]), Verdict::Kept);
}
