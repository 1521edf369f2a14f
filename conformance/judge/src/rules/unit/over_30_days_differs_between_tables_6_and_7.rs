//! X063 `over-30-days-differs-between-tables-6-and-7`.

use crate::facts::{Amount, BenefitRow, UseRow, is_short_stay};
use crate::rules::file::table7::more_of_person;
use crate::rules::prelude::*;
use crate::rules::unit::tables_6_and_7::text;

/// ３０日超の印が、第6表と第7表で違う: marks for more than 30 days differ between tables 6 and 7.
pub(crate) static OVER_30_DAYS_DIFFERS_BETWEEN_TABLES_6_AND_7: Rule = Rule {
    code: "X063",
    name: "over-30-days-differs-between-tables-6-and-7",
    title: Text::new(
        "３０日超の印が、第6表と第7表で違う",
        "marks for more than 30 days differ between tables 6 and 7",
    ),
    explanation: Text::new(
        "短期入所が30日を超えた日は、第6表でも第7表でも３０日超区分が1です。事業所と種類ごとに、印のある回数を比べます。利用者と年月ごとに1件です。",
        "A day of a short stay after the thirtieth is marked 1 in table 6 and in table 7. The marked uses of an office and kind are compared. One finding a person and month.",
    ),
    message: Text::new(
        "３０日超区分が1のものが、第6表では{0}回、第7表では{1}回です（種類{2}）。",
        "Marked as over 30 days: {0} in table 6, {1} in table 7 (kind {2}).",
    ),
    fix: Text::new(
        "30日を超えた日の行を、両方の表で1にしてください。",
        "Mark the same days in both tables.",
    ),
    source: Source::Fixed("L UPSIKYU 33", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R27", "R14"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["mark-of-table-7-missing", "mark-of-table-6-missing"],
        passes: &["K2", "K2/rich"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    for month in cx.months {
        let mut wrong: Vec<(&BenefitRow, i64, i64)> = Vec::new();
        // Marks of other kinds are said of the row.
        for row in month.details().filter(|row| is_short_stay(row.service_kind())) {
            let of_kind = |other: &&BenefitRow| {
                other.office == row.office && other.service_kind() == row.service_kind()
            };
            let used = |other: &&UseRow| {
                other.office == row.office && other.service_kind() == row.service_kind()
            };
            if wrong.iter().any(|(other, ..)| of_kind(other))
                || !month.uses.iter().any(|row| used(&row))
            {
                continue;
            }
            let marked = month.uses.iter().filter(used).filter(|row| row.over_30_days);
            let planned: i64 = marked.map(|row| i64::from(row.count.max(1))).sum();
            let counted: i64 = month
                .details()
                .filter(of_kind)
                .filter(|row| row.over_30_days)
                .map(|row| row.amount(Amount::Count).unwrap_or(1))
                .sum();
            if planned != counted {
                wrong.push((row, planned, counted));
            }
        }
        let Some((row, planned, counted)) = wrong.first() else { continue };
        let draft = cx
            .report_at(
                &OVER_30_DAYS_DIFFERS_BETWEEN_TABLES_6_AND_7,
                month.benefits,
                row.at,
                Some(upsikyu::OVER_30_DAYS),
            )
            .arg(*planned)
            .arg(*counted)
            .arg(text(&row.service_kind()));
        if wrong.len() > 1 {
            draft.hint(more_of_person(wrong.len() - 1));
        }
    }
}
