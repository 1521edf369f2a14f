//! Relays that are broken on purpose, and the expectations at which they fail.

use std::sync::Arc;

use careplan_tests::bed::Bed;
use careplan_tests::plan::run::{Outcome, State, run};
use careplan_tests::plan::scene::Scene;
use careplan_tests::plan::server::Server;
use careplan_tests::plan::{Expectation, expectations, named};
use serde_json::json;

use crate::proxy::{Defect, FetchedTwice, Misheard, Spoiled, Told, break_it};

async fn outcomes(server: Server, chosen: &[&'static Expectation]) -> Vec<Outcome> {
    run(&Arc::new(Scene::new(server)), chosen, |_| {}).await
}

/// The ids that failed; everything else must have passed or not been run.
fn failed(outcomes: &[Outcome]) -> Vec<&'static str> {
    let failed = outcomes.iter().filter(|outcome| match &outcome.state {
        State::Passed | State::NotRun(..) => false,
        State::Failed(failure) => {
            assert!(!failure.request.is_empty() && !failure.came.is_empty());
            assert!(!failure.expected_ja.is_empty() && !failure.expected_en.is_empty());
            true
        }
        State::Internal(what) => panic!("{:?}: {what}", outcome.expectation),
    });
    failed.map(|outcome| outcome.expectation.id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_relay_meets_every_expectation() {
    let bed = Bed::start(&[]);
    let server = Server::of_demo(&bed).await;
    let all: Vec<_> = expectations().collect();
    for outcome in outcomes(server, &all).await {
        assert!(matches!(outcome.state, State::Passed), "{outcome:#?}");
    }
}

/// Started with one switch turned, ours is a relay that does something else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turned_switch_fails_where_it_shows() {
    for (switch, group, wanted) in [
        ("lock-after-failures=0", "LOGIN", &["LOGIN-08"][..]),
        ("c-id-of-same-office=false", "LOGIN", &["LOGIN-06"]),
        ("password-days=0", "LOGIN", &["LOGIN-09"]),
        ("access-token-minutes=90", "SESSION", &["SESSION-05"]),
        ("destination-licensed=false", "LIC", &["LIC-01"]),
        ("send-unlicensed=true", "LIC", &["LIC-02", "LIC-09"]),
        ("signature-required=false", "SEND", &["SEND-07"]),
        ("version3-allowed=false", "SEND", &["SEND-27"]),
        ("max-text-chars=5000", "SEND", &["SEND-20"]),
        ("one-unit-per-message=true", "SEND", &["SEND-28"]),
        ("download-minutes=60", "FETCH", &["FETCH-10"]),
    ] {
        let bed = Bed::start(&["--set", switch]);
        let server = Server::of_demo(&bed).await;
        assert_eq!(failed(&outcomes(server, &named(group)).await), wanted, "{switch}");
    }
}

async fn broken(defect: impl Defect, group: &str) -> Vec<&'static str> {
    let bed = Bed::start(&[]);
    let mut server = Server::of_demo(&bed).await;
    break_it(&mut server, defect).await;
    failed(&outcomes(server, &named(group)).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_passes_everything_on_is_a_good_one() {
    let bed = Bed::start(&[]);
    let mut server = Server::of_demo(&bed).await;
    break_it(&mut server, Spoiled(|_: &_, _: &mut _| {})).await;
    let all: Vec<_> = expectations().collect();
    let outcomes = outcomes(server, &all).await;
    assert_eq!(failed(&outcomes), Vec::<&str>::new());
    // Controls and sites are not there, so what needs them was not run: never passed.
    let passed = |id: &str| {
        let outcome = outcomes.iter().find(|outcome| outcome.expectation.id == id).unwrap();
        matches!(outcome.state, State::Passed)
    };
    assert!(passed("FETCH-03") && passed("TLS-08"));
    for id in ["TLS-02", "TLS-16", "LOGIN-08", "LIC-05", "SESSION-05"] {
        assert!(!passed(id), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_can_be_fetched_twice() {
    let failed = broken(FetchedTwice::default(), "FETCH").await;
    for id in ["FETCH-02", "FETCH-03", "FETCH-05"] {
        assert!(failed.contains(&id), "{failed:?}");
    }
    assert!(!failed.contains(&"FETCH-01"), "{failed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_byte() {
    let flip = Spoiled(|asked: &crate::proxy::Asked, told: &mut Told| {
        if asked.path.starts_with("/v1/downloads/") && told.status == 200 {
            told.body[40] ^= 1;
        }
    });
    let failed = broken(flip, "FETCH").await;
    assert!(failed.contains(&"FETCH-01"), "{failed:?}");
    assert!(!failed.contains(&"FETCH-03"), "{failed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_of_refusals_that_are_missing() {
    let without = |member: &'static str| {
        Spoiled(move |_: &_, told: &mut Told| {
            told.change(|json| {
                if json["code"].is_string() {
                    json.as_object_mut().unwrap().remove(member);
                }
            });
        })
    };
    for (member, wanted) in [
        ("detail", &["PROBLEM-01"][..]),
        ("hint_en", &["PROBLEM-02"]),
        ("request_id", &["PROBLEM-02"]),
        ("findings", &["PROBLEM-03"]),
    ] {
        assert_eq!(broken(without(member), "PROBLEM").await, wanted, "{member}");
    }
    let plain = Spoiled(|_: &_, told: &mut Told| {
        for (name, value) in &mut told.headers {
            if name == "content-type" && value == "application/problem+json" {
                *value = "application/json".to_owned();
            }
        }
    });
    assert_eq!(broken(plain, "PROBLEM").await, ["PROBLEM-01"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_that_are_missing() {
    for (header, wanted) in [
        ("x-request-id", &["HEADER-01"][..]),
        ("cache-control", &["HEADER-02"]),
        ("etag", &["HEADER-03"]),
    ] {
        let without = Spoiled(move |_: &_, told: &mut Told| {
            told.headers.retain(|(name, _)| name != header);
        });
        assert_eq!(broken(without, "HEADER").await, wanted, "{header}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_not_looked_at() {
    let number = std::sync::atomic::AtomicU64::new(1);
    let renamed = Misheard(move |asked: &mut crate::proxy::Asked| {
        for (name, value) in &mut asked.headers {
            if name == "idempotency-key" {
                let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                *value = format!("other-{number}");
            }
        }
    });
    let failed = broken(renamed, "SEND").await;
    assert_eq!(failed, ["SEND-23", "SEND-24", "SEND-25", "SEND-26"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_that_never_learns() {
    let never = Spoiled(|asked: &crate::proxy::Asked, told: &mut Told| {
        if asked.path.starts_with("/v1/outbox/") {
            told.change(|json| {
                json["state"] = "not_downloaded".into();
                json["state_shown"] = "未ダウンロード".into();
                json["downloaded_at"] = json!(null);
            });
        }
    });
    assert_eq!(broken(never, "FETCH").await, ["FETCH-04"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_title_that_is_not_the_official_one() {
    let reworded = Spoiled(|_: &_, told: &mut Told| {
        told.change(|json| {
            if json["code"] == "file-combination" {
                json["title"] = "組み合わせが違います。".into();
            }
        });
    });
    assert_eq!(broken(reworded, "SEND").await, ["SEND-04"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_is_an_internal_failure_and_a_refused_login_no_pass() {
    static BROKEN: Expectation = Expectation {
        id: "X-01",
        group: &careplan_tests::plan::Group {
            id: "X",
            title: careplan_spec::Text::new("試験", "a test"),
        },
        title: careplan_spec::Text::new("試験", "a test"),
        proves: careplan_spec::Text::new("試験", "a test"),
        clause: "-",
        basis: careplan_spec::Basis::Assumed,
        needs: &[],
        check: |_| Box::pin(async { panic!("this check is broken") }),
    };
    let bed = Bed::start(&[]);
    let server = Server::of_demo(&bed).await;
    let broken = outcomes(server, &[&BROKEN]).await;
    assert!(matches!(broken[0].state, State::Internal(_)), "{broken:?}");
}
