//! ZIPs as inputs: listed once, read entry by entry while they are checked, and never trusted about
//! how large they are.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use careplan_spec::file_name::{self, Reading, base_name_in_archive};
use careplan_spec::{Text, left_lying};
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::{Found, InputSource, OTHER_ARCHIVES, broken, has_extension, sentence};

/// The largest entry that is unpacked, in bytes.
const LARGEST_ENTRY: u64 = 1 << 30;

/// The most that an archive may hold unpacked, in bytes.
const LARGEST_ARCHIVE: u64 = 4 << 30;

/// The archive that was opened last: entries come one after the other, and its directory is read
/// once for all of them.
#[derive(Default)]
pub(crate) struct Archives(Option<(PathBuf, ZipArchive<File>)>);

impl Archives {
    /// An entry, unpacked while it is read.
    pub(super) fn entry(&mut self, path: &Path, index: usize) -> Result<Entry<'_>, Text<String>> {
        if !matches!(&self.0, Some((known, _)) if known == path) {
            self.0 = Some((path.to_owned(), open(path)?));
        }
        let Some((_, archive)) = &mut self.0 else {
            return Err(damaged("empty"));
        };
        let file = archive.by_index(index).map_err(|error| unusable(&error))?;
        Ok(Entry { left: file.size(), file })
    }
}

/// An entry that is read up to the size its archive states for it.
pub(super) struct Entry<'a> {
    file: ZipFile<'a, File>,
    left: u64,
}

impl Read for Entry<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| io::Error::other("larger than stated"))?;
        Ok(read)
    }
}

fn open(path: &Path) -> Result<ZipArchive<File>, Text<String>> {
    let file = File::open(path).map_err(|error| sentence(&error))?;
    ZipArchive::new(file).map_err(|error| unusable(&error))
}

/// Why an archive or an entry cannot be used.
fn unusable(error: &ZipError) -> Text<String> {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            Text::made(
                "パスワード付きのZIPは開けません。パスワードを付けずに作り直してください",
                "the ZIP is protected by a password; make it anew without one",
            )
        }
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => Text::made(
            format!(
                "この圧縮方式のZIPは開けません（{error}）。ふつうの圧縮（Deflate）で作り直してください"
            ),
            format!("the ZIP is packed in a way that is not known here ({error}); use Deflate"),
        ),
        error => damaged(error),
    }
}

fn damaged(error: impl std::fmt::Display) -> Text<String> {
    Text::made(
        format!("ZIPファイルが壊れているか、途中で切れています（{error}）"),
        format!("the ZIP is damaged or cut short ({error})"),
    )
}

/// Why an entry could not be read to its end.
pub(super) fn broken_entry(error: &io::Error) -> Text<String> {
    damaged(error)
}

/// About an archive that is no ZIP.
pub(super) fn other_archive() -> Text<String> {
    Text::made(
        "ZIP以外の圧縮ファイルは開きません。解凍するかZIPで指定してください",
        "of archives only ZIPs are opened: unpack it, or make it a ZIP",
    )
}

fn nested() -> Text<String> {
    Text::made(
        "ZIPの中の圧縮ファイルは開きません。取り出して指定してください",
        "an archive inside a ZIP is not opened: take it out and name it",
    )
}

fn too_large(what: Text, gib: u64) -> Text<String> {
    Text::made(
        format!("{}が大きすぎます（解凍後{gib} GiBまで）", what.ja),
        format!("the {} is too large (at most {gib} GiB unpacked)", what.en),
    )
}

/// Lists what is in an archive, and what of it cannot be read.
pub(super) fn entries(path: &Path, found: &mut Vec<Found>) {
    let shown = path.display().to_string();
    let archive = match open(path) {
        Ok(archive) => archive,
        Err(reason) => {
            found.push(broken(shown, reason));
            return;
        }
    };
    if archive.has_duplicate_names() {
        let twice = Text::made(
            "ZIPの中に同じ名前のファイルが2つあります（一方は読めません）",
            "the ZIP holds two files of one name, and one of them cannot be read",
        );
        found.push(broken(shown.clone(), twice));
    }
    let mut listed = Vec::new();
    let mut total: u64 = 0;
    for index in 0..archive.len() {
        let entry = archive
            .by_index_data(index)
            .and_then(|file| Ok((file.name()?.into_owned(), file.size(), file.is_symlink())));
        match entry {
            Ok((name, ..)) if name.ends_with(['/', '\\']) => {}
            Ok((name, size, is_link)) => {
                total = total.saturating_add(size);
                listed.push((name, size, index, is_link));
            }
            Err(error) => found.push(broken(shown.clone(), unusable(&error))),
        }
    }
    if total > LARGEST_ARCHIVE {
        let gib = LARGEST_ARCHIVE >> 30;
        found.push(broken(shown, too_large(Text::new("ZIP", "ZIP"), gib)));
        return;
    }
    listed.sort_by(|a, b| (&a.0, a.2).cmp(&(&b.0, b.2)));
    for (name, size, index, is_link) in listed {
        let path_in = format!("{shown}!{name}");
        let reason = if left_lying::is_path(&path_in) {
            None
        } else if has_extension(&name, &["zip"]) || has_extension(&name, &OTHER_ARCHIVES) {
            Some(nested())
        } else if matches!(file_name::read(base_name_in_archive(&name)), Reading::Foreign) {
            None
        } else if is_link {
            Some(Text::made("ZIPの中のリンクはたどりません", "a link in a ZIP is not followed"))
        } else if size > LARGEST_ENTRY {
            Some(too_large(Text::new("ZIPの中のファイル", "file in the ZIP"), LARGEST_ENTRY >> 30))
        } else {
            None
        };
        found.push(match reason {
            Some(reason) => broken(path_in, reason),
            None => Found {
                path: path_in,
                size,
                source: InputSource::Zip { archive: path.into(), index },
            },
        });
    }
}
