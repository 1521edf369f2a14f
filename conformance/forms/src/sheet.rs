//! How a form is declared: which field goes to which cell, once.
//!
//! A sheet is data. Labels are the official ones of the form or of the item; cells name fields of
//! the 4.1 layouts, and a version 3 record fills those it has.

use std::collections::BTreeSet;

use careplan_spec::layout::FieldId;
use careplan_spec::send_unit::Link;
use careplan_spec::{FileKind, Text};

/// One official form.
#[derive(Debug)]
pub(super) struct Sheet {
    /// The number people call it by: `第１表`; empty where it has none.
    pub(super) number: &'static str,
    /// The printed title, and what tables of contents call it in English; empty where it has none.
    pub(super) title: Text,
    /// A4 lying.
    pub(super) landscape: bool,
    /// Kinds whose records belong to the form, the parent first.
    pub(super) kinds: &'static [FileKind],
    /// Whether every record of the parent makes a form of its own.
    pub(super) one_each: bool,
    /// Kinds whose records are shown on the form but belong to another.
    pub(super) reads: &'static [FileKind],
    /// What keeps the records of a form together besides the person.
    pub(super) link: Link,
    /// The form from top to bottom.
    pub(super) blocks: &'static [Block],
}

impl Sheet {
    /// Every field with a cell on the form.
    pub(super) fn fields(&self) -> BTreeSet<FieldId> {
        self.blocks.iter().flat_map(Block::fields).collect()
    }
}

/// A block of a form.
#[derive(Debug)]
pub(super) enum Block {
    /// Labels with values beside them.
    Grid(Grid),
    /// A fixed table of one record.
    Matrix(Matrix),
    /// A row a record.
    List(List),
    /// The week of table 3.
    Week(Week),
    /// The month of table 6, planned and actual.
    Month([Use; 2]),
    /// The image that a record names.
    Picture(&'static str, FieldId),
    /// A printed remark.
    Remark(&'static str),
}

impl Block {
    /// Every field with a cell in this block.
    pub(super) fn fields(&self) -> Vec<FieldId> {
        let of = |fields: &[CellField]| fields.iter().map(|field| field.id).collect::<Vec<_>>();
        match self {
            Self::Grid(grid) => grid
                .rows
                .iter()
                .flat_map(|row| row.cells)
                .flat_map(|cell| of(cell.fields))
                .collect(),
            Self::Matrix(matrix) => {
                matrix.rows.iter().flat_map(|row| row.cells).flat_map(|fields| of(fields)).collect()
            }
            Self::List(list) => list.columns.iter().flat_map(|column| of(column.fields)).collect(),
            Self::Week(week) => week.fields().to_vec(),
            Self::Month(uses) => uses.iter().flat_map(Use::fields).collect(),
            Self::Picture(_, id) => vec![*id],
            Self::Remark(_) => Vec::new(),
        }
    }
}

/// How a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// As people write it.
    Plain,
    /// Every choice of the code list, the chosen one circled.
    Choice,
    /// A box with this label, ticked where the code is 1.
    Tick(&'static str),
    /// A sign before the value where the code is this one: code, sign.
    Sign(&'static str, &'static str),
    /// Small print before the value: the numbers of a hierarchy.
    Number,
    /// What the service code stands for.
    ServiceName,
    /// Large print.
    Large,
}

/// A field in a cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct CellField {
    pub(super) id: FieldId,
    pub(super) look: Look,
    /// Printed before a value, left out where there is none.
    pub(super) before: &'static str,
    /// Printed behind a value, left out where there is none.
    pub(super) after: &'static str,
    /// Whether the value begins a line of its own.
    pub(super) own_line: bool,
}

/// A field, plainly.
pub(super) const fn at(id: FieldId) -> CellField {
    CellField { id, look: Look::Plain, before: "", after: "", own_line: false }
}

impl CellField {
    pub(super) const fn look(mut self, look: Look) -> Self {
        self.look = look;
        self
    }

    pub(super) const fn choice(self) -> Self {
        self.look(Look::Choice)
    }

    pub(super) const fn between(mut self, before: &'static str, after: &'static str) -> Self {
        self.before = before;
        self.after = after;
        self
    }

    pub(super) const fn after(self, after: &'static str) -> Self {
        self.between("", after)
    }

    pub(super) const fn before(self, before: &'static str) -> Self {
        self.between(before, "")
    }

