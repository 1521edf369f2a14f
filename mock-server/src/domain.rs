//! The rules of the central system, independent of transport and storage.
//!
//! Everything goes through [`Relay`]. Its methods are grouped by who asks:
//!
//! * `relay/login.rs`: the two stages of the login, tokens ([`login`]);
//! * `relay/send.rs`, `relay/exchange.rs`: sending, lists, fetching once ([`message`], [`listing`], [`download`]);
//! * `relay/site.rs`, `relay/certificates.rs`, `relay/licences.rs`: what an office does on the web
//!   sites ([`account`], [`notice`], [`certificate`], [`licence`]);
//! * `relay/control.rs`: what the operator of the mock does ([`control`]).
//!
//! Every operation first does what has fallen due since the last one ([`due`]), so that nobody
//! ever sees a state that is behind the clock.

pub mod account;
pub mod archive;
pub mod certificate;
pub mod content_check;
pub mod control;
pub(crate) mod directory;
pub mod download;
pub mod due;
pub mod finding;
pub mod licence;
pub mod listing;
pub mod login;
pub mod message;
pub mod notice;
mod pages;
pub mod password;
pub(crate) mod random;
pub mod relay;
pub(crate) mod sending;
pub mod top;
mod trust;

pub(crate) use random::sha256_hex as hex_sha256;
pub use relay::control::ClockMove;
pub use relay::{Relay, Settings};
