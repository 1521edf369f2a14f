//! The folder of a state: private, held by one process, and looked at before it is used.
//!
//! | file | what |
//! |---|---|
//! | `state.db`, `state.db-wal`, `state.db-shm` | the state, as SQLite keeps it |
//! | `state.new` | a state that is being begun; becomes `state.db` when it is whole |
//! | `state.next.db` | a saved state that is being taken in; becomes `state.db` when it is whole |
//! | `state.lock` | held while a server has the folder; stays behind, unlocked |
//! | `state.holder` | who holds it: process, since when, address |

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use careplan_spec::Text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Result, StoreError};
use crate::private;

/// Why a folder cannot be used: which file, what is wrong, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderFault {
    /// The file or the folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub what: Text<String>,
    /// What to do.
    pub advice: Text<String>,
}

impl std::fmt::Display for FolderFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} {}", self.path.display(), self.what.en, self.advice.en)
    }
}

impl FolderFault {
    /// The sentences in Japanese.
    pub fn ja(&self) -> String {
        format!("{}：{}{}", self.path.display(), self.what.ja, self.advice.ja)
    }
}

/// What to do about a file that is damaged.
fn restore() -> Text<String> {
    Text::made(
        "バックアップから戻すか、フォルダーを別の名前に変えて新しく始めてください。",
        "Restore the folder from a backup, or give it another name and begin anew.",
    )
}

fn fault(
    path: &Path,
    ja: impl Into<String>,
    en: impl Into<String>,
    advice: Text<String>,
) -> StoreError {
    let what = Text::made(ja, en);
    StoreError::Folder(Box::new(FolderFault { path: path.to_owned(), what, advice }))
}

fn damaged(path: &Path, ja: impl Into<String>, en: impl Into<String>) -> StoreError {
    fault(path, ja, en, restore())
}

/// A file or folder that the system does not let us have.
fn no_access(path: &Path, error: &std::io::Error) -> StoreError {
    let advice = Text::made(
        "持ち主と権限、ディスクの状態を確かめるか、--data で別のフォルダーを指定してください。",
        "Check its owner, its permissions and the disk, or name another folder with --data.",
    );
    fault(
        path,
        format!("使用できません（{error}）。"),
        format!("it cannot be used ({error})."),
        advice,
    )
}

/// Who holds a folder.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Holder {
    pid: u32,
    since: Timestamp,
    address: Option<String>,
}

/// A folder that this process holds until the value goes.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    since: Timestamp,
    _lock: File,
}

impl Folder {
    /// Makes the folder where it is missing, holds it, and makes what is in it private.
    pub(super) fn hold(path: &Path) -> Result<Self> {
        private::create_dir_all(path).map_err(|error| no_access(path, &error))?;
        if !path.is_dir() {
            let error = std::io::Error::from(ErrorKind::NotADirectory);
            return Err(no_access(path, &error));
        }
        must_be_files(path)?;
        let lock_path = path.join("state.lock");
        let lock = private::options()
            .create(true)
            .truncate(false)
            .open(&lock_path)
            .map_err(|error| no_access(&lock_path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(path)),
            Err(TryLockError::Error(error)) => return Err(no_access(&lock_path, &error)),
        }
        let folder = Self { path: path.to_owned(), since: Timestamp::now(), _lock: lock };
        folder.tell(None)?;
        folder.make_private()?;
        Ok(folder)
    }

    /// Says where the server of this folder is, for whoever finds the folder held.
    pub(super) fn tell(&self, address: Option<&str>) -> Result<()> {
        let holder = Holder {
            pid: std::process::id(),
            since: self.since,
            address: address.map(str::to_owned),
        };
        let path = self.path.join("state.holder");
        let text = serde_json::to_vec(&holder).map_err(std::io::Error::from)?;
        private::write(&path, &text).map_err(|error| no_access(&path, &error))
    }

