//! The relay's answers. Unknown members are ignored; members the client can do without may be
//! missing. The real system's wire protocol is not public: this is the test bed's own.

use std::str::FromStr;

use careplan_certs::Kind;
use careplan_spec::calendar::{self, Month};
use careplan_spec::office_number::OfficeNumber;
use careplan_spec::{Lang, Text};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::MessageId;
use crate::shape::shapes;

/// An office and, where it is known, its service kinds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
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

impl Office {
    /// Its number, where it is one.
    pub fn office_number(&self) -> Option<OfficeNumber> {
        OfficeNumber::parse(self.number.as_bytes())
    }
}

/// The authority whose certificates the relay accepts.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
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

macro_rules! states {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $state:ident $word:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$meaning])* $state,)*
            /// A state this client does not know, in the relay's word.
            Unknown(String),
        }

        impl $name {
            /// The relay's word for it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$state => $word,)*
                    Self::Unknown(word) => word,
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $($word => Self::$state,)*
                    _ => Self::Unknown(word),
                }
            }
        }

        impl From<$name> for String {
            fn from(state: $name) -> Self {
                state.as_str().to_owned()
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }
    };
}

/// What can be read of a text; what cannot keeps nobody from the rest of a page.
fn parsed<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

fn kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Kind>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    Ok(name.and_then(|name| Kind::from_common_name(&name)))
}

/// The top page (トップページ).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Top {
    /// システム稼働, システム更新.
    pub system: System,
    /// The office that is logged in.
    pub office: Office,
    /// The licence.
    pub licence: Licence,
    /// The certificate, as the relay sees it.
    pub certificate: RelayCertificate,
    /// When the password of 事業所ユーザID expires and opens nothing any more; `None` where it does not,
    /// or the relay does not say.
    #[serde(default)]
    pub password_expires_at: Option<Timestamp>,
    /// 利用状況Webサイト, to be opened in a browser.
    #[serde(default)]
    pub usage_site: Option<String>,
    /// Messages that wait to be fetched.
    #[serde(default)]
    pub unfetched: u64,
    /// お知らせ一覧.
    #[serde(default)]
    pub notices: Vec<NoticeHead>,
}

/// From how many days before its end a password is told to expire. Basis: Assumed; the guides say
/// that an expired one opens nothing, and not when the client begins to say so.
const PASSWORD_DAYS: i64 = 14;

impl Top {
    /// Whether the password of 事業所ユーザID expires within two weeks: it is changed on
    /// 電子請求受付システム, best before then.
    pub fn password_ends_soon(&self, now: Timestamp) -> bool {
        let left = |end: Timestamp| end.as_second() - now.as_second();
        self.password_expires_at.is_some_and(|end| left(end) <= PASSWORD_DAYS * 86_400)
    }
}

/// Whether the system runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct System {
    /// Whether it runs.
    pub running: bool,
    /// The official sentence.
    #[serde(default)]
    pub text: String,
    /// In English.
    #[serde(default)]
    pub text_en: String,
    /// システム更新: day of the last update.
    #[serde(default, deserialize_with = "parsed")]
    pub updated_on: Option<Date>,
}

states! {
    /// Where a licence stands.
    LicenceState {
        /// Never applied for.
        None "none",
        /// Applied for, the first charge has not come yet.
        Applied "applied",
        /// In force.
        Active "active",
        /// Past its end.
        Expired "expired",
    }
}

/// The licence panel.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Licence {
    /// Where it stands.
    pub state: LicenceState,
    /// Last day; `None` until the first charge.
    #[serde(default, deserialize_with = "parsed")]
    pub valid_until: Option<Date>,
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
#[non_exhaustive]
pub struct RelayCertificate {
    /// Serial number, decimal.
    pub serial: String,
    /// Its kind; `None` for one this client does not know.
    #[serde(default, deserialize_with = "kind")]
    pub kind: Option<Kind>,
    /// Start of validity.
    #[serde(default, deserialize_with = "parsed")]
    pub not_before: Option<Timestamp>,
    /// End of validity.
    #[serde(default, deserialize_with = "parsed")]
    pub not_after: Option<Timestamp>,
    /// First day on which it can be renewed.
    #[serde(default, deserialize_with = "parsed")]
    pub renewable_from: Option<Date>,
}

