//! The rules of the central system, independent of transport and storage.
//!
//! Everything goes through [`Relay`]. Its methods are grouped by who asks:
//!
//! * `relay/login.rs`: the two stages of the login, tokens ([`login`]);
//! * `relay/exchange.rs`: sending, lists, fetching once ([`message`], [`listing`], [`download`]);
//! * `relay/site.rs`: what an office does on the web sites ([`account`], [`certificate`],
//!   [`licence`], [`notice`]);
//! * `relay/control.rs`: what the operator of the mock does ([`control`]).

pub mod account;
pub mod certificate;
pub mod content_check;
pub mod control;
pub mod download;
pub mod due;
pub mod licence;
pub mod listing;
pub mod login;
pub mod message;
pub mod notice;
pub mod relay;
pub mod secret;
pub mod top;

pub use relay::{Relay, Settings, StorePlace};
pub use secret::Secret;
