//! The notes of a form: a number at the cell, the sentence below the form.

use std::collections::{BTreeMap, BTreeSet};

use careplan_judge::finding::Finding;
use careplan_judge::message::Wording;
use careplan_judge::severity::Severity;
use careplan_spec::layout::Field;
use careplan_spec::{Lang, Text};

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
    /// Several of them.
    pub several: Text,
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
    several: Text::new("指摘", "findings"),
};

/// A sentence below a form.
#[derive(Debug)]
pub(super) struct Note {
    pub(super) severity: Severity,
    pub(super) label: Text,
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) fix: &'static str,
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
    /// Adds a sentence and returns its 0-based number.
    pub(super) fn add(
        &mut self,
        said: &dyn Notable,
        kind: &'static str,
        record: u32,
        wording: Wording,
    ) -> usize {
        let message = said.message(wording);
        let next = self.all.len();
        let at = *self.index.entry((said.code(), message.clone())).or_insert(next);
        if at == next {
            self.all.push(Note {
                severity: said.severity(),
                label: said.label(),
                code: said.code(),
                message,
                fix: said.fix(wording.lang),
                clause: said.clause(),
                places: BTreeSet::new(),
            });
        }
        let note = &mut self.all[at];
        if note.severity < said.severity() {
            (note.severity, note.label) = (said.severity(), said.label());
        }
        note.places.insert((kind, record));
        at
    }
}
