use careplan_client_core::{Class, Client, Credentials, ErrorKind, Lang, NoSession, OfficeNumber};

use crate::stub::{Trick, refusal};
use crate::world::{OWN, World, config, credentials};

#[tokio::test]
async fn both_stages_open_a_session_that_outlives_the_program() {
    let mut world = World::new().await;
    let logged_in = world.client.login(&credentials()).await.unwrap();
    assert_eq!(logged_in.session.office.number, *OWN);
    assert_eq!(logged_in.certificate_notes, []);
    world.restart();
    let top = world.client.top().await.unwrap();
    assert_eq!((top.unfetched, top.licence.valid_until_shown.as_str()), (2, "-"));
    assert_eq!(world.client.notice("n1").await.unwrap().body, "本文");
    assert_eq!(
        world
            .client
            .office(OfficeNumber::parse(b"1234567890").unwrap())
            .await
            .unwrap()
            .service_kinds,
        ["11"]
    );
    assert_eq!(world.client.inbox().await.unwrap().items, []);
    assert_eq!(world.client.outbox().await.unwrap().total, 0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for name in ["session.json", "certificate.pem"] {
            let data = std::fs::metadata(world.terminal().root().join(name)).unwrap();
            assert_eq!(data.permissions().mode() & 0o777, 0o600, "{name}");
        }
    }
    world.client.logout().await.unwrap();
    let error = world.client.top().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotLoggedIn(NoSession::Never)));
    assert!(!world.terminal().root().join("session.json").exists());
}

#[tokio::test]
async fn a_wrong_password_is_told_and_never_tried_again() {
    let world = World::new().await;
    let office_user = format!("KJ{}{}", &OWN[..2], *OWN);
    let wrong = Credentials::new("c0001", "Com-User1", &office_user, "Wrong1234").unwrap();
    let error = world.client.login(&wrong).await.unwrap_err();
    assert_eq!((error.class(), error.code().as_str()), (Class::NotLoggedIn, "wrong-password"));
    assert_eq!(error.describe(Lang::En), "Refused.\nCorrect it.");
    assert_eq!(world.stub.count("POST /v1/login/office"), 1);
    // Nor where no answer came: it may have been counted.
    world.stub.trick("POST /v1/login/office", Trick::DropAfter);
    let error = world.client.login(&credentials()).await.unwrap_err();
    assert_eq!(error.class(), Class::Unreachable);
    assert_eq!(world.stub.count("POST /v1/login/office"), 2);
}

#[tokio::test]
async fn an_ended_token_is_renewed_once() {
    let mut world = World::logged_in().await;
    world.stub.state().access.clear();
    world.client.top().await.unwrap();
    assert_eq!(world.stub.count("POST /v1/token/refresh"), 1);
    assert_eq!(world.stub.count("GET /v1/top"), 2);
    // The new tokens are kept.
    world.restart();
    world.client.top().await.unwrap();
    assert_eq!(world.stub.count("POST /v1/token/refresh"), 1);
    // A relay that refuses for ever is not asked for ever.
    for _ in 0..2 {
        world.stub.trick("GET /v1/top", refusal(401, "token-ended"));
    }
    let error = world.client.top().await.unwrap_err();
    assert_eq!(error.class(), Class::NotLoggedIn);
    assert_eq!(world.stub.count("POST /v1/token/refresh"), 2);
}

#[tokio::test]
async fn tokens_of_one_session_are_renewed_once_by_many_tasks() {
    let world = World::logged_in().await;
    world.stub.state().access.clear();
    let client = &world.client;
    let (a, b, c) = tokio::join!(client.top(), client.top(), client.top());
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    assert_eq!(world.stub.count("POST /v1/token/refresh"), 1);
}

#[tokio::test]
async fn an_ended_session_asks_for_a_login() {
    let world = World::logged_in().await;
    world.stub.state().access.clear();
    world.stub.state().refresh.clear();
    let error = world.client.top().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotLoggedIn(NoSession::Ended)));
    assert!(error.describe(Lang::Ja).contains("ログインしてください"));
    assert!(world.terminal().session_info().unwrap().is_none());
}

#[tokio::test]
async fn a_session_is_not_shown_to_another_relay() {
    let world = World::logged_in().await;
    let other = World::new().await;
    let client = config(&other.stub.url).terminal(world.terminal().clone()).build().unwrap();
    let error = client.top().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotLoggedIn(NoSession::OtherRelay)));
    assert_eq!(other.stub.count("GET"), 0);
}

#[tokio::test]
async fn reads_are_repeated_and_refusals_are_not() {
    let world = World::logged_in().await;
    world.stub.trick("GET /v1/top", Trick::Drop);
    world.stub.trick("GET /v1/top", Trick::Say(502, b"<html>".to_vec()));
    world.client.top().await.unwrap();
    assert_eq!(world.stub.count("GET /v1/top"), 3);
    world.stub.trick("GET /v1/top", refusal(403, "licence-ended"));
    let error = world.client.top().await.unwrap_err();
    assert_eq!((error.class(), error.code().as_str()), (Class::Refused, "licence-ended"));
    assert_eq!(world.stub.count("GET /v1/top"), 4);
}

#[tokio::test]
async fn addresses_that_cannot_be_right_are_told() {
    let world = World::new().await;
    for (wrong, why) in [
        ("ftp://127.0.0.1", "は https ではありません"),
        ("http://relay.example", "は暗号化されません。https を使ってください"),
        ("http://192.0.2.1", "は暗号化されません。https を使ってください"),
        ("relay", "は URL ではありません"),
        ("https://", "は URL ではありません"),
    ] {
        let error = Client::builder(wrong).unwrap_err();
        assert_eq!(error.class(), Class::Usage, "{wrong}");
        assert!(error.to_string().contains(why), "{error}");
    }
    for right in
        ["https://relay.example", "http://localhost:1", "http://[::1]:1", "http://127.0.0.2"]
    {
        assert!(Client::builder(right).is_ok(), "{right}");
    }
    let client = config("http://127.0.0.1:1").terminal(world.terminal().clone()).build().unwrap();
    let error = client.login(&credentials()).await.unwrap_err();
    assert_eq!((error.class(), error.code().as_str()), (Class::Unreachable, "no-connection"));
}

#[tokio::test]
async fn a_client_serves_many_tasks() {
    let world = World::logged_in().await;
    let client = std::sync::Arc::new(world.client);
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let client = std::sync::Arc::clone(&client);
            tokio::spawn(async move { client.top().await.map(|top| top.unfetched) })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap(), 2);
    }
}
