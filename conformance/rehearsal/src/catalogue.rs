//! Every test item, as data.
//!
//! The item lists of the official vendor test are not public. These items are **assumed**: each is
//! derived from the clause it names, and none claims to be an official one.
//!
//! An item number is `PATTERN-SIDE-NO`, entrusted cases (委託あり) `PATTERN-SIDE-E-NO`:
//! `D2-W-03`, `D5-R-E-02`. The side is `W` (writes) or `R` (reads). The last number stands for the
//! same thing in every pattern (03 is always the legal writings, 08 always the deletion), and is
//! never given to anything else.

mod entrusted;
mod reading;
mod requirements;
mod writing;

use std::sync::LazyLock;

use askama::Template;
use careplan_fixtures::Texts;
use careplan_spec::{Basis, Text};

use super::page::filled;
use super::pattern::{Pattern, Role, Route, Side};
use super::requirement::{Requirement, Test};

/// Which send unit of its pattern a unit of a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitChoice {
    /// That of the pattern.
    Own,
    /// The deletion of what the pattern sends.
    Deletion,
    /// Another one, by its id.
    Named(&'static str),
}

/// One send unit of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseUnit {
    /// Which of them.
    pub choice: UnitChoice,
    /// Whether the content is demanding.
    pub rich: bool,
    /// Place of the first person among the people of the case, 0-based.
    pub first: u64,
    /// How many people.
    pub people: u64,
    /// What is done to free texts.
    pub texts: Texts,
    /// Which of the legal writings: place among `careplan_fixtures::variant`, 0 the usual one.
    pub writing: usize,
    /// 0 the first version, later ones replace it or take it back.
    pub revision: u8,
    /// How many months after the month of the rehearsal.
    pub months_later: u8,
}

/// A plain unit about one person.
pub(super) const ONE: CaseUnit = CaseUnit {
    choice: UnitChoice::Own,
    rich: false,
    first: 0,
    people: 1,
    texts: Texts::Usual,
    writing: 0,
    revision: 0,
    months_later: 0,
};

/// A rich unit about the person at a place; what is demanding follows from the place.
pub(super) const fn rich(first: u64) -> CaseUnit {
    CaseUnit { rich: true, first, ..ONE }
}

/// What is left in the product once a case was imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaves {
    /// Everything.
    Everything,
    /// Only the last unit: it replaced the others.
    LastUnit,
    /// Nothing: it was taken back.
    Nothing,
}

/// How an item is judged. An item that names several is passed when all of them are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judge {
    /// The checker finds no error in the export (vendor profile).
    Checker,
    /// Send units, addresses and requirements of the case are there.
    Content,
    /// The export says in meaning what the case prescribes, value by value.
    Exercise,
    /// What was imported and exported again says the same; or a person compared the screens.
    RoundTrip,
    /// A relay carried the files.
    Relay,
    /// A person compares screen or print with the reference forms.
    Person,
}

impl Judge {
    /// How it is judged, in words.
    pub const fn describe(self) -> Text {
        match self {
            Self::Checker => Text::new(
                "自動：検査（vendor）でエラーがないこと",
                "automatic: the checker finds no error (vendor profile)",
            ),
            Self::Content => Text::new(
                "自動：送信単位・宛先・課題の内容がそろっていること",
                "automatic: send units, addresses and what the case asks for",
            ),
            Self::Exercise => Text::new(
                "自動：課題票と全項目が同じ意味であること",
                "automatic: every value means what the exercise sheet says",
            ),
            Self::RoundTrip => Text::new(
                "自動：取り込んで書き戻したファイルが同じ意味であること（書き戻せない製品は人が判断）",
                "automatic: imported and exported again, it means the same (a person decides where the product cannot)",
            ),
            Self::Relay => Text::new(
                "自動：送受信の記録に同じファイルがあること",
                "automatic: the relay's evidence has the same files",
            ),
            Self::Person => Text::new(
                "人：画面・印刷と様式を見比べて判断",
                "a person compares screen or print with the forms",
            ),
        }
    }
}

