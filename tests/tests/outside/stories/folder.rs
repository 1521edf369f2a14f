//! The folder of a state: held by one server, private, and never begun anew over something that was
//! there.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use careplan_tests::bed::Bed;
use careplan_tests::office::sha256_hex;
use careplan_tests::program::Program;
use careplan_tests::unit::office_of;

fn data(folder: &Path) -> [&str; 2] {
    ["--data", folder.to_str().unwrap()]
}

/// A folder with a state in which something happened, and whose server was killed.
async fn used() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let bed = Bed::start(&data(folder.path()));
    let planner = bed.office(office_of("43")).await;
    let _ = planner.send(&bed, "kept", "K2", office_of("11")).await.is(201);
    folder
}

/// The server does not start, at once, says which file it is about and all these words, and leaves
/// everything as it is.
#[track_caller]
fn refused(folder: &Path, file: &str, words: &[&str]) {
    let before = listing(folder);
    let begun = Instant::now();
    let (code, said) = Program::refuse(&data(folder));
    assert!(begun.elapsed() < Duration::from_secs(5), "it takes {:?}", begun.elapsed());
    assert_eq!(code, 3, "{said}");
    let path = if file.is_empty() { folder.to_owned() } else { folder.join(file) };
    assert!(said.contains(path.to_str().unwrap()), "{file} is not named: {said}");
    for word in words {
        assert!(said.contains(word), "{word:?} is not said: {said}");
    }
    assert_eq!(listing(folder), before, "{said}");
}

/// Names and contents, but for what says who holds the folder.
fn listing(folder: &Path) -> Vec<(String, String)> {
    let mut all: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .filter(|(name, path)| {
            path.is_file() && !["state.lock", "state.holder", "state.db-shm"].contains(&&**name)
        })
        .map(|(name, path)| (name, sha256_hex(&fs::read(path).unwrap())))
        .collect();
    all.sort();
    all
}

#[tokio::test]
async fn a_second_server_of_a_folder_is_told_who_holds_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut bed = Bed::start(&data(folder.path()));
    let pid = format!("process {}, since 20", bed.program.id());
    let address = bed.program.printed("sites").to_owned();
    refused(folder.path(), "", &[&pid, &address, "使用中", "another folder with --data"]);
    // What is left behind by kill -9 holds nobody up.
    bed.program.kill();
    assert!(folder.path().join("state.lock").is_file());
    let _again = Bed::start(&data(folder.path()));
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let assert_private = |folder: &Path| {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap().to_str().unwrap().starts_with("state.") {
                assert_eq!(mode(&path), 0o600, "{}", path.display());
            }
        }
    };
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("made/here");
    let bed = Bed::start(&data(&folder));
    assert!(folder.join("state.db-wal").is_file());
    assert_eq!(mode(&folder), 0o700);
    assert_private(&folder);
    drop(bed);

    // One of an earlier release, readable by everybody, with nothing else in it.
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    for entry in fs::read_dir(&folder).unwrap() {
        fs::set_permissions(entry.unwrap().path(), fs::Permissions::from_mode(0o644)).unwrap();
    }
    drop(Bed::start(&data(&folder)));
    assert_eq!(mode(&folder), 0o700);
    assert_private(&folder);

    // One that others use too keeps its rights; our files do not.
    fs::write(folder.join("notes.txt"), "x").unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(folder.join("state.db"), fs::Permissions::from_mode(0o644)).unwrap();
    drop(Bed::start(&data(&folder)));
    assert_eq!(mode(&folder), 0o755);
    assert_private(&folder);
}

