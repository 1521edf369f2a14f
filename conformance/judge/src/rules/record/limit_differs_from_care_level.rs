//! R023 `limit-differs-from-care-level`.

use crate::rules::prelude::*;

/// 区分支給限度基準額が要介護度と合わない: the monthly limit does not fit the care level.
pub(crate) static LIMIT_DIFFERS_FROM_CARE_LEVEL: Rule = Rule {
    code: "R023",
    name: "limit-differs-from-care-level",
    title: Text::new(
        "区分支給限度基準額が要介護度と合わない",
        "the monthly limit does not fit the care level",
    ),
    explanation: Text::new(
        "要介護度ごとの限度額と違います。月途中の区分変更では重い方の額になり、事業対象者は市町村が引き上げることがあります。",
        "The limit differs from that of the level. After a change in the month the heavier level counts, and municipalities may raise that of 事業対象者.",
    ),
    message: Text::new(
        "{field}「{found}」は、この要介護状態区分の限度額{0}と違います。",
        "{field}: {found} is not the limit {0} of the care level.",
    ),
    fix: Text::new(
        "区分変更のない月なら、限度額を確認してください。",
        "Check the limit unless the level changed in the month.",
    ),
    source: Source::Fixed("—", Basis::Inferred),
    severity: Severity::Info,
    relay: Relay::Delivers,
    covers: &["RW 25"],
    check: Check::Record(&[FileKind::Uphosoku], check),
    examples: Examples {
        fails: &["limit-of-another-care-level"],
        passes: &["K1", "raised-limit-of-the-lowest-level", "limit-before-a-changed-level"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let Some(level) = cx.sound(uphosoku::CARE_LEVEL).and_then(care_level::find) else { return };
    let (Some(limit), Some(found)) = (level.limit_units, cx.number(uphosoku::CATEGORY_LIMIT_UNITS))
    else {
        return;
    };
    let changed = !cx.get(uphosoku::CARE_LEVEL_CHANGED_DATE).is_empty();
    if found != i64::from(limit) && level.code != "06" && !changed {
        cx.report(&LIMIT_DIFFERS_FROM_CARE_LEVEL, uphosoku::CATEGORY_LIMIT_UNITS)
            .arg(i64::from(limit))
            .expected(limit.to_string());
    }
}
