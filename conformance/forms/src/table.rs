//! A table as it is drawn: what the blocks of a form become. Only data; `templates/table.html`
//! makes HTML of it.

use careplan_judge::severity::Severity;
use careplan_spec::Text;

use super::notes::sign;

/// A table.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) class: &'static str,
    pub(super) caption: &'static str,
    /// Whether the caption is printed; otherwise it is for screen readers.
    pub(super) heading: bool,
    pub(super) columns: Vec<TableColumn>,
    pub(super) head: Vec<TableRow>,
    /// Rows that belong together.
    pub(super) bodies: Vec<Vec<TableRow>>,
}

/// A column, where it has a width of its own or is to be counted.
#[derive(Debug, Default, Clone)]
pub(super) struct TableColumn {
    pub(super) class: &'static str,
    /// An attribute, since pages that embed the form may forbid inline styles.
    pub(super) width: String,
}

impl TableColumn {
    pub(super) fn of(class: &'static str) -> Self {
        Self { class, ..Self::default() }
    }

    pub(super) fn wide(width: impl Into<String>) -> Self {
        Self { width: width.into(), ..Self::default() }
    }
}

/// A row.
#[derive(Debug, Default)]
pub(super) struct TableRow {
    pub(super) class: &'static str,
    pub(super) cells: Vec<TableCell>,
}

impl From<Vec<TableCell>> for TableRow {
    fn from(cells: Vec<TableCell>) -> Self {
        Self { class: "", cells }
    }
}

/// A cell.
#[derive(Debug, Default)]
pub(super) struct TableCell {
    /// What it is the heading of; empty where it is none.
    pub(super) scope: &'static str,
    /// The heading said in full.
    pub(super) abbr: &'static str,
    /// 0 where it is one and need not be said, as with `rowspan`.
    pub(super) colspan: usize,
    pub(super) rowspan: usize,
    pub(super) class: String,
    /// The fields whose values it shows, for pages that look for a cell.
    pub(super) fields: String,
    /// The records of these values.
    pub(super) records: String,
    pub(super) pieces: Vec<Piece>,
    pub(super) marks: Vec<Mark>,
}

impl TableCell {
    /// A cell that says the same on every form, or nothing.
    pub(super) fn plain(class: impl Into<String>, text: impl Into<String>) -> Self {
        Self { class: class.into(), pieces: vec![Piece::Text(text.into())], ..Self::default() }
    }

    /// A heading of its `scope`.
    pub(super) fn heading(scope: &'static str, text: impl Into<String>) -> Self {
        Self { scope, ..Self::plain("", text) }
    }

    /// A heading of a column, or no heading where there is no text.
    pub(super) fn column_heading(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { scope: if text.is_empty() { "" } else { "col" }, ..Self::plain("", text) }
    }

    pub(super) fn class(self, class: impl Into<String>) -> Self {
        Self { class: class.into(), ..self }
    }

    pub(super) fn columns(self, colspan: usize) -> Self {
        Self { colspan, ..self }
    }

    pub(super) fn rows(self, rowspan: usize) -> Self {
        Self { rowspan, ..self }
    }
}

/// A piece of what a cell says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Piece {
    Text(String),
    LineBreak,
    /// Small print.
    Small(String),
    /// The code as it stands in the file, in brackets.
    Code(String),
    /// Large print.
    Large(String),
    /// Text with a class of its own.
    Classed(&'static str, String),
    /// What can be chosen, and whether it was: circled as on paper.
    Choice(Vec<(&'static str, bool)>),
    /// A JPEG in base64.
    Image {
        alt: &'static str,
        base64: String,
    },
}

/// The number of a note at a cell.
#[derive(Debug)]
pub(super) struct Mark {
    /// 1-based.
    pub(super) number: usize,
    pub(super) severity: Severity,
    pub(super) label: Text,
}

impl Mark {
    pub(super) const fn sign(&self) -> &'static str {
        sign(self.severity)
    }
}