#[tokio::test]
async fn a_damaged_state_is_named_and_left_alone() {
    let folder = used().await;
    let (state, log) = (folder.path().join("state.db"), folder.path().join("state.db-wal"));
    let (good, good_log) = (fs::read(&state).unwrap(), fs::read(&log).unwrap());
    let restored = || {
        fs::write(&state, &good).unwrap();
        fs::write(&log, &good_log).unwrap();
        let _ = fs::remove_file(folder.path().join("state.db-shm"));
    };
    let backup = "Restore the folder from a backup";

    fs::write(&state, b"").unwrap();
    refused(folder.path(), "state.db", &["0 bytes", "0バイト", backup, "バックアップから戻す"]);
    fs::write(&state, &good[..50]).unwrap();
    refused(folder.path(), "state.db", &["cut off", "途中で切れています", backup]);
    fs::write(&state, &good[..good.len() / 2]).unwrap();
    fs::write(&log, b"").unwrap();
    refused(folder.path(), "state.db", &["cut off", backup]);
    restored();
    fs::write(&state, "state ".repeat(4_000)).unwrap();
    refused(folder.path(), "state.db", &["no SQLite file", "先頭が壊れています", backup]);
    restored();
    fs::remove_file(&state).unwrap();
    refused(folder.path(), "state.db", &["it is missing", "state.db-wal", backup]);
    fs::create_dir(&state).unwrap();
    refused(folder.path(), "state.db", &["it is a folder", backup]);
    fs::remove_dir(&state).unwrap();

    // A log whose beginning is damaged would be passed over without a word.
    restored();
    let mut bad = good_log.clone();
    bad[8] ^= 0xff;
    fs::write(&log, &bad).unwrap();
    refused(folder.path(), "state.db-wal", &["its beginning is damaged", backup]);
    fs::write(&log, vec![0; good_log.len()]).unwrap();
    refused(folder.path(), "state.db-wal", &["its beginning is damaged", backup]);

    // Pages of zeros in the middle.
    restored();
    drop(Bed::start(&data(folder.path())));
    let mut holed = good.clone();
    let middle = holed.len() / 2 / 4096 * 4096;
    holed[middle..middle + 8 * 4096].fill(0);
    fs::write(&state, &holed).unwrap();
    fs::write(&log, b"").unwrap();
    let _ = fs::remove_file(folder.path().join("state.db-shm"));
    refused(folder.path(), "state.db", &["it is damaged", backup]);

    // Nothing of all this touched what is restored.
    restored();
    let bed = Bed::start(&data(folder.path()));
    let planner = bed.office(office_of("43")).await;
    let rows = planner.read(&bed, "/v1/outbox?per_page=1").await.is(200);
    assert!(rows.json["total"].as_u64().unwrap() >= 1, "{rows:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_file_is_named_and_not_waited_for() {
    let folder = used().await;
    let move_it = "Move it away, or name another folder";
    for name in ["state.db-wal", "state.db", "state.lock", "state.holder", "state.next.db"] {
        let path = folder.path().join(name);
        let kept = folder.path().join("kept");
        let was_there = path.exists();
        if was_there {
            fs::rename(&path, &kept).unwrap();
        }
        fs::create_dir(&path).unwrap();
        let words = ["it is a folder", "フォルダーです", move_it, "別の場所へ移す"];
        refused(folder.path(), name, &words);
        fs::remove_dir(&path).unwrap();
        // Opening a pipe waits for somebody at its other end.
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        refused(folder.path(), name, &["a pipe or a device", "パイプやデバイス", move_it]);
        fs::remove_file(&path).unwrap();
        if was_there {
            fs::rename(&kept, &path).unwrap();
        }
    }
    // A link that leads nowhere: nothing is begun at its other end.
    let (state, kept) = (folder.path().join("state.db"), folder.path().join("kept"));
    fs::rename(&state, &kept).unwrap();
    std::os::unix::fs::symlink(folder.path().join("nowhere"), &state).unwrap();
    refused(folder.path(), "state.db", &["it cannot be used", "使用できません", "--data"]);
    assert!(!folder.path().join("nowhere").exists());
    fs::remove_file(&state).unwrap();
    fs::rename(&kept, &state).unwrap();
    let bed = Bed::start(&data(folder.path()));
    let _ = bed.ask(bed.plain.get(bed.controls("/readyz"))).await.is(200);
}

#[tokio::test]
async fn a_state_of_a_newer_version_is_named() {
    let folder = used().await;
    let state = folder.path().join("state.db");
    // What is in the log goes into the file, whose 60th byte on is the version of the schema.
    let mut bytes = fs::read(&state).unwrap();
    bytes[60..64].copy_from_slice(&999_u32.to_be_bytes());
    fs::write(&state, &bytes).unwrap();
    fs::write(folder.path().join("state.db-wal"), b"").unwrap();
    let _ = fs::remove_file(folder.path().join("state.db-shm"));
    refused(folder.path(), "state.db", &["schema 999", "newer version", "新しい版"]);
}

#[tokio::test]
async fn files_of_others_are_no_state_and_a_start_that_was_cut_short_is_none() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.txt"), "x").unwrap();
    fs::write(folder.path().join("state.new"), "half a state").unwrap();
    fs::write(folder.path().join("state.lock"), "").unwrap();
    let bed = Bed::start(&data(folder.path()));
    let _ = bed.ask(bed.plain.get(bed.controls("/readyz"))).await.is(200);
    assert!(!folder.path().join("state.new").exists());
    assert_eq!(fs::read(folder.path().join("notes.txt")).unwrap(), b"x");
}

#[tokio::test]
async fn a_state_that_was_begun_stands_in_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let ca_pem = {
        let bed = Bed::start(&data(folder.path()));
        bed.program.printed("ca_pem").to_owned()
    };
    // Whoever takes the log away for a leftover takes nothing of the beginning.
    fs::write(folder.path().join("state.db-wal"), b"").unwrap();
    let bed = Bed::start(&data(folder.path()));
    assert_eq!(bed.program.printed("ca_pem"), ca_pem);
}
