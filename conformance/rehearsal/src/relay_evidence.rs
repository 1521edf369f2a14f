//! What a relay writes down about files it carried, so that a rehearsal can prove that they were
//! really sent and fetched: one JSON object a line (JSON Lines, UTF-8).
//!
//! ```
//! use careplan_rehearsal::relay_evidence::{self, Direction};
//!
//! let line = r#"{"schema":"careplan-testbed/relay-evidence/1","at":"2026-11-21T10:00:00+09:00",
//! "direction":"sent","item":null,"office":"4770900118","partner":"4770900129","message":"m-1",
//! "files":[{"name":"UPJSK.CSV","sha256":"00","bytes":1}]}"#.replace('\n', "");
//! let (evidence, strays) = relay_evidence::read(&line);
//! assert_eq!(evidence[0].direction, Direction::Sent);
//! assert!(strays.is_empty());
//! ```

use serde::{Deserialize, Serialize};

/// The value of [`RelayEvidence::schema`]. It changes when a reader would have to.
pub const SCHEMA: &str = "careplan-testbed/relay-evidence/1";

/// Which way the office under test moved the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The office sent them, and the relay took them.
    Sent,
    /// The office fetched them from the relay.
    Fetched,
}

/// One message that a relay carried for an office: a line of `relay/evidence.jsonl`.
///
/// Readers ignore members they do not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayEvidence {
    /// [`SCHEMA`].
    pub schema: String,
    /// When, RFC 3339.
    pub at: String,
    /// Which way.
    pub direction: Direction,
    /// The test item the message was meant for (`D2-W-01`), where the relay knows it.
    pub item: Option<String>,
    /// Office number of the office under test, ten characters.
    pub office: String,
    /// Office number of the other side, ten characters.
    pub partner: String,
    /// The relay's identifier of the message.
    pub message: String,
    /// Every file of the message.
    pub files: Vec<EvidenceFile>,
}

/// A file that was carried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceFile {
    /// File name without folders.
    pub name: String,
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
}

impl RelayEvidence {
    /// The line, without its line end.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A line that is no evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// 1-based line number.
    pub line: usize,
    /// What is wrong, as the JSON reader says it.
    pub reason: String,
}

/// Reads lines; empty ones are skipped, and those that are no evidence are named.
pub fn read(text: &str) -> (Vec<RelayEvidence>, Vec<Stray>) {
    let mut evidence = Vec::new();
    let mut strays = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_start_matches('\u{FEFF}').trim();
        if line.is_empty() {
            continue;
        }
        let stray = |reason: String| Stray { line: at + 1, reason };
        match serde_json::from_str::<RelayEvidence>(line) {
            Ok(known) if known.schema == SCHEMA => evidence.push(known),
            Ok(other) => strays.push(stray(format!("schema {:?}", other.schema))),
            Err(error) => strays.push(stray(error.to_string())),
        }
    }
    (evidence, strays)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_is_written_and_others_are_named() {
        let evidence = RelayEvidence {
            schema: SCHEMA.to_owned(),
            at: "2026-11-21T10:00:00+09:00".to_owned(),
            direction: Direction::Fetched,
            item: Some("D2-R-80".to_owned()),
            office: "4770900118".to_owned(),
            partner: "4770900129".to_owned(),
            message: "m".to_owned(),
            files: vec![EvidenceFile { name: "a".into(), sha256: "b".into(), bytes: 3 }],
        };
        let other = evidence.line().replace("evidence/1", "evidence/9");
        let text = format!("{}\n\nnonsense\n{other}\n", evidence.line());
        let (read, strays) = read(&text);
        assert_eq!(read, [evidence]);
        assert_eq!(strays.iter().map(|stray| stray.line).collect::<Vec<_>>(), [3, 4]);
    }
}
