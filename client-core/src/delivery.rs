//! A received message: is it what the sender signed, and where does it go on disk.
//!
//! The ZIP holds the sender's files at its root and, in `relay/`, the manifest with its signature.
//! Nothing in it is trusted before the signature is: the manifest tells which files there are, how
//! long each is and what its digest is; anything more, less or different makes the message
//! unusable.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use careplan_certs::signature::{self, SignatureError};
use careplan_certs::{CertificateFacts, Judge};
use careplan_spec::{Text, hex};
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::safe_name;
use crate::shape::shapes;
use crate::terminal::StoreError;
use crate::wire::{Manifest, ManifestFile};

const MANIFEST: &str = "relay/manifest.json";
const SIGNATURE: &str = "relay/manifest.json.p7s";
const MESSAGE: &str = "relay/message.txt";
const RELAY_FOLDER: &str = "relay";

/// Largest manifest that is read, in bytes.
const MAX_MANIFEST: u64 = 8 << 20;

/// Most files of a message.
const MAX_FILES: usize = 10_000;

/// Why a received message cannot be used.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryError {
    /// What came is not what the relay announced.
    ChecksumDiffers,
    /// It is larger than this terminal takes.
    TooLarge {
        /// Bytes announced.
        bytes: u64,
    },
    /// It is no ZIP, or a damaged one.
    DamagedZip {
        /// The library's words.
        detail: String,
    },
    /// A file is missing.
    Missing {
        /// Its name.
        name: String,
    },
    /// A file the manifest does not list.
    Unexpected {
        /// Its name.
        name: String,
    },
    /// The manifest cannot be read.
    BadManifest {
        /// Why.
        detail: String,
    },
    /// A file is not the one that was signed.
    FileDiffers {
        /// Its name.
        name: String,
    },
    /// The signature does not count.
    Signature(SignatureError),
    /// Another office than the sender signed.
    OtherSigner {
        /// Office number in the certificate.
        signer: String,
        /// Office number of the sender.
        sender: String,
    },
    /// The message is for another office.
    OtherReceiver {
        /// Office number in the manifest.
        receiver: String,
    },
}

impl DeliveryError {
    /// Stable identifier.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ChecksumDiffers => "checksum-differs",
            Self::TooLarge { .. } => "too-large",
            Self::DamagedZip { .. } => "damaged-zip",
            Self::Missing { .. } => "file-missing",
            Self::Unexpected { .. } => "file-unexpected",
            Self::BadManifest { .. } => "bad-manifest",
            Self::FileDiffers { .. } => "file-differs",
            Self::Signature(error) => error.id(),
            Self::OtherSigner { .. } => "other-signer",
            Self::OtherReceiver { .. } => "other-receiver",
        }
    }

    /// The reason in words.
    pub fn reason(&self) -> Text<String> {
        match self {
            Self::ChecksumDiffers => Text::new(
                "受け取ったデータがサーバーの示した照合値と一致しません。",
                "the data differ from the checksum the relay gave.",
            )
            .into(),
            Self::TooLarge { bytes } => Text::made(
                format!("データが大きすぎます（{bytes}バイト）。"),
                format!("the data are too large ({bytes} bytes)."),
            ),
            Self::DamagedZip { detail } => Text::made(
                format!("ZIPファイルが壊れています（{detail}）。"),
                format!("the ZIP is damaged ({detail})."),
            ),
            Self::Missing { name } => {
                Text::made(format!("「{name}」が入っていません。"), format!("{name:?} is missing."))
            }
            Self::Unexpected { name } => Text::made(
                format!("送信元の一覧にない「{name}」が入っています。"),
                format!("it holds {name:?}, which the sender did not list."),
            ),
            Self::BadManifest { detail } => Text::made(
                format!("送信元のファイル一覧を読み取れません（{detail}）。"),
                format!("the sender's list of files cannot be read ({detail})."),
            ),
            Self::FileDiffers { name } => Text::made(
                format!("「{name}」の内容が、送信元が署名したものと異なります。"),
                format!("{name:?} is not the file the sender signed."),
            ),
            Self::Signature(error) => error.text().into(),
            Self::OtherSigner { signer, sender } => Text::made(
                format!("署名した事業所（{signer}）が送信元（{sender}）と異なります。"),
                format!("office {signer} signed it, but the sender is {sender}."),
            ),
            Self::OtherReceiver { receiver } => Text::made(
                format!("送信先が他の事業所（{receiver}）です。"),
                format!("it is for another office ({receiver})."),
            ),
        }
    }
}

