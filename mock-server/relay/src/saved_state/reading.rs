//! Reading an archive, within limits, a row at a time.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::{Arc, PoisonError};

use serde::de::{DeserializeSeed, Error as _, SeqAccess, Visitor};
use serde_json::{Map, Value};
use zip::ZipArchive;
use zip::result::ZipError;

use super::{
    ALL_BLOBS, BLOBS, FORMAT, Fault, HEAD, Head, LARGEST_BLOB, LARGEST_DIRECTORY, LARGEST_ROW,
    LARGEST_STATE, MOST_PARTS, Place, SavedState, broken, table_file,
};
use crate::outcome::Failure;
use crate::random::sha256_hex;
use crate::store::StoreError;

/// An archive that is being read.
pub(crate) struct Reading {
    zip: ZipArchive<BufReader<Place>>,
    version: u32,
    /// Bytes that may still be unpacked.
    left: Cell<u64>,
    fault: Fault,
}

/// A part as it is unpacked: no more than is left of the archive, nor of a row.
struct Metered<'l, R> {
    inner: R,
    left: &'l Cell<u64>,
    /// Bytes since the last row.
    row: &'l Cell<u64>,
    largest: u64,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let left = self.left.get().checked_sub(count as u64);
        self.left.set(left.ok_or_else(|| io::Error::other(too_large()))?);
        self.row.set(self.row.get() + count as u64);
        if self.row.get() > self.largest {
            return Err(io::Error::other(format!("a row has more than {} bytes", self.largest)));
        }
        Ok(count)
    }
}

fn too_large() -> String {
    format!("unpacked it has more than {LARGEST_STATE} bytes")
}

impl Reading {
    /// Opens an archive, after a look at its directory: nothing is unpacked before it is known to
    /// be small enough. `newest` is the newest version that is read.
    pub(crate) fn open(saved: &SavedState, newest: u32) -> Result<Self, Failure> {
        let mut place = saved.place(0);
        let fault = Arc::clone(&place.fault);
        let opened = look_at_directory(&mut place, saved.length()).and_then(|()| {
            place.at = 0;
            Self::open_at(place, newest)
        });
        opened.map_err(|failure| blamed(&fault, failure))
    }

    fn open_at(place: Place, newest: u32) -> Result<Self, Failure> {
        let fault = Arc::clone(&place.fault);
        let zip = ZipArchive::new(BufReader::new(place)).map_err(broken)?;
        if zip.len() as u64 > MOST_PARTS {
            return Err(broken(format!("it has more than {MOST_PARTS} files")));
        }
        if zip.decompressed_size().is_none_or(|size| size > u128::from(LARGEST_STATE)) {
            return Err(broken(too_large()));
        }
        let mut reading = Self { zip, version: 0, left: Cell::new(LARGEST_STATE), fault };
        let mut head = Vec::new();
        let part = reading.zip.by_name(HEAD).map_err(|error| broken(format!("{HEAD}: {error}")))?;
        part.take(4096).read_to_end(&mut head).map_err(broken)?;
        let head: Head =
            serde_json::from_slice(&head).map_err(|error| broken(format!("{HEAD}: {error}")))?;
        if head.format != FORMAT || head.version == 0 {
            return Err(broken(format!("{HEAD}: {} is not read here", head.format)));
        }
        if head.version > newest {
            return Err(broken(format!(
                "it was written by a newer version of the program ({}; this one reads up to {newest})",
                head.version
            )));
        }
        reading.version = head.version;
        Ok(reading)
    }

    /// What reading it ran into, or the disk under it.
    pub(crate) fn blamed(&self, failure: Failure) -> Failure {
        blamed(&self.fault, failure)
    }

    /// The version of the schema it was written under.
    pub(crate) const fn version(&self) -> u32 {
        self.version
    }

    /// What is in it that none of these tables is.
    pub(crate) fn strangers(&self, tables: &[&str]) -> Vec<String> {
        let known: Vec<String> = tables.iter().map(|table| table_file(table)).collect();
        let is_known = |name: &str| {
            name == HEAD
                || name == ALL_BLOBS
                || name.starts_with(BLOBS)
                || known.iter().any(|known| known == name)
        };
        let names = self.zip.file_names().filter_map(Result::ok);
        names.filter(|name| !is_known(name)).map(std::borrow::Cow::into_owned).collect()
    }

