//! The whole state as one engine-neutral archive: a ZIP with one JSON file for every table, a row a
//! line, and one file with every blob.
//!
//! It holds the keys of the test authority, so that certificates still work after loading it, and
//! the clock, the switches, the scenario and its seed as settings. Its version is that of the
//! schema its rows were written under: older ones are read, see [`crate::store`].
//!
//! Nothing here is ever in memory as a whole. An archive is a file without a name that only this
//! process can read, and goes with the last value that stands for it.

mod reading;
mod writing;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use zip::result::ZipError;

use crate::background::in_background;
use crate::outcome::Failure;

pub(crate) use reading::Reading;
pub(crate) use writing::Writing;

/// Bytes of an archive, at most, and of everything in it unpacked: what any door takes.
pub const LARGEST_STATE: u64 = 1 << 30;
/// Bytes of one row, at most: nothing larger is ever in memory.
const LARGEST_ROW: u64 = 16 << 20;
/// Bytes of one blob, at most: a message as large as any switch allows, and a package.
const LARGEST_BLOB: u64 = 256 << 20;
/// Files of an archive, at most: the first version had one for every blob.
const MOST_PARTS: u64 = 200_000;
/// Bytes of the directory of an archive, at most.
const LARGEST_DIRECTORY: u64 = 32 << 20;

/// What the archive is.
const FORMAT: &str = "careplan-testbed state";
const HEAD: &str = "state.json";
/// Every blob: its SHA-256, its length as eight bytes (the lowest first), its bytes.
const ALL_BLOBS: &str = "blobs";
/// Before every blob's name in the first version.
const BLOBS: &str = "blobs/";

/// Bytes that are moved at once.
const PIECE: usize = 256 * 1024;

#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
    version: u32,
}

fn broken(error: impl std::fmt::Display) -> Failure {
    Failure::SavedState(error.to_string())
}

/// What a part of an archive ran into, if the system said so.
fn io_error(error: ZipError) -> io::Error {
    match error {
        ZipError::Io(error) => error,
        error => error.into(),
    }
}

fn table_file(table: &str) -> String {
    format!("tables/{table}.json")
}

/// A saved state. Clones are the same file.
#[derive(Debug, Clone)]
pub struct SavedState {
    file: Arc<Mutex<File>>,
    length: u64,
}

impl SavedState {
    /// A saved state of these bytes.
    ///
    /// # Errors
    /// It is too large; there is no room for it.
    pub async fn of(bytes: &[u8]) -> Result<Self, Failure> {
        let mut arriving = Arriving::new()?;
        arriving.push(bytes).await?;
        arriving.finish().await
    }

    /// How many bytes it has.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Its bytes from here on, as many as are moved at once; none at its end.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn piece(&self, at: u64) -> io::Result<Bytes> {
        let mut place = self.place(at);
        let read = move || {
            let mut piece = Vec::with_capacity(PIECE);
            place.by_ref().take(PIECE as u64).read_to_end(&mut piece).map(|_| piece.into())
        };
        in_background(read).await.map_err(io::Error::other)?
    }

    /// All its bytes.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn bytes(&self) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        loop {
            let piece = self.piece(all.len() as u64).await?;
            if piece.is_empty() {
                return Ok(all);
            }
            all.extend_from_slice(&piece);
        }
    }

    fn place(&self, at: u64) -> Place {
        Place { file: Arc::clone(&self.file), length: self.length, at, fault: Arc::default() }
    }
}

/// A place in the file, of its own.
struct Place {
    file: Arc<Mutex<File>>,
    length: u64,
    at: u64,
    fault: Fault,
}

/// Why a file could not be read, if it could not: whoever unpacks it cannot tell that from an
/// archive that is damaged.
type Fault = Arc<Mutex<Option<String>>>;

impl Read for Place {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // A place behind its end has nothing; no system is asked for one that cannot be.
        if self.at >= self.length {
            return Ok(0);
        }
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let read = file.seek(SeekFrom::Start(self.at)).and_then(|_| file.read(buffer));
        match &read {
            Ok(count) => self.at += *count as u64,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
                *fault = Some(format!("a saved state cannot be read back: {error}"));
            }
        }
        read
    }
}

impl Seek for Place {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// A saved state that is still coming in.
#[derive(Debug)]
pub struct Arriving {
    file: Option<File>,
    length: u64,
    waiting: Vec<u8>,
}

impl Arriving {
    /// Nothing has come yet.
    ///
    /// # Errors
    /// No file can be made.
    pub fn new() -> Result<Self, Failure> {
        Ok(Self { file: Some(private()?), length: 0, waiting: Vec::new() })
    }

    /// The next bytes.
    ///
    /// # Errors
    /// [`Failure::StateTooLarge`]; there is no room for it.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.length += bytes.len() as u64;
        if self.length > LARGEST_STATE {
            return Err(Failure::StateTooLarge);
        }
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= PIECE { self.write().await } else { Ok(()) }
    }

    /// That was all.
    ///
    /// # Errors
    /// There is no room for it.
    pub async fn finish(mut self) -> Result<SavedState, Failure> {
        self.write().await?;
        let file = self.file.take().ok_or_else(lost)?;
        Ok(SavedState { file: Arc::new(Mutex::new(file)), length: self.length })
    }

    async fn write(&mut self) -> Result<(), Failure> {
        let waiting = std::mem::take(&mut self.waiting);
        let mut file = self.file.take().ok_or_else(lost)?;
        let (file, written) = in_background(move || {
            let written = file.write_all(&waiting);
            (file, written)
        })
        .await?;
        self.file = Some(file);
        written.map_err(no_room)
    }
}

/// A file without a name, for this process only.
fn private() -> Result<File, Failure> {
    tempfile::tempfile().map_err(no_room)
}

fn no_room(error: io::Error) -> Failure {
    Failure::Store(error.into())
}

fn lost() -> Failure {
    Failure::Task("a saved state was not written to its end".to_owned())
}
