//! One message, once; nothing lost by a click: calls at once, calls dropped, a second process.

use std::collections::BTreeMap;
use std::fs;

use careplan_client_core::{
    Bulk, Check, Class, Client, Downloaded, Error, FixedClock, Message, RowState, Terminal,
};
use proptest::prelude::*;

use crate::stub::{Trick, refusal};
use crate::world::{
    OTHER, OWN, Parcel, World, actuals, attachment, config, credentials, file_to, now, turns,
};

fn clock() -> FixedClock {
    FixedClock(now())
}

/// Another client of the same terminal, as another window of one program has.
fn another(world: &World) -> Client {
    let terminal = Terminal::open(world.terminal().root()).unwrap();
    config(&world.stub.url).terminal(terminal).build().unwrap()
}

fn draft(world: &World) -> String {
    world.terminal().drafts().save(&actuals(), Some("文"), &clock()).unwrap().id
}

fn two_rows(world: &World) -> Bulk {
    let files = vec![
        file_to("4770190025", 20_261_121_100_000),
        file_to("4770190033", 20_261_121_100_000),
        attachment("案内.pdf"),
    ];
    Bulk::create(world.terminal(), files, None, &clock()).unwrap()
}

async fn fetch(client: &Client, world: &World, id: &str) -> Result<Downloaded, Error> {
    let folder = world.folder.path().join("received");
    client.download(id).to(folder).await
}

fn deliver(world: &World, id: &str) {
    Parcel::new(&[("a.csv", b"a".as_slice())], None).deliver(&world.stub, id);
}

/// The messages in the folder of received ones, each with how often it is there.
fn saved(world: &World) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for entry in fs::read_dir(world.folder.path().join("received")).into_iter().flatten() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.starts_with('.'), "{name}");
        let id = name.rsplit('_').next().unwrap().split(' ').next().unwrap().to_owned();
        *counts.entry(id).or_default() += 1;
    }
    counts
}

#[track_caller]
fn assert_busy<T: std::fmt::Debug>(outcome: Result<T, impl Into<Error>>, what: &str) {
    let error: Error = outcome.unwrap_err().into();
    assert_eq!((error.code().as_str(), error.class()), ("busy", Class::Unreachable));
    let told = error.explain();
    assert!(told.what.ja.starts_with(what), "{}", told.what.ja);
    assert!(told.what.ja.ends_with("は、いま送信・取得・変更の途中です。"), "{}", told.what.ja);
    assert!(told.what.en.ends_with("is being sent, fetched or changed at this moment."));
    assert!(told.to_do.ja.contains("二重には送信・取得されません"), "{}", told.to_do.ja);
}

#[tokio::test]
async fn a_double_click_sends_a_draft_once() {
    for _ in 0..5 {
        let world = World::logged_in().await;
        let (id, other) = (draft(&world), another(&world));
        let send = async |client: &Client| client.send_draft(&id).check(Check::Skip).await;
        let (first, second) = tokio::join!(send(&world.client), send(&other));
        first.unwrap();
        assert_busy(second, "下書き「");
        assert_eq!(world.stub.count("POST /v1/messages"), 1);
        assert_eq!(world.stub.state().messages.len(), 1);
        assert_eq!(send(&other).await.unwrap_err().code(), "not-found");
    }
}

#[tokio::test]
async fn a_draft_under_way_is_not_changed() {
    let world = World::logged_in().await;
    let (id, drafts) = (draft(&world), world.terminal().drafts());
    world.stub.trick("POST /v1/messages", Trick::Hang);
    let reached = async {
        while world.stub.count("POST /v1/messages") == 0 {
            tokio::task::yield_now().await;
        }
        assert_busy(drafts.replace(&id, &actuals(), None, &clock()), "下書き「");
        assert_busy(drafts.remove(&id), "下書き「");
        assert_busy(drafts.into_bulk(&id, world.terminal(), &clock()), "下書き「");
        // It can be looked at.
        assert_eq!(drafts.list().unwrap()[0].text.as_deref(), Some("文"));
    };
    tokio::select! {
        outcome = world.client.send_draft(&id).check(Check::Skip) => panic!("{outcome:?}"),
        () = reached => {}
    }
    // Dropped: whether it arrived is not known, and a bulk send is made of nothing like that.
    assert!(drafts.show(&id).unwrap().unresolved);
    let error = drafts.into_bulk(&id, world.terminal(), &clock()).unwrap_err();
    assert_eq!(error.code().as_str(), "setting");
    assert!(error.explain().what.ja.contains("先にもう一度送信してください"));
    assert!(world.client.send_draft(&id).check(Check::Skip).await.unwrap().repeated);
    assert_eq!(world.stub.state().messages.len(), 1);
}

