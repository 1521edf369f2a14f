//! The whole state as one engine-neutral archive: a ZIP with one JSON file for every table, and
//! every blob under its SHA-256.
//!
//! It holds the keys of the test authority, so that certificates still work after loading it, and
//! the clock, the switches, the scenario and its seed as settings.

use std::io::{Cursor, Read, Write};

use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::outcome::Failure;
use crate::random::sha256_hex;
use crate::store::State;
use crate::store::record::TableRow;
use crate::store::state::RowVisitor;

/// Version of the archive; another one is not read.
const VERSION: u32 = 1;
/// Bytes of an archive, at most: what any door takes.
pub const LARGEST_STATE: usize = 1 << 30;
/// What the archive is.
const FORMAT: &str = "careplan-testbed state";
const HEAD: &str = "state.json";
const BLOBS: &str = "blobs/";
/// No table of a mock grows beyond this; a damaged or hostile archive is not unpacked further.
const MAX_TABLE_BYTES: u64 = 1 << 30;

#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
    version: u32,
}

fn broken(error: impl std::fmt::Display) -> Failure {
    Failure::SavedState(error.to_string())
}

struct Writing {
    zip: ZipWriter<Cursor<Vec<u8>>>,
}

impl Writing {
    fn add(&mut self, name: &str, bytes: &[u8], method: CompressionMethod) -> Result<(), Failure> {
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::default());
        self.zip.start_file(name, options).map_err(broken)?;
        self.zip.write_all(bytes).map_err(broken)
    }
}

impl RowVisitor for Writing {
    type Error = Failure;

    fn rows<R: TableRow>(&mut self, rows: &mut Vec<R>) -> Result<(), Failure> {
        let json = serde_json::to_vec_pretty(rows).map_err(broken)?;
        self.add(&table_file(R::TABLE), &json, CompressionMethod::Deflated)
    }
}

fn table_file(table: &str) -> String {
    format!("tables/{table}.json")
}

/// Writes a state.
///
/// # Errors
/// It is too large for the format.
pub fn write(state: &mut State) -> Result<Vec<u8>, Failure> {
    let mut writing = Writing { zip: ZipWriter::new(Cursor::new(Vec::new())) };
    let head = Head { format: FORMAT.to_owned(), version: VERSION };
    let head = serde_json::to_vec(&head).map_err(broken)?;
    writing.add(HEAD, &head, CompressionMethod::Stored)?;
    state.visit(&mut writing)?;
    for (sha256, bytes) in &state.blobs {
        writing.add(&format!("{BLOBS}{sha256}"), bytes, CompressionMethod::Deflated)?;
    }
    Ok(writing.zip.finish().map_err(broken)?.into_inner())
}

struct Reading<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
}

impl Reading<'_> {
    fn file(&mut self, name: &str) -> Result<Vec<u8>, Failure> {
        let file = self.zip.by_name(name).map_err(|error| broken(format!("{name}: {error}")))?;
        read(file, MAX_TABLE_BYTES)
    }
}

fn read(file: impl Read, most: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 > most {
        return Err(broken("a part is too large"));
    }
    Ok(bytes)
}

impl RowVisitor for Reading<'_> {
    type Error = Failure;

    fn rows<R: TableRow>(&mut self, rows: &mut Vec<R>) -> Result<(), Failure> {
        let name = table_file(R::TABLE);
        *rows = serde_json::from_slice(&self.file(&name)?)
            .map_err(|error| broken(format!("{name}: {error}")))?;
        Ok(())
    }
}

/// Reads a state. Every blob must have the SHA-256 it is named by.
///
/// # Errors
/// [`Failure::SavedState`].
pub fn parse(archive: &[u8]) -> Result<State, Failure> {
    let zip = ZipArchive::new(Cursor::new(archive)).map_err(broken)?;
    let mut reading = Reading { zip };
    let head: Head = serde_json::from_slice(&reading.file(HEAD)?).map_err(broken)?;
    if head.format != FORMAT || head.version != VERSION {
        return Err(broken(format!("{} version {} is not read here", head.format, head.version)));
    }
    let mut state = State::default();
    state.visit(&mut reading)?;
    for index in 0..reading.zip.len() {
        let file = reading.zip.by_index(index).map_err(broken)?;
        let Some(sha256) = file.name().map_err(broken)?.strip_prefix(BLOBS).map(str::to_owned)
        else {
            continue;
        };
        let bytes = read(file, MAX_TABLE_BYTES)?;
        if sha256_hex(&bytes) != sha256 {
            return Err(broken(format!("the blob {sha256} is damaged")));
        }
        state.blobs.insert(sha256, bytes.into());
    }
    Ok(state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_is_unpacked_beyond_the_limit() {
        assert_eq!(read(b"abc".as_slice(), 3).expect("it fits"), b"abc");
        assert!(read(b"abcd".as_slice(), 3).is_err());
        assert!(read(std::io::repeat(0), 3).is_err());
    }

    #[test]
    fn a_damaged_archive_is_not_read() {
        let mut state = State::default();
        state.blobs.insert(sha256_hex(b"abc"), bytes::Bytes::from_static(b"abc"));
        let archive = write(&mut state).expect("it fits");
        assert_eq!(parse(&archive).expect("it was written here"), state);
        state.blobs.insert("00".repeat(32), bytes::Bytes::from_static(b"abc"));
        let damaged = write(&mut state).expect("it fits");
        assert!(matches!(parse(&damaged), Err(Failure::SavedState(_))));
        assert!(matches!(parse(b"PK"), Err(Failure::SavedState(_))));
    }
}
