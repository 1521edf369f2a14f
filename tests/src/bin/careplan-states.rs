//! What saving and loading a large state, beginning again and beginning a rehearsal cost others.

use std::fs::File;
use std::io::{BufWriter, Cursor, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use careplan_tests::bed::Bed;
use careplan_tests::office::{Office, sha256_hex};
use careplan_tests::program::{self, Program};
use careplan_tests::unit::{files, office_of};
use clap::Parser;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Memory above rest, at most.
const TARGET_MIB: f64 = 64.0;
/// What a request may wait.
const TARGET_MS: u64 = 200;
/// Nothing here takes longer.
const LONGEST: Duration = Duration::from_secs(600);
/// Bytes of an archive of a message; they cannot be packed.
const ARCHIVE: usize = 1_500;

const AFTER_HELP: &str = "\
例 / Examples:
  cargo run --release -p careplan-tests --bin careplan-states
  careplan-states --messages 10000 --server ./careplan-mock-server

測るもの / What is measured:
  N件のメッセージがある状態の保存、読み込み、初期化のあいだの最大メモリ増加と、その間の送信・受信一覧・
  /readyz の最長待ち時間。リハーサルの開始は、同じフォルダーでの起動時間と比べる。
  The highest memory above rest and the longest wait of a send, a list and /readyz while a state of N
  messages is saved, loaded and started over; a rehearsal is a start of the server: its time and
  memory beside those of an ordinary start on the same folder.

終了コード / Exit codes:
  0  測定完了 / measured
  1  失敗 / failed
  2  オプションの誤り / wrong options";

/// 状態の保存と読み込みを測る / Measures what saving and loading a large state costs others
#[derive(Debug, Parser)]
#[command(name = "careplan-states", version, after_help = AFTER_HELP)]
struct Options {
    /// サーバーの実行ファイル（省略時は同じビルドのもの） / Server binary; without it, the one of this build
    #[arg(long, value_name = "PATH")]
    server: Option<PathBuf>,
    /// メッセージの件数 / Messages of the state
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..))]
    messages: u32,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("careplan-states: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let server = match &options.server {
        Some(server) => server.clone(),
        None => program::find().map_err(anyhow::Error::msg)?,
    };
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(measure(&server, options.messages))
}

async fn measure(server: &Path, messages: u32) -> Result<()> {
    // What is needed last is missed first.
    let checker = program::find_beside("careplan-conformance").map_err(anyhow::Error::msg)?;
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path().join("data");
    let data = ["--data", folder.to_str().context("the temporary folder is not Unicode")?];
    let bed = Arc::new(Bed::of(Program::start_binary(server, &data)));
    let planner = bed.office(office_of("43")).await;
    let helper = bed.office(office_of("11")).await;
    // What is multiplied; the logins of this moment are in it.
    let key = "multiplied";
    let sent = planner.send(&bed, key, "K2", &helper.number).await;
    ensure!(sent.status == 201, "{sent:?}");
    let small = bed.ask(bed.plain.get(bed.controls("/v1/controls/state"))).await.is(200).bytes;
    let large = scratch.path().join("large.zip");
    eprintln!("an archive of {messages} messages …");
    let bytes = multiplied(&small, key, messages, &large)?;
    drop(small);

    println!(
        "{messages} messages, {:.0} MB packed; targets: {TARGET_MIB} MiB, {TARGET_MS} ms\n\n\
         | while | takes | memory above rest | longest send | longest list | longest /readyz |\n\
         |---|---:|---:|---:|---:|---:|",
        bytes as f64 / 1e6
    );
    for work in [Work::Nothing, Work::Load, Work::LoadAgain, Work::Save] {
        phase(&bed, &planner, &helper, work, &large).await?;
    }
    let total = planner.read(&bed, "/v1/outbox?per_page=1").await.json["total"].as_u64();
    ensure!(total.is_some_and(|total| total > messages.into()), "{total:?} messages are there");
    phase(&bed, &planner, &helper, Work::Reset, &large).await?;
    // As large as before, for the starts.
    Work::Load.run(&bed, &large).await?;
    drop(bed);
    starts(server, &checker, &folder, scratch.path())
}

