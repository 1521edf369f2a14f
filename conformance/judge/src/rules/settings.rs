//! Rules about the settings of a run (`S` from 040 on): no file shows them, whoever reads the
//! settings says them.

use crate::rule::Rule;

pub(crate) mod expired_suppression;
pub(crate) mod idle_suppression;

/// The rules of this stage, by code.
pub(crate) static RULES: &[&Rule] =
    &[&expired_suppression::EXPIRED_SUPPRESSION, &idle_suppression::IDLE_SUPPRESSION];
