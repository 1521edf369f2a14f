//! Expectations can fail: switches are turned, answers and requests changed on the way, and just
//! what is about that fails.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use careplan_tests::bed::{Answer, Tampering};
use reqwest::header::HeaderValue;
use serde_json::json;

use super::scene::Scene;
use super::{
    Expectation, GROUPS, download, failures, headers, licence, login, problems, sending, sessions,
};

type Group = &'static [Expectation];

/// The ids that fail.
async fn failed(scene: &Arc<Scene>, group: Group) -> Vec<&'static str> {
    let failed = failures(scene, group).await;
    failed.into_iter().map(|failure| failure.expectation.id).collect()
}

/// Started with one switch turned, ours is a relay that does something else.
async fn turned(group: Group, switch: &str, wanted: &[&str]) {
    let scene = Scene::start(&["--set", switch]).await;
    assert_eq!(failed(&scene.into(), group).await, wanted, "{switch}");
}

/// The ids that fail when answers are changed on the way; the path of the request comes with them.
async fn told(
    group: Group,
    change: impl Fn(&str, &mut Answer) + Send + Sync + 'static,
) -> Vec<&'static str> {
    let mut scene = Scene::start(&[]).await;
    scene.bed.tampering = Some(Tampering::Told(Box::new(change)));
    failed(&scene.into(), group).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn switches_of_the_login() {
    turned(login::ALL, "lock-after-failures=0", &["LOGIN-08"]).await;
    turned(login::ALL, "c-id-of-same-office=false", &["LOGIN-06"]).await;
    turned(login::ALL, "password-days=0", &["LOGIN-09"]).await;
    turned(sessions::ALL, "access-token-minutes=90", &["SESSION-05"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn switches_of_the_exchange() {
    turned(licence::ALL, "destination-licensed=false", &["LIC-01"]).await;
    turned(licence::ALL, "send-unlicensed=true", &["LIC-02", "LIC-09"]).await;
    turned(sending::ALL, "signature-required=false", &["SEND-07"]).await;
    turned(sending::ALL, "version3-allowed=false", &["SEND-27"]).await;
    turned(sending::ALL, "max-text-chars=5000", &["SEND-20"]).await;
    turned(sending::ALL, "one-unit-per-message=true", &["SEND-28"]).await;
    turned(download::ALL, "download-minutes=60", &["FETCH-10"]).await;
}

/// A relay that answers everything but a good login with 200 and nothing meets no expectation; those
/// that ask for no more than a login, a handshake or headers of every answer are named.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_nods_at_everything() {
    for group in GROUPS {
        let mut unmet = told(group, |path, answer| {
            let is_login = path.contains("/login") && answer.status == 200;
            if !path.starts_with("/v1/controls/") && !is_login {
                answer.status = 200;
                answer.json = json!({});
                answer.bytes.clear();
                answer.headers.retain(|name, _| name.starts_with("x-"));
            }
        })
        .await;
        let no_more = ["HEADER-01", "LOGIN-01", "TLS-13", "TLS-14"].into_iter();
        unmet.extend(no_more.filter(|id| group.iter().any(|expectation| expectation.id == *id)));
        unmet.sort_unstable();
        let all: Vec<_> = group.iter().map(|expectation| expectation.id).collect();
        assert_eq!(unmet, all);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_can_be_fetched_twice() {
    // The first answer to each claim is given again.
    let first = Mutex::new(BTreeMap::new());
    let failed = told(download::ALL, move |path, answer| {
        if path.ends_with("/claim") {
            let mut first = first.lock().unwrap();
            if answer.status == 200 {
                first.insert(path.to_owned(), answer.clone());
            } else if let Some(before) = first.get(path) {
                *answer = before.clone();
            }
        }
    });
    assert_eq!(failed.await, ["FETCH-02", "FETCH-03", "FETCH-05", "FETCH-10"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_byte() {
    let failed = told(download::ALL, |path, answer| {
        if path.starts_with("/v1/downloads/") && answer.status == 200 {
            answer.bytes[40] ^= 1;
        }
    });
    assert_eq!(failed.await, ["FETCH-01", "FETCH-02", "FETCH-03", "FETCH-07"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_that_never_learns() {
    let failed = told(download::ALL, |path, answer| {
        if path.starts_with("/v1/outbox/") {
            answer.json["state"] = "not_downloaded".into();
            answer.json["state_shown"] = "未ダウンロード".into();
        }
    });
    assert_eq!(failed.await, ["FETCH-04"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_of_refusals_that_are_missing() {
    for (member, wanted) in [
        ("detail", "PROBLEM-01"),
        ("hint_en", "PROBLEM-02"),
        ("request_id", "PROBLEM-02"),
        ("findings", "PROBLEM-03"),
    ] {
        let failed = told(problems::ALL, move |_, answer| {
            if answer.json["code"].is_string() {
                answer.json.as_object_mut().unwrap().remove(member);
            }
        });
        assert_eq!(failed.await, [wanted], "{member}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_that_are_wrong() {
    for (group, header, wanted) in [
        (problems::ALL, "content-type", "PROBLEM-01"),
        (headers::ALL, "x-request-id", "HEADER-01"),
        (headers::ALL, "cache-control", "HEADER-02"),
        (headers::ALL, "etag", "HEADER-03"),
    ] {
        let failed = told(group, move |_, answer| {
            answer.headers.insert(header.to_owned(), "always the same".to_owned());
        });
        assert_eq!(failed.await, [wanted], "{header}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_title_that_is_not_the_official_one() {
    let failed = told(sending::ALL, |_, answer| {
        if answer.json["code"] == "file-combination" {
            answer.json["title"] = "組み合わせが違います。".into();
        }
    });
    assert_eq!(failed.await, ["SEND-04"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_not_looked_at() {
    let number = AtomicU64::new(1);
    let mut scene = Scene::start(&[]).await;
    scene.bed.tampering = Some(Tampering::Asked(Box::new(move |request| {
        if let Some(key) = request.headers_mut().get_mut("idempotency-key") {
            *key = HeaderValue::from(number.fetch_add(1, Ordering::Relaxed));
        }
    })));
    let failed = failed(&scene.into(), sending::ALL).await;
    assert_eq!(failed, ["SEND-23", "SEND-24", "SEND-25", "SEND-26"]);
}
