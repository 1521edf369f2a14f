//! Where the state lives.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Durability, Result, SharedStore, SqlStore};

/// Where the state lives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Place {
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

impl Place {
    /// Opens the store there.
    ///
    /// # Errors
    /// The directory or the file cannot be made or read.
    pub async fn open(&self) -> Result<SharedStore> {
        Ok(match self {
            Self::Memory => Arc::new(SqlStore::scratch().await?),
            Self::Directory { path, full_sync } => {
                let durability = if *full_sync { Durability::Power } else { Durability::Process };
                Arc::new(SqlStore::in_folder(path, durability).await?)
            }
        })
    }
}
