//! What is asked of a client in one go, with progress and a way to give it up: to send a message, a
//! draft or the rows of a bulk send, to fetch one message or several. Each is made by a method of
//! [`Client`] and begins when it is awaited.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::path::PathBuf;

use futures_util::future::BoxFuture;

use crate::apart::in_background;
use crate::bulk::{Bulk, BulkRun, Selection};
use crate::client::Client;
use crate::delivery::Form;
use crate::download::{DownloadOptions, Downloaded};
use crate::error::{Error, ErrorKind};
use crate::ids::MessageId;
use crate::outgoing::Message;
use crate::progress::{Event, Progress, Silent};
use crate::sending::{Attempt, Check};
use crate::wire::Sent;

/// Who listens, and what gives it up.
struct Watch<'a> {
    progress: Box<dyn Progress + 'a>,
    cancel: Option<BoxFuture<'a, ()>>,
}

impl Default for Watch<'_> {
    fn default() -> Self {
        Self { progress: Box::new(Silent), cancel: None }
    }
}

impl Watch<'_> {
    /// Does the work unless it is given up before.
    async fn unless<T>(
        cancel: Option<BoxFuture<'_, ()>>,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let Some(cancel) = cancel else { return work.await };
        tokio::select! {
            biased;
            outcome = work => outcome,
            () = cancel => Err(ErrorKind::Cancelled.into()),
        }
    }
}

macro_rules! watched {
    ($lifetime:lifetime) => {
        /// Who is told how far it is: any `Fn(Event)`. Called from the task that does the work.
        pub fn progress(mut self, progress: impl Progress + $lifetime) -> Self {
            self.watch.progress = Box::new(progress);
            self
        }

        /// Gives it up when this future ends: a `CancellationToken::cancelled()`, a channel, a timer.
        /// It ends with [`ErrorKind::Cancelled`] then, as safely as when the future is dropped.
        pub fn cancel(mut self, given_up: impl Future<Output = ()> + Send + $lifetime) -> Self {
            self.watch.cancel = Some(Box::pin(given_up));
            self
        }
    };
}

/// A message or a draft on its way; made by [`Client::send`] and [`Client::send_draft`].
#[must_use = "nothing is sent before it is awaited"]
pub struct Sending<'a> {
    client: Client,
    what: What,
    check: Check,
    watch: Watch<'a>,
}

enum What {
    Message(Message),
    Draft(String),
    Prepared(Box<(Message, Attempt)>),
}

impl<'a> Sending<'a> {
    watched!('a);

    /// Whether the local check decides; without this, it does.
    pub const fn check(mut self, check: Check) -> Self {
        self.check = check;
        self
    }

    async fn send(self) -> Result<Sent, Error> {
        let Self { client, what, check, watch: Watch { progress, cancel } } = self;
        let message = match what {
            What::Draft(id) => {
                let sending = client.send_draft_held(&id, check, &*progress);
                return Watch::unless(cancel, sending).await;
            }
            What::Prepared(prepared) => {
                let (message, attempt) = &*prepared;
                let sending = client.send_attempt(message, attempt, &*progress);
                return Watch::unless(cancel, sending).await;
            }
            What::Message(message) => message,
        };
        let (drafts, now) = (client.terminal().drafts(), client.clock().now());
        let keep = drafts.clone();
        let kept = in_background(move || keep.save_new(message.files(), message.body(), now));
        let id = kept.await??.id;
        let sent = Watch::unless(cancel, client.send_draft_held(&id, check, &*progress)).await;
        let error = match sent {
            Ok(sent) => return Ok(sent),
            Err(error) => error,
        };
        // Where it may have arrived the draft stays: under its key there will be one message.
        Err(match drafts.remove_unsent(&id).await {
            Ok(false) => error,
            // One that cannot be removed is a draft, too.
            Ok(true) | Err(_) => error.keeping(id),
        })
    }
}

impl<'a> IntoFuture for Sending<'a> {
    type Output = Result<Sent, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let client = self.client.clone();
            client.told(self.send().await)
        })
    }
}

/// Rows of a bulk send on their way; made by [`Client::send_bulk`].
#[must_use = "nothing is sent before it is awaited"]
pub struct SendingRows<'a> {
    client: Client,
    bulk: &'a mut Bulk,
    selection: Selection,
    check: Check,
    watch: Watch<'a>,
}

impl<'a> SendingRows<'a> {
    watched!('a);

    /// Whether the local check decides; without this, it does.
    pub const fn check(mut self, check: Check) -> Self {
        self.check = check;
        self
    }

    /// Only the rows with these numbers.
    pub fn rows(mut self, numbers: impl IntoIterator<Item = usize>) -> Self {
        self.selection.rows = Some(numbers.into_iter().collect());
        self
    }

    /// Failed rows too, without having been edited.
    pub const fn retry_failed(mut self, retry: bool) -> Self {
        self.selection.retry_failed = retry;
        self
    }
}

impl<'a> IntoFuture for SendingRows<'a> {
    type Output = Result<BulkRun, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { client, bulk, selection, check, watch: Watch { progress, cancel } } = self;
            let run = client.send_bulk_held(bulk, &selection, check, &*progress);
            let run = Watch::unless(cancel, run).await;
            client.told(run.map(|run| run.in_lang(client.terminal().lang())))
        })
    }
}

