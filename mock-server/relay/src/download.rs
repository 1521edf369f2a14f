//! Fetching a message, once (relay.md §2, §9 item 12).

use std::fmt;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::secret::Secret;

/// This request won: the message is 済 from now on, and only the token gets its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Claim {
    /// Opens the download until it is confirmed or `expires_at`.
    #[schema(value_type = String)]
    pub download_token: Secret,
    /// `<id>.zip`.
    pub file_name: String,
    /// Bytes of the archive.
    pub size: u64,
    /// SHA-256 of the archive, lower-case hex.
    pub sha256: String,
    /// When the download ends.
    pub expires_at: Timestamp,
}

/// What a claimed message is fetched by.
#[derive(Debug, Clone)]
pub struct ToDownload {
    /// The message.
    pub id: String,
    /// `<id>.zip`.
    pub file_name: String,
    /// Bytes of the archive.
    pub size: u64,
    /// SHA-256 of the archive, lower-case hex.
    pub sha256: String,
}

/// The archive of a claimed message. `Debug` shows what it is, not what stands in it.
#[derive(Clone)]
pub struct Download {
    /// `<id>.zip`.
    pub file_name: String,
    /// The archive; the same bytes every time.
    pub bytes: Bytes,
    /// SHA-256 of the archive, lower-case hex.
    pub sha256: String,
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("file_name", &self.file_name)
            .field("sha256", &self.sha256)
            .finish_non_exhaustive()
    }
}
