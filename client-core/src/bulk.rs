//! 一括送信: any mix of files, one row for every destination office.
//!
//! Every row is a message of its own. What happened to a row is on disk before the next begins, so
//! a bulk send can be taken up again after a crash, a broken connection or a refused row. A bulk
//! send cannot be saved as a draft (S4, Stated).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use careplan_spec::file_name::{self, Reading};
use careplan_spec::{Lang, Text, message_limits};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::clock::{self, Clock};
use crate::error::{Error, ErrorKind};
use crate::outgoing::{Message, OutgoingFile, OutgoingUnit, check_names, sort_by_sequence, units};
use crate::parcel;
use crate::progress::{Event, Progress};
use crate::sending::Check;
use crate::shape::shapes;
use crate::terminal::{self, Hold, StoreError, Terminal, Waiting};
use crate::wire::{ManifestFile, Sent};

/// Most rows of one send (S4 and FAQ, Stated).
pub const MAX_ROWS: usize = 100;

const FOLDER: &str = "bulk";
const HEAD: &str = "bulk.json";
const ROWS: &str = "rows";
const WHAT: Text = Text::new("一括送信", "bulk send");
const ROW: Text = Text::new("一括送信の行", "row of the bulk send");

/// What became of a row.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum RowState {
    /// Not sent yet.
    Waiting,
    /// A send was begun and its ending is not known. It is made again under the same key.
    Unresolved,
    /// 成功.
    Sent {
        /// The relay's answer.
        answer: Sent,
    },
    /// It failed. It is tried again when it was edited, or when asked for.
    Failed {
        /// Stable identifier of the error.
        code: String,
        /// What happened.
        what: Text<String>,
        /// What to do.
        to_do: Text<String>,
    },
    /// Left out by the user.
    Excluded,
}

/// A row.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BulkRow {
    /// Row number, 1-based.
    pub number: usize,
    /// Office number of the sender in the file names.
    pub from: String,
    /// Office number of the destination.
    pub to: String,
    /// The text.
    pub text: Option<String>,
    /// The files, send units by sequence, attachments last.
    pub files: Vec<ManifestFile>,
    /// What became of it.
    #[serde(flatten)]
    pub state: RowState,
}

impl BulkRow {
    /// The send units of the row, by sequence.
    pub fn units(&self) -> Vec<OutgoingUnit> {
        units(&names_only(&self.files))
    }
}

/// A file that belongs to no row.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Unplaced {
    /// Its name.
    pub name: String,
    /// Why its destination is not known.
    pub reason: Text<String>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    created_at: Timestamp,
    rows: Vec<HeadRow>,
    unplaced: Vec<Unplaced>,
}

#[derive(Serialize, Deserialize)]
struct HeadRow {
    from: String,
    to: String,
    /// Name of the folder with the row's content. An edit makes a new one, so that the row changes
    /// as a whole when this line does.
    folder: String,
    #[serde(flatten)]
    state: RowState,
}

/// A bulk send kept on the terminal. Opened twice, it is still one: what changes it or sends it
/// reads first what became of it, and holds it until the end.
///
/// What is not sending waits for the disk: in an async program, call it where that may be, as in
/// `tokio::task::spawn_blocking`. [`Client::send_bulk`] does so itself.
pub struct Bulk {
    terminal: Terminal,
    id: String,
    folder: PathBuf,
    head: Head,
}

impl std::fmt::Debug for Bulk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bulk").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A line of the list of bulk sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BulkSummary {
    /// Identifier on this terminal.
    pub id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Rows.
    pub rows: usize,
    /// Rows sent.
    pub sent: usize,
    /// Rows that failed.
    pub failed: usize,
    /// Rows that wait, those without a known ending included.
    pub waiting: usize,
}

/// How a run over the rows ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct BulkRun {
    /// Rows sent in this run, by number.
    pub sent: Vec<usize>,
    /// Rows that failed in this run, by number.
    pub failed: Vec<usize>,
    /// Why the run stopped before its end, if it did: what no other row could have passed either.
    pub stopped_by: Option<Error>,
}

