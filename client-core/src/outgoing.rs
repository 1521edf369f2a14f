//! A message to be sent: one destination, read from the file names.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use careplan_spec::calendar::{self, Month};
use careplan_spec::file_name::{self, FileName, Reading, UnitKey};
use careplan_spec::{FileKind, Text, send_unit};

use crate::error::Error;
use crate::safe_name;
use crate::shape::shapes;
use crate::terminal;
use crate::text::Explanation;

/// Largest file read from disk, in bytes. Assumed; no limit is public.
pub const MAX_FILE: u64 = 256 << 20;

/// A file to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingFile {
    /// Name without folders.
    pub name: String,
    /// Content, sent byte for byte.
    pub bytes: Bytes,
}

impl OutgoingFile {
    /// A file of this name and content.
    pub fn new(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }

    /// Reads a file from disk; it waits for the disk meanwhile.
    ///
    /// # Errors
    /// When it cannot be read, or its name has no Unicode form.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let unreadable = |error| MessageError::Unreadable { path: path.to_owned(), error };
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .ok_or_else(|| unreadable(io::Error::from(io::ErrorKind::InvalidFilename)))?
            .to_owned();
        let bytes = terminal::read_limited(path, MAX_FILE).map_err(unreadable)?;
        Ok(Self { name, bytes: bytes.into() })
    }

    /// Reads files; a folder stands for the files directly in it, without what systems leave lying
    /// about.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn read_all(paths: &[PathBuf]) -> Result<Vec<Self>, Error> {
        Ok(Self::gather(paths)?.0)
    }

    /// Reads files as [`Self::read_all`] does, and says which names in folders were passed over:
    /// hidden files and what Windows, macOS and Office leave lying about. A file that is named
    /// itself is never passed over.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn gather(paths: &[PathBuf]) -> Result<(Vec<Self>, Vec<String>), Error> {
        let (mut files, mut passed_over) = (Vec::new(), Vec::new());
        for path in paths {
            if !path.is_dir() {
                files.push(Self::read(path)?);
                continue;
            }
            let unreadable = |error| MessageError::Unreadable { path: path.clone(), error };
            let mut inside = Vec::new();
            for entry in std::fs::read_dir(path).map_err(unreadable)? {
                inside.push(entry.map_err(unreadable)?.path());
            }
            inside.sort();
            for path in inside {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                if is_left_lying(&name) {
                    passed_over.push(name.into_owned());
                } else if path.is_file() {
                    files.push(Self::read(&path)?);
                }
            }
        }
        Ok((files, passed_over))
    }

    /// What the name says, where the standard knows it; near misses are read as they were meant.
    pub fn standard_name(&self) -> Option<FileName> {
        match file_name::read(&self.name) {
            Reading::Standard { name, .. } => Some(name),
            Reading::NearMiss { name, .. } => name,
            Reading::Foreign => None,
        }
    }
}

/// Whether a name in a folder is not the user's: hidden, or made by the system unasked.
fn is_left_lying(name: &str) -> bool {
    name.starts_with('.') || careplan_spec::left_lying::is_name(name)
}

/// Why files do not make a message.
#[non_exhaustive]
pub enum MessageError {
    /// No file was given.
    NoFiles,
    /// A file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// No file name tells the destination.
    NoDestination,
    /// The names tell several destinations.
    SeveralDestinations {
        /// Their office numbers.
        offices: Vec<String>,
    },
    /// A name that other computers cannot store.
    UnusableName {
        /// The name.
        name: String,
    },
    /// Two files with one name (upper and lower case are the same).
    SameNameTwice {
        /// The name.
        name: String,
    },
    /// The content changed after an attempt whose ending is not known.
    ChangedAfterAttempt,
}

