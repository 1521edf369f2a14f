//! `check`: judges files and writes reports.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use careplan_judge::baseline::Known;
use careplan_judge::engine::{Counts, Verdict};
use careplan_judge::message::Wording;
use careplan_judge::suppression::Suppression;
use careplan_judge::{Finding, FindingSink, Profile, Severity, Summary};
use careplan_reports::{Format, Reports, TextOptions};
use careplan_spec::Lang;

use super::args::CheckArgs;
use super::config::{self, Settled, misconfigured};
use super::inputs::{self, Found, LARGEST_HELD, with_slashes};
use super::now::Now;
use super::progress::Progress;
use super::suppressions::Suppressions;
use super::{Exit, baseline, parallel, watch};
use crate::workbook;

/// Where a report goes.
#[derive(Debug, Clone)]
enum Target {
    Stdout,
    File(PathBuf),
}

/// What is to be written.
#[derive(Debug, Default)]
struct Targets {
    reports: Vec<(Format, Target)>,
    workbook: Option<PathBuf>,
}

/// The format that is no report: it holds what was checked, too.
const WORKBOOK: &str = "xlsx";

/// Runs the command.
pub(crate) fn run(args: CheckArgs, lang: Lang) -> anyhow::Result<Exit> {
    let settled = config::settle(&(&args).into())?;
    let targets = targets(&args)?;
    if args.watch {
        return watch::run(&args.paths, || once(&args, lang, &settled, &targets).map(|_| ()));
    }
    once(&args, lang, &settled, &targets)
}

fn targets(args: &CheckArgs) -> anyhow::Result<Targets> {
    let mut targets = Targets::default();
    for text in &args.reports {
        let (format, file) = text.split_once('=').unwrap_or((text, "-"));
        if format == WORKBOOK {
            if file == "-" || targets.workbook.is_some() {
                return Err(misconfigured(format!(
                    "--report {text}: xlsx=ファイル を1つ / one file, xlsx=FILE"
                )));
            }
            targets.workbook = Some(file.into());
            continue;
        }
        let known = Format::from_id(format).ok_or_else(|| {
            let ids: Vec<&str> = Format::ALL.iter().map(|format| format.id()).collect();
            misconfigured(format!("--report {text}: {}, {WORKBOOK}", ids.join(", ")))
        })?;
        let target = if file == "-" { Target::Stdout } else { Target::File(file.into()) };
        targets.reports.push((known, target));
    }
    let on_stdout = |(_, target): &&(Format, Target)| matches!(target, Target::Stdout);
    let on_stdout = targets.reports.iter().filter(on_stdout).count();
    if on_stdout > 1 {
        return Err(misconfigured(
            "標準出力への報告は1つだけです / only one report can go to stdout",
        ));
    }
    if on_stdout == 0 && !args.quiet {
        targets.reports.insert(0, (Format::Text, Target::Stdout));
    }
    Ok(targets)
}

fn once(
    args: &CheckArgs,
    lang: Lang,
    settled: &Settled,
    targets: &Targets,
) -> anyhow::Result<Exit> {
    let now = Now::of(None)?;
    let files = inputs::find(&args.paths, args.name.as_deref())?;
    let key = baseline::key(args, lang)?;
    let baseline = args
        .baseline
        .as_deref()
        .map(|path| baseline::read(path, &args.paths, key.as_ref()))
        .transpose()?;
    let wording = Wording { lang, show_values: args.show_values };
    let options = TextOptions {
        colour: super::colours(args.color),
        fold: (!args.all).then_some(3),
        statistics: args.statistics,
        width: terminal_width(),
    };
    let mut profile = settled.profile.clone();
    if args.all {
        profile.excerpts = u32::MAX;
    }
    let mut written = Reports::new(wording, &profile);
    written.started(now.local());
    written.keyed(key.clone());
    if let Some(path) = &settled.path {
        written.settings(with_slashes(path.display().to_string(), std::path::MAIN_SEPARATOR));
    }
    for (format, target) in &targets.reports {
        let out: Box<dyn Write> = match target {
            Target::Stdout => Box::new(BufWriter::new(io::stdout())),
            Target::File(path) => Box::new(BufWriter::new(create(path)?)),
        };
        written.add(*format, out, options);
    }
    let workbook = targets.workbook.as_deref().map(create).transpose()?;
    let mut findings = Findings {
        reports: written,
        workbook: workbook.is_some().then(|| (wording, workbook::Findings::default())),
        written: args.write_baseline.as_ref().map(|_| Known::new(BTreeMap::new(), key)),
        suppressions: Suppressions::new(&settled.suppressions, now.date()?),
        baseline,
        hidden: Counts::default(),
        taken: BTreeMap::new(),
        waiting: Vec::new(),
    };
    let total = files.iter().map(|file| file.size).sum();
    let progress = Progress::new(total, args.quiet);
    let jobs = args
        .jobs
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    let mut summary = parallel::check(&files, lang, &profile, jobs, &progress, &mut findings);
    progress.finish();
    findings.end(&mut summary, &profile);
    summary.decide(&profile);
    if let (Some(out), Some((_, workbook))) = (workbook, &findings.workbook) {
        let mut archives = Default::default();
        let read = |at: usize| {
            files[at].read(LARGEST_HELD, &mut archives).map_err(|why| why.get(lang).to_owned())
        };
        let said = findings.reports.in_short(&summary);
        workbook.write(&said, &summary, (wording, profile.reading()), read, out)?;
    }
    match findings.reports.finish(&summary) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error.into()),
        Ok(()) | Err(_) => {}
    }
    if let (Some(path), Some(known)) = (&args.write_baseline, &findings.written) {
        baseline::write(path, known)?;
    }
    say_nothing_found(&files, &summary, lang);
    Ok(exit(&summary))
}

