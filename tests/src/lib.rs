//! What the stories and the load command share: the server as a program, and its clients.
//!
//! Nothing here knows the server's own types: requests and answers are JSON and bytes, written and
//! read as a stranger with the API description would.

pub mod bed;
pub mod office;
pub mod program;
pub mod tls;
pub mod unit;