impl BulkRun {
    pub(crate) fn in_lang(mut self, lang: Lang) -> Self {
        self.stopped_by = self.stopped_by.map(|error| error.in_lang(lang));
        self
    }
}

/// Which rows a run takes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    /// Only rows with these numbers; all if `None`.
    pub(crate) rows: Option<Vec<usize>>,
    /// Failed rows too, without having been edited.
    pub(crate) retry_failed: bool,
}

/// The files of one destination as messages: sorted by sequence, no more than a message holds, and
/// the files of a sequence together.
fn parts(mut files: Vec<OutgoingFile>) -> Vec<Vec<OutgoingFile>> {
    sort_by_sequence(&mut files);
    let key = |file: &OutgoingFile| file.standard_name().map(|name| name.unit_key());
    let mut parts: Vec<Vec<OutgoingFile>> = Vec::new();
    for sequence in files.chunk_by(|one, next| key(one) == key(next)) {
        match parts.last_mut() {
            Some(part) if part.len() + sequence.len() <= message_limits::MAX_FILES as usize => {
                part.extend_from_slice(sequence);
            }
            _ => parts.push(sequence.to_vec()),
        }
    }
    parts
}

impl Bulk {
    /// Sorts files into rows, by destination and inside a row by sequence, and keeps copies of them
    /// on the terminal. What is too much for one message becomes further rows. Files whose names tell no destination are listed as unplaced; add them to
    /// the rows they belong to.
    ///
    /// # Errors
    /// When no file tells a destination, or nothing can be written.
    pub fn create(
        terminal: &Terminal,
        files: Vec<OutgoingFile>,
        text: Option<&str>,
        clock: &dyn Clock,
    ) -> Result<Self, Error> {
        terminal.told(Self::make(terminal, files, text, clock))
    }

    fn make(
        terminal: &Terminal,
        files: Vec<OutgoingFile>,
        text: Option<&str>,
        clock: &dyn Clock,
    ) -> Result<Self, Error> {
        if files.is_empty() {
            return Err(crate::outgoing::MessageError::NoFiles.into());
        }
        let mut groups: BTreeMap<(String, String), Vec<OutgoingFile>> = BTreeMap::new();
        let mut unplaced = Vec::new();
        for file in files {
            match file.standard_name() {
                Some(name) => {
                    let key = (name.receiver.office().to_owned(), name.sender.office().to_owned());
                    groups.entry(key).or_default().push(file);
                }
                None => {
                    let reason = why_unplaced(&file.name);
                    unplaced.push(Unplaced { name: file.name, reason });
                }
            }
        }
        if groups.is_empty() {
            return Err(crate::outgoing::MessageError::NoDestination.into());
        }
        for files in groups.values() {
            check_names(files)?;
        }
        let now = clock.now();
        let parent = terminal.path(FOLDER);
        let id = terminal::new_folder(&parent, &clock::for_name(now))?;
        let folder = parent.join(&id);
        let mut rows = Vec::with_capacity(groups.len());
        let parts = groups.into_iter().flat_map(|((to, from), files)| {
            parts(files).into_iter().map(move |files| (to.clone(), from.clone(), files))
        });
        for (index, (to, from, files)) in parts.enumerate() {
            let name = (index + 1).to_string();
            let row = folder.join(ROWS).join(&name);
            terminal::make_private_folder(&row)?;
            parcel::keep(&row, &files, text)?;
            rows.push(HeadRow { from, to, folder: name, state: RowState::Waiting });
        }
        // Written last: a bulk send whose making did not finish is none.
        let head = Head { version: 1, created_at: now, rows, unplaced };
        let bulk = Self { terminal: terminal.clone(), id, folder, head };
        bulk.keep()?;
        Ok(bulk)
    }

