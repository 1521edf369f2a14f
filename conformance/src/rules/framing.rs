//! Rules of the stage `framing` (S…): CSVの形.

use crate::rule::Rule;

/// The rules of this stage, by code.
pub static RULES: &[&Rule] = &[];
