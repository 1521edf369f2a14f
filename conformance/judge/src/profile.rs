//! Profiles: which findings count, and how much.

use std::collections::BTreeMap;
use std::fmt;

use careplan_spec::text::nearest as nearest_text;
use careplan_spec::{Basis, Text};

use crate::finding::Finding;
use crate::rule::Rule;
use crate::rules;
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

/// No rule has the code that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule {
    given: String,
    meant: Option<&'static Rule>,
}

impl UnknownRule {
    fn new(given: &str) -> Self {
        Self { given: given.to_owned(), meant: rules::find(given).or_else(|| nearest(given)) }
    }

    /// The rule that was probably meant: of this code in another case, of this name, or of one that
    /// is at most two letters away.
    pub const fn meant(&self) -> Option<&'static Rule> {
        self.meant
    }

    /// What to tell people.
    pub fn text(&self) -> Text<String> {
        let Self { given, meant } = self;
        let (ja, en) = match meant {
            Some(Rule { code, name, title, .. }) => {
                (format!("。{code}（{name}）は「{}」です", title.ja), format!("; {code} is {name}"))
            }
            None => (String::new(), String::new()),
        };
        Text::made(
            format!("コードが「{given}」のルールはありません{ja}"),
            format!("no rule has the code {given}{en}"),
        )
    }
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

impl std::error::Error for UnknownRule {}

/// The rule with this code, written as it is.
///
/// # Errors
/// No rule has this code; the refusal says which is meant by lower case and by the name of a rule.
pub fn known(code: &str) -> Result<&'static Rule, UnknownRule> {
    rules::all().find(|rule| rule.code == code).ok_or_else(|| UnknownRule::new(code))
}

/// The rule whose name is at most two letters away.
fn nearest(given: &str) -> Option<&'static Rule> {
    let name = nearest_text(&given.to_ascii_lowercase(), rules::all().map(|rule| rule.name))?;
    rules::find(name)
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
///
/// ```
/// use careplan_judge::profile::Purpose;
/// use careplan_judge::{Profile, Severity};
///
/// let mut profile = Profile::new(Purpose::Vendor).with_fail_on(Severity::Warning);
/// profile.set("F014", Some(Severity::Warning))?.set("S003", None)?;
/// // A name, lower case or a typo turns nothing off in silence.
/// let refused = profile.set("f014", None).unwrap_err();
/// assert_eq!(refused.to_string(), "no rule has the code f014; F014 is malformed-insured-number");
/// # Ok::<(), careplan_judge::profile::UnknownRule>(())
/// ```
#[derive(Debug, Clone)]
pub struct Profile {
    /// What the run is for.
    pub purpose: Purpose,
    /// Severity by rule code; `None` turns a rule off.
    overrides: BTreeMap<&'static str, Option<Severity>>,
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

    /// With another scope.
    #[must_use]
    pub fn with_scope(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// With another mildest severity that rejects.
    #[must_use]
    pub fn with_fail_on(self, fail_on: Severity) -> Self {
        Self { fail_on, ..self }
    }

    /// With another longest record, in bytes.
    #[must_use]
    pub fn with_max_record(self, max_record: usize) -> Self {
        Self { max_record, ..self }
    }

    /// Gives the findings of a rule another severity; `None` turns the rule off. What it kept from being
    /// judged is judged then: a month 13 that F005 does not report is still in no month of the unit
    /// (L008). To accept a file all the same, set the severity to one that does not reject.
    ///
    /// # Errors
    /// No rule has this code. Codes are written as they are, `F014`: for lower case and for the name
    /// of a rule the refusal says which code is meant.
    pub fn set(
        &mut self,
        rule: &str,
        severity: Option<Severity>,
    ) -> Result<&mut Self, UnknownRule> {
        let known = known(rule)?;
        self.overrides.insert(known.code, severity);
        Ok(self)
    }

    /// The rules whose severity was set, by code.
    pub fn overrides(&self) -> impl Iterator<Item = (&'static str, Option<Severity>)> {
        self.overrides.iter().map(|(code, severity)| (*code, *severity))
    }

    /// Whether the rule runs at all.
    pub fn runs(&self, rule: &Rule) -> bool {
        if self.overrides.get(rule.code) == Some(&None) {
            return false;
        }
        if self.scope == Scope::File && rule.is_about_units() {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_named_by_its_code_and_by_nothing_else() {
        let mut profile = Profile::default();
        profile
            .set("F014", None)
            .expect("a code")
            .set("S003", Some(Severity::Info))
            .expect("a code");
        let set: Vec<_> = profile.overrides().collect();
        assert_eq!(set, [("F014", None), ("S003", Some(Severity::Info))]);
        for (given, meant) in [
            ("f014", Some("F014")),
            ("malformed-insured-number", Some("F014")),
            ("Malformed-Insured-Numbr", Some("F014")),
            ("malformed-insured-nmbr", Some("F014")),
            ("malformed-insured-nmbrs", None),
            ("F999", None),
            (" F014", None),
            ("", None),
        ] {
            let refused = profile.set(given, None).expect_err(given);
            assert_eq!(refused.meant().map(|rule| rule.code), meant, "{given}");
        }
        assert_eq!(profile.overrides().count(), 2, "what is refused changes nothing");
        let said = profile.set("f014", None).expect_err("lower case").text();
        assert!(said.ja.starts_with("コードが「f014」のルールはありません。F014（malformed-"));
        assert_eq!(said.en, "no rule has the code f014; F014 is malformed-insured-number");
    }
}
