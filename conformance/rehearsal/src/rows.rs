//! The records of submitted files with their values, for looking at what they hold. Whether they
//! are written as the standard wants is the checker's business.

use careplan_spec::file_name::{self, FileName, Reading, base_name_in_archive};
use careplan_spec::layout::Field;
use careplan_spec::{FileKind, Layout, ms932};

/// A file and its records.
#[derive(Debug)]
pub(super) struct Sheet {
    /// What the name says.
    pub(super) name: FileName,
    /// The layout; `None` for the JPEG.
    layout: Option<&'static Layout>,
    /// Records that have the columns of the layout.
    pub(super) rows: Vec<Row>,
}

/// A record.
#[derive(Debug)]
pub(super) struct Row {
    layout: &'static Layout,
    values: Vec<String>,
}

impl Sheet {
    /// The kind of file.
    pub(super) const fn kind(&self) -> FileKind {
        self.name.kind
    }

    /// The columns of the file, in order.
    pub(super) fn fields(&self) -> &'static [Field] {
        self.layout.map_or(&[], |layout| layout.fields)
    }
}

impl Row {
    /// Every value, in the order of the layout.
    pub(super) fn values(&self) -> &[String] {
        &self.values
    }

    /// The value under a field's identifier (`OVER_30_DAYS`); empty where there is none.
    pub(super) fn get(&self, constant: &str) -> &str {
        let at = self.layout.fields.iter().position(|field| field.constant == constant);
        at.map_or("", |at| self.at(at))
    }

    /// The value in a 0-based column.
    pub(super) fn at(&self, column: usize) -> &str {
        self.values.get(column).map_or("", String::as_str)
    }

    /// Insurer number and insured number: whose record it is.
    pub(super) fn person(&self) -> (&str, &str) {
        (self.get("INSURER_NUMBER"), self.get("INSURED_NUMBER"))
    }
}

/// Reads every file whose name is one of the standard; the others hold nothing to look at.
pub(super) fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<Sheet> {
    files.into_iter().filter_map(|(path, bytes)| sheet(path, bytes)).collect()
}

fn sheet(path: &str, bytes: &[u8]) -> Option<Sheet> {
    let base = base_name_in_archive(path);
    let name = match file_name::read(base) {
        Reading::Standard { name, .. } => name,
        Reading::NearMiss { name, .. } => name?,
        Reading::Foreign => return None,
    };
    let Some(layout) = name.kind.layout(name.version) else {
        return Some(Sheet { name, layout: None, rows: Vec::new() });
    };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let rows = reader
        .byte_records()
        .filter_map(Result::ok)
        .filter(|record| record.len() == layout.columns())
        .map(|record| Row { layout, values: record.iter().map(ms932::decode_lossy).collect() })
        .collect();
    Some(Sheet { name, layout: Some(layout), rows })
}
