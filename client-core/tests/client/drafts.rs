use careplan_client_core::{Class, FixedClock, Lang, Terminal};

use crate::world::{OTHER, World, actuals, attachment, file_to, now};

fn terminal() -> (tempfile::TempDir, Terminal) {
    let folder = tempfile::tempdir().unwrap();
    let terminal = Terminal::open(folder.path()).unwrap();
    (folder, terminal)
}

#[test]
fn drafts_are_kept_with_their_files() {
    let (_folder, terminal) = terminal();
    let clock = FixedClock(now());
    let drafts = terminal.drafts();
    let mut files = actuals();
    files.push(attachment("案内.pdf"));
    let first = drafts.save(&files, Some("文"), &clock).unwrap();
    let second = drafts.save(&[attachment("b.pdf")], None, &clock).unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(first.to, [OTHER.as_str()]);
    assert_eq!(second.to, [""; 0]);
    assert_eq!(drafts.list().unwrap().len(), 2);
    assert_eq!(drafts.open(&first.id).unwrap(), (files.clone(), Some("文".to_owned())));

    files.pop();
    let changed = drafts.replace(&first.id, &files, None, &clock).unwrap();
    assert_eq!((changed.id.as_str(), changed.files.len()), (first.id.as_str(), files.len()));
    assert_eq!(drafts.open(&first.id).unwrap(), (files, None));
    drafts.remove(&second.id).unwrap();
    assert_eq!(drafts.list().unwrap().len(), 1);
}

#[test]
fn what_is_no_draft_is_not_found() {
    let (folder, terminal) = terminal();
    let drafts = terminal.drafts();
    for id in ["20990101-000000", "../certificate.pem", "", "a/b", ".."] {
        let error = drafts.show(id).unwrap_err();
        assert_eq!((error.class(), error.code().as_str()), (Class::Usage, "not-found"), "{id}");
    }
    // A save that a crash broke off is no draft, and keeps nobody from his drafts.
    std::fs::create_dir_all(folder.path().join("drafts/20261121-160000")).unwrap();
    assert_eq!(drafts.list().unwrap(), []);
    let draft = drafts.save(&actuals(), None, &FixedClock(now())).unwrap();
    assert_eq!(drafts.list().unwrap(), std::slice::from_ref(&draft));
    // Nor does a name lead out of the folder of the drafts.
    for id in ["..", ".", "../drafts", &format!("../drafts/{}", draft.id)] {
        assert_eq!(drafts.remove(id).unwrap_err().code().as_str(), "not-found", "{id}");
        assert_eq!(drafts.list().unwrap(), std::slice::from_ref(&draft), "{id}");
    }
    assert_eq!(terminal.lang(), Lang::Ja);
    assert_eq!(terminal.with_lang(Lang::En).lang(), Lang::En);
    // A file that changed behind our back is not sent.
    std::fs::write(folder.path().join("drafts").join(&draft.id).join("1"), b"other").unwrap();
    let error = drafts.open(&draft.id).unwrap_err();
    assert_eq!(error.code().as_str(), "damaged-file");
}

/// The copies of its files go behind the caller's back, at the latest with the next start.
#[tokio::test]
async fn nothing_stays_of_a_draft_that_was_sent() {
    let world = World::logged_in().await;
    let drafts = world.terminal().drafts();
    let folder = world.terminal().root().join("drafts");
    let names = || -> Vec<_> {
        let entries = std::fs::read_dir(&folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let id = drafts.save(&actuals(), Some("文"), &FixedClock(now())).unwrap().id;
    world.client.send_draft(&id).await.unwrap();
    assert_eq!(drafts.list().unwrap(), []);
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !names().is_empty() && std::time::Instant::now() < until {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    assert_eq!(names(), [""; 0]);

    // A program that ended before that.
    let (own, terminal) = terminal();
    let left = own.path().join("drafts").join(".sent-0192");
    drop(terminal);
    std::fs::create_dir_all(&left).unwrap();
    std::fs::write(left.join("1"), b"a").unwrap();
    std::fs::create_dir_all(left.with_file_name(".other")).unwrap();
    let terminal = Terminal::open(own.path()).unwrap();
    assert_eq!(terminal.drafts().list().unwrap(), []);
    assert!(!left.exists() && left.with_file_name(".other").exists());
}

#[test]
fn a_draft_becomes_a_bulk_send() {
    let (_folder, terminal) = terminal();
    let clock = FixedClock(now());
    let drafts = terminal.drafts();
    let files = [
        file_to("4770190025", 20_261_121_100_000),
        file_to("4770190033", 20_261_121_100_000),
        attachment("案内.pdf"),
    ];
    let draft = drafts.save(&files, Some("文"), &clock).unwrap();
    assert_eq!(draft.to.len(), 2);
    let bulk = drafts.into_bulk(&draft.id, &terminal, &clock).unwrap();
    let rows = bulk.rows().unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.text.as_deref() == Some("文")));
    assert_eq!(bulk.unplaced().len(), 1);
    assert_eq!(drafts.list().unwrap(), []);
}
