//! `check`: judges files and writes reports.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use careplan_judge::baseline::Known;
use careplan_judge::engine::{Counts, Verdict};
use careplan_judge::message::Wording;
use careplan_judge::{Finding, FindingSink, Profile, Summary};
use careplan_reports::{Format, Reports, TextOptions};
use careplan_spec::{Lang, tokyo};
use jiff::Timestamp;

use super::args::CheckArgs;
use super::config::{self, misconfigured};
use super::inputs::{self, Found, LARGEST_HELD};
use super::progress::Progress;
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
    let (profile, settings) = config::profile(&(&args).into())?;
    let (profile, settings) = (&profile, settings.as_deref());
    let targets = targets(&args)?;
    if args.watch {
        return watch::run(&args.paths, || {
            once(&args, lang, profile, settings, &targets).map(|_| ())
        });
    }
    once(&args, lang, profile, settings, &targets)
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
    profile: &Profile,
    settings: Option<&Path>,
    targets: &Targets,
) -> anyhow::Result<Exit> {
    let mut files = inputs::find(&args.paths, args.name.as_deref())?;
    for file in &mut files {
        file.path = with_slashes(std::mem::take(&mut file.path), std::path::MAIN_SEPARATOR);
    }
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
    let mut profile = profile.clone();
    if args.all {
        profile.excerpts = u32::MAX;
    }
    let mut written = Reports::new(wording, &profile);
    written.started(tokyo::zoned(Timestamp::now()).strftime("%Y-%m-%dT%H:%M:%S").to_string());
    written.keyed(key.clone());
    if let Some(path) = settings {
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
        baseline,
        known: Vec::new(),
    };
    let total = files.iter().map(|file| file.size).sum();
    let progress = Progress::new(total, args.quiet);
    let jobs = args
        .jobs
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    let mut summary = parallel::check(&files, lang, &profile, jobs, &progress, &mut findings);
    progress.finish();
    findings.forget_known(&mut summary);
    if findings.baseline.is_some() {
        findings.reports.hidden(findings.hidden());
    }
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

/// A path as reports write it, with forward slashes on every system.
fn with_slashes(path: String, separator: char) -> String {
    // Elsewhere a backslash is part of a name.
    if separator == '\\' { path.replace('\\', "/") } else { path }
}

fn terminal_width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).unwrap_or(100).clamp(40, 400)
}

/// Hands findings to every report, minus those a baseline knows.
struct Findings<'a> {
    reports: Reports<'a>,
    workbook: Option<(Wording, workbook::Findings)>,
    baseline: Option<Known>,
    /// What goes into a new baseline.
    written: Option<Known>,
    /// What the baseline took away, to be subtracted from the counts.
    known: Vec<(Option<u32>, Option<u32>, &'static str, careplan_judge::Severity)>,
}

impl Findings<'_> {
    fn hidden(&self) -> Counts {
        let mut counts = Counts::default();
        for &(.., severity) in &self.known {
            counts.add(severity);
        }
        counts
    }

    fn forget_known(&self, summary: &mut Summary) {
        let less = |counts: &mut Counts, severity| {
            use careplan_judge::Severity::{Error, Info, Warning};
            let count = match severity {
                Error => &mut counts.errors,
                Warning => &mut counts.warnings,
                Info => &mut counts.infos,
            };
            *count = count.saturating_sub(1);
        };
        for &(file, unit, code, severity) in &self.known {
            less(&mut summary.counts, severity);
            if let Some(count) = summary.by_rule.get_mut(code) {
                *count -= 1;
                if *count == 0 {
                    summary.by_rule.remove(code);
                }
            }
            let mut unit = unit;
            if let Some(file) = file {
                let file = &mut summary.files[file as usize];
                less(&mut file.counts, severity);
                unit = unit.or(file.unit);
            }
            if let Some(unit) = unit {
                less(&mut summary.units[unit as usize].counts, severity);
            }
        }
    }
}

impl FindingSink for Findings<'_> {
    fn start_file(&mut self, index: u32, path: &str) {
        self.reports.start_file(index, path);
    }

    fn finding(&mut self, path: Option<&str>, finding: Finding) {
        let name = path.unwrap_or_default();
        if let Some(written) = &mut self.written {
            written.add(name, &finding);
        }
        if let Some(baseline) = &mut self.baseline
            && baseline.take(name, &finding)
        {
            self.known.push((finding.file, finding.unit, finding.rule.code, finding.severity));
            return;
        }
        if let Some((wording, workbook)) = &mut self.workbook {
            workbook.add(&finding, wording);
        }
        self.reports.finding(path, finding);
    }
}

#[cfg(test)]
mod tests {
    use super::with_slashes;

    #[test]
    fn paths_have_forward_slashes_where_folders_are_divided_by_the_other_ones() {
        let path = || r"out\6月\a.zip!b/c.CSV".to_owned();
        assert_eq!(with_slashes(path(), '\\'), "out/6月/a.zip!b/c.CSV");
        assert_eq!(with_slashes(path(), '/'), path());
    }
}