/// A line of お知らせ一覧.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
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
#[non_exhaustive]
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
#[non_exhaustive]
pub struct Sent {
    /// Message identifier.
    pub id: MessageId,
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
#[non_exhaustive]
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

impl UnitHead {
    /// The service month, where the unit has one that can be read.
    pub fn month(&self) -> Option<Month> {
        calendar::parse_month(self.service_month.as_ref()?.as_bytes())
    }
}

states! {
    /// Whether a received message was fetched (データ取得状況).
    FetchState {
        /// Not yet.
        Unfetched "unfetched",
        /// 済.
        Fetched "fetched",
    }
}

states! {
    /// Whether a sent message was downloaded (ダウンロード状況).
    DownloadState {
        /// 未ダウンロード.
        NotDownloaded "not_downloaded",
        /// ダウンロード済.
        Downloaded "downloaded",
    }
}

/// A file of a message, as its manifest lists it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
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
#[non_exhaustive]
pub struct InboxItem {
    /// Message identifier.
    pub id: MessageId,
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
    /// Their names; empty from a relay that does not tell them in lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file_names: Vec<String>,
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
#[non_exhaustive]
pub struct OutboxItem {
    /// Message identifier.
    pub id: MessageId,
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
    /// Their names; empty from a relay that does not tell them in lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file_names: Vec<String>,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The lines.
    pub items: Vec<T>,
    /// Page number, 1-based.
    pub page: u64,
    /// Lines a page.
    pub per_page: u64,
    /// Lines in all pages.
    pub total: u64,
    /// Lines that cannot be read, because a member they cannot do without is missing or of another
    /// kind: left out of `items`, so that they do not take the others away.
    #[serde(skip_serializing_if = "is_zero")]
    pub unreadable: u64,
    /// What the next page begins with.
    #[serde(skip)]
    pub(crate) next: Option<String>,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Told {
            items: Vec<serde_json::Value>,
            #[serde(default)]
            page: u64,
            #[serde(default)]
            per_page: u64,
            #[serde(default)]
            total: u64,
            #[serde(default)]
            next: Option<String>,
        }

        let Told { items, page, per_page, total, next } = Told::deserialize(deserializer)?;
        let told = items.len();
        let items: Vec<T> =
            items.into_iter().filter_map(|item| serde_json::from_value(item).ok()).collect();
        let unreadable = (told - items.len()) as u64;
        Ok(Self { items, page, per_page, total, unreadable, next })
    }
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
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
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

states! {
    /// How bad a finding is.
    FindingSeverity {
        /// Worth knowing.
        Info "info",
        /// Likely to cause trouble somewhere.
        Warning "warning",
        /// Against what the standard states.
        Error "error",
    }
}

impl FindingSeverity {
    /// The word shown to readers.
    pub fn label(&self, lang: Lang) -> &str {
        match self {
            Self::Info => Text::new("情報", "info").get(lang),
            Self::Warning => Text::new("警告", "warning").get(lang),
            Self::Error => Text::new("エラー", "error").get(lang),
            Self::Unknown(word) => word,
        }
    }
}

/// What a checker found in a file, in words; personal values are masked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// Code of the rule.
    pub rule: String,
    /// How bad it is.
    pub severity: FindingSeverity,
    /// Name of the file; `None` for a finding about the combination.
    #[serde(default)]
    pub file: Option<String>,
    /// Record, 1-based; `None` for the whole file.
    #[serde(default)]
    pub record: Option<u32>,
    /// Number of the field, 1-based.
    #[serde(default)]
    pub field_number: Option<u32>,
    /// Official name of the field.
    #[serde(default)]
    pub field_name: Option<String>,
    /// What is wrong, Japanese.
    #[serde(default)]
    pub message: String,
    /// In English.
    #[serde(default)]
    pub message_en: String,
    /// What to do, Japanese.
    #[serde(default)]
    pub fix: String,
    /// In English.
    #[serde(default)]
    pub fix_en: String,
    /// The clause of the standard.
    #[serde(default)]
    pub clause: String,
}

impl Finding {
    /// What is wrong.
    pub fn message(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.message,
            Lang::En => &self.message_en,
        }
    }

    /// What to do.
    pub fn fix(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.fix,
            Lang::En => &self.fix_en,
        }
    }
}

/// Findings that can be read; a list with others is as long as what can be read of it.
fn readable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Finding>, D::Error> {
    let told = Vec::<serde_json::Value>::deserialize(deserializer)?;
    Ok(told.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect())
}

/// A refusal as it comes over the wire: an RFC 9457 problem document.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
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
    #[serde(default, deserialize_with = "readable")]
    pub findings: Vec<Finding>,
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

shapes! {
    Finding: it => { rule: it.rule, severity: it.severity.as_str() };
    ManifestFile: it => { size: it.size, name_bytes: it.name.len() };
    Manifest: it => { files: it.files.len(), text_bytes: it.text.as_deref().map(str::len) };
    Problem: it => {
        status: it.status, code: it.code, request_id: it.request_id, findings: it.findings.len()
    };
}
