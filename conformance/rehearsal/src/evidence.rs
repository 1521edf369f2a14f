//! What was judged, and what came out: the results that a folder keeps.

use careplan_spec::{StandardVersion, Text, hex};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::case::CaseFile;
use super::decision::Standing;

/// The value of [`Results::schema`].
pub const SCHEMA: &str = "careplan-testbed/rehearsal-results/1";

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Everything it is judged by is met.
    Passed,
    /// Something is not met.
    Failed,
    /// A person must look and decide.
    NeedsReview,
    /// There is nothing to judge yet.
    NotRun,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Passed, Self::Failed, Self::NeedsReview, Self::NotRun];

    /// The stable identifier.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NeedsReview => "needs_review",
            Self::NotRun => "not_run",
        }
    }

    /// What it is called.
    pub const fn title(self) -> Text {
        match self {
            Self::Passed => Text::new("合格", "passed"),
            Self::Failed => Text::new("不合格", "failed"),
            Self::NeedsReview => Text::new("要確認", "needs review"),
            Self::NotRun => Text::new("未実施", "not run"),
        }
    }
}

/// A file that was judged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct JudgedFile {
    /// Path below the folder of the rehearsal, parted by `/`.
    pub path: String,
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
}

impl JudgedFile {
    /// The mark of a file.
    pub fn of(path: &str, bytes: &[u8]) -> Self {
        Self { path: path.to_owned(), sha256: sha256(bytes), bytes: bytes.len() as u64 }
    }
}

/// SHA-256 in lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// One mark for a whole case: names and contents.
pub fn mark_of_case(files: &[CaseFile]) -> String {
    let lines: Vec<String> =
        files.iter().map(|file| format!("{} {}\n", sha256(&file.bytes), file.name)).collect();
    sha256(lines.concat().as_bytes())
}

/// What a decision or a result was made on: the case and what was handed in.
pub fn subject(case: &str, files: &[JudgedFile]) -> String {
    let mut lines: Vec<String> =
        files.iter().map(|file| format!("{} {}\n", file.sha256, file.path)).collect();
    lines.sort();
    sha256(format!("{case}\n{}", lines.concat()).as_bytes())
}

/// The result of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemResult {
    /// Number of the item.
    pub id: String,
    /// What became of it.
    pub state: State,
    /// When, RFC 3339. A result that comes out the same on the same files keeps its time.
    pub judged_at: String,
    /// Version of the tool that judged.
    pub tool_version: String,
    /// Mark of the case it was judged against.
    pub case: String,
    /// Every file that was judged.
    pub files: Vec<JudgedFile>,
    /// Why, or what was noticed. Personal values are masked.
    pub reasons: Vec<Text<String>>,
    /// Who decided, where a person did; see [`super::decision::Decision::signature`].
    pub decided_by: Option<String>,
}

impl ItemResult {
    /// Whether case, files, tool and decision are still those it was judged by.
    pub fn is_current(&self, case: &str, files: &[JudgedFile], decided: Standing<'_>) -> bool {
        let by = match decided {
            Standing::Valid(decision) => Some(decision.signature()),
            Standing::None | Standing::Stale(_) => None,
        };
        self.tool_version == env!("CARGO_PKG_VERSION")
            && self.case == case
            && self.files == files
            && self.decided_by == by
    }

    /// Whether another result says the same about the same files, whatever the time.
    fn says_the_same(&self, other: &Self) -> bool {
        Self { judged_at: String::new(), ..self.clone() }
            == Self { judged_at: String::new(), ..other.clone() }
    }
}

/// `evidence/results.json`: results in the order of the catalogue, made to be committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Results {
    /// [`SCHEMA`].
    pub schema: String,
    /// Version of the standard.
    pub standard: String,
    /// One entry an item that was ever judged.
    pub items: Vec<ItemResult>,
}

impl Default for Results {
    fn default() -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            standard: StandardVersion::V4_1.label().to_owned(),
            items: Vec::new(),
        }
    }
}

impl Results {
    /// Reads the document.
    ///
    /// # Errors
    /// It is none, or of another schema.
    pub fn parse(text: &str) -> Result<Self, Text<String>> {
        let refused = |reason: String| {
            Text::made(
                format!("evidence/results.json が読めません：{reason}"),
                format!("evidence/results.json cannot be read: {reason}"),
            )
        };
        let results: Self =
            serde_json::from_str(text).map_err(|error| refused(error.to_string()))?;
        if results.schema != SCHEMA {
            return Err(refused(format!("schema {:?}", results.schema)));
        }
        Ok(results)
    }