/// What the others have to live with.
#[derive(Clone, Copy)]
enum Work {
    Nothing,
    Load,
    LoadAgain,
    Save,
    Reset,
}

impl Work {
    fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing else happens, 5 s",
            Self::Load => "it is loaded over a small state",
            Self::LoadAgain => "it is loaded over itself",
            Self::Save => "it is saved",
            Self::Reset => "it is reset (no target)",
        }
    }

    async fn run(self, bed: &Bed, large: &Path) -> Result<()> {
        let state = bed.controls("/v1/controls/state");
        match self {
            Self::Nothing => tokio::time::sleep(Duration::from_secs(5)).await,
            Self::Load | Self::LoadAgain => {
                let put = bed.plain.put(state).body(tokio::fs::read(large).await?);
                let put = put.header("content-type", "application/zip");
                let answer = put.timeout(LONGEST).send().await?;
                ensure!(answer.status() == 204, "{}", answer.text().await?);
            }
            Self::Save => {
                let mut answer = bed.plain.get(state).timeout(LONGEST).send().await?;
                ensure!(answer.status() == 200, "{}", answer.status());
                while answer.chunk().await?.is_some() {}
            }
            Self::Reset => {
                let reset = bed.plain.post(bed.controls("/v1/controls/reset"));
                let answer = reset.json(&json!({})).timeout(LONGEST).send().await?;
                ensure!(answer.status() == 200, "{}", answer.text().await?);
            }
        }
        Ok(())
    }
}

/// The longest of many waits, in microseconds.
#[derive(Default)]
struct Longest(AtomicU64);

impl Longest {
    fn note(&self, begun: Instant) {
        let took = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.0.fetch_max(took, Ordering::Relaxed);
    }

    fn shown(&self) -> String {
        format!("{} ms", self.0.load(Ordering::Relaxed) / 1_000)
    }
}

