//! Where a record stands in its file.

/// A record of a file and the physical line it starts on, both 1-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Hash)]
pub struct RecordRef {
    /// Record number, counting records even where quoted text spans lines; 0 is the whole file.
    pub record: u32,
    /// Line number.
    pub line: u32,
}
