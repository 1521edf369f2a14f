//! The whole product from outside: one program, so that it is linked once.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod client;
mod expectations;
mod rehearsal;
mod snapshots;
mod stories;
mod strangers;
