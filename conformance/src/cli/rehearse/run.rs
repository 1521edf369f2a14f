//! `rehearse run`: judges what was handed in and keeps the results.

use careplan_compare::round_trip::{self, Grade};
use careplan_rehearsal::case;
use careplan_rehearsal::catalogue::Item;
use careplan_rehearsal::decision::Decisions;
use careplan_rehearsal::evidence::{ItemResult, Results, State};
use careplan_rehearsal::judge::{Evidence, judge};
use careplan_rehearsal::report::{Format, Line, Report};
use careplan_rehearsal::setup;
use careplan_spec::{Lang, Text};

use super::args::RunArgs;
use super::folder::{Folder, expected_failures};
use super::{refused, status};
use crate::cli::config::misconfigured;
use crate::cli::now::Now;
use crate::cli::{Exit, complain, print_bytes};

/// Runs the command.
pub(super) fn run(args: &RunArgs, lang: Lang) -> anyhow::Result<Exit> {
    let now = Now::of(args.now.as_deref())?;
    let targets = targets(&args.reports)?;
    let expected = expected_failures(args.expected_failures.as_deref())?;
    let folder = Folder::open(&args.dir)?;
    let mut results = folder.results()?;
    let (mut pages, mut is_whole) = (0, true);
    let decisions = folder.decisions()?;
    let chosen = chosen(args, &folder, &results, &decisions)?;
    for item in &chosen {
        let present = folder.present(item)?;
        for (path, reason) in &present.submission.unread {
            is_whole = false;
            complain(&format!("{path}: {}", reason.get(lang)));
        }
        let subject = present.subject();
        let evidence = Evidence {
            case: &present.case,
            submission: &present.submission,
            relay: &folder.relay,
            standing: decisions.standing(&item.id, &subject),
            // What is kept may be committed, so it never shows values.
            show_values: false,
        };
        let judged = judge(&folder.setup, item, &evidence);
        let page = judged.comparison.as_ref().and_then(|comparison| {
            let is_worth_it =
                comparison.differences.iter().any(|difference| difference.grade > Grade::Free);
            let options = careplan_forms::Options {
                lang,
                mask: !args.show_values,
                ..careplan_forms::Options::default()
            };
            let given = case::compared(item, &present.case);
            is_worth_it.then(|| round_trip::page(&given, comparison, &options))
        });
        pages += usize::from(page.is_some());
        folder.keep_differences(item, page.as_deref())?;
        results.put(ItemResult {
            id: item.id.clone(),
            state: judged.state,
            judged_at: now.rfc3339(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            case: present.mark,
            files: present.files,
            reasons: judged.reasons,
            decided_by: judged.decided_by,
        });
    }
    folder.keep_results(&results)?;
    let lines: Vec<Line> = chosen
        .iter()
        .map(|item| Line::new(item, results.of(&item.id).cloned(), true, &expected, &now.day()))
        .collect();
    let report = Report { setup: &folder.setup, at: now.rfc3339(), lines };
    if targets.iter().all(|(_, file)| file != "-") {
        print_bytes(status::table(&report, lang, true).as_bytes())?;
        if pages > 0 {
            let place = args.dir.join("evidence").join("differences");
            let words = Text::new("違いを様式の上で見る", "differences on the forms");
            let place = format!("{}: {} ({pages})\n", words.get(lang), place.display());
            print_bytes(place.as_bytes())?;
        }
    }
    for (format, file) in &targets {
        let text = report.render(*format, lang);
        if file == "-" {
            print_bytes(text.as_bytes())?;
        } else {
            crate::cli::make_room(file.as_ref())?;
            std::fs::write(file, text)
                .map_err(|error| misconfigured(format!("{file}: {error}")))?;
        }
    }
    Ok(exit(&report, args.strict, args.allow_unfinished, is_whole))
}

/// How a run ends; one that could not read all that was handed in is never a pass.
fn exit(report: &Report<'_>, strict: bool, allow_unfinished: bool, is_whole: bool) -> Exit {
    let any = |test: fn(&Line) -> bool| report.lines.iter().any(test);
    let unfinished = any(Line::is_unfinished);
    if !is_whole {
        Exit::Unreadable
    } else if any(Line::fails) || strict && (unfinished || any(Line::passes_against)) {
        Exit::Rejected
    } else if unfinished && !allow_unfinished {
        Exit::Unfinished
    } else {
        Exit::Accepted
    }
}

/// The items of a run, in the order of the catalogue.
fn chosen(
    args: &RunArgs,
    folder: &Folder,
    results: &Results,
    decisions: &Decisions,
) -> anyhow::Result<Vec<&'static Item>> {
    let patterns = args
        .patterns
        .iter()
        .map(|id| setup::pattern(id))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|words| refused(&words))?;
    let named = args.items.iter().map(|id| folder.item(id)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut chosen = Vec::new();
    for item in folder.setup.items() {
        let is_wanted = (patterns.is_empty() || patterns.contains(&item.pattern))
            && (named.is_empty() || named.contains(&item));
        if !is_wanted {
            continue;
        }
        if args.rerun_failed {
            let Some(result) = results.of(&item.id) else { continue };
            let present = folder.present(item)?;
            let subject = present.subject();
            let decided = decisions.standing(&item.id, &subject);
            let is_current = result.is_current(&present.mark, &present.files, decided);
            if result.state != State::Failed && is_current {
                continue;
            }
        }
        chosen.push(item);
    }
    Ok(chosen)
}

fn targets(reports: &[String]) -> anyhow::Result<Vec<(Format, String)>> {
    let mut targets = Vec::new();
    for text in reports {
        let (format, file) = text.split_once('=').unwrap_or((text, "-"));
        let known = Format::from_id(format).ok_or_else(|| {
            let ids: Vec<&str> = Format::ALL.iter().map(|format| format.id()).collect();
            misconfigured(format!("--report {text}: {}", ids.join(", ")))
        })?;
        targets.push((known, file.to_owned()));
    }
    if targets.iter().filter(|(_, file)| file == "-").count() > 1 {
        return Err(misconfigured(
            "標準出力への報告は1つだけです / only one report can go to stdout",
        ));
    }
    Ok(targets)
}
