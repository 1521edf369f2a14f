//! Rules of the stage `unit` (X…): 送信単位.

use crate::rule::Rule;

/// The rules of this stage, by code.
pub static RULES: &[&Rule] = &[];