    /// Files of ours are for their owner alone, whoever made them. So is a folder that holds nothing
    /// else; another one is left as it is, with a warning: it may be shared on purpose.
    fn make_private(&self) -> Result<()> {
        let mut alone = true;
        for entry in fs::read_dir(&self.path).map_err(|error| no_access(&self.path, &error))? {
            let entry = entry.map_err(|error| no_access(&self.path, &error))?;
            let path = entry.path();
            match entry.file_name().to_str().is_some_and(|name| OURS.contains(&name)) {
                true if path.is_file() => {
                    private::tighten(&path).map_err(|error| no_access(&path, &error))?;
                }
                true => {}
                false => alone = false,
            }
        }
        if alone {
            private::tighten(&self.path).map_err(|error| no_access(&self.path, &error))?;
        } else if private::is_open_to_others(&self.path) {
            tracing::warn!(
                folder = %self.path.display(),
                "others can read the names in this folder, which holds other files too: \
                 `chmod 700` it, or give the state a folder of its own"
            );
        }
        Ok(())
    }

    /// Whether there is a state to go on with. Refuses what was one and is damaged.
    pub(super) fn has_state(&self) -> Result<bool> {
        let (state, log) = (self.path.join("state.db"), self.path.join("state.db-wal"));
        let log_bytes = match fs::metadata(&log) {
            Ok(found) => found.len(),
            Err(error) if error.kind() == ErrorKind::NotFound => 0,
            Err(error) => return Err(no_access(&log, &error)),
        };
        match fs::symlink_metadata(&state) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound && log_bytes == 0 => {
                return Ok(false);
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(damaged(
                    &state,
                    "ありません。一緒に使う state.db-wal だけが残っています。",
                    "it is missing; only state.db-wal, which belongs to it, is there.",
                ));
            }
            Err(error) => return Err(no_access(&state, &error)),
        }
        check_database(&state, log_bytes > 0)?;
        check_log(&log)?;
        Ok(true)
    }

    /// Where a state is begun, out of the way of one that is whole.
    pub(super) fn fresh_path(&self) -> Result<PathBuf> {
        let path = self.path.join("state.new");
        // Left behind by a start that was cut short: nothing in it was ever acknowledged.
        for name in ["state.new", "state.new-journal"] {
            match fs::remove_file(self.path.join(name)) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(no_access(&path, &error));
                }
                _ => {}
            }
        }
        private::write(&path, b"").map_err(|error| no_access(&path, &error))?;
        Ok(path)
    }

    /// What was begun is the state from now on.
    pub(super) fn adopt(&self, fresh: &Path) -> Result<()> {
        // To flush it, it must be open for writing.
        let whole = private::options().open(fresh).and_then(|file| file.sync_all());
        whole
            .and_then(|()| fs::rename(fresh, self.path.join("state.db")))
            .map_err(|error| no_access(fresh, &error))
    }
}

