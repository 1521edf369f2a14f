//! Two exports of one product: what the later one says otherwise.
//!
//! What changes with every export is set aside: the day of creation, the sequence and what carries
//! it, the order of the records, other writings of the same. The rest is ordered by person, then by
//! kind of file and by what tells records apart.
//!
//! ```
//! use careplan_compare::exports;
//! use careplan_fixtures::mutant::{Base, EditableUnit};
//! use careplan_spec::layout::v4_1::upplan;
//!
//! let mut unit = EditableUnit::of(&Base::of("K2"))?;
//! let before = unit.clone().files();
//! unit.set(upplan::CREATED_DATE, 1, "20260501");
//! assert!(exports::compare(&before, &unit.clone().files()).is_same());
//! unit.set(upplan::UNITS, 1, "1");
//! assert!(!exports::compare(&before, &unit.files()).is_same());
//! # Ok::<(), careplan_fixtures::RequestError>(())
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;

use careplan_judge::message::{self, Wording};
use careplan_spec::file_name::base_name_in_archive;
use careplan_spec::layout::Field;
use careplan_spec::{FileKind, Lang, Text};
use serde_json::{Value, json};

use crate::round_trip::{
    Change, Comparison, Difference, FileRecord, Grade, Held, Question, Side, Verdict, ask,
};

/// How many differences that say the same are written out before the rest is counted.
const SHOWN: usize = 3;

/// How two exports differ.
#[derive(Debug, Clone)]
pub struct Exports {
    comparison: Comparison,
    /// The differences that are not set aside, by person.
    people: Vec<Vec<usize>>,
}

/// Compares two exports of one product: names and bytes on both sides.
pub fn compare<N: AsRef<str>, B: AsRef<[u8]>>(before: &[(N, B)], after: &[(N, B)]) -> Exports {
    let comparison = ask(Question::TwoExports, before, after);
    let mut people: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (at, difference) in comparison.differences.iter().enumerate() {
        if difference.grade != Grade::Free {
            people.entry(person_of(difference)).or_default().push(at);
        }
    }
    let mut people: Vec<Vec<usize>> = people.into_values().collect();
    for differences in &mut people {
        differences.sort_by_cached_key(|&at| order(&comparison.differences[at]));
    }
    Exports { comparison, people }
}

/// Insurer and insured number; nothing for what is about no person.
fn person_of(difference: &Difference) -> Vec<String> {
    let keys = difference.key.iter().filter(|(field, _)| is_of_person(field));
    keys.map(|(_, value)| value.text()).collect()
}

/// Whether a field tells people apart; both stand at 2 and 3 in every layout.
const fn is_of_person(field: &Field) -> bool {
    matches!(field.no, 2 | 3)
}

/// Where a difference stands among those of its person.
type Order = (FileKind, Vec<String>, Option<FileRecord>, Option<FileRecord>, u8);

fn order(difference: &Difference) -> Order {
    let key = difference.key.iter().map(|(_, value)| value.text()).collect();
    let field = difference.field.map_or(0, |field| field.no);
    (difference.kind, key, difference.given, difference.returned, field)
}

/// What is the same in differences of many records.
type Same = (FileKind, Change, u8, Option<String>, Option<String>);

impl Exports {
    /// Whether both say the same, and all of both could be read.
    pub fn is_same(&self) -> bool {
        self.verdict() == Verdict::Kept
    }

    /// How the comparison ended: [`Verdict::Kept`] where both say the same, [`Verdict::Lost`] where
    /// they do not.
    pub fn verdict(&self) -> Verdict {
        self.comparison.verdict()
    }

    /// How many differences are not set aside.
    pub fn count(&self) -> usize {
        self.people.iter().map(Vec::len).sum()
    }

    fn count_of(&self, changes: &[Change]) -> usize {
        let said = self.people.iter().flatten();
        said.filter(|&&at| changes.contains(&self.comparison.differences[at].change)).count()
    }

    /// Readable text. Unless `all`, only the first of the differences that say the same are written
    /// out, and what is set aside is counted.
    pub fn text(&self, wording: Wording, all: bool) -> String {
        let ja = wording.lang == Lang::Ja;
        let mut out = String::new();
        let mut shown: BTreeMap<Same, usize> = BTreeMap::new();
        let mut folded = 0;
        for (number, differences) in (1..).zip(&self.people) {
            let mut heading = Some(number);
            for &at in differences {
                let difference = &self.comparison.differences[at];
                if let (Some(field), false) = (difference.field, all) {
                    let text = |held: &Option<Held>| held.as_ref().map(Held::text);
                    let (before, after) =
                        (text(&difference.given_value), text(&difference.returned_value));
                    let same = (difference.kind, difference.change, field.no, before, after);
                    let known = shown.entry(same).or_default();
                    *known += 1;
                    if *known > SHOWN {
                        folded += 1;
                        continue;
                    }
                }
                if let Some(number) = heading.take() {
                    write_person(number, difference, wording, &mut out);
                }
                self.write_difference(difference, wording, &mut out);
            }
        }
        if folded > 0 {
            let _ = if ja {
                writeln!(out, "同じ違いがほかに{folded}件あります（すべて見るには --all）。")
            } else {
                writeln!(out, "{folded} more of the same (--all shows every one).")
            };
        }
        if all {
            self.write_set_aside(wording, &mut out);
        }
        if !out.is_empty() {
            out.push('\n');
        }
        self.comparison.write_left_out(wording.lang, &mut out);
        self.write_end(wording.lang, &mut out);
        out
    }

