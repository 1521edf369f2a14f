//! Where the state lives.

use std::path::PathBuf;

/// Where the state lives; [`Store::open`](super::Store::open) opens it there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum StoreLocation {
    /// In a private temporary file that goes away at the end.
    #[default]
    Memory,
    /// In this directory; survives the end of the process, also a sudden one.
    Directory {
        /// The directory; made where it is missing.
        path: PathBuf,
        /// Wait for the disk on every commit (survives power failures too).
        full_sync: bool,
    },
}
