//! `rehearse status`: how far the rehearsal is.

use careplan_rehearsal::BAND;
use careplan_rehearsal::evidence::State;
use careplan_rehearsal::report::Report;
use careplan_spec::Lang;
use unicode_width::UnicodeWidthStr;

use super::args::StatusArgs;
use super::folder::{Folder, expected_failures};
use crate::cli::now::Now;
use crate::cli::{Exit, print_bytes};

/// How many items count as a few.
const FEW: usize = 10;
/// How many reasons of an item are shown.
const MOST_REASONS: usize = 5;

/// Runs the command.
pub(super) fn run(args: &StatusArgs, lang: Lang) -> anyhow::Result<Exit> {
    let now = Now::of(args.now.as_deref())?;
    let folder = Folder::open(&args.dir)?;
    let expected = expected_failures(args.expected_failures.as_deref())?;
    let lines = folder.lines(&folder.results()?, &expected, &now.day())?;
    let report = Report { setup: &folder.setup, at: now.rfc3339(), lines };
    print_bytes(table(&report, lang, false).as_bytes())?;
    Ok(Exit::Accepted)
}

/// A line an item, with the first reasons where asked for.
pub(super) fn table(report: &Report<'_>, lang: Lang, with_reasons: bool) -> String {
    let mut out = format!("{}\n\n", BAND.get(lang));
    let titles: Vec<String> =
        report.lines.iter().map(|line| line.standing.title().get(lang).to_owned()).collect();
    let width = titles.iter().map(|title| title.width()).max().unwrap_or(0);
    for (line, title) in report.lines.iter().zip(&titles) {
        let padding = " ".repeat(width - title.width());
        let id = &line.item.id;
        out.push_str(&format!("{id:<11}{title}{padding}  {}", line.item.title.get(lang)));
        if line.passes_against() {
            out.push_str("  XPASS");
        } else if line.standing.state() == State::Failed && !line.fails() {
            out.push_str("  XFAIL");
        }
        out.push('\n');
        let is_worth_it = match line.standing.state() {
            State::Failed | State::NeedsReview => true,
            // What is missing is said where somebody asked for a few items, not for all of them.
            State::NotRun => report.lines.len() <= FEW,
            State::Passed => false,
        };
        if with_reasons && is_worth_it {
            let reasons = line.result.iter().flat_map(|result| &result.reasons);
            for reason in reasons.clone().take(MOST_REASONS) {
                out.push_str(&format!("             - {}\n", visible(reason.get(lang))));
            }
            let rest = reasons.count().saturating_sub(MOST_REASONS);
            if rest > 0 {
                out.push_str(&match lang {
                    Lang::Ja => format!("             - ほか{rest}件（evidence/results.json）\n"),
                    Lang::En => format!("             - {rest} more (evidence/results.json)\n"),
                });
            }
        }
    }
    out.push_str(&format!("\n{}\n", report.counts().sentence(lang)));
    out
}

/// Text for a terminal: what could steer it becomes visible.
fn visible(text: &str) -> String {
    text.chars().map(|ch| if ch.is_control() { '␣' } else { ch }).collect()
}
