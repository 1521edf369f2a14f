//! `diff`: two exports of one product against each other.

use careplan_compare::exports::{self, Exports};
use careplan_compare::round_trip::Verdict;
use careplan_judge::message::Wording;
use careplan_spec::Lang;

use super::Exit;
use super::args::DiffArgs;
use super::compare::{Format, read, targets, write_out};
use super::config::misconfigured;

/// Runs the command.
pub(crate) fn run(args: &DiffArgs, lang: Lang) -> anyhow::Result<Exit> {
    let targets = targets(&args.reports)?;
    let mut is_whole = true;
    let mut size = 0;
    let before = read(&args.before, lang, &mut size, &mut is_whole)?;
    let after = read(&args.after, lang, &mut size, &mut is_whole)?;
    let exports = exports::compare(&before, &after);
    let wording = Wording { lang, show_values: args.show_values };
    for (format, file) in targets {
        let text = match format {
            Format::Text => exports.text(wording, args.all),
            Format::Json => format!("{:#}\n", exports.json(wording)),
            Format::Html => return Err(misconfigured("--report html: text, json".to_owned())),
        };
        write_out(file, &text)?;
    }
    Ok(exit(&exports, is_whole))
}

fn exit(exports: &Exports, is_whole: bool) -> Exit {
    match exports.verdict() {
        Verdict::InternalError => Exit::Internal,
        _ if !is_whole => Exit::Unreadable,
        Verdict::NothingToCompare => Exit::Unreadable,
        Verdict::Review | Verdict::Lost => Exit::Rejected,
        Verdict::Kept => Exit::Accepted,
    }
}
