//! Every async method of the client, dropped at every one of its awaits: what a Cancel button, a
//! timeout or `select!` can do. After each drop nothing is lost, nothing is there twice, and the
//! session lives.

use std::collections::BTreeMap;
use std::fs;
use std::pin::pin;
use std::task::Poll;

use careplan_client_core::{
    Bulk, Check, Client, Downloaded, Error, FixedClock, Message, OfficeNumber, SessionInfo,
    Terminal,
};

use crate::world::{Parcel, World, actuals, attachment, config, credentials, file_to, now, turns};

/// Up to this number every await is a place to drop at; beyond, fewer and fewer are.
const EVERY: usize = 30;

/// Where a future is dropped.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// At its await of this number, as soon as it waits.
    Waiting(usize),
    /// At the same await, when it would go on: what it waited for has happened.
    Woken(usize),
    /// After so many turns of the runtime: what it has begun in other tasks is somewhere else each
    /// time.
    Turn(usize),
}

impl Place {
    /// Runs a future up to this place; its outcome where it ends before.
    async fn of<T>(self, work: impl IntoFuture<Output = T>) -> Option<T> {
        let work = work.into_future();
        let (mut left, woken) = match self {
            Self::Waiting(number) => (number, false),
            Self::Woken(number) => (number, true),
            Self::Turn(number) => return turns(number, work).await,
        };
        let mut work = pin!(work);
        std::future::poll_fn(|context| {
            if left == 0 {
                return Poll::Ready(None);
            }
            match work.as_mut().poll(context) {
                Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
                Poll::Pending => {
                    left -= 1;
                    if left == 0 && !woken { Poll::Ready(None) } else { Poll::Pending }
                }
            }
        })
        .await
    }
}

/// Plays a round for every place until a round says that its future came to its end.
async fn at_every_await(mut round: impl AsyncFnMut(Place) -> bool) {
    let mut waited = false;
    for place in [Place::Waiting, Place::Woken, Place::Turn] {
        let mut number = 1;
        while !round(place(number)).await {
            number += 1 + number.saturating_sub(EVERY) / 2;
            assert!(number < 1_000_000, "it has an end");
        }
        waited |= number > 1;
    }
    // Work on another thread may be done before it is asked for, now and then.
    assert!(waited, "it never waited");
}

fn clock() -> FixedClock {
    FixedClock(now())
}

/// A client that knows only what is in the terminal folder.
fn anew(world: &World) -> Client {
    let terminal = Terminal::open(world.terminal().root()).unwrap();
    config(&world.stub.url).terminal(terminal).build().unwrap()
}

/// The session lives, in memory and on disk.
async fn alive(world: &World, place: Place) {
    for client in [&world.client, &anew(world)] {
        client.top().await.unwrap_or_else(|error| panic!("{place:?}: {error}"));
    }
}

/// Lets the access token end before every call, so that its renewal is among the awaits, or not.
fn let_end(world: &World, ended: bool) {
    if ended {
        world.stub.state().access.clear();
    }
}

fn messages(world: &World) -> usize {
    world.stub.state().messages.len()
}

#[tokio::test]
async fn a_draft_is_sent_once() {
    for ended in [false, true] {
        let world = World::logged_in().await;
        let drafts = world.terminal().drafts();
        let mut sent = 0;
        at_every_await(async |place| {
            let id = drafts.save(&actuals(), Some("文"), &clock()).unwrap().id;
            let_end(&world, ended);
            let send = || world.client.send_draft(&id);
            let outcome = place.of(send()).await;
            let finished = outcome.is_some();
            // Clicked again at once.
            let outcome = match outcome {
                Some(outcome) => outcome,
                None => send().await,
            };
            outcome.unwrap_or_else(|error| panic!("{place:?}: {error}"));
            sent += 1;
            assert_eq!(messages(&world), sent, "{place:?}");
            assert_eq!(drafts.list().unwrap(), [], "{place:?}");
            alive(&world, place).await;
            finished
        })
        .await;
    }
}