    /// Opens a bulk send of the terminal.
    ///
    /// # Errors
    /// When there is none or it cannot be read.
    pub fn open(terminal: &Terminal, id: &str) -> Result<Self, Error> {
        terminal.told(Self::read(terminal, id))
    }

    fn read(terminal: &Terminal, id: &str) -> Result<Self, StoreError> {
        let missing = || StoreError::NotFound { what: WHAT, id: id.to_owned() };
        let folder = terminal.path(FOLDER).join(id);
        if !terminal::is_identifier(id) || !folder.is_dir() {
            return Err(missing());
        }
        let head = terminal::read_json(&folder.join(HEAD))?.ok_or_else(missing)?;
        Ok(Self { terminal: terminal.clone(), id: id.to_owned(), folder, head })
    }

    /// The bulk sends of a terminal, newest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn list(terminal: &Terminal) -> Result<Vec<BulkSummary>, Error> {
        terminal.told(Self::all(terminal))
    }

    fn all(terminal: &Terminal) -> Result<Vec<BulkSummary>, StoreError> {
        let mut all = Vec::new();
        for id in terminal::names(&terminal.path(FOLDER))? {
            match Self::read(terminal, &id) {
                Ok(bulk) => all.push(bulk.summary()),
                Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        all.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| b.id.cmp(&a.id)));
        Ok(all)
    }

    /// Its identifier on the terminal.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Files that belong to no row.
    pub fn unplaced(&self) -> &[Unplaced] {
        &self.head.unplaced
    }

    /// How far it came.
    pub fn summary(&self) -> BulkSummary {
        let count = |wanted: fn(&RowState) -> bool| {
            self.head.rows.iter().filter(|r| wanted(&r.state)).count()
        };
        BulkSummary {
            id: self.id.clone(),
            created_at: self.head.created_at,
            rows: self.head.rows.len(),
            sent: count(|state| matches!(state, RowState::Sent { .. })),
            failed: count(|state| matches!(state, RowState::Failed { .. })),
            waiting: count(|state| matches!(state, RowState::Waiting | RowState::Unresolved)),
        }
    }

    /// The rows.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn rows(&self) -> Result<Vec<BulkRow>, Error> {
        self.terminal.told(
            (1..=self.head.rows.len()).map(|number| self.look(number)).collect::<Result<_, _>>(),
        )
    }

    /// One row, by its number from 1.
    ///
    /// # Errors
    /// When there is none or it cannot be read.
    pub fn row(&self, number: usize) -> Result<BulkRow, Error> {
        self.terminal.told(self.look(number))
    }

    fn look(&self, number: usize) -> Result<BulkRow, StoreError> {
        let head = self.head_row(number)?;
        let parcel = self.parcel(number)?;
        Ok(BulkRow {
            number,
            from: head.from.clone(),
            to: head.to.clone(),
            text: parcel.text,
            files: parcel.files,
            state: head.state.clone(),
        })
    }

    /// The files of a row, as they will be sent.
    ///
    /// # Errors
    /// When there is no such row, it was sent already, or it cannot be read.
    pub fn files(&self, number: usize) -> Result<Vec<OutgoingFile>, Error> {
        let files = || parcel::files(&self.row_folder(number)?, &self.parcel(number)?);
        self.terminal.told(files())
    }

    /// Edits a row (編集, 更新): replaces its text and its files. The row waits afterwards, whatever
    /// it was before. The destination cannot change.
    ///
    /// # Errors
    /// When there is no such row, it was sent or its ending is not known, the bulk send is being
    /// sent, the files tell another destination, or nothing can be written.
    pub fn edit(
        &mut self,
        number: usize,
        files: Vec<OutgoingFile>,
        text: Option<&str>,
    ) -> Result<BulkRow, Error> {
        let edited = self.edit_held(number, files, text);
        self.terminal.told(edited)
    }

    fn edit_held(
        &mut self,
        number: usize,
        files: Vec<OutgoingFile>,
        text: Option<&str>,
    ) -> Result<BulkRow, Error> {
        let _hold = self.hold()?;
        let head = self.head_row(number)?;
        self.may_change(number, &head.state)?;
        let message = Message::new(files)?.text(text.unwrap_or_default());
        if message.to() != head.to {
            return Err(crate::outgoing::MessageError::SeveralDestinations {
                offices: vec![head.to.clone(), message.to().to_owned()],
            }
            .into());
        }
        let old = self.row_folder(number)?;
        let rows = self.folder.join(ROWS);
        let name = terminal::new_folder(&rows, &format!("{number}-edited"))?;
        parcel::keep(&rows.join(&name), message.files(), message.body())?;
        self.head.rows[number - 1].folder = name;
        self.set(number, RowState::Waiting)?;
        terminal::remove_folder(&old)?;
        Ok(self.look(number)?)
    }

    /// Leaves a row out, or takes it in again.
    ///
    /// # Errors
    /// When there is no such row, it was sent or its ending is not known, the bulk send is being
    /// sent, or nothing can be written.
    pub fn exclude(&mut self, number: usize, excluded: bool) -> Result<(), Error> {
        let done = self.exclude_held(number, excluded);
        self.terminal.told(done)
    }

    fn exclude_held(&mut self, number: usize, excluded: bool) -> Result<(), Error> {
        let _hold = self.hold()?;
        let state = self.head_row(number)?.state.clone();
        self.may_change(number, &state)?;
        let state = if excluded { RowState::Excluded } else { RowState::Waiting };
        Ok(self.set(number, state)?)
    }

    /// Removes the bulk send from the terminal. What was sent stays sent.
    ///
    /// # Errors
    /// When it is being sent, or cannot be removed.
    pub fn remove(self) -> Result<(), Error> {
        let hold = self.terminal.hold(WHAT, &self.id);
        self.terminal.told(hold.and_then(|_hold| terminal::remove_folder(&self.folder)))
    }

    /// Holds the bulk send against other calls, and learns what they made of it.
    fn hold(&mut self) -> Result<Hold, StoreError> {
        let hold = self.terminal.hold(WHAT, &self.id)?;
        self.head = terminal::read_json(&self.folder.join(HEAD))?
            .ok_or_else(|| StoreError::NotFound { what: WHAT, id: self.id.clone() })?;
        Ok(hold)
    }

    /// The same, behind work nobody waits for any more.
    async fn hold_next(&mut self) -> Result<(Waiting, Arc<Hold>), Error> {
        let hold = Arc::new(self.terminal.hold_next(WHAT, &self.id).await?);
        let waiting = hold.waited_for();
        let (path, id) = (self.folder.join(HEAD), self.id.clone());
        let read = hold.on_disk(move || {
            terminal::read_json(&path)?.ok_or(StoreError::NotFound { what: WHAT, id })
        });
        self.head = read.await?;
        Ok((waiting, hold))
    }

    /// Changes the state of a row; what is to be written of it.
    fn note(&mut self, number: usize, state: RowState) -> Result<HeadNote, StoreError> {
        self.head_row(number)?;
        self.head.rows[number - 1].state = state;
        let path = self.folder.join(HEAD);
        Ok(HeadNote { json: terminal::json(&path, &self.head)?, path })
    }

    fn may_change(&self, number: usize, state: &RowState) -> Result<(), Error> {
        let text = match state {
            RowState::Sent { .. } => Text::made(
                format!("{number}行目は送信済みのため変更できません。"),
                format!("Row {number} was sent and cannot change."),
            ),
            RowState::Unresolved => Text::made(
                format!(
                    "{number}行目は送信の結果が分からないため変更できません。先にもう一度送信してください。"
                ),
                format!(
                    "Whether row {number} was sent is not known; send it again before changing it."
                ),
            ),
            _ => return Ok(()),
        };
        Err(ErrorKind::Setting(text).into())
    }

    /// The numbers of the rows a run takes.
    ///
    /// # Errors
    /// When a selected row does not exist, or there are more than [`MAX_ROWS`].
    fn take(&self, selection: &Selection) -> Result<Vec<usize>, Error> {
        if let Some(rows) = &selection.rows {
            for number in rows {
                self.head_row(*number)?;
            }
        }
        let numbers: Vec<usize> = (1..=self.head.rows.len())
            .filter(|number| selection.rows.as_ref().is_none_or(|rows| rows.contains(number)))
            .filter(|number| match self.head.rows[number - 1].state {
                RowState::Waiting | RowState::Unresolved => true,
                RowState::Failed { .. } => selection.retry_failed,
                RowState::Sent { .. } | RowState::Excluded => false,
            })
            .collect();
        if numbers.len() > MAX_ROWS {
            return Err(ErrorKind::Setting(Text::made(
                format!(
                    "一度に送信できるのは{MAX_ROWS}件までです（{}件あります）。行を選んで（例：1-{MAX_ROWS}）、何回かに分けて送信してください。",
                    numbers.len()
                ),
                format!(
                    "At most {MAX_ROWS} rows can be sent at once ({} wait). Select rows (such as 1-{MAX_ROWS}) and send in several runs.",
                    numbers.len()
                ),
            ))
            .into());
        }
        Ok(numbers)
    }

    fn head_row(&self, number: usize) -> Result<&HeadRow, StoreError> {
        number
            .checked_sub(1)
            .and_then(|index| self.head.rows.get(index))
            .ok_or_else(|| StoreError::NotFound { what: ROW, id: number.to_string() })
    }

    fn row_folder(&self, number: usize) -> Result<PathBuf, StoreError> {
        Ok(self.folder.join(ROWS).join(&self.head_row(number)?.folder))
    }

    fn parcel(&self, number: usize) -> Result<parcel::Parcel, StoreError> {
        let missing = self.missing(number)?;
        parcel::read(&self.row_folder(number)?)?.ok_or(missing)
    }

    /// What is said where the content of a row is not there.
    fn missing(&self, number: usize) -> Result<StoreError, StoreError> {
        let path = self.row_folder(number)?;
        Ok(StoreError::Damaged { path, detail: "missing".to_owned() })
    }

    fn set(&mut self, number: usize, state: RowState) -> Result<(), StoreError> {
        self.note(number, state)?.write()
    }

    fn keep(&self) -> Result<(), StoreError> {
        terminal::write_json(&self.folder.join(HEAD), &self.head)
    }
}

