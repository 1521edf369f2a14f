//! Rules about single records (`R`).

use crate::rule::Rule;

/// The rules of this stage, by code.
pub static RULES: &[&Rule] = &[];
