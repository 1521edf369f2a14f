//! What an export must hold beside being right: requirements as data.

use careplan_spec::{FileKind, Text};

/// A condition on the value of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// Exactly this.
    Equal(&'static str),
    /// Not empty.
    Filled,
    /// Begins with this.
    StartingWith(&'static str),
    /// Holds this somewhere.
    Holding(&'static str),
    /// A negative number.
    Negative,
    /// At least this many characters.
    AtLeastLong(usize),
    /// Both characters, 0 and 1: some days and not others.
    SomeDays,
}

impl Is {
    /// Whether a value is so.
    pub fn met_by(self, value: &str) -> bool {
        match self {
            Self::Equal(wanted) => value == wanted,
            Self::Filled => !value.is_empty(),
            Self::StartingWith(wanted) => value.starts_with(wanted),
            Self::Holding(wanted) => value.contains(wanted),
            Self::Negative => value.parse::<i64>().is_ok_and(|number| number < 0),
            Self::AtLeastLong(length) => value.chars().count() >= length,
            Self::SomeDays => value.contains('0') && value.contains('1'),
        }
    }
}

/// How a requirement is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// A record of one of these kinds in which every named field is so.
    Record(&'static [FileKind], &'static [(&'static str, Is)]),
    /// A free text anywhere that is so.
    AnyText(Is),
    /// Two records of one person, code and day that only 明細判別コード tells apart.
    Twins,
    /// No record of a service kind that the exchange leaves out.
    OnlyCoveredKinds,
    /// At least so many people in one file.
    People(usize),
    /// The papers of one person twice: a later sequence, and something else in it.
    Revision,
    /// A deletion of papers that another file of the export holds.
    DeletionOfSent,
    /// Send units of two service months.
    TwoMonths,
    /// A family chart: an image that a record names.
    Image,
    /// Nothing about the person of the case with this 0-based place (the one who must not be
    /// sent).
    NothingAbout(u64),
}

/// Something that the case asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// What must be there.
    pub what: Text,
    /// What to do where it is not.
    pub fix: Text,
    /// The clause it is derived from.
    pub clause: &'static str,
    /// How it is looked for.
    pub test: Test,
}

/// Every field identifier that a test names, with the kinds it must exist in.
#[cfg(test)]
pub(super) fn named_fields(test: Test) -> Vec<(FileKind, &'static str)> {
    match test {
        Test::Record(kinds, conditions) => kinds
            .iter()
            .flat_map(|kind| conditions.iter().map(|(constant, _)| (*kind, *constant)))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::Is;

    #[test]
    fn conditions_hold_up_to_their_bounds() {
        for (is, met, unmet) in [
            (Is::Negative, "-1", ["0", ""]),
            (Is::AtLeastLong(3), "あいう", ["あい", ""]),
            (Is::SomeDays, "10", ["11", "00"]),
            (Is::Filled, "0", ["", ""]),
            (Is::StartingWith("H"), "H0", ["0H", ""]),
            (Is::Equal("1"), "1", ["11", ""]),
        ] {
            assert!(is.met_by(met), "{is:?} {met}");
            for value in unmet {
                assert!(!is.met_by(value), "{is:?} {value:?}");
            }
        }
    }
}
