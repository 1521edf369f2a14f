//! R008 `detail-number-outside-equipment`.

use crate::rules::prelude::*;
use crate::rules::record::use_slip::UseSlip;

/// 福祉用具以外の行に明細判別コードがある: 明細判別コード outside rented equipment.
pub(crate) static DETAIL_NUMBER_OUTSIDE_EQUIPMENT: Rule = Rule {
    code: "R008",
    name: "detail-number-outside-equipment",
    title: Text::new(
        "福祉用具以外の行に明細判別コードがある",
        "明細判別コード outside rented equipment",
    ),
    explanation: Text::new(
        "明細判別コードは、福祉用具貸与（17）で同じコード・同じ単位数の用具が複数あるときだけ使います。予防の67については書かれていません。",
        "明細判別コード is for several items of kind 17 with equal code and units; kind 67 is not mentioned.",
    ),
    message: Text::new(
        "{field}が入っていますが、福祉用具貸与（17）の行ではありません。",
        "{field} is filled, but the row is not of kind 17.",
    ),
    fix: Text::new("空で出力してください。", "Leave it empty."),
    source: Source::Fixed("L UPPLAN 19", Basis::Stated),
    severity: Severity::Warning,
    relay: Relay::Delivers,
    covers: &["R10", "OQ C12"],
    check: Check::Record(crate::rules::record::use_slip::KINDS, check),
    examples: Examples {
        fails: &["detail-number-of-a-visit", "detail-number-of-a-prevention-rental"],
        passes: &["detail-number-of-a-rental"],
    },
};

fn check(cx: &mut RecordCx<'_>) {
    let fields = UseSlip::of(cx);
    if cx.get(fields.detail).is_empty() {
        return;
    }
    let Some(code) = cx.sound(fields.code) else { return };
    match &code[..2] {
        b"17" => {}
        b"67" => {
            cx.report(&DETAIL_NUMBER_OUTSIDE_EQUIPMENT, fields.detail)
                .at_most(Severity::Info)
                .hint(Text::new(
                    "種類67で使えるかは仕様に書かれていません。",
                    "Whether kind 67 may use it is not said.",
                ));
        }
        _ => {
            cx.report(&DETAIL_NUMBER_OUTSIDE_EQUIPMENT, fields.detail);
        }
    }
}