    /// The document: indented, LF, a line end at the end.
    pub fn to_json(&self) -> String {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{text}\n")
    }

    /// The result of an item.
    pub fn of(&self, id: &str) -> Option<&ItemResult> {
        self.items.iter().find(|result| result.id == id)
    }

    /// Takes a result in. One that says the same as before keeps its time, so that running again
    /// changes nothing.
    pub fn put(&mut self, result: ItemResult) {
        match self.items.iter_mut().find(|known| known.id == result.id) {
            Some(known) if known.says_the_same(&result) => {}
            Some(known) => *known = result,
            None => {
                let order =
                    |id: &str| super::catalogue::all().iter().position(|item| item.id == id);
                let at = order(&result.id);
                let place = self
                    .items
                    .iter()
                    .position(|known| order(&known.id) > at)
                    .unwrap_or(self.items.len());
                self.items.insert(place, result);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{Decision, Verdict};

    fn result(id: &str, at: &str) -> ItemResult {
        ItemResult {
            id: id.to_owned(),
            state: State::Passed,
            judged_at: at.to_owned(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            case: "c".to_owned(),
            files: vec![JudgedFile::of("exports/a", b"x")],
            reasons: Vec::new(),
            decided_by: None,
        }
    }

    #[test]
    fn results_stay_in_order_and_keep_their_time() {
        let mut results = Results::default();
        for id in ["D2-W-01", "D1-R-02", "D1-W-01"] {
            results.put(result(id, "first"));
        }
        results.put(result("D1-R-02", "second"));
        let ids: Vec<_> = results.items.iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids, ["D1-W-01", "D1-R-02", "D2-W-01"]);
        assert!(results.items.iter().all(|item| item.judged_at == "first"));
        results.put(ItemResult { state: State::Failed, ..result("D1-R-02", "third") });
        assert_eq!(results.of("D1-R-02").map(|item| item.judged_at.as_str()), Some("third"));
        assert_eq!(Results::parse(&results.to_json()), Ok(results));
    }

    #[test]
    fn a_changed_file_makes_a_result_stale() {
        let old = result("D1-W-01", "now");
        let is_current = |case, bytes| {
            old.is_current(case, &[JudgedFile::of("exports/a", bytes)], Standing::None)
        };
        assert!(is_current("c", b"x"));
        assert!(!is_current("c", b"y"));
        assert!(!is_current("d", b"x"));
    }

    #[test]
    fn a_result_is_as_old_as_the_decision_it_was_made_by() {
        let decision = Decision {
            item: "D1-W-01".to_owned(),
            verdict: Verdict::Pass,
            by: "見本　花子".to_owned(),
            date: "2026-11-21".to_owned(),
            note: String::new(),
            subject: "s".to_owned(),
        };
        let undecided = result("D1-W-01", "now");
        let decided = ItemResult { decided_by: Some(decision.signature()), ..undecided.clone() };
        let other = Decision { verdict: Verdict::Fail, ..decision.clone() };
        for (result, standing, expected) in [
            (&undecided, Standing::None, true),
            (&undecided, Standing::Valid(&decision), false),
            (&decided, Standing::Valid(&decision), true),
            (&decided, Standing::Valid(&other), false),
            (&decided, Standing::Stale(&decision), false),
            (&decided, Standing::None, false),
        ] {
            assert_eq!(result.is_current("c", &result.files, standing), expected, "{standing:?}");
        }
        let older = ItemResult { tool_version: "0".to_owned(), ..undecided };
        assert!(!older.is_current("c", &older.files, Standing::None));
    }

    #[test]
    fn the_mark_of_a_decision_knows_names_and_bytes_and_no_order() {
        let (a, b) = (JudgedFile::of("exports/a", b"x"), JudgedFile::of("exports/b", b"y"));
        let mark = subject("c", &[a.clone(), b.clone()]);
        assert_eq!(subject("c", &[b.clone(), a.clone()]), mark);
        let exchanged = [JudgedFile::of("exports/a", b"y"), JudgedFile::of("exports/b", b"x")];
        assert_ne!(subject("c", &exchanged), mark);
        assert_ne!(subject("d", &[a.clone(), b]), mark);
        assert_ne!(subject("c", &[a]), mark);
    }
}
