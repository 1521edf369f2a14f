//! データ取得: claiming a message, fetching its ZIP, verifying and saving it, confirming.
//!
//! A claim works only once, so every step is on disk before the next. Before it claims, the client
//! makes sure of room for the archive and keeps a key; under that key the relay gives the same
//! answer again, so that a lost answer, a crash or a full disk leaves no message fetched that
//! nobody holds. What was claimed is fetched to its end from the byte where it stopped.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use careplan_spec::Text;
use jiff::Timestamp;
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt as _;

use crate::apart::{Caller, apart, in_background};
use crate::client::Client;
use crate::clock;
use crate::connection::{Call, Fault, Repeat, fault_from};
use crate::delivery::{self, DeliveryError, Expected, Form, Saved, SavedFile, Trouble};
use crate::error::{Error, ErrorKind};
use crate::ids::MessageId;
use crate::progress::{Event, Progress, Silent};
use crate::random::random_key;
use crate::session::Session;
use crate::shape::shapes;
use crate::terminal::{self, StoreError, Terminal};
use crate::wire::{Claim, FetchState, InboxItem, Office, Problem};

const FOLDER: &str = "downloads";
const WHAT: Text = Text::new("取得途中のデータ", "unfinished download");
const MESSAGE: Text = Text::new("受信データ", "message");

/// Where and how a message is saved.
#[derive(Debug, Clone)]
pub(crate) struct DownloadOptions {
    /// The folder chosen by the user; made if it is not there.
    pub(crate) folder: PathBuf,
    /// Unpacked or as a ZIP.
    pub(crate) form: Form,
}

/// A message that was received.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Downloaded {
    /// The message.
    pub message_id: MessageId,
    /// The sender.
    pub from: Office,
    /// The folder (or ZIP) it was saved as. Never one that existed before.
    pub path: PathBuf,
    /// The files.
    pub files: Vec<SavedFile>,
    /// The sender's text.
    pub text: Option<String>,
    /// Whose certificate signed it: common name and office number.
    pub signer: String,
    /// Whether the relay knows that it is saved. If not, downloading the same message again only
    /// confirms it.
    pub confirmed: bool,
    /// Why the relay did not take the confirmation, where it said so.
    pub confirm_refusal: Option<Problem>,
}

/// A message that was claimed and is not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PendingDownload {
    /// The message.
    pub message_id: MessageId,
    /// The sender.
    pub from: Office,
    /// Bytes on disk.
    pub done: u64,
    /// Bytes of the whole; 0 while it is not known.
    pub total: u64,
    /// When the claim ends.
    pub expires_at: Option<Timestamp>,
    /// Whether it is saved already and the relay only has to be told.
    pub saved: bool,
}

shapes! {
    Downloaded: it => {
        message_id: it.message_id, files: it.files.len(), text_bytes: it.text.as_deref().map(str::len),
        confirmed: it.confirmed
    };
}

#[derive(Clone, Serialize, Deserialize)]
struct Journal {
    version: u32,
    relay: String,
    item: InboxItem,
    step: Step,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// Written by releases that claimed without a key: whether the claim arrived is not known.
    Claiming,
    /// The claim is made under this key next, or its answer was lost.
    Asking { key: String },
    /// Claimed; the ZIP is being fetched.
    Claimed { token: String, size: u64, sha256: String, expires_at: Timestamp },
    /// Saved; only the confirmation is missing.
    Saved { token: String, sha256: String, path: PathBuf, signer: String, text: Option<String> },
}

/// The files of one download in the terminal folder.
#[derive(Clone)]
struct Places {
    journal: PathBuf,
    zip: PathBuf,
    /// Holds the room for the archive while the message is claimed.
    room: PathBuf,
}

/// How long the answer to a claim is waited for when nobody waits for the download any more.
const LAST_WORD: Duration = Duration::from_secs(1);

/// What an archive needs beside its files: manifest, signature and text.
const ROOM_FOR_PROOF: u64 = 64 << 10;

/// What an archive needs for each file: its name, three times, and the ZIP's own records.
const ROOM_PER_FILE: u64 = 1 << 10;

impl Places {
    fn new(terminal: &Terminal, message_id: &str) -> Result<Self, StoreError> {
        let folder = terminal.path(FOLDER);
        terminal::make_private_folder(&folder)?;
        let name = terminal::name_for(message_id);
        Ok(Self {
            journal: folder.join(format!("{name}.json")),
            zip: folder.join(format!("{name}.zip")),
            room: folder.join(format!("{name}.room")),
        })
    }