    fn write_difference(&self, difference: &Difference, wording: Wording, out: &mut String) {
        let lang = wording.lang;
        let ja = lang == Lang::Ja;
        let title = difference.kind.title().get(lang);
        let key = key_words(difference, wording);
        let gap = if key.is_empty() { "" } else { " " };
        let places = self.places(difference, lang);
        let _ = writeln!(out, "  {title} {key}{gap}{places}");
        let (before, after) = difference.values(wording);
        let _ = match (difference.field, before.zip(after)) {
            (Some(field), Some((before, after))) => {
                let label = message::field_label(field, lang);
                writeln!(out, "    {label}{}{before} → {after}", if ja { "：" } else { ": " })
            }
            _ => writeln!(out, "    {}", what(difference.change).get(lang)),
        };
        if let Some(why) = difference.unreadable {
            let _ = writeln!(out, "    {}", why.get(lang));
        }
        if let Some(cause) = difference.cause {
            let _ = writeln!(out, "    {}", cause.sentence(lang));
        }
    }

    /// `（A 3件目、B 5件目）`.
    fn places(&self, difference: &Difference, lang: Lang) -> String {
        let one = |name: &str, side, at: FileRecord| {
            let base = base_name_in_archive(self.comparison.path(side, at.file));
            match (at.record, lang) {
                (0, _) => format!("{name} {base}"),
                (record, Lang::Ja) => format!("{name} {base} {record}件目"),
                (record, Lang::En) => format!("{name} {base} record {record}"),
            }
        };
        let before = difference.given.map(|at| one("A", Side::Given, at));
        let after = difference.returned.map(|at| one("B", Side::Returned, at));
        let parts: Vec<String> = before.into_iter().chain(after).collect();
        match lang {
            Lang::Ja => format!("（{}）", parts.join("、")),
            Lang::En => format!("({})", parts.join(", ")),
        }
    }

