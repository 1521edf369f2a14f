//! The findings of a form: a number at the cell, the sentence below the form.

use std::collections::{BTreeMap, BTreeSet};

use careplan_spec::Text;

use crate::finding::Finding;
use crate::message::Wording;
use crate::severity::Severity;

/// A sentence below a form.
#[derive(Debug)]
pub(super) struct Note {
    pub(super) severity: Severity,
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) fix: Text,
    pub(super) clause: String,
    /// File kind and record of each place.
    pub(super) places: BTreeSet<(&'static str, u32)>,
}

/// The sentences of one form. The same sentence at several cells has one number.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) all: Vec<Note>,
    index: BTreeMap<(&'static str, String), usize>,
}

impl Notes {
    /// Adds a finding and returns the 0-based number of its sentence.
    pub(super) fn add(
        &mut self,
        finding: &Finding,
        kind: &'static str,
        record: u32,
        wording: Wording,
    ) -> usize {
        let message = wording.message(finding);
        let next = self.all.len();
        let at = *self.index.entry((finding.rule.code, message.clone())).or_insert(next);
        if at == next {
            self.all.push(Note {
                severity: finding.severity,
                code: finding.rule.code,
                message,
                fix: finding.rule.fix,
                clause: finding.clause(),
                places: BTreeSet::new(),
            });
        }
        let note = &mut self.all[at];
        note.severity = note.severity.max(finding.severity);
        note.places.insert((kind, record));
        at
    }
}