    /// Takes the room the archive will need. Zeros are written, because a file that is only made
    /// long has none.
    fn take_room(&self, bytes: u64) -> Result<(), StoreError> {
        let take = || {
            let mut options = std::fs::OpenOptions::new();
            options.create(true).write(true).truncate(true);
            #[cfg(unix)]
            {
                use std::os::unix::fs::OpenOptionsExt;
                options.mode(0o600);
            }
            let mut file = options.open(&self.room)?;
            std::io::copy(&mut std::io::Read::take(std::io::repeat(0), bytes), &mut file)?;
            file.flush()?;
            file.sync_all()
        };
        take().map_err(|error| {
            // What could be taken is given back; the fault to tell is that there was not enough.
            let _ = self.give_room_back();
            StoreError::Io { path: self.room.clone(), error }
        })
    }

    /// Does something with these files on a thread for it. The outer error is about the thread.
    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let places = self.clone();
        in_background(move || work(&places)).await
    }

    /// Writes down how far the download is.
    async fn note(&self, journal: &Journal) -> Result<Result<(), StoreError>, Error> {
        let journal = journal.clone();
        self.on_disk(move |places| terminal::write_json(&places.journal, &journal)).await
    }

    fn give_room_back(&self) -> Result<(), StoreError> {
        terminal::remove_file(&self.room)
    }

    fn forget(&self) -> Result<(), StoreError> {
        self.give_room_back()?;
        terminal::remove_file(&self.zip)?;
        terminal::remove_file(&self.journal)
    }
}

impl Terminal {
    /// Messages that were claimed and are not finished.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn pending_downloads(&self) -> Result<Vec<PendingDownload>, Error> {
        self.told(self.unfinished_downloads())
    }

    fn unfinished_downloads(&self) -> Result<Vec<PendingDownload>, StoreError> {
        let folder = self.path(FOLDER);
        let mut pending = Vec::new();
        for name in terminal::names(&folder)? {
            let Some(stem) = name.strip_suffix(".json") else { continue };
            let Some(journal) = terminal::read_json::<Journal>(&folder.join(&name))? else {
                continue;
            };
            let (total, expires_at, saved) = match journal.step {
                Step::Claiming | Step::Asking { .. } => (0, None, false),
                Step::Claimed { size, expires_at, .. } => (size, Some(expires_at), false),
                Step::Saved { .. } => (0, None, true),
            };
            pending.push(PendingDownload {
                message_id: journal.item.id,
                from: journal.item.from,
                done: length(&folder.join(format!("{stem}.zip"))),
                total,
                expires_at,
                saved,
            });
        }
        Ok(pending)
    }

    /// Forgets a message that was claimed: the token of its claim and what was fetched of it. It
    /// cannot be fetched again.
    ///
    /// # Errors
    /// When there is none, it is being fetched, or its files cannot be removed.
    pub fn forget_download(&self, message_id: &MessageId) -> Result<(), Error> {
        self.told(self.drop_download(message_id.as_str()))
    }

    fn drop_download(&self, message_id: &str) -> Result<(), StoreError> {
        let _hold = self.hold(MESSAGE, message_id)?;
        let places = Places::new(self, message_id)?;
        if !places.journal.exists() {
            return Err(StoreError::NotFound { what: WHAT, id: message_id.to_owned() });
        }
        places.forget()
    }
}

impl Client {
    pub(crate) async fn download_once(
        &self,
        message_id: &str,
        options: &DownloadOptions,
        progress: &dyn Progress,
    ) -> Result<Downloaded, Error> {
        let hold = self.terminal.hold_next(MESSAGE, message_id).await?;
        let _waiting = hold.waited_for();
        let (client, id, options) = (self.clone(), message_id.to_owned(), options.clone());
        let done = apart(progress, move |caller| async move {
            let _hold = hold;
            client.download_held(&id, &options, &caller).await
        })
        .await?;
        // Forgotten only when somebody knows where it is: whoever gave up waiting is told by the
        // next call, so nothing waits from here on; three small files are gone in no time. What the
        // relay will never confirm need not be asked again.
        let settled = |said: &Problem| matches!(said.status, 404 | 409 | 410 | 422);
        if done.confirmed || done.confirm_refusal.as_ref().is_some_and(settled) {
            Places::new(&self.terminal, message_id)?.forget()?;
        }
        Ok(done)
    }

