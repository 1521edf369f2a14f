//! Rehearsing the vendor test: cases for a product's own test offices, judging what the product
//! wrote and read, and the report.
//!
//! Nothing here opens a path or looks at the clock; the command line does. A rehearsal is no
//! official test and no certificate, and every report says so.
//!
//! - [`pattern`]: D1 to D7, sides, roles. [`catalogue`]: the items, as data.
//! - [`setup`]: the plan (`rehearsal.toml`). [`case`]: the files of an item. [`kit`]: what is laid
//!   out for the vendor.
//! - [`judge`]: what was handed in against the case. [`evidence`], [`decision`],
//!   [`expected_failure`]: what a folder keeps.
//! - [`mod@report`], the report of a rehearsal (試験結果報告書).

pub mod case;
pub mod catalogue;
pub mod decision;
pub mod evidence;
pub mod expected_failure;
mod fulfilment;
pub mod judge;
pub mod kit;
mod page;
pub mod pattern;
mod records;
pub mod relay_evidence;
pub mod report;
pub mod requirement;
pub mod setup;
mod sheet;

pub use catalogue::Item;
pub use evidence::State;
pub use page::BAND;
pub use pattern::{Pattern, Side};
pub use setup::Setup;

/// The README's program is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;