#[tokio::test]
async fn a_bulk_opened_twice_is_one() {
    let world = World::logged_in().await;
    let mut first = two_rows(&world);
    let mut second = Bulk::open(world.terminal(), first.id()).unwrap();
    let mut third = Bulk::open(world.terminal(), first.id()).unwrap();
    let other = another(&world);
    let (one, two) = tokio::join!(
        world.client.send_bulk(&mut first).check(Check::Skip),
        other.send_bulk(&mut second).check(Check::Skip),
    );
    assert_eq!(one.unwrap().sent, [1, 2]);
    assert_busy(two, "一括送信「");
    // Whoever opened it before learns what became of the rows.
    let run = other.send_bulk(&mut second).check(Check::Skip).await.unwrap();
    assert_eq!((run.sent.len(), run.failed.len()), (0, 0));
    assert_eq!(world.stub.state().messages.len(), 2);
    let error = third.edit(1, vec![file_to("4770190025", 1)], None).unwrap_err();
    assert_eq!(error.explain().what.ja, "1行目は送信済みのため変更できません。");
    let error = third.exclude(2, true).unwrap_err();
    assert_eq!(error.explain().what.en, "Row 2 was sent and cannot change.");
}

#[tokio::test]
async fn a_bulk_under_way_is_not_changed() {
    let world = World::logged_in().await;
    let mut bulk = two_rows(&world);
    let mut other = Bulk::open(world.terminal(), bulk.id()).unwrap();
    let gone = Bulk::open(world.terminal(), bulk.id()).unwrap();
    world.stub.trick("POST /v1/messages", Trick::Hang);
    let reached = async {
        while world.stub.count("POST /v1/messages") == 0 {
            tokio::task::yield_now().await;
        }
        assert_busy(other.edit(2, vec![file_to("4770190033", 1)], None), "一括送信「");
        assert_busy(other.exclude(2, true), "一括送信「");
        assert_busy(gone.remove(), "一括送信「");
    };
    tokio::select! {
        run = world.client.send_bulk(&mut bulk).check(Check::Skip) => panic!("{run:?}"),
        () = reached => {}
    }
    let run = world.client.send_bulk(&mut other).check(Check::Skip).await.unwrap();
    assert_eq!(run.sent, [1, 2]);
    assert_eq!(world.stub.state().messages.len(), 2);
}

#[tokio::test]
async fn a_double_click_fetches_a_message_once() {
    let world = World::logged_in().await;
    deliver(&world, "m1");
    let other = another(&world);
    let (first, second) =
        tokio::join!(fetch(&world.client, &world, "m1"), fetch(&other, &world, "m1"));
    first.unwrap();
    assert_busy(second, "受信データ「m1」");
    assert_eq!(world.stub.count("POST /v1/inbox/m1/claim"), 1);
    assert_eq!(saved(&world), BTreeMap::from([("m1".to_owned(), 1)]));
}

#[tokio::test]
async fn what_is_being_fetched_is_not_forgotten() {
    let world = World::logged_in().await;
    deliver(&world, "m1");
    world.stub.trick("GET /v1/downloads/d-m1", Trick::Hang);
    let reached = async {
        while world.stub.count("GET /v1/downloads/d-m1") == 0 {
            tokio::task::yield_now().await;
        }
        assert_busy(world.terminal().forget_download(&"m1".into()), "受信データ「m1」");
    };
    tokio::select! {
        outcome = fetch(&world.client, &world, "m1") => panic!("{outcome:?}"),
        () = reached => {}
    }
    // Cancelled, and clicked again at once: no waiting for the relay that hangs.
    let done = fetch(&world.client, &world, "m1").await.unwrap();
    assert!(done.confirmed);
    assert_eq!(world.stub.count("POST /v1/inbox/m1/claim"), 1);
}

#[tokio::test]
async fn whoever_gave_up_waiting_learns_where_the_message_is() {
    let world = World::logged_in().await;
    deliver(&world, "m1");
    world.stub.trick("POST /v1/downloads/d-m1/confirm", Trick::DropAfter);
    let reached = async {
        while world.stub.count("POST /v1/downloads/d-m1/confirm") == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        outcome = fetch(&world.client, &world, "m1") => panic!("{outcome:?}"),
        () = reached => {}
    }
    let done = fetch(&world.client, &world, "m1").await.unwrap();
    assert!(done.confirmed && done.path.join("a.csv").is_file(), "{done:?}");
    assert_eq!(saved(&world), BTreeMap::from([("m1".to_owned(), 1)]));
    assert_eq!(world.terminal().pending_downloads().unwrap(), []);
}