/// A test item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Number, see [the module](self).
    pub id: String,
    /// Pattern.
    pub pattern: Pattern,
    /// Side.
    pub side: Side,
    /// Whether it is about an entrusted case (委託あり).
    pub entrusted: bool,
    /// The last number.
    pub no: u8,
    /// Short name.
    pub title: Text,
    /// What it is for.
    pub purpose: Text,
    /// What must come out.
    pub expected: Text,
    /// The clause it is derived from.
    pub clause: &'static str,
    /// Always [`Basis::Assumed`]: the official lists are not public.
    pub basis: Basis,
    /// Sender and receiver.
    pub route: Route,
    /// Kinds of which the service office must have one; empty for any.
    pub service_kinds: &'static [&'static str],
    /// The send units of the case.
    pub units: &'static [CaseUnit],
    /// What importing leaves.
    pub leaves: Leaves,
    /// The item whose files this one is about, instead of files of its own.
    pub of: Option<String>,
    /// How it is judged.
    pub judged: &'static [Judge],
    /// What the export must hold.
    pub requirements: Vec<Requirement>,
    /// One more thing to do, beside entering what the sheet shows.
    pub instruction: Option<Text>,
}

impl Item {
    /// The item whose files are judged.
    pub fn files_of(&self) -> &str {
        self.of.as_deref().unwrap_or(&self.id)
    }

    /// Whether it is judged in this way.
    pub fn is_judged_by(&self, judge: Judge) -> bool {
        self.judged.contains(&judge)
    }

    /// The part the product plays, and that of the other side.
    pub const fn roles(&self) -> (Role, Role) {
        self.route.seen_from(self.side)
    }

    /// Whether a person who must not be sent belongs to the case.
    pub fn left_out(&self) -> Option<u64> {
        self.requirements.iter().find_map(|requirement| match requirement.test {
            Test::NothingAbout(place) => Some(place),
            _ => None,
        })
    }
}

/// What items of different patterns with the same last number have in common.
struct Family {
    no: u8,
    side: Side,
    patterns: &'static [Pattern],
    entrusted: Option<Route>,
    service_kinds: &'static [(Pattern, &'static [&'static str])],
    title: Text,
    purpose: Text,
    expected: Text,
    clause: &'static str,
    units: &'static [CaseUnit],
    leaves: Leaves,
    of: Option<u8>,
    judged: &'static [Judge],
    requirements: &'static [(&'static [Pattern], Requirement)],
    instruction: Option<Text>,
}

impl Family {
    const fn new(no: u8, side: Side, patterns: &'static [Pattern], title: Text) -> Self {
        Self {
            no,
            side,
            patterns,
            entrusted: None,
            service_kinds: &[],
            title,
            purpose: Text::new("", ""),
            expected: Text::new("", ""),
            clause: "",
            units: &[ONE],
            leaves: Leaves::Everything,
            of: None,
            judged: match side {
                Side::Writes => &[Judge::Checker, Judge::Content],
                Side::Reads => &[Judge::RoundTrip],
            },
            requirements: &[],
            instruction: None,
        }
    }

    fn item(&self, pattern: Pattern) -> Item {
        let id = |no: u8| number(pattern, self.side, self.entrusted.is_some(), no);
        let of_pattern = |patterns: &[Pattern]| patterns.is_empty() || patterns.contains(&pattern);
        Item {
            id: id(self.no),
            pattern,
            side: self.side,
            entrusted: self.entrusted.is_some(),
            no: self.no,
            title: self.title,
            purpose: self.purpose,
            expected: self.expected,
            clause: self.clause,
            basis: Basis::Assumed,
            route: self.entrusted.unwrap_or(pattern.route()),
            service_kinds: self
                .service_kinds
                .iter()
                .find(|(of, _)| *of == pattern)
                .map_or(&[], |(_, kinds)| *kinds),
            units: self.units,
            leaves: self.leaves,
            of: self.of.map(id),
            judged: self.judged,
            requirements: self
                .requirements
                .iter()
                .filter(|(patterns, _)| of_pattern(patterns))
                .map(|(_, requirement)| *requirement)
                .collect(),
            instruction: self.instruction,
        }
    }
}

