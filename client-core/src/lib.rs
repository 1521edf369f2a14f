//! What an office's terminal does in ケアプランデータ連携システム: import a certificate, log in in
//! two stages, send to one office or to many, keep drafts, receive, see what was fetched.
//!
//! [`Client`] is the client of one [`Terminal`], a folder; several terminals can be used side by
//! side. Everything that can go wrong is an [`Error`], which says in Japanese and English what
//! happened and what to do. The wire protocol is the test bed's own: the real one is not public.
//!
//! What is repeated by itself: reads, and sends and claims under the same key.

/// The README, whose example is compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod apart;
mod bulk;
mod certificate;
mod client;
mod clock;
mod code;
mod connection;
mod delivery;
mod download;
mod draft;
mod error;
mod ids;
mod list;
mod local_check;
mod outgoing;
mod parcel;
mod progress;
mod random;
mod request;
mod safe_name;
mod sending;
mod session;
mod shape;
mod terminal;
mod text;
pub mod wire;

pub use bulk::{Bulk, BulkRow, BulkRun, BulkSummary, MAX_ROWS, RowState, Unplaced};
pub use certificate::{
    CertificateError, CertificateFile, CertificateNote, RENEWAL_DAYS, certificate_notes,
};
pub use client::{Client, ClientBuilder, LoggedIn};
pub use clock::{Clock, FixedClock, SystemClock, shown};
pub use code::Code;
pub use connection::Limits;
pub use delivery::{DeliveryError, Form, SavedFile};
pub use download::{Downloaded, PendingDownload};
pub use draft::{Draft, Drafts};
pub use error::{Class, ConnectionFailure, Error, ErrorKind, NoSession, Stage, UserIdFault, Whose};
pub use ids::{Credentials, FirstStage, MessageId, OfficeUserId, Secret, TerminalUserId};
pub use list::{InboxList, InboxSort, Items, List, NoticeList, OutboxList, OutboxSort};
pub use local_check::{LocalCheck, LocalFinding, MAX_FINDINGS, check_message};
pub use outgoing::{MAX_FILE, Message, MessageError, OutgoingFile, OutgoingUnit};
pub use progress::{Event, Progress, Silent};
pub use request::{
    Download, DownloadMany, DownloadRun, Downloading, DownloadingMany, Sending, SendingRows,
};
pub use sending::{Attempt, Check};
pub use session::SessionInfo;
pub use terminal::{StoreError, Terminal};
pub use text::Explanation;
pub use wire::{
    DownloadState, FetchState, Finding, InboxItem, LicenceState, NoticeHead, OutboxItem, Page, Sent,
};

/// What appears in the interface, of the crates it comes from.
pub use careplan_certs::{CertificateFacts, Installed, Judge, Kind as CertificateKind};
pub use careplan_spec::calendar::Month;
pub use careplan_spec::office_number::OfficeNumber;
pub use careplan_spec::{Lang, Text};
pub use futures_util::Stream;
pub use jiff;