    /// Fetches and saves a message this call holds.
    async fn download_held(
        &self,
        message_id: &str,
        options: &DownloadOptions,
        progress: &Caller,
    ) -> Result<Downloaded, Error> {
        let session = self.own_session().await?;
        let (terminal, id) = (self.terminal.clone(), message_id.to_owned());
        let (places, kept) = in_background(move || -> Result<_, Error> {
            let places = Places::new(&terminal, &id).map_err(|error| {
                Error::from(ErrorKind::NotClaimed { asked_before: false, error })
            })?;
            let kept = terminal::read_json::<Journal>(&places.journal)?;
            Ok((places, kept))
        })
        .await??;
        let kept = kept.filter(|journal| journal.relay == self.connection.relay());
        // Found out before the one claim is spent.
        let folder = options.folder.clone();
        let made = in_background(move || {
            std::fs::create_dir_all(&folder).map_err(StoreError::io(&folder))
        });
        made.await?.map_err(|error| match kept.as_ref().map(|journal| &journal.step) {
            None | Some(Step::Claiming) => {
                Error::from(ErrorKind::NotClaimed { asked_before: false, error })
            }
            Some(Step::Asking { .. }) => ErrorKind::NotClaimed { asked_before: true, error }.into(),
            Some(Step::Claimed { expires_at, .. }) => {
                let (message_id, until) = (MessageId::from(message_id), Some(*expires_at));
                ErrorKind::NotKept { message_id, until, error }.into()
            }
            Some(Step::Saved { .. }) => error.into(),
        })?;
        let claimed_before =
            matches!(&kept, Some(Journal { step: Step::Claimed { .. } | Step::Saved { .. }, .. }));
        let journal = self.claimed(message_id, kept, &places, progress).await?;
        let mut outcome = self.finish(journal, &session, options, &places, progress).await;
        if let Err(error) = &outcome
            && let ErrorKind::Refused(refusal) = error.kind()
            && matches!(refusal.status, 404 | 410)
        {
            // The token is worth nothing any more.
            let released = claimed_before
                && self
                    .inbox_item(&message_id.into())
                    .await
                    .is_ok_and(|item| item.state == FetchState::Unfetched);
            if released || refusal.code == "download-closed" {
                places.on_disk(Places::forget).await??;
            }
            if released {
                // The relay took the claim back: the message waits to be fetched as before.
                let journal = self.claimed(message_id, None, &places, progress).await?;
                outcome = self.finish(journal, &session, options, &places, progress).await;
            }
        }
        outcome
    }

    /// What was claimed: what an earlier call left, else claimed now.
    async fn claimed(
        &self,
        message_id: &str,
        kept: Option<Journal>,
        places: &Places,
        progress: &Caller,
    ) -> Result<Journal, Error> {
        match kept {
            None | Some(Journal { step: Step::Claiming, .. }) => {
                let item = self.inbox_item(&message_id.into()).await?;
                if progress.is_gone() {
                    return Err(ErrorKind::Cancelled.into());
                }
                let key = random_key()?;
                self.claim(item, key, false, places, progress).await
            }
            Some(Journal { item, step: Step::Asking { key }, .. }) => {
                self.claim(item, key, true, places, progress).await
            }
            Some(journal) => Ok(journal),
        }
    }

    /// Fetches, saves and confirms what was claimed.
    async fn finish(
        &self,
        journal: Journal,
        session: &Session,
        options: &DownloadOptions,
        places: &Places,
        progress: &Caller,
    ) -> Result<Downloaded, Error> {
        let item = journal.item.clone();
        match journal.step {
            // `claimed` leaves these steps behind.
            Step::Claiming | Step::Asking { .. } => {
                Err(ErrorKind::Internal("claim without an end".to_owned()).into())
            }
            Step::Saved { token, sha256, path, signer, text } => {
                let saved = (path, Vec::new(), text, signer);
                self.confirm(item, &token, &sha256, saved).await
            }
            Step::Claimed { token, size, sha256, expires_at } => {
                if size > self.connection.limits().download_bytes {
                    let error = DeliveryError::TooLarge { bytes: size };
                    return Err(ErrorKind::Delivery { error, kept: places.zip.clone() }.into());
                }
                let not_kept = |until| {
                    let message_id = item.id.clone();
                    move |error: Error| {
                        error.map(|kind| match kind {
                            ErrorKind::Store(error) => {
                                ErrorKind::NotKept { message_id, until, error }
                            }
                            kind => kind,
                        })
                    }
                };
                let archive = Archive { token: &token, size, sha256: &sha256, expires_at };
                self.fetch(&item, &archive, &places.zip, progress)
                    .await
                    .map_err(not_kept(Some(expires_at)))?;
                progress.event(Event::Verifying);
                let judge = self.judge().await?;
                let expected = Expected {
                    from: item.from.number.clone(),
                    to: session.office.number.clone(),
                    received_at: item.received_at,
                    judge,
                };
                let saved = self
                    .save(&item, expected, &places.zip, options)
                    .await
                    .map_err(not_kept(None))?;
                let signer = format!(
                    "{} {}",
                    saved.signer.common_name.as_deref().unwrap_or_default(),
                    saved.signer.office.map(|office| office.to_string()).unwrap_or_default()
                );
                let step = Step::Saved {
                    token: token.clone(),
                    sha256: sha256.clone(),
                    path: saved.path.clone(),
                    signer: signer.clone(),
                    text: saved.text.clone(),
                };
                // It is saved, noted or not. Without the note the next call finds it where it is.
                if places.note(&self.journal(item.clone(), step)).await?.is_ok() {
                    remove(&places.zip).await?;
                }
                let saved = (saved.path, saved.files, saved.text, signer);
                self.confirm(item, &token, &sha256, saved).await
            }
        }
    }