/// The number of an item.
fn number(pattern: Pattern, side: Side, entrusted: bool, no: u8) -> String {
    let mark = if entrusted { "-E" } else { "" };
    format!("{}-{}{mark}-{no:02}", pattern.id(), side.letter())
}

/// Every item: pattern by pattern, writing before reading, entrusted cases last.
pub fn all() -> &'static [Item] {
    static ITEMS: LazyLock<Vec<Item>> = LazyLock::new(|| {
        let families =
            || writing::FAMILIES.iter().chain(reading::FAMILIES).chain(entrusted::FAMILIES);
        let mut items: Vec<Item> = families()
            .flat_map(|family| family.patterns.iter().map(|pattern| family.item(*pattern)))
            .collect();
        // The case of another item is that item's.
        let units: Vec<_> = items.iter().map(|item| (item.id.clone(), item.units)).collect();
        for item in &mut items {
            if let Some((_, of)) = units.iter().find(|(id, _)| Some(id) == item.of.as_ref()) {
                item.units = of;
            }
        }
        items.sort_by_key(|item| (item.pattern, item.side, item.entrusted, item.no));
        items
    });
    &ITEMS
}

/// The item with this number, in any case.
pub fn find(id: &str) -> Option<&'static Item> {
    all().iter().find(|item| item.id.eq_ignore_ascii_case(id))
}

/// The catalogue as a page of the generated documentation.
#[derive(Template)]
#[template(path = "catalogue.md")]
struct CataloguePage;

impl CataloguePage {
    /// Every pattern with its items.
    fn patterns() -> [(Pattern, Vec<&'static Item>); 7] {
        Pattern::ALL
            .map(|pattern| (pattern, all().iter().filter(|item| item.pattern == pattern).collect()))
    }
}

/// The catalogue as a page of the generated documentation, Markdown.
pub fn page() -> String {
    filled(&CataloguePage)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use careplan_spec::StandardVersion;

    use super::*;
    use crate::requirement;

    #[test]
    fn numbers_are_unique_and_say_what_the_item_is() {
        let mut seen = BTreeSet::new();
        for item in all() {
            assert!(seen.insert(&item.id), "{} twice", item.id);
            let expected = number(item.pattern, item.side, item.entrusted, item.no);
            assert_eq!(item.id, expected);
            assert_eq!(find(&item.id.to_lowercase()), Some(item));
        }
    }

    #[test]
    fn every_item_says_why_and_is_judged_somehow() {
        for item in all() {
            for text in [item.title, item.purpose, item.expected] {
                assert!(!text.ja.is_empty() && !text.en.is_empty(), "{}", item.id);
            }
            assert!(!item.clause.is_empty() && !item.judged.is_empty(), "{}", item.id);
            assert!(!item.units.is_empty(), "{}", item.id);
            if let Some(of) = &item.of {
                assert!(find(of).is_some_and(|of| of.of.is_none()), "{}: {of}", item.id);
            }
        }
    }

    #[test]
    fn every_pattern_has_both_sides_and_prevention_also_entrusted() {
        for pattern in Pattern::ALL {
            for side in Side::ALL {
                let own = || all().iter().filter(move |i| i.pattern == pattern && i.side == side);
                assert!(own().filter(|item| !item.entrusted).count() >= 8, "{pattern:?} {side:?}");
                let prevention =
                    matches!(pattern, Pattern::D4 | Pattern::D5 | Pattern::D6 | Pattern::D7);
                assert_eq!(own().any(|item| item.entrusted), prevention, "{pattern:?} {side:?}");
            }
        }
    }

    #[test]
    fn requirements_name_fields_that_exist() {
        for item in all() {
            for needed in &item.requirements {
                for (kind, constant) in requirement::named_fields(needed.test) {
                    let layout = kind.layout(StandardVersion::V4_1).expect("a CSV kind");
                    let is_there = layout.fields.iter().any(|field| field.constant == constant);
                    assert!(is_there, "{}: {constant}", item.id);
                }
            }
        }
    }
}
