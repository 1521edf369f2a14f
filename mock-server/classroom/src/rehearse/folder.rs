//! The rehearsal folder: what the plan and the kit say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use careplan_fixtures::region::Party;
use careplan_relay::{private, sha256_hex};
use careplan_spec::file_name::{self, Reading};
use careplan_spec::office_number::OfficeNumber;
use serde::Deserialize;

use super::{RehearseError, io};

/// What the folder's plan must say of itself.
const SCHEMA: &str = "careplan-testbed/rehearsal/1";

/// The most bytes of a kit's file; far beyond what a kit holds.
const LARGEST_FILE: u64 = 64 << 20;

/// What is read of `rehearsal.toml`; the rest is for the judge.
#[derive(Debug, Deserialize)]
struct Plan {
    schema: String,
    offices: Vec<String>,
}

/// Why a folder is no rehearsal folder.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is no plan in it.
    #[error(
        "{0}: rehearsal.toml がありません。先に careplan-conformance rehearse init を実行してください / no rehearsal.toml; run careplan-conformance rehearse init first ({1})"
    )]
    NoPlan(PathBuf, std::io::Error),
    /// The plan cannot be read.
    #[error("rehearsal.toml: {0}")]
    Plan(String),
    /// A folder of the kit or the exports cannot be read.
    #[error("{0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
}

/// One message of the kit.
#[derive(Debug, Clone)]
pub(super) struct KitMessage {
    /// The item it belongs to.
    pub(super) item: String,
    /// Who sends it.
    pub(super) from: String,
    /// Who receives it.
    pub(super) to: String,
    /// Names and bytes.
    pub(super) files: Vec<(String, Bytes)>,
}

impl KitMessage {
    /// Names and hashes: what a message of the relay is recognised by.
    pub(super) fn mark(&self) -> BTreeSet<(String, String)> {
        self.files.iter().map(|(name, bytes)| (name.clone(), sha256_hex(bytes))).collect()
    }
}

/// A rehearsal folder.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
    /// The vendor's test offices, a service kind each.
    pub offices: Vec<Party>,
    messages: Vec<KitMessage>,
}

impl Folder {
    /// Reads the plan and the kit.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn open(root: &Path) -> Result<Self, FolderError> {
        let path = root.join("rehearsal.toml");
        let text = std::fs::read_to_string(&path)
            .map_err(|error| FolderError::NoPlan(root.to_owned(), error))?;
        let plan: Plan =
            toml::from_str(&text).map_err(|error| FolderError::Plan(error.to_string()))?;
        if plan.schema != SCHEMA {
            return Err(FolderError::Plan(format!("schema {:?}, not {SCHEMA}", plan.schema)));
        }
        let offices = plan.offices.iter().map(|text| {
            Party::parse(text).ok_or_else(|| {
                FolderError::Plan(format!("offices: {text:?} is no NUMBER/KIND (4770900111/43)"))
            })
        });
        let offices: Vec<Party> = offices.collect::<Result<_, _>>()?;
        let messages = read_kit(&root.join("kit"))?;
        Ok(Self { root: root.to_owned(), offices, messages })
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Numbers of the vendor's test offices, each once.
    pub fn numbers(&self) -> BTreeSet<OfficeNumber> {
        self.offices.iter().map(|party| party.office()).collect()
    }

    /// Where the relay keeps its state.
    pub fn state(&self) -> PathBuf {
        self.root.join("relay").join("state")
    }

    /// Where the vendor finds certificates.
    pub(super) fn certificates(&self) -> PathBuf {
        self.root.join("relay").join("certificates")
    }

    /// The certificate of the authority, PEM.
    pub(super) fn ca(&self) -> PathBuf {
        self.certificates().join("ca.pem")
    }

    /// What the partner fetched.
    pub(super) fn received(&self) -> PathBuf {
        self.root.join("relay").join("received")
    }

    /// Where messages are written down.
    pub(super) fn evidence(&self) -> PathBuf {
        self.root.join("relay").join("evidence.jsonl")
    }

