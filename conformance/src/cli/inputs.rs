//! Finds what to check: files, folders, ZIPs, patterns, standard input.
//!
//! Whatever was named and cannot be found, opened or read to its end stays in the list, with a
//! sentence that says why: it is never a pass, whatever stands beside it.

use std::fs::{File, FileType};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use careplan_spec::file_name::{self, Reading, base_name_in_archive};
use careplan_spec::text::visible;
use careplan_spec::{Lang, Text, left_lying};
use wildmatch::WildMatch;

use self::archive::Archives;
use super::config::misconfigured;

pub(crate) mod archive;

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
    /// It could not even be listed, or must not be opened; the reason.
    Broken(Text<String>),
}

/// The largest amount of data that is held in memory as a whole, in bytes.
pub(crate) const LARGEST_HELD: u64 = 256 << 20;

/// The most that is read from standard input, in bytes: it is held in memory.
const LARGEST_INPUT: u64 = 1 << 30;

/// Archives that are no ZIP, by extension.
const OTHER_ARCHIVES: [&str; 8] = ["7z", "rar", "lzh", "tar", "tgz", "gz", "bz2", "xz"];

impl Found {
    /// Reads the content, up to `most` bytes.
    pub(crate) fn read(&self, most: u64, archives: &mut Archives) -> Result<Vec<u8>, Text<String>> {
        let mut bytes = Vec::new();
        let mut reader = self.open_now(Some(archives))?.take(most.saturating_add(1));
        let read = reader.read_to_end(&mut bytes).map_err(|error| self.unread(&error))?;
        if read as u64 > most {
            return Err(Text::made(
                format!("大きすぎます（残り{} MiBまで）", most >> 20),
                format!("it is too large ({} MiB are left for it)", most >> 20),
            ));
        }
        Ok(bytes)
    }

    /// Why it could not be read to its end.
    fn unread(&self, error: &io::Error) -> Text<String> {
        match self.source {
            InputSource::Zip { .. } => archive::broken_entry(error),
            _ => sentence(error),
        }
    }

    /// Why it could not even be listed.
    pub(crate) fn fault(&self, lang: Lang) -> Option<&str> {
        match &self.source {
            InputSource::Broken(reason) => Some(reason.get(lang)),
            _ => None,
        }
    }

    /// The archive that it is in, as reports call it.
    pub(crate) fn archive(&self) -> Option<String> {
        match &self.source {
            InputSource::Zip { archive, .. } => {
                Some(visible(&archive.display().to_string()).into_owned())
            }
            _ => None,
        }
    }

    /// Whether the desktop left it lying about: nobody exported it, so it is not looked into.
    pub(crate) fn is_left_lying(&self) -> bool {
        left_lying::is_path(&self.path)
    }

    /// Opens the content when it is first read. An error comes out of the reader as a sentence in
    /// `lang`, so that it ends up in the report.
    pub(crate) fn open<'a>(
        &'a self,
        lang: Lang,
        archives: &'a mut Archives,
    ) -> impl Read + Send + use<'a> {
        Opening { found: self, lang, archives: Some(archives), opened: None }
    }

    fn open_now<'a>(
        &'a self,
        archives: Option<&'a mut Archives>,
    ) -> Result<Box<dyn Read + Send + 'a>, Text<String>> {
        Ok(match (&self.source, archives) {
            (InputSource::File(path), _) => {
                Box::new(File::open(path).map_err(|error| sentence(&error))?)
            }
            (InputSource::Zip { archive, index }, Some(archives)) => {
                Box::new(archives.entry(archive, *index)?)
            }
            (InputSource::Bytes(bytes), _) => Box::new(Cursor::new(bytes.clone())),
            (InputSource::Broken(reason), _) => return Err(reason.clone()),
            // A reader that failed to open is not opened again.
            (InputSource::Zip { .. }, None) => Box::new(io::empty()),
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
    lang: Lang,
    archives: Option<&'a mut Archives>,
    opened: Option<Box<dyn Read + Send + 'a>>,
}

impl Read for Opening<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let said = |words: Text<String>| io::Error::other(words.get(self.lang).to_owned());
        let opened = match &mut self.opened {
            Some(opened) => opened,
            None => self.opened.insert(self.found.open_now(self.archives.take()).map_err(said)?),
        };
        opened.read(buffer).map_err(|error| said(self.found.unread(&error)))
    }
}

/// Why something cannot be opened or read.
fn sentence(error: &io::Error) -> Text<String> {
    match error.kind() {
        io::ErrorKind::NotFound => Text::made("見つかりません", "not found"),
        io::ErrorKind::PermissionDenied => {
            Text::made("開く権限がありません", "there is no permission to open it")
        }
        _ => Text::made(
            format!("最後まで読めません（{error}）"),
            format!("not readable to its end ({error})"),
        ),
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
            found.push(standard_input(name));
            continue;
        }
        match path.metadata() {
            Ok(meta) if meta.is_dir() => folder(path, &mut found),
            Ok(_) => named(path, &mut found),
            Err(error) => match pattern(path) {
                Some(Ok(mut matches)) if !matches.is_empty() => {
                    matches.sort();
                    for path in &matches {
                        one(path, &mut found);
                    }
                }
                Some(Ok(_)) => {
                    let none = Text::made(
                        "このパターンに合うファイルがありません",
                        "no file matches this pattern",
                    );
                    found.push(broken(path.display().to_string(), none));
                }
                Some(Err(error)) => found.push(unopened(path, &error)),
                None => found.push(unopened(path, &error)),
            },
        }
    }
    for file in &mut found {
        file.path = with_slashes(visible(&file.path).into_owned(), std::path::MAIN_SEPARATOR);
    }
    Ok(found)
}

