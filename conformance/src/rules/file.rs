//! Rules about files and their names (`L`).

use crate::rule::Rule;

/// The rules of this stage, by code.
pub static RULES: &[&Rule] = &[];