/// Sent in one call, dropped: the message is a draft, and sending that makes no second one.
#[tokio::test]
async fn a_message_is_sent_once_or_kept() {
    let world = World::logged_in().await;
    let drafts = world.terminal().drafts();
    let message = Message::new(actuals()).unwrap().text("文");
    let mut sent = 0;
    at_every_await(async |place| {
        let outcome = place.of(world.client.send(message.clone())).await;
        let finished = outcome.is_some();
        if let Some(outcome) = outcome {
            outcome.unwrap_or_else(|error| panic!("{place:?}: {error}"));
        } else {
            // What was begun on disk comes to its end by itself.
            let kept = loop {
                match drafts.list().unwrap().as_slice() {
                    [] => tokio::task::yield_now().await,
                    [draft] => break draft.id.clone(),
                    more => panic!("{place:?}: {more:?}"),
                }
            };
            world.client.send_draft(&kept).await.unwrap();
        }
        sent += 1;
        assert_eq!(messages(&world), sent, "{place:?}");
        assert_eq!(drafts.list().unwrap(), [], "{place:?}");
        finished
    })
    .await;
}

#[tokio::test]
async fn a_prepared_message_is_sent_once() {
    let world = World::logged_in().await;
    let message = Message::new(actuals()).unwrap().text("文");
    at_every_await(async |place| {
        let outcome = place.of(world.client.prepare(&message)).await;
        outcome.map(Result::unwrap).is_some()
    })
    .await;
    at_every_await(async |place| {
        let outcome = place.of(world.client.check(&message)).await;
        outcome.map(|found| assert!(found.unwrap().passed())).is_some()
    })
    .await;
    assert_eq!(world.stub.count("POST /v1/messages"), 0);
    let mut sent = 0;
    at_every_await(async |place| {
        let attempt = world.client.prepare(&message).await.unwrap();
        let send = || world.client.send_prepared(&message, &attempt);
        let outcome = place.of(send()).await;
        let finished = outcome.is_some();
        let outcome = match outcome {
            Some(outcome) => outcome,
            None => send().await,
        };
        outcome.unwrap_or_else(|error| panic!("{place:?}: {error}"));
        sent += 1;
        assert_eq!(messages(&world), sent, "{place:?}");
        finished
    })
    .await;
}

#[tokio::test]
async fn every_row_of_a_bulk_send_is_sent_once() {
    let world = World::logged_in().await;
    let mut sent = 0;
    at_every_await(async |place| {
        let files = vec![
            file_to("4770190025", 20_261_121_100_000),
            file_to("4770190033", 20_261_121_100_000),
            attachment("案内.pdf"),
        ];
        let mut bulk = Bulk::create(world.terminal(), files, None, &clock()).unwrap();
        let id = bulk.id().to_owned();
        let run = place.of(world.client.send_bulk(&mut bulk).check(Check::Skip)).await;
        let finished = run.is_some();
        if let Some(run) = run {
            assert_eq!(run.unwrap().sent, [1, 2]);
        }
        let mut bulk = Bulk::open(world.terminal(), &id).unwrap();
        let run = world.client.send_bulk(&mut bulk).check(Check::Skip).await.unwrap();
        assert!(run.failed.is_empty() && run.stopped_by.is_none(), "{place:?}: {run:?}");
        sent += 2;
        assert_eq!(messages(&world), sent, "{place:?}");
        assert_eq!((bulk.summary().sent, bulk.summary().waiting), (2, 0), "{place:?}");
        bulk.remove().unwrap();
        finished
    })
    .await;
}

async fn fetch(world: &World, id: &str) -> Result<Downloaded, Error> {
    let folder = world.folder.path().join("received");
    world.client.download(id).to(folder).await
}

/// The messages in the folder of received ones, each with how often it is there.
fn saved(world: &World) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for entry in fs::read_dir(world.folder.path().join("received")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let id = name.rsplit('_').next().unwrap().split(' ').next().unwrap().to_owned();
        *counts.entry(id).or_default() += 1;
    }
    counts
}

