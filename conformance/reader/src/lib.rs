//! Bytes of an export to records: the only reader, for judging, forms, comparison, repair and the
//! rehearsal alike.
//!
//! Raw MS932 goes in; out come the head of the file, its records with their fields and places, and
//! what is wrong with their form. What a value means, and how bad a defect is, is the judge's
//! business. [`Reader`] streams, and lends one [`Stretch`] after another; [`KeptFile`] holds the
//! values of a whole file. [`FileHeader::of`] reads the name, [`look`] the first bytes; [`masking`]
//! shows the shape of a value instead of the value.
//!
//! ```
//! use careplan_reader::{KeptFile, Options};
//! use careplan_spec::layout::v4_1::upplan;
//!
//! let name = "UPPLAN_202606_4779000118_43_4779000183_11_20260523142515.CSV";
//! let record = format!("\"202407\",\"472993\"{}\r\n", ",\"\"".repeat(23));
//! let options = Options { max_record: 1 << 20, as_of: None };
//! let file = KeptFile::read(0, name, record.as_bytes(), options);
//! assert_eq!(file.records[0].text(upplan::CSV_VERSION), "202407");
//! assert!(file.strays.is_empty());
//! ```
//!
//! What a record is follows S 2.3 and the layouts (`L`); where the standard is silent, such as about
//! a stray quote, the way back is this project's (Assumed).

mod encoding;
mod header;
mod kept;
pub mod masking;
mod place;
mod reader;
mod scanner;
mod script;

pub use encoding::{Beginning, Encoding, Foreign, look, read_image};
pub use header::{FileHeader, Preamble};
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

/// The README's program is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;
