//! Rules about single fields (`F`).

use crate::rule::Rule;

/// The rules of this stage, by code.
pub static RULES: &[&Rule] = &[];
