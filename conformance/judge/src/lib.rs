//! Judges care-plan exports against ケアプランデータ連携標準仕様: rules, findings, verdict.
//!
//! | for | start at |
//! |---|---|
//! | files in memory | [`Report::collect`]: everything that was found, with the [`Verdict`] |
//! | files of any size | [`check()`] with a [`FindingSink`] of one's own |
//! | files on several threads | [`engine::check_file`] and [`engine::finish`] |
//! | what counts, and how much | [`Profile`], [`Profile::set`] |
//! | a finding in words | [`WordedFinding`], [`message::Wording`] |
//! | the rules, with clause and basis | [`rules::all`], [`rules::find`], [`Rule`] |
//! | what is known already | [`baseline::Known`] |
//!
//! Every rule says where its statement stands: a clause of 標準仕様 (`S 2.4`) or the row of a table of
//! its layout annex (`L UPPLAN 10`), as [`Source`](rule::Source) tells. Only what is stated there can
//! be an error.
//!
//! The library takes names and bytes or readers. It opens no paths, prints nothing, starts no
//! threads and never looks at the clock; it runs on wasm32.

pub mod baseline;
pub(crate) mod cause;
mod context;
pub mod engine;
mod evidence;
mod facts;
pub mod finding;
pub mod message;
pub mod profile;
pub mod rule;
pub mod rules;
pub mod severity;
pub mod suppression;
pub mod worded;

pub use engine::{Checked, FindingSink, Input, Report, Summary, Verdict, check};
pub use finding::{Finding, Value};
pub use profile::Profile;
pub use rule::{Rule, Stage};
pub use severity::Severity;
pub use worded::WordedFinding;

/// The README's program is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;
