//! The terminal folder: everything one terminal of an office keeps. Several folders side by side
//! are several terminals, of one office or of many.
//!
//! ```text
//! certificate.pem   the installed certificate, its key and its authority
//! session.json      tokens
//! drafts/<id>/      saved messages with copies of their files
//! bulk/<id>/        bulk sends and how far they came
//! downloads/        claims and what was downloaded so far
//! terminal.lock     held while a process uses the folder; stays behind, unlocked
//! terminal.holder   which process that is, and since when
//! ```
//!
//! One process uses a folder at a time; inside it every client of the folder shares one
//! [`Terminal`]. What is being sent, fetched or changed is held meanwhile: whoever else wants it is
//! told [`StoreError::Busy`], and nothing is done twice.
//!
//! Folders are made with mode 0700, files with 0600 (on Windows the folder's own permissions
//! count). Every file is written beside its place and moved there, so a crash leaves the old
//! content or the new one, and is on disk, its name too, before anything follows from it.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;
use std::fs::{self, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use careplan_spec::{Lang, Text, hex};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use crate::apart::in_background;
use crate::error::Error;
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
    /// It is being sent, fetched or changed at this moment, by another call.
    Busy {
        /// What is asked for.
        what: Text,
        /// Its identifier.
        id: String,
    },
    /// Another process uses the terminal folder.
    InUse {
        /// The folder.
        path: PathBuf,
        /// That process and since when it has the folder, where it could be read.
        holder: Option<(u32, Timestamp)>,
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
            Self::Busy { .. } => "busy",
            Self::InUse { .. } => "terminal-in-use",
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
            Self::Busy { what, id } => Explanation::new(
                format!("{}「{id}」は、いま送信・取得・変更の途中です。", what.ja),
                format!("The {} {id} is being sent, fetched or changed at this moment.", what.en),
                Text::new(
                    "終わるまで待ってから、一覧で結果を確かめてください。二重には送信・取得されません。",
                    "Wait until that has ended and look at the list. Nothing is sent or fetched twice.",
                ),
            ),
            Self::InUse { path, holder } => {
                let (ja, en) = holder.map_or_else(Default::default, |(process, since)| {
                    let since = crate::clock::shown(since);
                    (
                        format!("、プロセス{process}、{since}から"),
                        format!(", process {process} since {since}"),
                    )
                });
                Explanation::new(
                    format!(
                        "端末フォルダーを別のプログラムが使っています（{}{ja}）。",
                        path.display()
                    ),
                    format!("Another program uses the terminal folder ({}{en}).", path.display()),
                    Text::new(
                        "そのプログラムが終わってから、もう一度実行してください。",
                        "Try again when that program has ended.",
                    ),
                )
            }
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

impl StdError for StoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Io { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// A terminal folder, which this process has for itself as long as one of its clones is there. Its
/// methods wait for the disk: in an async program, call them where that may be.
#[derive(Debug, Clone)]
pub struct Terminal {
    shared: Arc<Shared>,
    lang: Lang,
}

#[derive(Debug)]
struct Shared {
    root: PathBuf,
    /// Released when it is closed, also by the end of a process.
    _lock: fs::File,
    /// What is being sent, fetched or changed: what it is, and its identifier.
    held: Mutex<BTreeMap<Key, Arc<Holding>>>,
    /// Held while the session is renewed: two clients that renew one session end it.
    renewal: tokio::sync::Mutex<()>,
}

type Key = (&'static str, String);

/// One thing that is held.
#[derive(Debug, Default)]
struct Holding {
    /// Whoever asked for the work has gone away; it comes to its end in a moment.
    left_alone: AtomicBool,
    ended: Notify,
}

/// The folders this process has, by their path without links.
static OPEN: Mutex<BTreeMap<PathBuf, Weak<Shared>>> = Mutex::new(BTreeMap::new());

/// Which process has a folder.
#[derive(Serialize, Deserialize)]
struct Holder {
    pid: u32,
    since: Timestamp,
}

const LOCK: &str = "terminal.lock";
const HOLDER: &str = "terminal.holder";

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Terminal {
    /// Opens the folder; makes it if it is not there. A folder this process has already is shared.
    ///
    /// # Errors
    /// [`StoreError::InUse`] while another process has the folder; or it cannot be made or read. It
    /// prints in Japanese: use [`Error::in_lang`].
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, Error> {
        Ok(Self::lock(root.into())?)
    }

    fn lock(root: PathBuf) -> Result<Self, StoreError> {
        make_private_folder(&root)?;
        let place = fs::canonicalize(&root).map_err(StoreError::io(&root))?;
        let mut open = locked(&OPEN);
        if let Some(shared) = open.get(&place).and_then(Weak::upgrade) {
            return Ok(Self { shared, lang: Lang::default() });
        }
        let lock = lock_folder(&root)?;
        let shared = Arc::new(Shared {
            root,
            _lock: lock,
            held: Mutex::default(),
            renewal: tokio::sync::Mutex::default(),
        });
        open.retain(|_, shared| shared.strong_count() > 0);
        open.insert(place, Arc::downgrade(&shared));
        drop(open);
        let terminal = Self { shared, lang: Lang::default() };
        terminal.drafts().sweep();
        Ok(terminal)
    }

    /// The same terminal; what goes wrong with it prints in this language.
    #[must_use]
    pub fn with_lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    /// The language in which errors print; Japanese where none was set.
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// In the language of this terminal.
    pub(crate) fn told<T>(&self, outcome: Result<T, impl Into<Error>>) -> Result<T, Error> {
        outcome.map_err(|error| error.into().in_lang(self.lang))
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.shared.root
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.shared.root.join(name)
    }

    /// Held while the session is renewed, by whichever client of the terminal.
    pub(crate) async fn renewal(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.shared.renewal.lock().await
    }

    /// Holds a thing of the terminal, so that no other call sends, fetches or changes it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while another call holds it.
    pub(crate) fn hold(&self, what: Text, id: &str) -> Result<Hold, StoreError> {
        self.try_hold(what, id).map_err(|_| StoreError::Busy { what, id: id.to_owned() })
    }

    /// The same; work nobody waits for any more is waited for until it has ended.
    pub(crate) async fn hold_next(&self, what: Text, id: &str) -> Result<Hold, StoreError> {
        loop {
            let held = match self.try_hold(what, id) {
                Ok(hold) => return Ok(hold),
                Err(held) => held,
            };
            let ended = held.ended.notified();
            if !held.left_alone.load(Ordering::SeqCst) {
                return Err(StoreError::Busy { what, id: id.to_owned() });
            }
            // It may have ended before we listened.
            if self.is_held(&held) {
                ended.await;
            }
        }
    }

    fn try_hold(&self, what: Text, id: &str) -> Result<Hold, Arc<Holding>> {
        let key = (what.en, id.to_owned());
        let mut held = locked(&self.shared.held);
        if let Some(held) = held.get(&key) {
            return Err(Arc::clone(held));
        }
        let holding = Arc::<Holding>::default();
        held.insert(key.clone(), Arc::clone(&holding));
        Ok(Hold { shared: Arc::clone(&self.shared), key, holding })
    }

    fn is_held(&self, holding: &Arc<Holding>) -> bool {
        locked(&self.shared.held).values().any(|held| Arc::ptr_eq(held, holding))
    }
}

/// A thing of the terminal that is held until this value goes.
#[derive(Debug)]
pub(crate) struct Hold {
    shared: Arc<Shared>,
    key: Key,
    holding: Arc<Holding>,
}

impl Hold {
    /// Does what waits for the disk on a thread for it. What is held stays so until that has ended,
    /// also when whoever waits for it goes away.
    pub(crate) async fn on_disk<T, E>(
        self: &Arc<Self>,
        work: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Result<T, Error>
    where
        T: Send + 'static,
        E: Into<Error> + Send + 'static,
    {
        let hold = Arc::clone(self);
        let done = in_background(move || {
            let done = work();
            drop(hold);
            done
        });
        done.await?.map_err(Into::into)
    }

    /// For the call that waits for the work: says that nobody does when it is dropped.
    pub(crate) fn waited_for(&self) -> Waiting {
        Waiting(Arc::clone(&self.holding))
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        locked(&self.shared.held).remove(&self.key);
        self.holding.ended.notify_waiters();
    }
}

/// Somebody waits for what is held.
#[derive(Debug)]
pub(crate) struct Waiting(Arc<Holding>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.left_alone.store(true, Ordering::SeqCst);
    }
}

/// Locks a folder for this process, and says so in it.
fn lock_folder(root: &Path) -> Result<fs::File, StoreError> {
    let path = root.join(LOCK);
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let lock = options.open(&path).map_err(StoreError::io(&path))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let holder = read_json::<Holder>(&root.join(HOLDER)).ok().flatten();
            let holder = holder.map(|holder| (holder.pid, holder.since));
            return Err(StoreError::InUse { path: root.to_owned(), holder });
        }
        Err(TryLockError::Error(error)) => return Err(StoreError::Io { path, error }),
    }
    // For whoever finds the folder held. A full disk shall keep nobody from reading his messages.
    let holder = Holder { pid: std::process::id(), since: Timestamp::now() };
    let _ = write_json(&root.join(HOLDER), &holder);
    Ok(lock)
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
    write_private(path, &json(path, value)?)
}

/// What [`write_json`] writes.
pub(crate) fn json<T: Serialize>(path: &Path, value: &T) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec_pretty(value)
        .map_err(|error| StoreError::Damaged { path: path.to_owned(), detail: error.to_string() })
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
        let expected = ["session.json", "terminal.holder", "terminal.lock"];
        assert_eq!(names(terminal.root()).unwrap(), expected);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(terminal.root())), (0o600, 0o700));
        }
    }

    #[test]
    fn a_file_of_the_user_is_read_up_to_its_limit() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for (bytes, fits) in [(2, true), (3, true), (4, false), (5, false)] {
            fs::write(file.path(), vec![b'x'; bytes]).unwrap();
            let read = read_limited(file.path(), 3);
            assert_eq!(read.as_ref().is_ok_and(|read| read.len() == bytes), fits, "{bytes}");
            let why = read.map_err(|error| error.kind()).err();
            assert_eq!(why, (!fits).then_some(io::ErrorKind::FileTooLarge), "{bytes}");
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_empty_and_what_is_none_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        remove_folder(&folder.path().join("nowhere")).unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"x").unwrap();
        let error = remove_folder(&file).unwrap_err();
        assert!(matches!(error, StoreError::Io { path, .. } if path == file));
        assert!(file.is_file());
        assert_eq!(names(&folder.path().join("nowhere")).unwrap(), [""; 0]);
        let error = names(&file).unwrap_err();
        assert!(matches!(error, StoreError::Io { path, .. } if path == file));
    }

    #[test]
    fn a_file_that_is_not_there_is_none_and_what_is_no_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = folder.path().join("nowhere");
        remove_file(&nowhere).unwrap();
        assert_eq!(read(&nowhere).unwrap(), None);
        assert_eq!(read_json::<u8>(&nowhere).unwrap(), None);
        for error in [
            remove_file(folder.path()).unwrap_err(),
            read(folder.path()).unwrap_err(),
            read_json::<u8>(folder.path()).unwrap_err(),
        ] {
            assert!(matches!(error, StoreError::Io { ref path, .. } if path == folder.path()));
        }
        let file = folder.path().join("file");
        write_json(&file, &7).unwrap();
        assert_eq!(read_json::<u8>(&file).unwrap(), Some(7));
        assert!(matches!(read_json::<bool>(&file), Err(StoreError::Damaged { .. })));
        remove_file(&file).unwrap();
        assert!(!file.exists());
        let deep = folder.path().join("a/b");
        make_private_folder(&deep).unwrap();
        make_private_folder(&deep).unwrap();
        assert!(deep.is_dir());
        fs::write(&file, b"x").unwrap();
        assert!(matches!(make_private_folder(&file.join("c")), Err(StoreError::Io { .. })));
    }

    #[test]
    fn an_identifier_has_letters_digits_and_hyphens_up_to_64() {
        for (text, is) in [
            ("a", true),
            ("Z-9", true),
            ("-", true),
            ("", false),
            ("a_b", false),
            ("a.b", false),
            ("あ", false),
        ] {
            assert_eq!(is_identifier(text), is, "{text}");
        }
        assert!(is_identifier(&"a".repeat(64)) && !is_identifier(&"a".repeat(65)));
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(new_folder(folder.path(), "a").unwrap(), "a");
        assert_eq!(new_folder(folder.path(), "a").unwrap(), "a-2");
        let long = "a".repeat(300);
        let error = new_folder(folder.path(), &long).unwrap_err();
        let StoreError::Io { path, error } = error else { panic!("{error:?}") };
        assert_eq!(path, folder.path().join(long));
        assert_ne!(error.kind(), io::ErrorKind::AlreadyExists);
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
