//! What a finding is about, as one number: the same in the next export as long as the defect is the
//! same, another one for another office, month, person or field.
//!
//! This is the only place that decides what goes into it: offices, service month and kind from the
//! name of the file (never its sequence), the person and the key of the record, the field; each as
//! far as the finding has it. The name of most tables says nothing of a person or a month: a finding
//! about such a file has those of its first record. Never line numbers or values that are wrong.

use std::collections::BTreeSet;

use careplan_reader::{FileHeader, Record, RecordRef};
use careplan_spec::file_name::FileName;
use careplan_spec::{Field, Fingerprint};

use crate::context::UnitView;
use crate::facts::{FileFacts, Key};
use crate::finding::Person;

/// What a finding is about inside its file or unit.
#[derive(Debug, Clone, Copy)]
pub(super) enum About<'a> {
    /// A unit as a whole, or a file of nobody.
    Whole,
    /// A record, by the hash of its key.
    Record(u64),
    /// A person's records of one date or month.
    Person(&'a Key),
}

/// The number of a finding in a file or unit.
pub(super) fn fingerprint(mut of: Fingerprint, field: Option<&Field>, about: About<'_>) -> u64 {
    part(&mut of, &[field.map_or(0, |field| field.no)]);
    match about {
        About::Whole => {}
        About::Record(key) => part(&mut of, &key.to_le_bytes()),
        About::Person(key) => {
            part(&mut of, &key.person.to_le_bytes());
            part(&mut of, &month_of(key.link).to_le_bytes());
        }
    }
    of.value()
}

/// What the name of a file says beside its sequence; all of it where it says nothing.
pub(super) fn of_file(header: &FileHeader) -> Fingerprint {
    match &header.name {
        Some(name) => {
            let mut of = offices(name);
            part(&mut of, header.kind.prefix().as_bytes());
            part(&mut of, name.month.as_ref().map_or(b"", |month| month));
            part(&mut of, name.branch.as_ref().map_or(b"", |branch| branch));
            of
        }
        None => of_name(&header.base_name),
    }
}

/// A file that is none of the standard's.
pub(super) fn of_name(base_name: &str) -> Fingerprint {
    let mut of = Fingerprint::new();
    part(&mut of, base_name.as_bytes());
    of
}

/// The offices of a unit, its months and its people.
pub(super) fn of_unit(unit: &UnitView<'_>) -> Fingerprint {
    let mut of = unit.name().map_or_else(Fingerprint::new, offices);
    let keys = || unit.files.iter().flat_map(|file| &file.facts.keys);
    let named = unit.files.iter().filter_map(|file| file.header.name_month());
    let months: BTreeSet<u32> = named.chain(keys().map(|key| month_of(key.link))).collect();
    let people: BTreeSet<u64> = keys().map(|key| key.person).collect();
    for month in months {
        part(&mut of, &month.to_le_bytes());
    }
    for person in people {
        part(&mut of, &person.to_le_bytes());
    }
    of
}

/// The key of a record: the fields at `keys`, or all of it where its columns cannot be trusted.
pub(super) fn of_record(record: &Record<'_>, keys: &[usize]) -> u64 {
    let mut of = Fingerprint::new();
    if keys.is_empty() || record.fields.is_empty() {
        of.add(record.bytes);
    }
    for &at in keys {
        if at < record.fields.len() {
            part(&mut of, record.value(at));
        }
    }
    of.value()
}

/// Whose record it is; `None` where its columns cannot be told apart.
pub(super) fn whose(record: &Record<'_>) -> Option<Person> {
    if record.fields.len() != record.layout.columns() {
        return None;
    }
    let (insurer, insured) = (record.value(1), record.value(2));
    (!insured.is_empty()).then(|| Person(person(insurer, insured)))
}

/// A person as a number: insurer and insured number stand at 1 and 2 in every layout.
pub(super) fn person(insurer: &[u8], insured: &[u8]) -> u64 {
    let mut of = Fingerprint::new();
    of.add(insurer);
    of.add(b",");
    of.add(insured);
    of.value()
}

fn offices(name: &FileName) -> Fingerprint {
    let mut of = Fingerprint::new();
    part(&mut of, name.sender.to_string().as_bytes());
    part(&mut of, name.receiver.to_string().as_bytes());
    of
}

/// A part of its own: `ab` and `c` are not `a` and `bc`.
fn part(of: &mut Fingerprint, bytes: &[u8]) {
    of.add(&(bytes.len() as u64).to_le_bytes());
    of.add(bytes);
}

/// The month of a linking item: a date (YYYYMMDD) or a month (YYYYMM).
const fn month_of(link: u32) -> u32 {
    if link > 999_999 { link / 100 } else { link }
}

/// Whose record is which, as far as the records of a file were gathered.
pub(super) struct People<'f> {
    facts: &'f FileFacts,
    /// Record number and index of its key, in order.
    records: Vec<(u32, u32)>,
}

impl<'f> People<'f> {
    pub(super) fn of(facts: &'f FileFacts) -> Self {
        let rows = facts.uses.iter().map(|row| (row.at, row.key));
        let rows = rows.chain(facts.benefits.iter().map(|row| (row.at, row.key)));
        let rows = rows.chain(facts.hierarchy.iter().map(|row| (row.at, row.key)));
        let ends = (0..).zip(&facts.keys).flat_map(|(key, of)| {
            [Some(of.first), of.second].into_iter().flatten().map(move |at| (at, key))
        });
        let mut records: Vec<(u32, u32)> =
            rows.chain(ends).map(|(at, key)| (at.record, key)).collect();
        records.sort_unstable();
        records.dedup();
        Self { facts, records }
    }

    /// What a finding at a record is about; one at none is about the person of the first, so that
    /// the same file of another person is another.
    pub(super) fn about(&self, at: RecordRef) -> About<'f> {
        if at == RecordRef::default() {
            return self.facts.keys.first().map_or(About::Whole, About::Person);
        }
        let known = self.records.binary_search_by_key(&at.record, |(record, _)| *record);
        known.map_or(About::Whole, |index| {
            About::Person(&self.facts.keys[self.records[index].1 as usize])
        })
    }
}
