//! Drafts (下書き): messages kept on the terminal until they are sent. Only 新規作成 makes them;
//! a bulk send cannot be saved as one (S4, Stated). A draft can become a bulk send.

use std::path::PathBuf;
use std::sync::Arc;

use careplan_spec::Text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::bulk::Bulk;
use crate::client::Client;
use crate::clock::{self, Clock};
use crate::error::{Error, ErrorKind};
use crate::outgoing::{Message, OutgoingFile, check_names, destinations};
use crate::parcel;
use crate::progress::Progress;
use crate::sending::{Attempt, Check};
use crate::shape::shapes;
use crate::terminal::{self, Hold, StoreError, Terminal};
use crate::wire::{ManifestFile, Sent};

const FOLDER: &str = "drafts";
const HEAD: &str = "draft.json";
/// How the folder of a draft begins that was sent and is being removed.
const GONE: &str = ".sent-";
const WHAT: Text = Text::new("下書き", "draft");

/// A line of 下書き一覧.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Draft {
    /// Identifier on this terminal.
    pub id: String,
    /// 保存日時.
    pub saved_at: Timestamp,
    /// Office numbers of the destination: normally one, none while no file tells it.
    pub to: Vec<String>,
    /// The text.
    pub text: Option<String>,
    /// The files.
    pub files: Vec<ManifestFile>,
    /// Whether a send was begun whose ending is not known: sending it again is safe, changing it
    /// is not.
    pub unresolved: bool,
}

#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    saved_at: Timestamp,
}

/// The drafts of a terminal. Everything here waits for the disk: in an async program, call it where
/// that may be, as in `tokio::task::spawn_blocking`. [`Client::send_draft`] does so itself.
#[derive(Debug, Clone)]
pub struct Drafts {
    terminal: Terminal,
    folder: PathBuf,
}

impl Terminal {
    /// The drafts of this terminal.
    pub fn drafts(&self) -> Drafts {
        Drafts { terminal: self.clone(), folder: self.path(FOLDER) }
    }
}