/// A message to be fetched; made by [`Client::download`]. It needs a place first.
#[must_use = "nothing is fetched before it has a place and is awaited"]
pub struct Download {
    client: Client,
    id: MessageId,
}

impl Download {
    /// The folder chosen by the user; made if it is not there. The message gets a folder of its own in
    /// it.
    pub fn to<'a>(self, folder: impl Into<PathBuf>) -> Downloading<'a> {
        let options = DownloadOptions { folder: folder.into(), form: Form::default() };
        Downloading { client: self.client, id: self.id, options, watch: Watch::default() }
    }
}

/// A message on its way to a folder.
#[must_use = "nothing is fetched before it is awaited"]
pub struct Downloading<'a> {
    client: Client,
    id: MessageId,
    options: DownloadOptions,
    watch: Watch<'a>,
}

impl<'a> Downloading<'a> {
    watched!('a);

    /// Unpacked, as without this, or as the ZIP it came in.
    pub const fn form(mut self, form: Form) -> Self {
        self.options.form = form;
        self
    }
}

impl<'a> IntoFuture for Downloading<'a> {
    type Output = Result<Downloaded, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { client, id, options, watch: Watch { progress, cancel } } = self;
            let fetched = client.download_once(id.as_str(), &options, &*progress);
            client.told(Watch::unless(cancel, fetched).await)
        })
    }
}

/// Several messages to be fetched; made by [`Client::download_many`]. They need a place first.
#[must_use = "nothing is fetched before it has a place and is awaited"]
pub struct DownloadMany {
    client: Client,
    ids: Vec<MessageId>,
}

impl DownloadMany {
    /// The folder chosen by the user; made if it is not there. Every message gets a folder of its own
    /// in it.
    pub fn to<'a>(self, folder: impl Into<PathBuf>) -> DownloadingMany<'a> {
        let options = DownloadOptions { folder: folder.into(), form: Form::default() };
        DownloadingMany { client: self.client, ids: self.ids, options, watch: Watch::default() }
    }
}

/// Several messages on their way to a folder, one after the other.
#[must_use = "nothing is fetched before it is awaited"]
pub struct DownloadingMany<'a> {
    client: Client,
    ids: Vec<MessageId>,
    options: DownloadOptions,
    watch: Watch<'a>,
}

/// How fetching several messages ended.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct DownloadRun {
    /// What was fetched, in order.
    pub fetched: Vec<Downloaded>,
    /// What was not, and why. A message that fails does not keep the others back.
    pub failed: Vec<(MessageId, Error)>,
    /// What was not asked for any more: the last failure would have met it too, or it was given up.
    pub left: Vec<MessageId>,
}

impl<'a> DownloadingMany<'a> {
    watched!('a);

    /// Unpacked, as without this, or as the ZIPs they came in.
    pub const fn form(mut self, form: Form) -> Self {
        self.options.form = form;
        self
    }

    async fn fetch(self) -> DownloadRun {
        let Self { client, ids, options, watch: Watch { progress, mut cancel } } = self;
        let (mut run, total) = (DownloadRun::default(), ids.len());
        let mut ids = ids.into_iter().enumerate();
        for (done, id) in ids.by_ref() {
            progress.event(Event::MessageStarted { number: done + 1, total });
            let work = client.download_once(id.as_str(), &options, &*progress);
            let given_up = cancel.as_mut().map(|cancel| -> BoxFuture<'_, ()> { Box::pin(cancel) });
            let outcome = client.told(Watch::unless(given_up, work).await);
            progress.event(Event::MessageEnded { number: done + 1, saved: outcome.is_ok() });
            match outcome {
                Ok(fetched) => run.fetched.push(fetched),
                Err(error) => {
                    let stops = error.stops_everything();
                    run.failed.push((id, error));
                    if stops {
                        break;
                    }
                }
            }
        }
        run.left = ids.map(|(_, id)| id).collect();
        run
    }
}

impl<'a> IntoFuture for DownloadingMany<'a> {
    type Output = DownloadRun;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.fetch())
    }
}

macro_rules! shapes {
    ($($name:ident $(<$lifetime:lifetime>)?),*) => {
        $(
            impl fmt::Debug for $name $(<$lifetime>)? {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct(stringify!($name)).finish_non_exhaustive()
                }
            }
        )*
    };
}

shapes!(Sending<'_>, SendingRows<'_>, Download, Downloading<'_>, DownloadMany, DownloadingMany<'_>);

