//! KJ IDs, c-IDs and what belongs to them (relay.md §4).

use careplan_spec::office_number::OfficeNumber;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// Number and name of an office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfficeRef {
    /// Office number.
    pub number: String,
    /// Its name.
    pub name: String,
}

/// What the directory tells about an office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfficeView {
    /// Office number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Service kinds, its main one first, two characters each.
    pub service_kinds: Vec<String>,
    /// Whether it can be sent to now.
    pub uses_system: bool,
}

/// Who is logged in on the web sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalCaller {
    /// The office.
    pub office: OfficeNumber,
    /// The KJ ID.
    pub kj_id: String,
}

/// A login on the web sites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PortalLogin {
    /// The token of the session.
    pub portal_token: Secret,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whether the password is the temporary one, or has expired: everything but changing it is
    /// refused until then.
    pub must_change_password: bool,
    /// The office.
    pub office: OfficeRef,
}

/// The c-ID of an office and its password, shown after a KJ login (relay.md §4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TerminalAccount {
    /// The ID that starts with `c`.
    pub user_id: String,
    /// Its password.
    pub password: Secret,
}

/// What a mail address is for (relay.md §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailPurpose {
    /// お知らせ用.
    Notice,
    /// セキュリティ用.
    Security,
}

impl MailPurpose {
    /// The stable identifier.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Security => "security",
        }
    }
}