#[tokio::test]
async fn a_message_is_fetched_once_and_not_lost() {
    for ended in [false, true] {
        let world = World::logged_in().await;
        let mut fetched = BTreeMap::new();
        at_every_await(async |place| {
            let id = format!("m{}", fetched.len());
            let bytes = vec![b'a'; 200_000];
            Parcel::new(&[("a.csv", bytes.as_slice())], Some("文")).deliver(&world.stub, &id);
            let_end(&world, ended);
            let outcome = place.of(fetch(&world, &id)).await;
            let finished = outcome.is_some();
            let done = match outcome {
                Some(outcome) => outcome,
                None => fetch(&world, &id).await,
            };
            let done = done.unwrap_or_else(|error| panic!("{place:?}: {error}"));
            assert!(done.confirmed, "{place:?}");
            assert_eq!(fs::read(done.path.join("a.csv")).unwrap(), bytes, "{place:?}");
            fetched.insert(id.clone(), 1);
            assert_eq!(saved(&world), fetched, "{place:?}");
            assert_eq!(world.stub.state().inbox[&id].claims, 1);
            assert_eq!(world.terminal().pending_downloads().unwrap(), [], "{place:?}");
            alive(&world, place).await;
            finished
        })
        .await;
    }
}

#[tokio::test]
async fn each_of_several_messages_is_fetched_once_and_not_lost() {
    let world = World::logged_in().await;
    let folder = world.folder.path().join("received");
    let mut fetched = BTreeMap::new();
    at_every_await(async |place| {
        let ids = [0, 1].map(|number| format!("m{}", fetched.len() + number));
        for id in &ids {
            Parcel::new(&[("a.csv", b"a".as_slice())], None).deliver(&world.stub, id);
        }
        let all = || world.client.download_many(ids.clone()).to(&folder);
        let finished = match place.of(all()).await {
            Some(run) => {
                assert_eq!((run.fetched.len(), run.failed.len()), (2, 0), "{place:?}: {run:?}");
                true
            }
            None => {
                // What was through before is there, and is not fetched again.
                for (id, error) in all().await.failed {
                    assert_eq!(*error.code(), "already-fetched", "{place:?}: {error}");
                    assert_eq!(saved(&world).get(id.as_str()), Some(&1), "{place:?}");
                }
                false
            }
        };
        fetched.extend(ids.map(|id| (id, 1)));
        assert_eq!(saved(&world), fetched, "{place:?}");
        assert!(world.stub.state().inbox.values().all(|mail| mail.claims == 1), "{place:?}");
        assert_eq!(world.terminal().pending_downloads().unwrap(), [], "{place:?}");
        finished
    })
    .await;
}

#[tokio::test]
async fn a_login_is_there_or_not() {
    let world = World::new().await;
    at_every_await(async |place| {
        let asked = || world.stub.count("POST /v1/login/office");
        let before = asked();
        let outcome = place.of(world.client.login(&credentials())).await;
        let finished = outcome.map(Result::unwrap).is_some();
        // Wrong passwords are counted: no login is made again by itself.
        assert!(asked() <= before + 1, "{place:?}");
        // Memory and disk say the same.
        let (here, there) = (world.client.session().await, anew(&world).session().await);
        let office = |session: Result<SessionInfo, Error>| {
            session.map(|session| session.office.number).map_err(|error| error.code().to_string())
        };
        let here = office(here);
        assert_eq!(here, office(there), "{place:?}");
        match here {
            Ok(_) => alive(&world, place).await,
            Err(code) => assert_eq!((code.as_str(), finished), ("not-logged-in", false)),
        }
        world.client.login(&credentials()).await.unwrap();
        alive(&world, place).await;
        world.client.logout().await.unwrap();
        finished
    })
    .await;
}

#[tokio::test]
async fn a_logout_leaves_no_half_session() {
    let world = World::new().await;
    at_every_await(async |place| {
        world.client.login(&credentials()).await.unwrap();
        let outcome = place.of(world.client.logout()).await;
        let finished = outcome.map(Result::unwrap).is_some();
        // What was begun on disk comes to its end by itself: the first to ask waits for it.
        let here = world.client.session().await;
        for session in [here, anew(&world).session().await] {
            assert_eq!(*session.unwrap_err().code(), "not-logged-in", "{place:?}");
        }
        finished
    })
    .await;
}

