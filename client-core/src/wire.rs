//! The relay's answers. Unknown members are ignored; members the client can do without may be
//! missing. The real system's wire protocol is not public: this is the test bed's own.

use careplan_judge::WordedFinding;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An office and, where it is known, its service kinds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Office {
    /// Office number, 10 characters.
    pub number: String,
    /// Name; empty where the relay does not know it.
    #[serde(default)]
    pub name: String,
    /// Service kind, 2 characters, where the place in a list has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_kind: Option<String>,
    /// Service kinds, 2 characters each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service_kinds: Vec<String>,
    /// Name in kana.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_kana: Option<String>,
    /// Whether the office uses the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses_system: Option<bool>,
}

/// The authority whose certificates the relay accepts.
#[derive(Debug, Clone, Deserialize)]
pub struct Authority {
    /// Certificate of the authority, PEM.
    pub ca_pem: String,
    /// Its revocation list, DER in Base64.
    pub crl_der_base64: String,
    /// Its name.
    #[serde(default)]
    pub issuer: String,
}

/// Answer to stage 1 of the login.
#[derive(Clone, Deserialize)]
pub(crate) struct TerminalToken {
    pub(crate) terminal_token: String,
}

/// Answer to stage 2 of the login and to a refresh.
#[derive(Clone, Deserialize)]
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) refresh_expires_at: Timestamp,
    pub(crate) office: Office,
}

/// The top page (トップページ).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Top {
    /// システム稼働, システム更新.
    pub system: System,
    /// The office that is logged in.
    pub office: Office,
    /// The licence.
    pub licence: Licence,
    /// The certificate, as the relay sees it.
    pub certificate: RelayCertificate,
    /// Messages that wait to be fetched.
    #[serde(default)]
    pub unfetched: u64,
    /// お知らせ一覧.
    #[serde(default)]
    pub notices: Vec<NoticeHead>,
}

/// Whether the system runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct System {
    /// Whether it runs.
    pub running: bool,
    /// The official sentence.
    #[serde(default)]
    pub text: String,
    /// In English.
    #[serde(default)]
    pub text_en: String,
    /// Date of the last update, YYYY-MM-DD.
    #[serde(default)]
    pub updated_on: Option<String>,
}

/// The licence panel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Licence {
    /// State, a stable word of the relay.
    pub state: String,
    /// Last day, YYYY-MM-DD.
    #[serde(default)]
    pub valid_until: Option<String>,
    /// As the screen shows it: `-` until the first charge.
    #[serde(default)]
    pub valid_until_shown: String,
    /// Balance in yen.
    #[serde(default)]
    pub balance_yen: Option<i64>,
    /// As the screen shows it.
    #[serde(default)]
    pub balance_shown: String,
    /// Whether it renews itself.
    #[serde(default)]
    pub auto_renewal: Option<bool>,
    /// Whether it is a free pass.
    #[serde(default)]
    pub free_pass: bool,
}

/// The certificate panel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RelayCertificate {
    /// Serial number, hexadecimal.
    pub serial: String,
    /// `CarePlanJigyousho` or `KaigoJigyousho`.
    #[serde(default)]
    pub kind: String,
    /// Start of validity.
    #[serde(default)]
    pub not_before: Option<String>,
    /// End of validity.
    #[serde(default)]
    pub not_after: Option<String>,
    /// From when it can be renewed.
    #[serde(default)]
    pub renewable_from: Option<String>,
}

/// A line of お知らせ一覧.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoticeHead {
    /// Identifier.
    pub id: String,
    /// Category.
    #[serde(default)]
    pub category: String,
    /// Title.
    pub title: String,
    /// Title in English.
    #[serde(default)]
    pub title_en: String,
    /// 詳細（抜粋）.
    #[serde(default)]
    pub excerpt: String,
    /// When it was published.
    pub published_at: Timestamp,
    /// Whether it was not read yet.
    #[serde(default)]
    pub unread: bool,
}

/// A whole notice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notice {
    /// Identifier.
    pub id: String,
    /// Category.
    #[serde(default)]
    pub category: String,
    /// Title.
    pub title: String,
    /// Title in English.
    #[serde(default)]
    pub title_en: String,
    /// Text.
    pub body: String,
    /// Text in English.
    #[serde(default)]
    pub body_en: String,
    /// When it was published.
    pub published_at: Timestamp,
}

/// Answer to a send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Message identifier.
    pub id: String,
    /// When the relay took it.
    pub sent_at: Timestamp,
    /// The destination.
    pub to: Office,
    /// Number of files.
    #[serde(default)]
    pub files: u64,
    /// Bytes of all files.
    #[serde(default)]
    pub bytes: u64,
    /// Whether the relay had taken it before, under the same key.
    #[serde(default)]
    pub repeated: bool,
}