impl fmt::Display for DeliveryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason().ja)
    }
}

impl Error for DeliveryError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Signature(error) => Some(error),
            _ => None,
        }
    }
}

shapes! {
    DeliveryError: it => { code: it.code() };
    SavedFile: it => { name_bytes: it.name.len(), bytes: it.bytes };
}

/// A fault while a delivery is verified and saved: in the delivery, or on this terminal's disk.
#[derive(Debug)]
pub(crate) enum Trouble {
    Delivery(DeliveryError),
    Store(StoreError),
}

impl From<DeliveryError> for Trouble {
    fn from(error: DeliveryError) -> Self {
        Self::Delivery(error)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What a delivery must agree with.
pub(crate) struct Expected {
    /// Sender's office number, as the inbox shows it.
    pub(crate) from: String,
    /// This office.
    pub(crate) to: String,
    /// When the relay took it: the signer's certificate had to be good then.
    pub(crate) received_at: Timestamp,
    pub(crate) judge: Judge,
}

/// How a received message is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// Unpacked into a folder of its own.
    #[default]
    Folder,
    /// The ZIP as it came.
    Zip,
}

/// A file that was saved.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SavedFile {
    /// The sender's name for it.
    pub name: String,
    /// Its name on disk: another one where the sender's is not safe on every system.
    pub saved_as: String,
    /// Bytes.
    pub bytes: u64,
}

/// A verified and saved message.
#[derive(Debug)]
pub(crate) struct Saved {
    pub(crate) path: PathBuf,
    pub(crate) files: Vec<SavedFile>,
    pub(crate) text: Option<String>,
    pub(crate) signer: Arc<CertificateFacts>,
}

/// SHA-256 of a file, lower-case hexadecimal.
pub(crate) fn digest_of(path: &Path) -> Result<String, StoreError> {
    let mut hasher = Sha256::new();
    let mut file = File::open(path).map_err(StoreError::io(path))?;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = file.read(&mut buffer).map_err(StoreError::io(path))?;
        if read == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        hasher.update(&buffer[..read]);
    }
}

/// Verifies the ZIP and saves it under `folder` with a name that begins with `stem`. Either the
/// whole message appears there or nothing; nothing is overwritten.
pub(crate) fn verify_and_save(
    zip_path: &Path,
    expected: &Expected,
    folder: &Path,
    stem: &str,
    form: Form,
) -> Result<Saved, Trouble> {
    remove_leftovers(folder, stem);
    let file = File::open(zip_path).map_err(StoreError::io(zip_path))?;
    let mut zip = ZipArchive::new(file).map_err(|error| damaged(&error))?;
    let (manifest_bytes, signature_bytes, manifest, signer) = verify(&mut zip, expected)?;
    fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
    let mut names = Names::default();
    let path = match form {
        Form::Folder => {
            let unpacked = temporary_folder(folder, stem)?;
            let files = unpack(&mut zip, &manifest.files, |name, bytes| {
                let saved_as = names.pick(name);
                write_new(&unpacked.path().join(&saved_as), bytes)?;
                Ok(saved_as)
            })?;
            let relay = unpacked.path().join(RELAY_FOLDER);
            fs::create_dir(&relay).map_err(StoreError::io(&relay))?;
            write_new(&relay.join("manifest.json"), &manifest_bytes)?;
            write_new(&relay.join("manifest.json.p7s"), &signature_bytes)?;
            if let Some(text) = &manifest.text {
                write_new(&relay.join("message.txt"), text.as_bytes())?;
            }
            (publish_folder(unpacked, folder, stem)?, files)
        }
        Form::Zip => {
            let files = unpack(&mut zip, &manifest.files, |name, _| Ok(name.to_owned()))?;
            (publish_copy(zip_path, folder, stem)?, files)
        }
    };
    let (path, files) = path;
    Ok(Saved { path, files, text: manifest.text, signer })
}

