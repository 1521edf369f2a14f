//! Exports against each other: what an import and export made of a file, and what a repair may
//! change without changing what it says; and exports that may be shown to others.
//!
//! [`round_trip::compare`] gives a [`Comparison`](round_trip::Comparison): every difference, with
//! what it means ([`Grade`](round_trip::Grade)) and the row of the layout it is about.
//! [`exports::compare`] asks how two exports of one product differ.
//! [`Repair::of`](repair::Repair::of) gives the bytes as they should have been written.
//! [`Anonymiser`](anonymise::Anonymiser) makes of an export one with invented people and the same
//! defects.

pub mod anonymise;
pub mod exports;
mod kana;
pub mod repair;
pub mod round_trip;

/// The README's program is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;
