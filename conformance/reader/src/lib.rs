//! Bytes of an export to records: the only reader.
//!
//! Raw MS932 goes in; out come the head of the file, its records with their fields and places, and
//! what is wrong with their form. What a value means, and how bad a defect is, is the judge's
//! business.

#[expect(missing_docs, reason = "inner parts, public only until there is one record loop")]
pub mod content;
pub mod header;
pub mod masking;
mod place;
#[expect(missing_docs, reason = "inner parts, public only until there is one record loop")]
pub mod reading;
#[expect(missing_docs, reason = "inner parts, public only until there is one record loop")]
pub mod scanner;

pub use header::FileHeader;
pub use place::RecordRef;

/// How much is read at once.
pub const BLOCK: usize = 256 * 1024;

/// What a reader has to be told.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The longest record that is read, in bytes.
    pub max_record: usize,
    /// The month (YYYYMM) whose version is read where neither name nor content tell it.
    pub as_of: Option<u32>,
}
