//! Judges care-plan exports against ケアプランデータ連携標準仕様: rules, findings, verdict.
//!
//! The library takes names and bytes or readers. It opens no paths, prints nothing, starts no
//! threads and never looks at the clock; it runs on wasm32. The entry point is [`check()`].

pub mod baseline;
pub mod context;
pub mod engine;
pub mod facts;
pub mod finding;
pub mod message;
pub mod profile;
pub mod rule;
pub mod rules;
pub mod severity;
pub mod worded;

pub use engine::{Checked, FindingSink, Input, Report, Summary, Verdict, check};
pub use finding::{Finding, Value};
pub use profile::Profile;
pub use rule::{Rule, Stage};
pub use severity::Severity;
pub use worded::WordedFinding;
