//! Guesses at IDs and passwords: counted, locked, and told nothing by.

use super::beginnings::{C_PASSWORD, KJ_PASSWORD, ready};
use super::support::{Region, c_id, kj, planner, presented, refused, secret};

/// A hundred guesses at once, the right one among them: three are verified, and no more.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_lock_holds_under_many_guesses_at_once() {
    for stage in ["site", "terminal"] {
        let region = Region::ready().await;
        let guesses: Vec<_> = (0..100)
            .map(|guess| {
                let relay = region.relay.clone();
                tokio::spawn(async move {
                    let doors = relay.turn().await.expect("a turn").doors();
                    let wrong = secret(&format!("Guess{guess:04}"));
                    match stage {
                        "site" => doors.portal(&kj(planner()), &wrong).await.map(drop),
                        _ => doors.terminal(&c_id(planner()), &wrong).await.map(drop),
                    }
                })
            })
            .collect();
        let mut codes = std::collections::BTreeMap::new();
        for guess in guesses {
            let error = guess.await.expect("no panic").expect_err("it is wrong");
            let code = error.refusal().expect("a refusal").kind.code;
            *codes.entry(code).or_insert(0) += 1;
        }
        let counted = [("user-locked", 98), ("user-or-password-wrong", 2)];
        assert_eq!(codes, counted.into(), "{stage}");
        let late = match stage {
            "site" => {
                let doors = region.turn().await.doors();
                doors.portal(&kj(planner()), &secret(KJ_PASSWORD)).await.map(drop)
            }
            _ => {
                let doors = region.turn().await.doors();
                doors.terminal(&c_id(planner()), &secret(C_PASSWORD)).await.map(drop)
            }
        };
        refused(late, "user-locked");
    }
}

/// An ID that exists and one that does not answer a stranger alike, from the first guess to behind
/// the lock.
#[tokio::test]
async fn the_lock_does_not_tell_which_ids_exist() {
    let region = Region::ready().await;
    let wrong = secret("Guess0001");
    for terminal in [false, true] {
        let ids = match terminal {
            false => [kj(planner()), kj("4799999999")],
            true => [c_id(planner()), "careplan@9999".to_owned()],
        };
        let mut answers = Vec::new();
        for id in &ids {
            let mut said = Vec::new();
            for _ in 0..4 {
                let doors = region.turn().await.doors();
                let refusal = match terminal {
                    false => doors.portal(id, &wrong).await.map(drop),
                    true => doors.terminal(id, &wrong).await.map(drop),
                };
                let refusal = refusal.expect_err("it is wrong").refusal().cloned();
                let refusal = refusal.expect("a refusal");
                said.push((refusal.kind.code, refusal.detail, refusal.retry_at));
            }
            answers.push(said);
        }
        let codes: Vec<&str> = answers[0].iter().map(|(code, ..)| *code).collect();
        let wrong_once = "user-or-password-wrong";
        assert_eq!(codes, [wrong_once, wrong_once, "user-locked", "user-locked"]);
        assert_eq!(answers[0], answers[1]);
    }
    region.advance_minutes(30).await;
    let unknown = region.turn().await.doors().portal(&kj("4799999999"), &wrong).await;
    refused(unknown, "user-or-password-wrong");
    // A c-ID that cannot be locked stays open, whether it exists or not.
    region.switch(|switches| switches.lock_c_id = false).await;
    for _ in 0..5 {
        let doors = region.turn().await.doors();
        refused(doors.terminal("careplan@9999", &wrong).await, "user-or-password-wrong");
    }
    // Another state knows nothing of the guesses.
    let unknown = kj("4799999999");
    for _ in 0..2 {
        let doors = region.turn().await.doors();
        let _ = doors.portal(&unknown, &wrong).await.expect_err("it is wrong");
    }
    refused(region.turn().await.doors().portal(&unknown, &wrong).await, "user-locked");
    region.relay.begin(&ready(1)).await.expect("it is reset");
    refused(region.turn().await.doors().portal(&unknown, &wrong).await, "user-or-password-wrong");
}

