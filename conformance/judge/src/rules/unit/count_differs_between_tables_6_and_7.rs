//! X061 `count-differs-between-tables-6-and-7`.

use crate::facts::{Amount, BenefitRow, UseRow};
use crate::rules::file::table7::more_of_person;
use crate::rules::prelude::*;
use crate::rules::unit::tables_6_and_7::{Month, text};
use crate::rules::unit::tables_6_and_7_list_other_services;

/// 第7表の回数が、第6表の合計と違う: the count of table 7 is not that of table 6.
pub(crate) static COUNT_DIFFERS_BETWEEN_TABLES_6_AND_7: Rule = Rule {
    code: "X061",
    name: "count-differs-between-tables-6-and-7",
    title: Text::new(
        "第7表の回数が、第6表の合計と違う",
        "the count of table 7 is not that of table 6",
    ),
    explanation: Text::new(
        "第7表の回数／日数は、第6表の同じ事業所・同じコードの行のサービス回数の合計です。月額や日割の算定、第7表で1回のもの（月1回の加算など）、利用日の数と同じものは指摘しません。単位数×回数がサービス単位にならない行は、別の指摘（L061）で伝えます。利用者と年月ごとに1件です。",
        "Count or days of table 7 is the sum of the counts of table 6 for one office and code. Monthly and per-diem charges, what counts once in table 7, and what equals the number of days are left alone; rows where units times count do not make the units of service are L061's. One finding a person and month.",
    ),
    message: Text::new(
        "{0}の{field}が{found}ですが、第6表の合計は{expected}です。",
        "{field} of {0} is {found}, but table 6 adds up to {expected}.",
    ),
    fix: Text::new(
        "第6表の変更を第7表に反映してください。",
        "Bring the change of table 6 into table 7.",
    ),
    source: Source::Fixed("S 2.3", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["K03", "R27"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["count-of-table-7-one-more", "count-of-table-7-one-less"],
        passes: &["K2", "K2/rich", "count-once-in-table-7", "units-of-service-wrong"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    for month in cx.months {
        // Where the tables list different services, that is what is said (X060).
        if !tables_6_and_7_list_other_services::agree(month) {
            continue;
        }
        let wrong = differing(month);
        let Some((row, found, expected)) = wrong.first() else { continue };
        let draft = cx
            .report_at(
                &COUNT_DIFFERS_BETWEEN_TABLES_6_AND_7,
                month.benefits,
                row.at,
                Some(upsikyu::COUNT_OR_DAYS),
            )
            .found(found.to_string())
            .expected(expected.to_string())
            .arg(text(&row.code));
        if wrong.len() > 1 {
            draft.hint(more_of_person(wrong.len() - 1));
        }
    }
}

/// Kinds that are charged by the month or by days whatever the visits.
const fn is_monthly(kind: &[u8]) -> bool {
    matches!(kind, b"66" | b"71" | b"73" | b"75" | b"76" | b"77" | b"A1" | b"A2" | b"A5" | b"A6")
}

fn differing<'m>(month: &'m Month<'_>) -> Vec<(&'m BenefitRow, i64, i64)> {
    let mut wrong: Vec<(&BenefitRow, i64, i64)> = Vec::new();
    for row in month.details() {
        let same = |other: &&BenefitRow| other.office == row.office && other.code == row.code;
        let used = |other: &&UseRow| other.office == row.office && other.code == row.code;
        if is_monthly(&row.service_kind()) || wrong.iter().any(|(other, ..)| same(other)) {
            continue;
        }
        let uses: Vec<&UseRow> = month.uses.iter().filter(used).collect();
        // Rows of nothing may be counted or not.
        let counted = |row: &&BenefitRow| {
            row.amount(Amount::Units) != Some(0) || row.amount(Amount::ServiceUnits) != Some(0)
        };
        let sum = |rows: &mut dyn Iterator<Item = &BenefitRow>| {
            rows.map(|row| row.amount(Amount::Count)).sum::<Option<i64>>()
        };
        let (Some(count), Some(filled)) = (
            sum(&mut month.details().filter(same)),
            sum(&mut month.details().filter(same).filter(counted)),
        ) else {
            continue;
        };
        let planned: i64 = uses.iter().map(|row| i64::from(row.count)).sum();
        let mut days: Vec<u32> = uses.iter().map(|row| row.date).collect();
        days.sort_unstable();
        days.dedup();
        let is_counted = month.details().filter(same).all(|row| {
            let units = row.amount(Amount::DiscountedUnits).or(row.amount(Amount::Units));
            let product = units.zip(row.amount(Amount::Count)).map(|(one, other)| one * other);
            let other = row.amount(Amount::Units).zip(row.amount(Amount::Count));
            let total = row.amount(Amount::ServiceUnits);
            total.is_none() || product == total || other.map(|(one, two)| one * two) == total
        });
        let rental = service_kind::is_equipment(&row.service_kind()) && days.len() > 1;
        let unclear = uses.is_empty()
            || rental
            || uses.iter().any(|row| row.is_per_diem || row.count == 0)
            || !is_counted;
        let fits = |count: i64| count == planned || count == days.len() as i64;
        if !unclear && count > 1 && !fits(count) && !fits(filled) {
            wrong.push((row, count, planned));
        }
    }
    wrong
}
