//! The test authority: what issues. Only with the feature `issue`; a product that opens, signs and
//! verifies is built without it, and without what makes certificates.
//!
//! Everything made here is marked TEST and worthless anywhere else.

pub mod authority;
pub mod wrong;

pub use authority::{Authority, Issued, KeyKind, Request, SavedAuthority};
pub use wrong::Wrong;
