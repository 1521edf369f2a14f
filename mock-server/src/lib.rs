//! The central system of ケアプランデータ連携システム as a mock.
//!
//! [`domain::Relay`] holds the rules: accounts, certificates, licences, logins, messages that can
//! be fetched once, and what falls due. It knows neither HTTP nor SQL: a transport asks it, and a
//! [`store::Store`] keeps what it decides. Every behaviour cites the public source; where the
//! sources are silent it is a switch ([`switches`]), and everything that can be turned down is a
//! row of one table ([`refusal`]).

pub mod api;
pub mod beginning;
pub mod clock;
pub mod config;
pub mod controls;
pub mod demo;
pub mod domain;
pub mod enrolment;
pub mod fault;
pub mod journal;
pub mod listener;
pub mod metrics;
pub mod openapi;
pub mod outcome;
pub mod refusal;
pub mod rehearse;
pub mod saved_state;
pub mod scenario;
pub mod scenarios;
pub mod secret;
pub mod serve;
pub mod sites;
pub mod store;
pub mod switches;
pub mod welcome;
