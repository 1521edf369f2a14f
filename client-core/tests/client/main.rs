//! The client against a relay that does as it is told: well, badly, or not at all.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails; that is its way to say so")]

mod bulk;
#[cfg(feature = "cli")]
mod command;
mod download;
mod drafts;
mod every_await;
mod front;
mod hostile;
mod interface;
mod login;
mod once;
mod requests;
mod sending;
mod stub;
mod tls;
mod world;
