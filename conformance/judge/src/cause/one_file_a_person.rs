//! C027 `one-file-a-person`.

use std::collections::{BTreeMap, HashSet};

use careplan_spec::calendar;

use crate::rules::prelude::*;
use crate::rules::unit;

/// 利用者ごとに1ファイルになっている: one file for each person.
pub(crate) static ONE_FILE_A_PERSON: Rule = Rule {
    code: "C027",
    name: "one-file-a-person",
    title: Text::new("利用者ごとに1ファイルになっている", "one file for each person"),
    explanation: Text::new(
        "予定と実績は、送る相手・サービス種類・年月ごとに1つのファイルで、その全員分を入れます。利用者ごとに分けると、連番が同じならまとめて送れず、続いた連番なら後のファイルが前のファイルを置き換えるおそれがあります。",
        "Planned and actual use make one file for a receiver, kind of service and month, with everybody in it. Files for each person cannot be sent together under one sequence, and under following sequences a later one may replace an earlier one.",
    ),
    message: Text::new(
        "{0}が利用者ごとに{1}ファイルに分かれています（{2}）。",
        "{0} is divided into {1} files, one for each person or so ({2}).",
    ),
    fix: Text::new(
        "送信元・送信先・サービス種類・年月が同じものは、全員分を1つのファイルに出力してください。",
        "Export everybody of one sender, receiver, kind of service and month into one file.",
    ),
    source: Source::Fixed("L ファイル作成単位", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Batch { check, is_about_resending: true },
    examples: Examples {
        fails: &["one-file-a-person", "one-file-a-person-in-following-seconds"],
        passes: &["S1", "plan-sent-twice", "satellites-in-files-of-their-own"],
    },
};

/// What it explains of a unit.
pub(crate) const OF_UNITS: &[&Rule] =
    &[&unit::same_kind_twice::SAME_KIND_TWICE, &unit::same_file_twice::SAME_FILE_TWICE];

/// How many seconds lie between files that one export writes one after the other.
const SECONDS: i64 = 60;

fn check(cx: &mut BatchCx<'_>) {
    type Same = (FileKind, Option<[u8; 6]>, file_name::Party, file_name::Party);
    let mut families: BTreeMap<Same, Vec<(usize, UnitFile<'_>, i64)>> = BTreeMap::new();
    let units = cx.units;
    for (at, unit) in units.iter().enumerate() {
        for file in &unit.files {
            let Some(name) = &file.header.name else { continue };
            let Some(second) = second_of(&name.sequence) else { continue };
            if name.service_month().is_some() {
                let same = (name.kind, name.month, name.sender, name.receiver);
                families.entry(same).or_default().push((at, *file, second));
            }
        }
    }
    for ((kind, ..), mut files) in families {
        files.sort_by_key(|(.., second)| *second);
        for family in files.chunk_by(|one, next| next.2 - one.2 <= SECONDS) {
            let (first, last) = (family[0].2, family[family.len() - 1].2);
            if family.len() < 2 || !are_of_different_people(family.iter().map(|(_, file, _)| *file))
            {
                continue;
            }
            let when = if first == last {
                Text::new("連番は同じ", "of one sequence")
            } else {
                Text::new("連番は続いている", "of sequences that follow each other")
            };
            let mut units: Vec<usize> = family.iter().map(|(unit, ..)| *unit).collect();
            units.sort_unstable();
            units.dedup();
            for unit in units {
                cx.report(&ONE_FILE_A_PERSON, &cx.units[unit])
                    .arg(kind.prefix())
                    .arg(family.len() as i64)
                    .arg(when);
            }
        }
    }
}

/// Whether each file has one person and no two have the same.
fn are_of_different_people<'f>(files: impl Iterator<Item = UnitFile<'f>>) -> bool {
    let mut seen = HashSet::new();
    files.into_iter().all(|file| {
        let people: HashSet<u64> = file.facts.keys.iter().map(|key| key.person).collect();
        people.len() == 1 && people.into_iter().all(|person| seen.insert(person))
    })
}

/// A sequence as seconds; `None` where it is no date and time.
fn second_of(sequence: &[u8; 14]) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| {
        std::str::from_utf8(&sequence[range]).ok()?.parse::<i64>().ok()
    };
    let date = calendar::parse_date(&sequence[..8])?;
    let days = i64::from(date.day_count());
    Some(((days * 24 + number(8..10)?) * 60 + number(10..12)?) * 60 + number(12..14)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_go_on_over_midnight_and_the_end_of_a_month() {
        let between = |one: &[u8; 14], next: &[u8; 14]| Some(second_of(next)? - second_of(one)?);
        assert_eq!(between(b"20260531235950", b"20260601000010"), Some(20));
        assert_eq!(between(b"20260520131722", b"20260520131822"), Some(60));
        assert_eq!(between(b"20260520131722", b"20261320131722"), None, "no month 13");
    }
}
