use careplan_client_core::{
    Bulk, Check, Class, ErrorKind, FixedClock, OutgoingFile, RowState, StoreError,
};

use crate::stub::{Trick, refusal};
use crate::world::{OTHER, World, actuals, attachment, file_to, now};

const A: &str = "4770190025";
const B: &str = "4770190033";

fn clock() -> FixedClock {
    FixedClock(now())
}

fn three_rows(world: &World) -> Bulk {
    let files = vec![
        file_to(B, 20_261_121_100_001),
        file_to(A, 20_261_121_100_009),
        attachment("案内.pdf"),
        file_to("4770190041", 20_261_121_100_000),
        file_to(A, 20_261_121_100_002),
    ];
    Bulk::create(world.terminal(), files, None, &clock()).unwrap()
}

#[tokio::test]
async fn files_find_their_rows_and_units_their_order() {
    let world = World::logged_in().await;
    let mut files: Vec<OutgoingFile> = actuals();
    let renamed = OutgoingFile {
        name: files[0].name.replace("UPJSK_", "UPJSX_"),
        bytes: files[0].bytes.clone(),
    };
    files.push(renamed);
    files.push(file_to(A, 20_261_121_100_000));
    let bulk = Bulk::create(world.terminal(), files, Some("共通の文"), &clock()).unwrap();
    let rows = bulk.rows().unwrap();
    assert!(rows.iter().any(|row| row.to == *OTHER && row.units()[0].id == Some("S1")));
    assert!(rows.iter().all(|row| row.text.as_deref() == Some("共通の文")));

    let bulk = three_rows(&world);
    let rows = bulk.rows().unwrap();
    assert_eq!(rows.iter().map(|row| row.to.as_str()).collect::<Vec<_>>(), [A, B, "4770190041"]);
    let units = rows[0].units();
    assert_eq!(units.len(), 2);
    assert!(units[0].key.sequence < units[1].key.sequence);
    assert!(rows[0].files[0].name.contains("100002"));
    assert_eq!(bulk.unplaced()[0].name, "案内.pdf");
    assert!(format!("{:?}", rows[0]).contains("state: \"waiting\""), "{:?}", rows[0]);
    assert_eq!(Bulk::list(world.terminal()).unwrap().len(), 2);
}

/// A disk that fails is no refusal of a row: the call says so, and nothing more is sent.
#[tokio::test]
async fn a_row_that_cannot_be_read_ends_the_call_with_the_file() {
    let world = World::logged_in().await;
    let mut bulk = three_rows(&world);
    let rows = world.terminal().root().join("bulk").join(bulk.id()).join("rows");
    let first = std::fs::read_dir(&rows).unwrap().map(|row| row.unwrap().path()).min().unwrap();
    std::fs::remove_file(first.join("message.json")).unwrap();
    let error = world.client.send_bulk(&mut bulk).check(Check::Skip).await.unwrap_err();
    let ErrorKind::Store(StoreError::Damaged { path, .. }) = error.kind() else {
        panic!("{error:?}")
    };
    assert_eq!(*path, first);
    assert_eq!(world.stub.count("POST /v1/messages"), 0);
}

#[tokio::test]
async fn a_refused_row_does_not_keep_the_others_back() {
    let world = World::logged_in().await;
    let mut bulk = three_rows(&world);
    world.stub.trick("POST /v1/messages", refusal(422, "no-such-office"));
    let run = world.client.send_bulk(&mut bulk).check(Check::Skip).await.unwrap();
    assert_eq!((run.sent, run.failed), (vec![2, 3], vec![1]));
    assert!(run.stopped_by.is_none());
    let RowState::Failed { code, what, .. } = bulk.row(1).unwrap().state else { panic!("failed") };
    assert_eq!((code.as_str(), what.en.as_ref()), ("no-such-office", "Refused."));
    // Nothing waits; a failed row is taken when it is asked for, or was edited.
    let run = world.client.send_bulk(&mut bulk).check(Check::Skip).await.unwrap();
    assert_eq!((run.sent.len(), run.failed.len()), (0, 0));
    let mut files = bulk.files(1).unwrap();
    files.push(attachment("案内.pdf"));
    bulk.edit(1, files, Some("修正しました")).unwrap();
    let run = world.client.send_bulk(&mut bulk).check(Check::Skip).await.unwrap();
    assert_eq!(run.sent, [1]);
    let state = world.stub.state();
    assert_eq!(state.messages.len(), 3);
    assert!(state.messages.values().any(|taken| taken.files.len() == 3));
}

#[tokio::test]
async fn the_local_check_fails_rows_one_by_one() {
    let world = World::logged_in().await;
    let mut files = actuals();
    files.push(file_to(A, 20_261_121_100_000));
    let mut bulk = Bulk::create(world.terminal(), files, None, &clock()).unwrap();
    let run = world.client.send_bulk(&mut bulk).await.unwrap();
    assert_eq!((run.sent.len(), run.failed.len()), (1, 1));
    let failed = bulk.row(run.failed[0]).unwrap();
    assert_eq!(failed.to, A);
    assert!(matches!(failed.state, RowState::Failed { code, .. } if code == "local-check"));
}

