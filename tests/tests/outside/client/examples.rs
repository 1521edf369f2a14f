//! The examples of `careplan-client-core`, run as a reader of them would.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use base64::Engine as _;
use careplan_tests::bed::Bed;
use careplan_tests::program::find_beside;
use careplan_tests::unit::{files, office_of};
use reqwest::Method;
use serde_json::json;

use super::Terminal;

impl Terminal {
    /// An example with the environment of this terminal.
    fn example(&self, name: &str, arguments: &[&str]) -> Command {
        let program = find_beside(&format!("examples/{name}"));
        let mut command = Command::new(program.expect("`cargo build --examples` makes them"));
        command.current_dir(&self.folder).envs(self.environment.iter().cloned()).args(arguments);
        command
    }

    /// Runs an example; what it printed, and whether it succeeded.
    fn run_example(&self, name: &str, arguments: &[&str]) -> (String, bool) {
        let Output { status, stdout, stderr } = self.example(name, arguments).output().unwrap();
        let said = [stdout, stderr].concat();
        (String::from_utf8(said).unwrap(), status.success())
    }

    /// How many messages wait for it.
    fn unfetched(&self) -> usize {
        let page = self.run(&["inbox", "--state", "unfetched"]);
        page["total"].as_u64().unwrap().try_into().unwrap()
    }

    #[track_caller]
    fn does(&self, name: &str, arguments: &[&str]) -> String {
        let (said, success) = self.run_example(name, arguments);
        assert!(success, "{name}: {said}");
        said
    }
}

async fn at(bed: &Bed, number: &str, folder: &Path) -> Terminal {
    let (_, issued) = bed.issue(number, None).await;
    std::fs::create_dir_all(folder).unwrap();
    let p12 = folder.join("office.p12");
    let bytes = base64::prelude::BASE64_STANDARD.decode(issued["p12_base64"].as_str().unwrap());
    std::fs::write(&p12, bytes.unwrap()).unwrap();
    Terminal::log_in(bed, folder, number, &p12).await
}

async fn lose_answers(bed: &Bed, endpoint: &str, count: u32) {
    let order = json!({ "endpoint": endpoint, "kind": "drop", "when": "after", "count": count });
    let _ = bed.control(Method::POST, "/v1/controls/faults", &order).await.is(201);
}

fn export(folder: &Path, to: &[&str]) {
    std::fs::create_dir_all(folder).unwrap();
    for to in to {
        for (name, bytes) in files("K2", office_of("43"), office_of(to)) {
            std::fs::write(folder.join(name), bytes).unwrap();
        }
    }
}

fn folders(folder: &Path) -> usize {
    std::fs::read_dir(folder).into_iter().flatten().count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_examples_do_what_they_say() {
    let bed = Bed::start(&[]);
    let work = tempfile::tempdir().unwrap();
    let planner = at(&bed, office_of("43"), &work.path().join("planner")).await;
    let helper = at(&bed, office_of("11"), &work.path().join("helper")).await;

    // One of the two rows loses its answer and is sent again.
    export(&planner.folder.join("many"), &["11", "15"]);
    lose_answers(&bed, "POST /v1/messages", 1).await;
    let said = planner.does("bulk_with_progress", &["many"]);
    assert!(said.contains("row 1: 0 of 2 done\n"), "{said}");
    assert!(said.contains("attempt 2 in"), "{said}");
    assert_eq!(said.matches(": sent as ").count(), 2, "{said}");

    // All answers of a draft are lost; after the break it turns out that it had arrived.
    export(&planner.folder.join("one"), &["11"]);
    lose_answers(&bed, "POST /v1/messages", 3).await;
    let (said, success) = planner.run_example("drafts", &["one", "よろしくお願いします。"]);
    assert!(!success && said.contains("not known: send "), "{said}");
    assert!(said.contains(": 3 files\n"), "{said}");
    let said = planner.does("resume", &["received"]);
    assert!(said.contains(": had arrived as "), "{said}");
    let said = planner.does("drafts", &["one", "もう1通です。"]);
    assert!(said.contains("sent as "), "{said}");
    assert_eq!(planner.does("resume", &["received"]), "");

    // So are all answers to a claim: the message is there, and this terminal's alone.
    let waiting = helper.unfetched();
    lose_answers(&bed, "POST /v1/inbox/{id}/claim", 3).await;
    let (said, success) = helper.run_example("login_to_download", &["office.p12", "fetched"]);
    assert!(!success && said.starts_with("logged in: "), "{said}");
    assert_eq!(folders(&helper.folder.join("fetched")), 0);
    let said = helper.does("resume", &["fetched"]);
    assert!(said.starts_with("message ") && said.ends_with(": saved\n"), "{said}");
    assert_eq!(folders(&helper.folder.join("fetched")), 1);
    let said = helper.does("login_to_download", &["office.p12", "fetched"]);
    assert!(said.contains(".CSV\n"), "{said}");
    assert_eq!(folders(&helper.folder.join("fetched")), waiting);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_window_of_the_examples_gives_up_and_goes_on() {
    let bed = Bed::start(&[]);
    let work = tempfile::tempdir().unwrap();
    let terminal = at(&bed, office_of("11"), work.path()).await;
    let planner = bed.office(office_of("43")).await;
    for key in ["one", "two"] {
        let _ = planner.send(&bed, key, "K2", office_of("11")).await.is(201);
    }
    let waiting = terminal.unfetched();
    let slow = json!({
        "endpoint": "GET /v1/downloads/{download_token}", "kind": "latency", "latency_ms": 60_000,
        "count": 1,
    });
    let _ = bed.control(Method::POST, "/v1/controls/faults", &slow).await.is(201);

    let mut command = terminal.example("window", &["received"]);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut child = command.spawn().unwrap();
    let (mut buttons, mut shown) =
        (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let mut click = |button: &str| writeln!(buttons, "{button}").unwrap();
    let mut until = |wanted: &str| {
        let mut line = String::new();
        while !line.starts_with(wanted) {
            line.clear();
            assert!(shown.read_line(&mut line).unwrap() > 0, "it ended before it said {wanted}");
        }
    };
    until("ready");
    click("fetch");
    until(&format!("message 1 of {waiting}"));
    click("fetch");
    until("under way");
    // The relay has been asked for the archive, and takes its time.
    let struck = async || {
        let armed = bed.ask(bed.plain.get(bed.controls("/v1/controls/faults"))).await.is(200);
        armed.items()[0]["struck"] == 1
    };
    while !struck().await {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    click("cancel");
    until(&format!("0 fetched, {waiting} left"));
    click("fetch");
    until(&format!("{waiting} fetched, 0 left"));
    click("quit");
    assert!(child.wait().unwrap().success());
    assert_eq!(folders(&work.path().join("received")), waiting);
}