fn create(path: &Path) -> anyhow::Result<File> {
    super::make_room(path)?;
    File::create(path).map_err(|error| misconfigured(format!("{}: {error}", path.display())))
}

pub(super) fn exit(summary: &Summary) -> Exit {
    match summary.verdict {
        Verdict::Accepted => Exit::Accepted,
        Verdict::Rejected => Exit::Rejected,
        Verdict::Unreadable | Verdict::NothingToCheck => Exit::Unreadable,
        Verdict::InternalError => Exit::Internal,
    }
}

fn say_nothing_found(files: &[Found], summary: &Summary, lang: Lang) {
    if summary.verdict == Verdict::NothingToCheck {
        let count = files.len();
        super::complain(&match lang {
            Lang::Ja => format!("標準仕様の名前のファイルがありません（見たファイル：{count}）"),
            Lang::En => format!("no file has a name of the standard (files seen: {count})"),
        });
    }
}

fn terminal_width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).unwrap_or(100).clamp(40, 400)
}

/// Hands findings to every report, minus those a baseline knows, and with those that are suppressed
/// for programs alone.
struct Findings<'a> {
    reports: Reports<'a>,
    workbook: Option<(Wording, workbook::Findings)>,
    suppressions: Suppressions,
    baseline: Option<Known>,
    /// What goes into a new baseline.
    written: Option<Known>,
    /// What the baseline hid.
    hidden: Counts,
    /// What is to be subtracted from the counts.
    taken: BTreeMap<Taken, u64>,
    /// Findings about units, which are known in the end.
    waiting: Vec<(Option<String>, Finding)>,
}

/// Findings that the counts are without: file, unit, code, severity, and whether a cause explains
/// them.
type Taken = (Option<u32>, Option<u32>, &'static str, Severity, bool);

impl Findings<'_> {
    /// Says what waited, and what is to be said of the suppressions, and corrects the counts.
    fn end(&mut self, summary: &mut Summary, profile: &Profile) {
        for (path, finding) in std::mem::take(&mut self.waiting) {
            let unit = finding.unit.and_then(|unit| summary.units.get(unit as usize));
            let suppressed = self.suppressions.of(&finding, unit);
            self.deliver(path.as_deref(), finding, suppressed);
        }
        for finding in self.suppressions.findings(profile) {
            summary.counts.add(finding.severity);
            *summary.by_rule.entry(finding.rule.code).or_default() += 1;
            self.deliver(None, finding, None);
        }
        self.reports.suppressed(self.suppressions.hidden());
        if self.baseline.is_some() {
            self.reports.hidden(self.hidden);
        }
        self.forget_taken(summary);
    }

    fn forget_taken(&self, summary: &mut Summary) {
        for (&(file, unit, code, severity, is_explained), &count) in &self.taken {
            let less = |counts: &mut Counts| *counts = counts.without(Counts::of(severity, count));
            less(&mut summary.counts);
            if is_explained {
                less(&mut summary.explained);
            }
            if let Some(left) = summary.by_rule.get_mut(code) {
                *left = left.saturating_sub(count);
                if *left == 0 {
                    summary.by_rule.remove(code);
                }
            }
            let mut unit = unit;
            if let Some(file) = file {
                let file = &mut summary.files[file as usize];
                less(&mut file.counts);
                if is_explained {
                    less(&mut file.explained);
                }
                unit = unit.or(file.unit);
            }
            if let Some(unit) = unit {
                less(&mut summary.units[unit as usize].counts);
            }
        }
    }

    fn take(&mut self, finding: &Finding) {
        let is_explained = finding.explained_by.is_some();
        let taken = (finding.file, finding.unit, finding.rule.code, finding.severity, is_explained);
        *self.taken.entry(taken).or_default() += 1;
    }

    fn deliver(
        &mut self,
        path: Option<&str>,
        mut finding: Finding,
        suppressed: Option<Arc<Suppression>>,
    ) {
        if suppressed.is_some() {
            // No baseline remembers it: it is said again on the day it expires.
            self.take(&finding);
            finding.suppressed = suppressed;
            self.reports.finding(path, finding);
            return;
        }
        let name = path.unwrap_or_default();
        if let Some(written) = &mut self.written {
            written.add(name, &finding);
        }
        if let Some(baseline) = &mut self.baseline
            && baseline.take(name, &finding)
        {
            self.hidden.add(finding.severity);
            self.take(&finding);
            return;
        }
        if let Some((wording, workbook)) = &mut self.workbook {
            workbook.add(&finding, wording);
        }
        self.reports.finding(path, finding);
    }
}

impl FindingSink for Findings<'_> {
    fn start_file(&mut self, index: u32, path: &str) {
        self.suppressions.start_file(path);
        self.reports.start_file(index, path);
    }

    fn finding(&mut self, path: Option<&str>, finding: Finding) {
        // Those behind one about a unit wait with it, so that the order stays.
        if finding.file.is_none() || !self.waiting.is_empty() {
            self.waiting.push((path.map(str::to_owned), finding));
            return;
        }
        let suppressed = self.suppressions.of(&finding, None);
        self.deliver(path, finding, suppressed);
    }
}
