//! Messages: one or more send units from one office to another (relay.md §1, §2, §3).

use std::fmt;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A file as it was sent. `Debug` shows its size, not what stands in it.
#[derive(Clone, PartialEq, Eq)]
pub struct SentFile {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

impl fmt::Debug for SentFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SentFile({}, {} bytes)", self.name, self.bytes.len())
    }
}

/// A message to be sent. `Debug` shows its key and files, not what it says.
#[derive(Clone)]
pub struct SendRequest {
    /// Idempotency key, 1 to 64 characters; unique for the sender.
    pub key: String,
    /// The manifest: exactly the bytes that were signed.
    pub manifest: Bytes,
    /// Detached CMS signature over the manifest, DER.
    pub signature: Option<Bytes>,
    /// The files, in the order they came.
    pub files: Vec<SentFile>,
}

impl fmt::Debug for SendRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendRequest")
            .field("key", &self.key)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

/// The manifest: these bytes are signed exactly as they are sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Manifest {
    /// 1.
    pub version: u32,
    /// Office number of the sender.
    pub from: String,
    /// Office number of the receiver.
    pub to: String,
    /// When it was made, by the sender's clock.
    pub created_at: Timestamp,
    /// The message to the reader.
    #[serde(default)]
    pub text: Option<String>,
    /// The files, in the order they are sent.
    pub files: Vec<ManifestFile>,
}

/// A file in a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ManifestFile {
    /// Name.
    #[schema(example = "UPPLAN_202611_1370000010_43_1370000028_11_20261121100000.CSV")]
    pub name: String,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256, lower-case hex.
    pub sha256: String,
}

/// A send unit in a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Unit)]
pub struct UnitView {
    /// Identifier of the send unit: `K2`, `V3-1`.
    #[schema(example = "K2")]
    pub unit: String,
    /// Its sequence.
    #[schema(example = "20261121100000")]
    pub sequence: String,
    /// Service month, `YYYYMM`, where its files have one.
    pub service_month: Option<String>,
}

/// Receiver of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Destination {
    /// Office number.
    pub number: String,
    /// Name.
    pub name: String,
    /// Service kinds it is addressed under.
    pub service_kinds: Vec<String>,
}

/// A message was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Sent {
    /// Its identifier.
    pub id: String,
    /// When it was taken.
    pub sent_at: Timestamp,
    /// The receiver.
    pub to: Destination,
    /// Number of files.
    pub files: u32,
    /// Bytes of the files together.
    pub bytes: u64,
    /// Whether the same message had been taken before under this key.
    pub repeated: bool,
}
