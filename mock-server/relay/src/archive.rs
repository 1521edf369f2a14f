//! The archive a receiver gets: the sender's files as they are, and what proves them.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::message::SentFile;
use crate::outcome::Failure;

/// Folder of what the sender did not send as a file.
pub const FOLDER: &str = "relay/";

/// Builds the archive: stored, every time the same bytes for the same message.
///
/// # Errors
/// The archive grows beyond what the format holds.
pub fn build(
    files: &[SentFile],
    manifest: &[u8],
    signature: Option<&[u8]>,
    text: Option<&str>,
) -> Result<Vec<u8>, Failure> {
    let broken = |error: zip::result::ZipError| Failure::Archive(error.to_string());
    let size: usize = files.iter().map(|file| file.bytes.len() + 2 * file.name.len() + 128).sum();
    let mut zip = ZipWriter::new(Cursor::new(Vec::with_capacity(size + manifest.len() + 4_096)));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut add = |name: &str, bytes: &[u8]| {
        zip.start_file(name, options).map_err(broken)?;
        zip.write_all(bytes).map_err(|error| Failure::Archive(error.to_string()))
    };
    for file in files {
        add(&file.name, &file.bytes)?;
    }
    add(&format!("{FOLDER}manifest.json"), manifest)?;
    if let Some(signature) = signature {
        add(&format!("{FOLDER}manifest.json.p7s"), signature)?;
    }
    if let Some(text) = text {
        add(&format!("{FOLDER}message.txt"), text.as_bytes())?;
    }
    Ok(zip.finish().map_err(broken)?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use bytes::Bytes;

    use super::*;

    #[test]
    fn the_same_message_gives_the_same_bytes() {
        let files =
            [SentFile { name: "連絡.txt".into(), bytes: Bytes::from_static(b"\x82\xa0") }];
        let one = build(&files, b"{}", Some(b"sig"), Some("よろしく")).expect("it fits");
        let two = build(&files, b"{}", Some(b"sig"), Some("よろしく")).expect("it fits");
        assert_eq!(one, two);
        let mut zip = zip::ZipArchive::new(Cursor::new(one)).expect("an archive");
        let names: Vec<_> =
            zip.file_names().map(|name| name.expect("UTF-8").into_owned()).collect();
        assert_eq!(
            names,
            ["連絡.txt", "relay/manifest.json", "relay/manifest.json.p7s", "relay/message.txt"]
        );
        let mut bytes = Vec::new();
        zip.by_name("連絡.txt").expect("the file").read_to_end(&mut bytes).expect("its bytes");
        assert_eq!(bytes, b"\x82\xa0");
    }
}