type Verified = (Vec<u8>, Vec<u8>, Manifest, Arc<CertificateFacts>);

/// Verifies signature, sender, receiver and the list of entries; the content of the files is
/// compared when they are unpacked.
fn verify(zip: &mut ZipArchive<File>, expected: &Expected) -> Result<Verified, Trouble> {
    let manifest_bytes = entry(zip, MANIFEST, MAX_MANIFEST)?;
    let signature_bytes = entry(zip, SIGNATURE, signature::MAX_BYTES as u64)?;
    let signature =
        signature::verify(&manifest_bytes, &signature_bytes, &expected.judge, expected.received_at)
            .map_err(DeliveryError::Signature)?;
    let manifest: Manifest = serde_json::from_slice(&manifest_bytes)
        .map_err(|error| DeliveryError::BadManifest { detail: error.to_string() })?;
    if manifest.version != 1 || manifest.files.len() > MAX_FILES {
        let detail = format!("version {}, {} files", manifest.version, manifest.files.len());
        return Err(DeliveryError::BadManifest { detail }.into());
    }
    let signer = signature.signer.office.map(|office| office.to_string()).unwrap_or_default();
    if signer != manifest.from || manifest.from != expected.from {
        // The one of the two that the signer is not.
        let sender = if signer == expected.from { manifest.from } else { expected.from.clone() };
        return Err(DeliveryError::OtherSigner { signer, sender }.into());
    }
    if manifest.to != expected.to {
        return Err(DeliveryError::OtherReceiver { receiver: manifest.to }.into());
    }
    let mut listed: BTreeSet<&str> = BTreeSet::new();
    for file in &manifest.files {
        if !listed.insert(&file.name) {
            let detail = format!("{:?} twice", file.name);
            return Err(DeliveryError::BadManifest { detail }.into());
        }
    }
    for name in zip.file_names() {
        let name = name.map_err(|error| damaged(&error))?;
        let known = [MANIFEST, SIGNATURE, MESSAGE, "relay/"].contains(&name.as_ref())
            || listed.contains(name.as_ref());
        if !known {
            return Err(DeliveryError::Unexpected { name: name.into_owned() }.into());
        }
    }
    Ok((manifest_bytes, signature_bytes, manifest, signature.signer))
}

/// Reads every listed file, compares it with the list and hands it to `save`, which says under
/// which name it was saved.
fn unpack(
    zip: &mut ZipArchive<File>,
    listed: &[ManifestFile],
    mut save: impl FnMut(&str, &[u8]) -> Result<String, StoreError>,
) -> Result<Vec<SavedFile>, Trouble> {
    let mut files = Vec::with_capacity(listed.len());
    for file in listed {
        let bytes = entry(zip, &file.name, file.size)?;
        let same = bytes.len() as u64 == file.size
            && hex(&Sha256::digest(&bytes)).eq_ignore_ascii_case(&file.sha256);
        if !same {
            return Err(DeliveryError::FileDiffers { name: file.name.clone() }.into());
        }
        let saved_as = save(&file.name, &bytes)?;
        files.push(SavedFile { name: file.name.clone(), saved_as, bytes: file.size });
    }
    Ok(files)
}

/// The bytes of an entry, no more than `limit` of them whatever it claims or unpacks to.
fn entry(zip: &mut ZipArchive<File>, name: &str, limit: u64) -> Result<Vec<u8>, DeliveryError> {
    let index =
        zip.index_for_name(name).ok_or_else(|| DeliveryError::Missing { name: name.to_owned() })?;
    let entry = zip.by_index(index).map_err(|error| damaged(&error))?;
    let mut bytes = Vec::new();
    entry.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
    if bytes.len() as u64 > limit {
        return Err(DeliveryError::FileDiffers { name: name.to_owned() });
    }
    Ok(bytes)
}

fn damaged(error: &dyn fmt::Display) -> DeliveryError {
    DeliveryError::DamagedZip { detail: error.to_string() }
}

/// Picks names on disk: safe ones, no two the same for a file system that ignores case.
struct Names {
    used: BTreeSet<String>,
}

