//! The command `careplan-client`, as a script runs it.

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use careplan_certs::Request;
use careplan_certs::kind::Kind;
use careplan_certs::package::{Encryption, pack};
use careplan_spec::office_number::OfficeNumber;
use serde_json::Value;

use crate::stub::{Stub, Trick};
use crate::world::{AUTHORITY, OTHER, OWN, Parcel, actuals, file_to, now, state};

struct Terminal {
    folder: tempfile::TempDir,
    stub: Stub,
}

impl Terminal {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = folder.path().join("出力");
        std::fs::create_dir(&files).unwrap();
        for file in actuals() {
            std::fs::write(files.join(file.name), &file.bytes).unwrap();
        }
        let office = OfficeNumber::parse(OWN.as_bytes()).unwrap();
        let request = Request::new(office, Kind::CarePlanJigyousho, now());
        let p12 = pack(&AUTHORITY.issue(&request).unwrap(), "pw123456", Encryption::Aes256);
        std::fs::write(folder.path().join("office.p12"), p12.unwrap()).unwrap();
        Self { folder, stub: Stub::start(state(), None).await }
    }

    fn run(&self, args: &[&str], input: &str) -> Output {
        run(self.folder.path(), &self.stub.url, args, input)
    }

    fn json(&self, args: &[&str], input: &str) -> (i32, Value) {
        let output = self.run(&[&["--json"], args].concat(), input);
        let value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{args:?}: {output:?}"));
        (output.status.code().unwrap(), value)
    }

    fn log_in(&self) {
        let (exit, _) =
            self.json(&["certificate", "import", "office.p12", "--password-stdin"], "pw123456\n");
        assert_eq!(exit, 0);
        let user = format!("KJ{}{}", &OWN[..2], *OWN);
        let args =
            ["login", "--terminal-user", "c0001", "--office-user", &user, "--password-stdin"];
        let (exit, value) = self.json(&args, "Com-User1\nOffice123\n");
        assert_eq!((exit, value["session"]["office"]["number"].as_str()), (0, Some(OWN.as_str())));
    }
}

fn start(folder: &Path, relay: &str, args: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_careplan-client"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CAREPLAN_") {
            command.env_remove(name);
        }
    }
    command
        .current_dir(folder)
        .env("CAREPLAN_RELAY", relay)
        .env("CAREPLAN_HOME", folder.join("terminal"))
        .env("CAREPLAN_NOW", now().to_string())
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn run(folder: &Path, relay: &str, args: &[&str], input: &str) -> Output {
    let mut child = start(folder, relay, args);
    // A command that ends at once does not read.
    if let Err(error) = child.stdin.take().unwrap().write_all(input.as_bytes()) {
        assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe);
    }
    child.wait_with_output().unwrap()
}

