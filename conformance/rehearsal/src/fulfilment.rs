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

fn has_twins<'r>(records: impl Iterator<Item = &'r KeptRecord>) -> bool {
    let mut seen: BTreeMap<[Cow<'r, str>; 4], BTreeSet<Cow<'r, str>>> = BTreeMap::new();
    for record in records {
        let number = value(record, "DETAIL_DISCRIMINATOR");
        // Only planned and actual use have it.
        if !number.is_empty() {
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
    let mut values = LINKS.iter().map(|constant| value(record, constant));
    values.find(|value| !value.is_empty()).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use careplan_fixtures::mutant::{Base, EditableUnit};
    use careplan_spec::layout::v4_1::{dlt1kyo, up1kyo, uphosoku, upplan};

    use super::*;
    use crate::records;

    type Files = Vec<(String, Vec<u8>)>;

    const PLAN: Base = Base::of("K1");
    /// People who rent two items of one code and price.
    const RENTAL: Base = Base::of("K2").to_kind("17").rich().with_people(2);
    const FIRST: &str = "20260520000001";
    const LATER: &str = "20260520000002";

    fn is_met_by(files: &Files, test: Test) -> bool {
        let read = records::read(files.iter().map(|(name, bytes)| (name.as_str(), &bytes[..])));
        assert_eq!(read.len(), files.len(), "every file has a name of the standard");
        is_met(test, &read, &|_| String::new())
    }

    fn edited(base: Base, sequence: &str, edit: impl Fn(&mut EditableUnit)) -> Files {
        let mut unit = EditableUnit::of(&base).expect("a unit");
        edit(&mut unit);
        let renamed = |name: String| {
            let (start, _) = name.rsplit_once('_').expect("parts of a name");
            format!("{start}_{sequence}.CSV")
        };
        unit.files().into_iter().map(|(name, bytes)| (renamed(name), bytes)).collect()
    }

    #[test]
    fn people_are_counted_in_one_file() {
        let five = edited(PLAN.with_people(5), FIRST, |_| {});
        assert!(is_met_by(&five, Test::People(5)) && !is_met_by(&five, Test::People(6)));
        let once_and_again = [edited(PLAN, FIRST, |_| {}), edited(PLAN, LATER, |_| {})].concat();
        assert!(!is_met_by(&once_and_again, Test::People(2)));
    }

    #[test]
    fn twins_agree_in_everything_but_their_number() {
        assert!(is_met_by(&edited(RENTAL, FIRST, |_| {}), Test::Twins));
        for (field, value) in [
            (upplan::UNITS, "999"),
            (upplan::SERVICE_CODE, "171099"),
            (upplan::SERVICE_DATE, "20260602"),
            (upplan::INSURED_NUMBER, "0000000001"),
            (upplan::DETAIL_DISCRIMINATOR, "1"),
        ] {
            let other = edited(RENTAL, FIRST, |unit| {
                let second = unit.find(upplan::DETAIL_DISCRIMINATOR, "2");
                unit.set(field, second, value);
            });
            assert!(!is_met_by(&other, Test::Twins), "{field:?}");
        }
    }

    #[test]
    fn only_rows_of_other_kinds_are_outside_the_exchange() {
        let planned = Base::of("K2");
        assert!(is_met_by(&edited(planned, FIRST, |_| {}), Test::OnlyCoveredKinds));
        let other = edited(planned, FIRST, |unit| {
            unit.set(upplan::SERVICE_CODE, 1, "331111");
        });
        assert!(!is_met_by(&other, Test::OnlyCoveredKinds));
    }

    #[test]
    fn a_revision_is_later_changed_and_about_the_same_paper() {
        let is_revised = |sequence, edit: &dyn Fn(&mut EditableUnit)| {
            let both = [edited(PLAN, FIRST, |_| {}), edited(PLAN, sequence, edit)].concat();
            is_met_by(&both, Test::Revision)
        };
        let changed = |unit: &mut EditableUnit| {
            unit.set(up1kyo::OVERALL_SUPPORT_POLICY, 1, "変更後");
        };
        assert!(is_revised(LATER, &changed));
        assert!(!is_revised(LATER, &|_| {}), "nothing is changed");
        assert!(!is_revised(FIRST, &changed), "both have one sequence");
        assert!(!is_revised(LATER, &|unit| {
            unit.set(uphosoku::USER_NAME, 1, "変更　後");
        }));
        for (field, value) in [
            (up1kyo::INSURER_NUMBER, "479022"),
            (up1kyo::INSURED_NUMBER, "0000000001"),
            (up1kyo::PLAN_DATE, "20260519"),
        ] {
            let other = |unit: &mut EditableUnit| {
                unit.only(FileKind::Up1kyo);
                changed(unit);
                unit.set(field, 1, value);
            };
            assert!(!is_revised(LATER, &other), "{field:?}");
        }
    }

    #[test]
    fn a_deletion_follows_what_it_takes_back() {
        let deletion = Base::of("K3");
        let is_deleted = |sent, deleted, edit: &dyn Fn(&mut EditableUnit)| {
            let both = [edited(PLAN, sent, |_| {}), edited(deletion, deleted, edit)].concat();
            is_met_by(&both, Test::DeletionOfSent)
        };
        assert!(is_deleted(FIRST, LATER, &|_| {}));
        assert!(!is_deleted(FIRST, FIRST, &|_| {}) && !is_deleted(LATER, FIRST, &|_| {}));
        for (field, value) in [
            (dlt1kyo::INSURER_NUMBER, "479022"),
            (dlt1kyo::INSURED_NUMBER, "0000000001"),
            (dlt1kyo::PLAN_DATE, "20260519"),
        ] {
            let other = |unit: &mut EditableUnit| {
                unit.set(field, 1, value);
            };
            assert!(!is_deleted(FIRST, LATER, &other), "{field:?}");
        }
    }
}