impl Default for Names {
    fn default() -> Self {
        Self { used: BTreeSet::from([safe_name::folded(RELAY_FOLDER)]) }
    }
}

impl Names {
    fn pick(&mut self, name: &str) -> String {
        let safe = safe_name::make_safe(name);
        let mut number = 1;
        loop {
            let candidate = safe_name::numbered(&safe, number);
            if self.used.insert(safe_name::folded(&candidate)) {
                return candidate;
            }
            number += 1;
        }
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let write = || -> io::Result<()> {
        let mut file = File::create_new(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(StoreError::io(path))
}

/// How what is being saved is called until it is whole. Only whoever holds the message makes such
/// names, so one that is there when saving begins is left by a client that was killed.
fn unfinished(stem: &str) -> String {
    format!(".receiving-{stem}-")
}

/// Takes away what a killed client left of this message. Where that fails it only stays.
fn remove_leftovers(folder: &Path, stem: &str) {
    let prefix = unfinished(stem);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(&prefix)) {
            let path = entry.path();
            let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
        }
    }
}

/// A folder beside the final one, with the permissions any folder of the user gets.
fn temporary_folder(parent: &Path, stem: &str) -> Result<tempfile::TempDir, StoreError> {
    let prefix = unfinished(stem);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    builder.tempdir_in(parent).map_err(StoreError::io(parent))
}

/// Gives the unpacked folder its name: the first of `stem`, `stem (2)` … that is free.
fn publish_folder(
    unpacked: tempfile::TempDir,
    folder: &Path,
    stem: &str,
) -> Result<PathBuf, StoreError> {
    for number in 1..10_000 {
        let path = folder.join(safe_name::numbered(stem, number));
        if path.symlink_metadata().is_ok() {
            // Saved by an earlier call that ended before it could note so.
            if same_folder(unpacked.path(), &path) {
                return Ok(path);
            }
            continue;
        }
        match fs::rename(unpacked.path(), &path) {
            Ok(()) => {
                // It has moved: nothing is left to clean up.
                let _ = unpacked.keep();
                return Ok(path);
            }
            Err(_) if path.symlink_metadata().is_ok() => {}
            Err(error) => return Err(StoreError::Io { path, error }),
        }
    }
    Err(StoreError::Io {
        path: folder.to_owned(),
        error: io::Error::from(io::ErrorKind::AlreadyExists),
    })
}

/// Whether both are files of the same content.
fn same_file(one: &Path, other: &Path) -> bool {
    let length =
        |path: &Path| fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|m| m.len());
    length(one).is_some()
        && length(one) == length(other)
        && digest_of(one).is_ok_and(|digest| digest_of(other).is_ok_and(|same| same == digest))
}

/// Whether `other` holds every file of `one` with the same content.
fn same_folder(one: &Path, other: &Path) -> bool {
    let Ok(mut entries) = fs::read_dir(one) else { return false };
    entries.all(|entry| {
        let Ok(entry) = entry else { return false };
        let there = other.join(entry.file_name());
        match entry.path() {
            path if path.is_dir() => same_folder(&path, &there),
            path => same_file(&path, &there),
        }
    })
}