    /// Hands out every row of a table with its number, from 1; false where there is no such table.
    pub(crate) fn rows(
        &mut self,
        table: &str,
        mut each: impl FnMut(u64, Map<String, Value>) -> Result<(), Failure>,
    ) -> Result<bool, Failure> {
        let name = table_file(table);
        let part = match self.zip.by_name(&name) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(false),
            Err(error) => return Err(broken(format!("{name}: {error}"))),
        };
        let row = Cell::new(0);
        let metered = Metered { inner: part, left: &self.left, row: &row, largest: LARGEST_ROW };
        let mut json = serde_json::Deserializer::from_reader(BufReader::new(metered));
        let mut failure = None;
        let rows = Rows { each: &mut each, row: &row, failure: &mut failure };
        let read = rows.deserialize(&mut json).and_then(|()| json.end());
        match (failure, read) {
            (Some(failure), _) => Err(failure),
            (None, Err(error)) => Err(broken(format!("{name}: {error}"))),
            (None, Ok(())) => Ok(true),
        }
    }

    /// Hands out every blob, which has the SHA-256 it is named by.
    pub(crate) fn blobs(
        &mut self,
        mut each: impl FnMut(&str, Vec<u8>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut checked = |sha256: &str, bytes: Vec<u8>| {
            if sha256_hex(&bytes) == sha256 {
                each(sha256, bytes)
            } else {
                Err(broken(format!("the blob {sha256} is damaged")))
            }
        };
        let row = Cell::new(0);
        for index in 0..self.zip.len() {
            let part = self.zip.by_index(index).map_err(broken)?;
            let name = part.name().map_err(broken)?.into_owned();
            let mut metered =
                Metered { inner: part, left: &self.left, row: &row, largest: u64::MAX };
            if let Some(sha256) = name.strip_prefix(BLOBS) {
                row.set(0);
                metered.largest = LARGEST_BLOB;
                let mut bytes = Vec::new();
                metered.read_to_end(&mut bytes).map_err(|why| broken(format!("{name}: {why}")))?;
                checked(sha256, bytes)?;
            } else if name == ALL_BLOBS {
                let mut part = BufReader::new(metered);
                while let Some((sha256, bytes)) = next_blob(&mut part)? {
                    checked(&sha256, bytes)?;
                }
            }
        }
        Ok(())
    }
}

fn blamed(fault: &Fault, failure: Failure) -> Failure {
    match fault.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(why) => Failure::Store(StoreError::Engine(why)),
        None => failure,
    }
}

/// The next blob of the file that holds them all.
fn next_blob(part: &mut impl Read) -> Result<Option<(String, Vec<u8>)>, Failure> {
    let wrong = |why: &dyn fmt::Display| broken(format!("{ALL_BLOBS}: {why}"));
    let mut name = Vec::new();
    part.take(64).read_to_end(&mut name).map_err(|error| wrong(&error))?;
    if name.is_empty() {
        return Ok(None);
    }
    let mut length = [0; 8];
    part.read_exact(&mut length).map_err(|error| wrong(&error))?;
    let length = u64::from_le_bytes(length);
    if length > LARGEST_BLOB {
        return Err(wrong(&format!("a blob has more than {LARGEST_BLOB} bytes")));
    }
    let mut bytes = Vec::new();
    part.take(length).read_to_end(&mut bytes).map_err(|error| wrong(&error))?;
    if bytes.len() as u64 != length {
        return Err(wrong(&"it ends within a blob"));
    }
    let name = String::from_utf8(name).map_err(|error| wrong(&error))?;
    Ok(Some((name, bytes)))
}

/// A table, row by row.
struct Rows<'r, F> {
    each: &'r mut F,
    row: &'r Cell<u64>,
    /// What handing out a row ran into.
    failure: &'r mut Option<Failure>,
}

impl<'de, F> DeserializeSeed<'de> for Rows<'_, F>
where
    F: FnMut(u64, Map<String, Value>) -> Result<(), Failure>,
{
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de, F> Visitor<'de> for Rows<'_, F>
where
    F: FnMut(u64, Map<String, Value>) -> Result<(), Failure>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some(row) = rows.next_element::<Map<String, Value>>()? {
            number += 1;
            self.row.set(0);
            if let Err(failure) = (self.each)(number, row) {
                *self.failure = Some(failure);
                return Err(A::Error::custom("not taken"));
            }
        }
        Ok(())
    }
}

const END: &[u8; 4] = b"PK\x05\x06";
const END_64: &[u8; 4] = b"PK\x06\x06";
const LOCATOR_64: &[u8; 4] = b"PK\x06\x07";
const END_LENGTH: u64 = 22;
const LOCATOR_LENGTH: u64 = 20;