    /// What differs and says the same, by reason.
    fn set_aside(&self) -> BTreeMap<&'static str, (Text, usize)> {
        let mut reasons = BTreeMap::new();
        for difference in &self.comparison.differences {
            if let (Grade::Free, Some(reason)) = (difference.grade, difference.reason) {
                let entry = reasons.entry(reason.why.en).or_insert((reason.why, 0));
                entry.1 += 1;
            }
        }
        reasons
    }

    fn write_set_aside(&self, wording: Wording, out: &mut String) {
        for (why, count) in self.set_aside().into_values() {
            let _ = match wording.lang {
                Lang::Ja => writeln!(out, "数えない違い {count}件：{}", why.get(Lang::Ja)),
                Lang::En => writeln!(out, "set aside, {count}: {}", why.get(Lang::En)),
            };
        }
    }

    fn write_end(&self, lang: Lang, out: &mut String) {
        let changed = self.count_of(&CHANGED);
        let (before, after) = (self.count_of(&ONLY_BEFORE), self.count_of(&ONLY_AFTER));
        let unreadable = self.count_of(&[Change::Unreadable]);
        let aside = self.comparison.count(Grade::Free);
        let ja = lang == Lang::Ja;
        let end = match (self.verdict(), ja) {
            (Verdict::NothingToCompare | Verdict::InternalError, _) => {
                self.verdict().label().get(lang).to_owned()
            }
            (Verdict::Kept, true) => "2つの出力の内容は同じです。".to_owned(),
            (Verdict::Kept, false) => "Both exports say the same.".to_owned(),
            (_, true) => format!(
                "違い {}件（値 {changed}・Aだけ {before}・Bだけ {after}・読めない記録 {unreadable}）。",
                self.count()
            ),
            (_, false) => format!(
                "{} differences (values {changed}, only in A {before}, only in B {after}, unreadable {unreadable}).",
                self.count()
            ),
        };
        let _ = writeln!(out, "{end}");
        if aside > 0 {
            let _ = if ja {
                writeln!(
                    out,
                    "作成日・連番など、出力のたびに変わってよい違い {aside}件は数えていません。"
                )
            } else {
                writeln!(
                    out,
                    "{aside} that change with every export (day of creation, sequence …) are not counted."
                )
            };
        }
    }

    /// JSON, values masked unless `wording` shows them.
    pub fn json(&self, wording: Wording) -> Value {
        let place = |side, at: Option<FileRecord>| match at {
            Some(at) => json!({
                "file": self.comparison.path(side, at.file),
                "record": (at.record > 0).then_some(at.record),
            }),
            None => Value::Null,
        };
        let one = |person: usize, difference: &Difference| {
            let whole = |held: &Held| held.words(wording);
            json!({
                "person": person,
                "change": id(difference.change),
                "kind": difference.kind.prefix(),
                "a": place(Side::Given, difference.given),
                "b": place(Side::Returned, difference.returned),
                "field": difference.field.map(|field| field.no),
                "field_name": difference.field.map(|field| field.name),
                "field_id": difference.field.map(Field::id),
                "key": difference.key_words(wording),
                "a_value": difference.given_value.as_ref().map(whole),
                "b_value": difference.returned_value.as_ref().map(whole),
                "cause": difference.cause.map(crate::round_trip::Cause::id),
            })
        };
        let differences: Vec<Value> = (1..)
            .zip(&self.people)
            .flat_map(|(person, list)| list.iter().map(move |at| (person, *at)))
            .map(|(person, at)| one(person, &self.comparison.differences[at]))
            .collect();
        json!({
            "version": 1,
            "same": self.is_same(),
            "verdict": match self.verdict() {
                Verdict::Kept => "same",
                Verdict::Review | Verdict::Lost => "different",
                other => other.id(),
            },
            "counts": {
                "changed": self.count_of(&CHANGED),
                "only_a": self.count_of(&ONLY_BEFORE),
                "only_b": self.count_of(&ONLY_AFTER),
                "unreadable": self.count_of(&[Change::Unreadable]),
                "set_aside": self.comparison.count(Grade::Free),
            },
            "not_compared": self.comparison.paths(&self.comparison.not_compared),
            "failed": self.comparison.paths(&self.comparison.failed),
            "differences": differences,
        })
    }
}

const CHANGED: [Change; 4] =
    [Change::ValueChanged, Change::ValueLost, Change::ValueAdded, Change::ImageChanged];
const ONLY_BEFORE: [Change; 3] = [Change::RecordLost, Change::FileLost, Change::ImageLost];
const ONLY_AFTER: [Change; 1] = [Change::RecordAdded];

/// The stable identifier of a change between two exports.
fn id(change: Change) -> &'static str {
    match change {
        _ if CHANGED.contains(&change) => "changed",
        _ if ONLY_BEFORE.contains(&change) => "only-a",
        _ if ONLY_AFTER.contains(&change) => "only-b",
        _ => "unreadable",
    }
}

/// What there is to say of a difference that is about no field.
const fn what(change: Change) -> Text {
    match change {
        Change::RecordLost | Change::FileLost | Change::ImageLost => {
            Text::new("Aにだけあります。", "Only in A.")
        }
        Change::RecordAdded => Text::new("Bにだけあります。", "Only in B."),
        Change::ImageChanged => Text::new("画像の内容が違います。", "The image has other bytes."),
        Change::ValueLost
        | Change::ValueAdded
        | Change::ValueChanged
        | Change::DeletionIgnored
        | Change::Unreadable => Text::new(
            "読めないため比べていません。",
            "It could not be read, so it was not compared.",
        ),
    }
}

/// `利用者1 保険者番号 999999・被保険者番号 〔半角数字10文字〕`.
fn write_person(number: usize, difference: &Difference, wording: Wording, out: &mut String) {
    let of_person: Vec<String> = difference
        .key
        .iter()
        .filter(|(field, _)| is_of_person(field))
        .map(|(field, value)| format!("{} {}", field.name, value.words(wording)))
        .collect();
    let _ = match (of_person.is_empty(), wording.lang) {
        (true, Lang::Ja) => writeln!(out, "利用者によらないもの"),
        (true, Lang::En) => writeln!(out, "About no person"),
        (false, Lang::Ja) => writeln!(out, "利用者{number} {}", of_person.join("・")),
        (false, Lang::En) => writeln!(out, "Person {number} {}", of_person.join(", ")),
    };
}

/// What tells the record apart among those of its person.
fn key_words(difference: &Difference, wording: Wording) -> String {
    let parts: Vec<String> = difference
        .key
        .iter()
        .filter(|(field, _)| !is_of_person(field))
        .map(|(field, value)| format!("{} {}", field.name, value.words(wording)))
        .collect();
    parts.join(match wording.lang {
        Lang::Ja => "・",
        Lang::En => ", ",
    })
}
