//! The folder of a rehearsal on disk. Paths come from the plan and the catalogue, never from a
//! file's content, and nothing is written through a link.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use careplan_rehearsal::case::{self, CaseFile};
use careplan_rehearsal::catalogue::Item;
use careplan_rehearsal::decision::Decisions;
use careplan_rehearsal::evidence::{JudgedFile, Results, mark_of_case};
use careplan_rehearsal::expected_failure::ExpectedFailures;
use careplan_rehearsal::judge::{Submission, relay_mark};
use careplan_rehearsal::kit::NOTE;
use careplan_rehearsal::relay_evidence::{self, RelayEvidence};
use careplan_rehearsal::report::Line;
use careplan_rehearsal::{Setup, Side};
use careplan_spec::Text;
use careplan_spec::file_name::base_name_in_archive;

use super::refused;
use crate::cli::complain;
use crate::cli::config::misconfigured;
use crate::cli::inputs;
use crate::cli::inputs::archive::Archives;

/// Name of the plan.
pub(super) const PLAN: &str = "rehearsal.toml";
const RESULTS: &str = "evidence/results.json";
const DECISIONS: &str = "decisions.json";
const RELAY: &str = "relay/evidence.jsonl";
/// The largest amount of data that is judged for an item, in bytes: all of it is held in memory.
const LARGEST: u64 = 256 << 20;
/// The most files that are judged for an item.
const MOST_FILES: usize = 4000;
/// The largest document of our own that is read, in bytes.
const LARGEST_DOCUMENT: u64 = 64 << 20;

/// An opened folder.
pub(super) struct Folder {
    root: PathBuf,
    /// The plan.
    pub(super) setup: Setup,
    /// What a relay wrote down.
    pub(super) relay: Vec<RelayEvidence>,
}

/// What is there to judge for an item today.
pub(super) struct Present {
    /// The case.
    pub(super) case: Vec<CaseFile>,
    /// Its mark.
    pub(super) mark: String,
    /// What was handed in.
    pub(super) submission: Submission,
    /// The marks of what was handed in, by path.
    pub(super) files: Vec<JudgedFile>,
}

impl Folder {
    /// Opens the folder of a plan.
    pub(super) fn open(root: &Path) -> anyhow::Result<Self> {
        let Some(text) = document(&root.join(PLAN))? else {
            return Err(misconfigured(format!(
                "{}: {PLAN} がありません。先に rehearse init で作ってください / no {PLAN}: use rehearse init first",
                root.display()
            )));
        };
        let setup = Setup::parse(&text).map_err(|words| refused(&words))?;
        let text = document(&root.join(RELAY))?.unwrap_or_default();
        let (relay, strays) = relay_evidence::read(&text);
        for stray in strays {
            complain(&format!("{RELAY}:{}: {}", stray.line, stray.reason));
        }
        Ok(Self { root: root.to_owned(), setup, relay })
    }

    /// The results so far.
    pub(super) fn results(&self) -> anyhow::Result<Results> {
        match document(&self.root.join(RESULTS))? {
            None => Ok(Results::default()),
            Some(text) => Results::parse(&text).map_err(anyhow::Error::msg),
        }
    }

    /// The decisions so far.
    pub(super) fn decisions(&self) -> anyhow::Result<Decisions> {
        match document(&self.root.join(DECISIONS))? {
            None => Ok(Decisions::default()),
            Some(text) => Decisions::parse(&text).map_err(anyhow::Error::msg),
        }
    }

    /// Keeps the results.
    pub(super) fn keep_results(&self, results: &Results) -> anyhow::Result<()> {
        write(&self.root, RESULTS, results.to_json().as_bytes())
    }

    /// Keeps the decisions.
    pub(super) fn keep_decisions(&self, decisions: &Decisions) -> anyhow::Result<()> {
        write(&self.root, DECISIONS, decisions.to_json().as_bytes())
    }

    /// The page of differences of an item; `None` takes an old one away.
    pub(super) fn keep_differences(&self, item: &Item, page: Option<&str>) -> anyhow::Result<()> {
        let path = format!("evidence/differences/{}.html", item.id);
        match page {
            Some(page) => write(&self.root, &path, page.as_bytes()),
            None => remove(&below(&self.root, &path)?),
        }
    }