impl MessageError {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NoFiles => "no-files",
            Self::Unreadable { .. } => "unreadable-file",
            Self::NoDestination => "no-destination",
            Self::SeveralDestinations { .. } => "several-destinations",
            Self::UnusableName { .. } => "unusable-name",
            Self::SameNameTwice { .. } => "same-name-twice",
            Self::ChangedAfterAttempt => "changed-after-attempt",
        }
    }

    pub(crate) fn explain(&self) -> Explanation {
        match self {
            Self::NoFiles => Explanation::fixed(
                Text::new("送信するファイルがありません。", "There is no file to send."),
                Text::new(
                    "介護ソフトから出力したファイルを指定してください。",
                    "Give the files that the care software exported.",
                ),
            ),
            Self::Unreadable { path, error } => Explanation::new(
                format!("ファイルを読めません（{}：{error}）。", path.display()),
                format!("A file cannot be read ({}: {error}).", path.display()),
                Text::new(
                    "ファイルの場所と、別のソフトで開いていないかを確かめてください。",
                    "Check where it is and whether another program holds it open.",
                ),
            ),
            Self::NoDestination => Explanation::fixed(
                Text::new(
                    "送信先が分かりません。送信先はケアプランデータのファイル名から読み取ります。",
                    "The destination is not known: it is read from the names of care-plan files.",
                ),
                Text::new(
                    "標準仕様の名前のファイル（例：UPPLAN_年月_送信元_種類_送信先_種類_連番.CSV）を1つ以上加え、ファイル名は変更しないでください。",
                    "Add at least one file with a name of the standard (UPPLAN_<month>_<sender>_<kind>_<receiver>_<kind>_<sequence>.CSV) and do not rename files.",
                ),
            ),
            Self::SeveralDestinations { offices } => Explanation::new(
                format!("送信先が{}か所あります（{}）。", offices.len(), offices.join("、")),
                format!("There are {} destinations ({}).", offices.len(), offices.join(", ")),
                Text::new(
                    "1か所だけに絞るか、一括送信を使ってください。",
                    "Keep the files of one destination, or use a bulk send.",
                ),
            ),
            Self::UnusableName { name } => Explanation::new(
                format!("ファイル名「{name}」は、受け取る側のパソコンで保存できません。"),
                format!("The file name {name:?} cannot be stored on the receiver's computer."),
                Text::new(
                    "記号（\\ / : * ? \" < > |）や特別な名前（CON など）を避けて、名前を付け直してください。",
                    "Rename it without \\ / : * ? \" < > | and without reserved names such as CON.",
                ),
            ),
            Self::SameNameTwice { name } => Explanation::new(
                format!("同じ名前のファイルが2つあります（{name}）。"),
                format!("Two files have the same name ({name})."),
                Text::new("どちらか1つにしてください。", "Keep one of them."),
            ),
            Self::ChangedAfterAttempt => Explanation::fixed(
                Text::new(
                    "結果が分からない送信のあとで内容が変わっています。",
                    "The content changed after a send whose result is not known.",
                ),
                Text::new(
                    "送信一覧で、前の送信が届いているか確かめてください。届いていなければ、下書きを保存し直してから送信してください。",
                    "See in the outbox whether the earlier send arrived. If not, save the draft again and send it.",
                ),
            ),
        }
    }
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.explain().what.ja)
    }
}

impl StdError for MessageError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Unreadable { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// A send unit among the files of a message.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutgoingUnit {
    /// What its files have in common.
    pub key: UnitKey,
    /// `K2`, `S1` …; `None` where the kinds make no complete unit.
    pub id: Option<&'static str>,
    /// The name of the unit.
    pub title: Option<Text>,
    /// Service month.
    pub month: Option<Month>,
    /// Its file names.
    pub files: Vec<String>,
}

/// A message to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    files: Vec<OutgoingFile>,
    text: Option<String>,
    to: String,
}

impl Message {
    /// Makes a message of files. The destination is read from the names; the files are
    /// put in the order of their sequences (S 2.5), attachments last.
    ///
    /// # Errors
    /// When the files have no single destination or a name is of no use.
    pub fn new(files: impl IntoIterator<Item = OutgoingFile>) -> Result<Self, Error> {
        Ok(Self::make(files.into_iter().collect())?)
    }

    /// With this text; a blank one is none.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into()).filter(|text| !text.trim().is_empty());
        self
    }

    fn make(mut files: Vec<OutgoingFile>) -> Result<Self, MessageError> {
        if files.is_empty() {
            return Err(MessageError::NoFiles);
        }
        check_names(&files)?;
        let offices = destinations(&files);
        let mut offices: Vec<String> = offices.into_iter().collect();
        let to = match offices.len() {
            0 => return Err(MessageError::NoDestination),
            1 => offices.remove(0),
            _ => return Err(MessageError::SeveralDestinations { offices }),
        };
        sort_by_sequence(&mut files);
        Ok(Self { files, text: None, to })
    }

    /// The files, in the order they are sent.
    pub fn files(&self) -> &[OutgoingFile] {
        &self.files
    }

    /// The text.
    pub fn body(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Office number of the destination.
    pub fn to(&self) -> &str {
        &self.to
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes.len() as u64).sum()
    }

    /// Office numbers of the sender as the file names tell it; normally one.
    pub fn senders(&self) -> BTreeSet<String> {
        self.files
            .iter()
            .filter_map(|file| Some(file.standard_name()?.sender.office().to_owned()))
            .collect()
    }

    /// The send units, by sequence.
    pub fn units(&self) -> Vec<OutgoingUnit> {
        units(&self.files)
    }
}

