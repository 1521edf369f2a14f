//! Rules of the stage `file` (L…): ファイルと名前.

use crate::rule::Rule;

/// The rules of this stage, by code.
pub static RULES: &[&Rule] = &[];
