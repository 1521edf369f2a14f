//! What people decided, bound to the files they looked at.

use careplan_spec::Text;
use serde::{Deserialize, Serialize};

/// The value of [`Decisions::schema`].
pub const SCHEMA: &str = "careplan-testbed/rehearsal-decisions/1";

/// Which way a person decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is as it should be.
    Pass,
    /// It is not.
    Fail,
}

/// A decision of a person about an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Number of the item.
    pub item: String,
    /// Which way.
    pub verdict: Verdict,
    /// Who.
    pub by: String,
    /// When, YYYY-MM-DD.
    pub date: String,
    /// Why, or what was looked at; may be empty.
    pub note: String,
    /// The mark of case and files it was made on; see [`super::evidence::subject`].
    pub subject: String,
}

impl Decision {
    /// Who decided what, and when: `見本　花子 2026-11-21 pass`.
    pub fn signature(&self) -> String {
        let verdict = match self.verdict {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
        };
        format!("{} {} {verdict}", self.by, self.date)
    }
}

/// `decisions.json`: every decision, oldest first; the last one about an item counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decisions {
    /// [`SCHEMA`].
    pub schema: String,
    /// The decisions.
    pub decisions: Vec<Decision>,
}

impl Default for Decisions {
    fn default() -> Self {
        Self { schema: SCHEMA.to_owned(), decisions: Vec::new() }
    }
}

/// How a decision stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Nobody decided.
    None,
    /// It was made on the present files.
    Valid(&'a Decision),
    /// The case or the files changed since.
    Stale(&'a Decision),
}

impl Decisions {
    /// Reads the document.
    ///
    /// # Errors
    /// It is none, or of another schema.
    pub fn parse(text: &str) -> Result<Self, Text<String>> {
        let refused = |reason: String| {
            Text::made(
                format!("decisions.json が読めません：{reason}"),
                format!("decisions.json cannot be read: {reason}"),
            )
        };
        let decisions: Self =
            serde_json::from_str(text).map_err(|error| refused(error.to_string()))?;
        if decisions.schema != SCHEMA {
            return Err(refused(format!("schema {:?}", decisions.schema)));
        }
        Ok(decisions)
    }

    /// The document: indented, LF, a line end at the end.
    pub fn to_json(&self) -> String {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{text}\n")
    }

    /// How the last decision about an item stands, given the present subject.
    pub fn standing(&self, item: &str, subject: &str) -> Standing<'_> {
        match self.decisions.iter().rev().find(|decision| decision.item == item) {
            None => Standing::None,
            Some(decision) if decision.subject == subject => Standing::Valid(decision),
            Some(decision) => Standing::Stale(decision),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(verdict: Verdict, subject: &str) -> Decision {
        Decision {
            item: "D1-R-90".to_owned(),
            verdict,
            by: "試験　担当".to_owned(),
            date: "2026-11-21".to_owned(),
            note: String::new(),
            subject: subject.to_owned(),
        }
    }

    #[test]
    fn the_last_decision_counts_and_only_on_its_files() {
        let mut all = Decisions::default();
        assert_eq!(all.standing("D1-R-90", "s"), Standing::None);
        all.decisions.push(decision(Verdict::Pass, "s"));
        all.decisions.push(decision(Verdict::Fail, "t"));
        assert_eq!(all.standing("D1-R-90", "t"), Standing::Valid(&all.decisions[1]));
        assert_eq!(all.standing("D1-R-90", "s"), Standing::Stale(&all.decisions[1]));
        assert_eq!(Decisions::parse(&all.to_json()), Ok(all));
    }
}