/// What comes along when a password is pasted is said, for every ID alike, and is no guess.
#[tokio::test]
async fn a_blank_at_an_end_of_a_password_is_said_and_does_not_count() {
    let region = Region::ready().await;
    for id in [kj(planner()), kj("4799999999")] {
        for pasted in ["Careplan1 ", " Careplan1", "Careplan1\n", "Careplan1\u{3000}", "wrong\t"] {
            let asked = region.turn().await.doors().portal(&id, &secret(pasted)).await;
            let detail = refused(asked, "user-or-password-wrong").detail.expect("it is said");
            assert!(detail.ja.contains("空白や改行が付いています"), "{}", detail.ja);
            assert!(detail.ja.contains("回数には数えていません"), "{}", detail.ja);
            assert!(detail.en.contains("begins or ends with a blank"), "{}", detail.en);
        }
    }
    for id in [c_id(planner()), "careplan@9999".to_owned()] {
        for _ in 0..4 {
            let asked = region.turn().await.doors().terminal(&id, &secret("Terminal1 ")).await;
            assert!(refused(asked, "user-or-password-wrong").detail.is_some());
        }
    }
    // Nor against the first stage.
    let c_password = secret(C_PASSWORD);
    let stage = region.turn().await.doors().terminal(&c_id(planner()), &c_password).await;
    let stage = stage.expect("the c-ID is open").terminal_token;
    let card = presented(&region.certificate(planner(), None).await);
    for _ in 0..12 {
        let doors = region.turn().await.doors();
        let pasted = secret("Careplan1 ");
        let asked = doors.office(&stage, &kj(planner()), &pasted, Some(&card)).await;
        refused(asked, "user-or-password-wrong");
    }
    let doors = region.turn().await.doors();
    let right = doors.office(&stage, &kj(planner()), &secret(KJ_PASSWORD), Some(&card)).await;
    right.expect("nothing was counted");
    // One in the middle was typed: it counts.
    for code in ["user-or-password-wrong", "user-or-password-wrong", "user-locked"] {
        let asked = region.turn().await.doors().portal(&kj(planner()), &secret("Care plan1")).await;
        refused(asked, code);
    }
    // A lock is said first.
    let pasted = region.turn().await.doors().portal(&kj(planner()), &secret("Careplan1 ")).await;
    refused(pasted, "user-locked");
}

/// Whoever knows the password gets in, however many ask at once: each waits for the others.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_right_logins_at_once_are_all_let_in() {
    let region = Region::ready().await;
    let logins: Vec<_> = (0..12)
        .map(|_| {
            let relay = region.relay.clone();
            tokio::spawn(async move {
                let doors = relay.turn().await.expect("a turn").doors();
                doors.portal(&kj(planner()), &secret(KJ_PASSWORD)).await
            })
        })
        .collect();
    for login in logins {
        login.await.expect("no panic").expect("the password is right");
    }
}

/// A guess counts though its peer hangs up before it is answered.
#[tokio::test]
async fn hanging_up_does_not_make_guesses_free() {
    let region = Region::ready().await;
    for guess in 0..3 {
        let relay = region.relay.clone();
        let asked = tokio::spawn(async move {
            let doors = relay.turn().await.expect("a turn").doors();
            let wrong = secret(&format!("Guess{guess:04}"));
            // Polled until it has something to wait for, and dropped.
            let mut asking =
                std::pin::pin!(async { doors.terminal(&c_id(planner()), &wrong).await.map(drop) });
            std::future::poll_fn(|cx| {
                let _ = asking.as_mut().poll(cx);
                std::task::Poll::Ready(())
            })
            .await;
        });
        asked.await.expect("no panic");
    }
    let right = secret(C_PASSWORD);
    refused(region.turn().await.doors().terminal(&c_id(planner()), &right).await, "user-locked");
}