    fn journal(&self, item: InboxItem, step: Step) -> Journal {
        Journal { version: 1, relay: self.connection.relay().to_owned(), item, step }
    }

    /// Claims a message under a key. `asked_before`: an earlier call asked under this key, and
    /// what came of it is not known.
    async fn claim(
        &self,
        item: InboxItem,
        key: String,
        asked_before: bool,
        places: &Places,
        progress: &Caller,
    ) -> Result<Journal, Error> {
        let not_claimed = |error| Error::from(ErrorKind::NotClaimed { asked_before, error });
        let room = item.bytes.saturating_add(item.files.saturating_mul(ROOM_PER_FILE));
        let room = room.saturating_add(ROOM_FOR_PROOF).min(self.connection.limits().download_bytes);
        let taken = places.on_disk(move |places| {
            terminal::remove_file(&places.zip)?;
            places.take_room(room)
        });
        taken.await?.map_err(not_claimed)?;
        let mut journal = self.journal(item, Step::Asking { key: key.clone() });
        if !asked_before && let Err(error) = places.note(&journal).await? {
            places.on_disk(Places::give_room_back).await??;
            return Err(not_claimed(error));
        }
        let claim =
            self.ask_for(journal.item.id.as_str(), &key, asked_before, places, progress).await;
        // Room given back is room for the note and for the archive.
        let given_back = places.on_disk(Places::give_room_back).await?;
        let claim = claim?;
        journal.step = Step::Claimed {
            token: claim.download_token,
            size: claim.size,
            sha256: claim.sha256,
            expires_at: claim.expires_at,
        };
        let noted = match given_back {
            Ok(()) => places.note(&journal).await?,
            Err(error) => Err(error),
        };
        noted.map_err(|error| {
            Error::from(ErrorKind::NotKept {
                message_id: journal.item.id.clone(),
                until: Some(claim.expires_at),
                error,
            })
        })?;
        Ok(journal)
    }

    /// Asks for a message under a key that is on disk, again where the answer was lost. The key is
    /// forgotten only when nothing can have been claimed under it.
    async fn ask_for(
        &self,
        message_id: &str,
        key: &str,
        asked_before: bool,
        places: &Places,
        progress: &Caller,
    ) -> Result<Claim, Error> {
        let mut may_hold = asked_before;
        let mut attempt = 1;
        loop {
            let mut call = Call::post(&["inbox", message_id, "claim"], Repeat::Never);
            call.headers.push(("Idempotency-Key", key.to_owned()));
            let answer = tokio::select! {
                answer = self.exchange_in_session(call, progress) => answer,
                // The key is on disk: the next call gets the answer.
                () = progress.gone_for(LAST_WORD) => Ok(Err(given_up())),
            };
            let answer = match answer {
                Ok(answer) => answer,
                Err(error) => {
                    // The session has ended: the relay refused before it did anything.
                    if !may_hold {
                        places.on_disk(Places::forget).await??;
                    }
                    return Err(error);
                }
            };
            let fault = match answer.and_then(|answer| answer.read::<Claim>()) {
                Ok(claim) => return Ok(claim),
                Err(fault) => fault,
            };
            if fault.without_effect() {
                // No such message, or fetched by somebody else: the key will never open it.
                let settled = matches!(
                    &fault, Fault::Refused(refusal) if matches!(refusal.status, 404 | 410)
                );
                if settled || !may_hold {
                    places.on_disk(Places::forget).await??;
                }
                return Err(self.error(fault));
            }
            may_hold = true;
            attempt += 1;
            if progress.is_gone() || attempt > self.connection.limits().attempts {
                let (message_id, detail) = (MessageId::from(message_id), fault.into_detail());
                let kind = ErrorKind::ClaimUnknown { message_id, detail: detail.words };
                return Err(Error::new(kind).because(detail.cause));
            }
            self.connection.wait(attempt, progress).await;
        }
    }