/// Every name must be usable on the receiver's computer, and no two the same there.
pub(crate) fn check_names(files: &[OutgoingFile]) -> Result<(), MessageError> {
    let mut seen = BTreeSet::new();
    for file in files {
        if !safe_name::is_safe(&file.name) {
            return Err(MessageError::UnusableName { name: file.name.clone() });
        }
        if !seen.insert(safe_name::folded(&file.name)) {
            return Err(MessageError::SameNameTwice { name: file.name.clone() });
        }
    }
    Ok(())
}

/// Office numbers the names tell as destination.
pub(crate) fn destinations(files: &[OutgoingFile]) -> BTreeSet<String> {
    files
        .iter()
        .filter_map(|file| Some(file.standard_name()?.receiver.office().to_owned()))
        .collect()
}

/// Puts files in the order of their sequences, those without one last; otherwise the order stays.
pub(crate) fn sort_by_sequence(files: &mut [OutgoingFile]) {
    files.sort_by_cached_key(|file| match file.standard_name() {
        Some(name) => (0, Some(name.unit_key().sequence), Some(name.unit_key())),
        None => (1, None, None),
    });
}

/// The send units among files, by sequence.
pub(crate) fn units(files: &[OutgoingFile]) -> Vec<OutgoingUnit> {
    let mut groups: BTreeMap<UnitKey, Vec<(String, FileName)>> = BTreeMap::new();
    for file in files {
        if let Some(name) = file.standard_name() {
            groups.entry(name.unit_key()).or_default().push((file.name.clone(), name));
        }
    }
    let mut units: Vec<OutgoingUnit> = groups
        .into_iter()
        .map(|(key, members)| {
            let mut kinds: Vec<FileKind> = Vec::new();
            for (_, name) in &members {
                if !kinds.contains(&name.kind) {
                    kinds.push(name.kind);
                }
            }
            let unit = match send_unit::match_kinds(key.version, &kinds) {
                send_unit::Match::Complete(unit) => Some(unit),
                _ => None,
            };
            OutgoingUnit {
                key,
                id: unit.map(|unit| unit.id),
                title: unit.map(|unit| unit.title),
                month: members
                    .iter()
                    .find_map(|(_, name)| name.service_month())
                    .and_then(|number| calendar::parse_month(number.to_string().as_bytes())),
                files: members.into_iter().map(|(name, _)| name).collect(),
            }
        })
        .collect();
    units.sort_by_key(|unit| unit.key.sequence);
    units
}

shapes! {
    OutgoingFile: it => { name_bytes: it.name.len(), bytes: it.bytes.len() };
    MessageError: it => { code: it.code() };
    OutgoingUnit: it => { id: it.id, files: it.files.len() };
    Message: it => {
        files: it.files.len(), bytes: it.bytes(), text_bytes: it.text.as_deref().map(str::len)
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> OutgoingFile {
        OutgoingFile { name: name.to_owned(), bytes: Bytes::from_static(b"x") }
    }

    const ACTUAL: &str = "UPJSK_202611_4770190017_15_4770190025_43_20261121100000.CSV";

    #[test]
    fn the_destination_comes_from_the_names() {
        let message = Message::new([file("案内.pdf"), file(ACTUAL)]).unwrap().text("  ");
        assert_eq!(message.to(), "4770190025");
        assert_eq!(message.body(), None);
        assert_eq!(message.files()[0].name, ACTUAL);
        let units = message.units();
        assert_eq!(
            (units.len(), units[0].id, units[0].month),
            (1, Some("S1"), Month::new(2026, 11))
        );
        assert_eq!(message.senders().into_iter().collect::<Vec<_>>(), ["4770190017"]);
    }

    #[test]
    fn what_makes_no_message_is_said() {
        assert!(matches!(Message::make(vec![]), Err(MessageError::NoFiles)));
        assert!(matches!(Message::make(vec![file("a.pdf")]), Err(MessageError::NoDestination)));
        let other = ACTUAL.replace("4770190025", "4770190033");
        assert!(matches!(
            Message::make(vec![file(ACTUAL), file(&other)]),
            Err(MessageError::SeveralDestinations { offices }) if offices.len() == 2
        ));
        assert!(matches!(
            Message::make(vec![file(ACTUAL), file("a.pdf"), file("A.PDF")]),
            Err(MessageError::SameNameTwice { .. })
        ));
        assert!(matches!(
            Message::make(vec![file(ACTUAL), file("con.txt")]),
            Err(MessageError::UnusableName { .. })
        ));
    }
}
