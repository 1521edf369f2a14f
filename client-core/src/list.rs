//! 受信一覧, 送信一覧 and お知らせ一覧: page by page, or as a stream.

use std::collections::VecDeque;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll};

use careplan_spec::Text;
use careplan_spec::office_number::OfficeNumber;
use futures_util::Stream;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::connection::Call;
use crate::error::{Error, ErrorKind};
use crate::wire::{DownloadState, FetchState, InboxItem, NoticeHead, OutboxItem, Page};

macro_rules! orders {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $order:ident $word:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$meaning])* $order,)*
        }

        impl $name {
            /// The word the relay uses for it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$order => $word,)*
                }
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(word: &str) -> Result<Self, Error> {
                match word {
                    $($word => Ok(Self::$order),)*
                    other => Err(unknown_order(other, &[$($word),*])),
                }
            }
        }
    };
}

orders! {
    /// The order of 受信一覧.
    InboxSort {
        /// The newest first.
        #[default]
        NewestFirst "-received_at",
        /// The oldest first.
        OldestFirst "received_at",
        /// By the sender's office number.
        Sender "from",
        /// The same, backwards.
        SenderBackwards "-from",
    }
}

orders! {
    /// The order of 送信一覧.
    OutboxSort {
        /// The newest first.
        #[default]
        NewestFirst "-sent_at",
        /// The oldest first.
        OldestFirst "sent_at",
        /// By the receiver's office number.
        Receiver "to",
        /// The same, backwards.
        ReceiverBackwards "-to",
    }
}

fn unknown_order(word: &str, known: &[&str]) -> Error {
    ErrorKind::Setting(Text::made(
        format!("並び順「{word}」はありません（{}）。", known.join("、")),
        format!("There is no order {word:?} ({}).", known.join(", ")),
    ))
    .into()
}

/// Which list, and which part of it.
#[derive(Debug, Clone)]
struct Query {
    list: &'static str,
    parameters: Vec<(&'static str, String)>,
    per_page: u32,
}

impl Query {
    const fn of(list: &'static str) -> Self {
        Self { list, parameters: Vec::new(), per_page: 0 }
    }

    /// A list of messages, with the names of their files.
    fn of_messages(list: &'static str) -> Self {
        let mut query = Self::of(list);
        query.set("file_names", "true".to_owned());
        query
    }

    fn set(&mut self, name: &'static str, value: String) {
        self.parameters.retain(|(known, _)| *known != name);
        self.parameters.push((name, value));
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        client: &Client,
        place: &Place,
    ) -> Result<Page<T>, Error> {
        let mut call = Call::get(&[self.list]);
        call.query.clone_from(&self.parameters);
        if self.per_page > 0 {
            call.query.push(("per_page", self.per_page.to_string()));
        }
        call.query.push(match place {
            Place::Page(page) => ("page", page.to_string()),
            Place::After(cursor) => ("after", cursor.clone()),
        });
        client.told(client.ask_in_session(call).await)
    }

    fn stream<T>(self, client: Client) -> Items<T>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let begin =
            Walk { client, query: self, next: Some(Place::Page(1)), ready: VecDeque::new() };
        Items(stream::unfold(begin, Walk::step).boxed())
    }
}

/// Where a page of a list begins.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Page(u64),
    /// What the page before it said.
    After(String),
}

/// On the way through a list.
struct Walk<T> {
    client: Client,
    query: Query,
    next: Option<Place>,
    ready: VecDeque<T>,
}

impl<T: DeserializeOwned> Walk<T> {
    async fn step(mut self) -> Option<(Result<T, Error>, Self)> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some((Ok(item), self));
            }
            let place = self.next.take()?;
            match self.query.ask::<T>(&self.client, &place).await {
                Ok(page) => {
                    self.next = after(&place, &page);
                    self.ready.extend(page.items);
                }
                // The stream ends with the error.
                Err(error) => return Some((Err(error), self)),
            }
        }
    }
}

