//! KJ IDs, c-IDs and what belongs to them (relay.md §4).

use careplan_spec::office_number::OfficeNumber;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::secret::Secret;

/// Number and name of an office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfficeRef {
    /// Office number.
    #[schema(example = "1370000010")]
    pub number: String,
    /// Its name.
    pub name: String,
}

/// An office in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Office)]
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
    /// The login it asks from: the only one a change of the password leaves; none where nobody
    /// logged in.
    pub login: Option<String>,
}

/// A login on the sites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PortalLogin {
    /// To be sent as bearer token.
    #[schema(value_type = String)]
    pub portal_token: Secret,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whether the password must be changed before anything else: it is the temporary one, or has
    /// expired.
    pub must_change_password: bool,
    /// The office.
    pub office: OfficeRef,
}

/// The c-ID of an office and its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TerminalAccount {
    /// The ID that starts with `c`.
    pub user_id: String,
    /// Its password.
    #[schema(value_type = String)]
    pub password: Secret,
}

/// What a mail address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Purpose)]
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
