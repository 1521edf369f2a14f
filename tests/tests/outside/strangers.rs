//! Programs nobody here wrote, talking to the real server: curl, openssl, Python, schemathesis.
//!
//! Run with `cargo test -p careplan-tests -- --ignored`, after
//! `cargo build -p careplan-mock-server`. Schemathesis comes from PyPI, into a virtual environment
//! under the target folder.

mod api_example;
mod curl;
mod openssl;
mod own_client;
mod python;
mod schemathesis;
mod workplace;
