//! R026 `table7-row-item-empty`.

use crate::rules::prelude::*;

/// 第7表の回数／日数・30日超区分が空: 回数／日数 or ３０日超区分 of table 7 is empty.
pub(crate) static TABLE7_ROW_ITEM_EMPTY: Rule = Rule {
    code: "R026",
    name: "table7-row-item-empty",
    title: Text::new(
        "第7表の回数／日数・30日超区分が空",
        "回数／日数 or ３０日超区分 of table 7 is empty",
    ),
    explanation: Text::new(
        "どちらも○の付いた項目です。小計と全合計の行では入れる値がないため、空でも警告にとどめます。",
        "Both carry ○. Subtotal and total rows have nothing to say there, so emptiness is a warning only.",
    ),
    message: Text::new("{field}が空です。", "{field} is empty."),
    fix: Text::new(
        "明細の行には必ず出力し、小計・合計の行では0を出力してください。",
        "Always write it in detail rows, and 0 in subtotal and total rows.",
    ),
    source: Source::Fixed("L UPSIKYU 16, 33", Basis::Stated),
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F18", "R22"],
    check: Check::Record(&[FileKind::Upsikyu], check),
    examples: Examples {
        fails: &[
            "count-of-table-7-empty",
            "count-of-the-total-row-empty",
            "mark-of-a-detail-row-empty",
            "mark-of-the-total-row-empty",
        ],
        passes: &["K2"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let code = cx.get(upsikyu::SERVICE_CODE);
    let detail = service_code::classify(code) == service_code::CodeClass::Service;
    for field in [upsikyu::COUNT_OR_DAYS, upsikyu::OVER_30_DAYS] {
        if cx.get(field).is_empty() {
            let draft = cx.report(&TABLE7_ROW_ITEM_EMPTY, field).expected_by_row();
            if !detail {
                draft.at_most(Severity::Warning);
            }
        }
    }
}
