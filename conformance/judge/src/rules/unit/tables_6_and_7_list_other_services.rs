//! X060 `tables-6-and-7-list-other-services`.

use crate::facts::{Amount, BenefitRow, UseRow};
use crate::rules::prelude::*;
use crate::rules::unit::tables_6_and_7::{Month, text};

/// 第6表と第7表のサービスが違う: tables 6 and 7 list different services.
pub(crate) static TABLES_6_AND_7_LIST_OTHER_SERVICES: Rule = Rule {
    code: "X060",
    name: "tables-6-and-7-list-other-services",
    title: Text::new("第6表と第7表のサービスが違う", "tables 6 and 7 list different services"),
    explanation: Text::new(
        "第6表（利用票）に載せたサービスは、第7表（別表）にも、同じ事業所とコードで載ります。単位数が0の行、限度額の対象にならない種類、時刻のない1回だけの行（率の加算など）が第7表にないこと、1回だけの行が第6表にないことは指摘しません。利用者と年月ごとに1件です。",
        "What table 6 lists stands in table 7 too, under the same office and code. Rows of 0 units, kinds outside the limit, single rows without a time (rates) may be missing in table 7, and rows that count once in table 6. One finding a person and month.",
    ),
    message: Text::new("{0}。", "{0}."),
    fix: Text::new(
        "事業所番号とサービスコードを確認し、両方の表を同じ計画から出力してください。",
        "Check office and code, and export both tables from one plan.",
    ),
    source: Source::Fixed("S 2.3", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["K03", "R27"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &[
            "service-missing-in-table-7",
            "service-missing-in-table-6",
            "office-of-a-service-differs",
        ],
        passes: &["K2", "K2/rich", "rate-missing-in-table-6", "rate-missing-in-table-7"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    for month in cx.months {
        let planned = missing_in_table_7(month);
        let counted = missing_in_table_6(month);
        let list = |names: &[String]| match names {
            [first, second, rest @ ..] if rest.len() > 1 => Text::made(
                format!("{first}、{second}、ほか{}件", rest.len()),
                format!("{first}, {second} and {} more", rest.len()),
            ),
            all => Text::made(all.join("、"), all.join(", ")),
        };
        let names = |rows: Vec<(&[u8; 6], &[u8; 10])>| -> Vec<String> {
            rows.iter().map(|(code, office)| format!("{}/{}", text(*office), text(*code))).collect()
        };
        let six = list(&names(planned.iter().map(|row| (&row.code, &row.office)).collect()));
        let seven = list(&names(counted.iter().map(|row| (&row.code, &row.office)).collect()));
        let (file, at, field, said) = match (planned.first(), counted.first()) {
            (None, None) => continue,
            (Some(row), None) => (
                month.plan,
                row.at,
                upplan::SERVICE_CODE,
                Text::made(
                    format!("第6表の{}が、第7表にありません", six.ja),
                    format!("table 7 lacks {} of table 6", six.en),
                ),
            ),
            (None, Some(row)) => (
                month.benefits,
                row.at,
                upsikyu::SERVICE_CODE,
                Text::made(
                    format!("第7表の{}が、第6表にありません", seven.ja),
                    format!("table 6 lacks {} of table 7", seven.en),
                ),
            ),
            (Some(row), Some(_)) => (
                month.plan,
                row.at,
                upplan::SERVICE_CODE,
                Text::made(
                    format!("第6表だけに{}、第7表だけに{}があります", six.ja, seven.ja),
                    format!("{} in table 6 alone, {} in table 7 alone", six.en, seven.en),
                ),
            ),
        };
        cx.report_at(&TABLES_6_AND_7_LIST_OTHER_SERVICES, file, at, Some(field)).arg(said);
    }
}

/// Whether both tables list the same services.
pub(crate) fn agree(month: &Month<'_>) -> bool {
    missing_in_table_7(month).is_empty() && missing_in_table_6(month).is_empty()
}

fn missing_in_table_7<'m>(month: &'m Month<'_>) -> Vec<&'m UseRow> {
    let mut missing: Vec<&UseRow> = Vec::new();
    for row in month.uses {
        let kind = row.service_kind();
        let same = |other: &UseRow| other.office == row.office && other.code == row.code;
        let is_managed = service_kind::find(&kind).is_some_and(|kind| kind.limit_managed);
        if !is_managed || row.units.get() == Some(0) || missing.iter().any(|other| same(other)) {
            continue;
        }
        let of_kind =
            |other: &BenefitRow| other.office == row.office && other.service_kind() == kind;
        if month.details().any(|other| of_kind(other) && other.code == row.code) {
            continue;
        }
        // A subtotal without its rows stands for all of them; a rate may be left to it.
        let only_subtotal = month.rows.iter().any(of_kind) && !month.details().any(of_kind);
        let once = month.uses.iter().filter(|other| same(other)).count() == 1;
        let is_rate = once
            && row.start == UseRow::UNTIMED
            && !service_kind::is_equipment(&kind)
            && month.details().any(of_kind);
        if !only_subtotal && !is_rate {
            missing.push(row);
        }
    }
    missing
}

fn missing_in_table_6<'m>(month: &'m Month<'_>) -> Vec<&'m BenefitRow> {
    let mut missing: Vec<&BenefitRow> = Vec::new();
    for row in month.details() {
        let same = |other: &BenefitRow| other.office == row.office && other.code == row.code;
        let of_kind = |other: &UseRow| {
            other.office == row.office && other.service_kind() == row.service_kind()
        };
        let is_empty = row.amount(Amount::Units).unwrap_or(0) == 0
            && row.amount(Amount::ServiceUnits).unwrap_or(0) == 0;
        if is_empty
            || missing.iter().any(|other| same(other))
            || month.uses.iter().any(|other| of_kind(other) && other.code == row.code)
        {
            continue;
        }
        let count: i64 = month
            .details()
            .filter(|other| same(other))
            .filter_map(|row| row.amount(Amount::Count))
            .sum();
        if count > 1 || !month.uses.iter().any(of_kind) {
            missing.push(row);
        }
    }
    missing
}
