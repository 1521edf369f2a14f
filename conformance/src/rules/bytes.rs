//! Rules of the stage `bytes` (B…): 文字とエンコーディング.

use crate::rule::Rule;

/// The rules of this stage, by code.
pub static RULES: &[&Rule] = &[];