#[tokio::test]
async fn a_broken_run_is_taken_up_where_it_stopped() {
    let mut world = World::logged_in().await;
    let mut bulk = three_rows(&world);
    // Row 1 goes well, row 2 arrives but its answer is lost, then the line is dead.
    let id = bulk.id().to_owned();
    world.client.send_bulk(&mut bulk).rows([1]).check(Check::Skip).await.unwrap();
    world.stub.trick("POST /v1/messages", Trick::DropAfter);
    for _ in 0..2 {
        world.stub.trick("POST /v1/messages", Trick::Drop);
    }
    let run = world.client.send_bulk(&mut bulk).check(Check::Skip).await.unwrap();
    assert_eq!(run.stopped_by.unwrap().code(), "send-unknown");
    assert_eq!(bulk.row(2).unwrap().state, RowState::Unresolved);
    let files = bulk.files(2).unwrap();
    assert_eq!(bulk.edit(2, files, None).unwrap_err().class(), Class::Usage);
    drop(bulk);

    world.restart();
    let mut bulk = Bulk::open(world.terminal(), &id).unwrap();
    let run = world.client.send_bulk(&mut bulk).check(Check::Skip).await.unwrap();
    assert_eq!(run.sent, [2, 3]);
    assert!(matches!(
        bulk.row(2).unwrap().state,
        RowState::Sent { answer } if answer.repeated
    ));
    assert_eq!(world.stub.state().messages.len(), 3);
    let summary = bulk.summary();
    assert_eq!((summary.sent, summary.waiting), (3, 0));
    assert!(bulk.files(1).is_err(), "the copies are gone");
    bulk.remove().unwrap();
    assert_eq!(Bulk::list(world.terminal()).unwrap(), []);
}

#[tokio::test]
async fn what_would_stop_every_row_stops_the_run() {
    let world = World::logged_in().await;
    let mut bulk = three_rows(&world);
    world.stub.state().access.clear();
    world.stub.state().refresh.clear();
    let run = world.client.send_bulk(&mut bulk).check(Check::Skip).await.unwrap();
    assert_eq!(run.stopped_by.unwrap().class(), Class::NotLoggedIn);
    assert_eq!(world.stub.count("POST /v1/messages"), 1);
    assert_eq!(bulk.row(3).unwrap().state, RowState::Waiting);
}

#[tokio::test]
async fn at_most_a_hundred_rows_go_at_once() {
    let world = World::logged_in().await;
    let files = (0..101)
        .map(|at| file_to(&format!("47701{at:05}"), 20_261_121_100_000))
        .collect::<Vec<_>>();
    let mut bulk = Bulk::create(world.terminal(), files, None, &clock()).unwrap();
    let error = world.client.send_bulk(&mut bulk).check(Check::Skip).await.unwrap_err();
    assert_eq!(error.class(), Class::Usage);
    assert_eq!(world.stub.count("POST /v1/messages"), 0);
    bulk.exclude(101, true).unwrap();
    let run = world.client.send_bulk(&mut bulk).check(Check::Skip).await.unwrap();
    assert_eq!(run.sent.len(), 100);
    bulk.exclude(101, false).unwrap();
    let run = world.client.send_bulk(&mut bulk).rows([101]).check(Check::Skip).await.unwrap();
    assert_eq!(run.sent, [101]);
    let error = world.client.send_bulk(&mut bulk).rows([102]).check(Check::Skip).await.unwrap_err();
    assert_eq!(error.code().as_str(), "not-found");
}

#[tokio::test]
async fn a_row_keeps_its_destination() {
    let world = World::logged_in().await;
    let mut bulk = three_rows(&world);
    let error = bulk.edit(1, vec![file_to(B, 20_261_121_100_000)], None).unwrap_err();
    assert_eq!(error.code().as_str(), "several-destinations");
    assert_eq!(bulk.row(1).unwrap().files.len(), 2);
    assert_eq!(bulk.row(0).unwrap_err().to_string(), "一括送信の行「0」はありません。");
}

#[tokio::test]
async fn what_one_message_cannot_hold_becomes_further_rows() {
    let world = World::logged_in().await;
    let second = |number: u64| 20_261_121_100_000 + number / 60 * 100 + number % 60;
    let files: Vec<OutgoingFile> = (0..101).map(|number| file_to(A, second(number))).collect();
    let bulk = Bulk::create(world.terminal(), files.clone(), None, &clock()).unwrap();
    let rows = bulk.rows().unwrap();
    assert_eq!(rows.iter().map(|row| row.files.len()).collect::<Vec<_>>(), [100, 1]);
    assert!(rows.iter().all(|row| row.to == A));
    assert_eq!(rows[1].files[0].name, files[100].name, "the last sequence");
    // A hundred are one message.
    let bulk = Bulk::create(world.terminal(), files[1..].to_vec(), None, &clock()).unwrap();
    assert_eq!(bulk.rows().unwrap().len(), 1);
    // The files of a sequence stay together.
    let mut pairs = files[..99].to_vec();
    let last = &files[99];
    let others = ["UPPLAN", "UPSIKYU"].map(|kind| OutgoingFile {
        name: last.name.replacen(&last.name[..last.name.find('_').unwrap()], kind, 1),
        bytes: last.bytes.clone(),
    });
    pairs.extend(others);
    let rows = Bulk::create(world.terminal(), pairs, None, &clock()).unwrap().rows().unwrap();
    assert_eq!(rows.iter().map(|row| row.files.len()).collect::<Vec<_>>(), [99, 2]);
}