#[tokio::test]
async fn what_never_left_is_not_in_doubt() {
    let mut world = World::logged_in().await;
    let id = draft(&world);
    let mut bulk = two_rows(&world);
    world.stub.stop();
    world.restart();
    // The listener closes when its task is dropped.
    tokio::task::yield_now().await;
    let error = world.client.send_draft(&id).check(Check::Skip).await.unwrap_err();
    assert_eq!((error.code().as_str(), error.class()), ("no-connection", Class::Unreachable));
    assert!(!world.terminal().drafts().show(&id).unwrap().unresolved);
    let run = world.client.send_bulk(&mut bulk).check(Check::Skip).await;
    assert_eq!(run.unwrap().stopped_by.unwrap().code(), "no-connection");
    assert_eq!(bulk.row(1).unwrap().state, RowState::Waiting);
    // So it can still be changed.
    bulk.edit(1, vec![file_to("4770190025", 20_261_121_100_001)], None).unwrap();
    let message = Message::new(actuals()).unwrap();
    let attempt = world.client.prepare(&message).await.unwrap();
    let error = world.client.send_prepared(&message, &attempt).await.unwrap_err();
    assert_eq!(error.code().as_str(), "no-connection");
}

#[tokio::test]
async fn a_refusal_after_a_lost_answer_leaves_the_doubt() {
    let world = World::logged_in().await;
    let (id, drafts) = (draft(&world), world.terminal().drafts());
    // It arrives, the answer is lost, and the licence ends.
    world.stub.trick("POST /v1/messages", Trick::DropAfter);
    world.stub.trick("POST /v1/messages", refusal(403, "licence-needed"));
    let error = world.client.send_draft(&id).check(Check::Skip).await.unwrap_err();
    assert_eq!(error.code().as_str(), "licence-needed");
    assert!(drafts.show(&id).unwrap().unresolved);
    // The same in another call.
    world.stub.trick("POST /v1/messages", refusal(403, "licence-needed"));
    world.client.send_draft(&id).check(Check::Skip).await.unwrap_err();
    assert!(drafts.show(&id).unwrap().unresolved);
    assert!(world.client.send_draft(&id).check(Check::Skip).await.unwrap().repeated);
    assert_eq!(world.stub.state().messages.len(), 1);

    let mut bulk = two_rows(&world);
    world.stub.trick("POST /v1/messages", Trick::DropAfter);
    world.stub.trick("POST /v1/messages", refusal(413, "message-too-large"));
    let run = world.client.send_bulk(&mut bulk).check(Check::Skip).await.unwrap();
    assert_eq!((run.sent, run.failed), (vec![2], vec![1]));
    assert_eq!(bulk.row(1).unwrap().state, RowState::Unresolved);
    let error = bulk.edit(1, vec![file_to("4770190025", 1)], None).unwrap_err();
    assert!(error.explain().what.ja.contains("送信の結果が分からないため"));
    let run = world.client.send_bulk(&mut bulk).check(Check::Skip).await.unwrap();
    assert_eq!(run.sent, [1]);
    assert_eq!(world.stub.state().messages.len(), 3);

    // Who keeps attempts himself is told that it is not known.
    let message = Message::new(actuals()).unwrap();
    let attempt = world.client.prepare(&message).await.unwrap();
    world.stub.trick("POST /v1/messages", Trick::Drop);
    world.stub.trick("POST /v1/messages", refusal(403, "licence-needed"));
    let error = world.client.send_prepared(&message, &attempt).await.unwrap_err();
    assert_eq!(error.code().as_str(), "send-unknown");
    assert!(error.explain().what.ja.contains("HTTP 403 licence-needed"));
}

#[tokio::test]
async fn a_judgement_ends_the_doubt() {
    let world = World::logged_in().await;
    let (id, drafts) = (draft(&world), world.terminal().drafts());
    world.stub.trick("POST /v1/messages", Trick::Drop);
    world.stub.trick("POST /v1/messages", refusal(422, "file-content"));
    let error = world.client.send_draft(&id).check(Check::Skip).await.unwrap_err();
    assert_eq!(error.code().as_str(), "file-content");
    assert!(!drafts.show(&id).unwrap().unresolved);
}

