//! The central system of ケアプランデータ連携システム: accounts, certificates, licences, logins,
//! messages that can be fetched once, and what falls due.
//!
//! Everything goes through [`Relay`]. An operation takes its [`Turn`] in, which says who asks:
//!
//! * [`Turn::doors`]: logging in and out, tokens ([`login`]);
//! * [`Turn::account`], [`Turn::certificates`], [`Turn::licences`]: what an office does on the web
//!   sites ([`account`], [`notice`], [`certificate`], [`licence`]);
//! * [`Turn::exchange`]: sending, lists, fetching once ([`message`], [`listing`], [`download`]);
//! * [`Turn::operator`]: what the operator of the mock does ([`control`]).
//!
//! With the turn, everything is done that has fallen due since the last one ([`due`]), so that
//! nobody ever sees a state that is behind the clock.
//!
//! It knows neither HTTP nor scenes: a transport asks it, a [`Beginning`](beginning::Beginning) is
//! handed in, and a [`Store`](store::Store) keeps what it decides. Every behaviour cites the public
//! source; where the sources are silent it is a switch ([`switches`]), and everything that can be
//! turned down is a row of one table ([`refusal`]).

pub mod account;
pub mod archive;
mod background;
pub mod beginning;
pub mod certificate;
pub mod clock;
mod content_check;
pub mod control;
mod directory;
pub mod download;
pub mod due;
pub mod enrolment;
pub mod help;
pub mod licence;
pub mod listing;
pub mod login;
pub mod message;
pub mod notice;
pub mod outcome;
mod pages;
pub mod password;
pub mod private;
mod random;
pub mod refusal;
pub mod relay;
pub mod saved_state;
pub mod secret;
mod sending;
pub mod store;
pub mod switches;
pub mod top;
mod trust;

pub use random::sha256_hex;
pub use relay::{ClockMove, Relay, Settings, Turn};