impl Drafts {
    /// Removes what a program that ended too soon has left of drafts that were sent. What cannot be
    /// removed keeps nobody from working.
    pub(crate) fn sweep(&self) {
        for entry in std::fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if entry.file_name().as_encoded_bytes().starts_with(GONE.as_bytes()) {
                let _ = terminal::remove_folder(&entry.path());
            }
        }
    }

    /// Saves files and text as a new draft. It may be unfinished: no destination yet, or several.
    ///
    /// # Errors
    /// When names are of no use or nothing can be written.
    pub fn save(
        &self,
        files: &[OutgoingFile],
        text: Option<&str>,
        clock: &dyn Clock,
    ) -> Result<Draft, Error> {
        self.terminal.told(self.save_new(files, text, clock.now()))
    }

    pub(crate) fn save_new(
        &self,
        files: &[OutgoingFile],
        text: Option<&str>,
        now: Timestamp,
    ) -> Result<Draft, Error> {
        check_names(files)?;
        let id = terminal::new_folder(&self.folder, &clock::for_name(now))?;
        self.write(&id, files, text, now)
    }

    /// Replaces the content of a draft. A send whose ending is not known is forgotten: see in the
    /// outbox first whether it arrived.
    ///
    /// # Errors
    /// When there is no such draft, it is being sent, names are of no use, or nothing can be
    /// written.
    pub fn replace(
        &self,
        id: &str,
        files: &[OutgoingFile],
        text: Option<&str>,
        clock: &dyn Clock,
    ) -> Result<Draft, Error> {
        self.terminal.told(self.replace_held(id, files, text, clock.now()))
    }

    fn replace_held(
        &self,
        id: &str,
        files: &[OutgoingFile],
        text: Option<&str>,
        now: Timestamp,
    ) -> Result<Draft, Error> {
        check_names(files)?;
        let _hold = self.hold(id)?;
        // The new content is complete before the old one goes.
        let old = self.path(id)?;
        let fresh = self.save_new(files, text, now)?;
        terminal::remove_folder(&old)?;
        let new = self.path(&fresh.id)?;
        std::fs::rename(&new, &old).map_err(StoreError::io(&new))?;
        Ok(Draft { id: id.to_owned(), ..fresh })
    }

    fn write(
        &self,
        id: &str,
        files: &[OutgoingFile],
        text: Option<&str>,
        now: Timestamp,
    ) -> Result<Draft, Error> {
        let folder = self.folder.join(id);
        terminal::write_json(&folder.join(HEAD), &Head { version: 1, saved_at: now })?;
        parcel::keep(&folder, files, text)?;
        Ok(self.look(id)?)
    }

    /// The drafts, newest first. A folder whose save did not finish is no draft.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn list(&self) -> Result<Vec<Draft>, Error> {
        self.terminal.told(self.all())
    }

    fn all(&self) -> Result<Vec<Draft>, StoreError> {
        let mut drafts = Vec::new();
        for id in terminal::names(&self.folder)? {
            match self.look(&id) {
                Ok(draft) => drafts.push(draft),
                Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        drafts.sort_by(|a, b| b.saved_at.cmp(&a.saved_at).then_with(|| b.id.cmp(&a.id)));
        Ok(drafts)
    }

    /// One draft.
    ///
    /// # Errors
    /// When there is none or it cannot be read.
    pub fn show(&self, id: &str) -> Result<Draft, Error> {
        self.terminal.told(self.look(id))
    }

    fn look(&self, id: &str) -> Result<Draft, StoreError> {
        let folder = self.path(id)?;
        let head: Head = terminal::read_json(&folder.join(HEAD))?.ok_or_else(|| missing(id))?;
        let parcel = parcel::read(&folder)?.ok_or_else(|| missing(id))?;
        let names: Vec<OutgoingFile> = parcel
            .files
            .iter()
            .map(|file| OutgoingFile { name: file.name.clone(), bytes: bytes::Bytes::new() })
            .collect();
        Ok(Draft {
            id: id.to_owned(),
            saved_at: head.saved_at,
            to: destinations(&names).into_iter().collect(),
            text: parcel.text,
            files: parcel.files,
            unresolved: parcel.attempt.is_some(),
        })
    }

    /// Reopens a draft: its files and its text.
    ///
    /// # Errors
    /// When there is none or it cannot be read.
    pub fn open(&self, id: &str) -> Result<(Vec<OutgoingFile>, Option<String>), Error> {
        self.terminal.told(self.content(id))
    }

    fn content(&self, id: &str) -> Result<(Vec<OutgoingFile>, Option<String>), StoreError> {
        let folder = self.path(id)?;
        let parcel = parcel::read(&folder)?.ok_or_else(|| missing(id))?;
        Ok((parcel::files(&folder, &parcel)?, parcel.text))
    }

    /// Removes a draft.
    ///
    /// # Errors
    /// When there is none, it is being sent, or it cannot be removed.
    pub fn remove(&self, id: &str) -> Result<(), Error> {
        self.terminal.told(self.hold(id).and_then(|_hold| self.drop(id)))
    }

    fn hold(&self, id: &str) -> Result<Hold, StoreError> {
        self.terminal.hold(WHAT, id)
    }

    fn drop(&self, id: &str) -> Result<(), StoreError> {
        terminal::remove_folder(&self.path(id)?)
    }

    /// The same in one step of the file system; the copies of the files are removed on a thread for
    /// it, for which nobody has to wait.
    fn drop_soon(&self, id: &str) -> Result<(), StoreError> {
        let path = self.path(id)?;
        let gone = self.folder.join(format!("{GONE}{}", uuid::Uuid::now_v7()));
        std::fs::rename(&path, &gone).map_err(StoreError::io(&path))?;
        tokio::task::spawn_blocking(move || terminal::remove_folder(&gone));
        Ok(())
    }

    /// Turns a draft into a bulk send; its text goes to every row. The draft is gone afterwards.
    ///
    /// # Errors
    /// When there is no such draft, it is being sent or may have been, no file tells a destination,
    /// or nothing can be written.
    pub fn into_bulk(
        &self,
        id: &str,
        terminal: &Terminal,
        clock: &dyn Clock,
    ) -> Result<Bulk, Error> {
        self.terminal.told(self.make_bulk(id, terminal, clock))
    }

    fn make_bulk(&self, id: &str, terminal: &Terminal, clock: &dyn Clock) -> Result<Bulk, Error> {
        let _hold = self.hold(id)?;
        if self.attempt(id)?.is_some() {
            return Err(ErrorKind::Setting(Text::made(
                format!(
                    "下書き「{id}」は送信の結果が分からないため、一括送信に移せません。先にもう一度送信してください。"
                ),
                format!(
                    "Whether the draft {id} was sent is not known; send it again before making it a bulk send."
                ),
            ))
            .into());
        }
        let (files, text) = self.open(id)?;
        let bulk = Bulk::create(terminal, files, text.as_deref(), clock)?;
        self.drop(id)?;
        Ok(bulk)
    }

    fn attempt(&self, id: &str) -> Result<Option<Attempt>, StoreError> {
        let parcel = parcel::read(&self.path(id)?)?.ok_or_else(|| missing(id))?;
        Ok(parcel.attempt)
    }

    async fn note(
        &self,
        hold: &Arc<Hold>,
        id: &str,
        attempt: Option<Attempt>,
    ) -> Result<(), Error> {
        let (drafts, id) = (self.clone(), id.to_owned());
        hold.on_disk(move || drafts.keep_attempt(&id, attempt)).await
    }

    /// Removes a draft unless it may have been sent; says whether it stays.
    pub(crate) async fn remove_unsent(&self, id: &str) -> Result<bool, Error> {
        let hold = Arc::new(self.terminal.hold_next(WHAT, id).await?);
        let _waiting = hold.waited_for();
        let (drafts, id) = (self.clone(), id.to_owned());
        let removed = hold.on_disk(move || match drafts.attempt(&id) {
            Ok(None) => drafts.drop(&id).map(|()| false),
            Ok(Some(_)) => Ok(true),
            Err(StoreError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        });
        removed.await
    }

    fn keep_attempt(&self, id: &str, attempt: Option<Attempt>) -> Result<(), StoreError> {
        let folder = self.path(id)?;
        let mut parcel = parcel::read(&folder)?.ok_or_else(|| missing(id))?;
        parcel.attempt = attempt;
        parcel::describe(&folder, &parcel)
    }

    fn path(&self, id: &str) -> Result<PathBuf, StoreError> {
        let path = self.folder.join(id);
        if terminal::is_identifier(id) && path.is_dir() { Ok(path) } else { Err(missing(id)) }
    }
}

shapes! {
    Draft: it => { id: it.id, files: it.files.len(), unresolved: it.unresolved };
}

fn missing(id: &str) -> StoreError {
    StoreError::NotFound { what: WHAT, id: id.to_owned() }
}

impl Client {
    pub(crate) async fn send_draft_held(
        &self,
        id: &str,
        check: Check,
        progress: &dyn Progress,
    ) -> Result<Sent, Error> {
        let drafts = self.terminal.drafts();
        let hold = Arc::new(self.terminal.hold_next(WHAT, id).await?);
        let _waiting = hold.waited_for();
        let (asked, name) = (drafts.clone(), id.to_owned());
        let read = hold.on_disk(move || -> Result<_, Error> {
            let (files, text) = asked.content(&name)?;
            Ok((Message::new(files)?.text(text.unwrap_or_default()), asked.attempt(&name)?))
        });
        let (message, kept) = read.await?;
        let mut may_have_arrived = kept.is_some();
        let attempt = match kept {
            Some(attempt) => attempt,
            None => {
                if check == Check::Enforce {
                    let found = self.check(&message).await?;
                    if !found.passed() {
                        return Err(ErrorKind::LocalCheck(Box::new(found)).into());
                    }
                }
                let attempt = self.prepare(&message).await?;
                drafts.note(&hold, id, Some(attempt.clone())).await?;
                attempt
            }
        };
        match self.send_noting(&message, &attempt, &mut may_have_arrived, progress).await {
            Ok(sent) => {
                // At once: nobody gives up between the answer and this.
                drafts.drop_soon(id)?;
                Ok(sent)
            }
            Err(error) => {
                if !may_have_arrived {
                    drafts.note(&hold, id, None).await?;
                }
                Err(error)
            }
        }
    }
}
