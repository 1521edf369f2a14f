//! The server over real sockets, asked with raw JSON and bytes as a stranger would.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "http/bed.rs"]
mod bed;
#[path = "http/certificates.rs"]
mod certificates;
#[path = "http/controls.rs"]
mod controls;
#[path = "http/description.rs"]
mod description;
#[path = "http/exchange.rs"]
mod exchange;
#[path = "http/faults.rs"]
mod faults;
#[path = "http/journal.rs"]
mod journal;
#[path = "http/memory.rs"]
mod memory;
#[path = "http/program.rs"]
mod program;
#[path = "http/requests.rs"]
mod requests;
