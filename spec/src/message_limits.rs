//! What one message may hold: sizes, counts and types. One place for who sends and who takes in.
//!
//! The types are Stated (FAQ (3)3); no public document states a size or a count: Assumed.

/// Bytes of one file, at most (Assumed).
pub const MAX_FILE_BYTES: u64 = 20 << 20;

/// Bytes of all files together, at most (Assumed).
pub const MAX_MESSAGE_BYTES: u64 = 50 << 20;

/// Files, at most (Assumed).
pub const MAX_FILES: u32 = 100;

/// Characters of the text, at most (Assumed).
pub const MAX_TEXT_CHARS: u32 = 1_000;

/// Types of files that travel, by their extensions in lower case (FAQ (3)3, Stated); Word and Excel
/// must be made into PDF.
pub const EXTENSIONS: [&str; 7] = ["csv", "jpeg", "jpg", "png", "gif", "txt", "pdf"];

/// The extension of a file name, as it is written; empty where it has none.
pub fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Whether a file of this name may travel, by its extension.
pub fn may_travel(name: &str) -> bool {
    EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_decides() {
        for name in ["a.csv", "A.CSV", "案内.Pdf", "a.tar.jpeg", ".txt"] {
            assert!(may_travel(name), "{name}");
        }
        for name in ["", "csv", "a.", "a.xlsx", "a.csv.exe", "a.ｐｄｆ"] {
            assert!(!may_travel(name), "{name}");
        }
    }
}
