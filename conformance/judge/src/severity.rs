//! How bad a finding is.

use careplan_spec::Text;
use serde::{Deserialize, Serialize};

/// The severity of a finding, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing has to be done.
    Info,
    /// Likely to cause trouble somewhere, or not decided by the standard.
    Warning,
    /// Against what the standard states.
    Error,
}

impl Severity {
    /// The stable identifier used in reports and settings.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The severity with this identifier.
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Info, Self::Warning, Self::Error].into_iter().find(|s| s.id() == id)
    }

    /// The word shown to readers.
    pub const fn label(self) -> Text {
        match self {
            Self::Info => Text::new("情報", "info"),
            Self::Warning => Text::new("警告", "warning"),
            Self::Error => Text::new("エラー", "error"),
        }
    }
}
