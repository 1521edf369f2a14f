//! A message kept on disk: its files copied, its text, and an attempt whose ending is not known.
//! Drafts and the rows of a bulk send are kept like this, so a crash or a change of the exported
//! files takes nothing away.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::outgoing::{Message, OutgoingFile};
use crate::sending::{Attempt, listed};
use crate::terminal::{self, StoreError};
use crate::wire::ManifestFile;

/// The description of a kept message. Files lie beside it as `1`, `2` …: their names may be
/// anything, on any file system.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Parcel {
    pub(crate) version: u32,
    pub(crate) text: Option<String>,
    pub(crate) files: Vec<ManifestFile>,
    pub(crate) attempt: Option<Attempt>,
}

const DESCRIPTION: &str = "message.json";

fn file_path(folder: &Path, index: usize) -> PathBuf {
    folder.join((index + 1).to_string())
}

/// Keeps files and text in a folder that exists. The description is written last.
pub(crate) fn keep(
    folder: &Path,
    files: &[OutgoingFile],
    text: Option<&str>,
) -> Result<Parcel, StoreError> {
    for (index, file) in files.iter().enumerate() {
        terminal::write_private(&file_path(folder, index), &file.bytes)?;
    }
    let parcel = Parcel {
        version: 1,
        text: text.filter(|text| !text.trim().is_empty()).map(str::to_owned),
        files: listed(files),
        attempt: None,
    };
    describe(folder, &parcel)?;
    Ok(parcel)
}

/// Writes the description.
pub(crate) fn describe(folder: &Path, parcel: &Parcel) -> Result<(), StoreError> {
    terminal::write_json(&folder.join(DESCRIPTION), parcel)
}

/// Reads the description; `None` where there is none.
pub(crate) fn read(folder: &Path) -> Result<Option<Parcel>, StoreError> {
    terminal::read_json(&folder.join(DESCRIPTION))
}

/// Reads the files back and makes sure they are the ones that were kept.
pub(crate) fn files(folder: &Path, parcel: &Parcel) -> Result<Vec<OutgoingFile>, StoreError> {
    let mut files = Vec::with_capacity(parcel.files.len());
    for (index, listed) in parcel.files.iter().enumerate() {
        let path = file_path(folder, index);
        let damaged =
            |detail: &str| StoreError::Damaged { path: path.clone(), detail: detail.to_owned() };
        let bytes = terminal::read(&path)?.ok_or_else(|| damaged("missing"))?;
        files.push(OutgoingFile { name: listed.name.clone(), bytes: bytes.into() });
        let last = files.len() - 1;
        if self::listed(&files[last..])[0] != *listed {
            return Err(damaged("the content changed"));
        }
    }
    Ok(files)
}

/// Takes the copies of the files away; the description stays.
pub(crate) fn drop_files(folder: &Path, parcel: &Parcel) -> Result<(), StoreError> {
    (0..parcel.files.len()).try_for_each(|index| terminal::remove_file(&file_path(folder, index)))
}

/// The kept message as it would be sent.
pub(crate) fn message(folder: &Path, parcel: &Parcel) -> Result<Message, Error> {
    let message = Message::new(files(folder, parcel)?)?;
    Ok(message.text(parcel.text.clone().unwrap_or_default()))
}