/// Copies the ZIP to the first of `stem.zip`, `stem (2).zip` … that is free.
fn publish_copy(zip_path: &Path, folder: &Path, stem: &str) -> Result<PathBuf, StoreError> {
    let prefix = unfinished(stem);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let copy = || -> io::Result<tempfile::NamedTempFile> {
        let mut copy = builder.tempfile_in(folder)?;
        io::copy(&mut File::open(zip_path)?, &mut copy)?;
        copy.as_file().sync_all()?;
        Ok(copy)
    };
    let mut copy = copy().map_err(StoreError::io(folder))?;
    for number in 1..10_000 {
        let path = folder.join(safe_name::numbered(&format!("{stem}.zip"), number));
        match copy.persist_noclobber(&path) {
            Ok(_) => return Ok(path),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                copy = error.file;
                if same_file(copy.path(), &path) {
                    return Ok(path);
                }
            }
            Err(error) => return Err(StoreError::Io { path, error: error.error }),
        }
    }
    Err(StoreError::Io {
        path: folder.to_owned(),
        error: io::Error::from(io::ErrorKind::AlreadyExists),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_before_is_told_by_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for (name, bytes) in [("a", "12"), ("same", "12"), ("other", "13"), ("long", "123")] {
            fs::write(path(name), bytes).unwrap();
        }
        fs::create_dir_all(path("x/in")).unwrap();
        fs::create_dir_all(path("y/in")).unwrap();
        for (name, same) in [
            ("a", true),
            ("same", true),
            ("other", false),
            ("long", false),
            ("x", false),
            ("nowhere", false),
        ] {
            assert_eq!(same_file(&path("a"), &path(name)), same, "{name}");
        }
        assert!(!same_file(&path("nowhere"), &path("nowhere")));
        assert!(!same_file(&path("x"), &path("x")));

        fs::write(path("x/in/1"), "1").unwrap();
        assert!(!same_folder(&path("x"), &path("y")));
        fs::write(path("y/in/1"), "2").unwrap();
        assert!(!same_folder(&path("x"), &path("y")));
        fs::write(path("y/in/1"), "1").unwrap();
        fs::write(path("y/more"), "1").unwrap();
        assert!(same_folder(&path("x"), &path("y")));
        assert!(!same_folder(&path("y"), &path("x")), "a file is missing");
        assert!(!same_folder(&path("nowhere"), &path("x")));
    }

    #[test]
    fn a_copy_gets_the_first_free_name_or_is_there_already() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("zip"), "1").unwrap();
        let publish = || publish_copy(&path("zip"), folder.path(), "m").unwrap();
        assert_eq!(publish(), path("m.zip"));
        assert_eq!(publish(), path("m.zip"), "saved before");
        fs::write(path("zip"), "2").unwrap();
        assert_eq!(publish(), path("m (2).zip"));
        fs::create_dir(path("m (3).zip")).unwrap();
        fs::write(path("zip"), "3").unwrap();
        assert_eq!(publish(), path("m (4).zip"));
        assert_eq!(fs::read(path("m.zip")).unwrap(), b"1");
        let error = publish_copy(&path("nothing"), folder.path(), "m").unwrap_err();
        assert!(matches!(error, StoreError::Io { .. }));
        // Nothing unfinished stays.
        let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().flatten().collect();
        names.retain(|entry| entry.file_name().to_str().unwrap().starts_with('.'));
        assert!(names.is_empty(), "{names:?}");
    }

    #[test]
    fn an_unpacked_folder_gets_the_first_free_name_or_is_there_already() {
        let folder = tempfile::tempdir().unwrap();
        let publish = |content: &str| {
            let unpacked = temporary_folder(folder.path(), "m").unwrap();
            fs::write(unpacked.path().join("1"), content).unwrap();
            publish_folder(unpacked, folder.path(), "m").unwrap()
        };
        let path = |name: &str| folder.path().join(name);
        assert_eq!(publish("1"), path("m"));
        assert_eq!(publish("1"), path("m"), "saved before");
        assert_eq!(publish("2"), path("m (2)"));
        fs::write(path("m (3)"), "3").unwrap();
        assert_eq!(publish("3"), path("m (4)"));
        let mut all: Vec<_> = fs::read_dir(folder.path()).unwrap().flatten().collect();
        all.sort_by_key(fs::DirEntry::file_name);
        let all: Vec<_> =
            all.iter().map(|entry| entry.file_name().into_string().unwrap()).collect();
        assert_eq!(all, ["m", "m (2)", "m (3)", "m (4)"]);
    }

    #[test]
    fn no_two_files_are_saved_under_one_name() {
        let mut names = Names::default();
        let picked = ["a.csv", "A.CSV", "a.csv", "relay", "b.csv"].map(|name| names.pick(name));
        assert_eq!(picked, ["a.csv", "A (2).CSV", "a (3).csv", "relay (2)", "b.csv"]);
    }

    #[test]
    fn a_digest_is_of_the_whole_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let bytes = vec![b'a'; (64 << 10) + 1];
        fs::write(file.path(), &bytes).unwrap();
        assert_eq!(digest_of(file.path()).unwrap(), hex(&Sha256::digest(&bytes)));
        assert!(digest_of(&file.path().join("x")).is_err());
    }
}