impl RowState {
    const fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Unresolved => "unresolved",
            Self::Sent { .. } => "sent",
            Self::Failed { .. } => "failed",
            Self::Excluded => "excluded",
        }
    }
}

shapes! {
    RowState: it => { state: it.word() };
    BulkRow: it => { number: it.number, files: it.files.len(), state: it.state.word() };
    Unplaced: it => { name_bytes: it.name.len() };
}

/// What a bulk send says of its rows, to be written.
struct HeadNote {
    path: PathBuf,
    json: Vec<u8>,
}

impl HeadNote {
    fn write(&self) -> Result<(), StoreError> {
        terminal::write_private(&self.path, &self.json)
    }
}

fn names_only(files: &[ManifestFile]) -> Vec<OutgoingFile> {
    files
        .iter()
        .map(|file| OutgoingFile { name: file.name.clone(), bytes: bytes::Bytes::new() })
        .collect()
}

fn why_unplaced(name: &str) -> Text<String> {
    if let Reading::NearMiss { defects, .. } = file_name::read(name)
        && let Some(defect) = defects.first()
    {
        return defect.describe();
    }
    Text::new(
        "標準仕様のファイル名ではないため、送信先が分かりません。送る行に添付してください。",
        "Its name is none of the standard's and tells no destination. Attach it to the rows it belongs to.",
    )
    .into()
}