/// A path as reports write it, with forward slashes on every system.
pub(crate) fn with_slashes(path: String, separator: char) -> String {
    // Elsewhere a backslash is part of a name.
    if separator == '\\' { path.replace('\\', "/") } else { path }
}

fn standard_input(name: &str) -> Found {
    let mut bytes = Vec::new();
    match io::stdin().lock().take(LARGEST_INPUT + 1).read_to_end(&mut bytes) {
        Err(error) => return broken(name.to_owned(), sentence(&error)),
        Ok(read) if read as u64 > LARGEST_INPUT => {
            let large = Text::made(
                "標準入力が大きすぎます（1 GiBまで）",
                "standard input is too large (at most 1 GiB)",
            );
            return broken(name.to_owned(), large);
        }
        Ok(_) => {}
    }
    Found {
        path: name.to_owned(),
        size: bytes.len() as u64,
        source: InputSource::Bytes(bytes.into()),
    }
}

fn broken(path: String, reason: Text<String>) -> Found {
    Found { path, size: 0, source: InputSource::Broken(reason) }
}

fn unopened(path: &Path, error: &io::Error) -> Found {
    broken(path.display().to_string(), sentence(error))
}

fn folder(root: &Path, found: &mut Vec<Found>) {
    let mut entries: Vec<PathBuf> = Vec::new();
    match std::fs::read_dir(root) {
        Ok(inside) => {
            for entry in inside {
                match entry {
                    Ok(entry) => entries.push(entry.path()),
                    Err(error) => found.push(unopened(root, &error)),
                }
            }
        }
        Err(error) => {
            found.push(unopened(root, &error));
            return;
        }
    }
    entries.sort();
    for path in entries {
        // Links are followed for files only, so that folders cannot make a loop.
        let link = path.symlink_metadata().is_ok_and(|meta| meta.is_symlink());
        if !path.is_dir() {
            one(&path, found);
        } else if !link {
            folder(&path, found);
        } else {
            let linked = Text::made(
                "フォルダーへのリンクはたどりません。リンク先を指定してください",
                "a link to a folder is not followed: name the folder itself",
            );
            found.push(broken(path.display().to_string(), linked));
        }
    }
}

/// A file that was named itself: it must be there to be opened, whatever it is called.
fn named(path: &Path, found: &mut Vec<Found>) {
    let name = path.to_string_lossy();
    if has_extension(&name, &OTHER_ARCHIVES) {
        found.push(broken(name.into_owned(), archive::other_archive()));
    } else if let Err(error) = File::open(path) {
        found.push(unopened(path, &error));
    } else {
        one(path, found);
    }
}

fn has_extension(name: &str, extensions: &[&str]) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    extensions.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

fn one(path: &Path, found: &mut Vec<Found>) {
    let name = path.display().to_string();
    if left_lying::is_path(&name) {
        found.push(Found { path: name, size: 0, source: InputSource::File(path.into()) });
        return;
    }
    if has_extension(&name, &["zip"]) {
        archive::entries(path, found);
        return;
    }
    let meta = path.metadata();
    // A pipe that was named is read; one that lies in a folder would be waited for.
    let is_odd = |kind: FileType| !kind.is_file() && !kind.is_dir();
    if let Ok(meta) = &meta
        && is_odd(meta.file_type())
        && !matches!(file_name::read(base_name_in_archive(&name)), Reading::Foreign)
    {
        let odd = Text::made("ふつうのファイルではありません", "it is no regular file");
        found.push(broken(name, odd));
        return;
    }
    let size = meta.map_or(0, |meta| meta.len());
    found.push(Found { path: name, size, source: InputSource::File(path.into()) });
}

/// Files that match a pattern such as `export/*.CSV`, for shells that do not expand it; `None`
/// where it is no pattern.
fn pattern(path: &Path) -> Option<io::Result<Vec<PathBuf>>> {
    let name = path.file_name()?.to_str()?;
    if !name.contains(['*', '?']) {
        return None;
    }
    let names = match cfg!(windows) {
        true => WildMatch::new_case_insensitive(name),
        false => WildMatch::new(name),
    };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let entries = match std::fs::read_dir(parent.unwrap_or(Path::new("."))) {
        Ok(entries) => entries,
        Err(error) => return Some(Err(error)),
    };
    let mut matches = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => {
                let is_match = names.matches(&entry.file_name().to_string_lossy());
                if is_match && !entry.path().is_dir() {
                    matches.push(entry.path());
                }
            }
            Err(error) => return Some(Err(error)),
        }
    }
    Some(Ok(matches))
}

#[cfg(test)]
mod tests {
    use super::with_slashes;

    #[test]
    fn paths_have_forward_slashes_where_folders_are_divided_by_the_other_ones() {
        let path = || r"out\6月\a.zip!b/c.CSV".to_owned();
        assert_eq!(with_slashes(path(), '\\'), "out/6月/a.zip!b/c.CSV");
        assert_eq!(with_slashes(path(), '/'), path());
    }
}
