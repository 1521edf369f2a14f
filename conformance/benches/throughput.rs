//! Prints how fast and in how much memory exports are judged: `cargo bench --bench throughput`.
//!
//! Invented files of 200 MB (`BENCH_MB` changes that) are written to a temporary folder. The
//! library is timed by the CPU time of its one thread, the program as a whole process. Plain
//! `main`, because the figures are rates over one long run, not distributions of short ones.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use careplan_fixtures::{Request, Richness};
use careplan_judge::engine::Counts;
use careplan_judge::message::Wording;
use careplan_judge::profile::Scope;
use careplan_judge::{Finding, FindingSink, Input, Profile, check};
use careplan_reports::{Format, Reports, TextOptions};
use careplan_spec::calendar::Month;

const PROGRAM: &str = env!("CARGO_BIN_EXE_careplan-conformance");
const JUNE: Month = Month::new(2026, 6).expect("a month");

fn main() -> anyhow::Result<()> {
    let megabytes: u64 =
        std::env::var("BENCH_MB").ok().and_then(|text| text.parse().ok()).unwrap_or(200);
    let folder = tempfile::tempdir()?;
    println!("| 測定 measurement | file | figure |");
    println!("|---|---|---|");
    for (kind, unit) in [("UPPLAN", "K2"), ("UPSIKYU", "K2"), ("UP2KYO", "K1")] {
        let clean = one_file(folder.path(), unit, kind, megabytes * 1_000_000)?;
        let size = fs::metadata(&clean)?.len();
        let (rate, counts) = judge(&clean)?;
        anyhow::ensure!(counts.total() == 0, "the clean {kind} has findings: {counts:?}");
        row("library, clean, all rules of files", kind, &rate.per_second(size));
        if kind == "UPPLAN" {
            let wrong = folder.path().join("wrong");
            fs::create_dir_all(&wrong)?;
            let wrong = break_every_record(&clean, &wrong)?;
            row(
                "library, every record wrong, JSON",
                kind,
                &judge_to_json(&wrong)?.per_second(size),
            );
            let json = format!("json={}", folder.path().join("report.json").display());
            row(
                "program, clean: peak memory",
                kind,
                &peak(&["check", "--scope", "file", "--quiet"], &clean)?,
            );
            row(
                "program, every record wrong, JSON: peak memory",
                kind,
                &peak(&["check", "--scope", "file", "--quiet", "--report", &json], &wrong)?,
            );
            fs::remove_file(wrong)?;
        }
        fs::remove_file(clean)?;
    }
    let unit = small_unit(folder.path())?;
    let mut times: Vec<Duration> = (0..30).map(|_| process(&unit)).collect::<Result<_, _>>()?;
    times.sort();
    let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
    let figure = format!("{:.1} ms median, {:.1} ms worst", millis(median), millis(worst));
    row("program, unit of four small files, whole process", "K1", &figure);
    Ok(())
}

