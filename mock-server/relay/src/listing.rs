//! 受信一覧 and 送信一覧 (relay.md §2).

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::message::{ManifestFile, UnitView};
use crate::store::StoreError;
use crate::store::record::MessageRecord;

/// The other office in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Partner {
    /// Office number.
    pub number: String,
    /// Name, as it was when the message was taken.
    pub name: String,
    /// Service kind in the file names; null in version 3.
    pub service_kind: Option<String>,
}

/// データ取得状況 of the receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InboxState {
    /// Nobody has fetched it.
    Unfetched,
    /// Fetched: 済.
    Fetched,
}

/// ダウンロード状況 the sender sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// 未ダウンロード.
    NotDownloaded,
    /// ダウンロード済.
    Downloaded,
}

/// A row of 受信一覧.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InboxItem {
    /// Identifier.
    pub id: String,
    /// 受信日時.
    pub received_at: Timestamp,
    /// 送信元事業所.
    pub from: Partner,
    /// Send units.
    pub units: Vec<UnitView>,
    /// Number of files.
    pub files: u32,
    /// Their names, in the order of the manifest; only where they are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_names: Option<Vec<String>>,
    /// Bytes of the files together.
    pub bytes: u64,
    /// Whether there is a text.
    pub has_text: bool,
    /// データ取得状況.
    pub state: InboxState,
    /// As the screen shows it: empty or `済`.
    pub state_shown: &'static str,
    /// When it was fetched.
    pub fetched_at: Option<Timestamp>,
}

/// A row of 送信一覧.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutboxItem {
    /// Identifier.
    pub id: String,
    /// 送信日時.
    pub sent_at: Timestamp,
    /// 送信先事業所.
    pub to: Partner,
    /// Send units.
    pub units: Vec<UnitView>,
    /// Number of files.
    pub files: u32,
    /// Their names, in the order of the manifest; only where they are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_names: Option<Vec<String>>,
    /// Bytes of the files together.
    pub bytes: u64,
    /// Whether there is a text.
    pub has_text: bool,
    /// ダウンロード状況.
    pub state: OutboxState,
    /// As the screen shows it: `未ダウンロード` or `ダウンロード済`.
    pub state_shown: &'static str,
    /// When the receiver fetched it.
    pub downloaded_at: Option<Timestamp>,
}

/// A page of 受信一覧.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InboxPage {
    /// The rows.
    pub items: Vec<InboxItem>,
    /// Page, 1-based.
    pub page: u32,
    /// Rows of a page.
    pub per_page: u32,
    /// Rows on all pages.
    pub total: u64,
    /// What the next page is asked for with, as `after`; null on the last page.
    pub next: Option<String>,
}

/// A page of 送信一覧.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutboxPage {
    /// The rows.
    pub items: Vec<OutboxItem>,
    /// Page, 1-based.
    pub page: u32,
    /// Rows of a page.
    pub per_page: u32,
    /// Rows on all pages.
    pub total: u64,
    /// What the next page is asked for with, as `after`; null on the last page.
    pub next: Option<String>,
}

/// A row of 受信一覧 with its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InboxDetail {
    /// The row.
    #[serde(flatten)]
    pub item: InboxItem,
    /// The files as the sender's manifest lists them.
    pub manifest_files: Vec<ManifestFile>,
}

/// A row of 送信一覧 with its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutboxDetail {
    /// The row.
    #[serde(flatten)]
    pub item: OutboxItem,
    /// The files as the manifest lists them.
    pub manifest_files: Vec<ManifestFile>,
}

/// A row of either list.
pub(crate) trait Item: TryFrom<MessageRecord, Error = StoreError> {
    /// The place for the names of its files.
    fn file_names(&mut self) -> &mut Option<Vec<String>>;
}

impl Item for InboxItem {
    fn file_names(&mut self) -> &mut Option<Vec<String>> {
        &mut self.file_names
    }
}

impl Item for OutboxItem {
    fn file_names(&mut self) -> &mut Option<Vec<String>> {
        &mut self.file_names
    }
}

/// The files of a message, as they are kept.
pub(crate) fn files_of(record: &MessageRecord) -> Result<Vec<ManifestFile>, StoreError> {
    let corrupt = |_| StoreError::Corrupt { table: "message", column: "files" };
    serde_json::from_str(&record.files).map_err(corrupt)
}

/// A row with the names of its files.
pub(crate) fn with_file_names<T: Item>(record: MessageRecord) -> Result<T, StoreError> {
    let names = files_of(&record)?.into_iter().map(|file| file.name).collect();
    let mut item = T::try_from(record)?;
    *item.file_names() = Some(names);
    Ok(item)
}

fn units_of(record: &MessageRecord) -> Result<Vec<UnitView>, StoreError> {
    let corrupt = |_| StoreError::Corrupt { table: "message", column: "units" };
    serde_json::from_str(&record.units).map_err(corrupt)
}

impl TryFrom<MessageRecord> for InboxItem {
    type Error = StoreError;

    fn try_from(record: MessageRecord) -> Result<Self, StoreError> {
        let units = units_of(&record)?;
        let fetched = record.claimed_at.is_some();
        Ok(Self {
            id: record.id,
            received_at: record.sent_at,
            from: Partner {
                number: record.sender,
                name: record.sender_name,
                service_kind: record.sender_kind,
            },
            units,
            files: record.file_count,
            file_names: None,
            bytes: record.bytes,
            has_text: record.has_text,
            state: if fetched { InboxState::Fetched } else { InboxState::Unfetched },
            state_shown: if fetched { "済" } else { "" },
            fetched_at: record.claimed_at,
        })
    }
}

impl TryFrom<MessageRecord> for OutboxItem {
    type Error = StoreError;

    fn try_from(record: MessageRecord) -> Result<Self, StoreError> {
        let units = units_of(&record)?;
        let kinds = &record.receiver_kinds;
        let first_kind = kinds.split(' ').next().filter(|kind| !kind.is_empty()).map(Into::into);
        let downloaded = record.claimed_at.is_some();
        Ok(Self {
            id: record.id,
            sent_at: record.sent_at,
            to: Partner {
                number: record.receiver,
                name: record.receiver_name,
                service_kind: first_kind,
            },
            units,
            files: record.file_count,
            file_names: None,
            bytes: record.bytes,
            has_text: record.has_text,
            state: if downloaded { OutboxState::Downloaded } else { OutboxState::NotDownloaded },
            state_shown: if downloaded { "ダウンロード済" } else { "未ダウンロード" },
            downloaded_at: record.claimed_at,
        })
    }
}