impl Client {
    pub(crate) async fn send_bulk_held(
        &self,
        bulk: &mut Bulk,
        selection: &Selection,
        check: Check,
        progress: &dyn Progress,
    ) -> Result<BulkRun, Error> {
        let (_waiting, hold) = bulk.hold_next().await?;
        let numbers = bulk.take(selection)?;
        // Said once, before any row is marked.
        self.own_session().await?;
        let mut run = BulkRun { sent: Vec::new(), failed: Vec::new(), stopped_by: None };
        let total = numbers.len();
        for (done, number) in numbers.into_iter().enumerate() {
            progress.event(Event::RowStarted { row: number, total, done });
            let mut may_have_arrived = false;
            let outcome =
                self.send_row(bulk, &hold, number, &mut may_have_arrived, check, progress).await;
            progress.event(Event::RowEnded { row: number, sent: outcome.is_ok() });
            match outcome {
                Ok(answer) => {
                    let (folder, note) =
                        (bulk.row_folder(number)?, bulk.note(number, RowState::Sent { answer })?);
                    let done = hold.on_disk(move || {
                        note.write()?;
                        // The relay has the files now; the copies have served.
                        match parcel::read(&folder)? {
                            Some(parcel) => parcel::drop_files(&folder, &parcel),
                            None => Ok(()),
                        }
                    });
                    done.await?;
                    run.sent.push(number);
                }
                Err(error) if matches!(error.kind(), ErrorKind::Store(_)) => return Err(error),
                Err(error) if error.stops_everything() => {
                    run.stopped_by = Some(error);
                    break;
                }
                // Refused now, and perhaps taken before: the row stays one without a known ending.
                Err(_) if may_have_arrived => run.failed.push(number),
                Err(error) => {
                    let explanation = error.explain();
                    let note = bulk.note(
                        number,
                        RowState::Failed {
                            code: error.code().as_str().to_owned(),
                            what: explanation.what,
                            to_do: explanation.to_do,
                        },
                    )?;
                    hold.on_disk(move || note.write()).await?;
                    run.failed.push(number);
                }
            }
        }
        Ok(run)
    }

