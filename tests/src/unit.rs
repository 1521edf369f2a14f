//! Files to send.

use careplan_fixtures::region::{Office, Party, offices};
use careplan_spec::calendar::Month;

/// A file: its name and its bytes.
pub type File = (String, Vec<u8>);

/// The first office of the region whose main service kind is this.
///
/// # Panics
/// There is none.
pub fn office_of(kind: &str) -> &'static str {
    let found = offices().iter().find(|office| office.kinds[0] == kind);
    found.expect("the region has one").number.as_str()
}

/// An office from the end of the region. In the scenarios that have accounts, 0 has none, 1 never
/// had a licence, and the licence of 2 has expired.
pub fn office_from_the_end(index: usize) -> &'static str {
    let all = offices();
    all[all.len() - 1 - index].number.as_str()
}

fn find(number: &str) -> &'static Office {
    let found = offices().iter().find(|office| office.number.as_str() == number);
    found.expect("an office of the region")
}

/// The files of a unit from one office to another: `K1`, `K2`, … for December 2026, `V3-…` for
/// October 2024.
///
/// # Panics
/// There is no such unit between them.
pub fn files(unit: &str, from: &str, to: &str) -> Vec<File> {
    let party = |number: &str| {
        let office = find(number);
        office.party(office.kinds[0]).expect("its own kind")
    };
    files_between(unit, party(from), party(to)).expect("the request makes sense")
}

/// The same between any two offices, also those the region does not know; nothing where there is
/// no such unit between them.
pub fn files_between(unit: &str, from: Party, to: Party) -> Option<Vec<File>> {
    let month = match unit.starts_with("V3") {
        true => Month::new(2024, 10).expect("a month"),
        false => Month::new(2026, 12).expect("a month"),
    };
    let request = careplan_fixtures::Request::new(unit, month).ok()?;
    let request = careplan_fixtures::Request { from, to, ..request };
    let files = careplan_fixtures::generate(&request).ok()?;
    Some(files.into_iter().map(|file| (file.name, file.bytes)).collect())
}
