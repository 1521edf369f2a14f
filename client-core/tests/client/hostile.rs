//! Answers no relay should give. The client must end with an error that explains, and never panic.

use careplan_client_core::{Class, Error, ErrorKind, Lang, Limits, Message, OfficeNumber};
use proptest::prelude::*;

use crate::stub::{Stub, Trick};
use crate::world::{OTHER, World, actuals, config, credentials, deliver_zip, limits, state};

/// Everything a client asks, each with what came of it.
async fn ask_everything(world: &World) -> Vec<(&'static str, Option<Error>)> {
    let client = &world.client;
    let message = Message::new(actuals()).unwrap();
    let attempt = client.prepare(&message).await.unwrap();
    let folder = world.folder.path().join("受信");
    vec![
        ("authority", client.authority().await.err()),
        ("top", client.top().await.err()),
        ("notice", client.notice("n1").await.err()),
        ("office", client.office(OfficeNumber::parse(b"1234567890").unwrap()).await.err()),
        ("inbox", client.inbox().await.err()),
        ("inbox item", client.inbox_item(&"m1".into()).await.err()),
        ("outbox", client.outbox().await.err()),
        ("outbox item", client.outbox_item(&"m1".into()).await.err()),
        ("send", client.send_prepared(&message, &attempt).await.err()),
        ("download", client.download("m1").to(&folder).await.err()),
        ("login", client.login(&credentials()).await.err()),
    ]
}

#[tokio::test]
async fn nonsense_of_every_kind_is_an_error_with_advice() {
    let nonsense: [(u16, &[u8]); 10] = [
        (200, b""),
        (200, b"<html>ok</html>"),
        (200, b"[]"),
        (200, b"{\"items\": 3, \"page\": -1}"),
        (200, b"\xff\xfe\x00"),
        (302, b""),
        (418, b"tea"),
        (404, b"{\"title\": 7}"),
        (500, b"{\"code\":\"internal\",\"title\":\"x\"}"),
        (503, b""),
    ];
    for (status, body) in nonsense {
        let world = World::logged_in().await;
        world.stub.state().always = Some(Trick::Say(status, body.to_vec()));
        for (asked, error) in ask_everything(&world).await {
            let error = error.unwrap_or_else(|| panic!("{asked} took HTTP {status} for an answer"));
            assert_ne!(error.class(), Class::Internal, "{asked} {status}: {error}");
            for lang in [Lang::Ja, Lang::En] {
                assert!(error.describe(lang).lines().count() >= 2, "{asked} {status}: {error}");
            }
        }
    }
}

#[tokio::test]
async fn answers_without_end_are_cut_off() {
    let world = World::logged_in().await;
    world.stub.trick("GET /v1/top", Trick::Endless);
    let error = world.client.top().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::BadAnswer { .. }), "{error}");
    // A download may not grow beyond what was announced.
    deliver_zip(&world.stub, "m1", &OTHER, vec![0; 1000]);
    for _ in 0..3 {
        world.stub.trick("GET /v1/downloads", Trick::Endless);
    }
    let folder = world.folder.path().join("受信");
    let error = world.client.download("m1").to(&folder).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::DownloadInterrupted { .. }), "{error}");
    // Nor may it be announced beyond what this terminal takes.
    for (download_bytes, code) in [(10, "too-large"), (999, "too-large"), (1000, "damaged-zip")] {
        let limits = Limits { download_bytes, ..limits() };
        let client = config(&world.stub.url).limits(limits);
        let client = client.terminal(world.terminal().clone()).build().unwrap();
        let error = client.download("m1").to(&folder).await.unwrap_err();
        assert_eq!(error.code().as_str(), code, "{download_bytes}");
    }
}

#[tokio::test]
async fn a_relay_that_makes_us_begin_again_and_again_is_left() {
    let world = World::logged_in().await;
    deliver_zip(&world.stub, "m1", &OTHER, vec![0; 1000]);
    for _ in 0..100 {
        world.stub.trick("GET /v1/downloads", Trick::Cut(100));
        world.stub.trick("GET /v1/downloads", Trick::Say(416, Vec::new()));
    }
    let folder = world.folder.path().join("受信");
    let error = world.client.download("m1").to(&folder).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::DownloadInterrupted { .. }), "{error}");
    assert!(world.stub.count("GET /v1/downloads") < 10);
}

#[tokio::test]
async fn a_relay_that_always_hangs_up_is_unreachable() {
    let world = World::logged_in().await;
    world.stub.state().always = Some(Trick::Drop);
    for (asked, error) in ask_everything(&world).await {
        assert_eq!(error.map(|error| error.class()), Some(Class::Unreachable), "{asked}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_answer_makes_the_client_panic(
        status in prop_oneof![Just(200_u16), Just(201), Just(206), Just(401), 200..600_u16],
        body in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..400),
            r#"\{"(items|id|code|title|access_token|size|download_token)":("x"|1|\[\]|null)\}"#
                .prop_map(String::into_bytes),
        ],
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::logged_in().await;
            world.stub.state().always = Some(Trick::Say(status, body));
            for (_, error) in ask_everything(&world).await {
                if let Some(error) = error {
                    assert_ne!(error.class(), Class::Internal, "{error:?}");
                }
            }
        });
    }

    #[test]
    fn no_zip_makes_the_client_panic(
        flips in proptest::collection::vec((0..2_000_usize, any::<u8>()), 0..6),
        cut in 0..3_000_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::logged_in().await;
            let good = crate::world::Parcel::new(&[("a.csv", b"data")], None).zip();
            let mut zip = good.clone();
            for (at, byte) in flips {
                let at = at % zip.len();
                zip[at] = byte;
            }
            zip.truncate(cut.max(1));
            let same = zip == good;
            deliver_zip(&world.stub, "m1", &OTHER, zip);
            let folder = world.folder.path().join("受信");
            let outcome = world.client.download("m1").to(&folder).await;
            if same {
                assert!(outcome.is_ok());
            }
            if let Ok(done) = outcome {
                assert_eq!(std::fs::read(done.path.join("a.csv")).unwrap(), b"data");
            }
        });
    }
}

#[tokio::test]
async fn a_login_that_gives_half_a_session_gives_none() {
    let stub = Stub::start(state(), None).await;
    let folder = tempfile::tempdir().unwrap();
    let terminal = careplan_client_core::Terminal::open(folder.path()).unwrap();
    let client = config(&stub.url).terminal(terminal).build().unwrap();
    stub.trick("POST /v1/login/office", Trick::Say(200, b"{\"access_token\":\"a\"}".to_vec()));
    assert!(client.login(&credentials()).await.is_err());
    assert!(client.terminal().session_info().unwrap().is_none());
}
