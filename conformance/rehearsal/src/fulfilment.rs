//! Whether the records of an export meet a requirement.

use std::collections::{BTreeMap, BTreeSet};

use careplan_spec::FileKind;
use careplan_spec::service_kind::{self, Scope};

use super::requirement::Test;
use super::rows::{Row, Sheet};

/// The insured numbers that a case has given away, by place.
pub(super) type Insured<'a> = &'a dyn Fn(u64) -> String;

/// Whether a requirement is met.
pub(super) fn is_met(test: Test, sheets: &[Sheet], insured: Insured<'_>) -> bool {
    let rows = || sheets.iter().flat_map(|sheet| sheet.rows.iter().map(move |row| (sheet, row)));
    match test {
        Test::Record(kinds, conditions) => rows().any(|(sheet, row)| {
            kinds.contains(&sheet.kind())
                && conditions.iter().all(|(constant, is)| is.met_by(row.get(constant)))
        }),
        Test::AnyText(is) => rows().any(|(sheet, row)| {
            let mut fields = sheet.fields().iter().enumerate();
            fields.any(|(at, field)| field.format.is_free_text() && is.met_by(row.at(at)))
        }),
        Test::Twins => has_twins(rows()),
        Test::OnlyCoveredKinds => rows().all(|(_, row)| is_covered(row)),
        Test::People(wanted) => sheets.iter().any(|sheet| {
            sheet.rows.iter().map(Row::person).collect::<BTreeSet<_>>().len() >= wanted
        }),
        Test::Revision => has_revision(sheets),
        Test::DeletionOfSent => has_deletion(sheets),
        Test::TwoMonths => {
            let months: BTreeSet<_> =
                sheets.iter().filter_map(|sheet| sheet.name.service_month()).collect();
            months.len() > 1
        }
        Test::Image => rows().any(|(_, row)| {
            let named = row.get("FAMILY_IMAGE_FILENAME");
            !named.is_empty()
                && sheets.iter().any(|sheet| {
                    sheet.kind() == FileKind::UpkihonImage
                        && sheet.name.compose().eq_ignore_ascii_case(named)
                })
        }),
        Test::NothingAbout(place) => {
            let number = insured(place);
            rows().all(|(_, row)| row.person().1 != number)
        }
    }
}

fn is_use(kind: FileKind) -> bool {
    matches!(kind, FileKind::Upplan | FileKind::Upjsk)
}

fn has_twins<'a>(rows: impl Iterator<Item = (&'a Sheet, &'a Row)>) -> bool {
    let mut seen: BTreeMap<[String; 4], BTreeSet<String>> = BTreeMap::new();
    for (sheet, row) in rows {
        let number = row.get("DETAIL_DISCRIMINATOR");
        if is_use(sheet.kind()) && !number.is_empty() {
            let key = ["INSURED_NUMBER", "SERVICE_CODE", "SERVICE_DATE", "UNITS"]
                .map(|constant| row.get(constant).to_owned());
            seen.entry(key).or_default().insert(number.to_owned());
        }
    }
    seen.values().any(|numbers| numbers.len() > 1)
}

fn is_covered(row: &Row) -> bool {
    let code = row.get("SERVICE_CODE").as_bytes();
    // Subtotals carry their kind too; the total row of table 7 has none.
    let Some(kind) = code.get(..2).filter(|_| code != b"999999") else { return true };
    service_kind::find(kind).is_some_and(|known| known.scope == Scope::Covered)
}

/// What links a paper with a later version of itself.
fn link(row: &Row) -> String {
    const LINKS: [&str; 4] =
        ["CONSULTATION_DATE", "TARGET_MONTH", "DELETE_TARGET_MONTH", "PLAN_DATE"];
    // In UPHOSOKU one of the two is a row of zeros.
    let mut values = LINKS.iter().map(|constant| row.get(constant));
    let found = values.find(|value| value.bytes().any(|byte| byte != b'0'));
    found.unwrap_or_default().to_owned()
}

fn has_revision(sheets: &[Sheet]) -> bool {
    sheets.iter().enumerate().any(|(at, first)| {
        sheets[at + 1..].iter().any(|second| {
            first.kind() == second.kind()
                && first.kind() != FileKind::Uphosoku
                && first.name.sequence != second.name.sequence
                && !first.rows.iter().map(Row::values).eq(second.rows.iter().map(Row::values))
                && first.rows.iter().any(|row| {
                    second
                        .rows
                        .iter()
                        .any(|other| row.person() == other.person() && link(row) == link(other))
                })
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

fn has_deletion(sheets: &[Sheet]) -> bool {
    sheets.iter().any(|deletion| {
        let Some(kind) = deleted_by(deletion.kind()) else { return false };
        let earlier = sheets
            .iter()
            .filter(|sheet| sheet.kind() == kind && sheet.name.sequence < deletion.name.sequence);
        let mut sent = earlier.flat_map(|sheet| &sheet.rows);
        sent.any(|row| {
            deletion
                .rows
                .iter()
                .any(|other| row.person() == other.person() && link(row) == link(other))
        })
    })
}
