//! Profiles: which findings count, and how much.

use std::collections::BTreeMap;

use careplan_spec::Basis;

use crate::finding::Finding;
use crate::rule::{Rule, Stage};
use crate::severity::Severity;

/// What the run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// Everything: for vendors who test an export.
    #[default]
    Vendor,
    /// Only what the central server would refuse, with its three messages.
    Relay,
    /// For daily use: errors stay, warnings become information, information is left out.
    Lenient,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 3] = [Self::Vendor, Self::Relay, Self::Lenient];

    /// The stable identifier.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::Relay => "relay",
            Self::Lenient => "lenient",
        }
    }

    /// The purpose with this identifier.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.id() == id)
    }
}

/// Whether rules that look at several files run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// All rules.
    #[default]
    Unit,
    /// Rules about send units and the batch are left out: someone works on one file.
    File,
}

/// Settings of a run.
#[derive(Debug, Clone)]
pub struct Profile {
    /// What the run is for.
    pub purpose: Purpose,
    /// Severity by rule code; `None` turns a rule off.
    pub overrides: BTreeMap<String, Option<Severity>>,
    /// The mildest severity that rejects.
    pub fail_on: Severity,
    /// Service month (YYYYMM) assumed for files that carry none; the newest standard if `None`.
    pub as_of: Option<u32>,
    /// Whether rules about units run.
    pub scope: Scope,
    /// Longest record that is judged, in bytes.
    pub max_record: usize,
    /// On how many findings of each rule and field in a file the record is kept for display.
    pub excerpts: u32,
}

impl Default for Profile {
    fn default() -> Self {
        Self::new(Purpose::Vendor)
    }
}

impl Profile {
    /// Default limit of a record: 1 MiB. Assumed; no real record comes near.
    pub const MAX_RECORD: usize = 1 << 20;

    /// The settings of a purpose.
    pub const fn new(purpose: Purpose) -> Self {
        Self {
            purpose,
            overrides: BTreeMap::new(),
            fail_on: Severity::Error,
            as_of: None,
            scope: Scope::Unit,
            max_record: Self::MAX_RECORD,
            excerpts: 3,
        }
    }

    /// Whether the rule runs at all.
    pub fn runs(&self, rule: &Rule) -> bool {
        if self.overrides.get(rule.code) == Some(&None) {
            return false;
        }
        if self.scope == Scope::File && rule.stage() == Stage::Unit {
            return false;
        }
        match self.purpose {
            Purpose::Vendor | Purpose::Lenient => true,
            Purpose::Relay => rule.relay.message().is_some(),
        }
    }

    /// What the reader has to be told.
    pub const fn reading(&self) -> careplan_reader::Options {
        careplan_reader::Options { max_record: self.max_record, as_of: self.as_of }
    }

    /// The severity of a finding under this profile; `None` drops it.
    pub fn severity(&self, finding: &Finding) -> Option<Severity> {
        match self.overrides.get(finding.rule.code) {
            Some(None) => return None,
            Some(Some(severity)) => return Some(*severity),
            None => {}
        }
        // An inference never makes an error, whatever the rule says in general.
        let severity = match finding.basis() {
            Basis::Stated => finding.severity,
            Basis::Inferred => finding.severity.min(Severity::Warning),
            Basis::Assumed => finding.severity,
        };
        match (self.purpose, severity) {
            (Purpose::Vendor, severity) => Some(severity),
            (Purpose::Relay, Severity::Error) => Some(Severity::Error),
            (Purpose::Relay, _) => None,
            (Purpose::Lenient, Severity::Error) => Some(Severity::Error),
            (Purpose::Lenient, Severity::Warning) => Some(Severity::Info),
            (Purpose::Lenient, Severity::Info) => None,
        }
    }
}