    /// The messages of the kit, item by item.
    pub(super) fn messages(&self) -> &[KitMessage] {
        &self.messages
    }

    /// The folder can be committed: state, keys and what the partner fetched are not.
    pub(super) fn keep_out_of_version_control(&self) -> Result<(), RehearseError> {
        let relay = self.root.join("relay");
        private::create_dir_all(&relay).map_err(io(&relay))?;
        let path = relay.join(".gitignore");
        if path.exists() {
            return Ok(());
        }
        std::fs::write(&path, "/certificates/\n/received/\n/state/\n").map_err(io(&path))
    }

    /// The item of every file handed in (`exports/<item>/`), by name and hash, as it lies there
    /// now.
    pub(super) fn exports(&self) -> BTreeMap<(String, String), String> {
        let mut known = BTreeMap::new();
        let exports = self.root.join("exports");
        for (item, folder) in folders(&exports).unwrap_or_default() {
            for (name, bytes) in files_below(&folder).unwrap_or_default() {
                known.entry((name, sha256_hex(&bytes))).or_insert_with(|| item.clone());
            }
        }
        known
    }
}

/// The messages of `kit/<item>/csv` or, where there are several to be sent one after the other, of
/// `kit/<item>/csv/<number>`.
fn read_kit(kit: &Path) -> Result<Vec<KitMessage>, FolderError> {
    let mut messages = Vec::new();
    for (item, folder) in folders(kit)? {
        let csv = folder.join("csv");
        let mut parts = vec![csv.clone()];
        let mut numbered: Vec<(u32, PathBuf)> = folders(&csv)?
            .into_iter()
            .filter_map(|(name, path)| Some((name.parse().ok()?, path)))
            .collect();
        numbered.sort();
        parts.extend(numbered.into_iter().map(|(_, path)| path));
        for part in parts {
            // A part may hold units for several offices: one message has one destination.
            let mut by_parties: BTreeMap<(String, String), Vec<(String, Bytes)>> = BTreeMap::new();
            for (name, bytes) in files_in(&part)? {
                if let Reading::Standard { name: read, .. } = file_name::read(&name) {
                    let parties =
                        (read.sender.office().to_owned(), read.receiver.office().to_owned());
                    by_parties.entry(parties).or_default().push((name, bytes));
                }
            }
            messages.extend(by_parties.into_iter().map(|((from, to), files)| KitMessage {
                item: item.clone(),
                from,
                to,
                files,
            }));
        }
    }
    Ok(messages)
}

/// The folders in a folder, by name; none where there is no such folder.
fn folders(at: &Path) -> Result<BTreeMap<String, PathBuf>, FolderError> {
    let mut found = BTreeMap::new();
    for entry in entries(at)? {
        if entry.is_dir()
            && let Some(name) = entry.file_name().and_then(|name| name.to_str())
        {
            found.insert(name.to_owned(), entry.clone());
        }
    }
    Ok(found)
}

/// The files in a folder, by name.
fn files_in(at: &Path) -> Result<Vec<(String, Bytes)>, FolderError> {
    let mut found = Vec::new();
    for path in entries(at)? {
        let unreadable = |error| FolderError::Unreadable(path.clone(), error);
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let facts = std::fs::metadata(&path).map_err(unreadable)?;
        if facts.is_file() && facts.len() <= LARGEST_FILE {
            found.push((name.to_owned(), std::fs::read(&path).map_err(unreadable)?.into()));
        }
    }
    Ok(found)
}

/// The files in a folder and in the folders in it.
fn files_below(at: &Path) -> Result<Vec<(String, Bytes)>, FolderError> {
    let mut found = files_in(at)?;
    for folder in folders(at)?.values() {
        found.extend(files_below(folder)?);
    }
    Ok(found)
}

fn entries(at: &Path) -> Result<Vec<PathBuf>, FolderError> {
    let unreadable = |error| FolderError::Unreadable(at.to_owned(), error);
    let entries = match std::fs::read_dir(at) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(unreadable)?;
    paths.sort();
    Ok(paths)
}