    /// Fetches the ZIP, from where an earlier call stopped, and makes sure of its SHA-256.
    async fn fetch(
        &self,
        item: &InboxItem,
        archive: &Archive<'_>,
        zip: &Path,
        progress: &Caller,
    ) -> Result<(), Error> {
        let Archive { size, sha256, .. } = *archive;
        drop(open_zip(zip, true).await?);
        let mut fresh_starts = 0;
        let mut attempt = 1;
        // Only what goes beyond everything so far is progress: a relay that makes us begin again
        // and again is not followed for ever.
        let mut farthest = length(zip);
        loop {
            let before = length(zip);
            if before == size {
                if digest(zip).await?.eq_ignore_ascii_case(sha256) {
                    return Ok(());
                }
                // Damaged on the way or on disk: once more from the beginning.
                fresh_starts += 1;
                if fresh_starts > 1 {
                    let error = DeliveryError::ChecksumDiffers;
                    return Err(ErrorKind::Delivery { error, kept: zip.to_owned() }.into());
                }
                remove(zip).await?;
            } else if before > size {
                remove(zip).await?;
            }
            let fault = match self.fetch_once(archive, zip, progress).await? {
                Ok(()) => continue,
                Err(fault) => fault,
            };
            let done = length(zip);
            attempt = if done > farthest { 2 } else { attempt + 1 };
            farthest = farthest.max(done);
            match fault {
                Fault::Refused(refusal) if refusal.status < 500 => {
                    return Err(ErrorKind::Refused(refusal).into());
                }
                fault @ (Fault::Handshake { .. }
                | Fault::WrongClock { .. }
                | Fault::Garbled { .. }) => {
                    return Err(self.error(fault));
                }
                fault if progress.is_gone() || attempt > self.connection.limits().attempts => {
                    let detail = fault.into_detail();
                    let kind = ErrorKind::DownloadInterrupted {
                        message_id: item.id.clone(),
                        done,
                        total: size,
                        until: archive.expires_at,
                        detail: detail.words,
                    };
                    return Err(Error::new(kind).because(detail.cause));
                }
                _ => tokio::select! {
                    () = self.connection.wait(attempt, progress) => {}
                    () = progress.gone() => {}
                },
            }
        }
    }

    /// One request for the rest of the ZIP. The outer error is about the disk or the session.
    async fn fetch_once(
        &self,
        archive: &Archive<'_>,
        zip: &Path,
        progress: &Caller,
    ) -> Result<Result<(), Fault>, Error> {
        let Archive { token, size, sha256, .. } = *archive;
        let have = length(zip);
        let mut call = Call::get(&["downloads", token]);
        if have > 0 {
            call.headers.push(("Range", format!("bytes={have}-")));
            call.headers.push(("If-Range", format!("\"{sha256}\"")));
        }
        let session = self.own_session().await?;
        call.bearer = Some(session.access_token.clone());
        let opened = match self.open_for(&call, progress).await {
            Err(Fault::Refused(refusal)) if refusal.status == 401 => {
                call.bearer = Some(self.renew(&session).await?);
                self.open_for(&call, progress).await
            }
            opened => opened,
        };
        let mut response = match opened {
            Ok(response) => response,
            Err(fault) => return Ok(Err(fault)),
        };
        let continues =
            response.status() == StatusCode::PARTIAL_CONTENT && starts_at(&response) == Some(have);
        if response.status() == StatusCode::RANGE_NOT_SATISFIABLE
            || (response.status() == StatusCode::PARTIAL_CONTENT && !continues)
        {
            // What is on disk does not fit what the relay has: from the beginning next time.
            remove(zip).await?;
            return Ok(Err(Fault::Lost { detail: "range".into() }));
        }
        let mut done = if continues { have } else { 0 };
        let mut file = open_zip(zip, continues).await?;
        let io = |error| Error::from(StoreError::Io { path: zip.to_owned(), error });
        let outcome = loop {
            // Between two pieces, never between a piece and its place on disk.
            let chunk = tokio::select! {
                chunk = response.chunk() => chunk,
                () = progress.gone() => break Err(given_up()),
            };
            match chunk {
                Ok(Some(chunk)) => {
                    done += chunk.len() as u64;
                    if done > size {
                        break Err(Fault::Lost {
                            detail: format!("more than {size} bytes").into(),
                        });
                    }
                    file.write_all(&chunk).await.map_err(io)?;
                    progress.event(Event::Downloading { done, total: size });
                }
                Ok(None) if done == size => break Ok(()),
                Ok(None) => {
                    break Err(Fault::Lost { detail: format!("{done} of {size} bytes").into() });
                }
                Err(error) => break Err(Fault::Lost { detail: fault_from(error).into_detail() }),
            }
        };
        file.flush().await.map_err(io)?;
        file.sync_all().await.map_err(io)?;
        drop(file);
        if done > size {
            remove(zip).await?;
        }
        Ok(outcome)
    }