#[tokio::test]
async fn a_session_that_ended_before_it_was_sent_leaves_no_doubt() {
    let world = World::logged_in().await;
    let (id, drafts) = (draft(&world), world.terminal().drafts());
    world.stub.state().access.clear();
    world.stub.state().refresh.clear();
    let error = world.client.send_draft(&id).check(Check::Skip).await.unwrap_err();
    assert_eq!(error.code().as_str(), "not-logged-in");
    assert!(!drafts.show(&id).unwrap().unresolved);
}

#[tokio::test]
async fn a_read_dropped_during_the_renewal_leaves_the_session() {
    for trick in [None, Some(Trick::DropAfter), Some(Trick::Cut(3))] {
        let mut world = World::logged_in().await;
        world.stub.state().access.clear();
        let lost = trick.is_some();
        if let Some(trick) = trick {
            world.stub.trick("POST /v1/token/refresh", trick);
        }
        let reached = async {
            while world.stub.count("POST /v1/token/refresh") == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            outcome = world.client.top() => panic!("{outcome:?}"),
            () = reached => {}
        }
        world.client.top().await.unwrap();
        assert_eq!(world.stub.count("POST /v1/token/refresh"), 1 + usize::from(lost));
        // It is on disk as well.
        world.restart();
        world.client.top().await.unwrap();
        assert_eq!(world.stub.count("POST /v1/token/refresh"), 1 + usize::from(lost));
    }
}

#[tokio::test]
async fn a_renewal_whose_answer_is_lost_is_asked_again_after_a_restart() {
    let mut world = World::logged_in().await;
    world.stub.state().access.clear();
    world.stub.trick("POST /v1/token/refresh", Trick::DropAfter);
    for _ in 0..2 {
        world.stub.trick("POST /v1/token/refresh", Trick::Drop);
    }
    assert_eq!(world.client.top().await.unwrap_err().code(), "interrupted");
    world.restart();
    world.client.top().await.unwrap();
}

#[tokio::test]
async fn the_session_of_another_office_is_not_adopted() {
    let world = World::logged_in().await;
    let other = another(&world);
    world.stub.state().office.clone_from(&OTHER);
    other.login(&credentials()).await.unwrap();
    world.stub.state().office.clone_from(&OWN);
    world.stub.state().access.clear();
    let error = world.client.top().await.unwrap_err();
    assert_eq!((error.code().as_str(), error.class()), ("not-logged-in", Class::NotLoggedIn));
    assert_eq!(error.explain().what.ja, "この端末では、そのあと別の事業所がログインしました。");
    // The other one's session is left alone.
    assert_eq!(world.terminal().session_info().unwrap().unwrap().office.number, *OTHER);
    other.top().await.unwrap();
}

#[tokio::test]
async fn a_session_made_with_another_certificate_is_not_adopted() {
    let world = World::logged_in().await;
    let terminal = world.terminal().clone();
    terminal.install_certificate(&crate::world::certificate(&OWN)).unwrap();
    let other = config(&world.stub.url).terminal(terminal).build().unwrap();
    other.login(&credentials()).await.unwrap();
    world.stub.state().access.clear();
    let error = world.client.top().await.unwrap_err();
    assert_eq!(
        error.explain().what.en,
        "Somebody has logged in on this terminal with another certificate since."
    );
    other.top().await.unwrap();
}

#[tokio::test]
async fn another_client_of_the_office_shares_its_renewal() {
    let world = World::logged_in().await;
    let other = another(&world);
    world.stub.state().access.clear();
    let (one, two) = tokio::join!(world.client.top(), other.top());
    one.unwrap();
    two.unwrap();
}

/// What a user does, and what happens to it.
#[derive(Debug, Clone)]
enum Step {
    Send(usize),
    SendRows,
    Fetch(usize),
    Look,
    Ended,
    Restart,
    Fault(usize),
}

fn steps() -> impl Strategy<Value = Vec<(Step, Option<usize>, bool)>> {
    let step = prop_oneof![
        4 => (0..3_usize).prop_map(Step::Send),
        3 => Just(Step::SendRows),
        4 => (0..3_usize).prop_map(Step::Fetch),
        1 => Just(Step::Look),
        2 => Just(Step::Ended),
        1 => Just(Step::Restart),
        5 => (0..20_usize).prop_map(Step::Fault),
    ];
    // When it is dropped, and whether it is clicked twice.
    proptest::collection::vec((step, proptest::option::of(0..400_usize), any::<bool>()), 1..25)
}

fn fault(world: &World, number: usize) {
    let request =
        ["POST /v1/messages", "POST /v1/inbox", "GET /v1/downloads", "POST /v1/downloads"];
    let trick = match number / 4 {
        0 => Trick::Drop,
        1 => Trick::DropAfter,
        2 => Trick::Say(503, Vec::new()),
        3 => refusal(403, "licence-needed"),
        _ => Trick::Cut(20),
    };
    world.stub.trick(request[number % 4], trick);
}