/// Removes what never came into the place of the state.
pub(super) fn remove_leftover(left: &[PathBuf]) -> Result<()> {
    for path in left {
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(no_access(path, &error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What a state is made of.
const OURS: [&str; 11] = [
    "state.db",
    "state.db-wal",
    "state.db-shm",
    "state.db-journal",
    "state.next.db",
    "state.next.db-wal",
    "state.next.db-shm",
    "state.lock",
    "state.holder",
    "state.new",
    "state.new-journal",
];

/// Refuses what stands in the place of a file and is none, before it is opened: opening a pipe
/// would wait for somebody at its other end.
fn must_be_files(folder: &Path) -> Result<()> {
    for path in OURS.map(|name| folder.join(name)) {
        let Ok(found) = fs::metadata(&path) else { continue };
        let (ja, en) = match found.file_type() {
            kind if kind.is_file() => continue,
            kind if kind.is_dir() => {
                ("ファイルではなく、フォルダーです。", "it is a folder, not a file.")
            }
            _ => (
                "ファイルではなく、パイプやデバイスです。",
                "it is a pipe or a device, not a file.",
            ),
        };
        let advice = Text::made(
            "別の場所へ移すか、--data で別のフォルダーを指定してください。状態があったときは、バックアップから戻してください。",
            "Move it away, or name another folder with --data. Restore the folder from a backup \
             where there was a state.",
        );
        return Err(fault(&path, ja, en, advice));
    }
    Ok(())
}

fn held(path: &Path) -> StoreError {
    let holder = fs::read(path.join("state.holder"))
        .ok()
        .and_then(|text| serde_json::from_slice::<Holder>(&text).ok());
    let (ja, en) = match holder {
        Some(Holder { pid, since, address }) => {
            let since = since.strftime("%Y-%m-%dT%H:%M:%SZ");
            let at = address.map(|address| format!(", {address}")).unwrap_or_default();
            (
                format!("ほかのサーバーが使用中です（プロセス {pid}、開始 {since}{at}）。"),
                format!("another server is using it (process {pid}, since {since}{at})."),
            )
        }
        None => {
            ("ほかのサーバーが使用中です。".to_owned(), "another server is using it.".to_owned())
        }
    };
    let advice = Text::made(
        "そのサーバーを使うか、止めてから起動してください。別の状態で始めるときは --data で別のフォルダーを指定してください。",
        "Use that server, or stop it first. For a state of its own, name another folder with --data.",
    );
    fault(path, ja, en, advice)
}

/// The header of a database file; see <https://www.sqlite.org/fileformat2.html>.
fn check_database(path: &Path, has_log: bool) -> Result<()> {
    let mut header = [0_u8; 100];
    let mut file = File::open(path).map_err(|error| no_access(path, &error))?;
    let bytes = file.metadata().map_err(|error| no_access(path, &error))?.len();
    if bytes == 0 {
        return Err(damaged(path, "空（0バイト）です。", "it is empty (0 bytes)."));
    }
    match file.read_exact(&mut header) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            return Err(truncated(path, bytes));
        }
        Err(error) => return Err(no_access(path, &error)),
    }
    if &header[..16] != b"SQLite format 3\0" {
        return Err(damaged(
            path,
            "状態のファイル（SQLite）ではないか、先頭が壊れています。",
            "it is no state (no SQLite file), or its beginning is damaged.",
        ));
    }
    let number = |at: usize| {
        u64::from(u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]))
    };
    let page_bytes = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        bytes => u64::from(bytes),
    };
    // A log may hold pages that are not in the file yet.
    let counted = number(24) == number(92);
    let wanted = if counted && !has_log { number(28) * page_bytes } else { page_bytes };
    if page_bytes < 512 || bytes < wanted {
        return Err(truncated(path, bytes));
    }
    Ok(())
}

fn truncated(path: &Path, bytes: u64) -> StoreError {
    damaged(
        path,
        format!("途中で切れています（{bytes}バイトしかありません）。"),
        format!("it is cut off (it has {bytes} bytes only)."),
    )
}

/// The header of a log. SQLite passes over a log whose header is damaged, and with it over
/// everything that was acknowledged since the last checkpoint.
fn check_log(path: &Path) -> Result<()> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(no_access(path, &error)),
    };
    let bytes = file.seek(SeekFrom::End(0)).map_err(|error| no_access(path, &error))?;
    // A header is all there is after a start that was cut short.
    if bytes <= 32 {
        return Ok(());
    }
    let mut header = [0_u8; 32];
    file.seek(SeekFrom::Start(0))
        .and_then(|_| file.read_exact(&mut header))
        .map_err(|error| no_access(path, &error))?;
    let word = |at: usize| {
        u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    let big_endian = word(0) & 1 == 1;
    let (mut one, mut two) = (0_u32, 0_u32);
    for at in (0..24).step_by(8) {
        let part = |at: usize| if big_endian { word(at) } else { word(at).swap_bytes() };
        one = one.wrapping_add(part(at)).wrapping_add(two);
        two = two.wrapping_add(part(at + 4)).wrapping_add(one);
    }
    if word(0) & !1 != 0x377f_0682 || (one, two) != (word(24), word(28)) {
        return Err(damaged(
            path,
            "先頭が壊れています。state.db にまだ入っていない変更がここにあります。",
            "its beginning is damaged; it holds changes that are not in state.db yet.",
        ));
    }
    Ok(())
}

/// A state that SQLite cannot read, or that is not whole.
pub(super) fn unreadable(path: &Path, why: &str) -> StoreError {
    damaged(path, format!("壊れています（{why}）。"), format!("it is damaged ({why})."))
}

/// A state that is not sound.
pub(super) fn unsound(path: &Path, what: Text<String>) -> StoreError {
    damaged(path, what.ja, what.en)
}

