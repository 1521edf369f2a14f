//! `relay/evidence.jsonl`: a line a message, appended and never rewritten.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use careplan_rehearsal::relay_evidence::{self, Direction, RelayEvidence};

use super::{RehearseError, io};

/// The file, open for appending.
#[derive(Debug)]
pub(super) struct Evidence {
    path: PathBuf,
    file: File,
    known: BTreeSet<(Direction, String)>,
}

impl Evidence {
    /// Opens it. A last line that a killed program left half written is taken off: the message is
    /// still in the relay's lists and is written again.
    pub(super) fn open(path: &Path) -> Result<Self, RehearseError> {
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(path)
            .map_err(io(path))?;
        let bytes = std::fs::read(path).map_err(io(path))?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (kept, rest) = bytes.split_at(whole);
        let rest = String::from_utf8_lossy(rest);
        // An editor may have taken the last line end away.
        let is_whole = !relay_evidence::read(&rest).0.is_empty();
        if is_whole {
            file.seek(SeekFrom::End(0)).map_err(io(path))?;
            file.write_all(b"\n").map_err(io(path))?;
        } else {
            file.set_len(whole as u64).map_err(io(path))?;
            file.seek(SeekFrom::End(0)).map_err(io(path))?;
        }
        let text = String::from_utf8_lossy(kept);
        let (lines, strays) = relay_evidence::read(&text);
        for stray in strays {
            tracing::warn!(line = stray.line, reason = stray.reason, "no evidence; left as it is");
        }
        let mut known: BTreeSet<_> =
            lines.into_iter().map(|line| (line.direction, line.message)).collect();
        known.extend(
            relay_evidence::read(&rest).0.into_iter().map(|line| (line.direction, line.message)),
        );
        Ok(Self { path: path.to_owned(), file, known })
    }

    /// Whether this is written down.
    pub(super) fn knows(&self, direction: Direction, message: &str) -> bool {
        self.known.contains(&(direction, message.to_owned()))
    }

    /// Writes it down; when it returns, the operating system has it on disk.
    pub(super) fn add(&mut self, evidence: &RelayEvidence) -> Result<(), RehearseError> {
        let line = format!("{}\n", evidence.line());
        self.file.write_all(line.as_bytes()).map_err(io(&self.path))?;
        self.file.sync_data().map_err(io(&self.path))?;
        self.known.insert((evidence.direction, evidence.message.clone()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use careplan_rehearsal::relay_evidence::SCHEMA;

    use super::*;

    fn evidence(message: &str) -> RelayEvidence {
        RelayEvidence {
            schema: SCHEMA.to_owned(),
            at: "2026-11-21T10:00:00+09:00".to_owned(),
            direction: Direction::Sent,
            item: None,
            office: "4779900013".to_owned(),
            partner: "4779000118".to_owned(),
            message: message.to_owned(),
            files: Vec::new(),
        }
    }

    #[test]
    fn a_line_cut_short_is_written_again_and_a_whole_one_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("evidence.jsonl");
        let mut first = Evidence::open(&path).unwrap();
        first.add(&evidence("1")).unwrap();
        first.add(&evidence("2")).unwrap();
        drop(first);
        let whole = std::fs::read_to_string(&path).unwrap();
        assert_eq!(whole.lines().count(), 2);

        // Killed in the middle of a line.
        std::fs::write(&path, &whole[..whole.len() - 20]).unwrap();
        let mut again = Evidence::open(&path).unwrap();
        assert!(again.knows(Direction::Sent, "1") && !again.knows(Direction::Sent, "2"));
        again.add(&evidence("2")).unwrap();
        drop(again);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);

        // Without its line end.
        std::fs::write(&path, whole.trim_end()).unwrap();
        let mut again = Evidence::open(&path).unwrap();
        assert!(again.knows(Direction::Sent, "2"));
        assert!(!again.knows(Direction::Fetched, "2"));
        again.add(&evidence("3")).unwrap();
        let (lines, strays) = relay_evidence::read(&std::fs::read_to_string(&path).unwrap());
        assert_eq!((lines.len(), strays.len()), (3, 0));
    }
}