/// Lets something happen while others send, list and ask for readiness all the time; prints a row.
async fn phase(
    bed: &Arc<Bed>,
    planner: &Office,
    helper: &Office,
    work: Work,
    large: &Path,
) -> Result<()> {
    eprintln!("{} …", work.name());
    let id = bed.program.id();
    // The highest is counted from here on.
    std::fs::write(format!("/proc/{id}/clear_refs"), "5").context("Linux is needed")?;
    let rest = memory(id, "VmRSS:")?;
    let over = Arc::new(AtomicBool::new(false));
    let longest: Arc<[Longest; 3]> = Arc::default();
    // Who is logged in before a reset is not logged in after it.
    let may_end = matches!(work, Work::Reset);
    let mut others = Vec::new();
    for which in 0..3 {
        let (bed, over, longest) = (Arc::clone(bed), Arc::clone(&over), Arc::clone(&longest));
        let (planner, helper) = (planner.clone(), helper.clone());
        others.push(tokio::spawn(async move {
            for number in 0_u64.. {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                let key = format!("{}.{number}", work as u8);
                let request = match which {
                    0 => {
                        let unit = files("K2", &planner.number, &helper.number);
                        let post = planner.post(bed.relay("/v1/messages"));
                        let post = post.header("idempotency-key", key);
                        post.multipart(planner.message(&helper.number, &unit))
                    }
                    1 => helper.get(bed.relay("/v1/inbox?per_page=20")),
                    _ => bed.plain.get(bed.controls("/readyz")),
                };
                let begun = Instant::now();
                let status = request.timeout(LONGEST).send().await?.status();
                longest[which].note(begun);
                if may_end && status == 401 {
                    break;
                }
                ensure!(status.is_success(), "{}: {status}", ["send", "list", "readyz"][which]);
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Ok(())
        }));
    }
    let begun = Instant::now();
    let done = work.run(bed, large).await;
    let took = begun.elapsed();
    over.store(true, Ordering::Relaxed);
    for other in others {
        other.await.context("somebody ended early")??;
    }
    done?;
    let [send, list, ready] = &*longest;
    println!(
        "| {} | {:.1} s | {:.0} MiB | {} | {} | {} |",
        work.name(),
        took.as_secs_f64(),
        memory(id, "VmHWM:")? - rest,
        send.shown(),
        list.shown(),
        ready.shown()
    );
    Ok(())
}

/// How long a start on the folder takes, and what it needs: as a server, and for a rehearsal.
fn starts(server: &Path, checker: &Path, folder: &Path, scratch: &Path) -> Result<()> {
    println!("\n| start on this folder | takes | memory at its highest |\n|---|---:|---:|");
    let data = folder.to_str().context("the temporary folder is not Unicode")?;
    let plan = scratch.join("rehearsal");
    let plan = plan.to_str().context("the temporary folder is not Unicode")?;
    // An office that nobody has yet.
    let made = Command::new(checker)
        .args(["rehearse", "init", plan, "--office", "4770900118/43"])
        .output()?;
    ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    for (what, first) in [
        ("as it is", vec![]),
        ("a rehearsal is begun", vec!["rehearse", plan]),
        ("a rehearsal goes on", vec!["rehearse", plan]),
    ] {
        eprintln!("a start: {what} …");
        let begun = Instant::now();
        let program = Program::start_binary_with(server, &first, &["--data", data]);
        let took = begun.elapsed();
        let highest = memory(program.id(), "VmHWM:")?;
        println!("| {what} | {:.2} s | {highest:.0} MiB |", took.as_secs_f64());
    }
    Ok(())
}

/// MiB of a process, as the system names them.
fn memory(id: u32, name: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no such line")?;
    let kib: f64 = line.split_whitespace().next().context("no number")?.parse()?;
    Ok(kib / 1024.0)
}

/// Writes the archive of a state with the message of this key as often as is wanted, each with bytes
/// of its own; how many bytes it has.
fn multiplied(small: &[u8], key: &str, messages: u32, to: &Path) -> Result<u64> {
    let mut from = ZipArchive::new(Cursor::new(small))?;
    let mut zip = ZipWriter::new(BufWriter::new(File::create(to)?));
    let options = SimpleFileOptions::default().compression_level(Some(1));
    let archive = |number: u32| {
        // Numbers that look like chance and are the same every time.
        let mut seed = 0x9E37_79B9_7F4A_7C15_u64 ^ u64::from(number) << 20;
        let next = move || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed.to_le_bytes()[3]
        };
        std::iter::repeat_with(next).take(ARCHIVE).collect::<Vec<u8>>()
    };
    for index in 0..from.len() {
        let mut part = from.by_index(index)?;
        let name = part.name()?.into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes)?;
        zip.start_file(name.as_str(), options)?;
        match name.as_str() {
            "tables/message.json" => {
                let rows: Vec<Value> = serde_json::from_slice(&bytes)?;
                let one = rows.iter().find(|row| row["key"] == key).context("no such message")?;
                write!(zip, "[")?;
                for row in &rows {
                    write!(zip, "{row},")?;
                }
                for number in 1..=messages {
                    let mut row = one.clone();
                    row["id"] = format!("01a1fb70-3fca-7084-9ec8-{number:012x}").into();
                    row["key"] = format!("{key}-{number}").into();
                    row["archive_sha256"] = sha256_hex(&archive(number)).into();
                    row["archive_bytes"] = ARCHIVE.into();
                    write!(zip, "{}{row}", if number == 1 { "" } else { "," })?;
                }
                write!(zip, "]")?;
            }
            "blobs" => {
                zip.write_all(&bytes)?;
                for number in 1..=messages {
                    let bytes = archive(number);
                    zip.write_all(sha256_hex(&bytes).as_bytes())?;
                    zip.write_all(&(ARCHIVE as u64).to_le_bytes())?;
                    zip.write_all(&bytes)?;
                }
            }
            _ => zip.write_all(&bytes)?,
        }
    }
    zip.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    Ok(std::fs::metadata(to)?.len())
}
