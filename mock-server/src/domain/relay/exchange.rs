//! Sending, lists, fetching once.

use super::{Relay, pending};
use crate::domain::account::OfficeView;
use crate::domain::download::{Claim, Download};
use crate::domain::listing::{Detail, InboxItem, InboxPage, ListQuery, OutboxItem, OutboxPage};
use crate::domain::login::Caller;
use crate::domain::message::{SendRequest, Sent};
use crate::domain::notice::NoticeView;
use crate::domain::secret::Secret;
use crate::domain::top::TopPage;
use crate::refusal::Result;

impl Relay {
    /// Top page of the client (relay.md §2).
    ///
    /// # Errors
    /// The store fails.
    pub async fn top(&self, caller: &Caller) -> Result<TopPage> {
        let _ = caller;
        Err(pending().into())
    }

    /// One notice; it counts as read from now on.
    ///
    /// # Errors
    /// `message-unknown`.
    pub async fn notice(&self, caller: &Caller, id: &str) -> Result<NoticeView> {
        let _ = (caller, id);
        Err(pending().into())
    }

    /// What the directory tells about an office.
    ///
    /// # Errors
    /// `office-unknown`.
    pub async fn office(&self, caller: &Caller, number: &str) -> Result<OfficeView> {
        let _ = (caller, number);
        Err(pending().into())
    }

    /// Takes a message: limits, manifest, signature, names, combination, content (relay.md §2,
    /// §3 E1 – E3). When it returns, the message is kept.
    ///
    /// # Errors
    /// Every refusal about sending.
    pub async fn send(&self, caller: &Caller, request: SendRequest) -> Result<Sent> {
        let _ = (caller, request);
        Err(pending().into())
    }

    /// 受信一覧.
    ///
    /// # Errors
    /// The store fails.
    pub async fn inbox(&self, caller: &Caller, query: &ListQuery) -> Result<InboxPage> {
        let _ = (caller, query);
        Err(pending().into())
    }

    /// One row of 受信一覧.
    ///
    /// # Errors
    /// `message-unknown`.
    pub async fn inbox_item(&self, caller: &Caller, id: &str) -> Result<Detail<InboxItem>> {
        let _ = (caller, id);
        Err(pending().into())
    }

    /// 送信一覧.
    ///
    /// # Errors
    /// The store fails.
    pub async fn outbox(&self, caller: &Caller, query: &ListQuery) -> Result<OutboxPage> {
        let _ = (caller, query);
        Err(pending().into())
    }

    /// One row of 送信一覧.
    ///
    /// # Errors
    /// `message-unknown`.
    pub async fn outbox_item(&self, caller: &Caller, id: &str) -> Result<Detail<OutboxItem>> {
        let _ = (caller, id);
        Err(pending().into())
    }

    /// Fetches a message, once: of any number of requests exactly one wins, and the message is 済
    /// for everybody (relay.md §2).
    ///
    /// # Errors
    /// `message-unknown`, `already-fetched`, `licence-needed`.
    pub async fn claim(&self, caller: &Caller, id: &str) -> Result<Claim> {
        let _ = (caller, id);
        Err(pending().into())
    }

    /// The bytes of a claimed message.
    ///
    /// # Errors
    /// `download-token-unknown`, `download-closed`.
    pub async fn download(&self, caller: &Caller, token: &Secret) -> Result<Download> {
        let _ = (caller, token);
        Err(pending().into())
    }

    /// The client has them; the download ends.
    ///
    /// # Errors
    /// `download-token-unknown`, `checksum-differs`.
    pub async fn confirm(&self, caller: &Caller, token: &Secret, sha256: &str) -> Result<()> {
        let _ = (caller, token, sha256);
        Err(pending().into())
    }
}
