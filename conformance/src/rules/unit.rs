//! Rules about send units and the batch (`X`).

use crate::rule::Rule;

/// The rules of this stage, by code.
pub static RULES: &[&Rule] = &[];
