//! The files of a case: generated, the same for the same plan.

use careplan_fixtures::region::{Person, person};
use careplan_fixtures::request::find_unit;
use careplan_fixtures::{Request, Richness, generate, variant};
use careplan_spec::calendar::Month;

use super::catalogue::{CaseUnit, Item, Leaves, UnitChoice};
use super::pattern::{Pattern, Side};
use super::setup::Setup;

/// A file of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFile {
    /// Place of its send unit in [`Item::units`], 0-based.
    pub unit: usize,
    /// File name of the standard.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Seed of the people of an item. Items of another number, side, kind of care or route have other
/// people; the same number of D1, D2 and D3 is about the same ones.
fn seed(setup: &Setup, item: &Item) -> u64 {
    let prevention = u64::from(item.pattern >= Pattern::D4);
    let entrusted = u64::from(item.entrusted);
    let reads = u64::from(item.side == Side::Reads);
    // An item about the files of another has that one's people.
    let of = item.of.as_deref().and_then(|of| of.rsplit('-').next()?.parse().ok());
    let no: u8 = of.unwrap_or(item.no);
    setup.seed * 1000 + prevention * 500 + entrusted * 250 + reads * 100 + u64::from(no)
}

/// What is asked of the generator for a unit of a case; `None` where the plan has no office for
/// the item.
pub fn request(setup: &Setup, item: &Item, wanted: &CaseUnit) -> Option<Request> {
    let (own, partner) = setup.parties(item)?;
    let (from, to) = match item.side {
        Side::Writes => (own, partner),
        Side::Reads => (partner, own),
    };
    let unit = match wanted.choice {
        UnitChoice::Own => item.pattern.unit(),
        UnitChoice::Deletion => item.pattern.deletion(),
        UnitChoice::Named(id) => id,
    };
    let mut month: Month = setup.month;
    for _ in 0..wanted.months_later {
        month = month.next();
    }
    let request = Request {
        unit: find_unit(unit)?,
        month,
        from,
        to,
        people: wanted.people,
        seed: seed(setup, item),
        richness: if wanted.rich { Richness::Rich } else { Richness::Plain },
        first: wanted.first,
        revision: wanted.revision,
        texts: wanted.texts,
        ..Request::new("K2", month).ok()?
    };
    variant::requests(&request).nth(wanted.writing).map(|(_, request)| request)
}

/// The files of an item's case; empty where the plan has no office for it.
pub fn files(setup: &Setup, item: &Item) -> Vec<CaseFile> {
    let mut files = Vec::new();
    for (at, unit) in item.units.iter().enumerate() {
        let made = request(setup, item, unit).and_then(|request| generate(&request).ok());
        files.extend(made.unwrap_or_default().into_iter().map(|file| CaseFile {
            unit: at,
            name: file.name,
            bytes: file.bytes,
        }));
    }
    files
}

/// What is compared with what was exported again: what replaced the rest where something was
/// replaced, else everything, deletions included.
pub fn compared(item: &Item, files: &[CaseFile]) -> Vec<(String, Vec<u8>)> {
    let last = item.units.len().saturating_sub(1);
    files
        .iter()
        .filter(|file| item.leaves != Leaves::LastUnit || file.unit == last)
        .map(|file| (file.name.clone(), file.bytes.clone()))
        .collect()
}

/// The person at a place among the people of the case, also one whom no file holds.
pub fn person_at(setup: &Setup, item: &Item, place: u64) -> Person {
    let rich = item.units.first().is_some_and(|unit| unit.rich);
    person(seed(setup, item), place, item.pattern.population(), rich)
}