impl Client {
    /// Sends a message. It is kept as a draft, checked, signed and sent under a key of its own; when
    /// the relay has taken it, or certainly has not, the draft is gone again.
    ///
    /// ```no_run
    /// # async fn day(client: careplan_client_core::Client) -> Result<(), careplan_client_core::Error> {
    /// use careplan_client_core::{Message, OutgoingFile};
    ///
    /// let files = OutgoingFile::read_all(&["export".into()])?;
    /// let sent = client.send(Message::new(files)?.text("よろしくお願いします。")).await?;
    /// println!("{} → {}", sent.id, sent.to.name);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the local check or the relay refuses, or the relay cannot be reached. Where the message may
    /// have arrived ([`ErrorKind::SendUnknown`]), [`Error::draft`] is the draft to send again: that
    /// cannot make a second message.
    ///
    /// # Cancel safety
    /// Dropped, the message stays as a draft; sending that draft again cannot make a second message.
    pub fn send<'a>(&self, message: Message) -> Sending<'a> {
        Sending {
            client: self.clone(),
            what: What::Message(message),
            check: Check::default(),
            watch: Watch::default(),
        }
    }

    /// Sends a message under an attempt of [`Client::prepare`], for programs that keep both in a store
    /// of their own; the local check is theirs, too. May be called again with the same attempt as long
    /// as [`ErrorKind::SendUnknown`] comes back.
    ///
    /// # Errors
    /// When the relay refuses or cannot be reached. What is said of the message is about this call.
    ///
    /// # Cancel safety
    /// Dropped, the message has arrived or it has not. Calling it again with the same attempt, and no
    /// other, makes sure of one message.
    pub fn send_prepared<'a>(&self, message: &Message, attempt: &Attempt) -> Sending<'a> {
        Sending {
            client: self.clone(),
            what: What::Prepared(Box::new((message.clone(), attempt.clone()))),
            check: Check::default(),
            watch: Watch::default(),
        }
    }

    /// Sends a draft and removes it when the relay has taken it. The attempt is on disk before the
    /// first byte leaves: after a crash or a broken connection, sending the draft again cannot make a
    /// second message.
    ///
    /// # Errors
    /// `busy` while another call sends or changes the draft; when the draft cannot be sent as it is, or
    /// the relay refuses or cannot be reached. The draft stays.
    ///
    /// # Cancel safety
    /// Dropped, the draft stays as one whose ending is not known; sending it again cannot make a second
    /// message.
    pub fn send_draft<'a>(&self, id: &str) -> Sending<'a> {
        Sending {
            client: self.clone(),
            what: What::Draft(id.to_owned()),
            check: Check::default(),
            watch: Watch::default(),
        }
    }

    /// Sends the rows of a bulk send that wait, one after the other. A row that fails does not keep
    /// the others back; what would stop every row stops the run.
    ///
    /// # Errors
    /// `busy` while another call sends or changes it; when the run cannot begin, or the terminal folder
    /// fails.
    ///
    /// # Cancel safety
    /// Dropped, the row that was under way is one whose ending is not known, the rows before it are
    /// noted, and those behind it wait. The next run goes on without sending a row twice.
    pub fn send_bulk<'a>(&self, bulk: &'a mut Bulk) -> SendingRows<'a> {
        SendingRows {
            client: self.clone(),
            bulk,
            selection: Selection::default(),
            check: Check::default(),
            watch: Watch::default(),
        }
    }

    /// Fetches a message and saves it: claims it, or goes on with what an earlier call began.
    ///
    /// Before anything is confirmed, the ZIP's SHA-256, the sender's signature over the manifest and
    /// the digest of every file are verified. The message is saved into a folder of its own,
    /// `<received>_<sender's office number>_<message>`; where that exists, ` (2)` is added.
    ///
    /// ```no_run
    /// # async fn day(client: careplan_client_core::Client) -> Result<(), careplan_client_core::Error> {
    /// use careplan_client_core::FetchState;
    ///
    /// let mut waiting = client.inbox().state(FetchState::Unfetched).into_stream();
    /// while let Some(item) = waiting.next().await {
    ///     let got = client.download(item?.id).to("received").await?;
    ///     println!("{}", got.path.display());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `busy` while another call fetches the same message; when the relay refuses or cannot be reached,
    /// the answer to the claim was lost, the message cannot be verified, or it cannot be saved. After
    /// each of them the same call may be made again and goes on where this one stopped.
    ///
    /// # Cancel safety
    /// Dropped before the message is claimed, nothing has happened. Dropped later, the answer to the
    /// claim is waited for a second longer, fetching stops with what there is of it, and an archive
    /// that is complete is verified and saved. The next call waits for that moment and goes on from
    /// there: under the same key, so that a claim is never lost.
    pub fn download(&self, id: impl Into<MessageId>) -> Download {
        Download { client: self.clone(), id: id.into() }
    }

    /// Fetches several messages, one after the other, as [`Client::download`] does each. A message
    /// that fails does not keep the others back; what would stop every one ends it.
    pub fn download_many<I>(&self, ids: I) -> DownloadMany
    where
        I: IntoIterator,
        I::Item: Into<MessageId>,
    {
        let ids = ids.into_iter().map(Into::into).collect();
        DownloadMany { client: self.clone(), ids }
    }
}
