//! Rules of the stage `field` (F…): 項目.

use crate::rule::Rule;

/// The rules of this stage, by code.
pub static RULES: &[&Rule] = &[];
