//! Writing an archive, a row at a time.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::{Arc, Mutex};

use serde::Serialize;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{
    ALL_BLOBS, FORMAT, HEAD, Head, LARGEST_STATE, SavedState, io_error, private, table_file,
};
use crate::outcome::Failure;

/// An archive that is being written.
pub(crate) struct Writing {
    zip: ZipWriter<BufWriter<File>>,
    /// Bytes it may still hold, unpacked.
    left: u64,
    rows: usize,
}

fn failed(error: impl Into<std::io::Error>) -> Failure {
    Failure::Store(error.into().into())
}

impl Writing {
    /// An archive of this version, without tables.
    pub(crate) fn new(version: u32) -> Result<Self, Failure> {
        let zip = ZipWriter::new(BufWriter::new(private()?));
        let mut writing = Self { zip, left: LARGEST_STATE, rows: 0 };
        let head = Head { format: FORMAT.to_owned(), version };
        writing.begin(HEAD, CompressionMethod::Stored)?;
        writing.add(&serde_json::to_vec(&head).map_err(failed)?)?;
        Ok(writing)
    }

    fn begin(&mut self, name: &str, method: CompressionMethod) -> Result<(), Failure> {
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::default());
        self.zip.start_file(name, options).map_err(|error| failed(io_error(error)))
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(Failure::StateTooLarge)?;
        self.zip.write_all(bytes).map_err(failed)
    }

    /// Its rows follow.
    pub(crate) fn table(&mut self, table: &str) -> Result<(), Failure> {
        self.rows = 0;
        self.begin(&table_file(table), CompressionMethod::Deflated)?;
        self.add(b"[")
    }

    /// The next row.
    pub(crate) fn row(&mut self, row: &impl Serialize) -> Result<(), Failure> {
        self.add(if self.rows == 0 { b"\n" } else { b",\n" })?;
        self.rows += 1;
        self.add(&serde_json::to_vec(row).map_err(failed)?)
    }

    /// That was the last row.
    pub(crate) fn end_table(&mut self) -> Result<(), Failure> {
        self.add(b"\n]\n")
    }

    /// The blobs follow.
    pub(crate) fn blobs(&mut self) -> Result<(), Failure> {
        self.begin(ALL_BLOBS, CompressionMethod::Deflated)
    }

    /// The next blob.
    pub(crate) fn blob(&mut self, sha256: &str, bytes: &[u8]) -> Result<(), Failure> {
        self.add(sha256.as_bytes())?;
        self.add(&(bytes.len() as u64).to_le_bytes())?;
        self.add(bytes)
    }

    /// That was all.
    pub(crate) fn finish(self) -> Result<SavedState, Failure> {
        let file = self.zip.finish().map_err(|error| failed(io_error(error)))?;
        let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
        let length = file.metadata().map_err(failed)?.len();
        if length > LARGEST_STATE {
            return Err(Failure::StateTooLarge);
        }
        Ok(SavedState { file: Arc::new(Mutex::new(file)), length })
    }
}
