//! `compare`: what a product was given against what it exported again.

use std::path::Path;

use careplan_compare::round_trip::{self, Comparison, Grade, Verdict};
use careplan_judge::message::Wording;
use careplan_spec::Lang;

use super::args::{CompareArgs, GradeArg};
use super::config::misconfigured;
use super::inputs::archive::Archives;
use super::inputs::{self, LARGEST_HELD};
use super::{Exit, complain, make_room, print_bytes};

/// A report format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    Html,
}

/// Runs the command.
pub(crate) fn run(args: &CompareArgs, lang: Lang) -> anyhow::Result<Exit> {
    let targets = targets(&args.reports)?;
    let mut is_whole = true;
    let mut size = 0;
    let given = read(&args.given, lang, &mut size, &mut is_whole)?;
    let returned = read(&args.returned, lang, &mut size, &mut is_whole)?;
    let comparison = round_trip::compare(&given, &returned);
    let wording = Wording { lang, show_values: args.show_values };
    for (format, file) in targets {
        let bytes = match format {
            Format::Text => comparison.text(wording, args.all),
            Format::Json => format!("{:#}\n", comparison.json(wording)),
            Format::Html => {
                let options = careplan_forms::Options {
                    lang,
                    mask: !args.show_values,
                    ..careplan_forms::Options::default()
                };
                round_trip::page(&given, &comparison, &options)
            }
        };
        write_out(file, &bytes)?;
    }
    Ok(exit(&comparison, args.fail_on, is_whole))
}

/// Writes a report to a file, or to standard output for `-`.
pub(super) fn write_out(file: &str, text: &str) -> anyhow::Result<()> {
    if file == "-" {
        return print_bytes(text.as_bytes());
    }
    make_room(Path::new(file))?;
    std::fs::write(file, text).map_err(|error| misconfigured(format!("{file}: {error}")))
}

fn exit(comparison: &Comparison, fail_on: GradeArg, is_whole: bool) -> Exit {
    let review = fail_on == GradeArg::Review && comparison.count(Grade::Review) > 0;
    match comparison.verdict() {
        Verdict::InternalError => Exit::Internal,
        _ if !is_whole => Exit::Unreadable,
        Verdict::NothingToCompare => Exit::Unreadable,
        Verdict::Lost => Exit::Rejected,
        Verdict::Review | Verdict::Kept if review => Exit::Rejected,
        Verdict::Review | Verdict::Kept => Exit::Accepted,
    }
}

/// The reports and where they go; text on standard output unless something else goes there.
pub(super) fn targets(reports: &[String]) -> anyhow::Result<Vec<(Format, &str)>> {
    let mut targets = Vec::new();
    for text in reports {
        let (format, file) = text.split_once('=').unwrap_or((text, "-"));
        let format = match format {
            "text" => Format::Text,
            "json" => Format::Json,
            "html" => Format::Html,
            _ => return Err(misconfigured(format!("--report {text}: text, json, html"))),
        };
        targets.push((format, file));
    }
    match targets.iter().filter(|(_, file)| *file == "-").count() {
        0 => targets.insert(0, (Format::Text, "-")),
        1 => {}
        _ => {
            return Err(misconfigured(
                "標準出力への報告は1つだけです / only one report can go to stdout",
            ));
        }
    }
    Ok(targets)
}

/// Everything below a path; what cannot be read is said and makes the comparison unfit for a pass.
pub(super) fn read(
    path: &Path,
    lang: Lang,
    size: &mut u64,
    is_whole: &mut bool,
) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    let mut archives = Archives::default();
    for found in inputs::find(&[path.to_owned()], None)? {
        if found.is_left_lying() {
            continue;
        }
        match found.read(LARGEST_HELD - *size, &mut archives) {
            Ok(bytes) => {
                *size += bytes.len() as u64;
                files.push((found.path, bytes));
            }
            Err(error) => {
                complain(&format!("{}: {}", found.path, error.get(lang)));
                *is_whole = false;
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use careplan_compare::round_trip::Side;

    use super::*;

    #[test]
    fn a_file_that_a_panic_kept_from_being_read_ends_as_an_internal_error() {
        let mut comparison = round_trip::compare::<&str, &[u8]>(&[], &[]);
        assert_eq!(exit(&comparison, GradeArg::Review, true), Exit::Unreadable);
        comparison.failed.push((Side::Returned, 0));
        for is_whole in [true, false] {
            assert_eq!(exit(&comparison, GradeArg::Review, is_whole), Exit::Internal);
        }
    }
}
