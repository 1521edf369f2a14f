//! How the bytes of the fuzzer become a run of the checker, and what must hold afterwards.

pub mod case;
pub mod invariant;
