//! L061 `service-units-differ`.

use crate::facts::{Amount, Counting};
use crate::rules::file::table7::{self, Wrong};
use crate::rules::prelude::*;

/// サービス単位が、単位数×回数と違う: units of service are not units times count.
pub(crate) static SERVICE_UNITS_DIFFER: Rule = Rule {
    code: "L061",
    name: "service-units-differ",
    title: Text::new(
        "サービス単位が、単位数×回数と違う",
        "units of service are not units times count",
    ),
    explanation: Text::new(
        "明細の行では、割引後単位数（なければ単位数）に回数／日数を掛けたものがサービス単位です。率の加算（単位数が0、または限度額対象外で1回）、定額の利用者負担の行、金額が入っている行は計算しません。仕様に式は書かれていないため警告で、利用者と年月ごとに1件です。給付管理単位数（18）がサービス単位より大きいことは、大規模型の通所では正しいため、指摘しません。",
        "In a detail row the units of service are units after discount (or units) times count. Rates (0 units, or outside the limit and counted once), rows with a fixed copayment and rows that hold yen are not computed. The formula is not in the standard, so this is a warning, one a person and month. That item 18 exceeds item 17 is right for large day-care offices and never reported.",
    ),
    message: Text::new(
        "{field}が{found}ですが、{0}は{expected}です。",
        "{field} is {found}, but {0} is {expected}.",
    ),
    fix: Text::new(
        "単位数、回数、サービス単位のどれが正しいか確認してください。",
        "Check which of units, count and units of service is right.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R27", "RW 18"],
    check: Check::File(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &["units-of-service-wrong", "visits-outside-the-limit-wrong"],
        passes: &[
            "K2",
            "K2/rich",
            "units-after-discount-counted",
            "units-of-service-in-yen",
            "rate-in-units-of-per-mille",
            "large-day-care",
        ],
    },
};

fn check(cx: &mut FileCx<'_>) {
    let mut wrong = Vec::new();
    for row in cx.facts.benefits_by_key().flatten().filter(|row| row.is_detail()) {
        let (Some(units), Some(count), Some(found)) = (
            row.amount(Amount::Units),
            row.amount(Amount::Count),
            row.amount(Amount::ServiceUnits),
        ) else {
            continue;
        };
        // A rate has no units of its own, or says per mille outside the limit; a row of a fixed
        // copayment counts yen (item 17 is サービス単位／金額).
        let is_rate = units == 0 || (count <= 1 && row.counting() == Counting::Unmanaged);
        let in_yen = row.amount(Amount::FixedCopay).unwrap_or(0) != 0
            || (row.amount(Amount::Cost) == Some(found) && found != 0);
        if is_rate || in_yen {
            continue;
        }
        let discounted = row.amount(Amount::DiscountedUnits);
        let fits = |units: i64| units * count == found;
        if !fits(units) && !discounted.is_some_and(fits) {
            let units = discounted.unwrap_or(units);
            wrong.push(Wrong {
                row: *row,
                amount: Amount::ServiceUnits,
                expected: units * count,
                how: Text::made(format!("{units}×{count}"), format!("{units} × {count}")),
            });
        }
    }
    table7::report(cx, &SERVICE_UNITS_DIFFER, wrong);
}
