//! Whether the records of an export meet a requirement.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use careplan_reader::KeptRecord;
use careplan_spec::FileKind;
use careplan_spec::service_kind::{self, Scope};

use super::records::{NamedFile, person, value, values};
use super::requirement::Test;

/// The insured numbers that a case has given away, by place.
pub(super) type Insured<'a> = &'a dyn Fn(u64) -> String;

/// Whether a requirement is met.
pub(super) fn is_met(test: Test, files: &[NamedFile], insured: Insured<'_>) -> bool {
    let records = || files.iter().flat_map(|file| &file.records);
    match test {
        Test::Record(kinds, conditions) => records().any(|record| {
            kinds.contains(&record.layout.kind)
                && conditions.iter().all(|(constant, is)| is.met_by(&value(record, constant)))
        }),
        Test::AnyText(is) => records().any(|record| {
            let is_text = |id| record.field(id).is_some_and(|field| field.format.is_free_text());
            values(record).any(|(id, value)| is_text(id) && is.met_by(&value))
        }),
        Test::Twins => has_twins(records()),
        Test::OnlyCoveredKinds => records().all(is_covered),
        Test::People(wanted) => files
            .iter()
            .any(|file| file.records.iter().map(person).collect::<BTreeSet<_>>().len() >= wanted),
        Test::Revision => has_revision(files),
        Test::DeletionOfSent => has_deletion(files),
        Test::TwoMonths => {
            let months: BTreeSet<_> =
                files.iter().filter_map(|file| file.name.service_month()).collect();
            months.len() > 1
        }
        Test::Image => records().any(|record| {
            let named = value(record, "FAMILY_IMAGE_FILENAME");
            !named.is_empty()
                && files.iter().any(|file| {
                    file.kind() == FileKind::UpkihonImage
                        && file.name.compose().eq_ignore_ascii_case(&named)
                })
        }),
        Test::NothingAbout(place) => {
            let number = insured(place);
            records().all(|record| value(record, "INSURED_NUMBER") != number)
        }
    }
}

fn is_use(kind: FileKind) -> bool {
    matches!(kind, FileKind::Upplan | FileKind::Upjsk)
}

fn has_twins<'r>(records: impl Iterator<Item = &'r KeptRecord>) -> bool {
    let mut seen: BTreeMap<[Cow<'r, str>; 4], BTreeSet<Cow<'r, str>>> = BTreeMap::new();
    for record in records {
        let number = value(record, "DETAIL_DISCRIMINATOR");
        if is_use(record.layout.kind) && !number.is_empty() {
            let key = ["INSURED_NUMBER", "SERVICE_CODE", "SERVICE_DATE", "UNITS"]
                .map(|constant| value(record, constant));
            seen.entry(key).or_default().insert(number);
        }
    }
    seen.values().any(|numbers| numbers.len() > 1)
}

fn is_covered(record: &KeptRecord) -> bool {
    let code = value(record, "SERVICE_CODE");
    let code = code.as_bytes();
    // Subtotals carry their kind too; the total row of table 7 has none.
    let Some(kind) = code.get(..2).filter(|_| code != b"999999") else { return true };
    service_kind::find(kind).is_some_and(|known| known.scope == Scope::Covered)
}

/// What links a paper with a later version of itself.
fn link(record: &KeptRecord) -> Cow<'_, str> {
    const LINKS: [&str; 4] =
        ["CONSULTATION_DATE", "TARGET_MONTH", "DELETE_TARGET_MONTH", "PLAN_DATE"];
    // In UPHOSOKU one of the two is a row of zeros.
    let mut values = LINKS.iter().map(|constant| value(record, constant));
    let found = values.find(|value| value.bytes().any(|byte| byte != b'0'));
    found.unwrap_or_default()
}

/// Whether one is about what the other is about: the same person, the same paper.
fn are_linked(one: &KeptRecord, other: &KeptRecord) -> bool {
    person(one) == person(other) && link(one) == link(other)
}

fn any_linked(some: &[KeptRecord], others: &[KeptRecord]) -> bool {
    some.iter().any(|one| others.iter().any(|other| are_linked(one, other)))
}

fn has_revision(files: &[NamedFile]) -> bool {
    files.iter().enumerate().any(|(at, first)| {
        files[at + 1..].iter().any(|second| {
            first.kind() == second.kind()
                && first.kind() != FileKind::Uphosoku
                && first.name.sequence != second.name.sequence
                && !first.records.iter().flat_map(values).eq(second.records.iter().flat_map(values))
                && any_linked(&first.records, &second.records)
        })
    })
}

/// The kind whose records a deletion takes back.
const fn deleted_by(kind: FileKind) -> Option<FileKind> {
    match kind {
        FileKind::Dlt1kyo => Some(FileKind::Up1kyo),
        FileKind::Dltplan => Some(FileKind::Upplan),
        FileKind::Dltjsk => Some(FileKind::Upjsk),
        FileKind::Dltkihon => Some(FileKind::Upkihon),
        FileKind::Dltyobo => Some(FileKind::Upyobo),
        _ => None,
    }
}

fn has_deletion(files: &[NamedFile]) -> bool {
    files.iter().any(|deletion| {
        let Some(kind) = deleted_by(deletion.kind()) else { return false };
        files
            .iter()
            .filter(|file| file.kind() == kind && file.name.sequence < deletion.name.sequence)
            .any(|sent| any_linked(&sent.records, &deletion.records))
    })
}
