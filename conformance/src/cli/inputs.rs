//! Finds what to check: files, folders, ZIPs, patterns, standard input.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use careplan_spec::file_name::base_name_in_archive;
use careplan_spec::{Lang, Text};
use wildmatch::WildMatch;
use zip::ZipArchive;

use super::config::misconfigured;

/// Something to check, opened when its turn comes.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// How it is called in reports.
    pub(crate) path: String,
    /// Size in bytes, as far as it is known.
    pub(crate) size: u64,
    source: InputSource,
}

#[derive(Debug, Clone)]
enum InputSource {
    File(PathBuf),
    Zip {
        archive: PathBuf,
        index: usize,
    },
    Bytes(std::sync::Arc<[u8]>),
    /// It could not even be listed; the reason.
    Broken(Text<String>),
}

/// The largest entry of a ZIP that is unpacked, in bytes.
const LARGEST_ENTRY: u64 = 1 << 30;

/// The largest amount of data that is held in memory as a whole, in bytes.
pub(crate) const LARGEST_HELD: u64 = 256 << 20;

impl Found {
    /// Reads the content, up to `most` bytes.
    pub(crate) fn read(&self, most: u64, archives: &mut Archives) -> anyhow::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = self.open(archives).take(most + 1).read_to_end(&mut bytes)?;
        if read as u64 > most {
            anyhow::bail!("合わせて256 MiBまで / at most 256 MiB in all");
        }
        Ok(bytes)
    }

    /// Why it could not even be listed.
    pub(crate) fn fault(&self, lang: Lang) -> Option<&str> {
        match &self.source {
            InputSource::Broken(reason) => Some(reason.get(lang)),
            _ => None,
        }
    }

    /// Opens the content when it is first read. An error comes out of the reader, so that it ends
    /// up in the report.
    pub(crate) fn open<'a>(&'a self, archives: &'a mut Archives) -> impl Read + Send + use<'a> {
        Opening { found: self, archives, opened: None }
    }

    fn open_now(&self, archives: &mut Archives) -> io::Result<Box<dyn Read + Send>> {
        Ok(match &self.source {
            InputSource::File(path) => Box::new(File::open(path)?),
            InputSource::Zip { archive, index } => {
                Box::new(Cursor::new(archives.entry(archive, *index)?))
            }
            InputSource::Bytes(bytes) => Box::new(Cursor::new(bytes.clone())),
            InputSource::Broken(reason) => return Err(io::Error::other(reason.to_string())),
        })
    }

    /// The path below its root, for writing a repaired copy; never leaves the target folder.
    pub(crate) fn safe_name(&self) -> PathBuf {
        let base = base_name_in_archive(&self.path);
        PathBuf::from(if matches!(base, "" | "." | "..") { "file" } else { base })
    }
}

/// A file that is opened when it is first read.
struct Opening<'a> {
    found: &'a Found,
    archives: &'a mut Archives,
    opened: Option<Box<dyn Read + Send>>,
}

impl Read for Opening<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let opened = match &mut self.opened {
            Some(opened) => opened,
            None => self.opened.insert(self.found.open_now(self.archives)?),
        };
        opened.read(buffer)
    }
}

/// The archive that was opened last: entries come one after the other, and its directory is read
/// once for all of them.
#[derive(Default)]
pub(crate) struct Archives(Option<(PathBuf, ZipArchive<File>)>);

impl Archives {
    fn entry(&mut self, path: &Path, index: usize) -> io::Result<Vec<u8>> {
        // Only an archive that did its work is kept.
        let mut archive = match self.0.take() {
            Some((known, archive)) if known == path => archive,
            _ => ZipArchive::new(File::open(path)?).map_err(io::Error::other)?,
        };
        let file = archive.by_index(index).map_err(io::Error::other)?;
        let mut bytes = Vec::new();
        let read = file.take(LARGEST_ENTRY + 1).read_to_end(&mut bytes)?;
        if read as u64 > LARGEST_ENTRY {
            return Err(io::Error::other("the ZIP entry is larger than 1 GiB"));
        }
        self.0 = Some((path.to_owned(), archive));
        Ok(bytes)
    }
}

