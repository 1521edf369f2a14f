//! The one place that findings pass: severity, fingerprint, counts, and the cause behind them.
//!
//! Findings wait until the file has been read, as only then the causes are known. What waits is
//! bounded: from [`MOST_HELD`] on the causes are told from what was seen so far, and everything
//! behind is passed on as it comes. Nothing is lost, and nothing is read twice.

use careplan_reader::FileHeader;
use careplan_spec::Fingerprint;

use super::FileOutcome;
use super::identity::{self, About, People};
use crate::cause::{self, CauseCx, Explanation};
use crate::context::FindingDraft;
use crate::evidence::Evidence;
use crate::facts::FileFacts;
use crate::finding::Finding;
use crate::profile::Profile;
use crate::rule::Rule;

/// How many findings of a file wait for its end.
pub const MOST_HELD: usize = 4096;

/// Applies the profile, gives fingerprints, counts, explains and passes findings on.
pub(super) struct Delivery<'a> {
    pub(super) index: u32,
    /// What the name says, for fingerprints.
    pub(super) of: Fingerprint,
    pub(super) profile: &'a Profile,
    pub(super) emit: &'a mut dyn FnMut(Finding),
    pub(super) outcome: &'a mut FileOutcome,
    /// The file, as far as it is known.
    pub(super) header: Option<FileHeader>,
    pub(super) evidence: Evidence,
    held: Vec<Finding>,
    /// What explains findings, once it is decided.
    decided: Option<Vec<Explanation>>,
}

impl<'a> Delivery<'a> {
    pub(super) fn new(
        index: u32,
        of: Fingerprint,
        profile: &'a Profile,
        emit: &'a mut dyn FnMut(Finding),
        outcome: &'a mut FileOutcome,
        header: Option<FileHeader>,
    ) -> Self {
        let (evidence, held) = (Evidence::default(), Vec::new());
        Self { index, of, profile, emit, outcome, header, evidence, held, decided: None }
    }

    pub(super) fn runs(&self, rule: &Rule) -> bool {
        self.profile.runs(rule)
    }

    pub(super) fn deliver(&mut self, mut finding: Finding, about: About<'_>, facts: &FileFacts) {
        let Some(severity) = self.profile.severity(&finding) else { return };
        finding.severity = severity;
        finding.fingerprint = identity::fingerprint(self.of, finding.field, about);
        finding.file = Some(self.index);
        if self.decided.is_some() {
            self.pass_on(finding);
            return;
        }
        self.evidence.note(&finding);
        self.held.push(finding);
        if self.held.len() == MOST_HELD {
            self.explain(facts);
        }
    }

    fn pass_on(&mut self, mut finding: Finding) {
        let explanations = self.decided.iter().flatten();
        let mut explaining = explanations.filter(|explanation| (explanation.of)(&finding));
        let explained_by = explaining.next().map(|explanation| explanation.rule);
        finding.explained_by = explained_by.or(finding.explained_by);
        self.count(&finding);
        (self.emit)(finding);
    }

    fn count(&mut self, finding: &Finding) {
        self.outcome.counts.add(finding.severity);
        if finding.explained_by.is_some() {
            self.outcome.explained.add(finding.severity);
        }
        *self.outcome.by_rule.entry(finding.rule.code).or_default() += 1;
    }

    /// Decides the causes, says them, and passes on what waited.
    pub(super) fn explain(&mut self, facts: &FileFacts) {
        if self.decided.is_some() {
            return;
        }
        let told = match (&self.header, self.held.is_empty()) {
            // A file without findings may still have a cause that no rule sees.
            (Some(file), _) => {
                let cx = CauseCx { file, facts, evidence: &self.evidence, held: &self.held };
                cause::of_file(&cx, self.profile)
            }
            (None, _) => Vec::new(),
        };
        let people = (!told.is_empty()).then(|| People::of(facts));
        let mut decided = Vec::new();
        for (FindingDraft { mut finding }, of) in told {
            let Some(severity) = self.profile.severity(&finding) else { continue };
            finding.severity = severity;
            let about = people.as_ref().map_or(About::Whole, |people| people.about(finding.at));
            finding.fingerprint = identity::fingerprint(self.of, finding.field, about);
            finding.file = Some(self.index);
            decided.push(Explanation { rule: finding.rule, of });
            self.count(&finding);
            (self.emit)(finding);
        }
        self.decided = Some(decided);
        for finding in std::mem::take(&mut self.held) {
            self.pass_on(finding);
        }
    }

    /// Passes on what waits, where the file could not be judged to its end.
    pub(super) fn let_go(&mut self) {
        self.decided.get_or_insert_default();
        for finding in std::mem::take(&mut self.held) {
            self.pass_on(finding);
        }
    }

    /// The causes that were said.
    pub(super) fn causes(&self) -> Vec<&'static Rule> {
        self.decided.iter().flatten().map(|explanation| explanation.rule).collect()
    }
}
