//! The conformance checker: judges care-plan exports against ケアプランデータ連携標準仕様 and says
//! in plain words, with the clause, what is wrong.
//!
//! The library takes names and bytes or readers. It opens no paths, prints nothing, starts no
//! threads and never looks at the clock; it runs on wasm32. The entry point is [`check()`].

mod content;
pub mod context;
pub mod coverage;
pub mod document;
pub mod engine;
pub mod example;
pub mod facts;
pub mod finding;
pub mod form;
pub mod message;
pub mod profile;
#[cfg(feature = "rehearse")]
pub mod rehearse;
pub mod relay_evidence;
pub mod repair;
pub mod report;
pub mod round_trip;
pub mod rule;
pub mod rules;
pub mod sample;
pub mod severity;

pub use engine::{Checked, FindingSink, Input, Report, Summary, Verdict, check};
pub use finding::{Finding, Value};
pub use profile::Profile;
pub use rule::{Rule, Stage};
pub use severity::Severity;
