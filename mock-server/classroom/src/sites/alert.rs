//! What is said at the top of a page. A session keeps it until that page is asked for.

use careplan_judge::WordedFinding;
use careplan_relay::outcome::Refusal;
use careplan_spec::Text;

/// How loud something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// It worked.
    Good,
    /// It did not.
    Bad,
    /// Worth knowing.
    Note,
}

/// Something said at the top of a page.
#[derive(Debug, Clone)]
pub(super) struct Alert {
    /// Tone.
    pub(super) tone: Tone,
    /// The sentence.
    pub(super) text: Text<String>,
    /// Further lines: what exactly, and what to do.
    pub(super) more: Vec<Text<String>>,
    /// Whether the Japanese sentence is the official one.
    pub(super) official: bool,
    /// Where it comes from, and a code for support.
    pub(super) code: Option<String>,
    /// What the checker found.
    pub(super) findings: Vec<WordedFinding>,
    /// How many findings there are in all.
    pub(super) findings_total: u64,
}

impl Alert {
    /// One sentence.
    pub(super) fn new(tone: Tone, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            tone,
            text: Text::new(ja.into(), en.into()),
            more: Vec::new(),
            official: false,
            code: None,
            findings: Vec::new(),
            findings_total: 0,
        }
    }

    /// It worked.
    pub(super) fn good(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Tone::Good, ja, en)
    }

    /// It did not.
    pub(super) fn bad(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Tone::Bad, ja, en)
    }

    /// Worth knowing.
    pub(super) fn note(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Tone::Note, ja, en)
    }

    /// With a further line.
    #[must_use]
    pub(super) fn and(mut self, ja: impl Into<String>, en: impl Into<String>) -> Self {
        self.more.push(Text::new(ja.into(), en.into()));
        self
    }

    /// A refusal of the domain.
    pub(super) fn refused(refusal: &Refusal) -> Self {
        let kind = refusal.kind;
        let mut alert = Self::bad(kind.title.ja, kind.title.en);
        if let Some(detail) = &refusal.detail {
            alert = alert.and(detail.ja.clone(), detail.en.clone());
        }
        alert = alert.and(kind.hint.ja, kind.hint.en);
        alert.official = kind.official;
        alert.code = Some(format!("{} / {}", kind.code, kind.clause));
        alert
    }

    /// The tone as a class of the style sheet.
    pub(super) fn class(&self) -> &'static str {
        match self.tone {
            Tone::Good => "good",
            Tone::Bad => "bad",
            Tone::Note => "note",
        }
    }

    /// How a screen reader announces it.
    pub(super) fn role(&self) -> &'static str {
        if self.tone == Tone::Bad { "alert" } else { "status" }
    }
}
