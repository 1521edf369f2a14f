//! Which rules look at which field and record of a layout, decided once per file.

use careplan_spec::layout::{Layout, Privacy, Required};
use careplan_spec::{Field, StandardVersion};

use crate::context::{FieldCx, RecordCx};
use crate::profile::Profile;
use crate::rule::{Check, Rule};
use crate::rules;

/// One rule applied to one field.
#[derive(Clone, Copy)]
pub(crate) struct FieldCheck {
    pub(crate) rule: &'static Rule,
    pub(crate) holds: fn(&Field, &[u8]) -> bool,
    pub(crate) report: fn(&mut FieldCx<'_>),
}

/// One rule applied to records.
#[derive(Clone, Copy)]
pub(crate) struct RecordCheck {
    pub(crate) run: fn(&mut RecordCx<'_>),
}

/// What one field of every record is judged by.
#[derive(Default)]
pub(crate) struct Column {
    /// Checks of non-empty values.
    pub(crate) filled: Vec<FieldCheck>,
    /// Checks of empty values.
    pub(crate) empty: Vec<FieldCheck>,
    /// Whether there are any of the latter.
    pub(crate) judges_empty: bool,
    /// Whether the standard wants quotes.
    pub(crate) quoted: bool,
}

/// Everything a layout's records are judged by.
pub(crate) struct Plan {
    pub(crate) layout: &'static Layout,
    /// By position.
    pub(crate) columns: Vec<Column>,
    pub(crate) records: Vec<RecordCheck>,
    /// 4.1 position → position in this layout, `u8::MAX` where it has none.
    pub(crate) positions: Vec<u8>,
    /// Positions of the key fields, which tell a record from others.
    pub(crate) keys: Vec<usize>,
}

impl Plan {
    pub(crate) fn new(layout: &'static Layout, profile: &Profile) -> Self {
        let mut columns: Vec<Column> = layout
            .fields
            .iter()
            .map(|field| Column { quoted: field.format.is_free_text(), ..Column::default() })
            .collect();
        for rule in rules::bytes::RULES.iter().chain(rules::field::RULES) {
            let Check::Field { applies, on_empty, holds, report } = rule.check else { continue };
            if !profile.runs(rule) {
                continue;
            }
            for (column, field) in columns.iter_mut().zip(layout.fields) {
                if applies(field) {
                    let check = FieldCheck { rule, holds, report };
                    column.judges_empty |= on_empty;
                    if on_empty { column.empty.push(check) } else { column.filled.push(check) }
                }
            }
        }
        let records = rules::record::RULES
            .iter()
            .filter(|rule| profile.runs(rule))
            .filter_map(|rule| match rule.check {
                Check::Record(kinds, run) if kinds.contains(&layout.kind) => {
                    Some(RecordCheck { run })
                }
                _ => None,
            })
            .collect();
        Self { layout, columns, records, positions: positions(layout), keys: key_positions(layout) }
    }
}

fn positions(layout: &'static Layout) -> Vec<u8> {
    let reference = layout.kind.layout(StandardVersion::V4_1);
    let columns = reference.map_or(0, Layout::columns);
    (0..columns)
        .map(|index| {
            let id = careplan_spec::FieldId { kind: layout.kind, index: index as u8 };
            layout.position(id).map_or(u8::MAX, |at| at as u8)
        })
        .collect()
}

/// The identifying fields: required, not the version, not a text about the person.
fn key_positions(layout: &'static Layout) -> Vec<usize> {
    let is_key = |field: &Field| {
        let insured = field.constant == "INSURED_NUMBER";
        field.required == Required::Yes
            && field.no != 1
            && field.constant != "CREATED_DATE"
            && (insured || field.privacy == Privacy::Public)
            || field.constant.ends_with("_NO") && field.privacy == Privacy::Public
    };
    (0..layout.columns()).filter(|&at| is_key(&layout.fields[at])).collect()
}
