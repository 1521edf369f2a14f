//! Exports against each other: what an import and export made of a file, and what a repair may
//! change without changing what it says.

pub mod repair;
pub mod round_trip;
