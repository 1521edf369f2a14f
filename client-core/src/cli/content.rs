//! What is to be sent, as the arguments say it.

use std::path::PathBuf;

use careplan_client_core::{Check, Error, OutgoingFile, StoreError, Text};

use super::args::{ChangeArgs, TextArgs};
use super::screen::Screen;

/// The text that was given; `None` where none was.
pub(crate) fn text(args: &TextArgs) -> Result<Option<String>, Error> {
    match (&args.text, &args.text_file) {
        (Some(text), _) => Ok(Some(text.clone())),
        (None, Some(path)) => Ok(Some(
            std::fs::read_to_string(path)
                .map_err(|error| StoreError::Io { path: path.clone(), error })?,
        )),
        (None, None) => Ok(None),
    }
}

/// The files that were named, and those in folders that were named. What is passed over is said.
pub(crate) fn gather(paths: &[PathBuf], screen: &Screen) -> Result<Vec<OutgoingFile>, Error> {
    let (files, passed_over) = OutgoingFile::gather(paths)?;
    if !passed_over.is_empty() {
        screen.note(&format!(
            "{}{}",
            screen
                .pick("送信しないファイル（システムのもの）：", "left out (made by the system): "),
            passed_over.join(screen.pick("、", ", "))
        ));
    }
    Ok(files)
}

pub(crate) const fn check(skip: bool) -> Check {
    if skip { Check::Skip } else { Check::Enforce }
}

/// Applies `--text`, `--attach` and `--detach`.
pub(crate) fn change(
    mut files: Vec<OutgoingFile>,
    old_text: Option<String>,
    args: &ChangeArgs,
) -> Result<(Vec<OutgoingFile>, Option<String>), Error> {
    for name in &args.detach {
        if !files.iter().any(|file| file.name == *name) {
            return Err(StoreError::NotFound {
                what: Text::new("ファイル", "file"),
                id: name.clone(),
            }
            .into());
        }
        files.retain(|file| file.name != *name);
    }
    for added in OutgoingFile::read_all(&args.attach)? {
        files.retain(|file| file.name != added.name);
        files.push(added);
    }
    Ok((files, text(&args.text)?.or(old_text)))
}
