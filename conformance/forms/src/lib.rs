//! Form view: records shown as the forms people know, with the findings at the cells.
//!
//! ```
//! use careplan_judge::{Profile, Report};
//!
//! // Names and bytes, lent or owned.
//! let files = [("案内.txt", b"".as_slice())];
//! let options = careplan_forms::Options::default();
//! // A whole page …
//! let page = careplan_forms::render(&files, &Profile::default(), &options);
//! // … or a piece for another page, which also needs `careplan_forms::STYLE`.
//! let report = Report::collect(&files, &Profile::default());
//! let piece = careplan_forms::fragment(&files, &report, &Profile::default(), &options);
//! assert_eq!(piece.forms, 0);
//! # let _ = page;
//! ```
//!
//! Which field goes to which cell is declared once, as data. What has no cell is listed below
//! its form, and what could not be read is listed above all forms: nothing is hidden. Every value
//! and file name is taken for hostile. The forms are in Japanese whatever the language; notes and
//! findings follow [`Options::lang`].

mod assembly;
mod drawing;
mod month;
mod notes;
mod page;
mod sheet;
mod sheets;
mod table;
mod value;
mod week;
mod writer;

use careplan_judge::engine::{FileOutcome, FileStatus, Report};
use careplan_judge::message::Wording;
use careplan_judge::profile::Profile;
use careplan_reader::KeptFile;
use careplan_spec::{Lang, Text};

use drawing::Drawing;
use notes::FINDINGS;
pub use notes::{Notable, Titles};
pub use page::Summary;

/// The style sheet of the forms, for screen and A4 paper. Every selector stays within
/// `.cp-forms`; the named pages `cp-portrait` and `cp-landscape` set the paper.
pub const STYLE: &str = include_str!("../templates/forms.css");

/// How forms are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Language of notes and findings. The forms themselves stay Japanese.
    pub lang: Lang,
    /// Show the shape of personal values (`〔全角4文字〕`) instead of the values, and no images.
    pub mask: bool,
    /// Begins every `id` on the page, so that several pieces can share one page: letters, digits
    /// and hyphens.
    pub prefix: &'a str,
    /// Files that could not be read at all: path and reason. They are named above the forms.
    pub unread: &'a [(String, String)],
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { lang: Lang::Ja, mask: false, prefix: "cp", unread: &[] }
    }
}

impl Options<'_> {
    const fn wording(&self) -> Wording {
        Wording { lang: self.lang, show_values: !self.mask }
    }

    const fn pick(&self, ja: &'static str, en: &'static str) -> &'static str {
        Text::new(ja, en).get(self.lang)
    }

    /// The prefix, with everything taken out that could end an attribute.
    fn safe_prefix(&self) -> String {
        self.prefix.chars().filter(|ch| ch.is_ascii_alphanumeric() || *ch == '-').collect()
    }
}

/// A line of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The `id` of the form's section.
    pub id: String,
    /// The send unit, as its heading says it. Plain text.
    pub unit: String,
    /// Number and title of the form. Plain text.
    pub title: String,
    /// Whose form it is, masked where asked for. Plain text.
    pub person: String,
    /// How many different findings stand below the form.
    pub notes: usize,
}

/// Forms for embedding.
#[derive(Debug, Clone)]
pub struct Fragment {
    /// One `<div class="cp-forms">`: band, what could not be shown, forms. Headings begin at
    /// `h2`. Needs [`STYLE`].
    pub html: String,
    /// The forms, in order.
    pub contents: Vec<Entry>,
    /// How many forms were drawn, deletions and single supplements included.
    pub forms: usize,
    /// Whether something is missing because of an internal error. It is named above the forms.
    pub internal_error: bool,
}

/// Checks the files and makes one self-contained page: no scripts, nothing from outside.
pub fn render<N: AsRef<str>, B: AsRef<[u8]>>(
    files: &[(N, B)],
    profile: &Profile,
    options: &Options<'_>,
) -> String {
    let report = Report::collect(files, profile);
    page(&fragment(files, &report, profile, options), options)
}

/// Wraps a fragment into a page of its own, with a table of contents.
pub fn page(fragment: &Fragment, options: &Options<'_>) -> String {
    page_in_words(fragment, options, &FINDINGS, None)
}

/// As [`page()`], with other words for the notes and with a summary below the title.
pub fn page_in_words(
    fragment: &Fragment,
    options: &Options<'_>,
    titles: &Titles,
    summary: Option<&Summary>,
) -> String {
    page::draw(fragment, options, titles, summary)
}

/// Draws the forms of files that were already checked. `report` is that of the same files in the
/// same order.
pub fn fragment<N: AsRef<str>, B: AsRef<[u8]>>(
    files: &[(N, B)],
    report: &Report,
    profile: &Profile,
    options: &Options<'_>,
) -> Fragment {
    let said = report.findings.iter().map(|finding| finding as &dyn Notable).collect();
    fragment_in_words(files, report, profile, options, said, &FINDINGS)
}

/// As [`fragment`], with something else said than the findings of the report, which then only
/// tells which files make a unit.
pub fn fragment_in_words<N: AsRef<str>, B: AsRef<[u8]>>(
    files: &[(N, B)],
    report: &Report,
    profile: &Profile,
    options: &Options<'_>,
    said: Vec<&dyn Notable>,
    titles: &'static Titles,
) -> Fragment {
    let contents: Vec<KeptFile<'_>> = (0..)
        .zip(files)
        .map(|(index, (path, bytes))| {
            KeptFile::read(index, path.as_ref(), bytes.as_ref(), profile.reading())
        })
        .collect();
    let mut drawing = Drawing::new(options, report, &contents, said, titles);
    let html = drawing.html();
    let failed = |file: &FileOutcome| file.status == FileStatus::InternalError;
    Fragment {
        html,
        forms: drawing.entries.len(),
        internal_error: !drawing.failed.is_empty()
            || contents.iter().any(|content| content.failed)
            || report.summary.files.iter().any(failed),
        contents: drawing.entries,
    }
}

/// The README's program is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;
