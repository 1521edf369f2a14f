//! F001 `required-field-empty`.

use crate::rules::prelude::*;

/// 必須項目が空: a required field is empty.
pub(crate) static REQUIRED_FIELD_EMPTY: Rule = Rule {
    code: "F001",
    name: "required-field-empty",
    title: Text::new("必須項目が空", "a required field is empty"),
    explanation: Text::new(
        "様式で○の付いた項目は必ず出力します。受け取ったソフトは、利用者やサービスをこの項目で突き合わせます。○の有無が読み取れなかった項目は警告にとどめます。",
        "Items marked ○ are always written; the receiver matches people and services by them. Where the mark could not be read, this is a warning only.",
    ),
    message: Text::new("{field}は必須ですが、空です。", "{field} is required but empty."),
    fix: Text::new(
        "値を出力してください。分からないときは入力画面で必須にしてください。",
        "Write a value; make the item mandatory in the input screen if it may be missing.",
    ),
    source: Source::Row,
    severity: Severity::Error,
    relay: Relay::Refuses(RelayMessage::Format),
    covers: &["F18", "K11", "OQ B1", "OQ B2"],
    check: Check::Field { applies, on_empty: true, holds, report },
    examples: Examples {
        fails: &[
            "created-date-empty",
            "over-30-days-empty",
            "plan-type-empty",
            "count-of-a-rented-item-empty",
            "name-empty",
            "insurer-number-empty",
            "units-empty",
        ],
        passes: &["K2", "count-of-table-7-empty", "outsourcing-empty"],
    },
};

fn applies(field: &Field) -> bool {
    // Items 16 and 33 of table 7 depend on the row: `table7-row-item-empty` judges them.
    let by_row = field.kind == FileKind::Upsikyu
        && matches!(field.constant, "COUNT_OR_DAYS" | "OVER_30_DAYS");
    let outsourcing = field.constant == "OUTSOURCED";
    field.required != Required::No && !by_row && !outsourcing
}

fn holds(_: &Field, _: &[u8]) -> bool {
    false
}

fn report(cx: &mut FieldCx<'_>) {
    if cx.field.required == Required::Unclear {
        cx.draft.hint(Text::new(
            "（この項目の○は、手元の仕様書では読み取れませんでした。出力しておくのが安全です。）",
            "(Whether the item carries a ○ could not be read; writing it is safe.)",
        ));
    }
}