/// Refuses an archive whose directory is larger than that of any state, before it is read. What is
/// written here ends with its end record.
fn look_at_directory(file: &mut (impl Read + Seek), length: u64) -> Result<(), Failure> {
    let no_zip = || broken("it is no ZIP file that was saved here");
    if length > LARGEST_STATE {
        return Err(Failure::StateTooLarge);
    }
    let mut at = |place: u64, bytes: &mut [u8]| {
        file.seek(SeekFrom::Start(place))?;
        file.read_exact(bytes)
    };
    let end_at = length.checked_sub(END_LENGTH).ok_or_else(no_zip)?;
    let mut end = [0; END_LENGTH as usize];
    at(end_at, &mut end).map_err(broken)?;
    if !end.starts_with(END) {
        return Err(no_zip());
    }
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |sum, b| sum << 8 | u64::from(*b));
    let (mut count, mut size) = (number(&end[10..12]), number(&end[12..16]));
    if count == 0xFFFF || size == 0xFFFF_FFFF {
        let mut locator = [0; LOCATOR_LENGTH as usize];
        let place = end_at.checked_sub(LOCATOR_LENGTH).ok_or_else(no_zip)?;
        at(place, &mut locator).map_err(broken)?;
        if locator.starts_with(LOCATOR_64) {
            let mut end = [0; 56];
            at(number(&locator[8..16]), &mut end).map_err(broken)?;
            if !end.starts_with(END_64) {
                return Err(no_zip());
            }
            (count, size) = (number(&end[32..40]), number(&end[40..48]));
        }
    }
    if count > MOST_PARTS || size > LARGEST_DIRECTORY {
        return Err(broken(format!("it has more than {MOST_PARTS} files")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::saved_state::Writing;

    async fn opened(bytes: &[u8]) -> Result<Reading, Failure> {
        Reading::open(&SavedState::of(bytes).await.expect("there is room"), 9)
    }

    fn why<T>(result: Result<T, Failure>) -> String {
        result.err().map(|failure| failure.to_string()).unwrap_or_default()
    }

    fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn head(version: u32) -> Vec<u8> {
        format!(r#"{{"format":"{FORMAT}","version":{version}}}"#).into_bytes()
    }

    #[tokio::test]
    async fn rows_and_blobs_come_as_they_went() {
        let mut writing = Writing::new(3).unwrap();
        writing.table("empty").unwrap();
        writing.end_table().unwrap();
        writing.table("some").unwrap();
        for number in 1..=3 {
            writing.row(&serde_json::json!({ "n": number })).unwrap();
        }
        writing.end_table().unwrap();
        writing.blobs().unwrap();
        for bytes in [b"".as_slice(), b"abc"] {
            writing.blob(&sha256_hex(bytes), bytes).unwrap();
        }
        let saved = writing.finish().unwrap();
        let mut reading = Reading::open(&saved, 3).unwrap();
        assert_eq!(reading.version(), 3);
        assert_eq!(reading.strangers(&["empty"]), ["tables/some.json"]);
        assert!(!reading.rows("other", |_, _| panic!("there is none")).unwrap());
        assert!(reading.rows("empty", |_, _| panic!("there is none")).unwrap());
        let mut seen = Vec::new();
        let each = |number, row: Map<String, Value>| {
            seen.push((number, row["n"].as_u64()));
            Ok(())
        };
        assert!(reading.rows("some", each).unwrap());
        assert_eq!(seen, [(1, Some(1)), (2, Some(2)), (3, Some(3))]);
        let mut seen = Vec::new();
        reading
            .blobs(|_, bytes| {
                seen.push(bytes);
                Ok(())
            })
            .unwrap();
        assert_eq!(seen, [b"".to_vec(), b"abc".to_vec()]);
        assert!(why(Reading::open(&saved, 2)).contains("newer version of the program (3; this"));
    }

    #[tokio::test]
    async fn what_is_no_saved_state_is_not_read() {
        assert!(why(opened(b"PK").await).contains("no ZIP file"));
        assert!(why(opened(&[0; 22]).await).contains("no ZIP file"));
        assert!(why(opened(&zip_of(&[("x", b"")])).await).contains("state.json"));
        assert!(why(opened(&zip_of(&[(HEAD, b"{}")])).await).contains("state.json: missing"));
        let zip = zip_of(&[(HEAD, &head(1)), ("blobs/00", b"abc"), ("tables/t.json", b"[{}, 1]")]);
        let mut reading = opened(&zip).await.unwrap();
        assert!(why(reading.blobs(|_, _| Ok(()))).contains("the blob 00 is damaged"));
        assert!(why(reading.rows("t", |_, _| Ok(()))).contains("tables/t.json: invalid type"));
        let mut short = zip_of(&[(HEAD, &head(1)), (ALL_BLOBS, &[b'0'; 70])]);
        let mut reading = opened(&short).await.unwrap();
        assert!(why(reading.blobs(|_, _| Ok(()))).contains("blobs: failed to fill"));
        short.push(0);
        assert!(why(opened(&short).await).contains("no ZIP file"), "it ends with its end record");
    }

    #[tokio::test]
    async fn a_disk_that_cannot_be_read_is_not_the_archives_fault() {
        // A folder opens like a file, and no byte of it can be read.
        let file = std::fs::File::open(std::env::temp_dir()).unwrap();
        let saved = SavedState { file: Arc::new(std::sync::Mutex::new(file)), length: 100 };
        let failure = Reading::open(&saved, 9).err().unwrap();
        assert!(
            matches!(&failure, Failure::Store(StoreError::Engine(why)) if why.contains("cannot be read back")),
            "{failure}"
        );
        // A place that no file has is the archive's own.
        let mut saved = saved.place(u64::MAX);
        assert_eq!(saved.read(&mut [0; 8]).unwrap(), 0);
    }

    #[tokio::test]
    async fn a_directory_is_looked_at_before_it_is_read() {
        let mut end = [0_u8; 22];
        end[..4].copy_from_slice(END);
        for (size, fits) in [(LARGEST_DIRECTORY, true), (LARGEST_DIRECTORY + 1, false)] {
            end[12..16].copy_from_slice(&u32::try_from(size).unwrap().to_le_bytes());
            let looked = look_at_directory(&mut Cursor::new(end), 22);
            assert_eq!(looked.is_ok(), fits, "{size}");
        }
        let mut large = vec![0_u8; 56 + 20 + 22];
        large[..4].copy_from_slice(END_64);
        large[56..60].copy_from_slice(LOCATOR_64);
        large[76..80].copy_from_slice(END);
        large[86..88].copy_from_slice(&[0xFF; 2]);
        for (count, fits) in [(MOST_PARTS, true), (MOST_PARTS + 1, false)] {
            large[32..40].copy_from_slice(&count.to_le_bytes());
            let looked = look_at_directory(&mut Cursor::new(&large), 98);
            assert_eq!(looked.is_ok(), fits, "{count}");
        }
        assert!(look_at_directory(&mut Cursor::new(end), LARGEST_STATE + 1).is_err());
    }

    #[tokio::test]
    async fn nothing_is_unpacked_beyond_its_limit() {
        let zeros = |count: u64| {
            let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
            zip.start_file(HEAD, SimpleFileOptions::default()).unwrap();
            zip.write_all(&head(1)).unwrap();
            zip.start_file("tables/t.json", SimpleFileOptions::default()).unwrap();
            io::copy(&mut io::repeat(b' ').take(count), &mut zip).unwrap();
            zip.write_all(b"[]").unwrap();
            zip.finish().unwrap().into_inner()
        };
        let mut reading = opened(&zeros(LARGEST_ROW - 2)).await.unwrap();
        assert!(reading.rows("t", |_, _| Ok(())).unwrap());
        let mut reading = opened(&zeros(LARGEST_ROW)).await.unwrap();
        assert!(why(reading.rows("t", |_, _| Ok(()))).contains("a row has more than 16777216"));
        let mut zip = zip_of(&[(HEAD, &head(1)), ("tables/t.json", b"[]")]);
        let last = zip.windows(4).rposition(|found| found == b"PK\x01\x02").unwrap();
        for (beyond, fits) in [(0, true), (1, false)] {
            let claimed = LARGEST_STATE - head(1).len() as u64 + beyond;
            zip[last + 24..last + 28]
                .copy_from_slice(&u32::try_from(claimed).unwrap().to_le_bytes());
            let said = why(opened(&zip).await);
            assert_eq!(said.contains("unpacked it has more than"), !fits, "{said}");
            assert_eq!(said.is_empty(), fits, "{said}");
        }
        // A directory that lies about sizes does not help.
        let mut reading = opened(&zeros(1000)).await.unwrap();
        reading.left.set(1001);
        assert!(why(reading.rows("t", |_, _| Ok(()))).contains("unpacked it has more than"));
    }
}
