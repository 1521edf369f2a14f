//! What an office's terminal does in ケアプランデータ連携システム: import a certificate, log in in
//! two stages, send to one office or to many, keep drafts, receive, see what was fetched.
//!
//! [`Client`] is the client of one [`Terminal`], a folder; several terminals can be used side by
//! side. Everything that can go wrong is a [`ClientError`], which says in Japanese and English what
//! happened and what to do. The wire protocol is the test bed's own: the real one is not public.
//!
//! What is repeated by itself: reads, and sends and claims under the same key.

/// The README, whose example is compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod apart;
pub mod bulk;
pub mod certificate;
pub mod client;
pub mod clock;
mod connection;
pub mod delivery;
pub mod download;
pub mod draft;
pub mod error;
pub mod local_check;
pub mod outgoing;
mod parcel;
pub mod progress;
mod random;
pub mod safe_name;
pub mod sending;
pub mod session;
pub mod terminal;
pub mod text;
pub mod wire;

pub use bulk::{Bulk, Selection};
pub use client::{Client, Config, Credentials, InboxQuery, LoggedIn, OutboxQuery};
pub use clock::{Clock, FixedClock, SystemClock};
pub use connection::Limits;
pub use delivery::Form;
pub use download::{DownloadOptions, Downloaded};
pub use draft::{Draft, Drafts};
pub use error::{Class, ClientError};
pub use local_check::LocalCheck;
pub use outgoing::{Outgoing, OutgoingFile};
pub use progress::{Event, Progress, Silent};
pub use sending::{Attempt, Check};
pub use terminal::Terminal;
pub use text::Explanation;
