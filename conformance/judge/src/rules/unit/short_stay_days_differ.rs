//! X064 `short-stay-days-differ`.

use crate::facts::{Amount, UseRow};
use crate::rules::prelude::*;
use crate::rules::unit::tables_6_and_7::supplement_of;

/// 短期入所の前月までの日数が、表によって違う: short-stay days before the month differ between tables.
pub(crate) static SHORT_STAY_DAYS_DIFFER: Rule = Rule {
    code: "X064",
    name: "short-stay-days-differ",
    title: Text::new(
        "短期入所の前月までの日数が、表によって違う",
        "short-stay days before the month differ between tables",
    ),
    explanation: Text::new(
        "前月までの短期入所の利用日数は、第6表（項目9）、第7表（項目30）、利用者補足情報（項目57）で同じです。空の項目は比べません。",
        "Days of short stays before the month are the same in table 6 (item 9), table 7 (item 30) and the supplement (item 57). Empty items are not compared.",
    ),
    message: Text::new(
        "{field}が{found}ですが、第6表では{expected}です。",
        "{field} is {found}, but {expected} in table 6.",
    ),
    fix: Text::new(
        "前月までの日数を確認し、そろえてください。",
        "Check the days before the month and make them agree.",
    ),
    source: Source::Fixed("L UPPLAN 9", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R27"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["days-before-of-table-7-differ", "days-before-of-the-supplement-differ"],
        passes: &["K2", "K2/rich", "days-before-of-table-6-alone"],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let supplements = cx.unit.file(FileKind::Uphosoku);
    for month in cx.months {
        let mut planned = month.uses.iter().map(|row| row.days_before);
        let Some(planned) = planned.find(|days| *days != UseRow::NO_DAYS).map(i64::from) else {
            continue;
        };
        let mut said =
            month.details().filter_map(|row| Some((row, row.amount(Amount::DaysBefore)?)));
        if let Some((row, days)) = said.find(|(_, days)| *days != planned) {
            cx.report_at(
                &SHORT_STAY_DAYS_DIFFER,
                month.benefits,
                row.at,
                Some(upsikyu::DAYS_USED_BEFORE_MONTH),
            )
            .found(days.to_string())
            .expected(planned.to_string());
            continue;
        }
        let Some(file) = supplements else { continue };
        let Some((row, _)) = supplement_of(file, month.plan, month.key) else { continue };
        if let Some(days) = row.days_before.get()
            && i64::from(days) != planned
        {
            cx.report_at(
                &SHORT_STAY_DAYS_DIFFER,
                file,
                row.at,
                Some(uphosoku::SHORT_STAY_DAYS_BEFORE_MONTH),
            )
            .found(days.to_string())
            .expected(planned.to_string());
        }
    }
}