/// Everything below the given paths, in a stable order.
pub(crate) fn find(paths: &[PathBuf], stdin_name: Option<&str>) -> anyhow::Result<Vec<Found>> {
    let mut found = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let name = stdin_name.ok_or_else(|| {
                misconfigured("「-」には --name ファイル名 が要ります / - needs --name FILENAME")
            })?;
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes)?;
            found.push(Found {
                path: name.to_owned(),
                size: bytes.len() as u64,
                source: InputSource::Bytes(bytes.into()),
            });
        } else if path.is_dir() {
            folder(path, &mut found);
        } else if path.exists() {
            one(path, &mut found);
        } else if let Some(mut matches) = pattern(path) {
            matches.sort();
            for path in &matches {
                one(path, &mut found);
            }
        } else {
            let reason = Text::new("見つかりません", "not found").into();
            found.push(broken(path.display().to_string(), reason));
        }
    }
    Ok(found)
}

fn broken(path: String, reason: Text<String>) -> Found {
    Found { path, size: 0, source: InputSource::Broken(reason) }
}

fn folder(root: &Path, found: &mut Vec<Found>) {
    let mut entries: Vec<PathBuf> = match std::fs::read_dir(root) {
        Ok(entries) => entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect(),
        Err(error) => {
            found.push(broken(root.display().to_string(), error.to_string().as_str().into()));
            return;
        }
    };
    entries.sort();
    for path in entries {
        // Links are followed for files only, so that folders cannot make a loop.
        let link = path.symlink_metadata().is_ok_and(|meta| meta.is_symlink());
        if path.is_dir() {
            if !link {
                folder(&path, found);
            }
        } else {
            one(&path, found);
        }
    }
}

fn one(path: &Path, found: &mut Vec<Found>) {
    let is_zip = path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("zip"));
    if is_zip {
        if let Err(error) = zip_entries(path, found) {
            found.push(broken(path.display().to_string(), error.to_string().as_str().into()));
        }
        return;
    }
    let size = path.metadata().map_or(0, |meta| meta.len());
    found.push(Found {
        path: path.display().to_string(),
        size,
        source: InputSource::File(path.into()),
    });
}

fn zip_entries(path: &Path, found: &mut Vec<Found>) -> io::Result<()> {
    let mut zip = ZipArchive::new(File::open(path)?).map_err(io::Error::other)?;
    let mut entries = Vec::new();
    for index in 0..zip.len() {
        let file = zip.by_index_raw(index).map_err(io::Error::other)?;
        if file.is_file() {
            let name = file.name().map_err(io::Error::other)?.into_owned();
            entries.push((name, file.size(), index));
        }
    }
    entries.sort();
    for (name, size, index) in entries {
        found.push(Found {
            path: format!("{}!{name}", path.display()),
            size,
            source: InputSource::Zip { archive: path.into(), index },
        });
    }
    Ok(())
}

/// Files that match a pattern such as `export/*.CSV`, for shells that do not expand it.
fn pattern(path: &Path) -> Option<Vec<PathBuf>> {
    let name = path.file_name()?.to_str()?;
    if !name.contains(['*', '?']) {
        return None;
    }
    let names = match cfg!(windows) {
        true => WildMatch::new_case_insensitive(name),
        false => WildMatch::new(name),
    };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let entries = std::fs::read_dir(parent.unwrap_or(Path::new("."))).ok()?;
    Some(
        entries
            .filter_map(|entry| entry.ok())
            .filter(|entry| {
                names.matches(&entry.file_name().to_string_lossy()) && entry.path().is_file()
            })
            .map(|entry| entry.path())
            .collect(),
    )
}