async fn play(steps: Vec<(Step, Option<usize>, bool)>) {
    let mut world = World::logged_in().await;
    let drafts: Vec<String> = (0..3).map(|_| draft(&world)).collect();
    let bulk = two_rows(&world).id().to_owned();
    (0..3).for_each(|number| deliver(&world, &format!("m{number}")));
    for (step, dropped, twice) in steps {
        let (one, other) = (world.client.clone(), another(&world));
        let act = async |client: &Client| match &step {
            Step::Send(number) => {
                let _ = client.send_draft(&drafts[*number]).check(Check::Skip).await;
            }
            Step::SendRows => {
                let mut bulk = Bulk::open(client.terminal(), &bulk).unwrap();
                let _ = client.send_bulk(&mut bulk).check(Check::Skip).await;
            }
            Step::Fetch(number) => {
                let _ = fetch(client, &world, &format!("m{number}")).await;
            }
            Step::Look => {
                let _ = client.top().await;
            }
            Step::Ended => world.stub.state().access.clear(),
            Step::Fault(number) => fault(&world, *number),
            Step::Restart => {}
        };
        let both = async {
            if twice {
                tokio::join!(act(&one), act(&other));
            } else {
                act(&one).await;
            }
        };
        turns(dropped.unwrap_or(usize::MAX - 1), both).await;
        if matches!(step, Step::Restart) {
            world.restart();
        }
    }
    // In the end everything works, and everything is done once.
    world.stub.state().tricks.clear();
    for id in &drafts {
        match world.client.send_draft(id).check(Check::Skip).await {
            Ok(_) => {}
            Err(error) if error.code() == "not-found" => {}
            Err(error) => panic!("{error}"),
        }
    }
    let mut rows = Bulk::open(world.terminal(), &bulk).unwrap();
    let run =
        world.client.send_bulk(&mut rows).retry_failed(true).check(Check::Skip).await.unwrap();
    assert!(run.failed.is_empty() && run.stopped_by.is_none(), "{run:?}");
    for number in 0..3 {
        let id = format!("m{number}");
        if let Err(error) = fetch(&world.client, &world, &id).await {
            assert_eq!(
                (error.code().as_str(), saved(&world).get(&id)),
                ("already-fetched", Some(&1))
            );
        }
    }
    assert_eq!(world.stub.state().messages.len(), drafts.len() + 2);
    let expected: BTreeMap<_, _> = (0..3).map(|number| (format!("m{number}"), 1)).collect();
    assert_eq!(saved(&world), expected);
    assert!(world.stub.state().inbox.values().all(|mail| mail.claims == 1 && mail.confirmed > 0));
    assert_eq!(world.terminal().drafts().list().unwrap(), []);
    assert_eq!(world.terminal().pending_downloads().unwrap(), []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_clicked_everything_happens_once(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(play(steps));
    }
}

#[tokio::test]
async fn nothing_else_waits_while_a_large_message_is_made() {
    let world = World::logged_in().await;
    let large = bytes::Bytes::from(vec![b'a'; 40 << 20]);
    let files = [
        file_to("4770190025", 20_261_121_100_000),
        careplan_client_core::OutgoingFile { name: "案内.pdf".to_owned(), bytes: large },
    ];
    let id = world.terminal().drafts().save(&files, None, &clock()).unwrap().id;
    let began = std::time::Instant::now();
    let work = async {
        let message = Message::new(files.to_vec()).unwrap();
        world.client.prepare(&message).await.unwrap();
        // Read from disk and hashed, made and hashed again; the stub does not take it.
        world.stub.trick("POST /v1/messages", Trick::Drop);
        world.stub.trick("POST /v1/messages", refusal(422, "file-content"));
        world.client.send_draft(&id).check(Check::Skip).await.unwrap_err();
    };
    // A clock that ticks in the same thread. A busy machine lets it stand still now and then; work
    // in this thread would let it stand still nearly all the time.
    let (mut last, mut stood) = (std::time::Instant::now(), std::time::Duration::ZERO);
    let ticks = async {
        loop {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            let gap = last.elapsed();
            if gap.as_millis() >= 50 {
                stood += gap;
            }
            last = std::time::Instant::now();
        }
    };
    tokio::select! {
        () = work => {}
        () = ticks => {}
    }
    let whole = began.elapsed();
    assert!(stood < whole / 2, "{stood:?} of {whole:?}");
}
