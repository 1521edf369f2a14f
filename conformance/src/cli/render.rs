//! `render`: draws the official forms as one page.

use std::io::Write;
use std::path::Path;

use careplan_forms::Fragment;
use careplan_judge::engine::Report;
use careplan_spec::Lang;

use super::args::RenderArgs;
use super::config::{self, Wishes, misconfigured};
use super::inputs::archive::Archives;
use super::inputs::{self, LARGEST_HELD};
use super::{Exit, complain, make_room, print_bytes};

/// Runs the command.
pub(crate) fn run(args: &RenderArgs, lang: Lang) -> anyhow::Result<Exit> {
    let wishes = Wishes {
        paths: &args.paths,
        config: args.config.as_deref(),
        profile: args.profile.as_deref(),
        ..Wishes::default()
    };
    let profile = config::settle(&wishes)?.profile;
    let to_stdout = args.out.as_os_str() == "-";
    if !to_stdout && !args.force && args.out.exists() {
        return Err(exists(&args.out));
    }
    let mut files = Vec::new();
    let mut unread = Vec::new();
    let mut size = 0;
    let mut archives = Archives::default();
    for found in inputs::find(&args.paths, args.name.as_deref())? {
        if found.is_left_lying() {
            continue;
        }
        match found.read(LARGEST_HELD - size, &mut archives) {
            Ok(bytes) => {
                size += bytes.len() as u64;
                files.push((found.path, bytes));
            }
            Err(error) => {
                let reason: &str = error.get(lang);
                complain(&format!("{}: {reason}", found.path));
                unread.push((found.path, reason.to_owned()));
            }
        }
    }
    let options = careplan_forms::Options {
        lang,
        mask: args.mask,
        unread: &unread,
        ..careplan_forms::Options::default()
    };
    let report = Report::collect(&files, &profile);
    let fragment = careplan_forms::fragment(&files, &report, &profile, &options);
    if fragment.forms == 0 {
        complain(match lang {
            Lang::Ja => "様式に表示できる記録がありません",
            Lang::En => "there is no record to show on a form",
        });
    }
    let page = careplan_forms::page(&fragment, &options);
    if to_stdout {
        print_bytes(page.as_bytes())?;
    } else {
        write(&args.out, args.force, page.as_bytes())?;
    }
    Ok(exit(&fragment, unread.is_empty()))
}

fn exit(fragment: &Fragment, is_whole: bool) -> Exit {
    if fragment.internal_error {
        Exit::Internal
    } else if is_whole && fragment.forms > 0 {
        Exit::Accepted
    } else {
        Exit::Unreadable
    }
}

fn exists(path: &Path) -> anyhow::Error {
    misconfigured(format!(
        "{}: すでにあります。上書きするには --force を付けてください / it exists; use --force to overwrite",
        path.display()
    ))
}

/// Without `force`, a page that appeared in the meantime stays untouched too.
fn write(path: &Path, force: bool, bytes: &[u8]) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    make_room(path)?;
    let mut file = options.open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => exists(path),
        _ => misconfigured(format!("{}: {error}", path.display())),
    })?;
    file.write_all(bytes)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_a_panic_kept_from_being_drawn_ends_as_an_internal_error() {
        let contents = Vec::new();
        let mut fragment =
            Fragment { html: String::new(), contents, forms: 1, internal_error: false };
        assert_eq!(exit(&fragment, true), Exit::Accepted);
        assert_eq!(exit(&fragment, false), Exit::Unreadable);
        fragment.internal_error = true;
        assert_eq!(exit(&fragment, true), Exit::Internal);
        assert_eq!(exit(&fragment, false), Exit::Internal);
    }
}
