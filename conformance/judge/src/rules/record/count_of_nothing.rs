//! R044 `count-of-nothing`.

use crate::rules::prelude::*;

/// 単位数があるのに回数が0: units, but a count of 0.
pub(crate) static COUNT_OF_NOTHING: Rule = Rule {
    code: "R044",
    name: "count-of-nothing",
    title: Text::new("単位数があるのに回数が0", "units, but a count of 0"),
    explanation: Text::new(
        "サービスの行に単位数があるのに、回数（日数）が0です。行わなかったサービスは行ごと出力しません。率の加算など単位数が0の行と、小計・合計の行は指摘しません。",
        "A row has units but a count of 0. What did not take place has no row. Rows without units (additions by rate) and rows of sums are not reported.",
    ),
    message: Text::new(
        "{field}が0ですが、1回{0}単位の行です。",
        "{field} is 0 in a row of {0} units each.",
    ),
    fix: Text::new(
        "回数を出力するか、行わなかったサービスの行を除いてください。",
        "Write the count, or leave the row out.",
    ),
    source: Source::Fixed("L UPPLAN 14", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &[],
    check: Check::Record(&[FileKind::Upplan, FileKind::Upjsk, FileKind::Upsikyu], check),
    examples: Examples {
        fails: &["count-of-zero", "count-of-zero-in-table-7"],
        passes: &["K2", "count-and-units-of-zero"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let (count, units, code) = match cx.file.kind {
        FileKind::Upplan => (upplan::SERVICE_COUNT, upplan::UNITS, upplan::SERVICE_CODE),
        FileKind::Upjsk => (upjsk::SERVICE_COUNT, upjsk::UNITS, upjsk::SERVICE_CODE),
        _ => (upsikyu::COUNT_OR_DAYS, upsikyu::UNITS, upsikyu::SERVICE_CODE),
    };
    let is_zero = matches!(cx.get(count), [b'0', rest @ ..] if rest.iter().all(|it| *it == b'0'));
    if !is_zero || service_code::classify(cx.get(code)) != service_code::CodeClass::Service {
        return;
    }
    if let Some(units) = cx.number(units)
        && units != 0
    {
        cx.report(&COUNT_OF_NOTHING, count).arg(units);
    }
}