    async fn send_row(
        &self,
        bulk: &mut Bulk,
        hold: &Arc<Hold>,
        number: usize,
        may_have_arrived: &mut bool,
        check: Check,
        progress: &dyn Progress,
    ) -> Result<Sent, Error> {
        *may_have_arrived = bulk.head_row(number)?.state == RowState::Unresolved;
        let folder = bulk.row_folder(number)?;
        let (missing, place) = (bulk.missing(number)?, folder.clone());
        let read = hold.on_disk(move || -> Result<_, Error> {
            let parcel = parcel::read(&place)?.ok_or(missing)?;
            Ok((parcel::message(&place, &parcel)?, parcel))
        });
        let (message, mut parcel) = read.await?;
        // A change of the row, and what the bulk send says of it, are one step.
        let noted = |parcel: &parcel::Parcel, note: HeadNote| {
            let (folder, parcel) = (folder.clone(), parcel.clone());
            hold.on_disk(move || parcel::describe(&folder, &parcel).and_then(|()| note.write()))
        };
        let attempt = match &parcel.attempt {
            Some(attempt) => attempt.clone(),
            None => {
                if check == Check::Enforce {
                    let found = self.check(&message).await?;
                    if !found.passed() {
                        return Err(ErrorKind::LocalCheck(Box::new(found)).into());
                    }
                }
                let attempt = self.prepare(&message).await?;
                parcel.attempt = Some(attempt.clone());
                attempt
            }
        };
        noted(&parcel, bulk.note(number, RowState::Unresolved)?).await?;
        let outcome = self.send_noting(&message, &attempt, may_have_arrived, progress).await;
        if outcome.is_err() && !*may_have_arrived {
            parcel.attempt = None;
            noted(&parcel, bulk.note(number, RowState::Waiting)?).await?;
        }
        outcome
    }
}