    /// Opens an answer for as long as somebody waits for it.
    async fn open_for(&self, call: &Call, caller: &Caller) -> Result<reqwest::Response, Fault> {
        tokio::select! {
            opened = self.connection.open(call) => opened,
            () = caller.gone() => Err(given_up()),
        }
    }

    async fn save(
        &self,
        item: &InboxItem,
        expected: Expected,
        zip: &Path,
        options: &DownloadOptions,
    ) -> Result<Saved, Error> {
        // The relay's words never become a path.
        let stem = crate::safe_name::make_safe(&format!(
            "{}_{}_{}",
            clock::for_name(item.received_at),
            item.from.number.chars().take(10).collect::<String>(),
            item.id.as_str().chars().take(40).collect::<String>(),
        ));
        let (zip, options) = (Arc::new(zip.to_owned()), options.clone());
        let kept = Arc::clone(&zip);
        let saved = in_background(move || {
            delivery::verify_and_save(&zip, &expected, &options.folder, &stem, options.form)
        })
        .await?;
        saved.map_err(|trouble| match trouble {
            Trouble::Delivery(error) => {
                ErrorKind::Delivery { error, kept: kept.as_ref().clone() }.into()
            }
            Trouble::Store(error) => error.into(),
        })
    }

    async fn confirm(
        &self,
        item: InboxItem,
        token: &str,
        sha256: &str,
        (path, files, text, signer): (PathBuf, Vec<SavedFile>, Option<String>, String),
    ) -> Result<Downloaded, Error> {
        // Told twice, it is still the same.
        let call = Call::post(&["downloads", token, "confirm"], Repeat::Safe)
            .json(serde_json::json!({ "sha256": sha256 }));
        let answer = self.exchange_in_session(call, &Silent).await;
        let (confirmed, confirm_refusal) = match answer {
            Ok(Ok(_)) => (true, None),
            Ok(Err(Fault::Refused(refusal))) => (false, Some(*refusal)),
            Ok(Err(_)) | Err(_) => (false, None),
        };
        Ok(Downloaded {
            message_id: item.id,
            from: item.from,
            path,
            files,
            text,
            signer,
            confirmed,
            confirm_refusal,
        })
    }
}

/// The caller went away: what there is stays, and the next call goes on.
fn given_up() -> Fault {
    Fault::Lost { detail: "given up".into() }
}

/// What a claim gave.
struct Archive<'a> {
    token: &'a str,
    size: u64,
    sha256: &'a str,
    expires_at: Timestamp,
}

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |data| data.len())
}

async fn remove(path: &Path) -> Result<(), Error> {
    let path = path.to_owned();
    Ok(in_background(move || terminal::remove_file(&path)).await??)
}

async fn digest(path: &Path) -> Result<String, Error> {
    let path = path.to_owned();
    Ok(in_background(move || delivery::digest_of(&path)).await??)
}

/// Where a partial answer begins: `bytes 100-199/200`.
fn starts_at(response: &reqwest::Response) -> Option<u64> {
    let range = response.headers().get("content-range")?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split('-').next()?.trim().parse().ok()
}

/// Opens the ZIP of a download to write on, or anew.
async fn open_zip(path: &Path, append: bool) -> Result<tokio::fs::File, Error> {
    let mut options = tokio::fs::OpenOptions::new();
    options.create(true);
    if append {
        options.append(true);
    } else {
        options.write(true).truncate(true);
    }
    #[cfg(unix)]
    options.mode(0o600);
    Ok(options.open(path).await.map_err(StoreError::io(path))?)
}