/// What only asks, dropped while its session is renewed and while it asks.
async fn reads(name: &str, read: impl AsyncFn(&Client)) {
    for ended in [false, true] {
        let world = World::logged_in().await;
        Parcel::new(&[("a.csv", b"a".as_slice())], None).deliver(&world.stub, "m1");
        world.client.send(Message::new(actuals()).unwrap()).check(Check::Skip).await.unwrap();
        at_every_await(async |place| {
            let_end(&world, ended);
            let refreshed = world.stub.count("POST /v1/token/refresh");
            let finished = place.of(read(&world.client)).await.is_some();
            alive(&world, place).await;
            let renewals = world.stub.count("POST /v1/token/refresh") - refreshed;
            assert_eq!(renewals, usize::from(ended), "{name} {place:?}");
            finished
        })
        .await;
        assert_eq!(world.stub.state().inbox["m1"].claims, 0, "{name}");
    }
}

#[tokio::test]
async fn a_read_leaves_the_session() {
    let office = OfficeNumber::parse(b"4770190025").unwrap();
    reads("top", async |client| drop(client.top().await.unwrap())).await;
    reads("notices", async |client| drop(client.notices().await.unwrap())).await;
    reads("notice", async |client| drop(client.notice("n1").await.unwrap())).await;
    reads("office", async |client| drop(client.office(office).await.unwrap())).await;
    reads("inbox", async |client| drop(client.inbox().await.unwrap())).await;
    reads("inbox_item", async |client| drop(client.inbox_item(&"m1".into()).await.unwrap())).await;
    reads("outbox", async |client| drop(client.outbox().await.unwrap())).await;
    reads("outbox_item", async |client| drop(client.outbox_item(&"m1".into()).await.unwrap()))
        .await;
    reads("authority", async |client| drop(client.authority().await.unwrap())).await;
    reads("stream", async |client| {
        let mut items = client.inbox().into_stream();
        assert_eq!(items.next().await.unwrap().unwrap().id, "m1");
        assert!(items.next().await.is_none());
    })
    .await;
}

/// Names of what is public in these lines and can be awaited, or gives something that can.
fn awaited(source: &str) -> Vec<&str> {
    const AWAITED: [&str; 9] = [
        "Sending<",
        "SendingRows<",
        "Downloading<",
        "DownloadingMany<",
        "List<",
        "InboxList",
        "OutboxList",
        "NoticeList",
        "Items<",
    ];
    let asynchronous = source.split("\n    pub async fn ").skip(1);
    let giving = source.split("\n    pub fn ").skip(1).filter(|rest| {
        let signature = rest.split(['{', ';']).next().unwrap();
        let gives = signature.split("-> ").nth(1).unwrap_or_default();
        AWAITED.iter().any(|name| gives.starts_with(name))
    });
    let name = |rest: &'_ str| rest.find(['(', '<']).unwrap();
    asynchronous.chain(giving).map(|rest| &rest[..name(rest)]).collect()
}

#[test]
fn whatever_can_be_awaited_is_dropped_here() {
    // What methods above are made of.
    const BY_OTHERS: [&str; 3] = ["login_terminal", "login_office", "page"];
    let own = include_str!("every_await.rs");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(source) = path.is_file().then(|| fs::read_to_string(&path).unwrap()) else {
            continue;
        };
        // A type that is awaited has a name above.
        for awaited in source.split("IntoFuture for ").skip(1) {
            let name = awaited.split(|c: char| !c.is_alphanumeric()).next().unwrap();
            assert!(own.contains(&format!("\"{name}")), "{name} in {}", path.display());
        }
        for name in awaited(&source) {
            found += 1;
            let called = own.contains(&format!(".{name}(")) || BY_OTHERS.contains(&name);
            assert!(called, "{name} of {} is to be dropped at every await", path.display());
        }
    }
    assert!(found > 15, "{found}");
}