/// A send unit inside a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitHead {
    /// Identifier of the unit: `K2`, `S1` …
    pub unit: String,
    /// ファイル連番, 14 digits.
    #[serde(default)]
    pub sequence: String,
    /// Service month, where the unit has one.
    #[serde(default)]
    pub service_month: Option<String>,
}

/// Whether a received message was fetched (データ取得状況).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FetchState {
    /// Not yet.
    Unfetched,
    /// 済.
    Fetched,
}

/// Whether a sent message was downloaded (ダウンロード状況).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DownloadState {
    /// 未ダウンロード.
    NotDownloaded,
    /// ダウンロード済.
    Downloaded,
}

/// A file of a message, as its manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
}

/// A line of 受信一覧.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxItem {
    /// Message identifier.
    pub id: String,
    /// 受信日時.
    pub received_at: Timestamp,
    /// 送信元事業所.
    pub from: Office,
    /// Send units.
    #[serde(default)]
    pub units: Vec<UnitHead>,
    /// Number of files.
    #[serde(default)]
    pub files: u64,
    /// Bytes of all files.
    #[serde(default)]
    pub bytes: u64,
    /// Whether there is a text.
    #[serde(default)]
    pub has_text: bool,
    /// データ取得状況.
    pub state: FetchState,
    /// As the screen shows it: empty or 済.
    #[serde(default)]
    pub state_shown: String,
    /// When it was fetched.
    #[serde(default)]
    pub fetched_at: Option<Timestamp>,
    /// The files; only when one message is asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub manifest_files: Vec<ManifestFile>,
}

/// A line of 送信一覧.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxItem {
    /// Message identifier.
    pub id: String,
    /// 送信日時.
    pub sent_at: Timestamp,
    /// 送信先事業所.
    pub to: Office,
    /// Send units.
    #[serde(default)]
    pub units: Vec<UnitHead>,
    /// Number of files.
    #[serde(default)]
    pub files: u64,
    /// Bytes of all files.
    #[serde(default)]
    pub bytes: u64,
    /// Whether there is a text.
    #[serde(default)]
    pub has_text: bool,
    /// ダウンロード状況.
    pub state: DownloadState,
    /// As the screen shows it.
    #[serde(default)]
    pub state_shown: String,
    /// When the receiver fetched it.
    #[serde(default)]
    pub downloaded_at: Option<Timestamp>,
    /// The files; only when one message is asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub manifest_files: Vec<ManifestFile>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The lines.
    pub items: Vec<T>,
    /// Page number, 1-based.
    #[serde(default)]
    pub page: u64,
    /// Lines a page.
    #[serde(default)]
    pub per_page: u64,
    /// Lines in all pages.
    #[serde(default)]
    pub total: u64,
}

/// Answer to a claim.
#[derive(Clone, Deserialize)]
pub(crate) struct Claim {
    pub(crate) download_token: String,
    pub(crate) size: u64,
    pub(crate) sha256: String,
    pub(crate) expires_at: Timestamp,
}

/// What the sender signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the document: 1.
    pub version: u32,
    /// Sender's office number.
    pub from: String,
    /// Receiver's office number.
    pub to: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The text that goes with the files.
    pub text: Option<String>,
    /// The files.
    pub files: Vec<ManifestFile>,
}

/// A refusal as it comes over the wire: an RFC 9457 problem document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// HTTP status.
    #[serde(default)]
    pub status: u16,
    /// Stable code, kebab case.
    #[serde(default)]
    pub code: String,
    /// What is refused, Japanese; the official text where there is one.
    #[serde(default)]
    pub title: String,
    /// In English.
    #[serde(default)]
    pub title_en: String,
    /// The exact cause, Japanese.
    #[serde(default)]
    pub detail: String,
    /// In English.
    #[serde(default)]
    pub detail_en: String,
    /// What to do, Japanese.
    #[serde(default)]
    pub hint: String,
    /// In English.
    #[serde(default)]
    pub hint_en: String,
    /// Whether the title is an official text.
    #[serde(default)]
    pub official: bool,
    /// Clause.
    #[serde(default)]
    pub clause: String,
    /// Stated, Inferred or Assumed.
    #[serde(default)]
    pub basis: String,
    /// When it is worth trying again.
    #[serde(default)]
    pub retry_at: Option<Timestamp>,
    /// For the help desk.
    #[serde(default)]
    pub request_id: String,
    /// What the relay found in the files.
    #[serde(default)]
    pub findings: Vec<WordedFinding>,
    /// How many there are in all; the list may be cut.
    #[serde(default)]
    pub findings_total: Option<u64>,
}

impl Problem {
    /// A refusal of which only the status is known.
    pub(crate) fn without_words(status: u16, request_id: Option<String>) -> Self {
        Self { status, request_id: request_id.unwrap_or_default(), ..Self::default() }
    }
}