    /// The item of this number, if the plan has it.
    pub(super) fn item(&self, id: &str) -> anyhow::Result<&'static Item> {
        let found = self.setup.items().find(|item| item.id.eq_ignore_ascii_case(id));
        found.ok_or_else(|| {
            let known = careplan_rehearsal::catalogue::find(id).is_some();
            refused(&if known {
                Text::made(
                    format!("{id} は、この計画（{PLAN}）のパターン・側・事業所では行いません"),
                    format!("the plan ({PLAN}) leaves {id} out"),
                )
            } else {
                Text::made(
                    format!("試験項目「{id}」はありません（番号は README.ja.md にあります）"),
                    format!("there is no item {id:?}; README.ja.md lists them"),
                )
            })
        })
    }

    /// What is there for an item today.
    pub(super) fn present(&self, item: &Item) -> anyhow::Result<Present> {
        let case = case::files(&self.setup, item);
        let folder = match item.side {
            Side::Writes => "exports",
            Side::Reads => "returned",
        };
        // An item about the files of a reading item is about its kit, not about what came back.
        let wanted = item.side == Side::Writes || item.of.is_none();
        let path = self.root.join(folder).join(item.files_of());
        let mut submission = Submission::default();
        if wanted && path.is_dir() {
            submission = self.read(&path)?;
        }
        let mut files: Vec<JudgedFile> =
            submission.files.iter().map(|(path, bytes)| JudgedFile::of(path, bytes)).collect();
        files.extend(relay_mark(&self.setup, item, &case, &submission, &self.relay));
        Ok(Present { mark: mark_of_case(&case), case, submission, files })
    }

    fn read(&self, folder: &Path) -> anyhow::Result<Submission> {
        let mut submission = Submission::default();
        let mut archives = Archives::default();
        let mut size = 0;
        for found in inputs::find(&[folder.to_owned()], None)? {
            let path = self.relative(&found.path);
            if base_name_in_archive(&path) == NOTE || found.is_left_lying() {
                continue;
            }
            if submission.files.len() >= MOST_FILES {
                let reason = Text::made(
                    format!("{MOST_FILES}ファイルまでです"),
                    format!("there are more than {MOST_FILES} files"),
                );
                submission.unread.push((path, reason));
                break;
            }
            match found.read(LARGEST - size, &mut archives) {
                Ok(bytes) => {
                    size += bytes.len() as u64;
                    submission.files.push((path, bytes));
                }
                Err(error) => submission.unread.push((path, error)),
            }
        }
        Ok(submission)
    }

    /// A path as evidence names it: below the folder, parted by `/`.
    fn relative(&self, path: &str) -> String {
        let root = self.root.display().to_string();
        let below = path.strip_prefix(&root).unwrap_or(path).replace('\\', "/");
        below.trim_start_matches('/').to_owned()
    }

    /// Every item of the plan as it stands.
    pub(super) fn lines(
        &self,
        results: &Results,
        expected: &ExpectedFailures,
        today: &str,
    ) -> anyhow::Result<Vec<Line>> {
        let decisions = self.decisions()?;
        self.setup
            .items()
            .map(|item| {
                let result = results.of(&item.id).cloned();
                let is_current = match &result {
                    None => true,
                    Some(result) => {
                        let present = self.present(item)?;
                        let subject = present.subject();
                        let decided = decisions.standing(&item.id, &subject);
                        result.is_current(&present.mark, &present.files, decided)
                    }
                };
                Ok(Line::new(item, result, is_current, expected, today))
            })
            .collect()
    }
}

impl Present {
    /// What a decision is bound to.
    pub(super) fn subject(&self) -> String {
        careplan_rehearsal::evidence::subject(&self.mark, &self.files)
    }
}

/// The known failures of a file.
pub(super) fn expected_failures(path: Option<&Path>) -> anyhow::Result<ExpectedFailures> {
    let Some(path) = path else { return Ok(ExpectedFailures::default()) };
    let text = fs::read_to_string(path)
        .map_err(|error| misconfigured(format!("{}: {error}", path.display())))?;
    ExpectedFailures::parse(&text).map_err(|words| refused(&words))
}

/// The text of one of our own documents; `None` where there is none.
pub(super) fn document(path: &Path) -> anyhow::Result<Option<String>> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => anyhow::bail!("{}: {error}", path.display()),
    };
    let mut text = String::new();
    file.take(LARGEST_DOCUMENT + 1)
        .read_to_string(&mut text)
        .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
    if text.len() as u64 > LARGEST_DOCUMENT {
        anyhow::bail!("{}: 64 MiBまで / at most 64 MiB", path.display());
    }
    Ok(Some(text))
}

/// A path below the root; refuses links on the way, so that nothing outside is touched.
pub(super) fn below(root: &Path, path: &str) -> anyhow::Result<PathBuf> {
    let mut full = root.to_owned();
    for part in path.split('/') {
        let is_plain = !matches!(part, "" | "." | "..")
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        anyhow::ensure!(is_plain, "{path}: 使えない名前 / not a name we write");
        full.push(part);
        if full.symlink_metadata().is_ok_and(|meta| meta.is_symlink()) {
            return Err(misconfigured(format!(
                "{}: リンクの先には書きません / not written through a link",
                full.display()
            )));
        }
    }
    Ok(full)
}

/// Writes a file below the root, whole or not at all.
pub(super) fn write(root: &Path, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let full = below(root, path)?;
    let beside = below(root, &format!("{path}.part"))?;
    let said = |error: std::io::Error| anyhow::anyhow!("{}: {error}", full.display());
    if let Some(parent) = full.parent() {
        fs::create_dir_all(parent).map_err(said)?;
    }
    fs::write(&beside, bytes).map_err(said)?;
    fs::rename(&beside, &full).map_err(said)
}

/// Removes a file; one that is not there is no error.
pub(super) fn remove(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(anyhow::anyhow!("{}: {error}", path.display()))
        }
        _ => Ok(()),
    }
}
