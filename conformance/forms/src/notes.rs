//! The notes of a form: a number at the cell, the sentence below the form.

use std::collections::{BTreeMap, BTreeSet};

use careplan_judge::finding::Finding;
use careplan_judge::message::Wording;
use careplan_judge::severity::Severity;
use careplan_spec::layout::Field;
use careplan_spec::text::counted;
use careplan_spec::{Lang, Text, clause};

use super::table::Mark;

/// Something that can be said at a cell: a finding of the check, a difference of a round trip.
pub trait Notable {
    /// How bad it is: the colour and the sign.
    fn severity(&self) -> Severity;
    /// The word for how bad it is.
    fn label(&self) -> Text;
    /// A short name of what it is.
    fn code(&self) -> &'static str;
    /// The sentence.
    fn message(&self, wording: Wording) -> String;
    /// What to do.
    fn fix(&self, lang: Lang) -> &'static str;
    /// The clause.
    fn clause(&self) -> String;
    /// Index of the file; `None` where it is about no single file.
    fn file(&self) -> Option<u32>;
    /// Index of the send unit, where it is about one.
    fn unit(&self) -> Option<u32>;
    /// 1-based record; 0 for the whole file.
    fn record(&self) -> u32;
    /// The field, if it is about one.
    fn field(&self) -> Option<&'static Field>;
}

impl Notable for Finding {
    fn severity(&self) -> Severity {
        self.severity
    }

    fn label(&self) -> Text {
        self.severity.label()
    }

    fn code(&self) -> &'static str {
        self.rule.code
    }

    fn message(&self, wording: Wording) -> String {
        wording.message(self)
    }

    fn fix(&self, lang: Lang) -> &'static str {
        self.rule.fix.get(lang)
    }

    fn clause(&self) -> String {
        self.clause()
    }

    fn file(&self) -> Option<u32> {
        self.file
    }

    fn unit(&self) -> Option<u32> {
        self.unit
    }

    fn record(&self) -> u32 {
        self.at.record
    }

    fn field(&self) -> Option<&'static Field> {
        self.field
    }
}

/// What the notes are called on a page.
#[derive(Debug)]
pub struct Titles {
    /// Title of the page.
    pub title: Text,
    /// Heading of the sentences below a form.
    pub below: Text,
    /// Heading of what is said about whole records.
    pub records: Text,
    /// Heading of what has no cell.
    pub elsewhere: Text,
    /// One of them, for the table of contents.
    pub one: Text,
}

impl Titles {
    /// How many there are, behind a name; nothing where there are none.
    pub(super) fn count(&self, count: usize, lang: Lang) -> String {
        match (count, lang) {
            (0, _) => String::new(),
            (_, Lang::Ja) => format!("（{}{count}）", self.one.ja),
            (_, Lang::En) => format!(" ({})", counted(count as u64, self.one.en)),
        }
    }
}

/// The words for findings.
pub(crate) static FINDINGS: Titles = Titles {
    title: Text::new("ケアプランデータの様式表示", "Care-plan data as forms"),
    below: Text::new("検査の指摘", "findings of the check"),
    records: Text::new("記録全体についての指摘", "findings about whole records"),
    elsewhere: Text::new(
        "様式の欄に示せない指摘（ファイル・送信単位）",
        "findings without a cell (files, send units)",
    ),
    one: Text::new("指摘", "finding"),
};

/// How many places of a note are named.
const MOST_PLACES: usize = 6;

/// The sign of a severity at a cell, so that colour is not needed.
pub(super) const fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "✕",
        Severity::Warning => "▲",
        Severity::Info => "※",
    }
}

/// What is said, in the language of the page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) severity: Severity,
    pub(super) label: Text,
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) fix: &'static str,
}

impl Sentence {
    pub(super) fn of(said: &dyn Notable, wording: Wording) -> Self {
        Self {
            severity: said.severity(),
            label: said.label(),
            code: said.code(),
            message: said.message(wording),
            fix: said.fix(wording.lang),
        }
    }

    pub(super) const fn sign(&self) -> &'static str {
        sign(self.severity)
    }
}

/// A sentence below a form.
#[derive(Debug)]
pub(super) struct Note {
    /// 1-based.
    pub(super) number: usize,
    pub(super) sentence: Sentence,
    clause: String,
    /// File kind and record of each place.
    places: BTreeSet<(&'static str, u32)>,
}

impl Note {
    /// The number of the note, for a cell.
    pub(super) fn mark(&self) -> Mark {
        let Sentence { severity, label, .. } = self.sentence;
        Mark { number: self.number, severity, label }
    }

    /// The places and the clause.
    pub(super) fn source(&self, lang: Lang) -> String {
        let mut places: Vec<String> = self
            .places
            .iter()
            .take(MOST_PLACES)
            .map(|(kind, record)| match lang {
                Lang::Ja => format!("{kind} {record}件目"),
                Lang::En => format!("{kind} record {record}"),
            })
            .collect();
        let more = self.places.len() - places.len();
        if more > 0 {
            places.push(match lang {
                Lang::Ja => format!("ほか{more}件"),
                Lang::En => format!("{more} more"),
            });
        }
        format!("{}・{}", places.join("、"), clause::in_words(&self.clause, lang))
    }
}

/// The sentences of one form. The same sentence at several cells has one number.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) all: Vec<Note>,
    index: BTreeMap<(&'static str, String), usize>,
}

impl Notes {
    /// Adds a sentence and returns its 0-based index.
    pub(super) fn add(
        &mut self,
        said: &dyn Notable,
        kind: &'static str,
        record: u32,
        wording: Wording,
    ) -> usize {
        let sentence = Sentence::of(said, wording);
        let next = self.all.len();
        let at = *self.index.entry((sentence.code, sentence.message.clone())).or_insert(next);
        if at == next {
            let (clause, places) = (said.clause(), BTreeSet::new());
            self.all.push(Note { number: next + 1, sentence, clause, places });
        }
        let note = &mut self.all[at];
        if note.sentence.severity < said.severity() {
            (note.sentence.severity, note.sentence.label) = (said.severity(), said.label());
        }
        note.places.insert((kind, record));
        at
    }
}
