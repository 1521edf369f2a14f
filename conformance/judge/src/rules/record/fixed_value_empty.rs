//! R027 `fixed-value-empty`.

use crate::rules::prelude::*;

/// 固定値9999999999の項目が空: the item with the fixed value 9999999999 is empty.
pub(crate) static FIXED_VALUE_EMPTY: Rule = Rule {
    code: "R027",
    name: "fixed-value-empty",
    title: Text::new(
        "固定値9999999999の項目が空",
        "the item with the fixed value 9999999999 is empty",
    ),
    explanation: Text::new(
        "第7表の「事業所コード」（項目34）は固定値と注記されていますが、必須の○はありません。空を受け付けない相手があるかもしれません。",
        "Item 34 of table 7 has a fixed value but no ○; some partners may not accept it empty.",
    ),
    message: Text::new(
        "{field}が空です（固定値は9999999999）。",
        "{field} is empty; its fixed value is 9999999999.",
    ),
    fix: Text::new("9999999999を出力してください。", "Write 9999999999."),
    source: Source::Fixed("L UPSIKYU 34", Basis::Inferred),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R25", "OQ B4"],
    check: Check::Record(&[FileKind::Upsikyu], check),
    examples: Examples { fails: &["fixed-value-empty"], passes: &["K2"] },
};

fn check(cx: &mut RecordCx<'_>) {
    if cx.get(upsikyu::OFFICE_CODE_FIXED).is_empty() {
        cx.report(&FIXED_VALUE_EMPTY, upsikyu::OFFICE_CODE_FIXED).expected("9999999999");
    }
}