/// Runs the program in a shell that has done this before.
#[cfg(unix)]
fn run_after(terminal: &Terminal, before: &str, args: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_careplan-client");
    let folder = terminal.folder.path();
    Command::new("sh")
        .args(["-c", &format!("{before} exec '{program}' {args}")])
        .current_dir(folder)
        .env("CAREPLAN_RELAY", &terminal.stub.url)
        .env("CAREPLAN_HOME", folder.join("terminal"))
        .env("CAREPLAN_NOW", now().to_string())
        .output()
        .unwrap()
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_costs_no_message() {
    let terminal = Terminal::new().await;
    terminal.log_in();
    let large = vec![b'a'; 300_000];
    Parcel::new(&[("a.csv", large.as_slice())], None).deliver(&terminal.stub, "m1");
    // A write beyond the limit fails; the limit counts blocks of 512 bytes, a file at a time.
    let with_room_for = |blocks: u32| format!("trap '' XFSZ; ulimit -f {blocks};");
    // Neither the key nor the archive can be kept: nothing is claimed, and both languages say so.
    for blocks in [0, 1, 256] {
        let args = "download m1 --to received";
        let output = run_after(&terminal, &with_room_for(blocks), args);
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        let said = text(&output.stderr);
        assert!(said.contains("何も取得していません。"), "{said}");
        assert!(said.contains("ディスクの空きを作って"), "{said}");
        let output = run_after(&terminal, &with_room_for(blocks), &format!("--lang en {args}"));
        let said = text(&output.stderr);
        assert!(said.contains("Nothing was fetched: what must be on disk first"), "{said}");
        assert!(said.contains("Make room (or check the folder and its permissions)"), "{said}");
        assert_eq!(terminal.stub.count("POST /v1/inbox/m1/claim"), 0);
        let left = std::fs::read_dir(terminal.folder.path().join("terminal/downloads")).unwrap();
        assert_eq!(left.count(), 0, "nothing stays on a full disk");
    }
    // The list said less than came, and the disk was full in the middle.
    terminal.stub.state().inbox.get_mut("m1").unwrap().item["bytes"] = 10.into();
    let output = run_after(&terminal, &with_room_for(256), "download m1 --to received");
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let said = text(&output.stderr);
    assert!(said.contains("2026/11/21 16:10までに、この端末でもう一度データ取得を"), "{said}");
    let output = run_after(&terminal, &with_room_for(256), "--lang en download m1 --to received");
    let said = text(&output.stderr);
    assert!(said.contains("download again on this terminal before 2026/11/21 16:10"), "{said}");
    // All of it came, and where it is to be saved there is no room.
    let (exit, got) = terminal.json(&["download", "m1", "--to", "office.p12/x"], "");
    assert_eq!((exit, got["items"][0]["error"]["code"].as_str()), (3, Some("not-kept")), "{got}");
    let (exit, got) = terminal.json(&["download", "m1", "--to", "received"], "");
    assert_eq!((exit, got["items"][0]["downloaded"]["confirmed"].as_bool()), (0, Some(true)));
    assert_eq!(terminal.stub.count("POST /v1/inbox/m1/claim"), 1);
    assert_eq!(terminal.stub.state().ranges, ["bytes=131072-", "bytes=131072-"]);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs strace"]
async fn a_client_killed_between_any_two_steps_finishes_what_it_claimed() {
    let terminal = Terminal::new().await;
    terminal.log_in();
    let large = vec![b'a'; 100_000];
    for step in 1.. {
        let id = format!("m{step}");
        Parcel::new(&[("a.csv", large.as_slice())], None).deliver(&terminal.stub, &id);
        terminal.stub.state().keys.clear();
        // What changes a disk or speaks to the relay, each a place to be killed at.
        let calls = "fsync,rename,renameat,renameat2,unlink,mkdir,write,writev,sendto,close";
        let kill = format!("inject={calls}:signal=KILL:when={step}");
        let traced = format!("strace -f -qq -o /dev/null -e trace={calls} -e {kill}");
        let program = env!("CARGO_BIN_EXE_careplan-client");
        let before = format!("{traced} '{program}' download {id} --to received; exit $?; ");
        let output = run_after(&terminal, &before, "");
        let through = output.status.success();
        let (exit, got) = terminal.json(&["download", &id, "--to", "received"], "");
        if exit == 1 {
            // It was killed after the last step, or not at all.
            assert_eq!(got["items"][0]["error"]["code"], "already-fetched", "step {step}");
        } else {
            assert_eq!(exit, 0, "step {step}: {got}");
        }
        assert_eq!(terminal.stub.state().inbox[&id].claims, 1, "step {step}");
        assert!(terminal.stub.state().inbox[&id].confirmed >= 1, "step {step}");
        let keys = terminal.stub.state().keys.clone();
        let held = keys.iter().filter(|key| **key == terminal.stub.state().inbox[&id].key).count();
        assert!(held + usize::from(exit == 1) >= keys.len(), "step {step}: {keys:?}");
        let saved = std::fs::read_dir(terminal.folder.path().join("received")).unwrap();
        let saved: Vec<_> = saved
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.to_str().unwrap().ends_with(&format!("_{id}")))
            .collect();
        assert_eq!(saved.len(), 1, "step {step}");
        assert_eq!(std::fs::read(saved[0].join("a.csv")).unwrap(), large, "step {step}");
        if through {
            assert!(step > 20, "there are more steps than {step}");
            break;
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_at_the_desk() {
    let terminal = Terminal::new().await;
    terminal.log_in();
    let output = terminal.run(&["top"], "");
    let shown = text(&output.stdout);
    assert!(shown.contains("利用可能です。") && shown.contains("有効期限　　：-"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "the relay's text steers the terminal");

    let output = terminal.run(&["send", "出力", "--text", "よろしく"], "");
    assert!(text(&output.stdout).contains("送信成功しました"), "{output:?}");
    let (exit, outbox) = terminal.json(&["outbox"], "");
    assert_eq!((exit, outbox["items"][0]["to"]["number"].as_str()), (0, Some(OTHER.as_str())));

    Parcel::new(&[("a.csv", b"data")], None).deliver(&terminal.stub, "m1");
    let (exit, got) = terminal.json(&["download", "--all", "--to", "受信"], "");
    assert_eq!((exit, got["items"][0]["downloaded"]["confirmed"].as_bool()), (0, Some(true)));
    let (exit, got) = terminal.json(&["download", "m1", "--to", "受信"], "");
    assert_eq!((exit, got["items"][0]["error"]["code"].as_str()), (1, Some("already-fetched")));
    let output = terminal.run(&["logout", "--lang", "en"], "");
    assert_eq!(text(&output.stdout), "Logged out.\n");
    assert_eq!(terminal.run(&["top"], "").status.code(), Some(4));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_systems_leave_lying_about_is_not_sent() {
    let terminal = Terminal::new().await;
    terminal.log_in();
    let folder = terminal.folder.path().join("出力");
    let left = [".DS_Store", "._a.csv", "Desktop.ini", "Thumbs.db", "ehthumbs.db", "~$案内.csv"];
    for name in left {
        std::fs::write(folder.join(name), b"x").unwrap();
    }
    std::fs::create_dir(folder.join("__MACOSX")).unwrap();
    // A note of the user's own goes along.
    std::fs::write(folder.join("連絡.txt"), "よろしく").unwrap();
    let output = terminal.run(&["send", "出力", "--text", "x"], "");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = text(&output.stderr);
    let line = "送信しないファイル（システムのもの）：.DS_Store、._a.csv、Desktop.ini、Thumbs.db、\
                __MACOSX、ehthumbs.db、~$案内.csv\n";
    assert!(said.contains(line), "{said}");
    let sent: Vec<String> = {
        let state = terminal.stub.state();
        let taken = state.messages.values().next().unwrap();
        taken.files.iter().map(|(name, _)| name.clone()).collect()
    };
    let expected: Vec<String> =
        actuals().into_iter().map(|file| file.name).chain(["連絡.txt".to_owned()]).collect();
    assert_eq!(sent, expected);
    let output = terminal.run(&["--lang", "en", "bulk", "new", "出力"], "");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = text(&output.stderr);
    assert!(said.starts_with("left out (made by the system): .DS_Store, ._a.csv, "), "{said}");
    // Who names it, means it; and where nothing is left out, nothing is said.
    let output = terminal.run(&["send", "出力/Thumbs.db"], "");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(!text(&output.stderr).contains("送信しないファイル"), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blank_pasted_to_a_password_is_named_before_it_counts() {
    let terminal = Terminal::new().await;
    terminal.log_in();
    let posts = terminal.stub.count("POST");
    let user = format!("KJ{}{}", &OWN[..2], *OWN);
    let args = ["login", "--terminal-user", "c0001", "--office-user", &user, "--password-stdin"];
    let wrong = ["Com-User1 \nOffice123\n", "\u{3000}Com-User1\nOffice123\n", "Com-User1\t\nx\n"];
    for input in wrong {
        let output = terminal.run(&args, input);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let said = text(&output.stderr);
        assert!(said.contains("個人ユーザのパスワードの前か後ろに空白や改行が"), "{said}");
        assert!(said.contains("誤入力の回数には数えられません"), "{said}");
    }
    assert_eq!(terminal.stub.count("POST"), posts, "nothing was sent");
    let output = terminal.run(&[&["--lang", "en"], &args[..]].concat(), "Com-User1\nOffice123 \n");
    let said = text(&output.stderr);
    assert!(said.contains("The office user's password begins or ends with a blank."), "{said}");
    assert_eq!(terminal.stub.count("POST /v1/login/office"), 1, "that of before");
    // The end of the line is no part of the password, and a blank inside is the relay's business.
    let output = terminal.run(&args, "Com-User1\r\nOffice123\r\n");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let output = terminal.run(&args, "Com User1\nOffice123\n");
    assert_eq!(output.status.code(), Some(4), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_and_bulk_sends_on_the_command_line() {
    let terminal = Terminal::new().await;
    terminal.log_in();
    let (_, draft) = terminal.json(&["send", "出力", "--draft"], "");
    let id = draft["id"].as_str().unwrap();
    let (_, changed) = terminal.json(&["drafts", "edit", id, "--text", "文"], "");
    assert_eq!(changed["text"], "文");
    let (_, bulk) = terminal.json(&["drafts", "bulk", id], "");
    let id = bulk["id"].as_str().unwrap();
    assert_eq!(bulk["rows"][0]["text"], "文");
    std::fs::write(terminal.folder.path().join("案内.pdf"), b"%PDF").unwrap();
    let (exit, _) = terminal.json(&["bulk", "edit", id, "1", "--attach", "案内.pdf"], "");
    assert_eq!(exit, 0);
    let (exit, run) = terminal.json(&["bulk", "send", id], "");
    assert_eq!((exit, run["rows"][0]["state"].as_str()), (0, Some("sent")), "{run}");
    assert_eq!(terminal.stub.state().messages.values().next().unwrap().files.len(), 2);

    let bad = file_to(&OTHER, 20_261_121_100_000);
    std::fs::write(terminal.folder.path().join(&bad.name), &bad.bytes).unwrap();
    let output = terminal.run(&["send", &bad.name], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("送信前の検査"), "{output:?}");
    let (exit, list) = terminal.json(&["drafts"], "");
    assert_eq!((exit, list["items"].as_array().unwrap().len()), (0, 0));
    let (exit, _) = terminal.json(&["send", &bad.name, "--dry-run"], "");
    assert_eq!(exit, 1);

    for _ in 0..3 {
        terminal.stub.trick("POST /v1/messages", Trick::Drop);
    }
    let (exit, error) = terminal.json(&["send", "出力"], "");
    assert_eq!((exit, error["error"]["code"].as_str()), (3, Some("send-unknown")));
    let (_, list) = terminal.json(&["drafts"], "");
    assert_eq!(list["items"][0]["unresolved"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_ending_has_its_exit_code() {
    let terminal = Terminal::new().await;
    let exit = |args: &[&str], input: &str| terminal.run(args, input).status.code().unwrap();
    assert_eq!(exit(&["--help"], ""), 0);
    assert_eq!(exit(&["completions", "bash"], ""), 0);
    assert_eq!(exit(&["unheard-of"], ""), 2);
    assert_eq!(exit(&["drafts", "show", "none"], ""), 2);
    assert_eq!(exit(&["certificate", "show"], ""), 4);
    assert_eq!(exit(&["certificate", "import", "none.p12", "--password-stdin"], "x\n"), 3);
    assert_eq!(exit(&["certificate", "import", "office.p12"], ""), 2, "no password to be had");
    assert_eq!(exit(&["certificate", "import", "office.p12", "--password-stdin"], "no\n"), 4);
    assert_eq!(exit(&["inbox"], ""), 4);
    assert_eq!(
        exit(
            &[
                "--relay",
                "http://127.0.0.1:1",
                "login",
                "--terminal-user",
                "c1",
                "--office-user",
                "KJ",
                "--password-stdin"
            ],
            "a\nb\n"
        ),
        3
    );
    assert!(text(&terminal.run(&["--help"], "").stdout).contains("not logged in"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_at_once_send_a_draft_once() {
    for _ in 0..3 {
        let terminal = Terminal::new().await;
        terminal.log_in();
        let (_, draft) = terminal.json(&["send", "出力", "--draft"], "");
        let id = draft["id"].as_str().unwrap();
        let begin =
            || start(terminal.folder.path(), &terminal.stub.url, &["--json", "drafts", "send", id]);
        let both = [begin(), begin()].map(|child| child.wait_with_output().unwrap());
        let mut exits = both.each_ref().map(|output| output.status.code().unwrap());
        exits.sort_unstable();
        // The second one waits, and finds the draft gone.
        assert_eq!(exits, [0, 2], "{both:?}");
        let second = both.iter().find(|output| !output.status.success()).unwrap();
        assert!(text(&second.stdout).contains("not-found"), "{second:?}");
        assert_eq!(terminal.stub.state().messages.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_in_use_says_by_whom() {
    let terminal = Terminal::new().await;
    terminal.log_in();
    Parcel::new(&[("a.csv", b"a".as_slice())], None).deliver(&terminal.stub, "m1");
    terminal.stub.trick("POST /v1/inbox/m1/claim", Trick::Hang);
    let folder = terminal.folder.path();
    let download = ["download", "m1", "--to", "受信"];
    let mut first = start(folder, &terminal.stub.url, &download);
    while terminal.stub.count("POST /v1/inbox/m1/claim") == 0 {
        assert!(first.try_wait().unwrap().is_none());
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let output = terminal.run(&["--wait", "0", "drafts"], "");
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{told}");
    let who = format!("、プロセス{}、", first.id());
    assert!(told.starts_with("端末フォルダーを別のプログラムが使っています（"), "{told}");
    assert!(told.contains(&who), "{told}");
    assert!(told.contains("そのプログラムが終わってから、もう一度実行してください。"), "{told}");
    let (exit, error) = terminal.json(&["--wait", "0", "--lang", "en", "drafts"], "");
    assert_eq!((exit, error["error"]["code"].as_str()), (3, Some("terminal-in-use")), "{error}");
    // Somebody who waits is told why, and goes on when it is free: also where it was killed.
    let waiting = start(folder, &terminal.stub.url, &download);
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    first.kill().unwrap();
    first.wait().unwrap();
    let output = waiting.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(text(&output.stderr).contains("終わるのを待っています…"), "{output:?}");
    assert_eq!(terminal.stub.state().inbox["m1"].confirmed, 1);
    let keys = terminal.stub.state().keys.clone();
    assert!(keys.len() == 2 && keys[0] == keys[1] && keys[0].is_some(), "{keys:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_program_left_of_a_message_goes_with_the_next() {
    let terminal = Terminal::new().await;
    terminal.log_in();
    Parcel::new(&[("a.csv", b"a".as_slice())], None).deliver(&terminal.stub, "m1");
    Parcel::new(&[("a.csv", b"a".as_slice())], None).deliver(&terminal.stub, "m2");
    let (exit, done) = terminal.json(&["download", "m1", "--to", "受信"], "");
    let path = Path::new(done["items"][0]["downloaded"]["path"].as_str().unwrap());
    assert_eq!(exit, 0);
    let stem = path.file_name().unwrap().to_str().unwrap();
    let received = terminal.folder.path().join("受信");
    let left = |name: &str| received.join(format!(".receiving-{name}-Ab12Cd"));
    std::fs::create_dir_all(left(&stem.replace("m1", "m2")).join("relay")).unwrap();
    std::fs::create_dir_all(left("20261121-160000_4770190025_m3")).unwrap();
    terminal.json(&["download", "m2", "--to", "受信"], "");
    assert!(!left(&stem.replace("m1", "m2")).exists());
    // What is another message's may be under way.
    assert!(left("20261121-160000_4770190025_m3").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_come_from_one_file_and_arguments_win() {
    let terminal = Terminal::new().await;
    let settings = terminal.folder.path().join("careplan-client.toml");
    std::fs::write(&settings, "lang = \"en\"\nterminal-user = \"c0001\"\n").unwrap();
    let output = terminal.run(&["inbox"], "");
    assert!(text(&output.stderr).starts_with("Nobody is logged in."), "{output:?}");
    let output = terminal.run(&["--lang", "ja", "inbox"], "");
    assert!(text(&output.stderr).starts_with("ログインしていません。"), "{output:?}");
    std::fs::write(&settings, "langauge = \"en\"\n").unwrap();
    assert_eq!(terminal.run(&["inbox"], "").status.code(), Some(2));
}
