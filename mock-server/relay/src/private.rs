//! Files and folders for their owner alone: states hold keys and passwords.
//!
//! On Unix they are 0600 and 0700. On Windows they have the rights of the folder they are made in:
//! within the profile of a user, that user, the system and its administrators.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Makes a folder and those above it that are missing; the folder is its owner's alone.
///
/// # Errors
/// The system does not let us.
pub fn create_dir_all(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// Options for a file to write that is its owner's alone if it is made.
pub fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// Writes a file that is its owner's alone, in place of one that is there.
///
/// # Errors
/// The system does not let us.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = options().create(true).truncate(true).open(path)?;
    tighten(path)?;
    file.write_all(bytes)
}

/// Takes away what others may do with a file or folder.
///
/// # Errors
/// It belongs to somebody else.
pub fn tighten(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if is_open_to_others(path) {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path)?.permissions().mode() & 0o700;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Whether others than the owner may do anything with it.
pub fn is_open_to_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}
