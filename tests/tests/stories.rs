//! Stories told to the real server over real sockets, judged by raw JSON and bytes.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "stories/certificates.rs"]
mod certificates;
#[path = "stories/exchange.rs"]
mod exchange;
#[path = "stories/faults.rs"]
mod faults;
#[path = "stories/journal.rs"]
mod journal;
#[path = "stories/killed.rs"]
mod killed;
#[path = "stories/race.rs"]
mod race;
#[path = "stories/refusals.rs"]
mod refusals;
#[path = "stories/years.rs"]
mod years;
