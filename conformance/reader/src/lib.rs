//! Bytes of an export to records: the only reader, for judging, forms, comparison, repair and the
//! rehearsal alike.
//!
//! Raw MS932 goes in; out come the head of the file, its records with their fields and places, and
//! what is wrong with their form. What a value means, and how bad a defect is, is the judge's
//! business. [`Reader`] streams; [`KeptFile`] holds the values of a whole file.

mod encoding;
mod header;
mod kept;
pub mod masking;
mod place;
mod reader;
mod scanner;
mod script;

pub use encoding::{Beginning, Encoding, look, read_image};
pub use header::FileHeader;
pub use kept::{KeptFile, KeptRecord, Reason, Stray, id_of};
pub use place::RecordRef;
pub use reader::{LineEnds, Reader, Record, Stretch};
pub use scanner::{LineEnd, QuoteDefect, Slot};
pub use script::Script;

/// What a reader has to be told.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The longest record that is read, in bytes.
    pub max_record: usize,
    /// The month (YYYYMM) whose version is read where neither name nor content tell it.
    pub as_of: Option<u32>,
}

/// Runs what is done with one file. A panic in it is told, on standard error and by `None`, and
/// costs the other files nothing.
pub fn contained<T>(work: impl FnOnce() -> T) -> Option<T> {
    // What a panic leaves half done belongs to that file, and is not used.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).ok()
}