    pub(super) const fn line(mut self) -> Self {
        self.own_line = true;
        self
    }
}

/// Labels and values on a grid of columns.
#[derive(Debug)]
pub(super) struct Grid {
    /// What the grid is, for screen readers and as a heading where `heading` is set.
    pub(super) caption: &'static str,
    /// Whether the caption is printed.
    pub(super) heading: bool,
    /// How many columns the cells of every row add up to.
    pub(super) columns: u8,
    pub(super) rows: &'static [GridRow],
}

/// A row of a grid.
#[derive(Debug)]
pub(super) struct GridRow {
    /// A label that stands before this row and the following ones: text, columns, rows.
    pub(super) group: Option<(&'static str, u8, u8)>,
    pub(super) cells: &'static [GridCell],
}

/// A row without a group.
pub(super) const fn row(cells: &'static [GridCell]) -> GridRow {
    GridRow { group: None, cells }
}

/// The first row of a group of `rows` rows, its label `span` columns wide.
pub(super) const fn group(
    label: &'static str,
    span: u8,
    rows: u8,
    cells: &'static [GridCell],
) -> GridRow {
    GridRow { group: Some((label, span, rows)), cells }
}

/// A label and its value.
#[derive(Debug)]
pub(super) struct GridCell {
    pub(super) label: &'static str,
    /// Columns of the label.
    pub(super) label_span: u8,
    /// Columns of the value.
    pub(super) span: u8,
    pub(super) fields: &'static [CellField],
    /// Whether the form leaves room for a long text.
    pub(super) tall: bool,
}

/// A cell: label, its columns, columns of the value, fields.
pub(super) const fn cell(
    label: &'static str,
    label_span: u8,
    span: u8,
    fields: &'static [CellField],
) -> GridCell {
    GridCell { label, label_span, span, fields, tall: false }
}

/// A cell with room for a long text.
pub(super) const fn tall(
    label: &'static str,
    label_span: u8,
    span: u8,
    fields: &'static [CellField],
) -> GridCell {
    GridCell { label, label_span, span, fields, tall: true }
}

/// A fixed table of one record.
#[derive(Debug)]
pub(super) struct Matrix {
    pub(super) caption: &'static str,
    /// Heading of the first column.
    pub(super) corner: &'static str,
    /// Headings of the others.
    pub(super) heads: &'static [&'static str],
    pub(super) rows: &'static [MatrixRow],
    /// Whether rows without a value are left out.
    pub(super) skip_empty: bool,
}

/// A row of a fixed table.
#[derive(Debug)]
pub(super) struct MatrixRow {
    pub(super) label: &'static str,
    pub(super) cells: &'static [&'static [CellField]],
}

/// A row of a fixed table: label and cells.
pub(super) const fn fixed(
    label: &'static str,
    cells: &'static [&'static [CellField]],
) -> MatrixRow {
    MatrixRow { label, cells }
}

/// A table with a row a record.
#[derive(Debug)]
pub(super) struct List {
    pub(super) caption: &'static str,
    /// Whether the caption is printed.
    pub(super) heading: bool,
    pub(super) kind: FileKind,
    /// Numbers by which rows are sorted, and within which cells are merged, outermost first.
    pub(super) levels: &'static [FieldId],
    /// A service code that tells subtotals and totals.
    pub(super) total: Option<FieldId>,
    pub(super) columns: &'static [ListColumn],
    /// How many rows the form has at least.
    pub(super) least: u8,
}

/// A column of a list.
#[derive(Debug)]
pub(super) struct ListColumn {
    /// A heading over several columns.
    pub(super) over: &'static str,
    pub(super) heading: &'static str,
    /// Share of the width, in thousandths.
    pub(super) width: u16,
    /// 0: a cell a record; n: cells of the same first n numbers are merged.
    pub(super) level: u8,
    /// Right aligned.
    pub(super) amount: bool,
    pub(super) fields: &'static [CellField],
}

/// A column: heading, width, fields.
pub(super) const fn column(
    heading: &'static str,
    width: u16,
    fields: &'static [CellField],
) -> ListColumn {
    ListColumn { over: "", heading, width, level: 0, amount: false, fields }
}

impl ListColumn {
    pub(super) const fn under(mut self, over: &'static str) -> Self {
        self.over = over;
        self
    }

    pub(super) const fn level(mut self, level: u8) -> Self {
        self.level = level;
        self
    }

    pub(super) const fn amount(mut self) -> Self {
        self.amount = true;
        self
    }
}

/// The fields of table 3.
#[derive(Debug)]
pub(super) struct Week {
    pub(super) service: FieldId,
    pub(super) weekday: FieldId,
    pub(super) start: FieldId,
    pub(super) end: FieldId,
    pub(super) activity: FieldId,
    pub(super) activity_start: FieldId,
    pub(super) activity_end: FieldId,
    pub(super) other: FieldId,
}

impl Week {
    const fn fields(&self) -> [FieldId; 8] {
        [
            self.service,
            self.weekday,
            self.start,
            self.end,
            self.activity,
            self.activity_start,
            self.activity_end,
            self.other,
        ]
    }
}

/// The fields of one side of table 6: planned or actual.
#[derive(Debug)]
pub(super) struct Use {
    pub(super) kind: FileKind,
    /// `予定`, `実績`.
    pub(super) label: &'static str,
    pub(super) month: FieldId,
    pub(super) date: FieldId,
    pub(super) count: FieldId,
    pub(super) per_diem: FieldId,
    pub(super) start: FieldId,
    pub(super) end: FieldId,
    pub(super) code: FieldId,
    pub(super) units: FieldId,
    /// Shown with the service: equipment, detail number, over 30 days.
    pub(super) details: &'static [CellField],
    /// Shown as the office.
    pub(super) office: &'static [CellField],
}

impl Use {
    fn fields(&self) -> Vec<FieldId> {
        let own =
            [self.date, self.count, self.per_diem, self.start, self.end, self.code, self.units];
        let more = self.details.iter().chain(self.office).map(|field| field.id);
        own.into_iter().chain(more).collect()
    }
}
