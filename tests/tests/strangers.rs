//! Programs nobody here wrote, talking to the real server: curl, openssl, Python, schemathesis.
//!
//! Run with `cargo test -p careplan-tests --test strangers -- --ignored`, after
//! `cargo build -p careplan-mock-server`. Schemathesis comes from PyPI, into a virtual environment
//! under the target folder.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "strangers/curl.rs"]
mod curl;
#[path = "strangers/openssl.rs"]
mod openssl;
#[path = "strangers/python.rs"]
mod python;
#[path = "strangers/schemathesis.rs"]
mod schemathesis;
#[path = "strangers/workplace.rs"]
mod workplace;