fn row(what: &str, kind: &str, figure: &str) {
    println!("| {what} | {kind} | {figure} |");
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// CPU time of this thread, where the system tells; wall time elsewhere.
struct Stopwatch {
    cpu: Option<Duration>,
    wall: Instant,
}

struct Elapsed {
    cpu: Option<Duration>,
    wall: Duration,
}

impl Stopwatch {
    fn start() -> Self {
        Self { cpu: thread_cpu(), wall: Instant::now() }
    }

    fn stop(&self) -> Elapsed {
        let cpu = thread_cpu().zip(self.cpu).map(|(now, then)| now - then);
        Elapsed { cpu, wall: self.wall.elapsed() }
    }
}

impl Elapsed {
    fn per_second(&self, bytes: u64) -> String {
        let rate = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
        match self.cpu {
            Some(cpu) => format!("{:.0} MB per CPU-second", rate(cpu)),
            None => format!("{:.0} MB/s (wall)", rate(self.wall)),
        }
    }
}

/// The kernel counts in nanoseconds; only Linux has the file.
fn thread_cpu() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// One file of a unit with about `size` bytes.
fn one_file(folder: &Path, unit: &str, kind: &str, size: u64) -> anyhow::Result<PathBuf> {
    let probe = Request { people: 200, richness: Richness::Rich, ..Request::new(unit, JUNE)? };
    let files = careplan_fixtures::generate(&probe)?;
    let sample = files.iter().find(|file| file.name.starts_with(kind)).expect("the unit has it");
    let people = 200 * size / sample.bytes.len() as u64;
    let request = Request { people, ..probe };
    let path = folder.join(&sample.name);
    careplan_fixtures::stream(
        &request,
        |name| -> io::Result<Box<dyn Write>> {
            Ok(if name.starts_with(kind) {
                Box::new(BufWriter::with_capacity(1 << 20, File::create(folder.join(name))?))
            } else {
                Box::new(io::sink())
            })
        },
        &mut |_| {},
    )?;
    Ok(path)
}

/// Puts a letter into the insured number (field 3) of every record.
fn break_every_record(clean: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    let mut bytes = fs::read(clean)?;
    let mut commas = 0;
    for byte in &mut bytes {
        match *byte {
            b'\n' => commas = 0,
            b',' => commas += 1,
            _ if commas == 2 => {
                *byte = b'X';
                commas = 3;
            }
            _ => {}
        }
    }
    let path = folder.join(clean.file_name().expect("a file"));
    fs::write(&path, bytes)?;
    Ok(path)
}

#[derive(Default)]
struct CountingSink(Counts);

impl FindingSink for CountingSink {
    fn finding(&mut self, _: Option<&str>, finding: Finding) {
        self.0.add(finding.severity);
    }
}

fn input(path: &Path) -> anyhow::Result<Vec<Input<'static>>> {
    Ok(vec![Input::from_reader(path.to_string_lossy(), File::open(path)?)])
}

fn by_file() -> Profile {
    Profile::default().with_scope(Scope::File)
}

fn judge(path: &Path) -> anyhow::Result<(Elapsed, Counts)> {
    let mut sink = CountingSink::default();
    let watch = Stopwatch::start();
    check(input(path)?, &by_file(), &mut sink);
    Ok((watch.stop(), sink.0))
}

/// Writes every finding to a JSON report, as the program does.
fn judge_to_json(path: &Path) -> anyhow::Result<Elapsed> {
    let profile = by_file();
    let out = BufWriter::new(File::create(path.with_extension("json"))?);
    let mut reports = Reports::new(Wording::default(), &profile);
    reports.add(Format::Json, out, TextOptions::default());
    let watch = Stopwatch::start();
    let summary = check(input(path)?, &profile, &mut reports);
    reports.finish(&summary)?;
    let elapsed = watch.stop();
    let errors = summary.counts.errors;
    anyhow::ensure!(errors >= summary.files[0].records, "only {errors} errors");
    fs::remove_file(path.with_extension("json"))?;
    Ok(elapsed)
}

/// Runs the program and asks the system for its peak memory until it ends.
fn peak(arguments: &[&str], path: &Path) -> anyhow::Result<String> {
    let mut child =
        Command::new(PROGRAM).args(arguments).arg(path).stdout(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait()?.is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(kilobytes);
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(match peak {
        Some(kilobytes) => format!("{} MB", u64::div_ceil(kilobytes, 1024)),
        None => "unknown on this system".to_owned(),
    })
}

/// A folder with a home care plan of one person.
fn small_unit(folder: &Path) -> anyhow::Result<PathBuf> {
    let folder = folder.join("unit");
    fs::create_dir_all(&folder)?;
    for file in careplan_fixtures::generate(&Request { people: 1, ..Request::new("K1", JUNE)? })? {
        fs::write(folder.join(&file.name), &file.bytes)?;
    }
    Ok(folder)
}

/// Wall time of one whole run of the program.
fn process(folder: &Path) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let output = Command::new(PROGRAM).args(["check", "--quiet"]).arg(folder).output()?;
    let elapsed = start.elapsed();
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    Ok(elapsed)
}
