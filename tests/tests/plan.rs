//! The plan itself: it passes against our server, and broken servers fail where they are broken.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "plan/client.rs"]
mod client;
#[path = "plan/command.rs"]
mod command;
#[path = "plan/defects.rs"]
mod defects;
#[path = "plan/proxy.rs"]
mod proxy;
