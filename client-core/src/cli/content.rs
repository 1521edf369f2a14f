//! What is to be sent, as the arguments say it.

use careplan_client_core::terminal::StoreError;
use careplan_client_core::{Check, ClientError, OutgoingFile};
use careplan_spec::Text;

use super::args::{ChangeArgs, TextArgs};

/// The text that was given; `None` where none was.
pub(crate) fn text(args: &TextArgs) -> Result<Option<String>, ClientError> {
    match (&args.text, &args.text_file) {
        (Some(text), _) => Ok(Some(text.clone())),
        (None, Some(path)) => Ok(Some(
            std::fs::read_to_string(path)
                .map_err(|error| StoreError::Io { path: path.clone(), error })?,
        )),
        (None, None) => Ok(None),
    }
}

pub(crate) const fn check(skip: bool) -> Check {
    if skip { Check::Skip } else { Check::Enforce }
}

/// Applies `--text`, `--attach` and `--detach`.
pub(crate) fn change(
    mut files: Vec<OutgoingFile>,
    old_text: Option<String>,
    args: &ChangeArgs,
) -> Result<(Vec<OutgoingFile>, Option<String>), ClientError> {
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
