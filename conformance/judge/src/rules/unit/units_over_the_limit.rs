//! X065 `units-over-the-limit`.

use crate::facts::Amount;
use crate::rules::file::table7;
use crate::rules::prelude::*;
use crate::rules::unit::tables_6_and_7::supplement_of;

/// 限度額内の単位数が、区分支給限度基準額を超えている: units within the limit exceed it.
pub(crate) static UNITS_OVER_THE_LIMIT: Rule = Rule {
    code: "X065",
    name: "units-over-the-limit",
    title: Text::new(
        "限度額内の単位数が、区分支給限度基準額を超えている",
        "units within the limit exceed it",
    ),
    explanation: Text::new(
        "区分支給限度基準内単位数の合計は、利用者補足情報の区分支給限度基準額（空なら要介護度の額）を超えません。超える分は「超単位数」に入り、全額が利用者の負担になります。月途中の区分変更や申請中で、限度額が書かれていないときは指摘しません。",
        "Units within the monthly limit do not exceed the limit in the supplement (or that of the care level where it is empty): what exceeds it goes into the units over the limit and is paid in full. Not reported where the level is changing and no limit is written.",
    ),
    message: Text::new(
        "{field}の合計が{found}ですが、限度額は{expected}です。",
        "{field} adds up to {found}, but the limit is {expected}.",
    ),
    fix: Text::new(
        "限度額を超える分を分けてください。限度額が正しいかも確認してください。",
        "Split off what exceeds the limit, and check the limit itself.",
    ),
    source: Source::Fixed("L UPSIKYU 22", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R27", "RW 25"],
    check: Check::Unit(check),
    examples: Examples {
        fails: &["units-within-the-limit-above-it", "units-above-the-limit-of-the-care-level"],
        passes: &[
            "K2",
            "K2/rich",
            "units-up-to-the-limit",
            "units-above-the-limit-of-a-changing-level",
        ],
    },
};

fn check(cx: &mut UnitCx<'_>) {
    let Some(file) = cx.unit.file(FileKind::Uphosoku) else { return };
    for month in cx.months {
        let Some((supplement, level)) = supplement_of(file, month.plan, month.key) else {
            continue;
        };
        let of_level = || {
            let level = care_level::find(&level)?;
            // Municipalities may raise that of 事業対象者.
            level.limit_units.filter(|_| level.code != "06" && !supplement.is_changing)
        };
        let written = supplement.limit.get().filter(|limit| *limit > 0).map(i64::from);
        let Some(limit) = written.or_else(|| of_level().map(i64::from)) else { continue };
        let total = month.rows.iter().find(|row| row.is_total());
        let said = total.and_then(|row| Some((row, row.amount(Amount::WithinLimit)?)));
        let added = || {
            let sums = table7::totals_of(month.rows, Amount::WithinLimit)?;
            Some((total.or(month.rows.first())?, sums.into_iter().min()?))
        };
        let Some((row, found)) = said.or_else(added) else { continue };
        if found > limit {
            cx.report_at(
                &UNITS_OVER_THE_LIMIT,
                month.benefits,
                row.at,
                Some(upsikyu::CATEGORY_LIMIT_WITHIN_UNITS),
            )
            .found(found.to_string())
            .expected(limit.to_string());
        }
    }
}