/// Where the next page begins: where the relay says, or by number for a relay that does not. A page
/// without lines is the last one.
fn after<T>(place: &Place, page: &Page<T>) -> Option<Place> {
    if page.items.is_empty() && page.unreadable == 0 {
        return None;
    }
    match (&page.next, place) {
        (Some(cursor), place) => {
            let next = Place::After(cursor.clone());
            // A relay that leads in a circle is not followed.
            (next != *place).then_some(next)
        }
        (None, Place::Page(number)) => {
            let seen = number.saturating_mul(page.per_page);
            (page.per_page > 0 && seen < page.total).then(|| Place::Page(number + 1))
        }
        (None, Place::After(_)) => None,
    }
}

/// The lines of a list, one after the other; pages are asked for as they are needed. Ends with the
/// first error. A [`Stream`] too, for those who use `futures`.
pub struct Items<T>(BoxStream<'static, Result<T, Error>>);

impl<T> Items<T> {
    /// The next line; `None` behind the last one.
    ///
    /// # Cancel safety
    /// Dropped, the page under way is lost and with it the rest of the list: begin anew.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        self.0.next().await
    }
}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> std::fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Items")
    }
}

/// A list of the relay, and which part of it. Awaited, it gives the first page.
#[derive(Debug, Clone)]
#[must_use = "nothing is asked before it is awaited or made a stream"]
pub struct List<T> {
    client: Client,
    query: Query,
    lines: PhantomData<fn() -> T>,
}

/// 受信一覧; made by [`Client::inbox`]. What arrives while it is read whole moves no line to another
/// page.
pub type InboxList = List<InboxItem>;

/// 送信一覧; made by [`Client::outbox`]. What is sent while it is read whole moves no line to another
/// page.
pub type OutboxList = List<OutboxItem>;

/// お知らせ一覧, the newest first; made by [`Client::notices`]. One published while it is read whole
/// may show a line twice.
pub type NoticeList = List<NoticeHead>;

impl<T> List<T> {
    fn of(client: &Client, query: Query) -> Self {
        Self { client: client.clone(), query, lines: PhantomData }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.set(name, value.into());
        self
    }

    /// Lines a page; without this, or with 0, the relay decides: as many as its screens show.
    pub const fn per_page(mut self, lines: u32) -> Self {
        self.query.per_page = lines;
        self
    }
}

impl<T: DeserializeOwned + Send + 'static> List<T> {
    /// A page, counted from 1; 0 is taken as 1.
    ///
    /// # Errors
    /// When nobody is logged in or the relay cannot be asked.
    pub async fn page(&self, number: u32) -> Result<Page<T>, Error> {
        self.query.ask(&self.client, &Place::Page(u64::from(number.max(1)))).await
    }

    /// All lines of all pages.
    pub fn into_stream(self) -> Items<T> {
        self.query.stream(self.client)
    }
}

impl<T: DeserializeOwned + Send + 'static> IntoFuture for List<T> {
    type Output = Result<Page<T>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.page(1).await })
    }
}

impl InboxList {
    pub(crate) fn inbox(client: &Client) -> Self {
        Self::of(client, Query::of_messages("inbox"))
    }

    /// Only those in this state (データ取得状況).
    pub fn state(self, state: FetchState) -> Self {
        self.with("state", state.as_str())
    }

    /// Only those of this sender.
    pub fn from(self, office: OfficeNumber) -> Self {
        self.with("from", office.as_str())
    }

    /// Only those with this text in the number or name of an office, or in a file name.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.with("query", text)
    }

    /// The order; without this, the newest first.
    pub fn sort(self, sort: InboxSort) -> Self {
        self.with("sort", sort.as_str())
    }
}

impl OutboxList {
    pub(crate) fn outbox(client: &Client) -> Self {
        Self::of(client, Query::of_messages("outbox"))
    }

    /// Only those in this state (ダウンロード状況).
    pub fn state(self, state: DownloadState) -> Self {
        self.with("state", state.as_str())
    }

    /// Only those to this receiver.
    pub fn to(self, office: OfficeNumber) -> Self {
        self.with("to", office.as_str())
    }

    /// Only those with this text in the number or name of an office, or in a file name.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.with("query", text)
    }

    /// The order; without this, the newest first.
    pub fn sort(self, sort: OutboxSort) -> Self {
        self.with("sort", sort.as_str())
    }
}

impl NoticeList {
    pub(crate) fn notices(client: &Client) -> Self {
        Self::of(client, Query::of("notices"))
    }
}
