//! The terminal folder: everything one terminal of an office keeps. Several folders side by side
//! are several terminals, of one office or of many.
//!
//! ```text
//! certificate.pem   the installed certificate, its key and its authority
//! session.json      tokens
//! drafts/<id>/      saved messages with copies of their files
//! bulk/<id>/        bulk sends and how far they came
//! downloads/        claims and what was downloaded so far
//! ```
//!
//! Folders are made with mode 0700, files with 0600 (on Windows the folder's own permissions
//! count). Every file is written beside its place and moved there, so a crash leaves the old
//! content or the new one, and is on disk, its name too, before anything follows from it.

use std::error::Error;
use std::fmt;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use careplan_spec::{Text, hex};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::text::Explanation;

/// A fault of the terminal folder, or of another file.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no draft, bulk send or download with this identifier.
    NotFound {
        /// What was looked for.
        what: Text,
        /// The identifier.
        id: String,
    },
    /// The system refused.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file of the terminal folder cannot be understood.
    Damaged {
        /// The file.
        path: PathBuf,
        /// Why.
        detail: String,
    },
}

impl StoreError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io { path: path.to_owned(), error }
    }

    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not-found",
            Self::Io { .. } => "io",
            Self::Damaged { .. } => "damaged-file",
        }
    }

    pub(crate) fn explain(&self) -> Explanation {
        match self {
            Self::NotFound { what, id } => Explanation::new(
                format!("{}「{id}」はありません。", what.ja),
                format!("There is no {} {id}.", what.en),
                Text::new("一覧で番号を確かめてください。", "Look up its identifier in the list."),
            ),
            Self::Io { path, error } => Explanation::new(
                format!("ファイルを読み書きできません（{}：{error}）。", path.display()),
                format!("A file cannot be read or written ({}: {error}).", path.display()),
                Text::new(
                    "フォルダーの場所、書き込み権限、ディスクの空きを確かめてください。",
                    "Check the folder, its permissions and the free space.",
                ),
            ),
            Self::Damaged { path, detail } => Explanation::new(
                format!("端末フォルダーのファイルが壊れています（{}：{detail}）。", path.display()),
                format!("A file of the terminal folder is damaged ({}: {detail}).", path.display()),
                Text::new(
                    "そのファイルを別の場所に移してから、もう一度実行してください。",
                    "Move the file away and try again.",
                ),
            ),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.explain().what.ja)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// A terminal folder.
#[derive(Debug, Clone)]
pub struct Terminal {
    root: PathBuf,
}

impl Terminal {
    /// Opens the folder; makes it if it is not there.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let root = root.into();
        make_private_folder(&root)?;
        Ok(Self { root })
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }
}

/// Makes a folder and those above it, readable by its owner alone.
pub(crate) fn make_private_folder(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path).map_err(StoreError::io(path))?;
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => sync_folder(parent).map_err(StoreError::io(parent)),
        None => Ok(()),
    }
}

/// Writes a private file as a whole, or not at all.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let write = || -> io::Result<()> {
        // Temporary files are made with mode 0600.
        let mut file = tempfile::Builder::new().prefix(".writing-").tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        sync_folder(folder)
    };
    write().map_err(StoreError::io(path))
}

/// Makes the names in a folder durable. Windows keeps them without being asked, and has no call
/// for it.
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Writes a private JSON file as a whole.
pub(crate) fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), StoreError> {
    let bytes = serde_json::to_vec_pretty(value).map_err(|error| StoreError::Damaged {
        path: path.to_owned(),
        detail: error.to_string(),
    })?;
    write_private(path, &bytes)
}

/// Reads a file of the terminal folder; `None` if there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::Io { path: path.to_owned(), error }),
    }
}

/// Reads a JSON file of the terminal folder; `None` if there is none.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, StoreError> {
    let Some(bytes) = read(path)? else { return Ok(None) };
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|error| StoreError::Damaged { path: path.to_owned(), detail: error.to_string() })
}

/// Removes a file; one that is not there is no error.
pub(crate) fn remove_file(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::Io { path: path.to_owned(), error })
        }
        _ => Ok(()),
    }
}

/// Removes a folder with its content; one that is not there is no error.
pub(crate) fn remove_folder(path: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::Io { path: path.to_owned(), error })
        }
        _ => Ok(()),
    }
}

/// The names in a folder, sorted; a folder that is not there is empty. Unfinished files (names
/// that begin with a dot) are left out.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::Io { path: folder.to_owned(), error }),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(StoreError::io(folder))?.file_name();
        if let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Makes a new folder under `parent` whose name begins with `stem`, and says its name.
pub(crate) fn new_folder(parent: &Path, stem: &str) -> Result<String, StoreError> {
    make_private_folder(parent)?;
    for number in 1..10_000_u32 {
        let name = if number == 1 { stem.to_owned() } else { format!("{stem}-{number}") };
        let path = parent.join(&name);
        match fs::create_dir(&path) {
            Ok(()) => return Ok(name),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(StoreError::Io { path, error }),
        }
    }
    Err(StoreError::Io {
        path: parent.to_owned(),
        error: io::Error::from(io::ErrorKind::AlreadyExists),
    })
}

/// Whether a text can be an identifier of ours, and so a name in the terminal folder.
pub(crate) fn is_identifier(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A file name for something the relay named; never more than letters, digits and hyphens.
pub(crate) fn name_for(id: &str) -> String {
    if is_identifier(id) { format!("m-{id}") } else { format!("x-{}", hex(&Sha256::digest(id))) }
}

/// Reads a file of the user, no more than `limit` bytes of it.
pub(crate) fn read_limited(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("more than {limit} bytes"),
        ));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_files_are_replaced_whole_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let terminal = Terminal::open(folder.path().join("t1")).unwrap();
        let path = terminal.path("session.json");
        write_private(&path, b"one").unwrap();
        write_private(&path, b"two").unwrap();
        assert_eq!(read(&path).unwrap().unwrap(), b"two");
        assert_eq!(names(terminal.root()).unwrap(), ["session.json"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(terminal.root())), (0o600, 0o700));
        }
    }

    #[test]
    fn what_the_relay_names_cannot_leave_the_folder() {
        assert_eq!(name_for("0192-ab"), "m-0192-ab");
        for id in ["../x", "a/b", "", "CON:", "ｘ"] {
            assert!(is_identifier(&name_for(id)) || name_for(id).len() == 66, "{id}");
            assert!(!name_for(id).contains(['/', '.', ':']));
        }
    }
}