/// A state of a version to come.
pub(super) fn newer(path: &Path, version: i64, known: usize) -> StoreError {
    fault(
        path,
        format!(
            "新しい版のプログラムで書かれています（スキーマ {version}、このプログラムは {known} まで）。"
        ),
        format!(
            "it was written by a newer version (schema {version}, this program knows {known})."
        ),
        Text::made(
            "新しい版の careplan-mock-server で開いてください。",
            "Open it with the newer careplan-mock-server.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of something that is refused; nothing of what is taken.
    fn said<T>(result: Result<T>) -> String {
        result.err().map(|error| error.to_string()).unwrap_or_default()
    }

    fn fault_of<T: std::fmt::Debug>(result: Result<T>) -> FolderFault {
        match result {
            Err(StoreError::Folder(fault)) => *fault,
            other => panic!("it is refused: {other:?}"),
        }
    }

    /// The header of a database of so many pages, and whether the number of pages counts.
    fn database(page_bytes: u16, pages: u32, counted: bool) -> [u8; 100] {
        let mut header = [0; 100];
        header[..16].copy_from_slice(b"SQLite format 3\0");
        header[16..18].copy_from_slice(&page_bytes.to_be_bytes());
        header[24..28].copy_from_slice(&7_u32.to_be_bytes());
        header[28..32].copy_from_slice(&pages.to_be_bytes());
        header[92..96].copy_from_slice(&(if counted { 7_u32 } else { 6 }).to_be_bytes());
        header
    }

    #[test]
    fn a_database_is_as_long_as_its_header_says_unless_a_log_has_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        let check = |header: &[u8], bytes: u64, has_log| {
            fs::write(&path, header).unwrap();
            File::options().write(true).open(&path).unwrap().set_len(bytes).unwrap();
            said(check_database(&path, has_log))
        };
        for (page_bytes, pages, counted, has_log, least) in [
            (4096, 3, true, false, 3 * 4096),
            (4096, 3, true, true, 4096),
            (4096, 3, false, false, 4096),
            (4096, 3, false, true, 4096),
            (512, 1, true, false, 512),
            // 65,536 does not fit into its two bytes.
            (1, 2, true, false, 2 * 65_536),
        ] {
            let header = database(page_bytes, pages, counted);
            let case = format!("{page_bytes} {pages} {counted} {has_log}");
            assert_eq!(check(&header, least, has_log), "", "{case}");
            let short = check(&header, least - 1, has_log);
            assert!(
                short.contains(&format!("cut off (it has {} bytes only)", least - 1)),
                "{case}"
            );
        }
        let (good, half) = (database(4096, 1, true), database(256, 1, true));
        assert!(check(&half, 8192, false).contains("it is cut off"), "no page is that small");
        assert!(check(&good, 99, true).contains("cut off (it has 99 bytes only)"));
        assert!(check(&good, 0, true).contains("it is empty (0 bytes)"));
        let mut other = good;
        other[15] = b' ';
        assert!(check(&other, 4096, false).contains("no SQLite file"));
        let nowhere = said(check_database(&folder.path().join("nowhere"), false));
        assert!(nowhere.contains("it cannot be used ("), "{nowhere}");
    }

    /// The header of a log, as a computer of either order of bytes begins one.
    fn log(big_endian: bool) -> [u8; 32] {
        let mut header = [0; 32];
        let magic = 0x377f_0682_u32 + u32::from(big_endian);
        for (at, word) in [magic, 3_007_000, 4096, 5, 0x1234_5678, 0x9abc_def0].iter().enumerate() {
            header[4 * at..4 * at + 4].copy_from_slice(&word.to_be_bytes());
        }
        let words: Vec<u32> = header[..24]
            .chunks(4)
            .map(|word| {
                let word = word.try_into().unwrap();
                if big_endian { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) }
            })
            .collect();
        let sums = words.chunks(2).fold((0_u32, 0_u32), |(one, two), pair| {
            let one = one.wrapping_add(pair[0]).wrapping_add(two);
            (one, two.wrapping_add(pair[1]).wrapping_add(one))
        });
        header[24..28].copy_from_slice(&sums.0.to_be_bytes());
        header[28..].copy_from_slice(&sums.1.to_be_bytes());
        header
    }

    #[test]
    fn a_log_is_looked_at_if_it_has_more_than_a_header_in_either_order_of_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db-wal");
        assert_eq!(said(check_log(&path)), "", "there is none");
        let check = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            said(check_log(&path))
        };
        assert_eq!(check(&[0; 32]), "", "nothing was acknowledged yet");
        let damaged = "its beginning is damaged; it holds changes";
        assert!(check(&[0; 33]).contains(damaged));
        for big_endian in [false, true] {
            let mut bytes = [log(big_endian).as_slice(), b"x"].concat();
            assert_eq!(check(&bytes), "", "{big_endian}");
            for at in 0..32 {
                bytes[at] ^= 0x10;
                assert!(check(&bytes).contains(damaged), "{big_endian} {at}");
                bytes[at] ^= 0x10;
            }
        }
        // What is no log and cannot be read is not taken for one that is not there.
        let below = said(check_log(&path.join("state.db-wal")));
        assert!(below.contains("it cannot be used ("), "{below}");
    }

    #[test]
    fn a_folder_has_a_state_or_none_or_what_is_left_of_one() {
        let above = tempfile::tempdir().unwrap();
        let folder = Folder::hold(&above.path().join("here")).unwrap();
        let (state, log_path) = (folder.path.join("state.db"), folder.path.join("state.db-wal"));
        assert!(!folder.has_state().unwrap());
        fs::write(&log_path, b"").unwrap();
        assert!(!folder.has_state().unwrap(), "nothing is in that log");
        fs::write(&log_path, b"x").unwrap();
        let fault = fault_of(folder.has_state());
        assert_eq!(fault.path, state);
        assert_eq!(
            fault.what.en,
            "it is missing; only state.db-wal, which belongs to it, is there."
        );

        // A change of the file that was cut short: the log has what the file lacks.
        fs::write(&state, database(4096, 3, true)).unwrap();
        File::options().write(true).open(&state).unwrap().set_len(4096).unwrap();
        fs::write(&log_path, [log(false).as_slice(), b"x"].concat()).unwrap();
        assert!(folder.has_state().unwrap());
        fs::write(&log_path, b"").unwrap();
        let fault = fault_of(folder.has_state());
        assert_eq!(fault.path, state);
        assert_eq!(
            fault.ja(),
            format!(
                "{}：途中で切れています（4096バイトしかありません）。バックアップから戻すか、フォルダーを別の名前に変えて新しく始めてください。",
                state.display()
            )
        );
        fs::write(&log_path, [0; 33]).unwrap();
        File::options().write(true).open(&state).unwrap().set_len(3 * 4096).unwrap();
        assert_eq!(fault_of(folder.has_state()).path, log_path);
        #[cfg(unix)]
        {
            // A link to itself: not "no log".
            fs::remove_file(&log_path).unwrap();
            std::os::unix::fs::symlink("state.db-wal", &log_path).unwrap();
            for _ in 0..2 {
                let fault = fault_of(folder.has_state());
                assert_eq!(fault.path, log_path);
                assert!(fault.what.en.starts_with("it cannot be used ("), "{fault}");
                // Nor is a state begun beside it.
                let _ = fs::remove_file(&state);
            }
        }
    }

    #[test]
    fn who_holds_a_folder_is_told_as_far_as_it_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let first = Folder::hold(folder.path()).unwrap();
        let pid = std::process::id();
        let since = first.since.strftime("%Y-%m-%dT%H:%M:%SZ");
        let of_another = || fault_of(Folder::hold(folder.path()));
        let fault = of_another();
        assert_eq!(fault.path, folder.path());
        let known = format!("another server is using it (process {pid}, since {since}).");
        assert_eq!(fault.what.en, known);
        first.tell(Some("https://127.0.0.1:8082")).unwrap();
        let fault = of_another();
        let known = format!("（プロセス {pid}、開始 {since}, https://127.0.0.1:8082）。");
        assert!(fault.what.ja.ends_with(&known), "{fault:?}");
        fs::write(folder.path().join("state.holder"), b"half of i").unwrap();
        assert_eq!(of_another().what.en, "another server is using it.");
        drop(first);
        Folder::hold(folder.path()).unwrap();
    }

    #[test]
    fn what_stands_in_the_place_of_a_file_is_named_before_it_is_opened() {
        for name in OURS {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir(folder.path().join(name)).unwrap();
            let fault = fault_of(Folder::hold(folder.path()));
            assert_eq!(fault.path, folder.path().join(name));
            assert_eq!(fault.what.en, "it is a folder, not a file.");
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        let fault = fault_of(Folder::hold(file.path()));
        assert_eq!(fault.path, file.path());
        assert!(fault.what.en.starts_with("it cannot be used ("), "{fault}");
    }
}
