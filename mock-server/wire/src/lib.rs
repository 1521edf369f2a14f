//! The central system over HTTP and TLS: listeners, the relay's interface, the two web sites as
//! JSON, and the controls, with faults, journal, metrics and the description of it all.
//!
//! [`serve::Server`] puts them around one [`careplan_relay::Relay`]. Pages and scenarios are
//! brought by whoever starts it. Rules live in the relay; the one place where a refusal gets its
//! status number is [`api::status`].

pub mod api;
pub mod controls;
pub mod fault;
pub mod journal;
pub mod listener;
pub mod logbook;
pub mod memory;
pub mod metrics;
pub mod openapi;
pub mod operator;
pub mod scenarios;
pub mod serve;
pub mod terminals;
